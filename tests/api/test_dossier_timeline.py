"""The timeline of a dossier on page and paper: every entry once, also one that nobody can read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from activities.timeline_pdf import Row
from api.pages import dossier_timeline
from api.pages.dossier_timeline import ON_PAPER, page_of, timeline
from domain.people import Role
from domain.report import AcknowledgeReport
from services.dossier import Telling
from services.dossier_record import pin
from tests.database import database, engine, postgres
from tests.domain.duties import Notified
from tests.domain.story import person
from tests.services.dossiers import Record, add, recorded
from tests.services.kept import recorded as story_of
from tests.storage.streams import NOON

__all__ = ["database", "engine", "postgres"]

UNREAD = 9
"""Entries of the record, of a form that no release ever wrote."""


@pytest.fixture
def kept(engine: Engine, tmp_path: Path) -> Record:
    """Give a record of entries that cannot be read."""
    return recorded(engine, tmp_path)


def telling(kept: Record, *, redacted: bool = False) -> Telling:
    pinned = pin(kept.house, kept.incident)
    return Telling(house=kept.house, pinned=pinned, redacted=redacted, made_at=NOON, root="ab" * 32)


def told(kept: Record, *, redacted: bool = False) -> dict[str, bytes]:
    members: Iterator[tuple[str, bytes]] = (
        (name, b"".join(chunks)) for name, chunks in timeline(telling(kept, redacted=redacted))
    )
    return dict(members)


def test_entries_that_cannot_be_read_are_said_to_be_there(kept: Record) -> None:
    page = told(kept)["timeline.html"].decode()
    assert page.count("cannot be read") == UNREAD
    assert re.findall(r'<tr id="e(\d+)"', page) == [str(n) for n in range(1, UNREAD + 1)]


def acknowledged_late(story: Notified) -> None:
    """Somebody took the report up hours before anybody wrote it down."""
    story.reported()
    story.now += timedelta(hours=4)
    taken_up = story.now - timedelta(hours=3)
    story.did(person(Role.DUTY_OFFICER), AcknowledgeReport(), happened_at=taken_up)


def test_an_entry_that_was_told_late_says_when_it_happened(kept: Record) -> None:
    story = story_of(kept.house.engine, "late", acknowledged_late)
    kept.incident = story.record()
    page = told(kept)["timeline.html"].decode()
    assert "entered late; it happened" in page
    assert "cannot be read" not in page


def test_of_very_many_entries_the_page_tells_all_and_the_paper_the_first_that_weigh(
    kept: Record,
) -> None:
    """What cannot be read weighs: so all of these do."""
    more = ON_PAPER - UNREAD + 7
    add(kept, UNREAD + 1, [{"text": f"finding {n}"} for n in range(more)])
    teller = dossier_timeline.readers_of(telling(kept))
    shown: list[Row] = []
    page = b"".join(page_of(teller, shown)).decode()
    assert page.count("<tr id=") == ON_PAPER + 7
    assert [row.seq for row in shown] == [f"#{n}" for n in range(1, ON_PAPER + 1)]
    assert told(kept)["timeline.pdf"].startswith(b"%PDF-")
