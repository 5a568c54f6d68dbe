"""Facts in a few words, told as people would tell them, and the duty that they lead to.

What belongs here: the notation of the golden table and playing a row through the real path. What
never does: an expected time (golden_duties.py).

A row tells its facts in the order of time, with `;` between them, and every time is on the clock of
the authority that the rule speaks of:

    report serious 2026-03-02 09:00      the incident, first known then
    hurt CN death 2026-03-02 09:00       a hurt person, known to an employee then
    recall DE 2026-03-02 09:00           a recall decided there
    begins SG 2026-03-11 09:00           when it is planned to begin
    done US 2026-03-02 09:00             completed by us there
    act order_recall TW 2026-03-02 09:00 an act of an authority
    stop / resume 2026-03-02 09:00       production
    file RULE 2026-03-02 09:00           the report of a rule is sent
    news / widen 2026-03-02 09:00        more of the person; more goods in the scope
    learn pathogen 2026-03-02 09:00      our own records show what is wrong
    legal 20 d                           legal confirms a rule that nobody verified
    firm EU importer, class US drug, fault pathogen   what we are, what it is, what is wrong
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from activities.calendars import build_calendar
from domain.arising import own_step, own_time
from domain.authorities import RecordAuthorityAct
from domain.clock import due, parse_limit
from domain.determining import ConfirmRuleApplies
from domain.errors import Malformed
from domain.firm import FirmInMarket
from domain.grading import AssessSeverity
from domain.halt import ListChannels, OrderHalt
from domain.incident import new_incident
from domain.limits import Counting
from domain.markets import place_of
from domain.people import PERFORMER, Role
from domain.product_class import ClassProduct
from domain.recall_end import CompleteRecall
from domain.recall_scope import SetScope, WidenScope
from domain.recall_start import PlanRecallStart
from domain.regulation_terms import AuthorityActKind, Obliged, ProductClass
from domain.regulations import OF_COUNTRY, Rule
from domain.report import AcceptReport, ReportProblem
from domain.resuming import LiftHalt
from domain.rule_facts import Facts, facts_of
from domain.rules import rules_of
from domain.severity import Answers, Evidence, Fault, HaltLevel, Outcome, Whereabouts
from domain.state import Incident
from domain.state.notice import Duty
from domain.triggers import hits
from domain.values import ProductId
from tests.domain.duties import (
    COMMANDER,
    LEGAL,
    QSR,
    REGULATORY,
    SERVICE,
    Notified,
    words,
)
from tests.domain.recalls import ASSESSOR, BOSS, COUNTED, QUALITY, evaluation, lot, recall, scope
from tests.domain.story import CRITICAL, MILD, SERIOUS, channels, person, regulations, rules

HOUR = timedelta(hours=1)
TIME = "%Y-%m-%d %H:%M"
PLANT = person(Role.PLANT_MANAGER)
HARMLESS = Answers(worst_outcome=Outcome.NONE, people=0, fault=Fault.PACK_LABEL_COSMETIC, whereabouts=Whereabouts.TRADE)  # fmt: skip
ANSWERS = {
    "serious": SERIOUS,
    "critical": CRITICAL,
    "mild": MILD,
    "harmless": HARMLESS,
    "marked": replace(MILD, social_impact_marked=True),
    "own": replace(HARMLESS, evidence=Evidence.OWN_RECORDS, whereabouts=Whereabouts.OWN_CONTROL),
}


@dataclass(frozen=True, kw_only=True)
class Golden:
    """One row: a rule, facts, what follows on the authority's clock, and how it was counted."""

    rule: str
    facts: str
    expected: str
    why: str

    @property
    def name(self) -> str:
        """Name the row for the test's output."""
        return f"{self.rule}: {self.facts} ({self.why})"


def rows_of(text: str) -> Iterator[Golden]:
    """Read a table: one row a line, its four columns parted by bars."""
    for line in text.strip().splitlines():
        if line.strip() and not line.startswith("#"):
            rule, facts, expected, why = (part.strip() for part in line.split("|"))
            yield Golden(rule=rule, facts=facts, expected=expected, why=why)


# ---------------------------------------------------------------- telling the facts


