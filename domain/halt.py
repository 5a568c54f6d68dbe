"""Stage `halt` 停售、停产、停发、停推: orders by level, confirming, lifting, resuming.

What belongs here: which levels stop, who confirmed. What never does: lifting (domain/resuming.py),
what single channels answer (domain/channels.py), or carrying an order (workflows/halt.py).
A halt is forward recovery: an ill channel is retried and shown, the others stay halted; selling
again is an explicit, signed act.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.counted_there import answers_before, counted_before
from domain.dispatch import Act, Effect, causes, decides, evolves, follows
from domain.errors import Refused
from domain.freed_goods import is_in_pairs, sells_again, unknown
from domain.goods_in_pairs import Goods
from domain.grading import SeverityAssessed
from domain.left_to_person import as_before
from domain.message import ask, command, event
from domain.ordered_anew import behind_nothing
from domain.orders_there import answers_of, beside_newer, kept_apart, with_answers
from domain.people import Role
from domain.plan_terms import BeforeConfirmation, ChannelKind, CountedFrom
from domain.replacing import replace
from domain.report import ReportDecided
from domain.severity import Evidence, Grade, HaltLevel
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.halt import ChannelHalt, HaltOrder, ListedChannel
from domain.steps import since_rise, started_at
from domain.taken_back import joining
from domain.under_way import beside_halt, is_resuming, undone
from domain.values import LotNumber, ProductId, PublicText
from domain.wire import added

OPEN_REPORT = ("received", "accepted")
LEVELS = tuple(level for level in HaltLevel if level is not HaltLevel.H0)
HALT_ROLES = (
    Role.DUTY_OFFICER,
    Role.INCIDENT_COMMANDER,
    Role.QUALITY,
    Role.QUALITY_SAFETY_RESPONSIBLE,
    Role.PLANT_MANAGER,
    Role.SUPPLY_CHAIN,
    Role.SERVICE_LEAD,
    Role.CHANNEL_LEAD,
)

# ---------------------------------------------------------------- events


@event("ChannelsListed", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsListed:
    """The channels of the company as the incident knows them from now on.

    `joined` are new ones of levels that are over: no order goes to them, and recalled lots are held
    there all the same.
    """

    channels: tuple[ListedChannel, ...]
    joined: tuple[str, ...] = added(())


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedChannel:
    """A channel under an order, with the time the plan gives it to answer.

    `goes_on`: what it was told to resume goes on there, but for what this order stops of it.
    """

    channel: str
    answer_due_at: datetime | None
    goes_on: bool = added(default=False)


@event("HaltOrdered", stage=Stage.HALT)
@dataclass(frozen=True, slots=True, kw_only=True)
class HaltOrdered:
    """Products and lots must stop at all channels of a level; no lots means the whole product.

    `part_of`: it goes on with what is left of this order, which was freed of the other goods.
    """

    number: int
    level: HaltLevel
    products: tuple[str, ...]
    lots: tuple[str, ...]
    channels: tuple[OrderedChannel, ...]
    before_confirmation: bool
    by_plan: bool
    by: str
    reason: PublicText
    confirm_by: datetime | None
    rule: str = ""
    part_of: int = added(0)


@command("list_channels", stage=Stage.HALT, roles=[Role.PERFORMER], title="List the channels")
@dataclass(frozen=True, slots=True, kw_only=True)
class ListChannels:
    """What the company's own list says at this moment."""

    channels: tuple[ListedChannel, ...]


