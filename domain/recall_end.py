"""Stage `recall`: the ends of a recall, market by market, and the figures that go with them.

What belongs here: completed by us, termination asked for, and what is open at that moment. What
never does: a word of the authority that it did not write (its letter: domain/termination.py).
Completed by the firm and terminated by the authority are two things (21 CFR 7.55). Silent
consignees, criteria that are not met and units that nobody can account for are named in the entry,
for ever.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.consignees import silent, untold
from domain.dispatch import Act, Effect, causes, decides, evolves
from domain.effectiveness import open_checks
from domain.errors import Refused
from domain.goods import out_of, tally_of
from domain.markets import is_within
from domain.message import ask, command, event
from domain.notifications import public_is_told, trade_is_told
from domain.people import Role
from domain.recall_scope import TOLD_ROLES
from domain.recall_terms import EndStep
from domain.scope import RETURN_RATE, LotOpen, LotRecovery, return_rate
from domain.stages import Stage
from domain.state import Incident, Mark, Signature, with_stage
from domain.state.recall import MarketEnd, RecallState
from domain.values import BlobId, ConsigneeId, PublicText
from domain.wire import added

END_ROLES = (Role.INCIDENT_COMMANDER, Role.REGULATORY_AFFAIRS)
ANOTHER = "-"
"""Stands for the market of a consignee that is not in the one that is completed."""


@event("RecallEnded", stage=Stage.RECALL)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecallEnded:
    """One of the three ends in one market, with the figures of all markets at that moment.

    `return_rate` is in hundredths of a percent, None when it cannot be known; `open_units` names
    the lots with units that nobody can account for; `elsewhere` the consignees that counted in
    another market, by the company's list.
    """

    market: str
    step: EndStep
    return_rate: int | None
    rate_definition: PublicText
    open_units: tuple[LotOpen, ...]
    silent: tuple[str, ...]
    unmet: tuple[PublicText, ...]
    reason: PublicText
    signers: tuple[Signature, ...]
    authority: str = ""
    letter_sha256: str = ""
    granted_on: date | None = None
    elsewhere: tuple[str, ...] = added(())


# ---------------------------------------------------------------- commands


@command("complete_recall", stage=Stage.RECALL, roles=END_ROLES, act="complete_recall",
         item="market", title="The recall is completed here",
         meaning="What could be taken back in this market was taken back")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRecall:
    """Completed by us in one market; whatever is open is named and needs a reason."""

    market: str = ask("Market", max=2)
    reason: PublicText = ask(
        "If something is open: why is it completed all the same?",
        default=PublicText(""),
        max=4000,
    )
    elsewhere: tuple[ConsigneeId, ...] = ask(
        "Consignees of other markets, by the company's list",
        default=(),
        added=True,
        help="Of consignees whose market no notice names; the page fills it in.",
    )


@command("request_termination", stage=Stage.RECALL, roles=END_ROLES, act="request_termination",
         item="market", title="Ask the authority to terminate",
         meaning="The authority is asked to terminate the recall")  # fmt: skip
@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTermination:
    """We ask; the authority decides."""

    market: str = ask("Market", max=2)
    authority: str = ask("Which authority?", max=120)
    letter: BlobId = ask("Our letter, as a file")
    reason: PublicText = ask("Note", default=PublicText(""), max=2000)


# ---------------------------------------------------------------- decide


@decides(CompleteRecall)
def complete_recall(incident: Incident, act: Act, said: CompleteRecall) -> tuple[RecallEnded, ...]:
    """Complete in one market; refused while something is open and no reason is given."""
    recall = incident.recall
    if not recall.is_decided:
        raise Refused("No recall is decided.", "There is nothing to complete.", code="not_decided")
    if said.market not in recall.open_markets:
        markets = ", ".join(recall.open_markets)
        raise Refused(
            f"Nothing is to be completed in {said.market}.",
            f"It is still open in {markets}." if markets else "It is completed everywhere.",
            code="no_market",
        )
    there = placed(recall, said.elsewhere)
    names = tuple(sorted(row.id for row in silent(there, said.market)))
    wanting = tuple(unmet(replace(incident, recall=there), said.market))
    if (names or wanting) and not said.reason.strip():
        raise Refused(
            " ".join((*wanting, *_missing(there, said.market))),
            "Settle it, take the silent ones over, or say why it is completed all the same: "
            "what is open stays named.",
            code="unmet",
        )
    made = end_in(incident, act, (said.market, EndStep.COMPLETED), names, wanting, said.reason)
    moved = {row.id for row in there.consignees.values() if row.market == ANOTHER}
    return (replace(made, elsewhere=tuple(sorted(moved))),)


def _missing(recall: RecallState, market: str) -> Iterator[str]:
    """Name those that nobody told yet, and apart from them those that were told and are silent."""
    unheard = sorted(row.id for row in untold(recall, market))
    asked = sorted({row.id for row in silent(recall, market)} - set(unheard))
    if unheard:
        yield f"Not told yet: {', '.join(unheard[:5])}."
    if asked:
        yield f"Silent: {', '.join(asked[:5])}."


def placed(recall: RecallState, elsewhere: Iterable[str]) -> RecallState:
    """Give the recall with some consignees in another market, where no notice names theirs.

    Whoever has no market counts in every one: nobody is forgotten because a list is short.
    """
    moved = {
        name: replace(row, market=ANOTHER)
        for name in elsewhere
        if (row := recall.consignees.get(name)) is not None and not row.market
    }
    return replace(recall, consignees={**recall.consignees, **moved})


@decides(RequestTermination)
def request_termination(
    incident: Incident, act: Act, said: RequestTermination
) -> tuple[RecallEnded, ...]:
    """Ask the authority, once it is completed by us."""
    end = completed_end(incident, said.market)
    if end.step != EndStep.COMPLETED:
        raise Refused(
            "Termination was asked for already.", "Wait for the answer.", code="requested"
        )
    step = (said.market, EndStep.TERMINATION_REQUESTED)
    made = end_in(incident, act, step, end.silent, end.unmet, said.reason)
    return (replace(made, authority=said.authority, letter_sha256=said.letter),)


def completed_end(incident: Incident, market: str) -> MarketEnd:
    """Give how the recall was completed by us in a market; raises Refused."""
    end = incident.recall.ends.get(market)
    if end is None:
        raise Refused(
            f"The recall is not completed by us in {market}.",
            "Complete it there first.",
            code="not_completed",
        )
    return end


def end_in(
    incident: Incident,
    act: Act,
    step: tuple[str, EndStep],
    silent_ones: tuple[str, ...],
    wanting: tuple[PublicText, ...],
    reason: PublicText,
) -> RecallEnded:
    """Make one of the ends in a market, `step` being both, with the figures of now."""
    lots = recovery(incident.recall)
    return RecallEnded(
        market=step[0],
        step=step[1],
        return_rate=return_rate(lots),
        rate_definition=PublicText(RETURN_RATE),
        open_units=open_units(lots),
        silent=silent_ones,
        unmet=wanting,
        reason=reason,
        signers=act.signers,
    )


# ---------------------------------------------------------------- the figures


def recovery(recall: RecallState) -> tuple[LotRecovery, ...]:
    """Give what came back of every lot that the scope names or that came in under it.

    In an unbounded scope lots that nobody named count too, with nothing known about their number.
    """
    destroyed: dict[str, int] = {}
    for row in recall.consignees.values():
        for answer in row.lots:
            destroyed[answer.lot] = destroyed.get(answer.lot, 0) + (answer.destroyed or 0)
    names = set(recall.coverage.lots)
    if recall.coverage.unbounded:
        names |= {tally.lot for tally in recall.tallies} | set(destroyed)
    return tuple(
        LotRecovery(
            lot=name,
            out=out_of(recall, name),
            received=tally_of(recall, name).received,
            destroyed=destroyed.get(name, 0),
            remedied=tally_of(recall, name).remedied,
        )
        for name in sorted(names)
    )


def open_units(lots: Iterable[LotRecovery]) -> tuple[LotOpen, ...]:
    """Name the lots with units that nobody can account for, or whose number nobody knows."""
    return tuple(
        LotOpen(lot=row.lot, units=row.unaccounted) for row in lots if row.unaccounted != 0
    )


def unmet(incident: Incident, market: str) -> Iterator[PublicText]:
    """Say in sentences which criteria of the signed plan are not met in a market."""
    recall = incident.recall
    yield from unmet_figures(incident, market)
    checks = open_checks(recall, market) if recall.plan is not None else ()
    if checks:
        names = ", ".join(checks[:5])
        if len(checks) == 1:
            yield PublicText(f"1 effectiveness check is open: {names}.")
        else:
            yield PublicText(f"{len(checks)} effectiveness checks are open: {names}.")


def unmet_figures(incident: Incident, market: str) -> Iterator[PublicText]:
    """Say which criteria are not met, but for the checks: who is to be checked has a name."""
    recall = incident.recall
    if recall.plan is None:
        yield PublicText("No recall plan is signed.")
        return
    if recall.plan.scope_version < recall.grew:
        yield PublicText("The scope grew after the recall plan was signed.")
    if not trade_is_told(recall):
        yield PublicText("Not every consignee was told.")
    if not public_is_told(incident, market):
        yield PublicText("Consumers were not told.")
    answered = answered_percent(recall, market)
    if answered is not None and answered < recall.plan.answered_percent:
        wanted = recall.plan.answered_percent
        yield PublicText(f"{answered} % of consignees answered; the plan wants {wanted} %.")
    wanted_rate, rate = recall.plan.recovered_percent, return_rate(recovery(recall))
    if wanted_rate is not None and (rate is None or rate < wanted_rate * 100):
        shown = "not known" if rate is None else f"{rate // 100}.{rate % 100:02d} %"
        yield PublicText(f"The return rate is {shown}; the plan wants {wanted_rate} %.")


def answered_percent(recall: RecallState, market: str) -> int | None:
    """Give the share of consignees in a market that answered or were taken over, rounded down."""
    rows = [
        row
        for row in recall.consignees.values()
        if not row.let_go and (not row.market or is_within(row.market, [market]))
    ]
    if not rows:
        return None
    return (len(rows) - len(silent(recall, market))) * 100 // len(rows)


# ---------------------------------------------------------------- evolve


@evolves(RecallEnded)
def _ended(incident: Incident, ended: RecallEnded, mark: Mark) -> Incident:
    ends = incident.recall.ends
    if ended.step == EndStep.COMPLETED:
        end = MarketEnd(
            market=ended.market,
            completed_at=mark.at,
            return_rate=ended.return_rate,
            open_units=ended.open_units,
            silent=ended.silent,
            unmet=ended.unmet,
            reason=ended.reason,
            elsewhere=ended.elsewhere,
        )
    elif ended.step == EndStep.TERMINATION_REQUESTED:
        end = replace(ends[ended.market], requested_at=mark.at, authority=ended.authority)
    else:
        end = replace(
            ends[ended.market],
            granted_on=ended.granted_on,
            authority=ended.authority,
            letter=ended.letter_sha256,
            ended_by=ended.signers,
        )
    return with_stage(incident, "recall", ends={**ends, ended.market: end})


@causes(RecallEnded)
def _tell(_incident: Incident, ended: RecallEnded, mark: Mark) -> Iterable[Effect]:
    yield Effect(
        name="tell",
        target=f"ended-{ended.market}-{ended.step}",
        seq=mark.seq,
        body={
            "kind": f"recall_{ended.step}",
            "roles": [str(role) for role in TOLD_ROLES],
            "market": ended.market,
        },
    )
