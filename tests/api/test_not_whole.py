"""Altered rows: named where they are verified, never shown as the record, never a failure."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from storage.engine import read, write
from storage.schema import entries, incidents
from tests.api.serving import Served
from tests.api.test_incidents import problem, reported

pytestmark = pytest.mark.xdist_group("api")

WHOLE = "The record is whole"


@pytest.fixture
def number(served: Served) -> Iterator[str]:
    """Give an incident of its own, and put its rows back."""
    found = reported(served.person("an.qi"))
    served.settled()
    with read(served.database.ledger) as connection:
        rows = [
            row._asdict()
            for row in connection.execute(sa.select(entries).where(entries.c.stream == found))
        ]
        row = connection.execute(sa.select(incidents).where(incidents.c.id == found)).one()
    yield found
    with write(served.database.ledger) as connection:
        connection.execute(sa.delete(entries).where(entries.c.stream == found))
        connection.execute(sa.insert(entries), rows)
        connection.execute(sa.update(incidents).where(incidents.c.id == found), row._asdict())


def altered(served: Served, sql: str, **values: Any) -> None:
    with write(served.database.ledger) as connection:
        assert connection.execute(sa.text(sql), values).rowcount == 1


def audit(served: Served, number: str) -> str:
    answer = served.person("ren.jia").get(
        f"/incidents/{number}/audit", headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 200, answer.text
    return answer.text


ENTRY = "UPDATE entries SET {} WHERE stream = :stream AND seq = 2"
ROW = "UPDATE incidents SET {} WHERE id = :stream"


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (ENTRY.format("actor = 'evilactor'"), "Column actor of entry 2"),
        (ENTRY.format("type = 'SaleResumed'"), "Column type of entry 2"),
        (ENTRY.format("recorded_at = '2020-01-01 00:00:00'"), "Column recorded_at of entry 2"),
        (ENTRY.format("happened_at = 'once'"), "Column happened_at of entry 2"),
        (ENTRY.format("leaf = '00'"), "leaf of entry 2"),
        (ROW.format("state = replace(state, 'an.qi', 'an.qj')"), "The stored state"),
        (ROW.format("grade = 'minor'"), "Column grade of the incident"),
        (ROW.format("is_open = false"), "Column is_open of the incident"),
    ],
)
def test_a_copy_that_says_other_than_the_bytes_is_named(
    served: Served, number: str, sql: str, told: str
) -> None:
    assert WHOLE in audit(served, number)
    altered(served, sql, stream=number)
    page = audit(served, number)
    assert told in page
    assert WHOLE not in page
    assert "evilactor" not in page
    assert "Sale resumed" not in page


def test_a_state_that_an_earlier_release_wrote_is_whole(
    served: Served, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with read(served.database.ledger) as connection:
        chosen = sa.select(incidents.c.state).where(incidents.c.id == number)
        state = json.loads(connection.execute(chosen).scalar_one())
    # What that release did not know yet, and what it knew and nobody reads any more.
    assert state["statement"].pop("agreed_line") is None
    del state["notice"]
    state["report"]["told"] = "once"
    altered(served, ROW.format("state = :state"), stream=number, state=json.dumps(state))
    assert WHOLE not in audit(served, number), "no state was ever known to have it"
    monkeypatch.setattr("services.verifying.GONE", frozenset({"told"}))
    assert WHOLE in audit(served, number)
    del state["report"]["reports"]
    altered(served, ROW.format("state = :state"), stream=number, state=json.dumps(state))
    page = audit(served, number)
    assert "The stored state is not what the entries come to." in page
    assert WHOLE not in page


@pytest.mark.parametrize("content", [b'{"x":', b"{}", b"[]", "text", b"\xff"])
def test_an_entry_that_cannot_be_read_is_said_everywhere(
    served: Served, number: str, content: bytes | str
) -> None:
    altered(served, ENTRY.format("content = :content"), stream=number, content=content)
    page = audit(served, number)
    assert "Entry 2 cannot be read." in page
    assert WHOLE not in page
    asker = served.person("ren.jia")
    for path in ("", "/ledger", "/ledger/2", "/at/2", "/at/3"):
        answer = asker.get(f"/incidents/{number}{path}", headers={"Accept-Language": "en"})
        assert answer.status_code == 409, (path, answer.text)
        assert "not whole: entry 2 cannot be read" in answer.text
    for path in ("/ledger", "?at=2"):
        answer = asker.get(f"/api/incidents/{number}{path}")
        assert (answer.status_code, answer.json()["code"]) == (409, "not_whole"), path


def test_bytes_altered_with_their_leaf_break_the_tree(served: Served, number: str) -> None:
    with read(served.database.ledger) as connection:
        chosen = sa.select(entries.c.content).where(entries.c.stream == number, entries.c.seq == 2)
        content = bytes(connection.execute(chosen).scalar_one()).replace(
            b'"build":"', b'"build":"x'
        )
    leaf = hashlib.sha256(b"\0" + content).hexdigest()
    sql = ENTRY.format("content = :content, leaf = :leaf")
    altered(served, sql, stream=number, content=content, leaf=leaf)
    page = audit(served, number)
    assert "The tree over the entries is not the tree that was recorded." in page
    assert WHOLE not in page


def test_a_report_that_is_not_recorded_yet_is_not_called_safe(served: Served) -> None:
    served.settled()
    with served.worker_away():
        asker = served.person("an.qi")
        found = asker.post("/api/incidents", problem()).json()["id"]
        page = asker.get(f"/incidents/{found}", headers={"Accept-Language": "en"}).text
    assert "it is not recorded yet" in page
    assert "tell somebody by phone" in page
    assert "cannot be lost" not in page
