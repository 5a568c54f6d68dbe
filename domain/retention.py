"""How long what people told us must be kept: the longest period over the markets, and holds.

What belongs here: from records of the rules (`[[records]]` of plan/regulations/) and facts of one
incident or case to a day, and what stands against erasing before it. What never does: deleting
anything, or saying that a law asks for deletion on a day: a person proposes it, another confirms.

A hold beats every period. More markets never make the time shorter. What nobody has verified, and
a period without a number or without a known start, gives no day: it is named, and people judge.
"""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.firm import FirmInMarket, roles_in
from domain.limits import Limit, Unit
from domain.regulation_terms import RecordStart
from domain.regulations import Record

Starts = Mapping[RecordStart, date | None]
"""Since when each fact counts; None where nobody knows, absent where it never happened."""

MONTHS_OF_A_YEAR = 12


class Keeps(StrEnum):
    """What stands against erasing now; all but a hold may be overruled by name, with a reason."""

    HOLD = "hold"
    """A legal hold stands: nothing overrules it, it has to be released first."""
    OPEN = "open"
    """The incident or case is not closed: what was told is still needed."""
    PERIOD = "period"
    """A verified period of the law has not run out."""
    DOUBT = "doubt"
    """A period is not verified, has no number, or its start is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRecord:
    """One record that must be kept; `until` is its last day, None where that cannot be told."""

    record: Record
    until: date | None

    @property
    def is_certain(self) -> bool:
        """Say whether its day rests on a verified rule and known facts."""
        return self.until is not None and self.record.verified


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepUntil:
    """How long an incident or case is kept: its records, its holds, and whether it is open."""

    records: tuple[KeptRecord, ...]
    holds: tuple[str, ...]
    is_open: bool
    unruled: tuple[str, ...] = ()
    """Markets for which no rule says how long; that is no permission to delete."""

    @property
    def until(self) -> date | None:
        """Give the last day of the longest certain period; None where there is none."""
        return max(
            (one.until for one in self.records if one.is_certain and one.until), default=None
        )

    @property
    def last(self) -> KeptRecord | None:
        """Give the record whose certain period ends last."""
        certain = [one for one in self.records if one.is_certain]
        return max(certain, key=lambda one: one.until or date.min, default=None)

    @property
    def doubtful(self) -> tuple[KeptRecord, ...]:
        """List the records whose day is not certain."""
        return tuple(one for one in self.records if not one.is_certain)

    def against(self, on: date) -> tuple[Keeps, ...]:
        """Say what stands against erasing on a day."""
        found = [Keeps.HOLD] if self.holds else []
        found += [Keeps.OPEN] if self.is_open else []
        found += [Keeps.PERIOD] if self.until is not None and on <= self.until else []
        found += [Keeps.DOUBT] if self.doubtful else []
        return tuple(found)

    def is_due(self, on: date) -> bool:
        """Say whether nothing stands against proposing that it is deleted."""
        return not self.against(on)


def keep_until(
    records: Iterable[Record],
    markets: Collection[str],
    firm: Iterable[FirmInMarket],
    starts: Starts,
    *,
    holds: Iterable[str] = (),
    is_open: bool = False,
) -> KeepUntil:
    """Work out how long data of people are kept for markets of rules ("EU", "CN").

    A record counts where the company has one of its roles, unless it is of goods alone or its
    fact never happened.
    """
    listed, every = tuple(firm), tuple(records)
    found = []
    for record in every:
        obliged = set(record.obliged) & roles_in(listed, record.market)
        if record.market in markets and obliged and _is_there(record, starts):
            found.append(KeptRecord(record=record, until=_last_day(record, starts)))
    ruled = {one.record.market for one in found}
    return KeepUntil(
        records=tuple(found),
        holds=tuple(holds),
        is_open=is_open,
        unruled=tuple(sorted(set(markets) - ruled)),
    )


def _is_there(record: Record, starts: Starts) -> bool:
    if record.counts_from is None:
        return True
    return record.counts_from is not RecordStart.GOODS and record.counts_from in starts


def _last_day(record: Record, starts: Starts) -> date | None:
    """Give the last day of a period: that many whole months or days after its start."""
    if record.counts_from is None or record.limit is None:
        return None
    start = starts.get(record.counts_from)
    return None if start is None else after(start, record.limit)


def after(start: date, limit: Limit) -> date | None:
    """Give the day a period of months or days after another; None for what counts otherwise.

    Of a month that is too short its last day counts. A year beyond the calendar is the last day
    there is: kept for ever, never less.
    """
    if limit.unit is Unit.MONTHS:
        months = start.year * MONTHS_OF_A_YEAR + start.month - 1 + limit.amount
        year, month = months // MONTHS_OF_A_YEAR, months % MONTHS_OF_A_YEAR + 1
        if year > date.max.year:
            return date.max
        return date(year, month, min(start.day, monthrange(year, month)[1]))
    if limit.unit is Unit.CALENDAR_DAYS:
        return start + timedelta(days=limit.amount)
    return None
