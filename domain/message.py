"""The one registry of commands and events, and how they travel.

What belongs here: the closed list of message types, their wire form `{type, v, body}`, their
JSON Schema. What never does: a rule of the plan, or a framework's model class. Routes, OpenAPI,
plain forms, the command line and the table of tests are all derived from this registry.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final, TypeVar, get_args, get_type_hints

from domain.errors import FieldError, Malformed
from domain.people import Access, Role
from domain.stages import Stage
from domain.values import PrivateText
from domain.wire import Leaf, decode, encode, transform
from domain.wire_schema import schema

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """A registered command: its name in the URL, stage, who may give it, and its wording.

    `act` maps a command to the key of the plan's table of acts (signers, silence), or None when
    one signature is enough. `item` names the field that the URL carries. `meaning` is what a
    signature under it says, None when the act is not signed. `own_hand` tells an act that no scribe
    records although it is not signed (domain/own_hand.py says which acts those are altogether).
    """

    name: str
    stage: Stage
    type: type
    roles: frozenset[Role]
    title: str
    help: str
    act: Callable[[Any], str | None]
    item: str | None
    meaning: str | None
    own_hand: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class EventSpec:
    """A registered event: its name, stage, version and who may open its private text."""

    name: str
    stage: Stage
    type: type
    access: Access
    version: int = 1


COMMANDS: dict[str, CommandSpec] = {}
"""What an incident takes, by name."""

CASE_COMMANDS: dict[str, CommandSpec] = {}
"""What an after-sales case takes, by name: its own, and what every stream takes."""

EVENTS: dict[str, EventSpec] = {}
_SPEC_OF: dict[type, CommandSpec | EventSpec] = {}


def ask(label: str, *, help: str = "", default: Any = MISSING, **more: Any) -> Any:  # noqa: A002 - the form's own word
    """Declare a field of a command with the words a person reads beside it.

    `more` may carry `max` (characters), `choices_from` (name of a list the page knows),
    `widget` (how a form shows it), `step` (a form section), `wanted` (a form asks for it
    although a program may leave it out), `unless` (what a form says where it may be empty
    because another field is not), `past` (a time that has been), `country` (a code of ISO
    3166-1), `incident` (the number of an incident that there is), `any_size` (a number of
    what nobody here made: it may be beyond all that we could count), `minor` (an amount in the
    smallest unit: people type it in whole ones), `access` (who may open a private text; else
    access class `restricted`), and, for a person, `carries` or `stands_in`: the role they must
    have in the company's list, or the field that names it; with `among` they must have one of
    several roles. Of a list that is `ticked` nothing ticked is an answer, and a wrong one; left
    out by a program it has a meaning of its own.
    """
    metadata = {"label": label, "help": help, **more}
    return (
        field(metadata=metadata)
        if default is MISSING
        else field(default=default, metadata=metadata)
    )


CONTENT_OF: Final = "content_of"
"""In a field's metadata: the fields of files whose clear bytes it names by their hash."""


def ask_content(*files: str) -> Any:
    """Declare the SHA-256 over the clear bytes of the first of `files` that a command names.

    It is the house's word: services fill it in where the file is kept, and refuse another one
    (services/content_hashes.py). No form asks for it.
    """
    return ask(
        "SHA-256 of the file as it was before it was sealed",
        default="",
        max=64,
        added=True,
        help="Leave it out: it is filled in. Sent along, it must be that of the kept file.",
        **{CONTENT_OF: files},
    )


def command(  # noqa: PLR0913 - one registration, all by name
    name: str,
    *,
    stage: Stage,
    roles: Iterable[Role],
    title: str,
    help: str = "",  # noqa: A002 - the form's own word
    act: str | Callable[[Any], str | None] | None = None,
    item: str | None = None,
    meaning: str | None = None,
    own_hand: bool = False,
    in_cases: bool = False,
) -> Callable[[type[T]], type[T]]:
    """Register a frozen dataclass as a command under its imperative name.

    A command of stage `case` is an after-sales case's alone; others are an incident's, and with
    `in_cases` a case takes them too.
    """

    def register(cls: type[T]) -> type[T]:
        key = act if callable(act) else (lambda _command, fixed=act: fixed)
        spec = CommandSpec(
            name=name,
            stage=stage,
            type=cls,
            roles=frozenset(roles),
            title=title,
            help=help,
            act=key,
            item=item,
            meaning=meaning,
            own_hand=own_hand,
        )
        if name in COMMANDS or name in CASE_COMMANDS:
            raise AssertionError(f"command {name} is registered twice")
        if stage is not Stage.CASE:
            COMMANDS[name] = spec
        if stage is Stage.CASE or in_cases:
            CASE_COMMANDS[name] = spec
        _SPEC_OF[cls] = spec
        return cls

    return register


