"""What entries name by hash, and what is copied beside them: is it what it is said to be.

What belongs here: commands, published texts, rules, histories, numbers. What never does: the
entries themselves (verifying.py), files (verifying_files.py), or heads (verifying_heads.py).
"""

import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import islice
from typing import Any, Final, get_args, get_type_hints

import domain.streams  # noqa: F401 - completes the registry
from domain.errors import AndonError
from domain.message import CASE_COMMANDS, COMMANDS
from domain.values import BlobId
from services.fault import Fault, as_far_as_read
from services.house import House
from services.verifying_files import files, keys
from storage import company, company_tree, copies
from storage.blobs import BlobDirectory
from storage.publications import SITE
from storage.streams import EntryRow

ADOPTED: Final = "PlanAdopted"
SENT_OUT: Final = "StatementPublishing"
"""The entry that an approved text begins to go out with, to each of its places."""
PUBLISHED: Final = "StatementPublished"
COLLECTED: Final = "EvidenceCollected"
"""The one entry that calls its file `sha256`."""
HISTORY_AT_MOST: Final = 256 * 1024 * 1024
"""Bytes of one history: what unpacks to more is none of ours."""

NUMBERS_TOLD: Final = 20
"""Numbers without a ledger that are named, of one kind and year."""

_ADDRESS: Final = re.compile(r"[0-9a-f]{64}")
_FILE_NAMES: Final = frozenset(
    name
    for spec in (*COMMANDS.values(), *CASE_COMMANDS.values())
    for name, hint in get_type_hints(spec.type).items()
    if BlobId in (hint, *get_args(hint))
)
"""What files are called in commands, and so in the entries that they lead to."""

_NUMBER: Final = re.compile(r"([A-Z]+(?:-[A-Z]+)*)-(\d{4})-(\d+)")


def command_faults(house: House, stream: str, read: Mapping[int, EntryRow]) -> Iterator[Fault]:
    """Hold what commands are said to have led to against the entries that they made."""
    made: dict[str, list[int]] = defaultdict(list)
    for seq, row in read.items():
        made[row.command_id].append(seq)
    known = set()
    for kept in copies.commands_of(house.engine, stream):
        command = kept["command_id"]
        known.add(command)
        numbers = made.get(command, [])
        if not _is_outcome(kept, numbers):
            yield Fault(kind="command", seq=numbers[0] if numbers else 0, what=str(command)[:80])
    for command in sorted(made.keys() - known):
        yield Fault(kind="command", seq=made[command][0], what=command)


def _is_outcome(kept: Mapping[str, Any], numbers: list[int]) -> bool:
    """Say whether what is kept of a command is what its entries are."""
    try:
        answer = json.loads(kept["outcome"])
    except (TypeError, ValueError, RecursionError):
        return False
    first_and_last = (numbers[0], numbers[-1]) if numbers else (None, None)
    return isinstance(answer, dict) and (kept["first_seq"], kept["last_seq"]) == first_and_last


def published_faults(house: House, stream: str, read: Mapping[int, EntryRow]) -> Iterator[Fault]:
    """Hold what stands in public against the entries by which approved texts were sent there."""
    sent: dict[tuple[str, int, str], set[str]] = defaultdict(set)
    stands: dict[tuple[str, int, str], int] = {}
    for seq, row in read.items():
        told = row.stage == "statement" or row.type in {SENT_OUT, PUBLISHED}
        body = json.loads(row.content)["body"] if told else {}
        if row.type == SENT_OUT:
            for place in body["places"]:
                sent[body["statement"], body["version"], place].add(body["sha256"])
        if row.type == PUBLISHED and body["place"] == SITE and not body["by_hand"]:
            stands[body["statement"], body["version"], SITE] = seq
    there = set()
    for kept in copies.publications_of(house.engine, stream):
        name = (kept["statement"], kept["version"], kept["place"])
        there.add(name)
        content = kept["content"] if isinstance(kept["content"], bytes) else b""
        # A draft has a hash in the ledger, too: what counts is that somebody sent it to this place.
        was_sent = kept["sha256"] in sent[name] and kept["drill"] == drill_in(stream)
        if sha256(content).hexdigest() != kept["sha256"] or not was_sent:
            yield Fault(kind="published", what=f"{name[0]} {name[1]}")
    for text in sorted(stands.keys() - there):
        yield Fault(kind="published", seq=stands[text], what=f"{text[0]} {text[1]}")