@command(
    "order_halt",
    stage=Stage.HALT,
    roles=HALT_ROLES,
    act=lambda order: None if order.level == HaltLevel.H0 else f"halt_{order.level.lower()}",
    title="Halt now",
    help="H1 own stock and shipments; H2 own shops and all promotion; H3 trade and marketplaces; "
    "H4 production. The levels that go with it stop too, also goods that were freed there.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHalt:
    """Pull the cord: nothing needs to be proven, though what the plan leaves to people is said."""

    level: HaltLevel = ask("What must stop?", widget="halt_level")
    products: tuple[ProductId, ...] = ask(
        "Which products? (leave empty for those reported)", default=()
    )
    lots: tuple[LotNumber, ...] = ask("Which lots? (leave empty for those reported)", default=())
    reason: PublicText = ask("Why?", default=PublicText(""), max=2000)


@decides(ListChannels)
def list_channels(incident: Incident, _act: Act, said: ListChannels) -> tuple[Any, ...]:
    """Take over the company's list of channels; who joins where recalled lots are held is named."""
    return (ChannelsListed(channels=said.channels, joined=joining(incident, said.channels)),)


@decides(OrderHalt)
def order_halt(incident: Incident, act: Act, said: OrderHalt) -> tuple[Any, ...]:
    """Order a level, and those that the plan lets go with it, for what is named or reported."""
    if said.level == HaltLevel.H0:
        raise Refused("H0 stops nothing.", "Choose H1, H2, H3 or H4.", code="no_level")
    if incident.report.status not in OPEN_REPORT:
        raise Refused("This report is closed.", "Report the problem again.", code="not_open")
    what = (
        tuple(said.products) or halted_products(incident),
        tuple(said.lots) or halted_lots(incident),
    )
    below = _below(incident, said.level, what)
    if not below and stands(incident, said.level, *what, everywhere=True):
        raise Refused(
            f"{said.level} stands already for these products and lots.",
            "Name other lots or products, or look at the halt board for who has not answered.",
            code="halt_stands",
        )
    _require_ground(incident, said)
    missing = below or (said.level,)
    return tuple(
        order_level(incident, act, level, what, reason=said.reason, offset=offset)
        for offset, level in enumerate(missing)
    )


def _missing(incident: Incident, level: str, what: Goods) -> tuple[HaltLevel, ...]:
    """Give the levels that an order of a level puts on and that do not stand yet."""
    with_it = incident.rules.plan.levels_with(level)
    return tuple(each for each in with_it if not stands(incident, each, *what))


def _below(incident: Incident, level: str, what: Goods) -> tuple[HaltLevel, ...]:
    """Give what a person's order of a level puts on, levels where such goods sell again too."""
    levels = [each for each in incident.rules.plan.levels_with(level) if each != level]
    again = tuple(each for each in levels if sells_again(incident, each, what))
    if stands(incident, level, *what, everywhere=True):
        return again
    missing = (*_missing(incident, level, what), *again)
    return (*(each for each in levels if each in missing), HaltLevel(level))


def ground_of(incident: Incident, level: str) -> str:
    """Say on what ground the plan lets a level stop before anything is confirmed (table 4.5).

    Empty where it leaves that to a decision: the evidence or the fault is not among its own.
    """
    row, answers = incident.rules.plan.level(level), incident.report.answers
    word = row.before_confirmation.get(incident.report.grade, BeforeConfirmation.BY_DECISION)
    holds = {
        BeforeConfirmation.ON_ONE_REPORT: True,
        BeforeConfirmation.ON_EVIDENCE: answers.evidence in row.evidence_enough,
        # Our own inspection is enough of a finding by law (Order 46 art. 33(2)).
        BeforeConfirmation.ON_FAULT: answers.fault in row.faults_enough
        or answers.evidence is Evidence.OWN_RECORDS,
        BeforeConfirmation.BY_DECISION: False,
    }
    return str(word) if holds[word] else ""


def _require_ground(incident: Incident, said: OrderHalt) -> None:
    """Ask for the reason of a halt that the plan leaves to people before the acceptance."""
    if incident.report.is_accepted or said.reason.strip() or ground_of(incident, said.level):
        return
    raise Refused(
        f"At grade {incident.report.grade} the plan leaves {said.level} to a decision until the "
        "report is accepted.",
        "Say why it must stop now, and order it.",
        code="reason_missing",
    )


def halted_lots(incident: Incident) -> tuple[str, ...]:
    """Give the lots a halt is about; none means the whole product (rule M3).

    A scope bounds them, or says that they cannot be bounded; what was reported stays in.
    """
    reported, scope = incident.report, incident.recall.scope
    if scope is None:
        return () if reported.lots_unknown else reported.lots
    return () if scope.unbounded else tuple(sorted({*reported.lots, *scope.coverage.lots}))


def halted_products(incident: Incident) -> tuple[str, ...]:
    """Give the products a halt is about: those reported and those in the scope."""
    return tuple(sorted({*incident.report.products, *incident.recall.coverage.products}))


def stopped_by(
    incident: Incident, orders: Sequence[HaltOrder]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the products and lots that orders stop, and what the incident is about; no lots: all."""
    products = {*halted_products(incident), *(p for order in orders for p in order.products)}
    about = halted_lots(incident)
    if not about or not all(order.lots for order in orders):
        return tuple(sorted(products)), ()
    lots = {*about, *(lot for order in orders for lot in order.lots)}
    return tuple(sorted(products)), tuple(sorted(lots))


def free_levels(incident: Incident) -> tuple[HaltLevel, ...]:
    """List the levels that do not stand yet for all it is about; the others stop other goods."""
    if incident.report.status not in OPEN_REPORT:
        return ()
    what = (halted_products(incident), halted_lots(incident))
    return tuple(level for level in LEVELS if _below(incident, level, what))


def stands(
    incident: Incident,
    level: str,
    products: tuple[str, ...],
    lots: tuple[str, ...],
    *,
    everywhere: bool = False,
) -> bool:
    """Say whether a level stands for all of these products and lots.

    Where sale resumed at some of its channels, or for some of its goods, it stands still: nothing
    but a person's own order stops those again, which asks whether it stands `everywhere`: an order
    to one new channel does not. Once goods were freed, each channel is asked about each of them.
    """
    if not everywhere and is_in_pairs(incident, level):
        return not unknown(incident, level, (products, lots))
    orders = [
        order
        for order in incident.halt.orders
        if order.lifted_at is None
        and order.level == level
        and set(products) <= set(order.products)
        and (not order.lots or (bool(lots) and set(lots) <= set(order.lots)))
    ]
    if not everywhere or not orders:
        return bool(orders)
    listed = {one.id for one in incident.halt.listed.values() if one.level == level}
    return listed <= {channel for order in orders for channel in order.stopped}


def order_level(  # noqa: PLR0913 - one order, all by name
    incident: Incident,
    act: Act,
    level: HaltLevel,
    what: Goods,
    *,
    reason: str,
    by_plan: str = "",
    offset: int = 0,
    channels: tuple[ListedChannel, ...] = (),
) -> HaltOrdered:
    """Make one order; `by_plan` is the rule of the plan that gives it, empty for a person's.

    It goes to every channel of the level, or to these `channels` alone.
    """
    plan, grade = incident.rules.plan, incident.report.grade
    limit = plan.level(level).second_person_within
    reached = channels or [c for c in incident.halt.listed.values() if c.level == level]
    return HaltOrdered(
        number=len(incident.halt.orders) + 1 + offset,
        level=level,
        products=what[0],
        lots=what[1],
        channels=tuple(
            OrderedChannel(
                channel=c.id,
                answer_due_at=_answer_due(incident, act.at, c, grade),
                goes_on=c.id in incident.halt.channels
                and is_resuming(incident.halt.channels[c.id]),
            )
            for c in reached
        ),
        before_confirmation=not incident.report.is_accepted,
        by_plan=bool(by_plan),
        by="plan" if by_plan else act.who,
        reason=PublicText(reason),
        confirm_by=incident.rules.due_at(act.at, limit) if limit else None,
        rule=by_plan or ("" if incident.report.is_accepted else ground_of(incident, level)),
    )


def _answer_due(
    incident: Incident, at: datetime, channel: ListedChannel, grade: Grade
) -> datetime | None:
    """Say by when a channel confirms: in the time of its kind, from what the plan counts it."""
    plan, kind = incident.rules.plan, ChannelKind(channel.kind)
    limit, step = plan.confirmation(kind, grade), plan.confirming(kind)
    if limit is None:
        return None
    from_order = plan.times[step].counted_from is CountedFrom.ORDER
    started = None if from_order else started_at(incident, step)
    start_at = at if started is None else since_rise(incident, started)
    return incident.rules.due_at(start_at, limit)


def confirms_by(incident: Incident, at: datetime, channel: ListedChannel) -> datetime | None:
    """Say by when a channel that is ordered at an instant confirms; None without such a time."""
    limit = incident.rules.plan.confirmation(ChannelKind(channel.kind), incident.report.grade)
    return incident.rules.due_at(at, limit) if limit is not None else None


def plan_orders(
    incident: Incident, act: Act, level: str, rule: Callable[[HaltLevel], str]
) -> tuple[HaltOrdered, ...]:
    """Give the orders that the plan itself gives, leaving out what stands already.

    `rule` says in a sentence for each level that the plan orders it, not the highest alone.
    Before the report is accepted, only levels that the plan lets stop on what is known (4.5).
    """
    what = (halted_products(incident), halted_lots(incident))
    accepted = incident.report.is_accepted
    missing = [
        each
        for each in _missing(incident, level, what)
        if each is not HaltLevel.H0 and (accepted or ground_of(incident, each))
    ]
    return tuple(
        order_level(incident, act, each, what, reason=rule(each), by_plan=rule(each), offset=offset)
        for offset, each in enumerate(missing)
    )


@follows(SeverityAssessed)
def plan_halts_on_report(
    incident: Incident, result: SeverityAssessed, act: Act
) -> tuple[HaltOrdered, ...]:
    """The plan stops what its row for the grade allows before anything is confirmed (4.2, 4.5)."""
    if incident.report.status not in OPEN_REPORT or incident.halt.resumed_at:
        return ()
    row = incident.rules.plan.grades[result.grade]
    level = row.halt_on_acceptance if incident.report.is_accepted else row.halt_on_report
    return plan_orders(
        incident, act, level, lambda each: f"The plan orders {each} at grade {result.grade}."
    )


@follows(ReportDecided)
def plan_halts_on_acceptance(
    incident: Incident, decided: ReportDecided, act: Act
) -> tuple[HaltOrdered, ...]:
    """Acceptance brings the orders of the plan's row for the grade (table 4.2)."""
    if decided.outcome != "accepted":
        return ()
    level = incident.rules.plan.grades[decided.grade].halt_on_acceptance
    return plan_orders(
        incident,
        act,
        level,
        lambda each: f"The plan orders {each} on acceptance at grade {decided.grade}.",
    )


def find_order(incident: Incident, number: int) -> HaltOrder:
    """Find an order by number; raises Refused."""
    for order in incident.halt.orders:
        if order.number == number:
            return order
    raise Refused(
        f"There is no halt order {number}.",
        f"Orders go from 1 to {len(incident.halt.orders)}.",
        code="no_order",
    )


@evolves(ChannelsListed)
def _listed(incident: Incident, listed: ChannelsListed, _mark: Mark) -> Incident:
    """Take over a list; who was ordered to stop stays listed, whatever a later list leaves out."""
    now = {c.id: c for c in listed.channels}
    known = incident.halt.listed
    lacking = [name for name in incident.halt.channels if name not in now and name in known]
    return with_stage(incident, "halt", listed=now | {name: known[name] for name in lacking})


@evolves(HaltOrdered)
def _ordered(incident: Incident, ordered: HaltOrdered, mark: Mark) -> Incident:
    order = HaltOrder(
        number=ordered.number,
        seq=mark.seq,
        level=ordered.level,
        products=ordered.products,
        lots=ordered.lots,
        channels=tuple(c.channel for c in ordered.channels),
        ordered_at=mark.at,
        ordered_by=ordered.by,
        by_plan=ordered.by_plan,
        reason=ordered.reason,
        confirm_by=ordered.confirm_by,
        part_of=ordered.part_of,
    )
    if ordered.part_of:
        whole = find_order(incident, ordered.part_of)
        order = replace(order, confirmed_at=whole.confirmed_at, confirmed_by=whole.confirmed_by)
    channels = {c.channel: _ordered_at(incident, order, c, mark) for c in ordered.channels}
    return with_stage(
        incident,
        "halt",
        levels=tuple(sorted({*incident.halt.levels, str(ordered.level)})),
        orders=(*incident.halt.orders, order),
        channels={**incident.halt.channels, **channels},
        resumed_at=None,
    )


def _ordered_at(
    incident: Incident, order: HaltOrder, there: OrderedChannel, mark: Mark
) -> ChannelHalt:
    """Give a channel under a new order, beside those that nobody has answered for there yet."""
    before = incident.halt.channels.get(there.channel)
    apart = kept_apart(incident, before, order)
    now = ChannelHalt(
        channel=there.channel,
        order=order.number,
        state="ordered",
        ordered_at=mark.at,
        answer_due_at=there.answer_due_at,
        resume=before.resume if before and before.state == "resuming" else "",
        again=before.again if before else (),
        older_answers=answers_before(incident, before, order),
        drift=before.drift if before else None,
        found=before.found if before else None,
        units=sum(one.units for one in apart) if apart else None,
        apart=apart,
        counted=counted_before(incident, before, order, apart),
        all_held=before.all_held if before else None,
    )
    if before is not None and there.goes_on:
        going = beside_halt(before, order, mark)
        now = replace(now, resume="", under_way=going.under_way, ended=going.ended)
    now = as_before(incident, now, before, order)
    older = beside_newer(incident, before, order, there.answer_due_at)
    both = with_answers(now, (*older, *answers_of(now)))
    if before is not None and both.state != "ordered":  # it stands where it did, since it did
        both = replace(both, answered_at=before.answered_at)
    return behind_nothing(before, both, mark)


def changed_orders(incident: Incident, number: int, **changes: Any) -> tuple[HaltOrder, ...]:
    """Give the orders with some fields of one changed."""
    return tuple(
        replace(order, **changes) if order.number == number else order
        for order in incident.halt.orders
    )


@causes(HaltOrdered)
def _carry(incident: Incident, ordered: HaltOrdered, mark: Mark) -> Iterable[Effect]:
    """Carry the order; nobody may carry an order to resume the same goods there any more."""
    now = incident.halt.channels
    there = [now[c.channel] for c in ordered.channels]
    yield Effect(
        name="halt",
        target=str(ordered.number),
        seq=mark.seq,
        body={
            "level": str(ordered.level),
            "products": list(ordered.products),
            "lots": list(ordered.lots),
            "channels": [c.channel for c in ordered.channels],
            "undone": [[one.resume, one.channel] for one in there if one.resume] + undone(there),
        },
    )