def event(name: str, *, stage: Stage, access: Access = Access.OPEN) -> Callable[[type[T]], type[T]]:
    """Register a frozen dataclass as an event under its name in the past tense."""

    def register(cls: type[T]) -> type[T]:
        if name in EVENTS:
            raise AssertionError(f"event {name} is registered twice")
        spec = EventSpec(name=name, stage=stage, type=cls, access=access)
        EVENTS[name] = spec
        _SPEC_OF[cls] = spec
        return cls

    return register


def command_spec(message: object) -> CommandSpec:
    """Give the registration of a command value."""
    spec = _SPEC_OF[type(message)]
    assert isinstance(spec, CommandSpec)
    return spec


def find_command(name: str) -> CommandSpec | None:
    """Find the registration of a name, be it an incident's command or a case's; None for none."""
    return COMMANDS.get(name) or CASE_COMMANDS.get(name)


def event_spec(message: object) -> EventSpec:
    """Give the registration of an event value."""
    spec = _SPEC_OF[type(message)]
    assert isinstance(spec, EventSpec)
    return spec


def to_wire(message: object) -> dict[str, Any]:
    """Encode a registered message as `{type, v, body}` of plain JSON values."""
    spec = _SPEC_OF[type(message)]
    return {"type": spec.name, "v": spec.version, "body": encode(type(message), message)}


def command_from_wire(wire: Mapping[str, Any], *, strict: bool = False) -> Any:
    """Decode a command; `strict` refuses unknown fields. Raises Malformed."""
    return _from_wire(find_command, "command", wire, strict=strict)


def event_from_wire(wire: Mapping[str, Any]) -> Any:
    """Decode an event; unknown fields are passed over (the ledger keeps the bytes)."""
    return _from_wire(EVENTS.get, "event", wire, strict=False)


def _from_wire(
    find: Callable[[str], Any], word: str, wire: Mapping[str, Any], *, strict: bool
) -> Any:
    spec = find(wire.get("type", ""))
    if spec is None:
        raise Malformed(
            f"There is no {word} called {wire.get('type')!r}.",
            "The list of commands is at /api/openapi.json.",
            code=f"unknown_{word}",
        )
    if wire.get("v", 1) != spec.version:
        raise Malformed(
            f"{spec.name} version {wire.get('v')} is newer than this release knows.",
            "Use the release that wrote it, or a later one.",
            code="unknown_version",
        )
    return decode(spec.type, wire.get("body", {}), strict=strict)


def command_schema(spec: CommandSpec) -> dict[str, Any]:
    """Give the JSON Schema of a command's body, without the field that the URL carries."""
    whole = schema(spec.type)
    if spec.item is not None:
        whole["properties"].pop(spec.item, None)
        whole["required"] = [name for name in whole.get("required", []) if name != spec.item]
    return whole


def leaves_of(message_type: type, body: Any, leaf: Leaf, visit: Callable[[Any, str], Any]) -> Any:
    """Rebuild `body`, passing every value of kind `leaf` through `visit(value, path)`."""
    return transform(message_type, body, leaf, visit)


def field_errors(problems: Iterable[tuple[str, str]]) -> tuple[FieldError, ...]:
    """Make field errors of `(path, sentence)` pairs."""
    return tuple(FieldError(path, sentence) for path, sentence in problems)


def usual_access(stage: Stage) -> Access:
    """Say who may open the private texts of a stage whose fields say nothing."""
    return Access.HEALTH if stage is Stage.CASE else Access.RESTRICTED


def private_access(spec: CommandSpec, usual: Access = Access.RESTRICTED) -> dict[str, Access]:
    """Say by field who may open the private texts and files of a command."""
    return {one.name: one.metadata.get("access", usual) for one in fields(spec.type)}


def recorded_access() -> dict[tuple[Stage, str], Access]:
    """Say by stage and field of an entry who may open the private text that stands there.

    Events call a text as the command does that brought it, and are of the same stage.
    """
    return {
        (spec.stage, name): access
        for spec in (*COMMANDS.values(), *CASE_COMMANDS.values())
        for name, access in private_access(spec, usual_access(spec.stage)).items()
        if PrivateText in (hint := get_type_hints(spec.type)[name], *get_args(hint))
    }


def field_labels(spec: CommandSpec) -> dict[str, str]:
    """Give the label of each field of a command, for summaries and tables."""
    return {f.name: f.metadata.get("label", f.name) for f in fields(spec.type)}
