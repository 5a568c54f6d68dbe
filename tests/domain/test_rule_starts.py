"""Since when a rule's clock runs: by what is known in its own market, and by its own law."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

import pytest

from domain.cases import RegisterCase
from domain.determining import ConfirmReportable
from domain.grading import AssessSeverity
from domain.incident import new_incident
from domain.regulations import Rule
from domain.report import AddReport
from domain.rules import rules_of
from domain.severity import Outcome
from domain.state.notice import Duty
from domain.values import PrivateText, ProductId
from tests.domain.duties import (
    QSR,
    REGULATORY,
    SERVICE,
    Notified,
    determined,
    local,
    utc,
    words,
)
from tests.domain.story import MILD, START, rules
from tests.domain.test_what_if import supposed

SOCIAL, SELF_SOCIAL, STOP = "CN-ADR-SOCIAL", "CN-ADR-SELF-SOCIAL", "CN-RECALL-STOP"
ADR, SUE, NEWS = "CN-ADR-SERIOUS", "EU-COS-23-SUE", "EU-COS-23-SUE-FU"
CALLED = PrivateText("v1", "c" * 64, "s1")


def began(**changed: dict[str, object]) -> Notified:
    """A mild report from China, under rules of which some say something else."""
    own = rules()
    changes = {name.replace("_", "-"): change for name, change in changed.items()}
    every: tuple[Rule, ...] = tuple(
        replace(rule, **changes.get(rule.id, {}))  # type: ignore[arg-type]
        for rule in own.regulations
    )
    pinned = rules_of(own.plan, own.calendar, own.wording, every)
    story = Notified(incident=new_incident("INC-2026-0001", pinned))
    story.reported(MILD)
    return story


def marked(story: Notified) -> None:
    answers = replace(story.incident.report.answers, social_impact_marked=True)
    story.did(QSR, AssessSeverity(answers=answers))


def known_since(story: Notified, at: str, country: str = "CN") -> None:
    report = AddReport(first_known_at=utc(at), first_known_country=country, words=CALLED)
    story.did(SERVICE, report)


def died(country: str, knew_at: str) -> Callable[[Notified], object]:
    return lambda story: story.hurt(country, Outcome.DEATH, knew_at=utc(knew_at))


def itched(country: str, knew_at: str) -> Callable[[Notified], object]:
    return lambda story: story.hurt(country, Outcome.MILD, knew_at=utc(knew_at))


# ---------------------------------------------------------------- greater social impact

ABROAD = died("US", "2026-02-01 08:00")
SLIGHT = itched("CN", "2026-02-10 08:00")
HERE = died("CN", "2026-03-01 08:00")


@pytest.mark.parametrize("told", list(permutations((ABROAD, SLIGHT, HERE))))
def test_it_is_asked_since_the_person_it_is_asked_about_was_known(
    told: tuple[Callable[[Notified], object], ...],
) -> None:
    story = began()
    for fact in told:
        fact(story)
    duty = story.duty(SOCIAL)
    assert (duty.possible, duty.start_at) == (True, utc("2026-03-01 08:00"))
    assert local(duty.due_at, "CN") == "2026-03-04 23:59"
    assert story.duty(STOP).start_at == utc("2026-02-01 08:00"), "of the product: anything"


@pytest.mark.parametrize("told", list(permutations((ABROAD, SLIGHT, HERE, marked))))
def test_marked_it_counts_since_anything_was_known_there(
    told: tuple[Callable[[Notified], object], ...],
) -> None:
    story = began()
    for fact in told:
        fact(story)
    duty = story.duty(SOCIAL)
    assert (duty.possible, duty.start_at) == (False, utc("2026-02-10 08:00"))


@pytest.mark.parametrize(
    ("country", "since"),
    [
        pytest.param("CN", "2026-02-20 08:00", id="from there"),
        pytest.param("US", "", id="from elsewhere"),
    ],
)
def test_a_report_from_there_counts_once_it_is_marked(country: str, since: str) -> None:
    story = began()
    known_since(story, "2026-02-20 08:00", country)
    marked(story)
    first = story.incident.report.reports[0].first_known_at
    assert story.duty(SOCIAL).start_at == (utc(since) if since else first)


def test_a_person_of_whom_we_shall_learn_gives_no_limit_before_that() -> None:
    story = began()
    learns_at = START + timedelta(days=10)
    command = RegisterCase(
        outcomes=(Outcome.DEATH,), awareness_at=learns_at, country="CN", product=ProductId("cream")
    )
    then = supposed(story, SERVICE, command, days=10)
    duty = next(one.after for one in then.changes if one.after.rule == SOCIAL)
    assert (duty.start_at, local(duty.due_at, "CN")) == (learns_at, "2026-03-15 23:59")


# ---------------------------------------------------------------- a person confirms it


def confirmed(story: Notified) -> Duty:
    said = ConfirmReportable(duty=story.duty(SOCIAL).id, reason=words("The papers have it."))
    story.did(REGULATORY, said)
    return story.duty(SOCIAL)


def test_who_confirms_it_is_asked_for_the_self_inspection_too() -> None:
    story = began()
    for fact in (SLIGHT, HERE):
        fact(story)
    before = story.duty(SOCIAL)
    assert SELF_SOCIAL not in {rule for rule, _ in story.duties()}
    duty = confirmed(story)
    asked = story.duty(SELF_SOCIAL)
    assert (asked.counts, asked.possible, asked.limit) == (False, False, "10 d")
    assert asked.start_at == duty.start_at == before.start_at, "confirming moves no clock"


def test_what_two_people_determined_is_no_mark() -> None:
    story = began()
    HERE(story)
    determined(story, SOCIAL)
    HERE(story)
    assert SELF_SOCIAL not in {rule for rule, _ in story.duties()}


# ---------------------------------------------------------------- a law that began later


@pytest.mark.parametrize("is_old_first", [True, False], ids=["old first", "old last"])
def test_a_knowledge_from_before_the_law_hides_no_duty(is_old_first: bool) -> None:
    story = began()
    facts: list[Callable[[Notified], object]] = [lambda s: known_since(s, "2019-01-01 00:00"), HERE]
    for fact in facts if is_old_first else reversed(facts):
        fact(story)
    duty = story.duty(STOP)
    assert local(duty.start_at, "CN") == "2021-01-01 00:00", "since the law is in force"
    assert {ADR, SOCIAL} < {rule for rule, _ in story.duties()}


@pytest.mark.parametrize("began_at", ["2019-05-01 00:00", "2022-09-30 15:00"])
def test_of_a_person_known_before_it_a_law_asks_since_it_began(began_at: str) -> None:
    story = began()
    story.hurt("CN", Outcome.DEATH, knew_at=utc(began_at))
    assert local(story.duty(ADR).start_at, "CN") == "2022-10-01 00:00"


@pytest.mark.parametrize(
    ("change", "knew_at", "is_there"),
    [
        pytest.param({"effective_from": date(2026, 3, 2)}, "2026-03-01 17:00", True, id="begins"),
        pytest.param({"effective_from": date(2026, 3, 3)}, "2026-03-01 17:00", False, id="later"),
        pytest.param({"effective_to": date(2026, 3, 1)}, "2026-03-01 15:59", True, id="last day"),
        pytest.param({"effective_to": date(2026, 3, 1)}, "2026-03-01 16:00", False, id="is over"),
    ],
)
def test_the_day_of_a_law_is_that_of_its_market(
    change: dict[str, object], knew_at: str, is_there: bool
) -> None:
    story = began(CN_ADR_SERIOUS=change)
    story.hurt("CN", Outcome.DEATH, knew_at=utc(knew_at))
    assert (ADR in {rule for rule, _ in story.duties()}) is is_there


def test_a_start_told_later_moves_no_clock_to_before_the_law() -> None:
    story = began()
    case = story.hurt("CN", Outcome.DEATH, knew_at=utc("2026-03-01 08:00"))
    story.more_of(case, Outcome.NONE, awareness_at=utc("2019-05-01 00:00"))
    assert local(story.duty(ADR).start_at, "CN") == "2022-10-01 00:00"


# ---------------------------------------------------------------- after several reports


@pytest.mark.parametrize("filed", [(SUE,), ("EU-GPSR-20",), (SUE, "EU-GPSR-20")])
def test_news_are_due_after_a_report_under_any_rule_that_names_them(filed: tuple[str, ...]) -> None:
    story = began(EU_GPSR_20={"follow_ups": (NEWS,)})
    case = story.hurt("FR", Outcome.DEATH)
    for rule in filed:
        story.filed(story.duty(rule))
    story.later(days=1)
    story.more_of(case, Outcome.DEATH)
    assert [rule for rule, _ in story.duties()].count(NEWS) == 1
    numbers = [duty.rule for duty in story.incident.notice.duties.values()]
    assert numbers.count(NEWS) == 1, "once, whatever it follows"
