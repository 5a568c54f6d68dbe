"""Write docs/reference/cli.md from the command line itself: every verb with its options.

Run it with `python -m tools.cli_reference` after a verb changed; a test compares. What belongs
here: the form of the page. What never does: a word about a verb; those stand with the verb.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from cli.main import app

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"

HEAD = """# Command line

Generated from the command line itself by `python -m tools.cli_reference`; do not edit by hand.

`.venv/bin/andon VERB --help` says the same. Exit status: 0 done; 1 refused, or a check that failed;
2 bad usage or bad input. What went wrong is on stderr, with what to do. `--json` prints for
programs.

Who can type here holds the keys of the machine: `--as` names the person whose act it is, and the
entry says that it came from the terminal. What a person may do is decided as everywhere else.
`python worker.py` runs a worker alone.

```sh
.venv/bin/andon status                                   # what is open, by urgency
.venv/bin/andon acts recall                              # the acts of a stage
.venv/bin/andon acts set_scope                           # the fields of one
.venv/bin/andon act INC-2026-0001 accept_report --as gao.yuan reason="Two calls to one clinic."
.venv/bin/andon act INC-2026-0001 confirm_channel --as cheng.bo channel=own-stores \\
    proof="Walked through all nine." units=12 --key stores-1   # the same key counts once
.venv/bin/andon act INC-2026-0001 set_scope --as gao.yuan --body scope.json
```
"""


def page() -> str:
    """Give the whole page as Markdown."""
    root: Any = typer.main.get_command(app)
    return "\n".join([HEAD, *_verbs(root, "andon")]) + "\n"


def _verbs(group: Any, path: str) -> Iterator[str]:
    for name, verb in group.commands.items():
        if getattr(verb, "commands", None):
            yield from _verbs(verb, f"{path} {name}")
        else:
            yield from _verb(verb, f"{path} {name}")


def _verb(verb: Any, path: str) -> Iterator[str]:
    words = [p.metavar or p.name.upper() for p in verb.params if p.param_type_name == "argument"]
    yield f"## {' '.join([path, *words])}\n"
    yield f"{' '.join((verb.help or '').split())}\n"
    options = [one for one in verb.params if one.name != "help"]
    if options:
        yield "| | |\n|---|---|"
        yield from (_row(one) for one in options)
        yield ""


def _row(one: Any) -> str:
    name = one.name.upper() if one.param_type_name == "argument" else ", ".join(one.opts)
    needed = " (needed)" if one.required else ""
    return f"| `{name}`{needed} | {(one.help or '').replace('|', chr(92) + '|')} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
