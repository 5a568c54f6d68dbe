"""Stage `statement` 公开道歉与声明: writing and revising texts.

What belongs here: drafting, revising, deciding whether a text is wanted. What never does: approval
(domain/statement_approval.py), bringing out (domain/publishing.py), taking back
(domain/statement_change.py), what the plan demands by when (domain/statement_demand.py), or what
every act asks first (domain/statement_lookup.py).

    draft → in_review → approved → publishing → published → corrected, superseded, retracted
      ↑         ↓           ↓         (a fixed text goes from draft to approved by being handed in)
      └── changes_requested ┘     dropped, from any of these before it is out
                                  (domain/state/statement.py, NEXT)

Every change is a new version with a new hash and voids what people approved. A published text is
never changed: another text corrects it, and both stay to be seen.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain.acts import require
from domain.agreed_places import as_agreed
from domain.dispatch import Act, decides, evolves
from domain.errors import Refused
from domain.message import ask, command, event
from domain.people import TEAM, Role
from domain.plan_terms import StatementWhen
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.statement import EDITABLE, KindDecision, Statement, Status, VersionMark
from domain.statement_facts import bind
from domain.statement_lookup import (
    find_statement,
    kind_plan,
    lint,
    require_open_report,
    require_same,
    require_status,
    with_statement,
)
from domain.statement_text import (
    LANGUAGE,
    Bundle,
    QuotedFact,
    Rendition,
    TemplateMark,
    facts_hash,
    has_medical_lines,
    tidied,
    turns_around,
)
from domain.values import PublicText
from domain.wire import added
from domain.wording import Finding

AS_ORIGINAL = ("correction", "retraction")
"""Kinds that are always about another text (domain/statement_change.py)."""

TEXTS_AT_MOST = 400
"""So many texts one act can follow when a fact moves."""

_MARKET = re.compile(r"[A-Z]{2}")

# ---------------------------------------------------------------- events


@event("StatementDrafted", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDrafted:
    """A version of a text: its words, the facts it tells, its hash, what the rules found in it.

    `voids` names whose approvals of the version before no longer count; `changed` the languages
    that differ from it. `about` is the text that this one corrects, retracts or supersedes.

    `sources` are the words as typed, where they refer to facts; `told` the facts that a reader is
    told; `because` the facts that moved, where the version was made for them and nobody wrote it;
    `again` the roles to whom it has to be handed in again, where it was handed in before that.
    `templates` are those of its languages, and whether their words are kept.
    """

    statement: str
    version: int
    kind: str
    markets: tuple[str, ...]
    texts: tuple[Rendition, ...]
    facts: tuple[QuotedFact, ...]
    facts_hash: str
    sha256: str
    findings: tuple[Finding, ...]
    preliminary: bool
    medical: bool
    by: str
    recorded_by: str
    voids: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    about: str = ""
    relation: str = ""
    why: PublicText = PublicText("")
    wrong_since: datetime | None = None
    sources: tuple[Rendition, ...] = added(())
    told: tuple[str, ...] = added(())
    because: tuple[str, ...] = added(())
    again: tuple[Role, ...] = added(())
    templates: tuple[TemplateMark, ...] = added(())

    def bundle(self, incident_id: str) -> Bundle:
        """Give the bytes of this version, to be hashed again by whoever brings them out."""
        return Bundle(
            incident=incident_id,
            statement=self.statement,
            version=self.version,
            kind=self.kind,
            markets=self.markets,
            texts=self.texts,
            facts_hash=self.facts_hash,
            preliminary=self.preliminary,
            about=self.about,
            relation=self.relation,
            templates=self.templates,
        )


@event("StatementDropped", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDropped:
    """A text that will not be used; it never went out, and its versions stay in the ledger."""

    statement: str
    version: int
    reason: PublicText
    by: str


@event("StatementKindDecided", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class StatementKindDecided:
    """A text that the plan leaves to a decision is wanted, or is not."""

    kind: str
    wanted: bool
    by: str
    reason: PublicText


# ---------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDraft:
    """A text as a person writes it, in all its languages."""

    markets: tuple[str, ...] = ask("For which markets?", some=True)
    texts: tuple[Rendition, ...] = ask("The text, in each language", some=True)
    facts: tuple[str, ...] = ask(
        "Which facts does it tell? (leave empty: those its words refer to, or all known)",
        default=(),
    )
    preliminary: bool = ask("The text itself says that this is preliminary", default=False)
    medical: bool = ask("It has lines on symptoms, doctors or reactions", default=False)


@command(
    "draft_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Write a text",
    help="Nothing goes out by drafting: others approve exactly these words first.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStatement(TextDraft):
    """The first version of a text of one kind; with `hand_in` it is handed in by the same act."""

    kind: str = ask("Which kind of text?", max=40, choices_from="statement_kinds")
    hand_in: bool = ask("Hand it in for approval at once", default=False, added=True)


@command(
    "revise_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Change this text",
    help="A new version: whatever was approved must be approved again.",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseStatement(TextDraft):
    """The whole text again; `sha256` is that of the version the person started from."""

    statement: str = ask("Statement", max=20)
    sha256: str = ask("Hash of the text you changed", max=64)


@command(
    "drop_statement",
    stage=Stage.STATEMENT,
    roles=TEAM,
    title="Do not use this text",
    item="statement",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DropStatement:
    """Lay a text aside that is not out."""

    statement: str = ask("Statement", max=20)
    reason: PublicText = ask("Why?", max=2000)


@command(
    "decide_statement_kind",
    stage=Stage.STATEMENT,
    roles=[Role.INCIDENT_COMMANDER, Role.PR_LEAD, Role.SPOKESPERSON],
    title="Decide whether there will be this text",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DecideStatementKind:
    """Yes or no to a text that the plan leaves to a decision (a press conference, a letter)."""

    kind: str = ask("Which kind of text?", max=40, choices_from="statement_kinds")
    wanted: bool = ask("Is it wanted?")
    reason: PublicText = ask("Why?", max=2000)


# ---------------------------------------------------------------- decide


@decides(DraftStatement)
def draft_statement(
    incident: Incident, act: Act, said: DraftStatement
) -> tuple[StatementDrafted, ...]:
    """Write the first version of a text."""
    require_open_report(incident)
    row = kind_plan(incident, said.kind)
    if said.kind in AS_ORIGINAL:
        raise Refused(
            f"A {said.kind} is always about a text that is out.",
            f"Open that text and choose {'correct' if said.kind == 'correction' else 'retract'}.",
            code="needs_original",
        )
    require(incident, act, row.authors)
    if len(incident.statement.statements) >= TEXTS_AT_MOST:
        raise Refused(
            f"This incident has {TEXTS_AT_MOST} texts already.",
            "Revise one of them, or drop what is not needed and revise that.",
            code="too_many",
        )
    return (drafted(incident, act, said, Frame(next_id(incident), 1, said.kind)),)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a version is called, and which text it is about."""

    statement: str
    version: int
    kind: str
    about: str = ""
    relation: str = ""


