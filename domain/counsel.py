"""Which entries are counsel's: their words leave the house by no inspector's room.

What belongs here: naming those entries, and the words in the open fields of them. What never does:
who may open a sealed text (domain/people.py), or what a page shows in the place of such an entry.

Counsel's is what says why nothing is filed with an authority: that a duty is determined so, that
the determination stands, that a rule does not apply here; and all that is said about such an act
before it counts: the proposal, a reservation of who signs, why somebody declines, why it was
refused. What opens a duty or starts its clock is no secret of counsel's.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from domain.acts import ActDeclined, ActLapsed, ActProposed, ActRefused, ActSigned
from domain.determining import (
    ConfirmRuleApplies,
    DeterminationReviewed,
    ReviewDetermination,
    RuleJudged,
)
from domain.message import EVENTS, event_spec, find_command
from domain.people import Access

CLOSED: Final = frozenset({Access.PRIVILEGED})
"""Classes of private words that are counsel's."""

_ABOUT_ACTS: Final = (ActSigned, ActDeclined, ActLapsed)
_MAY_BE: Final = (*_ABOUT_ACTS, ActProposed, ActRefused, RuleJudged, DeterminationReviewed)

WORDS: Final = frozenset(
    {
        "ActDeclined.reason",
        "ActLapsed.sentence",
        "ActProposed.command",
        "ActRefused.hint",
        "ActRefused.sentence",
        "ActSigned.dissent",
        "DeterminationReviewed.reason",
        "DutyDetermined.legal_view",
        "DutyDetermined.other",
        "DutyDetermined.reason",
        "RuleJudged.citation",
        "RuleJudged.reason",
    }
)
"""Free text that is counsel's where the entry is; tests hold every field of every entry to it."""


def counsels_types() -> tuple[str, ...]:
    """Name the types of entries that can be counsel's: all others are shown in a room."""
    return tuple(
        name
        for name, spec in sorted(EVENTS.items())
        if spec.access in CLOSED or issubclass(spec.type, _MAY_BE)
    )


def counsels_acts(happened: Iterable[Any]) -> frozenset[str]:
    """Name the proposed acts that are counsel's, of what happened in an incident."""
    return frozenset(
        one.act for one in happened if isinstance(one, ActProposed) and _is_proposed(one)
    )


def is_counsels(happened: Any, acts: frozenset[str]) -> bool:
    """Say whether what happened is counsel's: no room shows what it says.

    `acts` are counsel's among the proposed acts of the incident (`counsels_acts`).
    """
    if event_spec(happened).access in CLOSED or isinstance(happened, DeterminationReviewed):
        return True
    if isinstance(happened, _ABOUT_ACTS):
        return happened.act in acts
    if isinstance(happened, ActProposed):
        return _is_proposed(happened)
    if isinstance(happened, ActRefused):
        return _is_asked(happened.command, {})
    return isinstance(happened, RuleJudged) and not happened.applies


def _is_proposed(told: ActProposed) -> bool:
    return _is_asked(str(told.command["type"]), told.command.get("body", {}))


def _is_asked(command: str, body: dict[str, Any]) -> bool:
    """Say whether a command is counsel's; one that nobody knows any more may be."""
    spec = find_command(command)
    if spec is None:
        return True
    if spec.type is ReviewDetermination:
        return body.get("stands") is not False
    if spec.type is ConfirmRuleApplies:
        return body.get("applies") is not True
    return any(one.metadata.get("access") in CLOSED for one in fields(spec.type))
