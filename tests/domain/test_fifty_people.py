"""Fifty hurt people in three markets: each has exactly the clocks of its own market's law.

The table is copied by hand from the reference (practice.md, table 3.4), the dates are counted by
hand: nobody was known on a day whose limit ends on a holiday.
"""

from collections import Counter
from datetime import timedelta

import pytest

from domain.severity import Outcome
from domain.state.notice import Duty
from tests.domain.duties import Notified, local, utc
from tests.domain.story import MILD

GENERAL, SERIOUS, SELF = "CN-ADR-GENERAL", "CN-ADR-SERIOUS", "CN-ADR-SELF-SERIOUS"
SUE, GPSR, SAER = "EU-COS-23-SUE", "EU-GPSR-20", "US-MOCRA-SAER"

CN_GENERAL = {GENERAL: "certain"}
CN_REVIEW = {GENERAL: "possible", SERIOUS: "possible"}
CN_SERIOUS = {SERIOUS: "certain", SELF: "certain"}
EU_REVIEW, EU_SERIOUS = {SUE: "possible"}, {SUE: "certain", GPSR: "possible"}
US_REVIEW, US_SERIOUS = {SAER: "possible"}, {SAER: "certain"}
NOTHING: dict[str, str] = {}

# What happened → what it is under the law of China, of the Union, of the United States.
TABLE = {
    Outcome.DEATH: (CN_SERIOUS, EU_SERIOUS, US_SERIOUS),
    Outcome.LIFE_THREATENING: (CN_SERIOUS, EU_SERIOUS, US_SERIOUS),
    Outcome.HOSPITALISED: (CN_SERIOUS, EU_SERIOUS, US_SERIOUS),
    Outcome.DISABILITY: (CN_SERIOUS, EU_SERIOUS, US_SERIOUS),
    Outcome.TEMPORARY_INCAPACITY: (CN_SERIOUS, EU_SERIOUS, US_REVIEW),
    Outcome.CONGENITAL: (CN_SERIOUS, EU_SERIOUS, US_SERIOUS),
    Outcome.INFECTION: (CN_REVIEW, EU_REVIEW, US_SERIOUS),
    Outcome.DISFIGUREMENT: (CN_SERIOUS, EU_REVIEW, US_SERIOUS),
    Outcome.SYSTEMIC: (CN_SERIOUS, EU_REVIEW, US_REVIEW),
    Outcome.INTERVENTION: (CN_REVIEW, EU_REVIEW, US_SERIOUS),
    Outcome.TREATED: (CN_GENERAL, NOTHING, NOTHING),
    Outcome.MILD: (CN_GENERAL, NOTHING, NOTHING),
    Outcome.UNKNOWN: (CN_REVIEW, EU_REVIEW, US_REVIEW),
}
COLUMN = {"CN": 0, "DE": 1, "FR": 1, "US": 2}

KNOWN = (utc("2026-03-03 15:00"), utc("2026-03-04 15:00"))
"""Tuesday and Wednesday, whichever of the clocks one looks at."""

DUE = {
    GENERAL: ("CN", "2026-04-02 23:59", "2026-04-03 23:59"),  # 30 days
    SERIOUS: ("CN", "2026-03-18 23:59", "2026-03-19 23:59"),  # 15 days
    SAER: ("US", "2026-03-24 23:59", "2026-03-25 23:59"),  # 15 business days
    SUE: ("", "2026-03-23 23:59", "2026-03-24 23:59"),  # 20 days, by the clock of the country
}
PEOPLE = [(country, outcome) for outcome in TABLE for country in COLUMN][:50]


@pytest.fixture(scope="module")
def fifty() -> Notified:
    story = Notified()
    story.reported(MILD)
    story.later(days=3)
    for number, (country, outcome) in enumerate(PEOPLE):
        story.hurt(country, outcome, knew_at=KNOWN[number % 2])
    return story


def of_person(story: Notified, number: int) -> dict[str, Duty]:
    return {d.rule: d for d in story.incident.notice.duties.values() if d.subject == f"P{number}"}


@pytest.mark.parametrize(
    ("number", "country", "outcome"),
    [(number, *person) for number, person in enumerate(PEOPLE, 1)],
    ids=[f"P{number} {country} {outcome}" for number, (country, outcome) in enumerate(PEOPLE, 1)],
)
def test_each_person_has_the_clocks_of_their_market_and_no_other(
    fifty: Notified, number: int, country: str, outcome: Outcome
) -> None:
    duties = of_person(fifty, number)
    told = {rule: "possible" if duty.possible else "certain" for rule, duty in duties.items()}
    assert told == TABLE[outcome][COLUMN[country]]
    which = (number - 1) % 2
    for rule, duty in duties.items():
        assert (duty.place, duty.start_at) == (country, KNOWN[which])
        assert duty.recipient.endswith(f":{country}") == (rule in (SUE, GPSR))
        if rule in DUE:
            zone, *days = DUE[rule]
            assert local(duty.due_at, zone or country) == days[which]
        elif rule == GPSR:  # No number in the law: our own time at a critical grade.
            assert duty.due_at == duty.start_at + timedelta(hours=24)
        else:  # Nobody has verified the rule: it drives no deadline.
            assert (duty.counts, duty.due_at) == (False, None)


def test_the_clocks_of_all_of_them_counted(fifty: Notified) -> None:
    duties = [d for d in fifty.incident.notice.duties.values() if d.case]
    assert Counter(d.rule for d in duties) == {
        GENERAL: 5,
        SERIOUS: 11,
        SELF: 8,
        SUE: 21,
        GPSR: 12,
        SAER: 10,
    }
    assert len({(d.rule, d.recipient, d.subject) for d in duties}) == len(duties)
