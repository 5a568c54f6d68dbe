"""The ten questions, asked of recorded stories: each answer says what the ledger holds, and where."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from domain.acts import ActRefused
from domain.agenda import RungReached
from domain.determining import DutyDetermined
from domain.duties import DutyOverdue
from domain.filing import DutyFiled
from domain.halt import HaltOrdered
from domain.known_facts import known_facts
from domain.ledger import Entry, read_entry
from domain.message import event_spec
from domain.people import Access
from domain.plot import fold
from domain.publishing import GapsAllowed
from domain.recall_scope import ScopeSet
from domain.report import ReportReceived
from domain.severity import Grade
from domain.state import Incident
from domain.statement import StatementDrafted
from domain.statement_approval import StatementApproved
from domain.statement_override import FindingOverridden
from domain.values import is_case
from services.questions.asking import QUESTIONS
from services.questions.departures import counted, departures, departures_table
from services.questions.rows import Answer, Chosen, Exercise, Record, document
from services.questions.whole import privilege_table
from storage.company import LogLine
from tests.replay.corpus import Golden, goldens

STORIES = [
    (golden, stream) for golden in goldens() for stream in golden.streams if not is_case(stream)
]
EVERY = pytest.mark.parametrize(
    "story", STORIES, ids=[f"{golden.folder.name}-{stream}" for golden, stream in STORIES]
)
CLUSTER, SAMPLING, INCIDENT = "cluster-invented", "nmpa-sampling", "incident"


def incident_of(golden: Golden, stream: str, size: int) -> Incident:
    """Fold the first entries of a recorded story."""
    state = fold(golden.folding(stream).state, golden.stream(stream).leaves[:size])
    assert isinstance(state, Incident)
    return state


@cache
def record_of(golden: Golden, stream: str) -> Record:
    """Fold a recorded story into what the questions read."""
    kept = golden.stream(stream)
    entries = tuple(map(read_entry, kept.leaves))
    state = incident_of(golden, stream, len(kept.leaves))
    return Record(state=state, entries=entries, now=entries[-1].recorded_at)


def story(name: str) -> Record:
    """Give a story by its name."""
    return next(record_of(g, s) for g, s in STORIES if g.folder.name == name)


def ask(name: str, number: int, **chosen: Any) -> Answer:
    """Ask one question of a story."""
    return QUESTIONS[number](replace(story(name), chosen=Chosen(**chosen)))


def entry(record: Record, seq: int) -> Entry:
    return record.entries[seq - 1]


def rows(answer: Answer, table: str) -> Iterator[dict[str, Any]]:
    """Give the rows of a table by column, with their entries."""
    found = answer.table(table)
    for row in found.rows:
        named = zip((one.key for one in found.columns), row.values, strict=True)
        yield {**dict(named), "entries": row.entries}


# ---------------------------------------------------------------- whatever the story


@EVERY
@pytest.mark.parametrize("number", QUESTIONS)
def test_every_row_names_entries_that_are_there(story: tuple[Golden, str], number: int) -> None:
    record = record_of(*story)
    told = QUESTIONS[number](record)
    assert told.number == number
    for each in told.tables:
        for row in each.rows:
            assert all(1 <= seq <= len(record.entries) for seq in row.entries), each.key
    plain = document(told, {})
    assert plain["question"] == number
    assert len({one["table"] for one in plain["tables"]}) == len(told.tables)


@EVERY
def test_every_departure_of_the_ledger_is_on_the_list(story: tuple[Golden, str]) -> None:
    record = record_of(*story)
    listed = departures_table(record.entries)
    of_kind: dict[str, set[int]] = {}
    for row in listed.rows:
        of_kind.setdefault(str(row.values[0]), set()).update(row.entries)
    expected: dict[str, set[int]] = {}
    for one in record.entries:
        told = one.event
        if isinstance(told, ActRefused):
            expected.setdefault("refused", set()).add(one.seq)
        if isinstance(told, GapsAllowed | FindingOverridden):
            expected.setdefault("overridden", set()).add(one.seq)
        late = isinstance(told, DutyOverdue) or getattr(told, "overdue", False)
        if late or (isinstance(told, DutyFiled) and told.late):
            expected.setdefault("late", set()).add(one.seq)
        if one.backfilled:
            expected.setdefault("backfilled", set()).add(one.seq)
        if getattr(told, "by_silence", False):
            expected.setdefault("silence", set()).add(one.seq)
    for kind, seqs in expected.items():
        assert seqs <= of_kind[kind], kind
    assert expected.get("backfilled", set()) == of_kind.get("backfilled", set())
    assert expected.get("silence", set()) == of_kind.get("silence", set())


@EVERY
def test_a_time_that_was_not_kept_is_one_departure_however_many_heard(
    story: tuple[Golden, str],
) -> None:
    record = record_of(*story)
    rungs = [one for one in departures(record.entries) if isinstance(one.entry.event, RungReached)]
    dues = [one.entry.event.due for one in rungs]
    assert len(dues) == len(set(dues))


@EVERY
def test_the_privilege_log_names_every_privileged_entry_and_no_word_of_it(
    story: tuple[Golden, str],
) -> None:
    record = record_of(*story)
    closed = [one for one in record.entries if event_spec(one.event).access is Access.PRIVILEGED]
    table = privilege_table(record)
    assert table.column("number") == [one.seq for one in closed]
    told = str([row.values for row in table.rows])
    for one in closed:
        assert one.event.reason not in told
        assert one.actor.id in told


# ---------------------------------------------------------------- 1 and 2


def test_who_knew_first_is_the_earliest_of_all_reports() -> None:
    record, told = story(CLUSTER), ask(CLUSTER, 1)
    reports = [one for one in record.entries if isinstance(one.event, ReportReceived)]
    first = min(reports, key=lambda one: one.event.first_known_at)
    assert first.seq != reports[0].seq, "somebody knew before the first report"
    facts = told.facts
    assert facts["known_at"] == first.event.first_known_at
    assert facts["recorded_at"] == reports[0].recorded_at
    order = next(one for one in record.entries if isinstance(one.event, HaltOrdered))
    assert facts["ordered_at"] == order.at
    assert facts["accepted_how"] == "silence"
    steps = {row["what"]: row for row in rows(told, "times")}
    assert steps["known"]["entries"] == (first.seq,)
    assert steps["ordered"]["entries"] == (order.seq,)
    since = steps["ordered"]["at"] - facts["known_at"]
    assert steps["ordered"]["after_s"] == int(since.total_seconds())


def test_a_grade_that_people_lowered_says_which_rules_would_have_it_higher() -> None:
    facts = ask(CLUSTER, 2).facts
    assert facts["grade"] is Grade.SERIOUS
    assert facts["held_above"] == ("K2", "K3", "K4")
    assert facts["lowered"] == 1
    assert set(facts["lowered_by"]) == {
        "drill.incident_commander", "drill.quality_safety_responsible",
    }  # fmt: skip
    assert facts["lowered_why"]
    held = {row["rule"] for row in rows(ask(CLUSTER, 2), "rules") if row["held"]}
    assert set(facts["held_above"]) <= held


def test_a_grade_that_nobody_lowered_names_no_rule_above_it() -> None:
    facts = ask(SAMPLING, 2).facts
    assert facts["held_above"] == () or facts["lowered"]


# ---------------------------------------------------------------- 3, 4 and 5


def test_a_lot_is_in_the_scope_since_the_version_that_took_it_in() -> None:
    told = ask(CLUSTER, 3)
    since = {row["lot"]: row["since_version"] for row in rows(told, "lots")}
    assert since == {"S2601": 1, "S2602": 1, "S2603": 2}
    versions = [one for one in story(CLUSTER).entries if isinstance(one.event, ScopeSet)]
    assert [row["version"] for row in rows(told, "versions")] == [
        one.event.version for one in versions
    ]
    looked = {str(row["neighbour"]) for row in rows(told, "neighbours")}
    assert {str(one) for one in versions[-1].event.not_looked_at} <= looked


def test_a_decision_stands_with_its_signers_and_with_whoever_saw_it_otherwise() -> None:
    told = ask(CLUSTER, 4)
    (decision,) = rows(told, "decisions")
    assert decision["kind"] == "recall"
    assert len(decision["signers"]) == 3
    views = [(row["where"], row["who"]) for row in rows(told, "other_views")]
    assert views == [("veto", ("drill.quality_safety_responsible",))]
    steps = [row["what"] for row in rows(told, "signatures")]
    assert steps == ["proposed", "veto", "proposed", "signed", "signed"]


def test_at_a_minute_only_what_was_recorded_by_then_is_known() -> None:
    record = story(CLUSTER)
    golden, stream = next(one for one in STORIES if one[0].folder.name == CLUSTER)
    late = next(one for one in record.entries if one.backfilled)
    at = late.happened_at + (late.recorded_at - late.happened_at) / 2
    size = sum(one.recorded_at <= at for one in record.entries)
    then = incident_of(golden, stream, size)
    told = QUESTIONS[5](replace(record, then=then, chosen=Chosen(at=at)))
    assert told.facts["size"] == size
    assert told.facts["at"] == at
    assert late.seq in {seq for row in rows(told, "recorded_later") for seq in row["entries"]}
    for key in ("on_sale", "texts", "known"):
        assert all(seq <= size for row in rows(told, key) for seq in row["entries"]), key


@EVERY
def test_every_channel_is_counted_once_and_a_takeover_or_a_refusal_by_itself(
    story: tuple[Golden, str],
) -> None:
    """Whoever took a channel over did not confirm that it stopped; whoever refused is not late."""
    record = record_of(*story)
    told = QUESTIONS[5](record)
    states = [row["state"] for row in rows(told, "on_sale")]
    found = {name: told.facts[name] for name in ("stopped", "taken_over", "refused")}
    assert found == {
        "stopped": states.count("confirmed"),
        "taken_over": states.count("taken_over"),
        "refused": states.count("refused"),
    }
    rest = sum(told.facts[name] for name in ("selling", "may_sell", "not_confirmed", "no_sale"))
    assert sum(found.values()) + rest == told.facts["channels"] == len(states)


@pytest.mark.parametrize(
    ("state", "counted_as"),
    [
        ("confirmed", "stopped"),
        ("taken_over", "taken_over"),
        ("refused", "refused"),
        ("ordered", "not_confirmed"),
        ("accepted", "not_confirmed"),
        ("failed", "not_confirmed"),
        ("unreadable", "not_confirmed"),
        ("selling", "selling"),
        ("resuming", "may_sell"),
        ("resumed", "selling"),
        ("resume_failed", "may_sell"),
        ("all_held", "may_sell"),
    ],
)
def test_where_a_channel_stands_is_one_count(state: str, counted_as: str) -> None:
    record = story(CLUSTER)
    name, halt = next(iter(record.state.halt.channels)), record.state.halt

    def facts_with(stands: str) -> Mapping[str, Any]:
        one = replace(halt.channels[name], state=stands, drift=None)
        then = replace(record.state, halt=replace(halt, channels={**halt.channels, name: one}))
        return QUESTIONS[5](replace(record, then=then)).facts

    before, after = facts_with("confirmed"), facts_with(state)
    assert after[counted_as] == before[counted_as] + (counted_as != "stopped")
    assert after["stopped"] == before["stopped"] - (counted_as != "stopped")


@EVERY
def test_the_markets_are_those_that_the_replay_names(story: tuple[Golden, str]) -> None:
    record = record_of(*story)
    named = {one.key: one.value for one in known_facts(record.state)}.get("markets")
    told = {row["fact"][0]: row["value"] for row in rows(QUESTIONS[5](record), "known")}
    assert told.get("markets") == named


# ---------------------------------------------------------------- 6 and 7


@pytest.mark.parametrize("name", ["room", "authorities", CLUSTER, INCIDENT])
def test_a_duty_to_be_judged_is_not_to_be_filed_and_no_clock_is_without_a_reason(
    name: str,
) -> None:
    duties = story(name).state.notice.duties
    listed = {row["duty"]: row for row in rows(ask(name, 6), "duties")}
    for duty in duties.values():
        row = listed[duty.id]
        assert row["possible"] is (duty.possible and duty.is_open)
        assert bool(row["no_due_why"]) is (
            duty.due_at is None and (bool(duty.no_due_why) or not duty.counts)
        )


@pytest.mark.parametrize("name", [CLUSTER, SAMPLING, INCIDENT])
def test_every_duty_stands_with_its_filings_and_determinations(name: str) -> None:
    record, told = story(name), ask(name, 6)
    duties = record.state.notice.duties
    listed = {row["duty"]: row for row in rows(told, "duties")}
    assert set(listed) == set(duties)
    for duty in duties.values():
        row = listed[duty.id]
        assert (row["due_at"], row["trigger_at"]) == (duty.due_at, duty.start_at)
        assert {duty.seq, *(one.seq for one in duty.filings)} <= set(row["entries"])
        assert bool(row["not_reportable_by"]) == bool(duty.determinations and not duty.is_open)
    filed = [one for one in record.entries if isinstance(one.event, DutyFiled)]
    assert [row["verbatim"] for row in rows(told, "filings")] == [one.event.text for one in filed]
    determined = [one for one in record.entries if isinstance(one.event, DutyDetermined)]
    assert [len(row["signers"]) for row in rows(told, "not_reportable")] == [
        len(one.event.signers) for one in determined
    ]


@pytest.mark.parametrize("name", [CLUSTER, SAMPLING, INCIDENT])
def test_every_lot_balances_to_the_unit(name: str) -> None:
    for row in rows(ask(name, 7), "balance"):
        if row["out"] is None:
            assert row["adds_up"] is None
            continue
        back = row["came_back"] + row["destroyed"] + row["remedied"]
        assert row["out"] == back + row["unaccounted"] - row["too_many"]
        assert row["adds_up"] is True
        assert row["out"] == row["shipped"] - row["returned_before"]


def test_a_consignee_has_a_card_with_everything_that_passed() -> None:
    record = story(CLUSTER)
    for name, kept in record.state.recall.consignees.items():
        told = ask(CLUSTER, 7, consignee=name)
        assert told.facts["consignee"] == name
        assert told.facts["times_told"] == kept.told
        passed = [row["what"] for row in rows(told, "passed")]
        assert passed.count("NotificationSent") == kept.told
        assert passed.count("ConsigneeAnswered") == kept.answers
        lots = {row["lot"]: row["received"] for row in rows(told, "card")}
        assert lots == {one.lot: one.received for one in kept.lots}


def test_a_consignee_that_nobody_knows_leaves_the_list() -> None:
    told = ask(CLUSTER, 7, consignee="no such")
    assert told.facts["consignee"] == ""
    assert list(rows(told, "consignees"))


# ---------------------------------------------------------------- 8


@pytest.mark.parametrize("name", [CLUSTER, SAMPLING])
def test_approvals_are_those_of_exactly_the_version(name: str) -> None:
    record = story(name)
    for one in record.entries:
        if not isinstance(one.event, StatementDrafted):
            continue
        text, version = one.event.statement, one.event.version
        told = ask(name, 8, statement=text, version=version)
        assert (told.facts["text"], told.facts["version"]) == (text, version)
        assert told.facts["sha256"] == one.event.sha256
        approved = [
            each.event.approver
            for each in record.entries
            if isinstance(each.event, StatementApproved)
            and (each.event.statement, each.event.version) == (text, version)
        ]
        assert [row["who"] for row in rows(told, "approvals")] == approved
        assert all(row["same_bytes"] for row in rows(told, "approvals"))


def test_a_sentence_is_found_wherever_it_stands_and_nowhere_else() -> None:
    record = story(CLUSTER)
    drafts = [one for one in record.entries if isinstance(one.event, StatementDrafted)]
    body = drafts[-1].event.texts[0].body
    sentence = f"  {body.split('.')[0].split('。')[0]} "
    told = ask(CLUSTER, 8, sentence=sentence)
    found = {(row["text"], row["version"], row["language"]) for row in rows(told, "sentence")}
    assert (drafts[-1].event.statement, drafts[-1].event.version, drafts[-1].event.texts[0].language) in found  # fmt: skip
    for text, version, language in found:
        one = next(
            d.event for d in drafts if (d.event.statement, d.event.version) == (text, version)
        )
        said = next(t for t in one.texts if t.language == language)
        assert " ".join(sentence.split()) in " ".join(f"{said.title} {said.body}".split())
    assert told.facts["text"] in {text for text, _, _ in found}, (
        "a text that holds it is asked about"
    )
    assert ask(CLUSTER, 8, sentence="no text says this").facts["sentence_found"] == 0


# ---------------------------------------------------------------- 9 and 10


@dataclass(frozen=True)
class Log:
    """Lines of a company's log before a story, and after it."""

    record: Record

    def line(self, kind: str, days: int, **body: Any) -> LogLine:
        at = self.record.entries[0].recorded_at + timedelta(days=days)
        return LogLine(seq=1, at=at, type=kind, body=body)


