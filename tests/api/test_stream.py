"""Live streams: the version now, each new one, nothing else, and not for ever."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue

import pytest

from api.watcher import STREAMS_PER_PERSON
from domain.state import Incident
from services import reading
from services.house import House
from services.reading import read_state
from storage.incidents import StoredState
from tests.api.serving import Asker, Served
from tests.api.test_incidents import reported

pytestmark = pytest.mark.xdist_group("api")


@contextmanager
def listening(asker: Asker, path: str) -> Iterator["Queue[str]"]:
    """Listen in a thread; each line that is heard goes into the queue."""
    heard: Queue[str] = Queue()
    over = threading.Event()

    def listen() -> None:
        with asker.client.stream("GET", path, timeout=30) as answer:
            heard.put(f"{answer.status_code} {answer.headers['content-type']}")
            for line in answer.iter_lines():
                heard.put(line)
                if over.is_set():
                    return
        heard.put("end")

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield heard
    finally:
        over.set()
        thread.join(20)


def next_version(heard: "Queue[str]", within_s: float = 5) -> int:
    """Give the next version that is told."""
    ends_at = time.monotonic() + within_s
    while time.monotonic() < ends_at:
        try:
            line = heard.get(timeout=0.2)
        except Empty:
            continue
        if line.startswith("data: "):
            return int(line.removeprefix("data: "))
    raise AssertionError("no version came")


@pytest.fixture
def short_streams(served: Served) -> Iterator[None]:
    """Let streams end after three seconds."""
    assert served.app is not None
    before, served.app.state.streams_last_s = served.app.state.streams_last_s, 3.0
    yield
    served.app.state.streams_last_s = before


def test_a_page_hears_of_a_new_version_within_a_moment(served: Served, short_streams: None) -> None:
    number, chief = reported(served.person("an.qi")), served.person("gao.yuan")
    now = chief.get(f"/api/incidents/{number}").json()["version"]
    with listening(chief, f"/api/incidents/{number}/stream") as heard:
        assert heard.get(timeout=5) == "200 text/event-stream; charset=utf-8"
        first = next_version(heard)
        assert first >= now
        begun = time.monotonic()
        chief.post(f"/api/incidents/{number}/report/accept_report", {})
        assert next_version(heard) > first
        assert time.monotonic() - begun < 2


def test_the_board_hears_of_every_new_report(served: Served, short_streams: None) -> None:
    chief = served.person("gao.yuan")
    served.settled()
    with listening(chief, "/api/board/stream") as heard:
        first = next_version(heard)
        assert first == chief.get("/api/board").json()["version"]
        reported(served.person("an.qi"))
        assert next_version(heard) > first


def test_the_parts_of_open_pages_read_a_version_once(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, times = reported(served.person("an.qi")), []
    served.settled()

    def counted(house: House, incident: str, stored: StoredState) -> Incident:
        times.append(incident)
        return read_state(house, incident, stored)

    monkeypatch.setattr(reading, "read_state", counted)
    for name in ("gao.yuan", "lin.wei"):
        for part in ("head", "now", "clocks"):
            page = served.person(name).get(f"/incidents/{number}/parts/{part}")
            assert page.status_code == 200
    assert times.count(number) <= 1


def test_a_stream_ends_and_says_when_to_come_again(served: Served, short_streams: None) -> None:
    with listening(served.person("gao.yuan"), "/api/board/stream") as heard:
        lines: list[str] = []
        while not lines or lines[-1] != "end":
            lines.append(heard.get(timeout=8))
    assert any(line.startswith("retry: ") for line in lines)


def test_one_person_opens_only_so_many(served: Served, short_streams: None) -> None:
    assert served.app is not None
    watcher, chief = served.app.state.watcher, served.person("zhou.mo")

    async def fill() -> list[object]:
        opened = [watcher.subscribed("", "zhou.mo", 0) for _ in range(STREAMS_PER_PERSON)]
        for each in opened:
            each.__enter__()
        return opened

    async def empty(opened: list[object]) -> None:
        for each in opened:
            each.__exit__(None, None, None)  # type: ignore[attr-defined]

    opened = served.run(fill())
    try:
        assert chief.get("/api/board/stream").status_code == 429
    finally:
        served.run(empty(opened))
