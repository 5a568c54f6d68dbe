"""Duties through every room: the fact, the rule, the calendar's answer, the entry, the page."""

from pathlib import Path

from domain.duties import DutyDue
from domain.ledger import read_entry
from domain.state import Incident
from services.acting import Sent, act, report
from storage import streams
from storage.database import Database
from tests.engine.test_report_and_halt import AGENT, Bench, all_confirmed, problem, run


def hurt(country: str, key: str) -> Sent:
    """Register a person who was taken to hospital, known since the morning of 22 November 2026."""
    body = {
        "outcomes": ["hospitalised"],
        "awareness_at": "2026-11-22T01:00:00Z",
        "country": country,
        "product": "cream",
    }
    return Sent("register_case", body, key)


def answered(state: Incident) -> bool:
    """Say whether every duty whose rule counts was given a due time, or a reason for none."""
    duties = [d for d in state.notice.duties.values() if d.counts]
    return len(duties) > 3 and all(d.due_at or d.no_due_why for d in duties)


def test_a_hurt_person_brings_a_duty_and_the_calendar_its_due_time(
    database: Database, tmp_path: Path
) -> None:
    async def story(bench: Bench) -> None:
        number = await report(bench.house, AGENT, problem())
        await bench.until(number.id, all_confirmed)
        for country in ("CN", "IT"):
            await act(bench.house, AGENT, number.id, hurt(country, country))
        seen = await bench.until(number.id, answered)
        assert seen.state is not None
        duties = {(d.rule, d.place): d for d in seen.state.notice.duties.values()}
        serious = duties["CN-ADR-SERIOUS", "CN"]
        assert f"{serious.due_at:%Y-%m-%d %H:%M}" == "2026-12-07 15:59"
        italian = duties["EU-COS-23-SUE", "IT"]
        assert f"{italian.due_at:%Y-%m-%d %H:%M}" == "2026-12-12 22:59"  # 12 December, by Rome
        rows = streams.read_entries(bench.database.ledger, number.id)
        entry = read_entry(next(row.content for row in rows if row.seq == serious.due_seq))
        assert isinstance(entry.event, DutyDue)
        assert entry.event.steps_zh[-1] == "于2026-12-07（周一）结束时到期（23:59最后一秒）。"

    run(story, database, tmp_path)
