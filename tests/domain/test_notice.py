"""Stage notice: which duties the facts lead to, since when, until when, and how a duty lives."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from domain.authorities import RecordAuthorityAct
from domain.recall_scope import SetScope
from domain.regulation_terms import AuthorityActKind
from domain.report import AcceptReport
from domain.severity import Answers, Evidence, Fault, Outcome, Whereabouts
from domain.state.notice import Duty
from tests.domain.duties import (
    COMMANDER,
    QSR,
    REGULATORY,
    ZONES,
    Notified,
    clock,
    local,
    utc,
    words,
)
from tests.domain.recalls import ASSESSOR, BOSS, QUALITY, evaluation, recall, scope
from tests.domain.story import CRITICAL, MILD, SERIOUS, START

MONDAY = START  # 2 March 2026, 09:00 in Shanghai, 02:00 in Berlin, Sunday 20:00 in New York
CN_ONLY = ("CN",)


def shown(duty: Duty) -> str:
    """Write a duty as the tables below do: how sure, on which basis, until when on its own clock."""
    sure = "possibly " if duty.possible else ""
    if not duty.counts:
        return f"{sure}asks legal"
    if duty.due_at is None:
        return f"{sure}by hand"
    zone = duty.place if duty.place in ZONES else "CN"
    return f"{sure}{duty.due_basis} {local(duty.due_at, zone)}"


def read(story: Notified) -> dict[str, str]:
    return {f"{rule} {what}": shown(duty) for (rule, what), duty in story.duties().items()}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """One row: what is told, and the duties that follow."""

    told: Callable[[Notified], object]
    duties: dict[str, str]
    now: datetime = MONDAY


def told(answers: Answers, markets: tuple[str, ...] = CN_ONLY) -> Callable[[Notified], None]:
    return lambda story: _reported(story, answers, markets)


def _reported(story: Notified, answers: Answers, markets: tuple[str, ...]) -> None:
    story.reported(replace(answers, markets=markets))


def case(
    country: str, *outcomes: Outcome, knew_at: str = "", **more: Any
) -> Callable[[Notified], None]:
    """Report something harmless in China, then register one hurt person."""

    def tell(story: Notified) -> None:
        _reported(story, HARMLESS, CN_ONLY)
        story.hurt(country, *outcomes, knew_at=utc(knew_at) if knew_at else None, **more)

    return tell


def then(*acts: Callable[[Notified], object]) -> Callable[[Notified], None]:
    def tell(story: Notified) -> None:
        for act in acts:
            act(story)

    return tell


def authority(kind: AuthorityActKind, market: str = "CN") -> Callable[[Notified], object]:
    return lambda story: story.did(
        REGULATORY,
        RecordAuthorityAct(
            authority=words("An authority"),
            market=market,
            kind=kind,
            received_at=story.now,
            words=words("As in the letter."),
        ),
    )


def recalled(*markets: str) -> Callable[[Notified], None]:
    """Accept, evaluate, set the scope, and decide the recall a day later."""

    def tell(story: Notified) -> None:
        _reported(story, SERIOUS, markets)
        story.did(COMMANDER, AcceptReport())
        story.did(QUALITY, SetScope(**scope(markets=markets)))
        story.did(ASSESSOR, evaluation())
        story.later(hours=24)
        story.did(COMMANDER, recall())
        story.signed(QSR, BOSS)

    return tell


HARMLESS = Answers(
    worst_outcome=Outcome.NONE, people=0, fault=Fault.PACK_LABEL_COSMETIC, whereabouts=Whereabouts.TRADE
)  # fmt: skip
GLASS = Answers(
    worst_outcome=Outcome.NONE, people=0, fault=Fault.FOREIGN_BODY_SHARP,
    whereabouts=Whereabouts.OWN_CONTROL, evidence=Evidence.OWN_RECORDS,
)  # fmt: skip
PLATE_COUNT = replace(GLASS, fault=Fault.MICROBIAL_LIMIT)
IMPACT = replace(MILD, social_impact_marked=True)

ADR = "CN-ADR-GENERAL P1"
SERIOUS_ADR = "CN-ADR-SERIOUS P1"
SELF = "CN-ADR-SELF-SERIOUS P1"
STOP = "CN-RECALL-STOP incident"
LAW_19 = "CN-CONSUMER-LAW-19 incident"
"""Possible wherever art. 44 asks, and counsel says what it adds."""

GOLDEN: dict[str, Facts] = {
    # -------------------------------------------------- China: 30, 15, 3 days
    "nobody is hurt": Facts(told=told(HARMLESS), duties={}),
    "CN mild": Facts(told=case("CN", Outcome.MILD), duties={ADR: "law 2026-04-01 23:59"}),
    "CN treated": Facts(told=case("CN", Outcome.TREATED), duties={ADR: "law 2026-04-01 23:59"}),
    "CN nobody hurt": Facts(told=case("CN", Outcome.NONE), duties={}),
    "CN mild, known on 31 January": Facts(
        told=case("CN", Outcome.MILD, knew_at="2026-01-31 04:00"),
        duties={ADR: "law 2026-03-02 23:59"},
    ),
    "CN mild, over the spring festival": Facts(  # calendar days: the holiday changes nothing
        told=case("CN", Outcome.MILD, knew_at="2026-02-10 01:00"),
        duties={ADR: "law 2026-03-12 23:59"},
    ),
    "CN mild, at the end of the year": Facts(
        told=case("CN", Outcome.MILD), duties={ADR: "law 2027-01-14 23:59"}, now=utc("2026-12-15 01:00")
    ),
    "CN hospital": Facts(
        told=case("CN", Outcome.HOSPITALISED),
        duties={SERIOUS_ADR: "law 2026-03-17 23:59", SELF: "asks legal", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "CN hospital, known just before midnight there": Facts(
        told=case("CN", Outcome.HOSPITALISED, knew_at="2026-03-01 15:59"),
        duties={SERIOUS_ADR: "law 2026-03-16 23:59", SELF: "asks legal", STOP: "possibly company 2026-03-03 23:59", LAW_19: "possibly company 2026-03-03 23:59"},
    ),
    "CN hospital, known at midnight there": Facts(
        told=case("CN", Outcome.HOSPITALISED, knew_at="2026-03-01 16:00"),
        duties={SERIOUS_ADR: "law 2026-03-17 23:59", SELF: "asks legal", STOP: "possibly company 2026-03-04 00:00", LAW_19: "possibly company 2026-03-04 00:00"},
    ),
    "CN infection: somebody judges": Facts(
        told=case("CN", Outcome.INFECTION),
        duties={ADR: "possibly law 2026-04-01 23:59", SERIOUS_ADR: "possibly law 2026-03-17 23:59", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "CN unknown: somebody judges": Facts(
        told=case("CN", Outcome.UNKNOWN),
        duties={ADR: "possibly law 2026-04-01 23:59", SERIOUS_ADR: "possibly law 2026-03-17 23:59"},
    ),
    "CN burn of a counterfeit: somebody judges": Facts(
        told=case("CN", Outcome.DISFIGUREMENT, counterfeit=True),
        duties={ADR: "possibly law 2026-04-01 23:59", SERIOUS_ADR: "possibly law 2026-03-17 23:59", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "CN death: social impact is asked": Facts(
        told=case("CN", Outcome.DEATH),
        duties={SERIOUS_ADR: "law 2026-03-17 23:59", SELF: "asks legal", STOP: "possibly company 2026-03-03 08:00", LAW_19: "possibly company 2026-03-03 08:00", "CN-ADR-SOCIAL incident": "possibly law 2026-03-05 23:59"},
    ),
    "CN social impact marked": Facts(
        told=told(IMPACT),
        duties={"CN-ADR-SOCIAL incident": "law 2026-03-05 23:59", "CN-ADR-SELF-SOCIAL incident": "asks legal", STOP: "possibly company 2026-03-03 08:00", LAW_19: "possibly company 2026-03-03 08:00"},
    ),
    # -------------------------------------------------- China: immediately, with our own target
    "CN serious, not judged yet": Facts(told=told(SERIOUS), duties={STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"}),
    "CN critical, not judged yet": Facts(
        told=told(CRITICAL), duties={STOP: "possibly company 2026-03-03 08:00", LAW_19: "possibly company 2026-03-03 08:00"}
    ),
    "CN recall decided": Facts(
        told=recalled("CN"), duties={STOP: "company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"}
    ),
    "CN own finding of glass": Facts(
        told=told(GLASS), duties={"CN-ORDER46-33-STOP incident": "company 2026-03-04 23:59"}
    ),
    "CN own finding of a plate count": Facts(
        told=told(PLATE_COUNT), duties={"CN-ORDER46-33-STOP incident": "possibly company 2026-03-04 23:59"}
    ),
    "CN failed sample, safety": Facts(
        told=then(told(HARMLESS), authority(AuthorityActKind.SAMPLING_FAILED_SAFETY)),
        duties={"CN-SAMPLING-FAIL AU1": "company 2026-03-04 09:00", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "CN failed sample, other": Facts(
        told=then(told(HARMLESS), authority(AuthorityActKind.SAMPLING_FAILED_OTHER)),
        duties={"CN-SAMPLING-FAIL AU1": "company 2026-03-04 23:59"},
    ),
    "CN two failed samples": Facts(
        told=then(told(HARMLESS), *[authority(AuthorityActKind.SAMPLING_FAILED_OTHER)] * 2),
        duties={"CN-SAMPLING-FAIL AU1": "company 2026-03-04 23:59", "CN-SAMPLING-FAIL AU2": "company 2026-03-04 23:59"},
    ),
    "CN inspection": Facts(
        told=then(told(HARMLESS), authority(AuthorityActKind.INSPECTION)), duties={}
    ),
    # -------------------------------------------------- European Union: 20 days, a guideline
    "DE hospital": Facts(
        told=case("DE", Outcome.HOSPITALISED),
        duties={
            "EU-COS-23-SUE P1@DE": "guideline 2026-03-22 23:59",
            "EU-GPSR-20 P1@DE": "possibly company 2026-03-04 02:00",
            "EU-COS-5-2 incident@DE": "possibly asks legal",
            STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00",
        },
    ),
    "DE hospital, over the change of the clock": Facts(
        told=case("DE", Outcome.HOSPITALISED, knew_at="2026-03-20 08:00"),
        duties={
            "EU-COS-23-SUE P1@DE": "guideline 2026-04-09 23:59",
            "EU-GPSR-20 P1@DE": "possibly company 2026-03-22 09:00",
            "EU-COS-5-2 incident@DE": "possibly asks legal",
            STOP: "possibly company 2026-03-22 16:00", LAW_19: "possibly company 2026-03-22 16:00",
        },
        now=utc("2026-03-20 09:00"),
    ),
    "DE mild": Facts(told=case("DE", Outcome.MILD), duties={}),
    "FR burn: the EU list has no disfigurement": Facts(
        told=case("FR", Outcome.DISFIGUREMENT),
        duties={
            "EU-COS-23-SUE P1@FR": "possibly guideline 2026-03-22 23:59",
            "EU-COS-5-2 incident@FR": "possibly asks legal",
            STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00",
        },
    ),
    "IT hospital: 20 days by the clock of Rome": Facts(
        told=case("IT", Outcome.HOSPITALISED),
        duties={
            "EU-COS-23-SUE P1@IT": "guideline 2026-03-22 23:59",
            "EU-GPSR-20 P1@IT": "possibly company 2026-03-04 02:00",
            "EU-COS-5-2 incident@IT": "possibly asks legal",
            STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00",
        },
    ),
    # -------------------------------------------------- United States: 15 business days
    "US hospital, known on Sunday evening there": Facts(
        told=case("US", Outcome.HOSPITALISED),
        duties={"US-MOCRA-SAER P1": "law 2026-03-20 23:59", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "US hospital, known on Monday there": Facts(
        told=case("US", Outcome.HOSPITALISED, knew_at="2026-03-02 15:00"),
        duties={"US-MOCRA-SAER P1": "law 2026-03-23 23:59", STOP: "possibly company 2026-03-04 23:00", LAW_19: "possibly company 2026-03-04 23:00"},
        now=utc("2026-03-02 16:00"),
    ),
    "US infection counts there": Facts(
        told=case("US", Outcome.INFECTION),
        duties={"US-MOCRA-SAER P1": "law 2026-03-20 23:59", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "US systemic: somebody judges": Facts(
        told=case("US", Outcome.SYSTEMIC),
        duties={"US-MOCRA-SAER P1": "possibly law 2026-03-20 23:59", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "US hospital, over Memorial Day": Facts(  # 25 May 2026 is left out
        told=case("US", Outcome.HOSPITALISED, knew_at="2026-05-18 15:00"),
        duties={"US-MOCRA-SAER P1": "law 2026-06-09 23:59", STOP: "possibly company 2026-05-20 23:00", LAW_19: "possibly company 2026-05-20 23:00"},
        now=utc("2026-05-18 16:00"),
    ),
    "US hospital, over Juneteenth and the observed 4th of July": Facts(
        told=case("US", Outcome.HOSPITALISED, knew_at="2026-06-11 14:00"),
        duties={"US-MOCRA-SAER P1": "law 2026-07-06 23:59", STOP: "possibly company 2026-06-13 22:00", LAW_19: "possibly company 2026-06-13 22:00"},
        now=utc("2026-06-11 15:00"),
    ),
    "US hospital, over the year's end": Facts(
        told=case("US", Outcome.HOSPITALISED, knew_at="2026-12-14 15:00"),
        duties={"US-MOCRA-SAER P1": "law 2027-01-06 23:59", STOP: "possibly company 2026-12-16 23:00", LAW_19: "possibly company 2026-12-16 23:00"},
        now=utc("2026-12-14 16:00"),
    ),
    "US recall decided": Facts(
        told=recalled("US"), duties={"US-CFR-7-46 incident": "company 2026-03-04 20:00"}
    ),
    # -------------------------------------------------- Great Britain: without delay
    "GB hospital": Facts(
        told=case("GB", Outcome.HOSPITALISED),
        duties={"UK-23-SUE P1": "company 2026-03-04 01:00", "UK-COS-5-2 incident": "possibly asks legal", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    "UK is GB": Facts(
        told=case("UK", Outcome.DEATH),
        duties={"UK-23-SUE P1": "company 2026-03-03 01:00", "UK-COS-5-2 incident": "possibly asks legal", STOP: "possibly company 2026-03-03 08:00", LAW_19: "possibly company 2026-03-03 08:00"},
    ),
    "GB burn: somebody judges": Facts(
        told=case("GB", Outcome.DISFIGUREMENT),
        duties={"UK-23-SUE P1": "possibly company 2026-03-04 01:00", "UK-COS-5-2 incident": "possibly asks legal", STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"},
    ),
    # -------------------------------------------------- several markets, unknown markets
    "recall in three markets": Facts(
        told=recalled("CN", "DE", "US"),
        duties={STOP: "company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00", "EU-COS-5-2 incident@DE": "asks legal", "EU-GPSR-35 incident@DE": "company 2026-03-05 02:00", "US-CFR-7-46 incident": "company 2026-03-04 20:00"},
    ),
    "markets not known: wherever we sell": Facts(
        told=told(SERIOUS, markets=()), duties={STOP: "possibly company 2026-03-04 08:00", LAW_19: "possibly company 2026-03-04 08:00"}
    ),
    "a market without rules": Facts(told=case("BR", Outcome.MILD), duties={}),
}  # fmt: skip


@pytest.mark.parametrize("row", GOLDEN.values(), ids=GOLDEN.keys())
def test_facts_lead_to_these_duties_and_due_times(row: Facts) -> None:
    story = Notified(now=row.now)
    row.told(story)
    assert read(story) == row.duties


CALLED = {
    "law": ("CN-RECALL-STOP", " (our own target; the law says: at once)"),
    "request": (
        "US-CFR-7-46",
        " (our own target; 21 CFR 7.46(a) asks for it immediately; no limit of the law)",
    ),
}


@pytest.mark.parametrize(("rule", "said"), CALLED.values(), ids=CALLED)
@pytest.mark.parametrize(("key", "how"), [("duty:", ""), ("duty_phone:", " by phone")])
def test_our_own_target_says_law_only_of_a_law(rule: str, said: str, key: str, how: str) -> None:
    story = Notified()
    recalled("CN", "US")(story)
    assert clock(story, rule, key).title.endswith(how + said)
