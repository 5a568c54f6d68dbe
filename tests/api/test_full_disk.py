"""A disk that is really full while Andon runs: a sentence, nothing half written, and then it goes on.

The disk is one of its own, mounted for the test and filled to the last byte. Ledger, blobs and the
place where uploads wait are each put on it. When there is room again, the same act with the same key
counts once.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from storage.schema import entries
from tests.api.browsing import browser
from tests.api.keeping import rows_of
from tests.api.serving import Served, serving
from tests.api.test_incidents import problem, reported, until
from tests.disks import Disk, small_disk

pytestmark = [pytest.mark.xdist_group("hostile"), pytest.mark.slow]

PICTURE = b"%PDF-1.7 " + bytes(range(256)) * 12_000
"""Three megabytes: more than what is kept in memory while it arrives."""


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    """Give a disk of its own."""
    with small_disk(tmp_path_factory.mktemp("full") / "disk", "48m") as made:
        yield made


@pytest.fixture(scope="module")
def there(disk: Disk) -> Iterator[Served]:
    """Give an installation whose home, blobs and databases are on it."""
    with serving(disk.path / "home") as served:
        yield served


@pytest.fixture(scope="module")
def incident(there: Served) -> str:
    """Give an incident that nothing happens to by itself."""
    number = reported(there.person("an.qi"))
    there.settled()
    return number


def acts_of(served: Served, word: str) -> int:
    """Count the entries of a type."""
    return sum(f"'{word}'" in row for row in rows_of(served.database.ledger, entries))


def brought(served: Served) -> dict[str, str]:
    """Give what a file that is brought would leave; letters of acts before may still go out."""
    kept = served.kept()
    return {name: kept[name] for name in ("vault_keys", "vault_texts", "blobs", "files", "entries")}


def assert_full(answer: httpx2.Response) -> None:
    """Insist on the sentence of a full disk or, where the record waits for room, of the wait."""
    told = answer.json()
    assert answer.status_code == 503, answer.text
    assert told["code"] in ("disk_full", "not_confirmed")
    assert re.search("counts? once", told["hint"])
    assert answer.headers["retry-after"]


def test_reporting(disk: Disk, there: Served) -> None:
    agent, before = there.person("an.qi"), there.settled()
    disk.fill()
    try:
        answer = agent.post("/api/incidents", problem(), Idempotency_Key="full-report")
        assert_full(answer)
        assert answer.json()["detail"] == "The disk is full: nothing was recorded."
        assert there.kept() == before
    finally:
        disk.empty()
    again = agent.post("/api/incidents", problem(), Idempotency_Key="full-report")
    assert again.status_code == 201, again.text
    until(agent, again.json()["id"], lambda told: told["recorded"])
    twice = agent.post("/api/incidents", problem(), Idempotency_Key="full-report")
    assert twice.json()["id"] == again.json()["id"]


def test_an_act_waits_for_room_and_counts_once(disk: Disk, there: Served, incident: str) -> None:
    chief, before = there.person("gao.yuan"), acts_of(there, "ReportAcknowledged")
    there.settled()
    place = f"/api/incidents/{incident}/report/acknowledge_report"
    disk.fill()
    try:
        assert_full(chief.post(place, {}, Idempotency_Key="full-act"))
        assert acts_of(there, "ReportAcknowledged") == before
    finally:
        disk.empty()
    again = chief.post(place, {}, Idempotency_Key="full-act")
    assert again.status_code == 200, again.text
    assert acts_of(there, "ReportAcknowledged") == before + 1
    goes_on = chief.post(
        f"/api/incidents/{incident}/report/accept_report", {"reason": "There is room again."}
    )
    assert goes_on.status_code == 200, goes_on.text


def test_evidence(disk: Disk, there: Served) -> None:
    there.settled()
    agent, before = there.person("an.qi").client, brought(there)
    kind = {"Idempotency-Key": "full-blob"}
    disk.fill()
    try:
        assert_full(agent.post("/api/blobs", content=PICTURE, headers=kind))
        assert brought(there) == before
    finally:
        disk.empty()
    again = agent.post("/api/blobs", content=PICTURE, headers=kind)
    assert again.status_code == 201, again.text
    assert agent.post("/api/blobs", content=PICTURE, headers=kind).json() == again.json()


def test_a_form_with_a_file(
    disk: Disk, there: Served, incident: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What arrives is first put into the temporary folder; that may be full too."""
    console = browser(there.url)
    console.sign_in("an.qi", there.passwords["an.qi"])
    page = console.open("/report")
    there.settled()
    before = brought(there)
    waiting = Path(disk.path / "tmp")
    waiting.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(waiting))
    disk.fill()
    try:
        files = {"evidence": ("jar.pdf", PICTURE, "application/pdf")}
        told = console.send(page, page.form("/report"), files=files, words="My cheeks burn.")
        assert told.status == 503
        assert "The disk is full: nothing was recorded." in told.text
        assert brought(there) == before
    finally:
        disk.empty()
        console.client.close()
