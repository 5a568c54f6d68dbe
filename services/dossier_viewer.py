"""The offline viewer inside a dossier: its page, its scripts, and what they are given to show.

What belongs here: the members `index.html` and `viewer/…` as bytes. What never does: reading
storage, the container (services/dossier.py), or a word of the console: words and names are passed
in, because they live above this room.

`about` is plain JSON values. What the page reads of it; a key that is missing is shown as unknown
or left out:

    incident, origin, made_at, made_by, build      as MANIFEST.json has them; text
    company     {"en", "zh"}: the company's name, as far as it has one
    title       {"en", "zh"}: what the incident is about
    zone        IANA name of the zone that stands beside UTC; without it the reader's own
    drill       name of the exercise, empty for a real incident
    redacted, private                              bool
    heads       [{"note", "signed_at", "log_seq"}], oldest first (heads.jsonl)
    keys        [vkey, …], oldest first (keys.txt)
    people      {id: {"name", "name_zh", "roles"}} (people.json)
    names       {"product" | "channel" | "consignee" | "level" | "text": {id: {"en", "zh"}}}
    words       words of types, sentences and codes in both languages (api/viewer_words.py)

`viewer/entries.js` is the ledger again, one line per entry, so that a page opened from a folder may
read it: a script is the one thing that such a page can load. A verifier writes it anew from
`ledger.jsonl` and compares the bytes.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from services.record_summary import Told

PAGE: Final = Path(__file__).resolve().parent.parent / "templates" / "dossier" / "viewer"

STYLE: Final = "viewer.css"
SCRIPTS: Final = (
    "start.js",
    "words.js",
    "sha256.js",
    "tree.js",
    "note.js",
    "times.js",
    "telling.js",
    "record.js",
    "search.js",
    "list.js",
    "entry.js",
    "known.js",
    "scrubber.js",
    "checking.js",
    "verify.js",
    "page.js",
)
"""The viewer's own files in the order in which the page loads them; `start.js` comes before what is
generated, all others after it."""

GENERATED: Final = ("entries.js", "states.js", "about.js")


def viewer_members(
    about: Mapping[str, Any], entries: Iterable[bytes], states: Iterable[Told]
) -> Iterator[tuple[str, bytes]]:
    """Give the viewer's members in the order in which a dossier holds them.

    `entries` are canonical bytes in order, `states` what is told of each beside them
    (services/record_summary.py); fewer states than entries leave the rest without a summary.
    """
    yield "index.html", (PAGE / "index.html").read_bytes()
    yield "viewer/entries.js", entries_script(entries)
    yield "viewer/states.js", states_script(states)
    yield "viewer/about.js", b"andon.about=" + _json(about).encode() + b";\n"
    for name in (STYLE, *SCRIPTS):
        yield f"viewer/{name}", (PAGE / name).read_bytes()


def entries_script(entries: Iterable[bytes]) -> bytes:
    """Write entries as the script that the page reads them from: ASCII, a line each."""
    lines = b",\n".join(json.dumps(leaf.decode()).encode() for leaf in entries)
    return b"andon.entries=[\n" + lines + b"\n];\n"


def states_script(states: Iterable[Told]) -> bytes:
    """Write what was known as one list of changes per key, and the sentence of each entry.

    `andon.states` is `{key: [[number of the entry, value from then on], …]}`: what was known after
    an entry is the last change up to it, found without reading those before. `andon.tells` is a
    table of names and, for each entry, its place in the table.
    """
    changes: dict[str, list[str]] = {}
    names: dict[str, int] = {}
    told = []
    for seq, one in enumerate(states, 1):
        told.append(str(names.setdefault(one.tell, len(names))))
        for key, value in one.changes.items():
            changes.setdefault(key, []).append(f"[{seq},{_json(value)}]")
    rows = ",\n".join(f"{_json(key)}:[{','.join(found)}]" for key, found in changes.items())
    table = _json(list(names))
    return (
        f"andon.states={{\n{rows}\n}};\nandon.tells={{names:{table},of:[{','.join(told)}]}};\n"
    ).encode()


def _json(value: Any) -> str:
    """Write plain values as a script may hold them: ASCII, and nothing that a page could read."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c")
