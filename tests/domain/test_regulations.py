"""Rule files: what they may say, what they are told, and facts that only ever add duties."""

import copy
import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.authorities import RecordAuthorityAct
from domain.canonical import canonical, sha256_hex
from domain.determining import DetermineNotReportable
from domain.duties import DutyArisen
from domain.errors import BrokenSetup
from domain.filing import DutyFiled
from domain.grading import AssessSeverity
from domain.ledger import read_entry
from domain.markets import market_of
from domain.regulation_terms import AuthorityActKind, DutyStatus, FindingIs, Force
from domain.regulations import (
    RegulationFile,
    read_regulations,
    regulations_document,
    regulations_from_document,
    together,
)
from domain.report import AddReport
from domain.rule_facts import facts_of
from domain.rules import (
    rules_document,
    rules_from_document,
    rules_from_text,
    rules_of,
    rules_text,
)
from domain.severity import Evidence, Fault, Outcome
from domain.state.investigation import FindingOutcome
from domain.triggers import hits, level_of
from domain.values import PrivateText
from tests.domain.duties import LEGAL, REGULATORY, SERVICE, Notified, story_of, words
from tests.domain.plans import drop, put
from tests.domain.recalls import QUALITY
from tests.domain.story import MILD, START, regulations, rules

CN = Path(__file__).parents[2] / "plan" / "regulations" / "cn.toml"
Change = Callable[[dict[str, Any]], object]


@cache
def as_written() -> dict[str, Any]:
    return tomllib.loads(CN.read_text(encoding="utf-8"))


def changed(*changes: Change) -> dict[str, Any]:
    document = copy.deepcopy(as_written())
    for change in changes:
        change(document)
    return document


# ---------------------------------------------------------------- broken files

ROW = "rules.4"  # CN-ADR-SERIOUS