def next_id(incident: Incident) -> str:
    """Give the id of the next text."""
    return f"S{len(incident.statement.statements) + 1}"


def drafted(
    incident: Incident, act: Act, said: TextDraft, frame: Frame, before: Statement | None = None
) -> StatementDrafted:
    """Make a version of a text; `frame` names it, `before` is the version it replaces.

    Raises Refused with what keeps the words from being a text.
    """
    markets = tuple(sorted(set(said.markets)))
    sources = tuple(tidied(text) for text in said.texts)
    _require_readable(sources, markets)
    listed = as_agreed(incident, sources, act.listed, markets)
    bound = bind(incident, sources, markets, said.facts, listed)
    texts = tuple(tidied(text) for text in bound.texts)
    _require_readable(texts, markets)
    bundle = Bundle(
        incident=incident.id,
        statement=frame.statement,
        version=frame.version,
        kind=frame.kind,
        markets=markets,
        texts=texts,
        facts_hash=facts_hash(bound.facts),
        preliminary=said.preliminary,
        about=frame.about,
        relation=frame.relation,
        templates=tuple(mark for mark in act.templates if _is_of(texts, mark)),
    )
    return StatementDrafted(
        statement=bundle.statement,
        version=bundle.version,
        kind=bundle.kind,
        markets=markets,
        texts=texts,
        facts=bound.facts,
        facts_hash=bundle.facts_hash,
        sha256=bundle.sha256(),
        findings=(*lint(incident, bundle.kind, markets, texts), *bound.unbound),
        preliminary=said.preliminary,
        medical=said.medical or has_medical_lines(texts),
        by=act.who,
        recorded_by=act.actor.id,
        voids=tuple(a.person for a in before.approvals) if before else (),
        changed=_changed(texts, before.texts if before else ()),
        about=bundle.about,
        relation=bundle.relation,
        sources=bound.sources,
        told=bound.told,
        templates=bundle.templates,
    )


