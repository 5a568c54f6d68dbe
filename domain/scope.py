"""The arithmetic of a recall: units per lot, what is unexplained, samples, the return rate.

What belongs here: pure numbers and the sentences that name a contradiction. What never does: an
act, a due time, or tracing itself (the graph of lots lives where its rows are). Unknown is unknown
and never counted as zero: a sum says for how many lots it could not count.

How the numbers of one lot hang together:

    made = on hand + scrapped + shipped + unexplained
    out  = shipped - returned            (what a recall is about: outside our control)
    sold <= shipped, returned <= shipped (sold and returned may be the same units)

and what a recall recovers of it:

    out  = received + destroyed elsewhere + remedied and kept + unaccounted
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from domain.message import ask
from domain.recall_terms import EffectivenessLevel, NeighbourKind, NeighbourVerdict
from domain.values import LotNumber, ProductId, PublicText

NUMBERS = ("made", "on_hand", "shipped", "sold", "returned", "scrapped")
"""The counted fields of a lot, in the order a person asks for them."""

MADE_OF = ("made", "on_hand", "scrapped", "shipped")
"""What must be given to say whether every unit made is accounted for: the first less the others."""

OUT_OF = ("shipped", "returned")
"""What must be given to say how many units are outside our control: the first less the other."""

RETURN_RATE = (
    "Units received back, destroyed elsewhere with proof, or remedied and left with the consumer, "
    "per unit that was outside our control when the scope was set; no lot counts above its own "
    "number (after GB/T 40993: remedied and recovered over affected)."
)
"""What the return rate 退回率 means; printed wherever the figure stands (reference 8, row 19)."""


EMPTY_IS_UNKNOWN = "Empty means unknown; enter 0 if there were none."

# ---------------------------------------------------------------- lots


@dataclass(frozen=True, slots=True, kw_only=True)
class LotScope:
    """One lot in a scope, with its units as far as known and how it got into the scope."""

    lot: LotNumber = ask("Lot number")
    product: ProductId = ask("Product")
    because: PublicText = ask(
        "Why this lot? (raw material, bulk, line, day)", default=PublicText(""), max=500
    )
    made: int | None = ask("Units made", default=None)
    on_hand: int | None = ask("Units never shipped, still with us", default=None)
    shipped: int | None = ask("Units shipped, in all", default=None)
    sold: int | None = ask("Of these, sold to consumers", default=None)
    returned: int | None = ask(
        "Of these, came back before the recall", default=None, help=EMPTY_IS_UNKNOWN
    )
    scrapped: int | None = ask(
        "Units scrapped or used up before shipping", default=None, help=EMPTY_IS_UNKNOWN
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LotBalance:
    """What the numbers of a lot say together; `unknown` names those that nobody knows."""

    lot: str
    unexplained: int | None
    out: int | None
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LotCount:
    """So many units of one lot."""

    lot: LotNumber = ask("Lot number")
    units: int = ask("Units")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotAnswer:
    """Units of one lot at a consignee, as it says; a number left empty is unknown, never zero."""

    lot: LotNumber = ask("Lot number")
    received: int | None = ask("Received", default=None)
    on_hand: int | None = ask("Still there", default=None)
    quarantined: int | None = ask("Of these, set apart", default=None)
    sold_on: int | None = ask("Sold on", default=None)
    returned: int | None = ask("Sent back to us", default=None)
    destroyed: int | None = ask("Destroyed there, with proof", default=None)

    @property
    def tells_units(self) -> bool:
        """Say whether any number stands here; a lot that is only named is told of by nobody."""
        parts = (self.received, self.on_hand, self.quarantined, self.sold_on, self.returned)
        return any(part is not None for part in (*parts, self.destroyed))

    @property
    def placed(self) -> int:
        """Count the units of which it says where they are, as far as it says it.

        What is set apart is there, also where nobody said how much is there in all.
        """
        there = self.quarantined if self.on_hand is None else self.on_hand
        return sum(part or 0 for part in (there, self.sold_on, self.returned, self.destroyed))


@dataclass(frozen=True, slots=True, kw_only=True)
class LotOpen:
    """Units of a lot that nobody can account for; None when not even their number is known."""

    lot: str
    units: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Something that may share the fault, and what came of looking at it."""

    kind: NeighbourKind = ask("What was looked at?")
    verdict: NeighbourVerdict = ask("What came of it?")
    note: PublicText = ask("How do you know?", default=PublicText(""), max=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum over lots: what is known, and for how many lots nothing is."""

    known: int
    unknown_lots: int


def balance(lot: LotScope) -> LotBalance:
    """Balance one lot; `unexplained` and `out` are None when a number they need is unknown."""
    return LotBalance(
        lot=lot.lot,
        unexplained=_minus(*(getattr(lot, name) for name in MADE_OF)),
        out=_minus(*(getattr(lot, name) for name in OUT_OF)),
        unknown=tuple(name for name in NUMBERS if getattr(lot, name) is None),
    )


def not_given(lots: Iterable[LotScope], names: Iterable[str]) -> tuple[str, ...]:
    """Name the numbers that some lot lacks, of those that a sum is made of."""
    listed = tuple(lots)
    return tuple(name for name in names if any(getattr(lot, name) is None for lot in listed))


def _minus(whole: int | None, *parts: int | None) -> int | None:
    if whole is None or any(part is None for part in parts):
        return None
    return whole - sum(part for part in parts if part is not None)


def contradiction(lot: LotScope) -> str | None:
    """Say what cannot be true about the numbers of one lot, or None."""
    below = [name for name in NUMBERS if (getattr(lot, name) or 0) < 0]
    if below:
        return f"Lot {lot.lot}: {below[0].replace('_', ' ')} is below zero."
    for name in ("sold", "returned"):
        part = getattr(lot, name)
        if part is not None and lot.shipped is not None and part > lot.shipped:
            return f"Lot {lot.lot}: {part} {name}, but only {lot.shipped} shipped."
    placed = sum(part or 0 for part in (lot.on_hand, lot.scrapped, lot.shipped))
    if lot.made is not None and placed > lot.made:
        return f"Lot {lot.lot}: {placed} on hand, scrapped or shipped, but only {lot.made} made."
    return None


def answer_contradiction(row: LotAnswer) -> str | None:
    """Say what cannot be true about the units of one lot at a consignee, or None.

    received = on hand + sold on + sent back + destroyed, as far as known; set apart <= on hand.
    """
    parts = (row.on_hand, row.sold_on, row.returned, row.destroyed)
    if min(number or 0 for number in (row.received, row.quarantined, *parts)) < 0:
        return f"Lot {row.lot}: a number is below zero."
    # Not `placed`: answers were taken by this sum, and are decided again on replay.
    told = sum(part or 0 for part in parts)
    if row.received is not None and told > row.received:
        return f"Lot {row.lot}: {told} units accounted for, but only {row.received} received."
    if row.on_hand is not None and (row.quarantined or 0) > row.on_hand:
        return f"Lot {row.lot}: {row.quarantined} set apart, but only {row.on_hand} there."
    return None


def total(numbers: Iterable[int | None]) -> Total:
    """Add up what is known and count what is not."""
    listed = tuple(numbers)
    known = sum(number for number in listed if number is not None)
    return Total(known=known, unknown_lots=sum(number is None for number in listed))


def not_looked_at(neighbours: Iterable[Neighbour]) -> tuple[NeighbourKind, ...]:
    """Name the kinds of neighbours that nobody looked at, or whose answer is still open."""
    settled = {n.kind for n in neighbours if n.verdict is not NeighbourVerdict.OPEN}
    return tuple(kind for kind in NeighbourKind if kind not in settled)


# ---------------------------------------------------------------- versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a scope reaches; `unbounded` means every lot of its products (rule M3)."""

    products: tuple[str, ...]
    lots: tuple[str, ...]
    markets: tuple[str, ...]
    unbounded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeDifference:
    """How one version of a scope differs from the one before; `recounted` lots only in numbers."""

    lots_added: tuple[str, ...] = ()
    lots_removed: tuple[str, ...] = ()
    products_added: tuple[str, ...] = ()
    products_removed: tuple[str, ...] = ()
    markets_added: tuple[str, ...] = ()
    markets_removed: tuple[str, ...] = ()
    became_unbounded: bool = False
    became_bounded: bool = False
    recounted: tuple[str, ...] = ()

    @property
    def grows(self) -> bool:
        """Say whether goods are reached that were not reached before."""
        added = (self.lots_added, self.products_added, self.markets_added)
        return any(added) or self.became_unbounded

    @property
    def shrinks(self) -> bool:
        """Say whether goods are let go: that takes two people and evidence."""
        removed = (self.lots_removed, self.products_removed, self.markets_removed)
        return any(removed) or self.became_bounded


NOTHING = Coverage(products=(), lots=(), markets=(), unbounded=False)


def difference(
    before: Coverage, after: Coverage, recounted: tuple[str, ...] = ()
) -> ScopeDifference:
    """Compare two coverages. Naming lots inside an unbounded scope neither adds nor removes them.

    An unbounded scope reaches every lot of its products: lots named or left out while it stays
    unbounded change nothing, going from bounded to unbounded grows it, the other way shrinks it.
    """
    was, now = before.unbounded, after.unbounded
    return ScopeDifference(
        lots_added=() if was or now else _new(before.lots, after.lots),
        lots_removed=() if was or now else _new(after.lots, before.lots),
        products_added=_new(before.products, after.products),
        products_removed=_new(after.products, before.products),
        markets_added=_new(before.markets, after.markets),
        markets_removed=_new(after.markets, before.markets),
        became_unbounded=now and not was,
        became_bounded=was and not now,
        recounted=recounted,
    )


def _new(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(after) - set(before)))


