"""Facts told in any order lead to the same duties, and to those that the rule files ask for.

What is told here only adds: reports, people hurt and what became known of them, one answer after
the other, acts of authorities, a finding, a scope, a recall, a halt, and what legal says of rules
that nobody verified. All of it is told in one hour, each thing with the time at which it happened.

Order counts in three places, and there alone; none of them is told here:

- An answer, or the last word about a person, that takes an earlier one back. What the earlier one
  led to stays until two people judge it: a duty is never taken back by a fact, and two people who
  were seriously hurt at one time made a critical grade, though it turned out that one was not.
  (What becomes known of a person here only adds, in its own order.)
- Markets that are not known yet. Until the first one is named, each in which we sell is a possible
  one, and what was possible stays so. (The first report names its markets, or never does.)
- Filings, and what follows them. New information is new after a report, not before it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.authorities import RecordAuthorityAct
from domain.determining import ConfirmRuleApplies
from domain.finding import SignFinding
from domain.grading import AssessSeverity
from domain.halt import ListChannels, OrderHalt
from domain.people import PERFORMER
from domain.recall_scope import SetScope
from domain.recall_terms import RecallAction
from domain.regulation_terms import AuthorityActKind
from domain.report import AcceptReport, AddReport, ReportProblem
from domain.severity import Answers, Evidence, Fault, HaltLevel, Outcome, Users, Whereabouts
from domain.state.investigation import FindingOutcome
from domain.values import PrivateText, ProductId
from tests import figures
from tests.domain.duties import LEGAL, REGULATORY, SERVICE, Notified, words
from tests.domain.recalls import ASSESSOR, BOSS, COMMANDER, QSR, QUALITY, evaluation, recall, scope
from tests.domain.story import START, channels
from tests.properties.duties_due import Duty, Known, Letter, Person, Told, expected

COUNTRIES = ("CN", "DE", "FR", "IT", "US", "GB", "AU", "JP", "TW", "BR")
CALLED = PrivateText("v1", "c" * 64, "s1")
UNVERIFIED = ("CN-ADR-SELF-SERIOUS", "CN-ADR-SELF-SOCIAL", "EU-COS-5-2")


def ago(hours: int) -> datetime:
    return START - timedelta(hours=hours)


@dataclass
class Telling:
    """A story that is being told, and which case or act each thing became in it."""

    story: Notified = field(default_factory=Notified)
    names: dict[str, str] = field(default_factory=dict)

    def duties(self) -> set[Duty]:
        """Give the duties on record, by what they are about rather than by their numbers."""
        called = {number: name for name, number in self.names.items()}
        return {
            (
                d.rule,
                d.recipient,
                called.get(d.subject, d.subject),
                d.start_at,
                d.limit,
                d.due_at,
                d.possible,
                d.counts,
            )
            for d in self.story.incident.notice.duties.values()
        }


@dataclass(frozen=True)
class Fact:
    """One thing that can be told; `needs` names what it can only be told after."""

    name: str
    tell: Callable[[Telling], object] = field(repr=False)
    needs: str = ""


# ---------------------------------------------------------------- what can be told


def reported(name: str, known_at: datetime) -> Fact:
    report = AddReport(first_known_at=known_at, first_known_country="CN", words=CALLED)
    return Fact(name, lambda told: told.story.did(SERVICE, report))


def hurt(person: Person) -> list[Fact]:
    """Register a person, then each thing that became known, in its own order."""

    def register(told: Telling) -> None:
        first = person.told[0]
        outcomes = tuple(map(Outcome, first.outcomes))
        told.names[person.name] = told.story.hurt(
            person.country, *outcomes, knew_at=_first_word(person), counterfeit=first.counterfeit
        )

    facts = [Fact(f"{person.name}/0", register)]
    for number, more in enumerate(person.told[1:], 1):
        known_at = person.known_at if number == len(person.told) - 1 else None
        facts.append(Fact(f"{person.name}/{number}", _more(person, more, known_at), facts[-1].name))
    return facts


def _first_word(person: Person) -> datetime:
    """A person of whom more became known turned out to be known a day earlier than was said."""
    return person.known_at + timedelta(days=1) if len(person.told) > 1 else person.known_at


def _more(person: Person, more: Told, known_at: datetime | None) -> Callable[[Telling], object]:
    outcomes = tuple(map(Outcome, more.outcomes))
    return lambda told: told.story.more_of(
        told.names[person.name], *outcomes, counterfeit=more.counterfeit, awareness_at=known_at
    )


def answered(name: str, value: Any, happened_at: datetime) -> Fact:
    """Answer one question more; markets come to those that were named."""

    def tell(told: Telling) -> None:
        now = told.story.incident.report.answers
        new = tuple(sorted({*now.markets, *value})) if name == "markets" else value
        change: dict[str, Any] = {name: new}
        command = AssessSeverity(answers=replace(now, **change))
        told.story.did(QUALITY, command, happened_at=happened_at)

    return Fact(f"answer {name}", tell)


def wrote(letter: Letter) -> Fact:
    def tell(told: Telling) -> None:
        events = told.story.did(
            REGULATORY,
            RecordAuthorityAct(
                authority=words("An authority"),
                market=letter.market,
                kind=AuthorityActKind(letter.kind),
                received_at=letter.received_at,
                words=words("A letter."),
            ),
        )
        told.names[letter.name] = events[0].act

    return Fact(letter.name, tell)


def found(outcome: str) -> Fact:
    def tell(told: Telling) -> None:
        told.story.keeps_evidence()
        told.story.did(
            QUALITY,
            SignFinding(
                outcome=FindingOutcome(outcome),
                basis=("E1",),
                i_released_the_lot=False,
                cause=words("A filter broke."),
            ),
        )
        told.story.signed(QSR)

    return Fact("finding", tell)


def scoped(*markets: str) -> Fact:
    more = {"left_out_why": words("The lot was never sold there.")}
    return Fact("scope", lambda t: t.story.did(QUALITY, SetScope(**scope(markets=markets, **more))))


def recalled(action: str) -> Fact:
    def tell(told: Telling) -> None:
        told.story.did(ASSESSOR, evaluation())
        told.story.did(COMMANDER, recall(action=RecallAction(action)))
        told.story.signed(QSR, BOSS)

    return Fact("recall", tell, needs="scope")


def judged(rule: str, limit: str) -> Fact:
    said = ConfirmRuleApplies(rule=rule, applies=True, citation=words("Read."), limit=limit)
    return Fact(rule, lambda told: told.story.did(LEGAL, said))


HALT = Fact(
    "halt",
    lambda told: told.story.does(
        COMMANDER, OrderHalt(level=HaltLevel.H4, reason=words("Until we know."))
    ),
)

# ---------------------------------------------------------------- what is told in one run

OUTCOMES = st.lists(st.sampled_from([str(each) for each in Outcome]), min_size=1, max_size=2)
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(COUNTRIES),
        st.integers(2, 900),
        st.lists(OUTCOMES, min_size=1, max_size=3),
        st.booleans(),
    ),
    max_size=4,
)
LETTERS = st.lists(
    st.tuples(
        st.sampled_from(["CN", "DE", "US"]),
        st.sampled_from(["sampling_failed_safety", "sampling_failed_other", "inquiry", "order_stop"]),
        st.integers(0, 200),
    ),
    max_size=2,
)  # fmt: skip
SOME_COUNTRIES = st.lists(st.sampled_from(COUNTRIES), max_size=3, unique=True)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "fault": st.sampled_from(
            [Fault.PATHOGEN, Fault.MICROBIAL_LIMIT, Fault.PACK_LABEL_COSMETIC, Fault.CORROSIVE]
        ),
        "evidence": st.sampled_from([Evidence.OWN_RECORDS, Evidence.ACCREDITED_LAB]),
        "users": st.just((Users.INFANTS_CHILDREN,)),
        "social_impact_marked": st.just(True),
        "early_warning": st.just(True),
        "markets": SOME_COUNTRIES.map(tuple),
    },
)
LONG = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
LIMITS = st.sampled_from(["", "10 d", "3 wd"])


@dataclass
class Run:
    """What the first report says, and the facts that come after it in this order."""

    first: ReportProblem
    facts: list[Fact]
    known: Known


@st.composite
def runs(draw: Any) -> Run:
    """Give facts in any order that what they need of one another allows."""
    answers, first_answers = draw(ANSWERS), draw(ANSWERS)
    at_first = {
        name: first_answers[name] for name in ("fault", "evidence") if name in first_answers
    }
    later = {name: value for name, value in answers.items() if name not in at_first}
    countries, widened = draw(SOME_COUNTRIES), draw(SOME_COUNTRIES)
    if not countries:
        later.pop("markets", None)
    hours = {name: draw(st.integers(0, 30)) for name in later}
    people = tuple(
        Person(f"person {n}", country, ago(known), tuple(_growing(outcomes, counterfeit)))
        for n, (country, known, outcomes, counterfeit) in enumerate(draw(PEOPLE))
    )
    letters = tuple(
        Letter(f"letter {n}", market, kind, ago(received))
        for n, (market, kind, received) in enumerate(draw(LETTERS))
    )
    reports = draw(st.lists(st.integers(0, 400), max_size=2))
    facts = [fact for person in people for fact in hurt(person)]
    facts += [reported(f"report {n}", ago(known)) for n, known in enumerate(reports)]
    facts += [answered(name, value, ago(hours[name])) for name, value in later.items()]
    facts += [wrote(letter) for letter in letters]
    outcome = draw(st.sampled_from(["", "confirmed", "probable", "not_found"]))
    facts += [found(outcome)] if outcome else []
    action = ""
    if countries and widened:
        facts.append(scoped(*widened))
        action = draw(st.sampled_from(["", "recall"]))
        facts += [recalled(action)] if action else []
    limits = {rule: draw(LIMITS) for rule in draw(st.sets(st.sampled_from(UNVERIFIED)))}
    facts += [judged(rule, limit) for rule, limit in sorted(limits.items())]
    facts += [HALT] if draw(st.booleans()) else []
    told_at = {
        **dict.fromkeys(("fault", "evidence"), ago(5)),
        **{n: ago(h) for n, h in hours.items()},
    }
    in_scope = widened if countries else []
    return Run(
        first=ReportProblem(
            first_known_at=ago(5),
            first_known_country="CN",
            products=(ProductId("cream"),),
            lots=("L1",),  # type: ignore[arg-type]
            answers=Answers(
                worst_outcome=Outcome.MILD,
                people=1,
                whereabouts=Whereabouts.CONSUMERS,
                markets=tuple(countries),
                **at_first,
            ),
        ),
        facts=_in_order(draw(st.permutations(facts))),
        known=Known(
            grade="",
            known_at=min([ago(5), *map(ago, reports), *(person.known_at for person in people)]),
            reported_at=min([ago(5), *map(ago, reports)]),
            countries=frozenset({*countries, *later.get("markets", ()), *in_scope}),
            perhaps=frozenset() if countries else frozenset({"CN"}),
            people=people,
            letters=letters,
            answers={"fault": "unknown", "evidence": "unknown", **later, **at_first},
            found_since={name: told_at[name] for name in ("fault", "evidence")},
            found=frozenset({outcome}),
            recalled=action,
            decided_at=START,
            judged={rule: limit or "at once" for rule, limit in limits.items()},
        ),
    )


def _growing(outcomes: list[list[str]], counterfeit: bool) -> Iterator[Told]:
    """Give what is told of a person: each time all of before, and more."""
    for number in range(1, len(outcomes) + 1):
        yield Told(tuple(dict.fromkeys(chain(*outcomes[:number]))), counterfeit)


def _in_order(facts: list[Fact]) -> list[Fact]:
    """Put each fact behind the one it needs, and leave the order alone where none is needed."""
    waiting, told = list(facts), list[Fact]()
    while waiting:
        ready = next(f for f in waiting if f.needs in ("", *(done.name for done in told)))
        waiting.remove(ready)
        told.append(ready)
    return told


# ---------------------------------------------------------------- what must hold


def told(run: Run) -> Telling:
    telling = Telling()
    telling.story.did(PERFORMER, ListChannels(channels=channels()))
    telling.story.did(SERVICE, run.first)
    telling.story.did(COMMANDER, AcceptReport())
    for fact in run.facts:
        fact.tell(telling)
    return telling


@LONG
@given(runs())
def test_facts_in_any_order_lead_to_the_duties_that_the_rule_files_ask_for(run: Run) -> None:
    telling = told(run)
    known = replace(run.known, grade=str(telling.story.incident.report.grade))
    duties = telling.duties()
    assert duties == expected(known), [fact.name for fact in run.facts]
    assert len(duties) == len(telling.story.incident.notice.duties)
    figures.note("Duties by facts in any order", {"facts": len(run.facts), "duties": len(duties)})


@settings(LONG, max_examples=LONG.max_examples // 4)
@given(runs(), st.randoms())
def test_another_order_of_the_same_facts_leads_to_the_same_duties(run: Run, chance: Any) -> None:
    shuffled = list(run.facts)
    chance.shuffle(shuffled)
    one, other = told(run), told(replace(run, facts=_in_order(shuffled)))
    assert one.duties() == other.duties()
    assert one.story.incident.report.grade == other.story.incident.report.grade