def _is_of(texts: Iterable[Rendition], mark: TemplateMark) -> bool:
    return any(text.language == mark.language for text in texts)


def _changed(texts: tuple[Rendition, ...], before: tuple[Rendition, ...]) -> tuple[str, ...]:
    old, new = ({text.language: text for text in each} for each in (before, texts))
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))


def _require_readable(texts: tuple[Rendition, ...], markets: tuple[str, ...]) -> None:
    languages = [text.language for text in texts]
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            raise Refused(f"{language!r} is no language.", "Write it like zh-CN, en or pt-BR.")
        if languages.count(language) > 1:
            raise Refused(f"{language} stands here twice.", "One text for each language.")
    for market in markets:
        if not _MARKET.fullmatch(market):
            raise Refused(f"{market!r:.20} is no market.", "Two capital letters, such as CN.")
    for text in texts:
        if not text.title or not text.body:
            raise Refused(
                f"The {text.language} text lacks its {'headline' if not text.title else 'words'}.",
                "Write it, or take the language out.",
                code="empty_text",
            )
        if turns_around(f"{text.title}{text.body}"):
            raise Refused(
                f"The {text.language} text holds a character that turns the reading order around.",
                "Type the passage again; it was pasted from elsewhere.",
                code="reading_order",
            )


@decides(ReviseStatement)
def revise_statement(
    incident: Incident, act: Act, said: ReviseStatement
) -> tuple[StatementDrafted, ...]:
    """Write a new version; whatever was approved no longer counts, and the entry says whose."""
    now = find_statement(incident, said.statement)
    require(incident, act, incident.rules.plan.statement(now.kind).authors)
    require_status(now, EDITABLE)
    require_same(now, said.sha256)
    kept = Frame(now.id, now.version + 1, now.kind, now.about, now.relation)
    made = drafted(incident, act, said, kept, now)
    marks = ("markets", "preliminary", "medical", "sources")
    same_facts = [fact.told for fact in made.facts] == [fact.told for fact in now.facts]
    same_marks = all(getattr(made, mark) == getattr(now, mark) for mark in marks)
    # The same words may begin with a template that was installed since: the hash says which.
    same_templates = made.templates in ((), now.templates)
    if not made.changed and same_facts and same_marks and same_templates:
        raise Refused(
            "Nothing changed.", "Change the text, or leave it as it is.", code="unchanged"
        )
    return (replace(made, why=PublicText(now.why), wrong_since=now.wrong_since),)


@decides(DropStatement)
def drop_statement(
    incident: Incident, act: Act, said: DropStatement
) -> tuple[StatementDropped, ...]:
    """Lay a text aside, as long as nothing of it is out."""
    now = find_statement(incident, said.statement)
    require(incident, act, (*incident.rules.plan.statement(now.kind).authors, Role.PR_LEAD))
    require_status(now, EDITABLE)
    return (
        StatementDropped(statement=now.id, version=now.version, reason=said.reason, by=act.who),
    )


