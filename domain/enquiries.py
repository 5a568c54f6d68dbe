"""Stage `statement`: what is asked, what is said about us, and the one line everybody keeps to.

What belongs here: enquiries and their answers, mentions, the agreed line 统一口径. What never does:
an answer that nobody approved: what goes out is an approved text, unchanged, by its id and version.
Mentions are watched and answered, never "guided"; wide publicity raises the attention, which drives
the times of texts and never the grade.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.agreed import in_one
from domain.agreed_answers import require_answers
from domain.dispatch import Act, Due, decides, evolves, follows, watches
from domain.errors import Refused
from domain.fact_values import ValueKind
from domain.facts import require_own_language, words_kept
from domain.grading import assessed
from domain.message import ask, command, event
from domain.not_said import require_phrases
from domain.people import Access, Role
from domain.severity import Publicity
from domain.stages import Stage
from domain.state import Incident, Mark, with_stage
from domain.state.statement import (
    MENTIONS_KEPT,
    STANDS,
    AgreedLine,
    Answered,
    Enquiry,
    Mention,
    Statement,
    Status,
)
from domain.statement_lookup import (
    find_statement,
    is_public,
    open_blocks,
    require_open_report,
)
from domain.statement_text import LINE_LENGTH, AgreedAnswer, LineWords, NotSaid, personal_data
from domain.values import BlobId, PrivateText, PublicText
from domain.wire import added

VOICES = (
    Role.PR_LEAD,
    Role.PR_OFFICER,
    Role.SPOKESPERSON,
    Role.SERVICE_LEAD,
    Role.SERVICE_AGENT,
)
WATCHERS = (*VOICES, Role.MARKET_MONITORING, Role.DUTY_OFFICER, Role.CHANNEL_LEAD, Role.LEGAL)
PRESS_MEDIA = frozenset({"press", "broadcast", "news_agency"})
"""Media whose question counts as "a journalist asked" (question 10, `asked`)."""

ANSWER_KINDS = frozenset({"reply", "qa", "hotline_script"})
"""Texts written to answer with: they go out with each answer, not by a publication."""

_WIDENING = (
    Publicity.UNKNOWN,
    Publicity.NONE,
    Publicity.POSTS,
    Publicity.ASKED,
    Publicity.SPREADING,
    Publicity.NATIONAL,
)

# ---------------------------------------------------------------- events


@event("EnquiryLogged", stage=Stage.STATEMENT, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryLogged:
    """Somebody outside asked; who and in which words is private, what about is not."""

    enquiry: str
    medium: str
    topic: PublicText
    asked_by: PrivateText
    question: PrivateText | None
    answer_by: datetime | None
    answer_due_at: datetime | None
    by: str


@event("EnquiryAnswered", stage=Stage.STATEMENT, access=Access.RESTRICTED)
@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryAnswered:
    """An enquiry was answered with an approved text, in this version and with these bytes."""

    enquiry: str
    statement: str
    version: int
    sha256: str
    language: str
    spoken: bool
    transcript: PrivateText | None
    by: str


@event("MentionRecorded", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRecorded:
    """The public speaks about it somewhere."""

    medium: str
    link: str
    what: PublicText
    publicity: Publicity
    reach: int | None
    screenshot: str | None
    by: str


@event("AgreedLineSet", stage=Stage.STATEMENT)
@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedLineSet:
    """The one line from now on: what we say, what we do not say, who speaks, what we answer."""

    version: int
    messages: tuple[PublicText, ...]
    do_not_say: tuple[PublicText, ...]
    spokesperson: str
    by: str
    said_in: tuple[LineWords, ...] = added(())
    answers: tuple[AgreedAnswer, ...] = added(())
    not_said_in: tuple[NotSaid, ...] = added(())


# ---------------------------------------------------------------- commands


@command("log_enquiry", stage=Stage.STATEMENT, roles=WATCHERS, title="Somebody asked")
@dataclass(frozen=True, slots=True, kw_only=True)
class LogEnquiry:
    """Who asked what, through which medium, and by when they want an answer."""

    medium: str = ask("Medium, such as press, broadcast, phone, social", max=40)
    topic: PublicText = ask("What about, in a few words without names?", max=200)
    asked_by: PrivateText = ask("Who asked, and how do we reach them?", access=Access.ENQUIRY)
    question: PrivateText | None = ask(
        "The question, word for word",
        help="Without names: whoever may see the incident reads it.",
        default=None,
    )
    answer_by: datetime | None = ask("Their deadline", default=None)


@command(
    "answer_enquiry",
    stage=Stage.STATEMENT,
    roles=VOICES,
    title="Answered",
    help="With an approved text, unchanged. For new words write a reply first.",
    item="enquiry",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEnquiry:
    """Which approved text was given, and how."""

    enquiry: str = ask("Enquiry", max=20)
    statement: str = ask("Which approved text?", max=20)
    language: str = ask("In which language?", max=5, choices_from="languages_to_give")
    spoken: bool = ask("It was said, not written", default=False)
    transcript: PrivateText | None = ask("What was said", default=None)


@command(
    "record_mention", stage=Stage.STATEMENT, roles=WATCHERS, title="The public speaks about it"
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMention:
    """Where, what, and how far it has spread."""

    medium: str = ask("Medium or platform", max=60)
    link: str = ask("Link", default="", max=2000)
    what: PublicText = ask("What is said, without names?", max=2000)
    publicity: Publicity = ask("How public is it by this?")
    reach: int | None = ask("How many people saw it, as far as shown", default=None, any_size=True)
    screenshot: BlobId | None = ask("Screenshot", default=None)


@command(
    "set_agreed_line",
    stage=Stage.STATEMENT,
    roles=[Role.PR_LEAD, Role.SPOKESPERSON, Role.INCIDENT_COMMANDER],
    title="Set the agreed line",
    help="What is on the do-not-say list blocks every text from approval.",
)
@dataclass(frozen=True, slots=True, kw_only=True)
class SetAgreedLine:
    """The whole line again, in few sentences."""

    messages: tuple[PublicText, ...] = ask("What do we say?", some=True)
    do_not_say: tuple[PublicText, ...] = ask("Which words do we not use?", default=())
    spokesperson: str = ask("Who speaks?", default="", max=80)
    said_in: tuple[LineWords, ...] = ask("The same in other languages", default=(), added=True)
    own_language: str = ask(
        "In which language is it said?",
        help="A text in another language waits for the line in its own words.",
        default="",
        max=5,
        wanted=True,
        added=True,
    )
    answers: tuple[AgreedAnswer, ...] = ask(
        "What do people ask, and what do we answer?", default=(), added=True
    )
    not_said_in: tuple[NotSaid, ...] = ask(
        "Which words do we not use in one language alone?",
        help="They may stand in texts of other languages.",
        default=(),
        added=True,
    )


# ---------------------------------------------------------------- decide


@decides(LogEnquiry)
def log_enquiry(incident: Incident, act: Act, said: LogEnquiry) -> tuple[EnquiryLogged, ...]:
    """Log a question; without a deadline of theirs the plan's time for a first answer counts."""
    require_open_report(incident)
    limit = incident.rules.plan.step("first_answer", incident.report.grade)
    due_at = said.answer_by
    if due_at is None and limit is not None:
        due_at = incident.rules.due_at(act.at, limit)
    return (
        EnquiryLogged(
            enquiry=f"E{len(incident.statement.enquiries) + 1}",
            medium=said.medium,
            topic=said.topic,
            asked_by=said.asked_by,
            question=said.question,
            answer_by=said.answer_by,
            answer_due_at=due_at,
            by=act.who,
        ),
    )


