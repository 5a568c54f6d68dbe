"""The gate: what the record says of the recall page, of the remedy, and of the authorities.

What belongs here: three questions of reference 6.3 (4, 5 and 7), answered from what this incident
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
from domain.regulation_terms import DutyStatus
from domain.state import Incident
from domain.state.notice import Duty
from domain.state.statement import Statement, Status
from domain.statement_facts import LISTED

PAGE: Final = "link"
"""The place of texts where the address of the recall page stands."""

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


# ---------------------------------------------------------------- the authorities


def authorities_of(incident: Incident, text: Statement) -> Shown:
    """Say which authorities of a text's markets were told of the incident, and which were not.

    Those count whom a rule names for the incident itself. What one person's harm leads to has its
    own time, which no text waits for; what nobody is sure of, a person judges.
    """
    about = [
        duty
        for duty in incident.notice.duties.values()
        if duty.subject == "incident" and not duty.after and is_within(duty.market, text.markets)
    ]
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


_HEARD: Final = frozenset({DutyStatus.TOLD, DutyStatus.FILED})
"""Where a duty stands once the authority has heard of it."""


def _is_untold(duty: Duty) -> bool:
    return duty.status is DutyStatus.OPEN and not duty.filings


def _row(names: Iterator[str] | list[str]) -> str:
    return ", ".join(names)
