"""Stage `statement`: which approvals a text needs, by the fast lane or by the whole way.

What belongs here: the slots of a text, whether its words were approved beforehand, and what keeps
it from the lane. What never does: comparing a text with its template (activities/templating.py), or
filling a slot (domain/statement_approval.py). A text takes the lane while every language of it is
what a template gives that the plan names with exactly this version: only facts were filled in
(reference 4.6).
"""

from enum import StrEnum
from typing import NamedTuple

from domain.fact_values import ValueKind
from domain.markets import base_language, regimes_of
from domain.people import RESPONSIBLE_IN, Role
from domain.plan_rows import Slot
from domain.plan_terms import FAST, STATEMENT_ACT, Applies
from domain.state import Incident
from domain.state.investigation import FactStatus
from domain.state.statement import ApprovalSlot, Statement


class Off(StrEnum):
    """Why a language of a text keeps it from the fast lane."""

    NO_TEMPLATE = "no_template"
    """There was no template of this kind in this language."""
    CHANGED = "changed"
    """Somebody changed words of the template, not only facts."""
    NOT_PRE_APPROVED = "not_pre_approved"
    """The plan does not name the template, or names another version of it."""
    UNSEEN_WORDS = "unseen_words"
    """Nobody would sign it, and nobody but their author has seen words that it tells as facts."""


class OffLane(NamedTuple):
    """A language that keeps a text from the fast lane, and why."""

    language: str
    why: Off


def has_lane(incident: Incident, kind: str) -> bool:
    """Say whether the plan gives a kind of text a fast lane at all."""
    return incident.rules.plan.statement(kind).fast_lane is not None


def off_lane(incident: Incident, text: Statement) -> tuple[OffLane, ...]:
    """Say what keeps a text from the fast lane, language by language; nothing where it takes it."""
    approved = {
        one.language: one.sha256 for one in incident.rules.plan.statement(text.kind).pre_approved
    }
    marks = {mark.language: mark for mark in text.templates}
    found = []
    for language in text.languages:
        mark = marks.get(language)
        if mark is None:
            found.append(OffLane(language, Off.NO_TEMPLATE))
        elif approved.get(language) != mark.sha256:
            found.append(OffLane(language, Off.NOT_PRE_APPROVED))
        elif not mark.unchanged:
            found.append(OffLane(language, Off.CHANGED))
        elif not _fast_slots(incident, text) and _has_unseen_words(incident, text):
            found.append(OffLane(language, Off.UNSEEN_WORDS))
    return tuple(found)


def _has_unseen_words(incident: Incident, text: Statement) -> bool:
    """Say whether a text tells, as facts, words that no second person has verified."""
    worded = (ValueKind.TEXT, ValueKind.POINTS)
    facts = (incident.investigation.facts.get(key) for key in text.told)
    return any(
        fact is not None and fact.kind in worded and fact.status is not FactStatus.VERIFIED
        for fact in facts
    )


def lane_of(incident: Incident, text: Statement) -> str:
    """Give the lane of a text as it stands: "fast", or "" for the whole way."""
    taken = has_lane(incident, text.kind) and not off_lane(incident, text)
    return FAST if taken else ""


# ---------------------------------------------------------------- which approvals


def needed_slots(incident: Incident, statement: Statement) -> tuple[ApprovalSlot, ...]:
    """List the approvals that the plan asks for a text in these markets and languages.

    Pre-approved words in which only facts were filled in take the fast lane. Where that asks
    nobody and somebody asked for changes, their role reads the answer: it is not given by silence.
    """
    asked = _slots_of(incident, statement, act_key(incident, statement))
    return asked or tuple(
        ApprovalSlot(
            key=str(row),
            row=row,
            roles=(role,),
            label_en="Whoever asked for changes",
            label_zh="提出修改意见者",
        )
        for row, role in enumerate(_doubters(incident, statement))
    )


def _doubters(incident: Incident, statement: Statement) -> tuple[Role, ...]:
    """Name who asked for changes and was not answered: in this text, or in another of its kind.

    The same fixed words in a new text are the same words.
    """
    others = (
        one
        for one in incident.statement.statements.values()
        if one.kind == statement.kind and one.id != statement.id and not one.is_approved
    )
    doubts = (*statement.doubted_by, *(role for one in others for role in one.doubted_by))
    return tuple(dict.fromkeys(doubts))


def _fast_slots(incident: Incident, statement: Statement) -> tuple[ApprovalSlot, ...]:
    return _slots_of(incident, statement, f"{STATEMENT_ACT}{statement.kind}.{FAST}")


def _slots_of(incident: Incident, statement: Statement, key: str) -> tuple[ApprovalSlot, ...]:
    slots: list[ApprovalSlot] = []
    for row, asked in enumerate(incident.rules.plan.act(key).signers):
        if asked.applies is Applies.EACH_MARKET:
            slots += [_slot(row, asked, market=market) for market in statement.markets]
        elif asked.applies in (Applies.EACH_LANGUAGE, Applies.EACH_OTHER_LANGUAGE):
            languages = _attested(incident, statement, asked)
            slots += [_slot(row, asked, language=each) for each in languages]
        elif asked.applies is not Applies.MEDICAL_TEXT or statement.medical:
            slots.append(_slot(row, asked))
    return tuple(slots)


def _attested(incident: Incident, statement: Statement, asked: Slot) -> tuple[str, ...]:
    """Name the languages that somebody attests: all, or those that the approvers do not read."""
    if asked.applies is Applies.EACH_LANGUAGE:
        return statement.languages
    read = incident.rules.plan.languages_read
    return tuple(one for one in statement.languages if base_language(one) not in read)


def act_key(incident: Incident, statement: Statement) -> str:
    """Name the plan's act: a correction is approved by the roles of what it corrects."""
    key = f"{STATEMENT_ACT}{statement.kind}"
    if lane_of(incident, statement) == FAST:
        return f"{key}.{FAST}"
    original = incident.statement.statements.get(statement.about)
    if not incident.rules.plan.statement(statement.kind).as_original or original is None:
        return key
    return f"{key}.{_original_kind(incident, original)}"


def _original_kind(incident: Incident, original: Statement) -> str:
    """Give the kind at the root of a chain: a correction of a correction is as the first text."""
    before = incident.statement.statements.get(original.about)
    if incident.rules.plan.statement(original.kind).as_original and before is not None:
        return _original_kind(incident, before)
    return original.kind


def _slot(row: int, asked: Slot, *, market: str = "", language: str = "") -> ApprovalSlot:
    roles = asked.roles
    if market:
        regimes = regimes_of(market)
        fitting = tuple(r for r in roles if RESPONSIBLE_IN.get(r, market) in regimes)
        roles = fitting or roles
    return ApprovalSlot(
        key=":".join(part for part in (str(row), market or language) if part),
        row=row,
        roles=roles,
        label_en=asked.label_en,
        label_zh=asked.label_zh,
        market=market,
        language=language,
    )