@decides(AnswerEnquiry)
def answer_enquiry(
    incident: Incident, act: Act, said: AnswerEnquiry
) -> tuple[EnquiryAnswered, ...]:
    """Answer with an approved text that people outside may read, as it stands."""
    if said.enquiry not in incident.statement.enquiries:
        known = ", ".join(incident.statement.enquiries) or "none yet"
        raise Refused(
            f"There is no enquiry {said.enquiry!r:.30}.", f"Known: {known}.", code="no_enquiry"
        )
    text = find_statement(incident, said.statement)
    _require_for_outside(incident, text)
    if said.language not in text.languages:
        raise Refused(
            f"{text.id} has no {said.language!r:.10} text.",
            f"It has: {', '.join(text.languages)}.",
            code="no_language",
        )
    return (
        EnquiryAnswered(
            enquiry=said.enquiry,
            statement=text.id,
            version=text.version,
            sha256=text.sha256,
            language=said.language,
            spoken=said.spoken,
            transcript=said.transcript,
            by=act.who,
        ),
    )


def may_be_given(incident: Incident, text: Statement) -> bool:
    """Say whether somebody outside may be answered with a text as it stands."""
    try:
        _require_for_outside(incident, text)
    except Refused:
        return False
    return True


def _require_for_outside(incident: Incident, text: Statement) -> None:
    """Refuse an answer that would go past approval or past the gate."""
    written_for_it = text.kind in ANSWER_KINDS
    if not (written_for_it or is_public(incident, text)):
        raise Refused(
            f"{text.id} is not written for readers outside.",
            "Choose a reply, questions and answers, or a published text.",
            code="not_for_outside",
        )
    allowed = STANDS if written_for_it else frozenset({Status.PUBLISHED})
    if text.status not in allowed or not text.is_approved:
        raise Refused(
            f"{text.id} is {text.status.replace('_', ' ')}.",
            "Answer with a published text or an approved reply; for new words draft a reply.",
            code="not_approved",
        )
    if personal_data(text.texts) or open_blocks(incident, text):
        raise Refused(
            f"{text.id} cannot go out as it stands now.",
            "Look at its findings and at personal data; have it changed.",
            code="not_clean",
        )


