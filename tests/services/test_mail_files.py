"""Mails as they lie in files: alone, in an mbox, in a Maildir, on standard input."""

import io
import sys
import time
from pathlib import Path

import pytest

from domain.errors import BrokenSetup
from services import mail_files
from services.mail_files import mails_in

ONE, TWO = b"To: a@b.example\n\nFrom here on.\n", b"To: c@d.example\n\nTwo.\n"
MBOX = (
    b"From MAILER-DAEMON Mon Mar  2 09:31:02 2026\n"
    + ONE
    + b"\nFrom  Mon Mar  2 09:40:00 2026\n"
    + TWO
)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (ONE, [ONE]),
        (MBOX, [ONE + b"\n", TWO]),
        (MBOX.replace(b"\n", b"\r\n"), [(ONE + b"\n").replace(b"\n", b"\r\n"),
                                         TWO.replace(b"\n", b"\r\n")]),
        (b"", [b""]),
    ],
    ids=["one", "mbox", "mbox with lines of the net", "empty"],
)  # fmt: skip
def test_a_file_holds_one_mail_or_many(tmp_path: Path, content: bytes, found: list[bytes]) -> None:
    file = tmp_path / "mails"
    file.write_bytes(content)
    mails = list(mails_in(str(file)))
    assert [mail.raw for mail in mails] == found
    assert all(mail.where.startswith(str(file)) for mail in mails)


@pytest.mark.parametrize(
    ("begins", "repeated"),
    [(b"From a ", b"1:11 "), (b"From ", b" "), (b"", b"From a 1:1\n\n"), (b"", b"\n\nFrom ")],
    ids=["no last newline", "blanks", "no time", "begins"],
)
def test_taking_a_file_apart_takes_no_more_than_its_length(
    tmp_path: Path, begins: bytes, repeated: bytes
) -> None:
    spent = []
    for count in (10_000, 40_000):
        file = tmp_path / str(count)
        file.write_bytes(begins + repeated * count)
        times = []
        for _ in range(3):
            began = time.process_time()
            assert len(list(mails_in(str(file)))) == 1
            times.append(time.process_time() - began)
        spent.append(min(times))
    assert spent[1] < 8 * spent[0] + 0.02  # the square would be sixteen times


def test_a_maildir_holds_mails_that_were_read_and_not(tmp_path: Path) -> None:
    for folder, content in (("new", ONE), ("cur", TWO), ("tmp", b"half")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"1.{folder}").write_bytes(content)
    assert {mail.raw for mail in mails_in(str(tmp_path))} == {ONE, TWO}


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ONE)))
    assert [(mail.where, mail.raw) for mail in mails_in("-")] == [("standard input", ONE)]


@pytest.mark.parametrize(("name", "words"), [("none", "cannot be read"), ("", "no Maildir")])
def test_what_is_no_mail_is_said(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(BrokenSetup, match=words):
        list(mails_in(str(tmp_path / name)))


def test_a_mailbox_that_grew_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_files, "FILE_AT_MOST", 10)
    file = tmp_path / "mails"
    file.write_bytes(ONE)
    with pytest.raises(BrokenSetup, match="larger than"):
        list(mails_in(str(file)))
