"""A moment of an incident for programs: by recorded and by happened time, and between two."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from tests.api.serving import Served
from tests.api.test_incidents import CRITICAL, reported

pytestmark = pytest.mark.xdist_group("api")

HOSTILE = ["", " ", "-1", "1.5", "9" * 40, "٣", "\x00", "yesterday", "2026-11-22", "0001-01-01T00:00Z",
           "9999-12-31T23:59:59Z", "2026-11-22T14:00", "'; --", "<b>", "🔥", "x" * 400]  # fmt: skip


@pytest.fixture(scope="module")
def incident(served: Served) -> str:
    """Give an incident with a fact that was told an hour after it was so."""
    number = reported(served.person("an.qi"), answers=CRITICAL)
    told_at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    fact = {"key": "smell", "value": "sour", "as_of": told_at}
    answer = served.person("qiu.ning").post(
        f"/api/incidents/{number}/investigation/record_fact", fact, Andon_Happened_At=told_at
    )
    assert answer.status_code == 200, answer.text
    served.settled()
    return number


def test_what_happened_by_then_holds_what_was_told_later(incident: str, served: Served) -> None:
    asker = served.person("ren.jia")
    at = (datetime.now(UTC) - timedelta(minutes=30)).isoformat()
    then = asker.get(f"/api/incidents/{incident}", params={"at": at}).json()
    assert (then["by"], then["size"], then["recorded"]) == ("recorded", 0, False)
    assert then["columns"] == {"on_sale": [], "texts": [], "known": []}
    now = asker.get(f"/api/incidents/{incident}", params={"at": at, "by": "happened"}).json()
    assert "state" not in now
    known = {one["key"]: one for one in now["columns"]["known"]}
    assert (known["smell"]["value"], known["smell"]["later"]) == ("sour", True)
    assert known["smell"]["entry"] in now["recorded_only_later"]
    assert [one["seq"] for one in now["entries"] if one["type"] == "FactRecorded"]


def test_what_is_different_is_told_thing_by_thing(incident: str, served: Served) -> None:
    asker = served.person("ren.jia")
    size = asker.get(f"/api/incidents/{incident}").json()["size"]
    whole = asker.get(f"/api/incidents/{incident}/difference", params={"from": "0", "to": size})
    told = whole.json()
    assert (told["from"]["size"], told["to"]["size"]) == (0, size)
    assert len(told["entries"]) == size
    fact = next(one for one in told["things"] if one["path"] == ["investigation", "facts", "smell"])
    assert fact["how"] == "added"
    assert {part["field"][0]: part["after"] for part in fact["changes"]}["value"] == "sour"
    assert fact["entries"]
    same = asker.get(f"/api/incidents/{incident}/difference", params={"from": "3", "to": "3"})
    assert (same.json()["things"], same.json()["entries"]) == ([], [])


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_no_moment_is_refused_in_words(typed: str, incident: str, served: Served) -> None:
    asker, path = served.person("ren.jia"), f"/api/incidents/{incident}"
    told = quote(typed)
    for address in (f"{path}?at={told}", f"{path}?at={told}&by=happened",
                    f"{path}/difference?from={told}&to=1", f"{path}/difference?from=1&to={told}"):  # fmt: skip
        answer = asker.get(address)
        assert answer.status_code == 422, address
        assert answer.json()["detail"]
        assert answer.json()["hint"]


@pytest.mark.parametrize(
    "rest", ["?by=happened", "?at=1&by=then", "/difference", "/difference?from=1"]
)
def test_half_a_question_is_refused_in_words(rest: str, incident: str, served: Served) -> None:
    answer = served.person("ren.jia").get(f"/api/incidents/{incident}{rest}")
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_who_may_not_see_it_is_told_that_it_is_not_there(incident: str, served: Served) -> None:
    outsider = served.person("he.miao")
    for rest in ("?at=1", "?at=1&by=happened", "/difference?from=0&to=1"):
        assert outsider.get(f"/api/incidents/{incident}{rest}").status_code == 404