@decides(RecordMention)
def record_mention(incident: Incident, act: Act, said: RecordMention) -> tuple[Any, ...]:
    """Record where the public speaks about it."""
    return (
        MentionRecorded(
            medium=said.medium,
            link=said.link,
            what=said.what,
            publicity=said.publicity,
            reach=said.reach,
            screenshot=said.screenshot,
            by=act.who,
        ),
    )


@decides(SetAgreedLine)
def set_agreed_line(incident: Incident, act: Act, said: SetAgreedLine) -> tuple[AgreedLineSet, ...]:
    """Set the line; earlier versions stay in the ledger. What is not said again is gone."""
    before = incident.statement.agreed_line
    require_phrases(incident, said.do_not_say, said.not_said_in)
    _check_words(said)
    require_answers(incident, said.answers, said.do_not_say, said.not_said_in)
    return (
        AgreedLineSet(
            version=before.version + 1 if before else 1,
            messages=said.messages,
            do_not_say=said.do_not_say,
            spokesperson=said.spokesperson,
            by=act.who,
            said_in=_in_languages(said),
            answers=said.answers,
            not_said_in=said.not_said_in,
        ),
    )


def _check_words(said: SetAgreedLine) -> None:
    """Take a line that says something, in words that stand by themselves; else raises Refused."""
    words = (*said.messages, *(each.value for each in said.said_in))
    if any(not each.strip() for each in words):
        raise Refused("A part of the line is blank.", "Write it, or take it out.")
    if any("{{" in each for each in words):
        raise Refused(
            "The agreed line refers to no fact: what is meant stands in it.",
            "Write the words themselves, without {{ }}.",
            code="refers",
        )
    length = len(in_one(said.messages, "en"))
    if length > LINE_LENGTH:
        raise Refused(
            f"The line has {length} characters; {LINE_LENGTH} fit, for people have to say it.",
            "Say it in fewer sentences; answers in full belong into a text of their own.",
            code="too_long",
        )
    if said.own_language:
        require_own_language(said.own_language, in_one(said.messages, said.own_language))


def _in_languages(said: SetAgreedLine) -> tuple[LineWords, ...]:
    """Keep the words of each language as those of a fact are kept, in the same order.

    The line itself is of the language it is said in; words given for that besides go before it.
    """
    words = said.said_in
    if said.own_language not in ("", *(each.language for each in words)):
        line = PublicText(in_one(said.messages, said.own_language))
        words += (LineWords(language=said.own_language, value=line),)
    own = {each.language: each for each in words}
    kept = words_kept(ValueKind.TEXT, words)
    return tuple(replace(own[one.language], value=one.value) for one in kept)