@dataclass
class Told:
    """A row while it is told: the story, the clock it is told on, and what was said besides."""

    row: Golden
    zone: ZoneInfo
    story: Notified
    fault: Fault | None = None
    market: str = "CN"
    answers: Answers = HARMLESS
    is_reported: bool = False
    told_at: datetime | None = None
    listed: dict[str, Any] = field(default_factory=dict)

    def at(self, parts: list[str]) -> datetime:
        """Go to the time that ends a fact, and give it."""
        at = datetime.fromisoformat(" ".join(parts[-2:])).replace(tzinfo=self.zone).astimezone(UTC)
        self.story.now = at
        return at

    def reported(self, at: datetime, answers: Answers) -> None:
        """Report the incident three hours after it was first known."""
        answers = answers if self.fault is None else replace(answers, fault=self.fault)
        self.answers, self.is_reported = replace(answers, markets=(self.market,)), True
        self.story.now = at + 3 * HOUR
        self.story.did(PERFORMER, ListChannels(channels=channels()))
        self.story.did(
            SERVICE,
            ReportProblem(
                first_known_at=at,
                first_known_country="CN",
                products=(ProductId("cream"),),
                lots=("L1",),  # type: ignore[arg-type]
                answers=self.answers,
            ),
        )

    def tell(self, fact: str) -> None:
        """Tell one fact; whoever tells something else first has reported something harmless."""
        verb, *parts = fact.split()
        if verb not in ("firm", "fault", "report", "class", "legal") and not self.is_reported:
            at = self.at(parts)
            grade = "serious" if verb == "recall" else "harmless"
            self.reported(at - 24 * HOUR, ANSWERS[grade])
        VERBS[verb](self, parts)
        if self.told_at is None and self.duties():
            self.told_at = self.story.now

    def duties(self) -> list[Duty]:
        """Give the duties of the rule, the last one last."""
        found = self.story.incident.notice.duties.values()
        return [duty for duty in found if duty.rule == self.row.rule]


def _hurt(told: Told, parts: list[str]) -> None:
    at = told.at(parts)
    told.story.now = at + HOUR
    told.story.hurt(parts[0], *(Outcome(one) for one in parts[1].split("+")), knew_at=at)


def _recall(told: Told, parts: list[str]) -> None:
    at, story = told.at(parts), told.story
    markets = tuple(place_of(one) for one in parts[0].split("+"))
    story.now = at - HOUR
    story.did(COMMANDER, AcceptReport())
    story.did(QUALITY, SetScope(**scope(markets=markets)))
    story.did(ASSESSOR, evaluation())
    story.now = at
    story.did(COMMANDER, recall())
    story.signed(QSR, BOSS)


def _done(told: Told, parts: list[str]) -> None:
    told.at(parts)
    told.story.did(COMMANDER, CompleteRecall(market=parts[0], reason=words("Nothing more.")))
    told.story.signed(REGULATORY)


def _act(told: Told, parts: list[str]) -> None:
    at = told.at(parts)
    told.story.now = at + HOUR
    told.story.did(
        REGULATORY,
        RecordAuthorityAct(
            authority=words("An authority"),
            market=parts[1],
            kind=AuthorityActKind(parts[0]),
            received_at=at,
            words=words("As in the letter."),
        ),
    )


def _begins(told: Told, parts: list[str]) -> None:
    now = told.story.now
    starts_at = told.at(parts)
    told.story.now = now
    told.story.did(
        COMMANDER, PlanRecallStart(market=parts[0], starts_at=starts_at, reason=words("Lorries."))
    )


def _stop(told: Told, parts: list[str]) -> None:
    told.at(parts)
    told.story.did(PLANT, OrderHalt(level=HaltLevel.H4, reason=words("Seen.")))


def _resume(told: Told, parts: list[str]) -> None:
    told.at(parts)
    told.story.keeps_evidence()
    for order in told.story.incident.halt.orders:
        if order.level == HaltLevel.H4:
            told.story.did(COMMANDER, LiftHalt(number=order.number, reason=words("Clean.")))
            told.story.signed(QSR)


def _file(told: Told, parts: list[str]) -> None:
    told.at(parts)
    found = told.story.incident.notice.duties.values()
    duty = [one for one in found if one.rule == parts[0] and one.is_open][-1]
    told.story.filed(duty, late_reason=words("As the row says."))
    told.told_at = None


def _news(told: Told, parts: list[str]) -> None:
    told.at(parts)
    case = told.story.incident.report.cases["P1"]
    told.story.more_of("P1", *case.outcomes)


def _widen(told: Told, parts: list[str]) -> None:
    told.at(parts)
    markets = told.story.incident.recall.coverage.markets
    lots = (lot(**COUNTED), lot("L2", **COUNTED))
    told.story.did(COMMANDER, WidenScope(**scope(markets=markets, lots=lots)))


def _learn(told: Told, parts: list[str]) -> None:
    told.at(parts)
    answers = replace(told.answers, fault=Fault(parts[0]), evidence=Evidence.OWN_RECORDS)
    told.story.did(QUALITY, AssessSeverity(answers=answers))


def _legal(told: Told, parts: list[str]) -> None:
    limit = "" if parts[:2] == ["at", "once"] else " ".join(parts)
    read = ConfirmRuleApplies(
        rule=told.row.rule, applies=True, citation=words("As read."), limit=limit
    )
    told.story.did(LEGAL, read)


def _firm(told: Told, parts: list[str]) -> None:
    own = told.story.incident.rules
    firm = (FirmInMarket(market=parts[0], roles=(Obliged(parts[1]),)),)
    others = tuple(row for row in own.plan.firm if row.market != parts[0])
    plan = replace(own.plan, firm=(*others, *firm))
    pinned = rules_of(plan, own.calendar, own.wording, own.regulations)
    told.story.incident = new_incident(told.story.incident.id, pinned)


