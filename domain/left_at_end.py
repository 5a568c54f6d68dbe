"""Stage `review`: what is still not so when an incident ends, whoever signs that it may.

What belongs here: channels that never confirmed, texts that nobody saw in place or that never went
out, facts that nobody verified, what of each lot came back, what consignees left open. What never
does: keeping the incident from closing, or asking for a reason (domain/review.py). It is said, so
that nobody reads the seal as more than it is.
"""

from collections.abc import Callable, Iterator
from typing import Final

from domain.channels import SELLING_AGAIN, SETTLED
from domain.language_names import languages_named
from domain.publication import stands_otherwise, unseen_languages
from domain.recall_end import recovery
from domain.scope import LotRecovery
from domain.state import Incident
from domain.state.halt import ChannelHalt
from domain.state.investigation import FactStatus
from domain.state.statement import OUT, Status
from domain.statement_demand import demands
from domain.unplaced import all_left_open

NAMED: Final = 20
"""So many answers that leave units open are named by themselves; the rest is counted."""

NOT_SEEN = frozenset({"ordered", "handed_over", "failed"})


def left_at_end(incident: Incident) -> tuple[str, ...]:
    """Name what is not confirmed, and what came back of each lot, in sentences."""
    recall = incident.recall
    lots = recovery(recall) if recall.is_decided else ()
    return (
        *_channels(incident),
        *_retained(incident),
        *_texts(incident),
        *_never_out(incident),
        *_unverified(incident),
        *map(_came_back, lots),
        *_not_accounted_for(incident),
    )


def unconfirmed_channels(incident: Incident) -> int:
    """Count the channels that were told to stop and for whose stop nobody answers."""
    return sum(one.state not in SETTLED | SELLING_AGAIN for one in _of(incident))


def left_in(incident: Incident, stage: str) -> str:
    """Say how a stage ended that is not done: `left` is not confirmed, `stopped` stays stopped."""
    if stage == "halt":
        if unconfirmed_channels(incident):
            return "left"
        return "stopped" if incident.halt.levels else ""
    left = _IN_STAGE.get(stage, ())
    return "left" if any(any(find(incident)) for find in left) else ""


def _of(incident: Incident) -> list[ChannelHalt]:
    return list(incident.halt.channels.values())


def _channels(incident: Incident) -> Iterator[str]:
    silent, told = unconfirmed_channels(incident), len(incident.halt.channels)
    if silent:
        yield (
            f"1 of {told} channels has not confirmed that it stopped"
            if silent == 1
            else f"{silent} of {told} channels have not confirmed that they stopped"
        )


def _retained(incident: Incident) -> Iterator[str]:
    halt, evidence = incident.halt, incident.investigation.evidence.values()
    secured = (
        any(one.retained_samples_secured for one in halt.lines)
        or any(one.retained_samples_secured for one in halt.quarantine)
        or any(one.retained_sample for one in evidence)
    )
    if halt.lines and not secured:
        yield "production stopped, and nobody confirmed that retained samples are secured"


def _texts(incident: Incident) -> Iterator[str]:
    for text in incident.statement.statements.values():
        if text.status not in OUT | {Status.PUBLISHING}:
            continue
        other = sum(map(stands_otherwise, text.places.values()))
        if other:
            yield (
                f"text {text.id} was seen at a place in other words than those approved"
                if other == 1
                else f"text {text.id} was seen at {other} places in other words than those approved"
            )
        unseen = sum(place.state in NOT_SEEN for place in text.places.values()) - other
        if unseen:
            yield (
                f"text {text.id} went to a place where nobody confirmed it"
                if unseen == 1
                else f"text {text.id} went to {unseen} places where nobody confirmed it"
            )
        lacking = {one for place in text.places.values() for one in unseen_languages(text, place)}
        if lacking:
            names = languages_named(one for one in text.languages if one in lacking)
            yield f"text {text.id} stands where nobody saw these languages of it: {names}"


def known_wrong(incident: Incident) -> Iterator[str]:
    """Name the texts that stand out there, are called wrong, and wait for somebody to say so."""
    for text in incident.statement.statements.values():
        if text.flags and text.status in (Status.PUBLISHED, Status.CORRECTED):
            yield f"text {text.id} was called wrong, and nobody corrected it or found it right"


def _never_out(incident: Incident) -> Iterator[str]:
    # What is only to be ready, decided or told again never had to go out.
    kinds = dict.fromkeys(
        one.kind for one in demands(incident) if one.what == "out" and not one.met
    )
    names = "; ".join(incident.rules.plan.statement(kind).title_en for kind in kinds)
    if kinds:
        yield (
            f"1 text that the plan asks for did not go out: {names}"
            if len(kinds) == 1
            else f"{len(kinds)} texts that the plan asks for did not go out: {names}"
        )


def _unverified(incident: Incident) -> Iterator[str]:
    facts = incident.investigation.facts.values()
    reported = sum(one.status in (FactStatus.REPORTED, FactStatus.DISPUTED) for one in facts)
    if reported:
        yield ("1 fact is not verified" if reported == 1 else f"{reported} facts are not verified")


def _came_back(lot: LotRecovery) -> str:
    if lot.out is None:
        return f"lot {lot.lot}: {lot.recovered} units came back; how many are out is not known"
    return f"lot {lot.lot}: {lot.recovered} of {lot.out} units came back"


def _not_accounted_for(incident: Incident) -> Iterator[str]:
    """Name what consignees received and do not account for, those with most units first."""
    found = all_left_open(incident.recall)
    for one in found[:NAMED]:
        yield (
            f"{one.consignee} received {one.received} units of lot {one.lot} and does not say "
            f"where {one.units} of them are"
        )
    rest = found[NAMED:]
    if rest:
        units = sum(one.units for one in rest)
        yield f"{units} units more are not accounted for, in {len(rest)} answers about a lot"


_IN_STAGE: Final[dict[str, tuple[Callable[[Incident], Iterator[str]], ...]]] = {
    "statement": (_texts, known_wrong, _never_out),
    "investigation": (_unverified,),
}
"""What a stage leaves open at the end, but for the halt."""