def recounted(before: Iterable[LotScope], after: Iterable[LotScope]) -> tuple[str, ...]:
    """Name the lots that stand in both and whose numbers changed."""
    old = {lot.lot: lot for lot in before}
    return tuple(
        sorted(
            lot.lot
            for lot in after
            if lot.lot in old
            and any(getattr(lot, name) != getattr(old[lot.lot], name) for name in NUMBERS)
        )
    )


# ---------------------------------------------------------------- what came back


@dataclass(frozen=True, slots=True, kw_only=True)
class LotRecovery:
    """What a recall brought of one lot; `out` is None while nobody knows how much is outside."""

    lot: str
    out: int | None
    received: int = 0
    destroyed: int = 0
    remedied: int = 0

    @property
    def recovered(self) -> int:
        """Count what came back, was destroyed elsewhere, or was remedied and kept."""
        return self.received + self.destroyed + self.remedied

    @property
    def unaccounted(self) -> int | None:
        """Count what nobody can account for; None when that is not known."""
        return None if self.out is None else max(self.out - self.recovered, 0)

    @property
    def too_many(self) -> int:
        """Count what came back beyond what ever left: a wrong number, or a counterfeit."""
        return 0 if self.out is None else max(self.recovered - self.out, 0)


def return_rate(lots: Iterable[LotRecovery]) -> int | None:
    """Give the return rate in hundredths of a percent, rounded down (see RETURN_RATE).

    None when a lot's number outside is unknown, or nothing was outside: never a guess.
    """
    listed = tuple(lots)
    out = [lot.out for lot in listed if lot.out is not None]
    if len(out) != len(listed) or not sum(out):
        return None
    found = sum(min(lot.recovered, lot.out or 0) for lot in listed)
    return found * 10_000 // sum(out)