def _class(told: Told, parts: list[str]) -> None:
    told.story.did(
        REGULATORY,
        ClassProduct(
            product=ProductId("cream"),
            market=parts[0],
            product_class=ProductClass(parts[1]),
            reason=words("As registered."),
        ),
    )


def _report(told: Told, parts: list[str]) -> None:
    at = told.at(parts)
    told.market = parts[1] if len(parts) == 4 else "CN"
    told.reported(at, ANSWERS[parts[0]])


def _fault(told: Told, parts: list[str]) -> None:
    told.fault = Fault(parts[0])


VERBS: dict[str, Callable[[Told, list[str]], None]] = {
    "report": _report,
    "hurt": _hurt,
    "recall": _recall,
    "done": _done,
    "act": _act,
    "begins": _begins,
    "stop": _stop,
    "resume": _resume,
    "file": _file,
    "news": _news,
    "widen": _widen,
    "learn": _learn,
    "legal": _legal,
    "firm": _firm,
    "class": _class,
    "fault": _fault,
}

# ---------------------------------------------------------------- what follows


@dataclass(frozen=True, kw_only=True)
class Played:
    """A row that was told: the duty, and the facts that it arose from."""

    row: Golden
    incident: Incident
    facts: Facts
    duty: Duty


def rule_of(name: str) -> Rule:
    """Find a rule of the files."""
    return next(rule for rule in regulations() if rule.id == name)


def zone_of(calendar: str) -> ZoneInfo:
    """Give the clock of a calendar's authority; of a country without a calendar, that of Greenwich."""
    try:
        return ZoneInfo(build_calendar(calendar, (2026,)).zone)
    except Malformed:
        return ZoneInfo("UTC")


def calendar_of(row: Golden) -> str:
    """Give whose calendar a row is told by; of a rule of many countries, that of its last fact."""
    rule = rule_of(row.rule)
    if rule.calendar != OF_COUNTRY:
        return rule.calendar
    last = next(
        fact.split() for fact in reversed(row.facts.split(";")) if fact.split()[0] in ("hurt", "recall", "report")
    )  # fmt: skip
    return place_of(last[2] if last[0] == "report" else last[1])


def played(row: Golden) -> Played:
    """Tell a row to a fresh incident; the calendar answers as it does in a running one."""
    story = Notified(incident=new_incident("INC-2026-0001", rules()))
    told = Told(row=row, zone=zone_of(calendar_of(row)), story=story)
    for fact in row.facts.split(";"):
        told.tell(fact)
    assert told.duties(), f"no duty of {row.rule}: {list(story.duties())}"
    at = told.story.now
    facts = facts_of(told.story.incident, at=at, told_at=told.told_at or at)
    return Played(row=row, incident=told.story.incident, facts=facts, duty=told.duties()[-1])


def shown(duty: Duty, zone: ZoneInfo) -> str:
    """Write what the real path gave, as the table does."""
    sure = "possibly " if duty.possible else ""
    if not duty.counts:
        return f"{sure}asks legal: {duty.limit} {duty.counting} {duty.calendar}".replace("  ", " ")
    at_once = "at once " if duty.is_immediate else ""
    until = "by hand" if duty.due_at is None else duty.due_at.astimezone(zone).strftime(TIME)
    return f"{sure}{duty.force} {at_once}{until}"


def computed(rule: Rule, told: Played) -> str:
    """Write what a rule gives over the same facts, without a story: for mutants of the rule."""
    others = [one for one in regulations() if rule.id in one.follow_ups and one.id != rule.id]
    duty, own = told.duty, told.facts
    found = [
        hit
        for hit in hits((rule, *others), own)
        if hit.rule.id == rule.id and (hit.subject, hit.place) == (duty.subject, duty.place)
    ]
    if not found:
        return "no duty"
    hit, judged = found[0], own.notice.judged.get(rule.id)
    by_legal = judged is not None and judged.applies and not rule.verified
    text = judged.limit if judged is not None and by_legal else rule.limit.text
    counting = judged.counting if judged is not None and by_legal else str(rule.counting or "")
    calendar = hit.place if rule.calendar == OF_COUNTRY else rule.calendar
    sure, limit = "possibly " if hit.possible else "", parse_limit(text)
    if not (rule.verified or by_legal):
        return f"{sure}asks legal: {text} {counting} {calendar}".replace("  ", " ")
    zone = zone_of(calendar_of(told.row))
    if limit.text == "at once":
        step = own_step(told.incident, duty)
        until = own.rules.due_at(hit.start_at, own_time(told.incident, step))
        return f"{sure}{rule.force} at once {until.astimezone(zone):{TIME}}"
    try:
        year = hit.start_at.year
        built = build_calendar(calendar, (year - 1, year + 2))
        until = due(hit.start_at, limit, built, Counting(counting) if counting else None).due_at
    except Malformed:
        return f"{sure}{rule.force} by hand"
    return f"{sure}{rule.force} {until.astimezone(zone):{TIME}}"
