"""State of stage `halt`: orders given, and where every channel stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from domain.values import PrivateText
from domain.wire import added


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChannel:
    """A channel of the company as known when the incident heard of it; `level` is H1–H4."""

    id: str
    kind: str
    level: str
    name: str
    name_zh: str
    market: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltOrder:
    """One order: what must stop, where, and who confirmed that it stays.

    At the channels in `resumed` its goods are sold again while it stands at the others. At those in
    `freed`, which are `resumed` too, some of its goods are, by decision, while its level stands:
    other orders go on with the rest, each `part_of` it (its number, 0 for none), if any is left.
    """

    number: int
    seq: int
    level: str
    products: tuple[str, ...]
    lots: tuple[str, ...]
    channels: tuple[str, ...]
    ordered_at: datetime
    ordered_by: str
    by_plan: bool
    reason: str
    confirm_by: datetime | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    lifted_at: datetime | None = None
    resumed: tuple[str, ...] = added(())
    freed: tuple[str, ...] = added(())
    part_of: int = added(0)

    @property
    def stopped(self) -> tuple[str, ...]:
        """Give the channels that it still stops, while it stands."""
        if not self.resumed:
            return self.channels
        return tuple(channel for channel in self.channels if channel not in self.resumed)


def first_of(orders: Iterable[HaltOrder], order: HaltOrder) -> HaltOrder:
    """Give the order that somebody gave: of one that is left of another, the first of them.

    What is left was given by whoever gave the whole, not by whoever freed the rest.
    """
    by_number = {one.number: one for one in orders}
    while order.part_of:
        order = by_number[order.part_of]
    return order


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """The goods were found on sale after all: when, by which entry, how much of it.

    `seq` and `found_at` are those of the first sight, until a look is clean or a person answers.
    `after_s` are the seconds since the channel was ordered to stop; `offers`, `units` and
    `unshipped` are counted by a look at the channel itself, None where a person saw it, who says in
    `how_seen` how, and how many `units_sold` went meanwhile. `rung_at`: when people were last
    alarmed of it.
    """

    seq: int
    found_at: datetime
    after_s: int
    offers: int | None = None
    units: int | None = None
    unshipped: int | None = None
    rung_at: datetime | None = added(None)
    units_sold: int | None = added(None)
    how_seen: str = added("")


@dataclass(frozen=True, slots=True, kw_only=True)
class LotUnits:
    """So many units of one lot; `lot` is "" where lots are not told apart."""

    lot: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """What a channel answered itself, on the page of its order; who it was is private.

    `answer` is stopped, cannot or none_here (domain/channel_answers.py). `units` and `reason` stand
    beside an answer to an older order; of the newest the channel itself has them. `is_over`: when
    the next order came, nothing stopped any of it there any more.
    """

    seq: int
    at: datetime
    order: int
    answer: str
    by: PrivateText
    where: str = ""
    units: int | None = added(None)
    reason: str = added("")
    set_apart: tuple[LotUnits, ...] = added(())
    is_over: bool = added(default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedThere:
    """What was counted at a channel for an order before the newest, and not on that order's page.

    By a person for the channel, or by its own system. `apart` are its `units` by lot, where lots
    were told apart; `orders` were paid and held back. `is_over`: when the next order came, nothing
    stopped any of it there any more.
    """

    order: int
    at: datetime
    units: int | None = None
    apart: tuple[LotUnits, ...] = ()
    orders: int | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """An order that went out anew to a channel, by an entry; its carrier must hear of the end.

    `behind`: it says what stays stopped, behind what may be sold again, and reminds of nothing.
    """

    order: int
    seq: int
    behind: bool = added(default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderThere:
    """How one of several orders that stand at a channel was answered; states as a channel's."""

    order: int
    state: str
    answer_due_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftToPerson:
    """The orders at a channel that a named person answers for, beside others: who, how, since."""

    orders: tuple[int, ...]
    by: str
    reason: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeThere:
    """An order to resume that is under way at a channel: what it frees; no lots are all of them.

    `failed_at`: since when it is not done as ordered, and why. `beside`: the order to stop that
    ended the one before for some of its goods; this one was given anew for what is left, 0 if not.
    `told_at`: when it was handed over, so that nobody carries it any more and the channel's answer,
    or somebody's for it, is waited for.
    """

    resume: str
    products: tuple[str, ...]
    lots: tuple[str, ...]
    since: datetime
    failed_at: datetime | None = None
    error: str = ""
    beside: int = 0
    told_at: datetime | None = added(None)

    @property
    def is_told(self) -> bool:
        """Say whether it was handed over, and nothing is known to have gone wrong since."""
        return self.told_at is not None and self.failed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHalt:
    """Where one channel stands.

    `state`: ordered, accepted, confirmed, refused, failed, unreadable (its answer could not be
    read), selling (seen on sale after all), taken_over, resuming, resumed. Silence is read from the
    clock (domain/channels.py, `standing`).
    `resume` names the order to resume that is, or was last, carried there. `units` are those set
    apart or taken off sale there; `orders` were paid and not yet sent, and held back, with their
    `order_units`. `again` are the orders that went out anew. `drift` is there while the goods are
    on sale after all.
    `apart` are its `units` by lot, where a person told them apart.
    `own_answer` is what the channel last answered itself, on the page of its order; `older_answers`
    are its last ones to orders before, which stand beside the newest until they are lifted.
    `by_order` is there while older orders are open beside the newest: how each was answered; the
    channel itself stands where the worst of them does. `found` is what was last found on sale, kept
    until a look is clean or a person answers for the channel. `resume_failed_at`: since when it
    does not resume as it was ordered to.
    `under_way` are all orders to resume that nobody has said to be done, also beside an order to
    stop that was given since; `ended` are those that the last order there ended.
    `all_held`: nothing of what it was last to resume goes on sale there, since other orders still
    stop it, and it has nothing to say; False while it said of some that it does, and more is under
    way.
    `left_to` is there once a named person answers for some of its orders and not for others; one
    that is taken_over without it is answered for whole.
    `counted` is what was counted there for orders before, beside `units` and `older_answers`.
    """

    channel: str
    order: int
    state: str
    ordered_at: datetime
    answer_due_at: datetime | None = None
    answered_at: datetime | None = None
    attempts: int = 0
    last_error: str = ""
    proof: str = ""
    units: int | None = None
    taken_over_by: str | None = None
    resume: str = added("")
    orders: int | None = added(None)
    order_units: int | None = added(None)
    drift: Drift | None = added(None)
    again: tuple[Anew, ...] = added(())
    asked_again_at: datetime | None = added(None)
    looked_at: datetime | None = added(None)
    own_answer: LinkAnswer | None = added(None)
    older_answers: tuple[LinkAnswer, ...] = added(())
    by_order: tuple[OrderThere, ...] = added(())
    found: Drift | None = added(None)
    resume_failed_at: datetime | None = added(None)
    apart: tuple[LotUnits, ...] = added(())
    under_way: tuple[ResumeThere, ...] = added(())
    ended: tuple[str, ...] = added(())
    all_held: bool | None = added(None)
    left_to: LeftToPerson | None = added(None)
    counted: tuple[CountedThere, ...] = added(())

    @property
    def is_handed_over(self) -> bool:
        """Say whether its order, to stop or to resume, was handed over and nobody has answered."""
        told = self.state == "resuming" and bool(self.under_way)
        return self.state == "accepted" or (told and all(one.is_told for one in self.under_way))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedLine:
    """A production line that stopped, with the stock set apart."""

    seq: int
    site: str
    line: str
    stopped_at: datetime
    units_set_apart: int | None
    retained_samples_secured: bool = added(False)
    blocked_materials: tuple[str, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """The last count of one lot at one place of ours that is set apart."""

    seq: int
    site: str
    place: str
    lot: str
    units: int
    at: datetime
    retained_samples_secured: bool = added(False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intercepted:
    """Units of one kind that were stopped on their way."""

    kind: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InterceptedAt:
    """Units of one kind that our people recorded at a channel: stopped, and that got through."""

    channel: str
    kind: str
    units: int
    got_through: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnItsWayThere:
    """Units of one kind that a channel counted itself for one of its orders, by its last word.

    `lot` is "" where lots are not told apart; a number that is None is not known.
    """

    seq: int
    channel: str
    order: int
    kind: str
    lot: str
    stopped: int | None
    got_through: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOff:
    """A level that people decided against: at which grade, and on what ground it could have been.

    `ground` is empty where the evidence or the fault was not enough for the plan's row then.
    """

    level: str
    seq: int
    at: datetime
    grade: str
    ground: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HaltState:
    """Everything stage `halt` knows; `levels` are those that stand, empty when nothing stops.

    What was stopped on its way: `intercepted_*` is what our people recorded, `on_its_way` what
    channels counted themselves; the tally of both is in domain/on_its_way.py.
    """

    levels: tuple[str, ...] = ()
    listed: dict[str, ListedChannel] = field(default_factory=dict)
    orders: tuple[HaltOrder, ...] = ()
    channels: dict[str, ChannelHalt] = field(default_factory=dict)
    lines: tuple[StoppedLine, ...] = ()
    intercepted_units: int = 0
    drifts: int = 0
    resumed_at: datetime | None = None
    resumptions: int = 0
    left_off: tuple[LeftOff, ...] = added(())
    quarantine: tuple[Quarantine, ...] = added(())
    intercepted_by_kind: tuple[Intercepted, ...] = added(())
    not_intercepted_units: int = added(0)
    intercepted_at: tuple[InterceptedAt, ...] = added(())
    on_its_way: tuple[OnItsWayThere, ...] = added(())
