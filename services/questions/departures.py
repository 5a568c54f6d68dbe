"""Where an incident departed from its plan: late, let pass, by silence, entered late, refused.

What belongs here: which entries are a departure, of which kind, by which rule and with which reason
given. What never does: judging one, or words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from domain.acts import ActDeclined, ActLapsed, ActRefused
from domain.agenda import RungReached
from domain.authorities import AuthorityAnswered
from domain.duties import DutyOverdue
from domain.filing import DutyFiled
from domain.halt_decisions import HaltDecidedAgainst
from domain.ledger import Entry
from domain.message import event_spec
from domain.publishing import GapsAllowed
from domain.recall_end import RecallEnded
from domain.recall_terms import EndStep
from domain.remedies import RemedySettled
from domain.report import ReportDecided
from domain.statement_override import FindingOverridden
from services.questions.rows import Table, Value, table, who_did

KINDS: Final = ("late", "overridden", "silence", "backfilled", "lapsed", "refused")
"""The kinds of departures, in the order in which an auditor asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One departure: its kind and entry, what it departed from, and why people said they did.

    `also` are later entries about the same: a time that is over climbs the ladder rung by rung.
    """

    kind: str
    entry: Entry
    also: tuple[int, ...] = ()
    rule: str = ""
    reason: str = ""
    more: int = 0


def departures(
    entries: Iterable[Entry], moved: Mapping[str, int] | None = None
) -> Iterator[Departure]:
    """Give every departure, in the order of the entries; one entry may depart in two ways.

    A time that was not kept is one departure, however many people heard of it. `moved` names the
    dues that a rise of the grade brought nearer (moved_times.py), each with the entry of the rise.
    """
    listed = list(entries)
    rungs: dict[str, list[int]] = {}
    for one in listed:
        if isinstance(one.event, RungReached) and one.event.overdue:
            rungs.setdefault(one.event.due, []).append(one.seq)
    for one in listed:
        tell = _TELLS.get(type(one.event))
        for found in tell(one) if tell is not None else ():
            told_of = rungs.get(getattr(one.event, "due", ""), [one.seq])
            if one.seq == told_of[0]:
                why = found.reason or _moved(one, moved or {})
                yield replace(found, also=tuple(told_of[1:]), reason=why)
        if one.backfilled:
            yield Departure(kind="backfilled", entry=one)


def _moved(one: Entry, moved: Mapping[str, int]) -> str:
    """Say that a time came nearer by a rise of the grade; nothing of any other."""
    rise = moved.get(getattr(one.event, "due", ""))
    return f"Its time came nearer by the rise of the grade, entry {rise}." if rise else ""


def _overdue(one: Entry) -> Iterator[Departure]:
    yield Departure(kind="late", entry=one, rule=f"rule:{one.event.rule}")


def _rung(one: Entry) -> Iterator[Departure]:
    if one.event.overdue:
        yield Departure(kind="late", entry=one, rule=f"due:{one.event.title}")


def _filed(one: Entry) -> Iterator[Departure]:
    if one.event.late:
        told = one.event
        yield Departure(kind="late", entry=one, rule=f"duty:{told.duty}", reason=told.late_reason)


def _answered(one: Entry) -> Iterator[Departure]:
    if one.event.late:
        reason = getattr(one.event, "late_reason", "")
        yield Departure(kind="late", entry=one, rule=f"act:{one.event.act}", reason=reason)


def _settled(one: Entry) -> Iterator[Departure]:
    if one.event.late:
        yield Departure(kind="late", entry=one, rule="due:Remedy")


def _gaps(one: Entry) -> Iterator[Departure]:
    told = one.event
    rule = "gate:" + ",".join(told.items)
    yield Departure(kind="overridden", entry=one, rule=rule, reason=told.reason)


def _finding(one: Entry) -> Iterator[Departure]:
    told = one.event
    yield Departure(kind="overridden", entry=one, rule=f"wording:{told.rule}", reason=told.reason)


def _ended(one: Entry) -> Iterator[Departure]:
    told = one.event
    if told.step is EndStep.COMPLETED and told.unmet:
        rule = "criteria:" + " ".join(told.unmet)
        yield Departure(kind="overridden", entry=one, rule=rule, reason=told.reason)


def _against(one: Entry) -> Iterator[Departure]:
    told = one.event
    yield Departure(kind="overridden", entry=one, rule=f"level:{told.level}", reason=told.reason)


def _decided(one: Entry) -> Iterator[Departure]:
    if one.event.by_silence:
        yield Departure(
            kind="silence", entry=one, rule="act:accept_report", reason=one.event.reason
        )


def _lapsed(one: Entry) -> Iterator[Departure]:
    yield Departure(kind="lapsed", entry=one, reason=one.event.sentence)


def _refused(one: Entry) -> Iterator[Departure]:
    told = one.event
    yield Departure(
        kind="refused",
        entry=one,
        rule=f"command:{told.command}",
        reason=told.sentence,
        more=told.more,
    )


def _declined(one: Entry) -> Iterator[Departure]:
    if not one.event.withdrawn:
        rule = "veto" if one.event.veto else ""
        yield Departure(kind="refused", entry=one, rule=rule, reason=one.event.reason)


_TELLS: Final[dict[type, Callable[[Entry], Iterator[Departure]]]] = {
    DutyOverdue: _overdue,
    RungReached: _rung,
    DutyFiled: _filed,
    AuthorityAnswered: _answered,
    RemedySettled: _settled,
    GapsAllowed: _gaps,
    FindingOverridden: _finding,
    RecallEnded: _ended,
    HaltDecidedAgainst: _against,
    ReportDecided: _decided,
    ActLapsed: _lapsed,
    ActRefused: _refused,
    ActDeclined: _declined,
}


def counted(found: Iterable[Departure]) -> dict[str, int]:
    """Count departures by kind, and those refused before without an entry of their own."""
    numbers = dict.fromkeys(KINDS, 0)
    for one in found:
        numbers[one.kind] += 1 + one.more
    return numbers


def departures_table(entries: Iterable[Entry], moved: Mapping[str, int] | None = None) -> Table:
    """Give every departure as a row: kind, when, who, what, from which rule, the reason given."""
    found = sorted(
        departures(entries, moved), key=lambda one: (KINDS.index(one.kind), one.entry.seq)
    )
    return table(
        "departures",
        "kind:departure at who:person what:departed rule:departed_from reason happened_at more",
        [(_row(one), (one.entry.seq, *one.also)) for one in found],
    )


def _row(one: Departure) -> tuple[Value, ...]:
    entry: Entry = one.entry
    spec: Any = event_spec(entry.event)
    return (
        one.kind,
        entry.recorded_at,
        who_did(entry),
        spec.name,
        one.rule,
        one.reason,
        entry.happened_at if one.kind == "backfilled" else None,
        one.more,
    )
