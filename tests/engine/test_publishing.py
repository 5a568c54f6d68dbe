"""A text through every room: drafted, approved by its bytes, brought out, read back, handed over."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from domain.people import Actor, Role
from domain.state import Incident
from domain.state.statement import Statement
from services.acting import Sent, act, report
from services.reading import see
from storage import outbox, publications
from storage.database import Database
from tests.domain.texts import EVERYTHING
from tests.engine.running import actor
from tests.engine.test_report_and_halt import AGENT, COMMANDER, Bench, problem, run

AUTHOR = actor(Role.PR_OFFICER, name="author")
PR_LEAD = actor(Role.PR_LEAD, name="pr.lead")
Does = Callable[..., Awaitable[Statement]]
BODY = "我们已停止销售，正在调查。"


def statement(seen: Incident | None) -> Statement:
    assert seen is not None
    return seen.statement.statements["S1"]


async def published(bench: Bench) -> tuple[str, Does]:
    """Bring a text on its way to our site and to the press; give its incident, and how to act."""
    number = (await report(bench.house, AGENT, problem())).id
    keys = iter(range(100))

    async def does(who: Actor, command: str, **body: Any) -> Statement:
        await act(bench.house, who, number, Sent(command, body, f"k{next(keys)}"))
        state = see(bench.house, COMMANDER, number).state
        assert state is not None
        return statement(state) if state.statement.statements else None  # type: ignore[return-value]

    await does(COMMANDER, "accept_report")
    text = await does(
        AUTHOR,
        "draft_statement",
        kind="holding",
        markets=["CN"],
        texts=[{"language": "zh-CN", "title": "首次回应", "body": BODY}],
        preliminary=True,
    )
    bytes_of = {"statement": "S1", "sha256": text.sha256}
    text = await does(AUTHOR, "ask_for_review", **bytes_of)
    for slot in text.slots:
        who = actor(slot.roles[0], name=f"approver.{slot.row}")
        text = await does(who, "approve_statement", **bytes_of, slot=slot.key)
    assert text.status == "approved"
    await does(PR_LEAD, "publish_statement", **bytes_of, confirmed=EVERYTHING)
    return number, does


def handed_over(state: Incident) -> bool:
    """Say whether the publisher did its work for the press, and for our own page."""
    states = {name: place.state for name, place in statement(state).places.items()}
    return states == {"press": "handed_over", "site": "published"}


def test_approved_bytes_go_out_are_read_back_and_handed_over(
    database: Database, tmp_path: Path
) -> None:
    async def story(bench: Bench) -> None:
        number, does = await published(bench)
        seen = await bench.until(number, handed_over)
        text = statement(seen.state)
        assert text.status == "published"
        assert text.places["site"].read_back == text.sha256
        (stands,) = publications.list_texts(bench.database.ledger)
        assert stands.sha256 == text.sha256
        (ready,) = [
            message
            for message in outbox.list_messages(bench.database.bulk, incident=number)
            if message.audience == "publish_by_hand"
        ]
        assert ready.body == BODY
        text = await does(
            AUTHOR,
            "confirm_published_by_hand",
            statement="S1",
            place="press",
            link="https://news.example.com/1",
            text_seen=ready.body,
        )
        assert text.places["press"].state == "published"

    run(story, database, tmp_path)
