"""`andon act` and `andon acts`: every act of the registry from the terminal, and the list of them.

What belongs here: from words to the body of an act, printing. What never does: the name of an act,
or what it must say: both come from the registry, as routes and forms do. Imports stand inside the
functions, so that `andon --help` is quick.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.setting_up import plain_refusals, show_json
from domain.errors import BrokenSetup, Malformed, NotFound

if TYPE_CHECKING:
    from domain.envelope import Answer
    from domain.message import CommandSpec
    from domain.rules import Rules

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
By = Annotated[str, typer.Option("--as", help="Who acts: the id of a person.")]
Key = Annotated[str, typer.Option(help="Makes it count once, however often it is sent.")]


@dataclass(frozen=True)
class Beside:
    """What stands beside the body of an act: who acts, the key, when it happened."""

    by: str
    key: str
    happened_at: str


def act(  # noqa: PLR0913 - one option per thing that stands beside an act
    incident: Annotated[str, typer.Argument(help="The incident's number.")],
    name: Annotated[str, typer.Argument(help="The act; `andon acts` lists them.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FIELD=VALUE]...", help="Its fields; a list is named repeatedly."),
    ] = None,
    *,
    by: By,
    body: Annotated[str, typer.Option(help="JSON file with the fields; - reads it.")] = "",
    key: Key = "",
    happened_at: Annotated[str, typer.Option(help="When it happened, if told later.")] = "",
    as_json: AsJson = False,
) -> None:
    """Do one act of the plan in an incident; it answers once it stands in the ledger."""
    with plain_refusals():
        spec = act_named(name)
        told = {**object_in(body, "body"), **body_of(spec, words or [])}
        answer = asyncio.run(_send(incident, spec, told, Beside(by, key, happened_at)))
        if as_json:
            show_json({"incident": incident, "seq": answer.last, "events": answer.events})
        else:
            typer.echo(f"{incident}, entry {answer.last}: {', '.join(answer.events)}.")


def acts(
    name: Annotated[str, typer.Argument(help="A stage, or one act with its fields.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """List the acts of the plan, or the fields of one and who may start it by the adopted plan."""
    with plain_refusals():
        chosen = [spec for spec in _every() if name in ("", str(spec.stage), spec.name)]
        if not chosen:
            raise _no_such(name)
        if as_json:
            from cli.act_roles import rules_in_force

            rules = rules_in_force()
            show_json([_document(spec, rules) for spec in chosen])
        elif name == chosen[0].name:
            typer.echo(_told(chosen[0]))
        else:
            for spec in chosen:
                typer.echo(f"{spec.stage:<15}{spec.name:<34}{spec.title}")


# ---------------------------------------------------------------- the registry


def _every() -> "list[CommandSpec]":
    from api.routes.acts import given_by_people

    return sorted(given_by_people(), key=lambda spec: (str(spec.stage), spec.name))


def act_named(name: str) -> "CommandSpec":
    """Give an act that people may do in an incident. Raises NotFound."""
    for spec in _every():
        if spec.name == name:
            return spec
    raise _no_such(name)


def _no_such(name: str) -> NotFound:
    return NotFound(f"There is no act or stage called {name!r:.60}.", "See `andon acts`.")


def _document(spec: "CommandSpec", rules: "Rules") -> dict[str, Any]:
    from cli.act_roles import starters
    from domain.wire_schema import schema

    fields = schema(spec.type)
    found = starters(rules, spec, fields["properties"])
    at_grade = {role for one in found for _, roles in one.at_grade for role in roles}
    return {
        "act": spec.name,
        "stage": str(spec.stage),
        "title": spec.title,
        "roles": sorted(at_grade.union(*(one.roles for one in found))),
        "fields": fields,
    }


def _told(spec: "CommandSpec") -> str:
    """Tell an act with its fields; what must be filled in is marked."""
    from domain.wire_schema import schema

    fields = schema(spec.type)
    shown, needed = fields["properties"], fields.get("required", ())
    lines = [f"{spec.name} ({spec.stage}): {spec.title}", *_by(spec, shown)]
    for name, of in shown.items():
        mark = "*" if name in needed else " "
        lines.append(f"  {mark} {name:<26}{_kind(of)}")
    return "\n".join([*lines, "  * must be filled in"] if needed else lines)


def _by(spec: "CommandSpec", shown: dict[str, Any]) -> Iterator[str]:
    """Say who may start an act by the plan, for each answer and grade where it is another."""
    from cli.act_roles import rules_in_force, starters

    for one in starters(rules_in_force(), spec, shown):
        answers = f" ({', '.join(one.answers)})" if one.answers else ""
        yield f"  by{answers}: {', '.join(one.roles)}"
        for grade, roles in one.at_grade:
            yield f"     at grade {grade}: {', '.join(roles)}"


def _kind(of: dict[str, Any]) -> str:
    """Say in a word or two what a field takes, from its JSON Schema."""
    if "anyOf" in of:
        return _kind(of["anyOf"][0])
    if of.get("type") == "array":
        return f"list: {_kind(of.get('items', {}))}"
    if of.get("type") == "object":
        return "parts: " + ", ".join(of.get("properties", {}))
    if "enum" in of:
        return "one of: " + ", ".join(map(str, of["enum"]))
    words = {"integer": "whole number", "boolean": "true or false", "string": "text"}
    formats = {"date-time": "time with its zone", "date": "day"}
    return formats.get(of.get("format", "")) or words.get(of.get("type", ""), "anything")


# ---------------------------------------------------------------- from words to a body


def body_of(spec: "CommandSpec", words: Sequence[str]) -> dict[str, Any]:
    """Read `name=value` as a form is read; the parts of a part are joined by dots.

    `lots=L1 lots=L2` is a list, `answers.people=3` a part, `lots.0.lot=L1` of the first row.
    A time without a zone stays as it was typed, and is refused where the act is read: nobody here
    knows whose clock that is, and legal times run from it. Raises Malformed for a word without `=`,
    and for a field that the act does not have.
    """
    from api.typed import Raw, read_body
    from domain.wire import travelling

    raw, known = Raw(), [f.name for f in travelling(spec.type)]
    for word in words:
        path, equals, value = word.partition("=")
        if not equals:
            raise Malformed(f"{word!r:.60} names no field.", "Write name=value.")
        if path.partition(".")[0] not in known:
            has = f"It has: {', '.join(known)}." if known else "It has no fields."
            raise Malformed(f"{spec.name} has no field {path!r:.60}.", has)
        raw.setdefault(path.replace(".", "-"), []).append(value)
    return read_body(spec.type, raw, None)


def object_in(file: str, what: str) -> dict[str, Any]:
    """Read a JSON object from a file, from standard input for `-`; nothing for no name.

    Raises BrokenSetup when it cannot be read, Malformed when it is no object.
    """
    from api.bodies import parse_object

    if not file:
        return {}
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return parse_object(raw.decode("utf-8"))
    except OSError as error:
        raise BrokenSetup(
            f"The {what} {file} cannot be read: {error.strerror}.", "Name a file that is there."
        ) from error
    except UnicodeDecodeError as error:
        raise BrokenSetup(f"The {what} {file} is not UTF-8.", "Save it as UTF-8.") from error


# ---------------------------------------------------------------- sending


async def _send(
    incident: str, spec: "CommandSpec", body: dict[str, Any], beside: Beside
) -> "Answer":
    from api.bodies import command_id, read_time
    from domain.wire import instant_text
    from services import acting, people
    from services.opening import open_house
    from services.settings import load_settings

    told = beside.happened_at
    happened_at = instant_text(read_time(told, "The time it happened,")) if told else ""
    async with open_house(load_settings(), identity="terminal") as house:
        actor = await asyncio.to_thread(people.actor_named, house, beside.by)
        key = command_id(beside.key or None, actor.id)
        return await acting.act(
            house, actor, incident, acting.Sent(spec.name, body, key, happened_at)
        )
