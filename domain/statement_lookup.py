"""Stage `statement`: what every act on a text asks first, and what is true of a text now.

What belongs here: finding a text, refusing what does not fit where it stands, its readers, and what
the wording rules say today. What never does: a message, or a change of state but by `evolve`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from domain.agreed_questions import asked_lines
from domain.dispatch import Act, Effect
from domain.errors import NotAllowed, Refused
from domain.language_names import languages_named
from domain.people import Role
from domain.plan_rows import StatementKindPlan
from domain.plan_terms import INSIDE, STATEMENT_KINDS, Audience
from domain.severity import Fault
from domain.severity_rules import HARM
from domain.state import Incident, Mark, with_stage
from domain.state.statement import Statement, Status
from domain.statement_text import Rendition, passages
from domain.wording import (
    WORKING_PAPERS,
    Bearing,
    Finding,
    Passage,
    Severity,
    Situation,
    Wording,
    findings,
)

AS_SHOWN: Final = {
    Status.DRAFT: "draft",
    Status.IN_REVIEW: "waits for approval",
    Status.CHANGES_REQUESTED: "changes asked for",
    Status.APPROVED: "approved",
    Status.SCHEDULED: "goes out at a time",
    Status.PUBLISHING: "on its way out",
    Status.PUBLISHED: "published",
    Status.CORRECTED: "published and corrected since",
    Status.SUPERSEDED: "published and replaced since",
    Status.RETRACTED: "taken back",
    Status.DROPPED: "not used",
}
"""How a refusal says where a text stands: in the words that stand beside it on every page."""

NAMED_AT_MOST: Final = 5
"""Findings that a sentence names; the page of the text has all of them."""

LOOKED_AT: Final = 512
"""Texts whose findings are remembered, in all their languages."""


def find_statement(incident: Incident, statement_id: str) -> Statement:
    """Give a text by its id; raises Refused."""
    found = incident.statement.statements.get(statement_id)
    if found is None:
        known = ", ".join(incident.statement.statements) or "none yet"
        raise Refused(
            f"There is no statement {statement_id!r:.30}.", f"Known: {known}.", code="no_statement"
        )
    return found


def require_same(statement: Statement, sha256: str) -> None:
    """Refuse an act on a text that is no longer the one the person saw."""
    if sha256 != statement.sha256:
        raise Refused(
            f"The text has changed since: {statement.id} stands at version {statement.version}.",
            "Read it again, then act on what stands there now.",
            code="text_changed",
        )


def require_status(statement: Statement, allowed: Iterable[Status]) -> None:
    """Refuse an act that does not fit where the text stands."""
    if statement.status not in (fitting := tuple(allowed)):
        words = ", ".join(AS_SHOWN[status] for status in Status if status in fitting)
        raise Refused(
            f"The state of {statement.id} is: {AS_SHOWN[statement.status]}.",
            f"This can be done in one of these states: {words}."
            if len(fitting) > 1
            else f"This can be done in this state: {words}.",
            code="wrong_status",
        )


def require_not_author(act: Act, statement: Statement) -> None:
    """Refuse whoever had a hand in any version of the text."""
    if {act.actor.id, act.who} & set(statement.authors):
        raise NotAllowed(
            f"You wrote a version of {statement.id}; authors never approve.",
            "Ask a colleague of the same role, or the deputy.",
            code="author",
        )


def require_open_report(incident: Incident) -> None:
    """Refuse texts about a report that was closed or linked."""
    if incident.report.status not in ("received", "accepted"):
        raise Refused("This report is closed.", "Write in the incident it belongs to.")


def require_reach(incident: Incident, statement: Statement) -> None:
    """Refuse a correction or retraction that not all readers of the first text can read."""
    original = incident.statement.statements.get(statement.about)
    if original is None or statement.relation not in ("corrects", "retracts"):
        return
    languages = [one for one in original.languages if one not in statement.languages]
    markets = [one for one in original.markets if one not in statement.markets]
    if languages or markets:
        missing = ", ".join(filter(None, (languages_named(languages), *markets)))
        raise Refused(
            f"{original.id} also spoke to readers in: {missing}.",
            "Add them: a correction reaches at least as far as what it corrects.",
            code="smaller_reach",
        )


def kind_plan(incident: Incident, kind: str) -> StatementKindPlan:
    """Give the plan's row of a kind; raises Refused for a kind that is none."""
    if kind not in STATEMENT_KINDS:
        raise Refused(
            f"There is no text called {kind!r:.40}.",
            f"Choose one of: {', '.join(STATEMENT_KINDS)}.",
            code="no_kind",
        )
    return incident.rules.plan.statement(kind)