def file_faults(house: House, read: Mapping[int, EntryRow]) -> Iterator[Fault]:
    """Name the entries with a file that is nowhere."""
    kept = copies.blob_names(house.engine)
    for seq, row in read.items():
        body = json.loads(row.content)["body"]
        if row.type == COLLECTED:
            body["blob"] = body.get("sha256")
        for address in sorted(set(_files_in(body)) - kept):
            yield Fault(kind="file", seq=seq, what=address)


def _files_in(plain: Any, name: str = "") -> Iterator[str]:
    """Find the addresses of files in plain JSON, by the names under which commands take them."""
    if isinstance(plain, dict):
        for key, part in plain.items():
            yield from _files_in(part, key)
    elif isinstance(plain, list):
        for part in plain:
            yield from _files_in(part, name)
    elif isinstance(plain, str) and name in _FILE_NAMES and _ADDRESS.fullmatch(plain):
        yield plain


def drill_in(stream: str) -> str:
    """Say from a number which kind of drill it is of: the number alone tells them apart."""
    first = stream.partition("-")[0].lower()
    return first if first in ("exercise", "simulation") else ""


def named_faults(house: House) -> Iterator[Fault]:
    """Hold rules, files and histories against the hashes they are kept under."""
    for part in (_rules, files, keys, _histories):
        yield from as_far_as_read(part(house))


def _rules(house: House) -> Iterator[Fault]:
    kept = set()
    for row in copies.every_rule(house.engine):
        kept.add(row["hash"])
        if sha256(row["document"]).hexdigest() != row["hash"]:
            yield Fault(kind="rules", what=str(row["hash"])[:64])
    adopted = [line.body.get("rules") for line in company.lines_of(house.engine, [ADOPTED])]
    now = company.fact(house.engine, company.ADOPTED_RULES)
    if (adopted and adopted[-1] != now) or (now is not None and now not in kept):
        yield Fault(kind="rules_adopted", what=(now or "")[:64])


def _histories(house: House) -> Iterator[Fault]:
    directory = BlobDirectory(house.settings.blobs_dir)
    for row in copies.every_history(house.engine):
        try:
            text = zlib.decompressobj().decompress(directory.get(row["blob"]), HISTORY_AT_MOST)
        except (AndonError, zlib.error):
            text = b""
        if sha256(text).hexdigest() != row["sha256"]:
            yield Fault(kind="history", what=str(row["workflow_id"])[:80])


def numbers_missing(house: House, lines: int) -> Iterator[Fault]:
    """Name numbers that were given and have no ledger: a whole incident was taken out.

    `lines` of the company's log are there.
    """
    there: dict[tuple[str, int], set[int]] = defaultdict(set)
    for name in copies.streams(house.engine):
        found = _NUMBER.fullmatch(name)
        if found is None:
            yield Fault(kind="number", what=name[:40])
            continue
        there[found[1], int(found[2])].add(int(found[3]))
    given = {(row["kind"], row["year"]): row["last"] for row in copies.last_numbers(house.engine)}
    if given.pop((company_tree.COUNTED, 0), 0) != lines:
        yield Fault(kind="log_gap")
    for kind, year in sorted(there.keys() | given.keys()):
        last = given.get((kind, year), 0)
        known = there[kind, year]
        # One by one: a number that somebody wrote there may be larger than any memory.
        lacking = islice((n for n in range(1, last + 1) if n not in known), NUMBERS_TOLD)
        beyond = (number for number in known if number > last)
        for number in sorted({*lacking, *beyond})[:NUMBERS_TOLD]:
            yield Fault(kind="number", what=f"{kind}-{year}-{number}")
