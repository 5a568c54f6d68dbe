"""Erasing by two people, and what an older copy of the database or of the files brings back."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.erasure import Basis
from domain.errors import BrokenSetup, Malformed, NotAllowed, NotFound, Refused
from domain.people import Actor, Role
from domain.values import PrivateText
from integrations.erasure_register import ErasedLine, ErasureRegister, Of
from integrations.key_ring import Purpose
from integrations.seal import seal, sealed_id
from services import erasing, evidence, holding, subjects, vaulting
from services.company import prepare
from services.erased_again import erase_again
from services.erasing_wish import Wish
from services.evidence import Brought
from services.house import House
from services.opening import open_stores
from services.vaulting import Sealed
from storage import company, outbox, vault
from storage import erasing as rows
from storage.blobs import BlobDirectory
from storage.engine import read, write
from storage.schema import vault_keys

OFFICER = Actor(id="lyu.an", roles=(Role.PRIVACY_OFFICER,))
LEGAL = Actor(id="fang.zheng", roles=(Role.LEGAL,))
SECOND = Actor(id="ji.ruo", roles=(Role.LEGAL,))
AGENT = Actor(id="an.qi", roles=(Role.SERVICE_AGENT,))
WORDS = "My face swelled up, says Li Wei of 88 Garden Road."
PICTURE = b"\x89PNG\r\n\x1a\n a rash"


def told(house: House, words: str = WORDS, key: str = "one") -> str:
    """Keep words under a key of their own, as an act would; give the subject."""
    subject = vaulting.new_subject("a test", key)

    def seal_it(secret: bytes) -> list[Sealed]:
        text = sealed_id(secret, key, "words")
        return [Sealed(text, seal(words, secret, text), "health")]  # type: ignore[arg-type]

    vaulting.keep_under_key(house, subject, seal_it)
    return subject


def brought(house: House, *, private: bool = True, key: str = "photo") -> tuple[str, str]:
    """Keep a file; give its address and its subject."""
    what = Brought(content=PICTURE, name="手臂.png", command_id=key, private=private)
    address = evidence.keep(house, AGENT, what).address
    return address, vaulting.new_subject("evidence", key)


def letter(house: House, to: str, n: int, **more: object) -> None:
    """Keep a message in the outbox."""
    row = outbox.Message(
        effect_key=f"key-{n}", incident="INC-2026-0001", audience="press", channel="email",
        recipient=to, language="en", created_at=house.now(), subject="Dear Ms. Li",
        body="what she was told", state="sent",
    )  # fmt: skip
    outbox.keep_messages(house.bulk, [replace(row, **more)])  # type: ignore[arg-type]


def wish(*names: str, **more: object) -> Wish:
    """Ask for subjects that no entry names."""
    plain = Wish(stream="", subjects=names, basis=Basis.OBJECTION, reason="She asked for it.")
    return replace(plain, **more)  # type: ignore[arg-type]


def erased(house: House, *names: str, **more: object) -> str:
    """Ask and confirm; give the request."""
    made = erasing.ask(house, OFFICER, wish(*names, **more), f"key {names} {more}")
    erasing.confirm(house, LEGAL, made.id)
    return made.id


def files_of(home: Path) -> bytes:
    """Give all bytes of the databases."""
    return b"".join(f.read_bytes() for f in sorted(home.glob("andon*")))


# ---------------------------------------------------------------- the act


def test_two_people_erase_and_nobody_reads_it_again(house: House) -> None:
    subject = told(house)
    wrapped = vault.wrapped_key(house.engine, subject)
    assert wrapped is not None
    assert wrapped in files_of(house.settings.home)
    made = erasing.ask(house, OFFICER, wish(subject, reference="DSR-7"), "k")
    assert [one.state for one in erasing.requests(house)] == ["asked"]
    done = erasing.confirm(house, LEGAL, made.id)
    assert (done.keys, done.swept) == (1, True)
    assert vault.wrapped_key(house.engine, subject) is None
    assert wrapped not in files_of(house.settings.home)
    [text] = vault.kept_texts(house.engine, vault.texts_of(house.engine, subject)).values()
    assert (text.erased_for, text.erased_at) == ("objection", done.request.ended_at)


def test_asking_twice_with_one_key_counts_once(house: House) -> None:
    subject = told(house)
    first = erasing.ask(house, OFFICER, wish(subject), "k")
    assert erasing.ask(house, OFFICER, wish(subject), "k") == first
    assert len(erasing.requests(house)) == 1


@pytest.mark.parametrize(
    ("who", "wanted", "refusal"),
    [
        (LEGAL, {}, NotAllowed),
        (OFFICER, {"reason": " "}, Malformed),
        (OFFICER, {"reference": "Mrs. Li of Garden Road"}, Malformed),
        (OFFICER, {"subjects": ()}, Malformed),
        (OFFICER, {"subjects": ("subject-" + "0" * 24,)}, NotFound),
        (OFFICER, {"stream": "INC-2026-0099"}, NotFound),
    ],
    ids=["not the officer", "no reason", "a name as number", "nothing", "nobody", "no incident"],
)
def test_what_is_not_a_request_leaves_no_trace(
    who: Actor, wanted: dict[str, object], refusal: type[Exception], house: House
) -> None:
    subject = told(house)
    with pytest.raises(refusal):
        erasing.ask(house, who, replace(wish(subject), **wanted), "k")  # type: ignore[arg-type]
    assert erasing.requests(house) == []
    assert vault.wrapped_key(house.engine, subject) is not None


def test_one_subject_is_asked_for_once_and_erased_once(house: House) -> None:
    subject = told(house)
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    with pytest.raises(Refused, match="asked for already"):
        erasing.ask(house, OFFICER, wish(subject), "another")
    erasing.confirm(house, LEGAL, made.id)
    with pytest.raises(Refused):
        erasing.confirm(house, SECOND, made.id)
    with pytest.raises(Refused, match="erased already"):
        erasing.ask(house, OFFICER, wish(subject), "again")


def test_a_request_that_is_withdrawn_erases_nothing(house: House) -> None:
    subject = told(house)
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    with pytest.raises(NotAllowed):
        erasing.withdraw(house, LEGAL, made.id)
    erasing.withdraw(house, OFFICER, made.id)
    with pytest.raises(Refused):
        erasing.confirm(house, LEGAL, made.id)
    assert vault.wrapped_key(house.engine, subject) is not None
    assert ErasureRegister(house.settings.erasure_register_file).read().lines == ()


def test_a_register_that_cannot_be_written_erases_nothing(house: House) -> None:
    subject = told(house)
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    house.settings.erasure_register_file.mkdir()
    with pytest.raises(BrokenSetup):
        erasing.confirm(house, LEGAL, made.id)
    assert vault.wrapped_key(house.engine, subject) is not None
    assert erasing.request(house, made.id).state == "asked"


@pytest.mark.parametrize("private", [True, False], ids=["sealed", "open"])
def test_a_file_goes_from_the_disk(private: bool, house: House) -> None:
    address, subject = brought(house, private=private)
    place = BlobDirectory(house.settings.blobs_dir).path(address)
    assert place.exists()
    erased(house, subject)
    assert not place.exists()
    with pytest.raises(NotFound, match="was erased on"):
        evidence.open_evidence(house, OFFICER, address)


def test_messages_to_an_address_are_emptied_and_never_sent_again(house: House) -> None:
    letter(house, "li@example.com", 1)
    letter(house, "wang@example.com", 2)
    made = erased(house, addresses=("li@example.com",))
    gone, kept = (outbox.message(house.bulk, outbox.id_of(f"key-{n}")) for n in (1, 2))
    assert (gone.recipient, gone.subject, gone.body, gone.state) == ("", "", "", "erased")
    assert kept.recipient == "wang@example.com"
    again = replace(kept, effect_key="key-1", state="sending", reason="2026")
    assert outbox.claim_letter(house.bulk, again, "2025")[0] is False
    assert b"li@example.com" not in files_of(house.settings.home)
    lines = company.lines_of(house.engine, ("DataErased",))
    assert [(line.body["erasure"], line.body["letters"]) for line in lines] == [(made, 1)]
    assert "li@example.com" not in house.settings.erasure_register_file.read_text()


def test_an_address_is_erased_in_every_spelling(house: House) -> None:
    letter(house, "Li@Example.com", 1)
    letter(house, "ÄNNE@example.com", 2, state="sending")
    made = erasing.ask(house, OFFICER, wish(addresses=("li@example.COM", "änne@example.com")), "k")
    assert made.letters == 2
    with pytest.raises(Refused, match="on its way"):
        erasing.confirm(house, LEGAL, made.id)
    outbox.set_state(house.bulk, "key-2", "sent")
    assert erasing.confirm(house, LEGAL, made.id).letters == 2
    assert outbox.addresses(house.bulk) == []


def test_a_message_that_is_on_its_way_is_waited_for(house: House) -> None:
    letter(house, "li@example.com", 1, state="sending")
    made = erasing.ask(house, OFFICER, wish(addresses=("li@example.com",)), "k")
    with pytest.raises(Refused, match="on its way"):
        erasing.confirm(house, LEGAL, made.id)
    outbox.set_state(house.bulk, "key-1", "sent")
    assert erasing.confirm(house, LEGAL, made.id).letters == 1


def test_a_request_whose_addresses_were_altered_is_not_confirmed_without_them(
    house: House,
) -> None:
    letter(house, "li@example.com", 1)
    made = erasing.ask(house, OFFICER, wish(addresses=("li@example.com",)), "k")
    with write(house.engine) as connection:
        connection.execute(sa.update(vault_keys).values(wrapped=None))
    with pytest.raises(Refused, match="cannot be opened"):
        erasing.confirm(house, LEGAL, made.id)
    assert outbox.addresses(house.bulk) == ["li@example.com"]
    assert [one.state for one in erasing.requests(house)] == ["asked"]


def test_words_find_whose_they_are(house: House) -> None:
    subject, other = told(house), told(house, "It is too dear, says Wang.", key="two")
    brought(house)
    found = [one.id for one in subjects.with_words(house, "li wei")]
    assert found == [subject]
    assert [one.id for one in subjects.with_words(house, "手臂.png")] == [
        vaulting.new_subject("evidence", "photo")
    ]
    assert subjects.find(house, other)[0].stream == ""
    erased(house, subject)
    assert subjects.with_words(house, "li wei") == []
    with pytest.raises(Malformed):
        subjects.with_words(house, "Li")


# ---------------------------------------------------------------- an older copy


def copied(house: House, folder: Path) -> Callable[[], House]:
    """Copy database and files as a backup does; gives what puts the copy back and starts."""
    folder.mkdir()
    home = house.settings.home
    for name in ("andon.db", "andon-bulk.db"):
        source, target = sqlite3.connect(home / name), sqlite3.connect(folder / name)
        source.backup(target)
        source.close()
        target.close()
    if (home / "blobs").exists():
        shutil.copytree(home / "blobs", folder / "blobs")

    def put_back() -> House:
        house.engine.dispose()
        house.bulk.dispose()
        for name in ("andon.db", "andon-bulk.db"):
            for rest in home.glob(f"{name}*"):
                rest.unlink()
            shutil.copy(folder / name, home / name)
        if (folder / "blobs").exists():
            shutil.copytree(folder / "blobs", home / "blobs", dirs_exist_ok=True)
        return open_stores(house.settings)

    return put_back


def closed(house: House) -> None:
    """Let go of the databases."""
    house.engine.dispose()
    house.bulk.dispose()


def test_an_older_copy_brings_nothing_back(house: House, tmp_path: Path) -> None:
    subject, other = told(house), told(house, "Somebody else.", key="two")
    address, picture = brought(house, private=False)
    letter(house, "li@example.com", 1)
    put_back = copied(house, tmp_path / "backup")
    erased(house, subject, picture, addresses=("li@example.com",))

    older = put_back()
    assert vault.wrapped_key(older.engine, subject) is not None, "the copy has the key again"
    assert b"li@example.com" in files_of(older.settings.home)
    closed(older)
    lines = prepare(house.settings)
    assert "erased again 2 keys, 1 files, 1 messages" in lines

    again = open_stores(house.settings)
    assert vault.wrapped_key(again.engine, subject) is None
    assert vault.wrapped_key(again.engine, other) is not None
    [text] = vault.kept_texts(again.engine, vault.texts_of(again.engine, subject)).values()
    assert text.erased_for == "objection"
    assert not BlobDirectory(again.settings.blobs_dir).path(address).exists()
    assert b"li@example.com" not in files_of(again.settings.home)
    assert [line.type for line in company.lines_of(again.engine, ("ErasedAgain",))] == [
        "ErasedAgain"
    ]
    assert erase_again(again).lines == []
    closed(again)


def test_letters_of_later_are_left_alone(house: House) -> None:
    letter(house, "li@example.com", 1)
    erased(house, addresses=("li@example.com",))
    letter(house, "li@example.com", 2, created_at=datetime.now(UTC) + timedelta(minutes=1))
    assert erase_again(house).letters == 0
    assert outbox.message(house.bulk, outbox.id_of("key-2")).body == "what she was told"


def test_an_address_that_was_erased_twice_is_erased_again_until_the_later_time(
    house: House, tmp_path: Path
) -> None:
    letter(house, "li@example.com", 1)
    erased(house, addresses=("li@example.com",))
    letter(house, "li@example.com", 2)
    put_back = copied(house, tmp_path / "between")
    erased(house, addresses=("li@example.com",), reference="DSR-2")
    older = put_back()
    assert outbox.addresses(older.bulk) == ["li@example.com"]
    assert erase_again(older).letters == 1
    assert outbox.addresses(older.bulk) == []
    closed(older)


def test_the_address_is_known_after_the_keys_of_links_were_changed(house: House) -> None:
    letter(house, "li@example.com", 1)
    erased(house, addresses=("li@example.com",))
    house.ring.rotate(Purpose.LINK)
    letter(house, "li@example.com", 2, created_at=datetime.now(UTC) - timedelta(days=1))
    assert erase_again(house).letters == 1


def test_a_lost_register_is_written_anew_from_the_database(house: House) -> None:
    subject = told(house)
    erased(house, subject)
    house.settings.erasure_register_file.unlink()
    assert erase_again(house).lines == []
    known = ErasureRegister(house.settings.erasure_register_file).read().named(Of.SUBJECT)
    assert known[subject].ground == "objection"


def test_a_power_cut_behind_the_register_ends_with_the_key_destroyed(house: House) -> None:
    subject = told(house)
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    # What confirming writes first, and then the power goes.
    line = ErasedLine(of=Of.SUBJECT, name=subject, erased_at=house.now(), ground="objection")
    ErasureRegister(house.settings.erasure_register_file).add([line])
    with pytest.raises(Refused, match="was confirmed"):
        erasing.withdraw(house, OFFICER, made.id)
    again = erase_again(house)
    assert again.completed == (made.id,)
    assert made.id in again.lines[0]
    assert vault.wrapped_key(house.engine, subject) is None
    done = erasing.request(house, made.id)
    assert (done.state, done.ended_at, done.ended_by) == ("done", line.erased_at, "performer")
    [told_of] = company.lines_of(house.engine, ("DataErased",))
    assert (told_of.body["asked_by"], told_of.body["subjects"]) == ("lyu.an", [subject])
    assert told_of.body["completed"] is True
    assert erase_again(house).lines == []


def test_what_another_request_erased_confirms_nothing_of_this_one(house: House) -> None:
    """A copy from before may hold a request that was withdrawn later, over more people."""
    subject, other = told(house), told(house, "Somebody else.", key="two")
    made = erasing.ask(house, OFFICER, wish(subject, other), "k")
    line = ErasedLine(of=Of.SUBJECT, name=subject, erased_at=house.now(), ground="objection")
    ErasureRegister(house.settings.erasure_register_file).add([line])
    assert (erase_again(house).completed, erase_again(house).keys) == ((), 0)
    assert vault.wrapped_key(house.engine, subject) is None
    assert vault.wrapped_key(house.engine, other) is not None
    erasing.withdraw(house, OFFICER, made.id)


def test_one_whole_line_of_a_confirmed_request_completes_all_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, other = told(house), told(house, "Somebody else.", key="two")
    letter(house, "li@example.com", 1)
    made = erasing.ask(house, OFFICER, wish(subject, other, addresses=("li@example.com",)), "k")

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(rows, "_erased_now", power_cut)
        with pytest.raises(KeyboardInterrupt):
            erasing.confirm(house, LEGAL, made.id)
    register = house.settings.erasure_register_file
    first = register.read_bytes().split(b"\n")[0]
    register.write_bytes(first + b"\n" + b'{"at":')
    assert erase_again(house).completed == (made.id,)
    assert rows.with_key(house.engine, [subject, other]) == []
    assert outbox.addresses(house.bulk) == []
    assert erase_again(house).completed == ()


def test_what_was_confirmed_is_completed_with_its_letters(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter(house, "li@example.com", 1)
    made = erasing.ask(house, OFFICER, wish(addresses=("li@example.com",)), "k")

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(rows, "_erased_now", power_cut)
        with pytest.raises(KeyboardInterrupt):
            erasing.confirm(house, LEGAL, made.id)
    with pytest.raises(Refused, match="was confirmed"):
        erasing.withdraw(house, OFFICER, made.id)
    assert erase_again(house).completed == (made.id,)
    assert outbox.message(house.bulk, outbox.id_of("key-1")).state == "erased"
    assert [one.body["letters"] for one in company.lines_of(house.engine, ("DataErased",))] == [1]


def test_what_could_not_be_swept_is_swept_at_the_next_start(house: House) -> None:
    subject = told(house)
    wrapped = vault.wrapped_key(house.engine, subject)
    assert wrapped is not None
    made = erasing.ask(house, OFFICER, wish(subject), "k")
    with read(house.engine) as reader:
        reader.execute(sa.text("SELECT count(*) FROM meta")).scalar_one()
        assert erasing.confirm(house, LEGAL, made.id).swept is False
    assert wrapped in files_of(house.settings.home)
    erase_again(house)
    assert wrapped not in files_of(house.settings.home)


def test_a_register_that_is_damaged_is_told_of_and_the_rest_counts(house: House) -> None:
    erased(house, told(house))
    with house.settings.erasure_register_file.open("a") as file:
        file.write("[" * 100_000)
    again = erase_again(house)
    assert again.broken == (3,)
    assert "cannot be read in line" in again.lines[0]


# ---------------------------------------------------------------- holds of the company's log


def test_a_hold_needs_an_incident_and_a_number(house: House) -> None:
    with pytest.raises(NotFound):
        holding.place(house, LEGAL, "INC-2026-0099", "M-1")
    with pytest.raises(NotAllowed):
        holding.place(house, OFFICER, "INC-2026-0099", "M-1")


def test_the_log_of_an_erasure_has_only_pseudonyms(house: House) -> None:
    subject = told(house)
    made = erased(house, subject, reference="DSR-9")
    [line] = company.lines_of(house.engine, ("DataErased",))
    assert line.body["subjects"] == [subject]
    assert (line.body["asked_by"], line.body["by"]) == ("lyu.an", "fang.zheng")
    assert "She asked" not in json.dumps(line.body)
    assert erasing.reason_of(house, LEGAL, made) == "She asked for it."
    refs = PrivateText(**erasing._body_of(house, made)["addresses"])
    assert rows.kept_of(house.engine, [refs.subject])[refs.subject].erased_at is not None