# ---------------------------------------------------------------- effectiveness checks

_PERCENT = {
    EffectivenessLevel.A: 100,
    EffectivenessLevel.C: 10,
    EffectivenessLevel.D: 2,
    EffectivenessLevel.E: 0,
}


def percent_of(level: EffectivenessLevel, percent: int | None) -> int | None:
    """Give the percentage of consignees that a level checks; None when it does not fit the level.

    21 CFR 7.42(b)(3): A 100, B more than 10 and less than 100, C 10, D 2, E none.
    """
    if level is EffectivenessLevel.B:
        return percent if percent is not None and 10 < percent < 100 else None
    fixed = _PERCENT[level]
    return fixed if percent in (None, fixed) else None


def sample_size(consignees: int, percent: int) -> int:
    """Count the consignees to check: a begun one counts whole."""
    return -(-consignees * percent // 100)


def sample(consignees: Iterable[str], percent: int, seed: str) -> tuple[str, ...]:
    """Draw the consignees to check.

    The same consignees, percentage and seed give the same sample in any order and at any time; a
    larger percentage adds to a smaller one's sample and takes nothing out of it.
    """
    drawn = sorted(set(consignees), key=lambda consignee: (_draw(seed, consignee), consignee))
    return tuple(sorted(drawn[: sample_size(len(drawn), percent)]))


def _draw(seed: str, consignee: str) -> str:
    return hashlib.sha256(f"{seed}\n{consignee}".encode()).hexdigest()
