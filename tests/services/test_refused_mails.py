"""Mails that were refused are remembered by a hash, the newest of them alone."""

from pathlib import Path

import pytest

from services import refused_mails
from services.refused_mails import RefusedMails


def remember(file: Path, *mails: bytes) -> None:
    run = RefusedMails(file)
    for mail in mails:
        run.add(mail)
    run.keep()


def test_a_mail_that_was_refused_is_known_to_the_next_run_and_its_words_are_nowhere(
    tmp_path: Path,
) -> None:
    file = tmp_path / "refused-mails"
    assert not RefusedMails(file).has(b"one")
    remember(file, b"one")
    remember(file, b"two")
    again = RefusedMails(file)
    assert [again.has(mail) for mail in (b"one", b"two", b"three")] == [True, True, False]
    assert b"one" not in file.read_bytes()


def test_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused_mails, "REMEMBERED_AT_MOST", 2)
    file = tmp_path / "refused-mails"
    remember(file, b"one", b"two", b"three")
    again = RefusedMails(file)
    assert [again.has(mail) for mail in (b"one", b"two", b"three")] == [False, True, True]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"no hash\n"], ids=["empty", "noise", "words"]
)
def test_a_file_that_somebody_damaged_remembers_nothing(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "refused-mails"
    file.write_bytes(content)
    assert not RefusedMails(file).has(b"one")


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path: Path) -> None:
    remember(tmp_path / "nowhere" / "refused-mails", b"one")