def audience_of(incident: Incident, kind: str, about: str) -> tuple[Audience, ...]:
    """Say who reads a text: a correction goes to the readers of what it corrects."""
    audience = incident.rules.plan.statement(kind).audience
    original = incident.statement.statements.get(about)
    if Audience.AS_ORIGINAL in audience and original is not None:
        return audience_of(incident, original.kind, original.about)
    return audience


def is_public(incident: Incident, statement: Statement) -> bool:
    """Say whether the public or the press reads a text."""
    audience = audience_of(incident, statement.kind, statement.about)
    return Audience.PUBLIC in audience or Audience.PRESS in audience


def is_inside(incident: Incident, kind: str, about: str = "") -> bool:
    """Say whether nobody but people of the company reads a text: it needs no market's language."""
    audience = audience_of(incident, kind, about)
    return bool(audience) and INSIDE.issuperset(audience)


def is_for_staff(incident: Incident, kind: str, about: str = "") -> bool:
    """Say whether a text is written for people of the company: what staff also read is theirs.

    Questions and answers say what not to say; who answers with them outside picks from them.
    """
    readers = audience_of(incident, kind, about)
    return Audience.STAFF in readers or is_inside(incident, kind, about)


# ---------------------------------------------------------------- wording


def situations(incident: Incident) -> frozenset[Situation]:
    """Say what is true of the incident now, as far as wording rules ask; unknown is the worse."""
    report, answers = incident.report, incident.report.answers
    hurt = bool(report.cases or report.told_besides) or answers.worst_outcome in HARM
    true_now = {
        Situation.CAUSE_OPEN: not incident.investigation.is_concluded,
        Situation.SOMEONE_HURT: hurt,
        Situation.HURT_OR_PATHOGEN: hurt or answers.fault == Fault.PATHOGEN,
        Situation.BEFORE_RECALL: not incident.recall.is_decided,
    }
    return frozenset(situation for situation, holds in true_now.items() if holds)


def lint(
    incident: Incident, kind: str, markets: tuple[str, ...], texts: Iterable[Rendition]
) -> tuple[Finding, ...]:
    """Give what the incident's wording rules and its agreed line find in a text now."""
    line = incident.statement.agreed_line
    bearing = Bearing(
        kind=kind,
        markets=markets,
        situations=situations(incident),
        do_not_say=line.do_not_say if line else (),
        not_said_in=tuple((n.language, n.phrase) for n in line.not_said_in) if line else (),
        questions=asked_lines(line.answers) if line and kind in WORKING_PAPERS else (),
    )
    table = _Table(incident.rules.hash, incident.rules.wording)
    return _found(table, tuple(passages(texts)), bearing)


@dataclass(frozen=True, slots=True)
class _Table:
    """The wording rules of a version of the plan, which its hash names."""

    hash: str
    wording: Wording = field(compare=False)


@lru_cache(maxsize=LOOKED_AT)
def _found(table: _Table, said: tuple[Passage, ...], bearing: Bearing) -> tuple[Finding, ...]:
    """Look at the same words under the same rules once: a page asks for each text many times."""
    return findings(table.wording, said, bearing)


def open_blocks(incident: Incident, statement: Statement) -> tuple[Finding, ...]:
    """List what blocks a text now: found by today's rules, and not overridden in this version."""
    passed = {override.finding for override in statement.overrides}
    found = lint(incident, statement.kind, statement.markets, statement.texts)
    return tuple(f for f in found if f.severity is Severity.BLOCK and f.key not in passed)


def named_findings(found: Iterable[Finding]) -> str:
    """Name the first findings in a sentence: by the words they are about, else by their reason."""
    words = dict.fromkeys(
        f"“{one.matched}”" if one.matched else one.reason.rstrip(".")
        for one in islice(found, NAMED_AT_MOST)
    )
    return ", ".join(words)


# ---------------------------------------------------------------- for evolve and effects


def with_statement(incident: Incident, statement_id: str, **changes: Any) -> Incident:
    """Give the incident with some fields of one text changed."""
    statements = incident.statement.statements
    changed = replace(statements[statement_id], **changes)
    return with_stage(incident, "statement", statements={**statements, statement_id: changed})


def told_effect(
    text: Statement, mark: Mark, kind: str, roles: Iterable[Role], **words: str | int
) -> Effect:
    """Make the effect that tells people of the company of a text; never a word to the outside."""
    asked = sorted(str(role) for role in set(roles))
    about = {"statement": text.id, "text": str(text.kind)}
    return Effect(
        name="tell",
        target=kind,
        seq=mark.seq,
        body={"kind": kind, "roles": asked, **about, **words},
    )
