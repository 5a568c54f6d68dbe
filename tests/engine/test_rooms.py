"""An inspector's room through every room of the house, on both databases."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.ledger import read_entry
from domain.people import Role
from domain.rooms import RoomAsked
from services.acting import act, report
from services.reading import see
from services.rooms import (
    ROOMS,
    OpenRoom,
    ask,
    code_of,
    find,
    is_code,
    is_pass,
    note,
    open_words,
    pass_of,
    path_of,
    reads_of,
)
from services.sending import Sent
from storage import streams
from storage.database import Database
from tests.engine.running import actor
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem, run

BODY = {
    "inspector": "Wang Fang",
    "firm": "MPA",
    "purpose": "Inspection",
    "parts": ["timeline", "ledger"],
}


def test_a_room_is_opened_entered_asked_in_and_closed(database: Database, tmp_path: Path) -> None:
    async def story(bench: Bench) -> None:
        house, number = bench.house, (await report(bench.house, AGENT, problem())).id
        await act(house, COMMANDER, number, Sent("open_room", BODY, "open"))

        def found() -> OpenRoom | None:
            return find(house, path_of(house, number, "R1").removeprefix(ROOMS))

        there = await asyncio.to_thread(found)
        assert there is not None
        assert there.inspector == "Wang Fang"
        assert is_code(house, there, code_of(house, number, "R1"))
        assert is_pass(house, there, pass_of(house, there))
        by = datetime.now(UTC) + timedelta(days=1)
        first = await ask(house, there, "Why these lots?", by, "k1")
        again = await ask(house, there, "Why these lots?", by, "k1")
        assert first == again
        seen = await asyncio.to_thread(see, house, COMMANDER, number)
        assert seen.state is not None
        (question,) = seen.state.people.room_questions
        words = await asyncio.to_thread(open_words, house, [question.words])
        assert words[question.words.ref] == "Why these lots?"
        await _noted(bench, there)
        leaves = streams.read_contents(database.ledger, number)
        asked = [one for one in map(read_entry, leaves) if isinstance(one.event, RoomAsked)]
        assert [one.actor.id for one in asked] == ["inspector:R1"]
        assert b"Wang Fang" not in b"".join(leaves), "the name is in the vault"
        legal = actor(Role.LEGAL)
        await act(house, legal, number, Sent("close_room", {"room": "R1"}, "close"))
        assert await asyncio.to_thread(found) is None

    run(story, database, tmp_path)


async def _noted(bench: Bench, there: OpenRoom) -> None:
    """Look at two parts, one of them twice: two lines."""
    for part in ("timeline", "ledger", "timeline"):
        await asyncio.to_thread(note, bench.house, there, part)
    lines = await asyncio.to_thread(reads_of, bench.house, there.incident.id, "R1")
    assert [one.body["part"] for one in lines] == ["ledger", "timeline"]
