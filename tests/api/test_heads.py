"""Signed heads and proofs over HTTP, believed by nobody: each is verified as a stranger would."""

import base64
from pathlib import Path
from typing import Any

import pytest

from activities.heads import HeadActivities
from activities.stamps import StampActivities
from domain.checkpoint import VerifierKey, read_checkpoint, read_key, read_note
from domain.tree import verify_consistency, verify_inclusion
from integrations.note_keys import signed_by
from integrations.stamp_proofs import verified
from services.house import House
from services.signing_keys import signing_of
from services.timestamps import authorities_of
from storage import heads as heads_store
from storage.heads import LOG
from tests.api.serving import Served
from tests.api.test_incidents import reported
from tests.stamping import ROOT, authorities_file, stamping

pytestmark = pytest.mark.xdist_group("api")

AUDITOR, REPORTER, STAFF = "ren.jia", "an.qi", "luo.xi"


@pytest.fixture(scope="module")
def number(served: Served) -> str:
    """Give an incident of which two heads were signed, entries between them."""
    found = reported(served.person(REPORTER))
    served.settled()
    sign(served)
    done = served.person("gao.yuan").post(
        f"/api/incidents/{found}/report/accept_report", {"reason": "Seen."}
    )
    assert done.status_code == 200, done.text
    served.settled()
    sign(served)
    return found


def house_of(served: Served) -> House:
    assert served.app is not None
    found: House = served.app.state.house
    return found


def sign(served: Served) -> None:
    house = house_of(served)
    signing = signing_of(house)
    HeadActivities(house.engine, lambda: signing).sign_all()


def got(served: Served, path: str) -> dict[str, Any]:
    answer = served.person(AUDITOR).get(path)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def keys(served: Served) -> list[VerifierKey]:
    return [read_key(word) for word in got(served, "/api/keys")["keys"]]


@pytest.mark.parametrize("path", ["/api/incidents/{}/heads", "/api/heads"])
def test_every_head_is_signed_by_a_key_that_is_given(
    served: Served, number: str, path: str
) -> None:
    told = got(served, path.format(number))
    assert len(told["heads"]) >= 2
    for head in told["heads"]:
        note = read_note(head["note"])
        assert signed_by(note, keys(served))
        assert read_checkpoint(note.text).size == head["size"]
        assert head["signed_at"].endswith("Z")


def test_heads_have_the_stamps_of_whoever_stamped_them(
    served: Served, number: str, tmp_path: Path
) -> None:
    """The log's own heads with the answer; an incident's with what covers them, and no more."""
    house = house_of(served)
    with stamping() as there:
        file = authorities_file(tmp_path, there.url)
        settings = house.settings.model_copy(update={"timestamps": file, "allow_inside": "true"})
        named = authorities_of(settings)
        assert StampActivities(house.engine, lambda: named, 0).stamp_all() == 1
    newest = heads_store.newest(house.engine, LOG)
    assert newest is not None
    told = got(served, f"/api/heads?after={newest.size - 1}")["heads"]
    [stamp] = told[0]["stamps"]
    answer = base64.b64decode(stamp["answer"])
    assert verified(answer, told[0]["note"].encode(), [ROOT.certificate]).is_of(
        told[0]["note"].encode()
    )
    assert (stamp["authority"], stamp["size"]) == ("tsa", newest.size)
    for head in got(served, f"/api/incidents/{number}/heads")["heads"]:
        [seen] = head["stamps"]
        assert seen == {name: stamp[name] for name in ("authority", "at", "size", "sha256")}


def test_an_entry_is_proved_under_a_head(served: Served, number: str) -> None:
    told = got(served, f"/api/incidents/{number}/proof?entry=2")
    head = read_checkpoint(read_note(told["head"]["note"]).text)
    path = [bytes.fromhex(one) for one in told["path"]]
    assert verify_inclusion(bytes.fromhex(told["leaf"]), 1, head.size, path, head.root)


def test_a_line_of_the_log_is_proved_under_a_head(served: Served, number: str) -> None:
    told = got(served, "/api/heads/proof?line=1")
    head = read_checkpoint(read_note(told["head"]["note"]).text)
    path = [bytes.fromhex(one) for one in told["path"]]
    assert verify_inclusion(bytes.fromhex(told["leaf"]), 0, head.size, path, head.root)


@pytest.mark.parametrize("where", ["/api/incidents/{}", "/api/heads"], ids=["incident", "log"])
def test_one_head_goes_on_from_another(served: Served, number: str, where: str) -> None:
    base = where.format(number)
    listed = base if base.endswith("heads") else f"{base}/heads"
    sizes = [head["size"] for head in got(served, listed)["heads"]][-2:]
    told = got(served, f"{base}/consistency?first={sizes[0]}&second={sizes[1]}")
    old, new = (read_checkpoint(read_note(told[one]["note"]).text) for one in ("first", "second"))
    path = [bytes.fromhex(one) for one in told["path"]]
    assert verify_consistency(old.size, new.size, old.root, new.root, path)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/incidents/{}/proof?entry=999999", 404),
        ("/api/incidents/{}/proof?entry=0", 422),
        ("/api/incidents/{}/proof?entry=x", 422),
        ("/api/incidents/{}/consistency?first=2&second=1", 409),
        ("/api/incidents/{}/consistency?first=1&second=999999", 404),
        ("/api/incidents/INC-1999-0001/heads", 404),
        ("/api/heads/proof?line=99999999", 404),
        ("/api/heads?limit=100000", 422),
    ],
)
def test_what_cannot_be_proved_is_said(served: Served, number: str, path: str, status: int) -> None:
    answer = served.person(AUDITOR).get(path.format(number))
    assert (answer.status_code, "hint" in answer.json() or status == 422) == (status, True)


@pytest.mark.parametrize("path", ["/api/heads", "/api/heads/proof?line=1"])
def test_the_log_is_not_everybodys(served: Served, number: str, path: str) -> None:
    assert served.person("ye.fan").get(path).status_code == 403