def test_the_plan_was_adopted_trained_and_drilled_as_the_log_says() -> None:
    record = story(CLUSTER)
    log, hash_of = Log(record), record.entries[0].plan
    lines = (
        log.line("PlanAdopted", -30, by="gao", rules="other", version="2025.9", before=""),
        log.line("PlanAdopted", -20, by="mei", rules=hash_of, version="2026.1", before="other"),
        log.line("TrainingHeld", -10, people=["gao", "mei"], subject="Recall"),
    )
    began = record.entries[0].recorded_at
    drills = (
        Exercise(id="EXERCISE-2026-0002", created_at=began + timedelta(days=3), closed=False, grade="minor"),
        Exercise(id="EXERCISE-2026-0001", created_at=began - timedelta(days=3), closed=True, grade="serious", times=9, late=2),
    )  # fmt: skip
    facts = QUESTIONS[9](replace(record, log=lines, exercises=drills)).facts
    assert facts["adopted_by"] == "mei"
    assert facts["adopted_before"] is True
    assert facts["trained"] == 1
    assert facts["last_exercise"] == "EXERCISE-2026-0001"
    assert (facts["last_exercise_times"], facts["last_exercise_late"]) == (9, 2)
    numbers = counted(departures(record.entries))
    assert {kind: facts[f"departures_{kind}"] for kind in numbers} == numbers


