"""A row of a file that names another note hides no file, and nothing is named that was erased."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from domain.canonical import sha256_hex
from domain.erasure import ASKED, DONE
from domain.people import Access
from domain.wire import instant_text
from integrations.erasure_register import ErasedLine, ErasureRegister, Of
from integrations.seal import seal, sealed_id
from services import erasing, evidence, vaulting
from services.evidence import Brought
from services.house import House
from services.vaulting import Sealed
from services.verifying_named import named_faults
from storage import company, vault
from storage.blobs import BlobDirectory, BlobLabel, put_blob
from storage.engine import write
from storage.erasing import LogLineToCome, erase_all
from storage.schema import blobs, entries, vault_texts
from tests.services.test_erasing import AGENT, OFFICER, PICTURE, erased, told, wish
from tests.services.test_erasing_for_others import DESPITE, incident


def file(house: House, key: str = "photo", *, private: bool = True) -> tuple[str, str]:
    """Keep a file of its own content; give its address and its subject."""
    content = PICTURE + key.encode()
    what = Brought(content=content, name="手臂.png", command_id=key, private=private)
    address = evidence.keep(house, AGENT, what).address
    return address, vaulting.new_subject("evidence", key)


def name_text(house: House, stream: str, text: str, subject: str) -> None:
    """Let the last entry of a stream have a private text."""
    there = sa.select(entries.c.seq, entries.c.content).where(entries.c.stream == stream)
    words = json.dumps({"commitment": "c" * 64, "ref": text, "subject": subject})
    with write(house.engine) as connection:
        seq, content = connection.execute(there.order_by(entries.c.seq.desc())).all()[0]
        named = bytes(content)[:-1] + f',"words":{words}}}'.encode()
        chosen = sa.and_(entries.c.stream == stream, entries.c.seq == seq)
        connection.execute(sa.update(entries).where(chosen).values(content=named))


def pointed(house: House, address: str, note: str, **more: object) -> None:
    """Let the row of a file name another note, and say more that is not so."""
    with write(house.engine) as connection:
        chosen = sa.update(blobs).where(blobs.c.sha256 == address)
        connection.execute(chosen.values(name_ref=note, **more))


def text_of(house: House, subject: str) -> str:
    """Give the one text that is kept about a subject."""
    [text] = vault.texts_of(house.engine, subject)
    return text


def words_erased(house: House) -> str:
    """Erase words that an entry names, as two people would; give their id."""
    subject = told(house)
    text = text_of(house, subject)
    number = incident(house, "one")
    name_text(house, number, text, subject)
    erased(house, subject, stream=number, despite=DESPITE)
    return text


def request_erased(house: House) -> str:
    """Carry a request out, which erases the addresses in it; give their id."""
    erased(house, addresses=("li@example.com",))
    [line] = company.lines_of(house.engine, (ASKED,))
    return str(line.body["addresses"]["ref"])


def file_erased(house: House) -> str:
    """Erase another file, and take its row away, that no second row has its note."""
    address, subject = file(house, "other")
    erased(house, subject)
    with write(house.engine) as connection:
        connection.execute(sa.delete(blobs).where(blobs.c.sha256 == address))
    return text_of(house, subject)


OTHERS: dict[str, Callable[[House], str]] = {
    "words that are kept": lambda house: text_of(house, told(house)),
    "words of an entry, erased": words_erased,
    "words of a request": request_erased,
    "another file": lambda house: text_of(house, file(house, "other")[1]),
    "another file, erased": file_erased,
    "a note that is not there": lambda house: "ab" * 16,
    "no note": lambda house: "",
}


@pytest.mark.parametrize("private", [True, False], ids=["sealed", "open"])
@pytest.mark.parametrize("is_there", [True, False], ids=["bytes there", "bytes gone"])
@pytest.mark.parametrize("other", OTHERS)
def test_a_row_that_names_another_note_hides_no_file(
    other: str, is_there: bool, private: bool, house: House
) -> None:
    note = OTHERS[other](house)
    address, _ = file(house, private=private)
    assert list(named_faults(house)) == []
    pointed(house, address, note)
    if not is_there:
        BlobDirectory(house.settings.blobs_dir).remove(address)
    faults = {(one.kind, one.what) for one in named_faults(house)}
    if private or not is_there or other not in {"no note", "another file, erased"}:
        assert faults == {("file", address)}
    else:  # it is open as before, and may be kept for others
        assert faults == set()


@pytest.mark.parametrize("kept", [True, False], ids=["the row stays", "the row is gone"])
def test_before_addresses_stood_in_the_log_a_note_was_of_one_file(kept: bool, house: House) -> None:
    """What an earlier line tells of is believed, but for two files under one note."""
    other, subject = file(house, "other")
    note = text_of(house, subject)
    asked = erasing.ask(house, OFFICER, wish(subject), "k")
    own = erasing._body_of(house, asked.id)["addresses"]["subject"]
    said = {"erasure": asked.id, "subjects": [subject], "files": 1, "by": "fang.zheng",
            "asked_by": asked.by}  # fmt: skip
    at = house.now()
    said |= {"basis": "objection", "erased_at": instant_text(at)}
    line = LogLineToCome(kind=DONE, body=said)
    erase_all(house.engine, [subject, own], at, "objection", line)
    gone = [
        ErasedLine(of=Of.SUBJECT, name=one, erased_at=at, ground="objection")
        for one in (subject, own)
    ]
    ErasureRegister(house.settings.erasure_register_file).add(gone)
    BlobDirectory(house.settings.blobs_dir).remove(other)
    assert list(named_faults(house)) == []
    address, _ = file(house)
    pointed(house, address, note)
    BlobDirectory(house.settings.blobs_dir).remove(address)
    if not kept:
        with write(house.engine) as connection:
            connection.execute(sa.delete(blobs).where(blobs.c.sha256 == other))
    faults = {one.what for one in named_faults(house)}
    assert faults == ({address, other} if kept else set())


@pytest.mark.parametrize("private", [True, False], ids=["sealed", "open"])
def test_whether_a_file_is_sealed_is_what_its_note_says(private: bool, house: House) -> None:
    address, subject = file(house, private=private)
    pointed(house, address, text_of(house, subject), private=not private)
    assert [(one.kind, one.what) for one in named_faults(house)] == [("file", address)]


@pytest.mark.parametrize("private", [True, False], ids=["sealed", "open"])
def test_who_may_open_a_file_is_what_its_note_says(private: bool, house: House) -> None:
    address, subject = file(house, private=private)
    with write(house.engine) as connection:
        connection.execute(sa.update(vault_texts).values(access="open"))
    assert [(one.kind, one.what) for one in named_faults(house)] == [("access", address)]
    assert subject


def test_a_file_whose_note_says_no_class_is_brought_again_as_the_same(house: House) -> None:
    """As an earlier release kept it: the key sent again gives the same address."""
    told = {"name": "手臂.png", "media_type": "image/png", "sha256": sha256_hex(PICTURE + b"photo"),
            "private": True}  # fmt: skip
    subject = vaulting.new_subject("evidence", "photo")

    def seal_it(secret: bytes) -> list[Sealed]:
        text = sealed_id(secret, "photo", "file")
        words = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return [Sealed(text, seal(words, secret, text), Access.RESTRICTED)]

    vaulting.keep_under_key(house, subject, seal_it)
    address, _ = file(house)
    assert file(house) == (address, subject)
    assert list(named_faults(house)) == []


@pytest.mark.parametrize("spoil", [b"", b"other bytes"], ids=["emptied", "others"])
@pytest.mark.parametrize("is_erased", [False, True], ids=["kept", "erased"])
@pytest.mark.parametrize("private", [True, False], ids=["sealed", "open"])
def test_bytes_that_are_others_are_named(
    private: bool, is_erased: bool, spoil: bytes, house: House
) -> None:
    address, subject = file(house, private=private)
    if is_erased:
        erased(house, subject)
    place = BlobDirectory(house.settings.blobs_dir).path(address)
    place.write_bytes(spoil)
    assert [(one.kind, one.what) for one in named_faults(house)] == [("file", address)]


def test_a_file_of_the_house_itself_has_no_note_and_may_be_empty(house: House) -> None:
    label = BlobLabel(media_type="text/plain", stored_at=house.now())
    put_blob(house.engine, BlobDirectory(house.settings.blobs_dir), b"", label)
    assert list(named_faults(house)) == []
