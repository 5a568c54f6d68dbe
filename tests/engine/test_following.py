"""A fact moves after texts are out: every one that tells it is flagged, and has its correction begun."""

from pathlib import Path
from typing import Any

from domain.people import Actor, Role
from domain.state import Incident
from domain.state.statement import Statement
from services.acting import Sent, act, report
from services.reading import see
from storage.database import Database
from tests.domain.texts import EVERYTHING
from tests.engine.running import actor
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem, run

AUTHOR = actor(Role.PR_OFFICER, name="author")
PR_LEAD = actor(Role.PR_LEAD, name="pr.lead")
QUALITY = actor(Role.QUALITY, name="quality")
QSR = actor(Role.QUALITY_SAFETY_RESPONSIBLE, name="qsr")
TEXTS = [
    {"language": "zh-CN", "title": "首次回应", "body": "已售出 {{units_sold}} 件，正在调查。"},
    {"language": "en", "title": "First word", "body": "{{units_sold}} units were sold."},
]


def texts_of(seen: Incident | None) -> dict[str, Statement]:
    """The texts of an incident by their numbers."""
    assert seen is not None
    return seen.statement.statements


def test_a_moved_fact_flags_what_is_out_and_begins_its_correction(
    database: Database, tmp_path: Path
) -> None:
    async def story(bench: Bench) -> None:
        number = (await report(bench.house, AGENT, problem())).id
        keys = iter(range(100))

        async def does(who: Actor, command: str, **body: Any) -> dict[str, Statement]:
            await act(bench.house, who, number, Sent(command, body, f"k{next(keys)}"))
            return texts_of(see(bench.house, COMMANDER, number).state)

        async def sold(value: str) -> None:
            now = bench.house.now().isoformat()
            await does(
                QUALITY, "record_fact", key="units_sold", kind="number", value=value, as_of=now
            )
            await does(QSR, "verify_fact", key="units_sold")

        async def goes_out() -> None:
            made = await does(
                AUTHOR, "draft_statement", kind="holding", markets=["CN"], texts=TEXTS,
                preliminary=True,
            )  # fmt: skip
            text = list(made.values())[-1]
            bytes_of = {"statement": text.id, "sha256": text.sha256}
            text = (await does(AUTHOR, "ask_for_review", **bytes_of))[text.id]
            for slot in text.slots:
                who = actor(slot.roles[0], name=f"approver.{slot.row}")
                await does(who, "approve_statement", **bytes_of, slot=slot.key)
            await does(PR_LEAD, "publish_statement", **bytes_of, confirmed=EVERYTHING)
            await bench.until(number, lambda state: texts_of(state)[text.id].status == "published")

        await does(COMMANDER, "accept_report")
        await sold("1200")
        await goes_out()
        await goes_out()
        await sold("1450")

        def corrected(state: Incident) -> bool:
            return sorted(each.about for each in texts_of(state).values()) == ["", "", "S1", "S2"]

        made = texts_of((await bench.until(number, corrected)).state)
        assert {flag.now for name in ("S1", "S2") for flag in made[name].flags} == {"1450"}
        correction = next(each for each in made.values() if each.about == "S1")
        assert (correction.kind, correction.status, correction.authors) == (
            "correction",
            "draft",
            ("performer",),
        )
        assert ["1,200" in each.body for each in correction.texts] == [True, True]
        assert ["1,450" in each.body for each in correction.texts] == [True, True]
        assert made["S1"].texts[0].body == "已售出 1,200 件，正在调查。"

    run(story, database, tmp_path)
