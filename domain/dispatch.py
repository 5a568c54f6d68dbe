"""How the stages plug into the whole: tables of handlers, filled by decorators.

What belongs here: the tables and the types of handlers. What never does: a rule of a stage.

    @decides(OrderHalt)     (incident, act, command) -> events, or raises Refused
    @evolves(HaltOrdered)   (incident, event, mark)  -> incident; never refuses
    @follows(HaltOrdered)   (incident, event, act)   -> events that the plan adds by itself
    @settles(CaseRegistered) (incident, act) -> events that follow from the whole, once the act and
                            all it leads to are in the state; asked again until nothing is added
    @causes(HaltOrdered)    (incident, event, mark)  -> effects on the world, once it is recorded
    @watches(Stage.HALT)    (incident)               -> what is due and when
    @on_silence("accept_report") (incident, due, act) -> events when nobody answered in time
    @more_slots(SettleRemedy) (incident, command) -> roles of further signatures, beyond the row's
    @in_market(FileFirst)     (incident, command) -> the market in which the act stands, or ""

Handlers are an incident's unless `of=` names another kind of stream, or `of=StreamState` all.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from domain.people import Actor, Role
from domain.stages import Stage
from domain.state import Incident, Mark, Signature
from domain.statement_text import QuotedFact, TemplateMark
from domain.values import Json

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A command on its way through `decide`: who, when, and with whose signatures.

    `listed` are values of the company's own lists that the command refers to; who sends an act
    never gives them, the house does. `templates` say the same way which templates there are for
    the languages of a text, and whether it keeps their words.
    """

    command_id: str
    actor: Actor
    at: datetime
    happened_at: datetime
    command: Any
    signers: tuple[Signature, ...] = ()
    listed: tuple[QuotedFact, ...] = ()
    templates: tuple[TemplateMark, ...] = ()

    @property
    def who(self) -> str:
        """The person who stands for the act: the principal when a scribe records."""
        return self.actor.on_behalf_of or self.actor.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something that must happen by a time; passing never cancels it.

    `key` is stable for as long as the thing is open. `roles` are asked first. `act` names the
    command that answers it (for the page), `item` the thing it is about. `silence` names the
    handler of `on_silence`, empty when silence only escalates. `law` tells a legal limit from a
    company target. `market` says whose it is where it stands in one: its people hear of it first.
    `in_time` and `when_late` name it where what is recorded of it, the title, is said otherwise.
    """

    key: str
    stage: Stage
    title: str
    roles: tuple[Role, ...]
    start_at: datetime
    due_at: datetime
    act: str = ""
    item: str = ""
    silence: str = ""
    law: bool = False
    person: str = ""
    market: str = ""
    in_time: str = ""
    when_late: str = ""

    def titled(self, at: datetime) -> str:
        """Say what must happen, as it is told at an instant: what has time is no reproach."""
        return (self.in_time if at < self.due_at else self.when_late) or self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something to do in the world after an entry is recorded; `name` picks the performer.

    Its key is `<workflow id>:<entry>:<name>:<target>`, stable over retries and new runs.
    """

    name: str
    target: str
    seq: int
    body: Json


def of_market(market: str) -> Json:
    """Give what a message of a thing in a market carries: people of that market hear of it first.

    Where none of them holds a role, all who hold it do (activities/messages.py).
    """
    return {"in_market": market} if market else {}


# The first argument is the stream's state: an incident, or whatever `of` says.
Kind = type
DECIDES: dict[type, Callable[[Any, Act, Any], Iterable[Any]]] = {}
EVOLVES: dict[type, Callable[[Any, Any, Mark], Any]] = {}
FOLLOWS: dict[type, list[tuple[Kind, Callable[[Any, Any, Act], Iterable[Any]]]]] = {}
SETTLES: list[tuple[Kind, tuple[type, ...], Callable[[Any, Act], Iterable[Any]]]] = []
CAUSES: dict[type, list[tuple[Kind, Callable[[Any, Any, Mark], Iterable[Effect]]]]] = {}
WATCHES: list[tuple[Kind, Stage, Callable[[Any], Iterator[Due]]]] = []
ON_SILENCE: dict[str, Callable[[Any, Due, Act], Iterable[Any]]] = {}
APPOINTMENTS: list[
    tuple[Kind, Callable[[Any], Iterable[datetime]], Callable[[Any, Act], Iterable[Any]]]
] = []
MORE_SLOTS: dict[type, Callable[[Any, Any], Iterable[tuple[Role, ...]]]] = {}
MARKET_OF: dict[type, Callable[[Any, Any], str]] = {}
SIGNED_BY: dict[type, Callable[[Any], Iterable[str]]] = {}


def decides(command: type) -> Callable[[F], F]:
    """Register what a command leads to."""

    def register(handler: F) -> F:
        assert command not in DECIDES, command
        DECIDES[command] = handler
        return handler

    return register


def evolves(event: type) -> Callable[[F], F]:
    """Register what the stream is after an event."""

    def register(handler: F) -> F:
        assert event not in EVOLVES, event
        EVOLVES[event] = handler
        return handler

    return register


def follows(event: type, *, of: Kind = Incident) -> Callable[[F], F]:
    """Register what the plan adds by itself after an event."""

    def register(handler: F) -> F:
        FOLLOWS.setdefault(event, []).append((of, handler))
        return handler

    return register


def settles(*events: type, of: Kind = Incident) -> Callable[[F], F]:
    """Register what follows from the whole state after an act in which one of `events` happened.

    Other than with `follows`, nothing of the act is still on its way then: what is derived from
    many facts at once is derived once.
    """

    def register(handler: F) -> F:
        SETTLES.append((of, events, handler))
        return handler

    return register


def causes(event: type, *, of: Kind = Incident) -> Callable[[F], F]:
    """Register what an event, once recorded, does in the world."""

    def register(handler: F) -> F:
        CAUSES.setdefault(event, []).append((of, handler))
        return handler

    return register


def watches(stage: Stage, *, of: Kind = Incident) -> Callable[[F], F]:
    """Register what is due in a stage."""

    def register(handler: F) -> F:
        WATCHES.append((of, stage, handler))
        return handler

    return register


def on_silence(name: str) -> Callable[[F], F]:
    """Register what silence leads to: always the safer side, never a word to the outside."""

    def register(handler: F) -> F:
        assert name not in ON_SILENCE, name
        ON_SILENCE[name] = handler
        return handler

    return register


def appoints(
    times: Callable[[Any], Iterable[datetime]], *, of: Kind = Incident
) -> Callable[[F], F]:
    """Register what people appointed for a time: `times` lists when, the handler keeps it.

    The handler is asked whenever time passes, and gives nothing before its time.
    """

    def register(handler: F) -> F:
        APPOINTMENTS.append((of, times, handler))
        return handler

    return register


def more_slots(command: type) -> Callable[[F], F]:
    """Register which signatures a command needs beyond its row of the plan (above a limit)."""

    def register(handler: F) -> F:
        assert command not in MORE_SLOTS, command
        MORE_SLOTS[command] = handler
        return handler

    return register


def signed_by(command: type) -> Callable[[F], F]:
    """Register whom a command names as those who sign it, where it takes several signatures."""

    def register(handler: F) -> F:
        assert command not in SIGNED_BY, command
        SIGNED_BY[command] = handler
        return handler

    return register


def in_market(*commands: type) -> Callable[[F], F]:
    """Register in which market an act stands: another market's responsible person signs it not."""

    def register(handler: F) -> F:
        for command in commands:
            assert command not in MARKET_OF, command
            MARKET_OF[command] = handler
        return handler

    return register
