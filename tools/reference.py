"""Write docs/reference/acts.md from the registry: every act and every entry, for people.

Run it with `python -m tools.reference` after a message changed; a test compares.
"""

from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, get_type_hints

import domain.incident  # noqa: F401 - completes the registry
from domain.message import CASE_COMMANDS, COMMANDS, EVENTS, CommandSpec
from domain.people import SYSTEM_ROLES
from domain.stages import Stage
from domain.state.statement import NEXT, Status

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "acts.md"

HEAD = """# Acts and entries

Generated from the registry by `python -m tools.reference`; do not edit by hand.

An **act** is what a person does: `POST /api/incidents/{id}/{stage}[/{item}]/{act}`, a form on the
console, or a step of a case file. Which roles may, and who signs besides, is set by the plan
(`plan/default.toml`, table `acts`) where it names the act. An **entry** is what the ledger keeps;
its private texts are references into the vault.

An after-sales case has a ledger of its own: `POST /api/cases` opens one, an act on it is
`POST /api/cases/{id}[/{item}]/{act}`. It takes the acts of `case` below, and `sign_act` and
`decline_act` of `people`.
"""


ENTRY_HEAD = """
| entry | what it says | who may open its private text |
|---|---|---|"""


def page() -> str:
    """Give the whole page as Markdown."""
    parts = [HEAD]
    # By module, and as written in it: the order of the registry is that of the imports.
    commands = sorted({**COMMANDS, **CASE_COMMANDS}.values(), key=lambda s: s.type.__module__)
    events = sorted(EVENTS.values(), key=lambda s: s.type.__module__)
    for stage in Stage:
        acts = [s for s in commands if s.stage is stage and not s.roles <= SYSTEM_ROLES]
        entries = [s for s in events if s.stage is stage]
        if not acts and not entries:
            continue
        parts.append(f"\n## {stage}\n")
        if acts:
            parts.append("| act | what it does | fields | signed as |\n|---|---|---|---|")
            parts.extend(_act(spec) for spec in acts)
        if entries:
            parts.append(ENTRY_HEAD)
            parts.extend(
                f"| `{spec.name}` | {_doc(spec.type)} | {spec.access} |" for spec in entries
            )
        if stage is Stage.STATEMENT:
            parts.append(_life())
    return "\n".join(parts) + "\n"


def _life() -> str:
    """Draw where a text may go from where it is, from the table of the domain."""
    ways = [
        f"    {status} --> {after}"
        for status, following in NEXT.items()
        for after in sorted(following, key=list(Status).index)
    ]
    ends = [f"    {status} --> [*]" for status, following in NEXT.items() if not following]
    drawn = ["stateDiagram-v2", f"    [*] --> {Status.DRAFT}", *ways, *ends]
    return "\n".join(["\n### The life of a text\n", "```mermaid", *drawn, "```"])


def _act(spec: CommandSpec) -> str:
    hints = get_type_hints(spec.type)
    names = [
        f"`{f.name}`{'' if _has_default(f) else '*'}"
        for f in fields(spec.type)
        if f.name != spec.item and f.name in hints
    ]
    item = f" (item: `{spec.item}`)" if spec.item else ""
    listed = ", ".join(names) or "none"
    return f"| `{spec.name}`{item} | {_doc(spec.type)} | {listed} | {spec.meaning or ''} |"


def _has_default(f: Field[Any]) -> bool:
    return f.default is not MISSING or f.default_factory is not MISSING


def _doc(tp: type) -> str:
    text = (tp.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
