"""Files over HTTP: what they are is told by their bytes, and they lie sealed on the disk."""

import pytest

from domain.canonical import sha256_hex
from services import vaulting
from services.evidence import FILE_LIMIT, media_type_of
from storage import erasing
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("api")

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a rash" * 20
PDF = b"%PDF-1.7\n" + b"a report of the laboratory" * 20

KINDS = {
    "png": (PNG, "image/png"),
    "pdf": (PDF, "application/pdf"),
    "jpeg": (b"\xff\xd8\xff\xe0" + b"x" * 20, "image/jpeg"),
    "webp": (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
    "heic": (b"\x00\x00\x00\x18ftypheic", "image/heic"),
    "gif": (b"GIF89a...", "image/gif"),
    "svg": (b"<svg onload=alert(1)>", "application/octet-stream"),
    "html": (b"<html><script>", "application/octet-stream"),
    "short": (b"x", "application/octet-stream"),
}


@pytest.mark.parametrize(("content", "kind"), KINDS.values(), ids=KINDS.keys())
def test_a_file_is_what_its_bytes_say(content: bytes, kind: str) -> None:
    assert media_type_of(content) == kind


def test_a_picture_is_kept_sealed_and_given_back(served: Served) -> None:
    agent = served.person("an.qi").client
    kept = agent.post("/api/blobs", content=PNG, params={"name": "手臂.png"})
    back = agent.get(kept.headers["location"])
    assert (kept.status_code, kept.json()["media_type"]) == (201, "image/png")
    assert back.content == PNG
    assert back.headers["content-type"] == "image/png"
    assert back.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert back.headers["content-disposition"].startswith("inline; filename*=UTF-8''%E6%89%8B")
    address = kept.json()["id"]
    on_disk = (served.settings.blobs_dir / address[:2] / address[2:4] / address).read_bytes()
    assert b"rash" not in on_disk
    assert sha256_hex(on_disk) == address


def test_what_a_browser_could_run_is_only_given_to_be_saved(served: Served) -> None:
    agent = served.person("an.qi").client
    kept = agent.post("/api/blobs", content=KINDS["html"][0], headers={"Content-Type": "text/html"})
    back = agent.get(kept.headers["location"])
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["content-disposition"].startswith("attachment")


def test_sending_twice_keeps_one(served: Served) -> None:
    agent = served.person("an.qi").client
    key = {"Idempotency-Key": "photo-1"}
    first = agent.post("/api/blobs", content=PDF, headers=key)
    again = served.unchanged_by(lambda: agent.post("/api/blobs", content=PDF, headers=key))
    other = served.unchanged_by(lambda: agent.post("/api/blobs", content=PNG, headers=key))
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize(
    ("content", "name", "who", "status"),
    [
        (b"", "", "an.qi", 422),
        (b"x" * (FILE_LIMIT + 1), "", "an.qi", 413),
        (b"x" * (FILE_LIMIT + 2 * 1024 * 1024), "", "an.qi", 413),
        (PNG, "a\x00b", "an.qi", 422),
        (PNG, "x" * 300, "an.qi", 422),
        (PNG, "", "ren.jia", 403),
    ],
    ids=["empty", "over the limit", "far over it", "NUL in the name", "long name", "an auditor"],
)
def test_a_file_that_is_refused_changes_nothing(
    content: bytes, name: str, who: str, status: int, served: Served
) -> None:
    client = served.person(who).client
    answer = served.unchanged_by(
        lambda: client.post("/api/blobs", content=content, params={"name": name})
    )
    assert answer.status_code == status, answer.text


def test_who_may_not_read_health_does_not_find_the_file(served: Served) -> None:
    kept = served.person("an.qi").client.post(
        "/api/blobs", content=PNG + b"1", params={"access": "health"}
    )
    address = kept.headers["location"]
    assert served.person("lyu.an").get(address).status_code == 200
    assert served.person("ye.fan").get(address).status_code == 404
    assert served.person("he.miao").get(address).status_code == 404


def test_destroying_the_key_erases_the_file(served: Served) -> None:
    kept = served.person("an.qi").client.post(
        "/api/blobs",
        content=PNG + b"2",
        headers={"Idempotency-Key": "to be erased".replace(" ", "-")},
    )
    subject = vaulting.new_subject("evidence", "an.qi:to-be-erased")
    assert served.app is not None
    erasing.erase(served.database.ledger, subject, served.app.state.house.now())
    answer = served.person("an.qi").get(kept.headers["location"])
    assert answer.status_code == 404
    assert "erased" in answer.json()["detail"]
