"""How any stream is decided and folded: the one path from an act to events, and back to a state.

What belongs here: the order of checks, what follows by itself, the fold, and `Plot`, which says
how one kind of stream begins, decides, ends and travels. What never does: a rule of the plan, or
what one kind of stream knows (domain/incident.py, domain/service_case.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from domain.acts import ActRefused, propose_or_do, proposers, require
from domain.dispatch import CAUSES, EVOLVES, FOLLOWS, SETTLES, Act, Effect
from domain.errors import NotWhole, Refused
from domain.ledger import read_numbered
from domain.message import command_spec
from domain.own_hand import require_own_hand
from domain.replacing import replace
from domain.rules import Rules
from domain.state import Mark, StreamState

S = TypeVar("S", bound=StreamState)
S_co = TypeVar("S_co", bound=StreamState, covariant=True)

CONSEQUENCE_LIMIT = 5_000
"""An act that brings about more events than this is refused: it must be done in smaller steps."""


class New(Protocol[S_co]):
    """How a stream is before its first entry."""

    def __call__(self, stream_id: str, rules: Rules, /, *, drill: str = "") -> S_co:
        """Give it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot(Generic[S]):
    """One kind of stream, as workflow, recorder and readers need to know it.

    `words` are what the search attributes say: where it stands, and its grade. `end` is what the
    workflow returns when `is_over`. `text` and `read` are how a state travels.
    """

    new: New[S]
    decide: Callable[[S, Act], tuple[Any, ...]]
    is_over: Callable[[S], bool]
    end: str
    words: Callable[[S], tuple[str, str]]
    text: Callable[[S], str]
    read: Callable[[str, Rules], S]


# ---------------------------------------------------------------- from an act to events


def decided(
    stream: StreamState,
    act: Act,
    check: Callable[[], None],
    add: Callable[[tuple[Any, ...]], Iterable[Any]] = lambda _first: (),
) -> tuple[Any, ...]:
    """Lead an act to its events, or to its refusal, and to what the plan adds by itself.

    `check` raises Refused when the stream takes no such command now; `add` gives what is recorded
    beside the events of the act.
    """
    try:
        check()
        require_own_hand(stream, act)
        require(stream, act, proposers(stream, act))
        first = propose_or_do(stream, act)
        first = (*first, *add(first))
        return consequences(stream, act, first)
    except Refused as refusal:
        return (refusal_event(act, refusal),)


def refusal_event(act: Act, refusal: Refused) -> ActRefused:
    """Turn a refusal into the event that records it."""
    return ActRefused(
        command=command_spec(act.command).name,
        by=act.who,
        reason=refusal.code,
        sentence=refusal.sentence,
        hint=refusal.hint,
        who_could=tuple(refusal.who_could),
    )


def consequences(stream: StreamState, act: Act, first: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give the events of an act with all that follows from them by itself; raises Refused."""
    events = list(first)
    position = 0
    while position < len(events):
        if len(events) - len(first) > CONSEQUENCE_LIMIT:
            raise Refused(
                f"This leads to more than {CONSEQUENCE_LIMIT} entries at once.",
                "Do it in smaller steps: fewer lots, markets or facts at a time.",
                code="too_much",
            )
        happened = events[position]
        stream = evolve(stream, happened, mark_for(stream, act))
        for of, follow in FOLLOWS.get(type(happened), ()):
            if isinstance(stream, of):
                events.extend(follow(stream, happened, act))
        position += 1
        if position == len(events):
            events.extend(_settled(stream, act, events))
    return tuple(events)


def _settled(stream: StreamState, act: Act, events: Iterable[Any]) -> tuple[Any, ...]:
    """Give what follows from the whole state, now that nothing of the act is on its way."""
    happened = {type(each) for each in events}
    for of, asked_by, settle in SETTLES:
        asked = isinstance(stream, of) and happened.intersection(asked_by)
        added = tuple(settle(stream, act)) if asked else ()
        if added:
            return added
    return ()


def mark_for(stream: StreamState, act: Act) -> Mark:
    """Say where the next event of an act would stand."""
    return Mark(
        seq=stream.size + 1,
        at=act.at,
        happened_at=act.happened_at,
        actor=act.who,
        roles=act.actor.roles,
        command_id=act.command_id,
    )


# ---------------------------------------------------------------- from events to a state


def evolve(stream: S, happened: Any, mark: Mark) -> S:
    """Say what a stream is after an event. Total: it never refuses."""
    changed: S = EVOLVES[type(happened)](stream, happened, mark)
    return replace(changed, size=mark.seq, last_at=mark.at)


def effects(stream: StreamState, happened: Any, mark: Mark) -> tuple[Effect, ...]:
    """Say what a recorded event does in the world."""
    return tuple(
        effect
        for of, cause in CAUSES.get(type(happened), ())
        if isinstance(stream, of)
        for effect in cause(stream, happened, mark)
    )


def fold(stream: S, leaves: Iterable[bytes]) -> S:
    """Fold entries over a stream: the auditor's replay, the read model and the live state.

    Raises NotWhole for bytes that are no entry, or that do not follow from those before them.
    """
    for leaf in leaves:
        seq = stream.size + 1
        entry = read_numbered(stream.id, seq, leaf)
        try:
            stream = evolve(stream, entry.event, entry.mark())
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise NotWhole.at(stream.id, seq) from error
    return stream