def test_nothing_on_record_is_said_as_that_and_not_as_zero_of_something() -> None:
    facts = ask(INCIDENT, 9).facts
    assert facts["adopted_at"] is None
    assert facts["last_exercise"] == ""
    assert facts["last_exercise_times"] is None


def test_reads_and_erasures_of_another_incident_are_not_told_here() -> None:
    record = story(CLUSTER)
    log = Log(record)
    lines = (
        log.line("SensitiveRead", 1, person="gao", incident=record.state.id, entry=17),
        log.line("SensitiveRead", 1, person="mei", incident="INC-2025-0009", entry=3),
        log.line("DataErased", 2, by="lu", incident="INC-2025-0009", reason="asked"),
    )
    told = QUESTIONS[10](replace(record, log=lines, erased={5: record.now}))
    assert [(row["who"], row["entries"]) for row in rows(told, "reads")] == [("gao", (17,))]
    assert [(row["at"], row["entries"]) for row in rows(told, "erased")] == [(record.now, (5,))]
    assert told.facts["whole"] is None, "nothing was verified"


OPENED = {
    "entry": ("SensitiveRead", {"entry": 17}, "entry:17"),
    "page": ("SensitiveRead", {"what": "stage", "item": "notice"}, "stage:notice"),
    "report to an authority": ("SensitiveRead", {"what": "packet", "item": "D3"}, "packet:D3"),
    "dossier with private words": ("SensitiveRead", {"what": "dossier"}, "dossier"),
}
LOOKED = {
    "proofs": ("SensitiveRead", {"what": "audit"}, "audit"),
    "page of a room": ("SensitiveRead", {"what": "room", "item": "R1"}, "room:R1"),
    "inspector came in": ("RoomRead", {"room": "R1", "part": "entered"}, "in_room:entered"),
    "dossier without": ("DossierHandedOut", {"who": "gao", "sha256": "ab"}, "DossierHandedOut"),
}


@pytest.mark.parametrize(
    ("kind", "body", "what", "opened"),
    [(*one, True) for one in OPENED.values()] + [(*one, False) for one in LOOKED.values()],
    ids=[*OPENED, *LOOKED],
)
def test_only_private_words_that_were_opened_count_as_read(
    kind: str, body: dict[str, Any], what: str, opened: bool
) -> None:
    record = story(CLUSTER)
    line = Log(record).line(kind, 1, person="gao", incident=record.state.id, **body)
    told = QUESTIONS[10](replace(record, log=(line,)))
    assert (told.facts["reads"], told.facts["looks"]) == ((1, 0) if opened else (0, 1))
    [row] = rows(told, "reads" if opened else "looks")
    assert row["what"] == what