BROKEN: dict[str, tuple[Change, str, str]] = {
    "field unknown": (put(f"{ROW}.deadline", "15 d"), f"{ROW}.deadline", "There is no field called 'deadline'."),
    "field missing": (drop(f"{ROW}.limit"), f"{ROW}.limit", "this is needed"),
    "limit unreadable": (put(f"{ROW}.limit", "15 days"), f"{ROW}.limit", "'15 days' is not a limit."),
    "limit of nothing": (put(f"{ROW}.limit", "0 d"), f"{ROW}.limit", "Write 'at once'"),
    "days without counting": (drop(f"{ROW}.counting"), f"{ROW}.counting", "Say how the days count"),
    "counting of hours": (put(f"{ROW}.counting", "elapsed"), f"{ROW}.counting", "is not counted so"),
    "calendar": (put(f"{ROW}.calendar", "china"), f"{ROW}.calendar", "'china' is no calendar"),
    "whose calendar": (put(f"{ROW}.calendar", "of_country"), f"{ROW}.calendar", "whose calendar would it be?"),
    "impossible date": (put(f"{ROW}.effective_from", "2022-13-01"), f"{ROW}.effective_from", "A date is expected"),
    "ends before it begins": (put(f"{ROW}.effective_to", date(2020, 1, 1)), f"{ROW}.effective_to", "cannot end before it begins"),
    "word unknown": (put(f"{ROW}.force", "laww"), f"{ROW}.force", "Is 'law' meant?"),
    "level unknown": (put(f"{ROW}.when.0.case", ["severe"]), f"{ROW}.when.0.case.0", "is not known here"),
    "condition unknown": (put(f"{ROW}.when.0.cases", 2), f"{ROW}.when.0.cases", "There is no field called 'cases'."),
    "no trigger": (put(f"{ROW}.when", []), f"{ROW}.when", "Say what triggers the duty."),
    "a row that always holds": (put(f"{ROW}.when.0", {"possible": True}), f"{ROW}.when.0", "An empty row would always hold"),
    "per case of nobody": (put(f"{ROW}.when.0", {"grade": "serious"}), f"{ROW}.when.0", "A duty per case needs one of"),
    "incident with a case": (put("rules.0.when.0", {"case": ["serious"]}), "rules.0.when.0.case", "Only a duty per case"),
    "clock without its fact": (put("rules.0.clock_start", "decision"), "rules.0.when.1", "write recall or recall_open"),
    "nobody obliged": (put(f"{ROW}.obliged", []), f"{ROW}.obliged", "Say which role"),
    "id": (put(f"{ROW}.id", "adr serious"), f"{ROW}.id", "is no id"),
    "two of one id": (put(f"{ROW}.id", "CN-ADR-GENERAL"), "rules", "stands here twice"),
    "recipient": (put(f"{ROW}.recipient", "ADR System"), f"{ROW}.recipient", "is no code"),
    "covers nothing": (put(f"{ROW}.covers", ["CN-NONE"]), f"{ROW}.covers", "There is no rule 'CN-NONE'."),
    "follows itself": (put(f"{ROW}.follow_ups", ["CN-ADR-SERIOUS"]), f"{ROW}.follow_ups", "does not name itself"),
    "repeats without filing": (put(f"{ROW}.repeats", True), f"{ROW}.repeats", "Only a rule with `filed`"),
    "within without news": (put(f"{ROW}.within", "12 mo"), f"{ROW}.within", "Only new information"),
    "one language": (put(f"{ROW}.note_zh", None), f"{ROW}.note_zh", "Write it in both languages"),
    "items in one language": (put(f"{ROW}.content_en", ["form"]), f"{ROW}.content_zh", "the same items"),
    "market": (put("market", "China"), "market", "is no market"),
    "rule of another market": (put(f"{ROW}.market", "US"), f"{ROW}.market", "belongs to the market of its file"),
    "blank": (put(f"{ROW}.citation", " "), f"{ROW}.citation", "This is blank"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "path", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_rule_file_is_told_by_path_and_sentence(
    change: Change, path: str, sentence: str
) -> None:
    broken = changed(change)
    for row in broken["rules"]:
        for name in [name for name, value in row.items() if value is None]:
            del row[name]
    with pytest.raises(BrokenSetup) as refusal:
        read_regulations(broken, what="The rule file cn.toml")
    assert refusal.value.sentence.startswith("The rule file cn.toml has ")
    told = [problem.sentence for problem in refusal.value.fields if problem.path == path]
    assert any(sentence in one for one in told), refusal.value.sentence


def test_rules_that_follow_one_another_in_a_circle_are_told() -> None:
    broken = changed(
        put("rules.3.follow_ups", ["CN-ADR-SERIOUS"]),
        put("rules.4.follow_ups", ["CN-ADR-SOCIAL"]),
        put("rules.5.follow_ups", ["CN-ADR-GENERAL"]),
    )
    with pytest.raises(BrokenSetup, match="CN-ADR-GENERAL follows itself over"):
        read_regulations(broken)


def test_a_market_stands_in_one_file() -> None:
    file: RegulationFile = read_regulations(as_written())
    with pytest.raises(BrokenSetup, match="CN stands in two files"):
        together([file, file])


@pytest.mark.parametrize("code", ["MY-03", "AT-9", "FR-974", "SG-HSA", "XI"])
def test_a_region_is_named_by_letters_or_numbers(code: str) -> None:
    file = read_regulations(changed(put(f"{ROW}.calendar", code)))
    assert code in {rule.calendar for rule in file.rules}


def test_a_finding_is_named_as_the_investigation_names_it() -> None:
    assert set(FindingIs) <= set(FindingOutcome)


# ---------------------------------------------------------------- pinned with the plan


def test_the_rules_are_pinned_and_come_back_the_same() -> None:
    document = json.loads(json.dumps(regulations_document(regulations())))
    assert regulations_from_document(document) == regulations()
    assert rules_from_document(json.loads(rules_text(rules()))) == rules()
    assert [row["id"] for row in rules_document(rules())["regulations"]] == [
        rule.id for rule in regulations()
    ]


def test_rules_keep_the_hash_of_the_release_that_wrote_them() -> None:
    document = json.loads(rules_text(rules()))
    for later in ("names", "provisional"):
        del document["calendar"][later]
    written = canonical(document)
    read = rules_from_text(written.decode())
    assert read.hash == sha256_hex(written) != rules().hash
    assert rules_text(read) == written.decode()
    assert read.plan == rules().plan


def test_another_limit_is_another_hash_and_no_regulations_is_the_hash_of_before() -> None:
    pinned = rules()
    longer = tuple(replace(rule, version="2") for rule in pinned.regulations)
    other = rules_of(pinned.plan, pinned.calendar, pinned.wording, longer)
    assert other.hash != pinned.hash
    bare = rules_of(pinned.plan, pinned.calendar, pinned.wording)
    assert "regulations" not in rules_document(bare)


def test_a_rule_counts_only_while_it_is_in_force() -> None:
    story = story_of("CN", Outcome.MILD)
    rule = next(rule for rule in regulations() if rule.id == "CN-ADR-GENERAL")
    facts = facts_of(story.incident, at=story.now, told_at=story.now)
    ended = replace(rule, effective_to=date(2026, 3, 1))
    assert [hit.rule.id for hit in hits([rule], facts)] == ["CN-ADR-GENERAL"]
    assert list(hits([ended], facts)) == []
    assert list(hits([replace(rule, effective_from=date(2026, 3, 3))], facts)) == []


def test_a_running_incident_knows_which_version_of_a_rule_it_met() -> None:
    story = story_of("CN", Outcome.MILD)
    versions = {rule.id: rule.version for rule in regulations()}
    assert all(d.rule_version == versions[d.rule] for d in story.duties().values())


@pytest.mark.parametrize(
    ("country", "market"),
    [("DE", "EU"), ("EU", "EU"), ("NO", "EU"), ("GB", "GB"), ("UK", "GB"), ("cn", "CN"), ("EL", "EU"), ("HK", "HK")],
)  # fmt: skip
def test_the_market_of_a_country(country: str, market: str) -> None:
    assert market_of(country) == market


@pytest.mark.parametrize("outcome", Outcome)
def test_a_level_is_read_by_the_law_of_the_market(outcome: Outcome) -> None:
    case = story_of("CN", outcome).incident.report.cases["P1"]
    words_of = {"serious": "yes", "review": "review", None: "no"}
    for market, said in (("EU", case.levels.eu), ("GB", case.levels.eu), ("US", case.levels.us)):
        level = level_of(case, market)
        assert words_of[level and str(level)] == said
    assert (str(level_of(case, "CN") or "no")) == case.levels.cn
    assert level_of(case, "BR") is None


# ---------------------------------------------------------------- facts only ever add


def hurts(country: str, outcome: Outcome, days: int) -> Callable[[Notified], object]:
    return lambda story: story.hurt(country, outcome, knew_at=START - timedelta(days=days))


def worse(outcome: Outcome) -> Callable[[Notified], object]:
    """Say more of the first hurt person, if there is one; what was known stays known."""

    def tell(story: Notified) -> None:
        cases = story.incident.report.cases
        if "P1" in cases:
            story.more_of("P1", *{*cases["P1"].outcomes, outcome})

    return tell


def earlier(days: int) -> Callable[[Notified], object]:
    report = AddReport(
        first_known_at=START - timedelta(days=days),
        first_known_country="CN",
        words=PrivateText("v1", "c" * 64, "s1"),
    )
    return lambda story: story.did(SERVICE, report)


def assessed(**answers: Any) -> Callable[[Notified], object]:
    return lambda story: story.did(
        QUALITY, AssessSeverity(answers=replace(story.incident.report.answers, **answers))
    )


def in_markets(*markets: str) -> Callable[[Notified], object]:
    def tell(story: Notified) -> None:
        known = story.incident.report.answers.markets
        assessed(markets=tuple(sorted({*known, *markets})))(story)

    return tell


def acted(kind: AuthorityActKind) -> Callable[[Notified], object]:
    return lambda story: story.did(
        REGULATORY,
        RecordAuthorityAct(
            authority=words("MPA"), market="CN", kind=kind, received_at=story.now, words=words("?")
        ),
    )


SERIOUS_OUTCOMES = (Outcome.MILD, Outcome.INFECTION, Outcome.HOSPITALISED, Outcome.DEATH)
tellings = st.one_of(
    st.builds(hurts, st.sampled_from(["CN", "DE", "IT", "US", "GB", "BR"]), st.sampled_from(SERIOUS_OUTCOMES), st.integers(0, 30)),
    st.builds(worse, st.sampled_from(SERIOUS_OUTCOMES)),
    st.builds(earlier, st.integers(1, 20)),
    st.builds(acted, st.sampled_from([AuthorityActKind.SAMPLING_FAILED_SAFETY, AuthorityActKind.INQUIRY])),
    st.sampled_from([in_markets("CN"), in_markets("DE", "US"), assessed(evidence=Evidence.OWN_RECORDS, fault=Fault.CORROSIVE), assessed(social_impact_marked=True)]),
)  # fmt: skip


def sees(story: Notified) -> dict[tuple[str, str, str], tuple[bool, Any, Any]]:
    """Give the duties by what they are, with how sure, since when and until when."""
    return {
        (d.rule, d.recipient, d.subject): (d.possible, d.start_at, d.due_at)
        for d in story.incident.notice.duties.values()
    }


@settings(max_examples=15, deadline=None)
@given(st.lists(tellings, min_size=1, max_size=7))
def test_more_facts_never_take_a_duty_back_nor_give_it_more_time(tells: list[Any]) -> None:
    story = Notified()
    story.reported(MILD)
    before = sees(story)
    for tell in tells:
        tell(story)
        after = sees(story)
        for key, (possible, start_at, due_at) in before.items():
            assert key in after
            assert after[key][0] <= possible
            assert after[key][1] <= start_at
            if due_at is not None:
                assert after[key][2] <= due_at
        assert all(duty.is_open for duty in story.incident.notice.duties.values())
        before = after


endings = st.lists(st.sampled_from(["file", "determine", "none", "time"]), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None)
@given(st.lists(tellings, min_size=1, max_size=3), endings)
def test_a_duty_ends_by_a_filing_or_a_determination_alone(
    tells: list[Any], ends: list[str]
) -> None:
    story = Notified()
    story.reported(MILD)
    for tell in tells:
        tell(story)
    for how in ends:
        open_now = [d for d in story.incident.notice.duties.values() if d.is_open]
        if how == "time" or not open_now:
            story.later(days=3)
        elif how == "file":
            story.filed(open_now[0], late_reason=words("Late."))
        elif how == "determine":
            story.did(REGULATORY, determine_of(open_now[0].id))
            story.signed(LEGAL)
    entries = [read_entry(leaf).event for leaf in story.leaves]
    arisen = [e.duty for e in entries if isinstance(e, DutyArisen)]
    assert arisen == [f"D{number}" for number in range(1, len(arisen) + 1)]
    assert list(story.incident.notice.duties) == arisen
    for duty in story.incident.notice.duties.values():
        if duty.status is DutyStatus.FILED:
            assert any(isinstance(e, DutyFiled) and e.duty == duty.id for e in entries)
        if duty.status is DutyStatus.DETERMINED:
            assert len(duty.determinations[-1].signers) == 2


def determine_of(duty: str) -> Any:
    return DetermineNotReportable(duty=duty, reason=words("No product of ours."))


def test_only_a_verified_number_of_a_law_is_a_limit_of_law() -> None:
    numbers = {r.id: r.limit.text for r in regulations() if r.verified and not r.is_immediate}
    assert numbers == {
        "AU-128": "48 h",
        "AU-128-OVERSEAS": "10 d",
        "AU-131": "2 d",
        "CN-ADR-GENERAL": "30 d",
        "CN-ADR-SERIOUS": "15 d",
        "CN-ADR-SOCIAL": "3 d",
        "CN-ORDER46-34-RESTART": "10 wd",
        "EU-COS-23-SUE": "20 d",
        "JP-ADR-15": "15 d",
        "JP-ADR-30": "30 d",
        "TW-RECALL-CLASS-1": "1 mo",
        "TW-RECALL-CLASS-2": "2 mo",
        "TW-RECALL-CLASS-3": "6 mo",
        "TW-RECALL-NOTIFY": "7 d",
        "TW-RECALL-PLAN": "14 d",
        "TW-RECALL-RESULT": "14 d",
        "TW-SAE": "15 d",
        "TW-SAE-HAZARD": "15 d",
        "US-CFR-7-53": "14 d",
        "US-CPSC-15B-GOODS": "24 h",
        "US-FDA-PUBLIC-WARNING": "24 h",
        "US-MOCRA-SAER": "15 wd",
        "US-MOCRA-SAER-FU": "15 wd",
    }
    force = {r.id: r.force for r in regulations()}
    assert force["EU-COS-23-SUE"] is Force.GUIDELINE
    assert force["US-CFR-7-46"] is Force.REQUEST