@decides(DecideStatementKind)
def decide_statement_kind(
    incident: Incident, act: Act, said: DecideStatementKind
) -> tuple[StatementKindDecided, ...]:
    """Decide about a text; what the plan demands outright is not left to a decision."""
    row = kind_plan(incident, said.kind)
    report = incident.report
    timing = incident.rules.plan.timing(said.kind, report.grade, report.attention)
    if timing is not None and timing.when is not StatementWhen.BY_DECISION and not said.wanted:
        raise Refused(
            f"The plan asks for this text at this grade: {row.title_en}.",
            "Write it; only texts that the plan leaves to a decision can be declined.",
            code="demanded",
        )
    return (
        StatementKindDecided(kind=said.kind, wanted=said.wanted, by=act.who, reason=said.reason),
    )


# ---------------------------------------------------------------- evolve


@evolves(StatementDrafted)
def _drafted(incident: Incident, made: StatementDrafted, mark: Mark) -> Incident:
    before = incident.statement.statements.get(made.statement)
    version = VersionMark(
        version=made.version, seq=mark.seq, sha256=made.sha256, at=mark.at, by=made.by
    )
    statement = Statement(
        id=made.statement,
        kind=made.kind,
        status=Status.DRAFT,
        version=made.version,
        entry=mark.seq,
        sha256=made.sha256,
        facts_hash=made.facts_hash,
        texts=made.texts,
        facts=made.facts,
        markets=made.markets,
        authors=_authors(made, before),
        author_roles=_author_roles(made, before, mark),
        drafted_at=mark.at,
        first_drafted_at=before.first_drafted_at if before else mark.at,
        preliminary=made.preliminary,
        medical=made.medical,
        findings=made.findings,
        versions=(*(before.versions if before else ()), version),
        about=made.about,
        relation=made.relation,
        why=made.why,
        wrong_since=made.wrong_since,
        sources=made.sources,
        told=made.told,
        templates=made.templates,
        comments=before.comments if before else (),
        previews=before.previews if before else (),
        release=before.release if before else None,
        written=_written(made, before, mark),
        doubted_by=before.doubted_by if before and not before.is_approved else (),
    )
    statements = {**incident.statement.statements, made.statement: statement}
    return with_stage(incident, "statement", statements=statements)


def _authors(made: StatementDrafted, before: Statement | None) -> tuple[str, ...]:
    """List everyone who had a hand in any version: the person, and the scribe who typed it.

    Who changed a fact that a text follows wrote nothing in it.
    """
    if made.because and before:
        return before.authors
    return tuple(sorted({*(before.authors if before else ()), made.by, made.recorded_by}))


def _written(made: StatementDrafted, before: Statement | None, mark: Mark) -> int:
    if (made.because and before) or Role.PERFORMER in mark.roles:
        return before.written if before else 0
    return mark.seq


def _author_roles(made: StatementDrafted, before: Statement | None, mark: Mark) -> tuple[Role, ...]:
    earlier = before.author_roles if before else ()
    if made.because and before:
        return earlier
    return tuple(sorted({*earlier, *mark.roles}))


@evolves(StatementDropped)
def _dropped(incident: Incident, told: StatementDropped, _mark: Mark) -> Incident:
    return with_statement(
        incident, told.statement, status=Status.DROPPED, approvals=(), slots=(), lane=""
    )


@evolves(StatementKindDecided)
def _kind_decided(incident: Incident, told: StatementKindDecided, mark: Mark) -> Incident:
    decision = KindDecision(wanted=told.wanted, at=mark.at, by=told.by, reason=told.reason)
    decided = {**incident.statement.decided, told.kind: decision}
    return with_stage(incident, "statement", decided=decided)
