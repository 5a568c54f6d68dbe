"""The gate: what the record says of page, remedy, staff, authorities, trade, and promotion.

What belongs here: six questions of reference 6.3 (4 to 8 and 10), answered from what this incident
has on record, and which part of an answer no record can hold. What never does: who confirms that
part, or what a gap leads to (domain/statement_gate.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from domain.language_names import languages_named
from domain.markets import is_within
from domain.recall_terms import Remedy
from domain.regulation_terms import Deed, DutyStatus
from domain.severity import HaltLevel
from domain.state import Incident
from domain.state.halt import ChannelHalt, ListedChannel
from domain.state.notice import Duty
from domain.state.statement import OUT, STANDS, Statement, Status
from domain.statement_facts import LISTED

PAGE: Final = "link"
"""The place of texts where the address of the recall page stands."""

BRIEFINGS: Final = frozenset({"staff", "hotline_script", "qa"})
"""Kinds of text from which staff and the hotline know what to say."""

_NAMED_AT_MOST = 3
_STOPPED = frozenset({"confirmed", "taken_over"})
_REACHED = frozenset({"accepted", "confirmed", "refused", "taken_over", "resuming", "resumed"})
_ADDRESS: Final = re.compile(r"(?i)\bhttps?://|\bwww\.|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/\w")
"""What people read as an address, whoever typed it: with a scheme, with www, or a name and path."""
_STANDS_ON_PAGE = (Status.PUBLISHED, Status.CORRECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the record says: what is `missing`, what a person must see to, what it is known from.

    What is missing, nobody can confirm (`open` names it one by one); what is `unseen` stands on no
    record. Sentences, one a line.
    """

    missing: str = ""
    open: tuple[str, ...] = ()
    unseen: str = ""
    note: str = ""


# ---------------------------------------------------------------- the page


def page_of(incident: Incident, text: Statement) -> Shown:
    """Say whether the recall page that a text points to stands, in its languages and markets."""
    if _points_elsewhere(text):
        return Shown(unseen="The text points to a page that is not ours: open it.")
    notices = [
        one
        for one in incident.statement.statements.values()
        if one.kind == "recall_notice"
        and one.status in _STANDS_ON_PAGE
        and not one.flags
        and _was_read_back(one)
    ]
    spoken = {language for one in notices for language in one.languages}
    languages = [one for one in text.languages if one not in spoken]
    readable = [one for one in notices if set(one.languages) & set(text.languages)]
    reached = {market for one in readable for market in one.markets}
    markets = [one for one in text.markets if not is_within(one, reached)]
    if not notices:
        return Shown(missing="No recall notice was read back on our page yet.", open=("notice",))
    if languages:
        said = f"No recall notice was read back on our page in: {languages_named(languages)}."
        return Shown(missing=said, open=tuple(languages))
    if markets:
        said = f"The recall notice on our page does not speak to {_row(markets)}."
        return Shown(missing=said, open=tuple(markets))
    return Shown(note=f"Read back on our page: {_row(one.id for one in notices)}.")


def _points_elsewhere(text: Statement) -> bool:
    """Say whether the address in a text is one that somebody typed: the record knows ours alone."""
    ours = any(fact.key == PAGE and fact.status == LISTED for fact in text.facts)
    words = " ".join(each.body for each in text.texts)
    return not ours and _ADDRESS.search(words) is not None


def _was_read_back(text: Statement) -> bool:
    place = text.places.get("site")
    return place is not None and place.state == "published" and place.read_back == text.sha256


# ---------------------------------------------------------------- the remedy


def remedy_of(incident: Incident) -> Shown:
    """Say whether what people are offered can be given: by the recall plan that is signed."""
    recall = incident.recall
    if not recall.is_decided:
        return Shown(unseen="No recall is decided: what the text promises, the record cannot know.")
    plan = recall.plan
    if plan is None:
        said = "No recall plan is signed: nobody said what people are offered."
        return Shown(missing=said, open=("plan",))
    if plan.scope_version < recall.grew:
        said = "The scope grew since the recall plan was signed: sign it again."
        return Shown(missing=said, open=(f"scope {recall.grew}",))
    signed = f"Recall plan {plan.version} is signed."
    unseen = tuple(_not_on_record(plan.remedies, plan.budget_minor))
    return Shown(unseen="\n".join((signed, *unseen))) if unseen else Shown(note=signed)


def _not_on_record(remedies: tuple[Remedy, ...], budget: int | None) -> Iterator[str]:
    """Say what the offered remedies need and no record of an incident holds."""
    if Remedy.EXCHANGE in remedies:
        yield "See that there is stock for the exchange."
    if Remedy.REPAIR in remedies:
        yield "See that there are parts for the repair."
    if Remedy.REFUND in remedies and budget is None:
        yield "See that there is money for the refund: the plan names no budget."


# ---------------------------------------------------------------- the staff


