"""What the ledger holds about one duty: how it arose, every due time, reminders, what was done.

What belongs here: reading and ordering entries of one duty. What never does: words for a reader
(duty.py), or a due time of its own.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Final

from api.pages.duty_rows import about_duty
from api.pages.late_duties import origin
from api.pages.looking import View, entries_in
from domain.acts import ActDeclined, ActLapsed, ActProposed, ActSigned
from domain.agenda import RungAt, RungReached, rungs_of
from domain.determining import RuleJudged
from domain.dispatch import Due
from domain.duties import DutyArisen, DutyDue, DutyMoved, DutyReopened
from domain.duty_verified import DutyVerified
from domain.errors import NotFound
from domain.firm import roles_in
from domain.ledger import Entry
from domain.message import EVENTS
from domain.regulation_terms import Obliged
from domain.regulations import Record, Rule
from domain.stages import Stage
from domain.state.notice import Duty
from storage import streams


@dataclass(frozen=True, kw_only=True)
class Past:
    """Entries about one duty, oldest first: `told` is of the duty itself, `rungs` of its ladder."""

    told: tuple[Entry, ...]
    rungs: tuple[Entry, ...]

    @property
    def arisen(self) -> Entry | None:
        """Give the entry in which the duty arose."""
        return next((one for one in self.told if isinstance(one.event, DutyArisen)), None)


@dataclass(frozen=True, kw_only=True)
class TimeSet:
    """One due time as it was set; `because` is the entry that made it another one than before."""

    entry: Entry
    due: DutyDue
    because: Entry | None


@cache
def _types() -> frozenset[str]:
    """Name the types of entries that are about one duty."""
    named = {
        name
        for name, spec in EVENTS.items()
        if is_dataclass(spec.type) and "duty" in {one.name for one in fields(spec.type)}
    }
    return frozenset(named | {"RungReached", "RuleJudged"} | _OF_ACTS)


_OF_ACTS: Final = frozenset({"ActProposed", "ActSigned", "ActDeclined", "ActLapsed"})
"""Entries about an act that waits for signatures; only the first one says what it is about."""


def past_of(view: View, duty: Duty) -> Past:
    """Read what the ledger holds about a duty, up to the entry that the page is as of."""
    engine = view.visit.house.engine
    rows = streams.entries_of_types(engine, view.row.id, _types(), view.as_of)
    read = entries_in(rows)
    acts = {one.event.act for one in read if _proposes(one, duty)}
    entries = [one for one in read if _is_about(one, duty, acts)]
    rungs = tuple(one for one in entries if isinstance(one.event, RungReached))
    told = tuple(one for one in entries if not isinstance(one.event, RungReached))
    return Past(told=told, rungs=rungs)


def _proposes(entry: Entry, duty: Duty) -> bool:
    """Say whether an entry proposes an act about a duty, or about the rule it rests on."""
    happened = entry.event
    return isinstance(happened, ActProposed) and bool(
        {duty.id, duty.rule} & set(about_duty(happened.command))
    )


def _is_about(entry: Entry, duty: Duty, acts: Collection[str]) -> bool:
    happened = entry.event
    if isinstance(happened, ActProposed | ActSigned | ActDeclined | ActLapsed):
        return happened.act in acts
    if isinstance(happened, RungReached):
        return duty.id in happened.due.split(":")
    if isinstance(happened, RuleJudged):
        return happened.rule == duty.rule
    return bool(happened.duty == duty.id)


def due_times(view: View, past: Past) -> Iterator[TimeSet]:
    """Give every due time that was set, with what made it another one than before."""
    because: Entry | None = None
    for entry in past.told:
        if isinstance(entry.event, DutyMoved | DutyReopened | DutyVerified | RuleJudged):
            because = entry
        elif isinstance(entry.event, DutyArisen):
            because = origin(view, entry) or entry
        elif isinstance(entry.event, DutyDue):
            moved = because is not None and isinstance(because.event, DutyMoved)
            made = origin(view, because) if moved and because is not None else None
            yield TimeSet(entry=entry, due=entry.event, because=made or because)


def rule_then(view: View, duty: Duty, past: Past) -> Rule | None:
    """Give the rule of a duty as it stood when the duty arose; else as it stands now."""
    rules = [view.state.rules]
    if past.arisen is not None:
        # Of an imported ledger they may be missing: those that hold now say the most then.
        with suppress(NotFound):
            rules.insert(0, view.visit.house.rules(past.arisen.plan))
    for each in rules:
        found = next((one for one in each.regulations if one.id == duty.rule), None)
        if found is not None:
            return found
    return None


# ---------------------------------------------------------------- all that bears on a duty


@dataclass(frozen=True, kw_only=True)
class WholeDuty:
    """A duty with all that bears on it: its past, its rule as it stood then, its clocks of now."""

    duty: Duty
    past: Past
    rule: Rule | None
    times: tuple[TimeSet, ...]
    clocks: tuple[Due, ...]
    ahead: tuple[tuple[Due, RungAt], ...]
    records: tuple[Record, ...]
    opened: tuple[Duty, ...]
    will_open: tuple[Rule, ...]
    same_person: tuple[Duty, ...]
    firm: tuple[Obliged, ...]

    @property
    def target_at(self) -> datetime | None:
        """Give our own earlier target for the filing, where the plan sets one."""
        key = f"duty_target:{self.duty.id}:"
        return next((one.due_at for one in self.clocks if one.key.startswith(key)), None)


def whole_duty(view: View, duty: Duty) -> WholeDuty:
    """Gather all that bears on a duty."""
    past, state = past_of(view, duty), view.state
    rule = rule_then(view, duty, past)
    clocks = tuple(one for one in view.due() if _is_clock_of(one, duty))
    duties = tuple(state.notice.duties.values())
    roles = roles_in(state.rules.plan.firm, duty.market)
    return WholeDuty(
        duty=duty,
        past=past,
        rule=rule,
        times=tuple(due_times(view, past)),
        clocks=clocks,
        ahead=tuple(sorted(rungs_of(state, clocks), key=lambda pair: pair[1].at)),
        records=_records(view, rule),
        opened=tuple(one for one in duties if one.after == duty.id),
        will_open=_following(view, duty, rule),
        same_person=tuple(
            one for one in duties if duty.case and one.case == duty.case and one.id != duty.id
        ),
        firm=tuple(one for one in Obliged if one in roles),
    )


def _is_clock_of(due: Due, duty: Duty) -> bool:
    about = (duty.id,) if duty.counts else (duty.id, duty.rule)
    return due.stage is Stage.NOTICE and due.item in about


def _records(view: View, rule: Rule | None) -> tuple[Record, ...]:
    """Give what the law wants kept of a duty, as the rules say it."""
    kept = set(rule.keep) if rule is not None else set()
    return tuple(one for one in view.state.rules.beside.records if one.id in kept)


def _following(view: View, duty: Duty, rule: Rule | None) -> tuple[Rule, ...]:
    """Give the rules that a filed report of this duty opens."""
    if rule is None:
        return ()
    names = {*rule.follow_ups, *([duty.rule] if rule.repeats else [])}
    return tuple(one for one in view.state.rules.regulations if one.id in names)