# ---------------------------------------------------------------- attention follows


def _widened(incident: Incident, act: Act, publicity: Publicity) -> tuple[Any, ...]:
    """Run the severity rules again when the matter is more public than was answered (M8)."""
    answers = incident.report.answers
    if _WIDENING.index(publicity) <= _WIDENING.index(answers.publicity):
        return ()
    return (assessed(incident, act, replace(answers, publicity=publicity)),)


@follows(MentionRecorded)
def mention_raises_attention(
    incident: Incident, told: MentionRecorded, act: Act
) -> tuple[Any, ...]:
    """A mention that shows more publicity is a new answer."""
    return _widened(incident, act, told.publicity)


@follows(EnquiryLogged)
def press_raises_attention(incident: Incident, told: EnquiryLogged, act: Act) -> tuple[Any, ...]:
    """A journalist's question is a new answer."""
    return _widened(incident, act, Publicity.ASKED) if told.medium in PRESS_MEDIA else ()


# ---------------------------------------------------------------- evolve


@evolves(EnquiryLogged)
def _logged(incident: Incident, told: EnquiryLogged, mark: Mark) -> Incident:
    enquiry = Enquiry(
        id=told.enquiry,
        medium=told.medium,
        topic=told.topic,
        logged_at=mark.at,
        logged_by=told.by,
        asked_by=told.asked_by,
        question=told.question,
        answer_due_at=told.answer_due_at,
    )
    enquiries = {**incident.statement.enquiries, told.enquiry: enquiry}
    return with_stage(incident, "statement", enquiries=enquiries)


@evolves(EnquiryAnswered)
def _answered(incident: Incident, told: EnquiryAnswered, mark: Mark) -> Incident:
    before = incident.statement.enquiries[told.enquiry]
    answer = Answered(
        statement=told.statement,
        version=told.version,
        sha256=told.sha256,
        by=told.by,
        at=mark.at,
        spoken=told.spoken,
    )
    changed = replace(before, answers=(*before.answers, answer))
    enquiries = {**incident.statement.enquiries, told.enquiry: changed}
    return with_stage(incident, "statement", enquiries=enquiries)


@evolves(MentionRecorded)
def _mentioned(incident: Incident, told: MentionRecorded, mark: Mark) -> Incident:
    now = incident.statement
    mention = Mention(seq=mark.seq, at=mark.at, medium=told.medium, link=told.link, what=told.what)
    return with_stage(
        incident,
        "statement",
        mentions=(*now.mentions, mention)[-MENTIONS_KEPT:],
        mentions_counted=now.mentions_counted + 1,
    )


@evolves(AgreedLineSet)
def _line_set(incident: Incident, told: AgreedLineSet, mark: Mark) -> Incident:
    line = AgreedLine(
        version=told.version,
        messages=told.messages,
        do_not_say=told.do_not_say,
        spokesperson=told.spokesperson,
        at=mark.at,
        by=told.by,
        said_in=told.said_in,
        answers=told.answers,
        not_said_in=told.not_said_in,
    )
    return with_stage(incident, "statement", agreed_line=line)


@watches(Stage.STATEMENT)
def enquiries_due(incident: Incident) -> Iterator[Due]:
    """Questions wait for an answer; silence answers nothing."""
    if incident.report.status not in ("received", "accepted"):
        return
    for enquiry in incident.statement.enquiries.values():
        if enquiry.answers or enquiry.answer_due_at is None:
            continue
        yield Due(
            key=f"enquiry:{enquiry.id}",
            stage=Stage.STATEMENT,
            title=f"Answer: {enquiry.topic}",
            roles=(Role.PR_LEAD, Role.PR_OFFICER),
            start_at=min(enquiry.logged_at, enquiry.answer_due_at),
            due_at=enquiry.answer_due_at,
            act="answer_enquiry",
            item=enquiry.id,
        )
