"""Rules, archived runs, the company's log and facts, bulk rows: kept as told, once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from domain.canonical import sha256_hex
from domain.errors import BrokenSetup, LedgerConflict, NotFound
from storage.archive import (
    ASKED_AT_ONCE,
    ArchivedRun,
    keep_run,
    links,
    newest,
    runs_of,
    unarchived,
)
from storage.bulk import ROWS_PER_COMMIT, BulkWriter, TraceEvent, append_events, count_events
from storage.company import (
    fact,
    is_demo,
    lines_of,
    log,
    mark_demo,
    read_log,
    set_fact,
    set_fact_once,
)
from storage.database import Database
from storage.engine import read, write
from storage.rules import keep_rules, kept_rules, load_rules
from storage.schema import rules, trace_events
from tests.storage.streams import NOON

# --- rules -------------------------------------------------------------------------------------


def test_rules_are_kept_under_their_hash(engine: Engine) -> None:
    document = '{"plan":"应急预案"}'.encode()
    document_hash = keep_rules(engine, "incident", document, NOON)
    assert document_hash == sha256_hex(document)
    assert keep_rules(engine, "incident", document, NOON + timedelta(days=1)) == document_hash
    assert load_rules(engine, document_hash) == document
    assert kept_rules(engine, "incident") == [(document_hash, NOON)]
    assert kept_rules(engine, "calendar") == []


def test_rules_that_were_changed_are_never_believed(engine: Engine) -> None:
    document_hash = keep_rules(engine, "incident", b"{}", NOON)
    with write(engine) as connection:
        connection.execute(sa.update(rules).values(document=b"[]"))
    with pytest.raises(BrokenSetup):
        load_rules(engine, document_hash)
    with pytest.raises(NotFound):
        load_rules(engine, "0" * 64)


# --- archive -----------------------------------------------------------------------------------

RUN = ArchivedRun(
    workflow_id="INC-2026-0001/1",
    run_id="r1",
    closed_at=NOON,
    build="2026.11.0",
    events=212,
    sha256="a" * 64,
    blob="b" * 64,
)


def test_a_closed_run_is_archived_once(engine: Engine) -> None:
    assert keep_run(engine, RUN)
    assert not keep_run(engine, RUN)
    with pytest.raises(LedgerConflict, match="213"):
        keep_run(engine, replace(RUN, events=213))
    assert runs_of(engine, "INC-2026-0001") == [RUN]


def test_runs_of_an_incident_are_those_of_its_family(engine: Engine) -> None:
    halt = replace(RUN, workflow_id="INC-2026-0001/halt/o1", run_id="r2")
    for run in (halt, RUN, replace(RUN, workflow_id="INC-2026-00012/1", run_id="r3")):
        keep_run(engine, run)
    assert runs_of(engine, "INC-2026-0001") == [RUN, halt]
    asked = [(RUN.workflow_id, "r1"), (RUN.workflow_id, "r9"), ("INC-2026-0005/1", "r1")]
    assert unarchived(engine, asked) == sorted(asked[1:])
    assert unarchived(engine, []) == []


def test_more_runs_are_asked_for_than_one_question_takes(engine: Engine) -> None:
    asked = [("INC-2026-0001/1", f"r{n:05}") for n in range(2 * ASKED_AT_ONCE + 1)]
    keep_run(engine, replace(RUN, run_id="r00700"))
    assert unarchived(engine, asked) == [run for run in asked if run[1] != "r00700"]


def test_the_next_round_looks_from_the_newest_archived_run_on(engine: Engine) -> None:
    assert newest(engine) is None
    for day in (2, 9, 5):
        keep_run(engine, replace(RUN, run_id=f"r{day}", closed_at=NOON + timedelta(days=day)))
    assert newest(engine) == NOON + timedelta(days=9)


def test_what_a_run_was_made_with_is_kept_and_may_be_unknown(engine: Engine) -> None:
    run = replace(
        RUN,
        kind="Incident",
        sdk="temporal-python 1.35.0",
        rules="c" * 64,
        status="continued_as_new",
        continued_from="r0",
    )
    assert keep_run(engine, run)
    assert keep_run(engine, replace(RUN, run_id="r2"))
    assert runs_of(engine, "INC-2026-0001") == [run, replace(RUN, run_id="r2")]
    assert {(each.run_id, each.continued_from) for each in links(engine)} == {
        ("r1", "r0"),
        ("r2", ""),
    }


# --- the company -------------------------------------------------------------------------------


def test_the_log_is_numbered_without_gaps_whoever_writes(engine: Engine) -> None:
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(lambda n: log(engine, NOON, f"kind{n % 2}", {"n": n}), range(12)))
    assert sorted(given) == list(range(1, 13))
    assert [line.seq for line in read_log(engine, after=10)] == [11, 12]
    assert len(read_log(engine, kind="kind1")) == 6
    assert len(read_log(engine, limit=5)) == 5


@pytest.mark.parametrize(
    ("naming", "found"),
    [
        pytest.param("", [1, 2, 3, 4, 5, 7], id="all of these kinds"),
        pytest.param("INC-2026-0001", [1, 3, 7], id="whole, wherever it stands"),
        pytest.param("INC-2026-000_", [5], id="no sign is a wildcard"),
        pytest.param("INC-2026-%", [], id="nor is this one"),
        pytest.param("INC-2026-0009", [], id="none"),
    ],
)
def test_lines_that_name_something_are_chosen_in_the_database(
    engine: Engine, naming: str, found: list[int]
) -> None:
    for kind, body in (
        ("Read", {"incident": "INC-2026-0001", "person": "柏露"}),
        ("Read", {"incident": "INC-2026-00012"}),
        ("Erased", {"stream": "INC-2026-0001"}),
        ("Read", {"what": "log"}),
        ("Read", {"incident": "INC-2026-000_"}),
        ("SignedIn", {"incident": "INC-2026-0001"}),
        ("Read", {"about": ["INC-2026-0001"]}),
    ):
        log(engine, NOON, kind, body)
    lines = lines_of(engine, ["Read", "Erased"], naming=naming)
    assert [line.seq for line in lines] == found


def test_facts_are_set_and_some_only_once(engine: Engine) -> None:
    assert fact(engine, "rules.adopted") is None
    set_fact(engine, "rules.adopted", "h1")
    set_fact(engine, "rules.adopted", "h2")
    assert fact(engine, "rules.adopted") == "h2"
    assert set_fact_once(engine, "installation", "first") == "first"
    assert set_fact_once(engine, "installation", "second") == "first"


def test_a_database_is_demo_only_when_marked(engine: Engine) -> None:
    assert not is_demo(engine)
    mark_demo(engine)
    mark_demo(engine)
    assert is_demo(engine)


# --- bulk --------------------------------------------------------------------------------------


def event(number: int) -> TraceEvent:
    """Make traceability event `number`."""
    return TraceEvent(
        event_id=f"e{number}", kind="object", happened_at=NOON, body={"lot": "A1", "n": number}
    )


def test_events_are_appended_once_and_in_order(database: Database) -> None:
    assert append_events(database.bulk, map(event, range(700))) == 700
    append_events(database.bulk, map(event, range(650, 720)))
    assert count_events(database.bulk) == 720
    with read(database.bulk) as connection:
        rows = connection.execute(
            sa.select(trace_events.c.event_id, trace_events.c.body).order_by(trace_events.c.id)
        ).all()
    assert [row.event_id for row in rows] == [f"e{number}" for number in range(720)]
    assert rows[719].body == {"lot": "A1", "n": 719}


def test_the_bulk_writer_pauses_as_long_as_it_wrote(database: Database) -> None:
    pauses: list[float] = []
    writer = BulkWriter(database.bulk, trace_events, pause=pauses.append)
    rows = [
        {name: getattr(event(n), name) for name in TraceEvent.__dataclass_fields__}
        for n in range(2 * ROWS_PER_COMMIT + 1)
    ]
    writer.write(rows)
    # Before the first commit there is nothing to make up for.
    assert pauses[0] == 0
    assert len(pauses) == 3
    assert all(pause > 0 for pause in pauses[1:])
    assert writer.write([]) == 0
