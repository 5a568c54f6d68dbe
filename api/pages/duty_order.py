"""Which duty comes first, and the clocks over one duty gathered as one.

What belongs here: what a law limits before what may be, before our own targets, and which clock of
a duty leads. What never does: a due time of its own, or words for a reader.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from domain.dispatch import Due
from domain.duties import DUE_KEY
from domain.duty_clocks import LEADING, OURS, duty_of, kind_of
from domain.state import Incident
from domain.state.notice import Duty
from domain.urgency import tier

T = TypeVar("T")
Rank = tuple[bool, int, bool, str, int]


def urgency(duty: Duty) -> Rank:
    """Order duties: open ones first, then by how far they bind, then the soonest."""
    at, number = duty.due_at, int(duty.id[1:])
    return (not duty.is_open, tier(duty), at is None, str(at), number)


Groups = Mapping[str, Sequence[Due]]
"""Every clock over what a clock is about, by the key of the one that leads."""


def gathered(incident: Incident, dues: Iterable[Due]) -> list[list[Due]]:
    """Put the clocks over one duty together, its leading one first; other dues stand alone.

    Duties stand in their own order in the places that times give to them all.
    """
    groups: dict[str, list[Due]] = {}
    for due in dues:
        duty = duty_of(incident, due)
        groups.setdefault(due.key if duty is None else f"/{duty.id}", []).append(due)
    found = [_led(group) if key.startswith("/") else group for key, group in groups.items()]
    found.sort(key=lambda group: (group[0].due_at, group[0].key))
    return in_order(found, lambda group: rank_of(incident, group[0]))


def in_order(items: Sequence[T], rank: Callable[[T], Rank | None]) -> list[T]:
    """Order what is about duties among itself: each place of a duty stays one of a duty."""
    ranked = [(found, n) for n, one in enumerate(items) if (found := rank(one)) is not None]
    duties = iter([items[n] for _, n in sorted(ranked)])
    places = {n for _, n in ranked}
    return [next(duties) if n in places else one for n, one in enumerate(items)]


def rank_of(incident: Incident, due: Due) -> Rank | None:
    """Give the place of a due among the duties; None for what is no clock over one."""
    duty = duty_of(incident, due)
    return urgency(duty) if duty is not None else None


def _led(group: Sequence[Due]) -> list[Due]:
    """Let the act asked first lead, with the time of the rule; our own targets stand behind."""
    named = {kind_of(due): due for due in group}
    head = next((named[kind] for kind in LEADING if kind in named), group[0])
    timed = named.get(DUE_KEY.rstrip(":"), head)
    lead = replace(head, start_at=timed.start_at, due_at=timed.due_at, law=timed.law)
    return [lead, *(due for due in group if kind_of(due) in OURS)]


def next_of(incident: Incident, dues: Iterable[Due]) -> Due | None:
    """Give what is due next, as the board says it: a duty by its own time, not by our target."""
    groups = gathered(incident, dues)
    return groups[0][0] if groups else None
