"""Delivery reports: marks that nobody can make, and mails that anybody may have sent."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from domain.errors import Malformed
from integrations.bounces import READ_AT_MOST, Marks, message_of, read_report, require_true
from integrations.key_ring import KeyRing, Purpose
from storage.outbox import Message
from tests.integrations.newsrooms import SENDER
from tests.integrations.reports import report
from tests.storage.streams import NOON

KEY = "newsroom:INC-2026-0001:S1:1:daily"
MARKS = Marks(KeyRing.from_secret("a secret for the tests of bounces"))
MARK = MARKS.mark(KEY)
TO = f"press+{MARK}@qinglan.example"


def test_a_mark_names_one_message_and_fits_into_an_address() -> None:
    row = Message(
        effect_key=KEY, incident="INC-2026-0001", audience="newsroom", channel="email",
        recipient="Daily News", language="en", created_at=NOON, subject="", body="",
    )  # fmt: skip
    assert message_of(MARK) == row.id
    assert len("p" * 23 + "+" + MARK) == 64
    require_true(MARKS, MARK, KEY)


@pytest.mark.parametrize(
    "mark",
    [
        MARKS.mark(KEY.replace("daily", "night")),
        MARK[:24] + MARKS.mark(KEY.replace("daily", "night"))[24:],
        Marks(KeyRing.from_secret("another secret, of somebody outside")).mark(KEY),
        MARK[:-1],
        "",
    ],
    ids=["another newsroom's", "proof of another", "another key", "short", "none"],
)
def test_no_other_mark_is_taken(mark: str) -> None:
    with pytest.raises(Malformed, match="none of ours"):
        require_true(MARKS, mark, KEY)


def test_a_mark_outlives_the_rotation_of_its_key(tmp_path: Path) -> None:
    ring = KeyRing.create(tmp_path / "keys" / "ring.json")
    mark = Marks(ring).mark(KEY)
    ring.rotate(Purpose.LINK)
    assert Marks(ring).is_true(mark, KEY)
    assert Marks(ring).mark(KEY) != mark


@pytest.mark.parametrize(
    ("raw", "action", "said"),
    [
        (report(TO), "failed", "5.1.1 550 5.1.1 …: Recipient address rejected: User unknown"),
        (report(TO, action="FAILED (bounced)"), "failed", None),
        (report(TO, action="delayed", status="4.4.1"), "delayed", None),
        (report(TO, action="relayed", status="2.0.0"), "relayed", None),
        (report(f"<{TO.upper()}>"), "failed", None),
        (report(f'"Press, of the house" <{TO}>'), "failed", None),
        (report("undisclosed-recipients:;", more=f"Delivered-To: {TO}\n        "), "failed", None),
        (report(TO).replace(b"\n", b"\r\n"), "failed", None),
        (report(TO, said="X-Notes; Ungültig"), "failed", "5.1.1 Ung…"),
    ],
    ids=["failed", "with a comment", "delayed", "relayed", "capitals", "a name before it",
         "delivered to", "lines of the net", "not ASCII"],
)  # fmt: skip
def test_a_report_says_what_became_of_the_message_of_its_mark(
    raw: bytes, action: str, said: str | None
) -> None:
    found = read_report(raw, SENDER)
    assert found is not None
    assert (found.mark, found.action) == (MARK, action)
    assert "@" not in found.said
    assert found.said.isprintable()
    assert said is None or found.said.startswith(said.rstrip("…") if said.endswith("…") else said)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"From: reader@news.example\nTo: press@qinglan.example\n\nPlease call me.",
        b"To: " + TO.encode() + b"\nAuto-Submitted: auto-replied\n\nOut of office.",
        report("press@qinglan.example"),
        report("somebody+" + MARK + "@qinglan.example"),
        report(f"press+{MARK}@qinglan.example.evil.example"),
        report(f"evilpress+{MARK}@qinglan.example"),
        report("other@company.example"),
        report(TO).replace(b"message/delivery-status", b"text/plain"),
        report(TO).replace(b"multipart/report", b"multipart/mixed"),
    ],
    ids=["nothing", "a letter", "out of office", "without a mark", "to another", "another domain",
         "longer name", "of other people", "no status", "no report"],
)  # fmt: skip
def test_other_mails_are_passed_over(raw: bytes) -> None:
    assert read_report(raw, SENDER) is None


@pytest.mark.parametrize(
    "raw",
    [
        report(f"press+{'x' * 40}@qinglan.example"),
        report("press+';drop--@qinglan.example"),
        report(TO, action="eaten"),
    ],
    ids=["made up", "of signs", "no action we know"],
)
def test_a_report_that_cannot_be_meant_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        read_report(raw, SENDER)
    assert refused.value.sentence.endswith(".")
    assert refused.value.hint


NESTED = b"".join(
    b"Content-Type: multipart/report; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(4_000)
)


INSIDE = (
    b"To: press@qinglan.example\nContent-Type: multipart/report; boundary=b\n\n--b\n"
    b"Content-Type: message/delivery-status\n\n"
)
DEEP = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(500)
)


def spent(raw: bytes) -> float:
    """Give the seconds of this process that reading takes, the least of three."""
    times = []
    for _ in range(3):
        began = time.process_time()
        with suppress(Malformed):
            read_report(raw, SENDER)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize(
    ("begins", "repeated"),
    [
        (DEEP, b"a\n"),
        (b"", b"Content-Type: message/rfc822\n\n"),
        (INSIDE, b"\na\n"),
        (INSIDE, b"--b\n"),
        (INSIDE, b"Action: failed\n\n"),
        (b'Content-Type: multipart/report; x="', b";"),
        (b"To: press+", b"press+"),
        (b"To: a", b"\n \xff@b,"),
    ],
    ids=["deep", "mails in mails", "blocks", "parts", "readers", "quotes", "marks", "folded"],
)
def test_reading_a_mail_takes_no_more_than_its_length(begins: bytes, repeated: bytes) -> None:
    room = READ_AT_MOST - len(begins)
    short = begins + repeated * (room // 4 // len(repeated))
    long = begins + repeated * (room // len(repeated))
    assert spent(long) < 8 * spent(short) + 0.02  # the square would be sixteen times
    assert spent(long) < 1.0


@pytest.mark.parametrize(
    "raw",
    [
        bytes(range(256)) * 4_096,
        report(TO).replace(b"Action: failed", b"Action: " + b"x" * 1_000_000),
        report(TO, said="x; " + "a" * 300_000 + "@"),
        report(TO)[:700],
        report(TO).replace(b"4F1C2.1772443862/mail.example", b""),
        report(TO).replace(b"charset=us-ascii", b"charset=no-such-thing"),
        report(TO, said="smtp; 550 no\n        Subject: evil\n        Bcc: x@y.example"),
        report(TO + "\n        Bcc: x@y.example"),
        NESTED,
        b"To: " + (TO + ", ").encode() * 20_000 + b"\n\n",
        report(TO).replace(b"Final-Recipient", b"\xff\xfe\x00Final-Recipient"),
        b"Content-Type: multipart/report; boundary\n\n--\n--\n" * 1_000,
    ],
    ids=["noise", "a megabyte in a field", "a long word", "cut", "no boundary", "no such charset",
         "fields in a reason", "fields in the head", "nested", "many readers", "broken fields",
         "many heads"],
)  # fmt: skip
@pytest.mark.timeout(20)
def test_a_hostile_mail_is_read_or_refused_and_shows_nothing_of_itself(raw: bytes) -> None:
    found = None
    with suppress(Malformed):
        found = read_report(raw, SENDER)
    if found is not None:
        assert found.mark == MARK
        assert len(found.said) <= 160
        assert found.said.isprintable()
        assert "@" not in found.said