def briefed_by(incident: Incident) -> Shown:
    """Say by which texts staff and the hotline have the agreed line."""
    briefed = [
        each.id
        for each in incident.statement.statements.values()
        if (each.kind == "staff" and each.status in OUT)
        or (each.kind in BRIEFINGS and each.status in STANDS)
    ]
    if briefed:
        return Shown(note=f"By {_row(briefed)}.")
    return Shown(unseen="No notice to staff, no questions and answers, no hotline script is out.")


# ---------------------------------------------------------------- the channels


def promotion_of(incident: Incident) -> Shown:
    """Say whether every place where we sell or promote has stopped: ordered is not done."""
    if HaltLevel.H2 not in incident.halt.levels:
        return Shown(unseen="No halt of own shops and promotion is ordered.")
    places = _places(incident, HaltLevel.H2)
    left = [one.name for one, now in places if now is None or now.state not in _STOPPED]
    if not places:
        return Shown(unseen="No shop and no promotion of ours is on the list of channels.")
    if not left:
        return Shown(note="Own shops and promotion have confirmed that they stopped.")
    count = f"{len(left)}/{len(places)}"
    if len(left) > _NAMED_AT_MOST:
        named = _row(left[:_NAMED_AT_MOST])
        return Shown(unseen=f"Ordered, but the stop is not confirmed ({count}), first: {named}.")
    return Shown(unseen=f"Ordered, but the stop is not confirmed ({count}): {_row(left)}.")


def trade_of(incident: Incident) -> Shown:
    """Say whether the order to stop has reached the trade: whoever took it was told."""
    if HaltLevel.H3 not in incident.halt.levels:
        return Shown(unseen="No halt of trade and marketplaces is ordered.")
    places = _places(incident, HaltLevel.H3)
    left = [one.name for one, now in places if now is None or not _was_reached(now)]
    if not places:
        return Shown(unseen="No trade and no marketplace is on the list of channels.")
    if not left:
        return Shown(note="The halt has reached trade and marketplaces.")
    count = f"{len(left)}/{len(places)}"
    if len(left) > _NAMED_AT_MOST:
        named = _row(left[:_NAMED_AT_MOST])
        return Shown(unseen=f"Ordered, but the halt has not reached all ({count}), first: {named}.")
    return Shown(unseen=f"Ordered, but the halt has not reached all ({count}): {_row(left)}.")


def _places(incident: Incident, level: HaltLevel) -> list[tuple[ListedChannel, ChannelHalt | None]]:
    """Give the listed channels of a level, each with where it stands."""
    listed = incident.halt.listed.values()
    return [(one, incident.halt.channels.get(one.id)) for one in listed if one.level == level]


def _was_reached(now: ChannelHalt) -> bool:
    """Say whether a channel took an order; one that sells after all did so if it gave a proof."""
    return now.state in _REACHED or (now.state == "selling" and bool(now.proof))


# ---------------------------------------------------------------- the authorities


def authorities_of(incident: Incident, text: Statement) -> Shown:
    """Say which authorities of a text's markets were told of the incident, and which were not.

    Those count whom a rule names for the incident itself. What one person's harm leads to has its
    own time, which no text waits for; what nobody is sure of, a person judges.
    """
    about = _duties_of(incident, text)
    untold = [duty for duty in about if duty.counts and not duty.possible and _is_untold(duty)]
    if untold:
        named = "; ".join(f"{duty.place or duty.market}: {duty.id}" for duty in untold)
        return Shown(
            missing=f"The authority was not told: {named}. File it, or record the call.",
            open=tuple(duty.id for duty in untold),
        )
    told = [duty for duty in about if duty.filings or duty.status in _HEARD]
    settled = [duty for duty in about if not _is_untold(duty)]
    silent = [
        market
        for market in text.markets
        if not any(is_within(market, (duty.market, duty.place or duty.market)) for duty in settled)
    ]
    if silent:
        return Shown(unseen=f"On the record no authority was told in {_row(silent)}.")
    if not told:
        return Shown(note=f"Determined or ended: {_row(duty.id for duty in settled)}.")
    return Shown(note=f"Told: {_row(duty.id for duty in told)}.")


def duties_untold(incident: Incident, text: Statement) -> tuple[Duty, ...]:
    """List the duties by which an authority of a text's markets is to be told, and was not.

    Those too of which nobody is sure yet: a person judges them.
    """
    return tuple(filter(_is_untold, _duties_of(incident, text)))


def _duties_of(incident: Incident, text: Statement) -> list[Duty]:
    """Give the duties to tell an authority; to tell consumers is what the text itself does."""
    elsewhere = {rule.id for rule in incident.rules.regulations if rule.deed is not Deed.REPORT}
    return [
        duty
        for duty in incident.notice.duties.values()
        if duty.subject == "incident"
        and not duty.after
        and duty.rule not in elsewhere
        and is_within(duty.market, text.markets)
    ]


_HEARD: Final = frozenset({DutyStatus.TOLD, DutyStatus.FILED})
"""Where a duty stands once the authority has heard of it."""


def _is_untold(duty: Duty) -> bool:
    return duty.status is DutyStatus.OPEN and not duty.filings


def _row(names: Iterator[str] | list[str]) -> str:
    return ", ".join(names)
