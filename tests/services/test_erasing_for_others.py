"""Erasing one person leaves what others need: holds of their incidents, their files, the verifier."""

import pytest
import sqlalchemy as sa

from domain.errors import Refused
from domain.retention import Keeps
from services import erasing, evidence, holding
from services.erased_again import erase_again
from services.house import House
from services.verifying_named import named_faults
from storage import erasing as rows
from storage import vault
from storage.blobs import BlobDirectory
from storage.engine import write
from storage.schema import entries
from tests.domain.duties import Notified
from tests.domain.story import MILD
from tests.services.kept import recorded
from tests.services.test_erasing import (
    LEGAL,
    OFFICER,
    brought,
    closed,
    copied,
    erased,
    letter,
    told,
    wish,
)

DESPITE = (Keeps.OPEN, Keeps.PERIOD, Keeps.DOUBT)


def incident(house: House, key: str) -> str:
    """Record an incident; give its number."""

    def tell(story: Notified) -> None:
        story.reported(MILD)

    return recorded(house.engine, key, tell).incident.id


def named_in(house: House, stream: str, address: str) -> None:
    """Let the last entry of a stream name a file, as an act with an attachment does."""
    there = sa.select(entries.c.seq, entries.c.content).where(entries.c.stream == stream)
    with write(house.engine) as connection:
        seq, content = connection.execute(there.order_by(entries.c.seq.desc())).all()[0]
        named = bytes(content)[:-1] + f',"evidence":["{address}"]}}'.encode()
        chosen = sa.and_(entries.c.stream == stream, entries.c.seq == seq)
        connection.execute(sa.update(entries).where(chosen).values(content=named))


def there(house: House, address: str) -> bool:
    """Say whether the bytes of a file lie on the disk."""
    return BlobDirectory(house.settings.blobs_dir).path(address).exists()


# ---------------------------------------------------------------- holds


def test_a_hold_over_the_incident_of_a_letter_stops_who_asks_by_address(house: House) -> None:
    number = incident(house, "one")
    letter(house, "li@example.com", 1, incident=number)
    asked = erasing.ask(house, OFFICER, wish(addresses=("LI@example.com",), despite=DESPITE), "a")
    holding.place(house, LEGAL, number, "M-1")
    with pytest.raises(Refused, match=number) as refused:
        erasing.confirm(house, LEGAL, asked.id)
    assert refused.value.code == "legal_hold"
    with pytest.raises(Refused) as refused:
        erasing.ask(house, OFFICER, wish(addresses=("li@example.com",), despite=DESPITE), "b")
    assert refused.value.code == "legal_hold"


def test_what_must_be_kept_of_the_incident_of_a_letter_is_overruled_by_name_alone(
    house: House,
) -> None:
    letter(house, "li@example.com", 1, incident=incident(house, "one"))
    with pytest.raises(Refused) as refused:
        erasing.ask(house, OFFICER, wish(addresses=("li@example.com",)), "a")
    assert refused.value.code == "must_be_kept"
    assert erased(house, addresses=("li@example.com",), despite=DESPITE)


def test_a_hold_over_another_incident_that_names_the_file_stops_its_erasure(house: House) -> None:
    address, subject = brought(house, private=False)
    own, other = incident(house, "one"), incident(house, "two")
    named_in(house, own, address)
    named_in(house, other, address)
    asked = erasing.ask(house, OFFICER, wish(subject, stream=own, despite=DESPITE), "a")
    holding.place(house, LEGAL, other, "M-1")
    with pytest.raises(Refused, match=other):
        erasing.confirm(house, LEGAL, asked.id)
    assert there(house, address)


# ---------------------------------------------------------------- open files of several


def test_an_open_file_stays_for_who_brought_the_same_bytes(house: House) -> None:
    address, first = brought(house, private=False, key="first")
    same, second = brought(house, private=False, key="second")
    assert same == address
    asked = erasing.ask(house, OFFICER, wish(first), "a")
    done = erasing.confirm(house, LEGAL, asked.id)
    assert (done.files, done.files_kept) == (0, 1)
    assert there(house, address)
    assert evidence.open_evidence(house, OFFICER, address).name == "手臂.png"
    assert erase_again(house).lines == []
    erased(house, second)
    assert not there(house, address)
    assert list(named_faults(house)) == []


def test_an_open_file_stays_for_another_incident_that_names_it(house: House) -> None:
    address, subject = brought(house, private=False)
    own, other = incident(house, "one"), incident(house, "two")
    named_in(house, own, address)
    named_in(house, other, address)
    erased(house, subject, stream=own, despite=DESPITE)
    assert there(house, address)
    assert evidence.open_evidence(house, OFFICER, address).name == ""
    assert erase_again(house).lines == []
    assert there(house, address)


def test_the_same_bytes_may_be_brought_after_who_brought_them_was_erased(house: House) -> None:
    address, first = brought(house, private=False, key="first")
    erased(house, first)
    brought(house, private=False, key="second")
    assert erase_again(house).lines == []
    assert evidence.open_evidence(house, OFFICER, address).name == "手臂.png"


# ---------------------------------------------------------------- is it whole?


@pytest.mark.parametrize("private", [True, False], ids=["sealed", "open"])
def test_a_file_that_was_erased_lacks_nothing(private: bool, house: House) -> None:
    _, subject = brought(house, private=private)
    erased(house, subject)
    assert list(named_faults(house)) == []


def test_the_register_tells_of_what_an_older_copy_forgot(
    house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    _, subject = brought(house)
    put_back = copied(house, tmp_path_factory.mktemp("older") / "copy")
    erased(house, subject)
    older = put_back()
    assert erase_again(older).keys == 1
    assert list(named_faults(older)) == []
    closed(older)


@pytest.mark.parametrize(
    ("starts", "private"), [(0, True), (2, True), (2, False)],
    ids=["at once", "after two starts", "an open file, after two starts"],
)  # fmt: skip
def test_a_key_that_was_destroyed_without_a_word_stays_a_fault(
    starts: int, private: bool, house: House
) -> None:
    address, subject = brought(house, private=private)
    rows.erase(house.engine, subject, house.now())
    for _ in range(starts):
        assert erase_again(house).lines == []
    if not starts:
        BlobDirectory(house.settings.blobs_dir).remove(address)
    assert [(one.kind, one.what) for one in named_faults(house)] == [("erased_untold", address)]


def test_a_key_that_went_without_a_word_is_named_and_comes_back_with_a_copy(
    house: House, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Who can write the database alone must not destroy what its copies hold, too."""
    subject = told(house)
    put_back = copied(house, tmp_path_factory.mktemp("older") / "copy")
    rows.erase(house.engine, subject, house.now())
    assert erase_again(house).lines == []
    assert [(one.kind, one.what) for one in named_faults(house)] == [("erased_untold", subject)]
    older = put_back()
    assert erase_again(older).lines == []
    assert vault.wrapped_key(older.engine, subject) is not None
    assert list(named_faults(older)) == []
    closed(older)


def test_a_file_that_is_gone_while_its_key_is_there_is_missing(house: House) -> None:
    address, subject = brought(house)
    BlobDirectory(house.settings.blobs_dir).remove(address)
    assert [one.kind for one in named_faults(house)] == ["file"]
    assert vault.wrapped_key(house.engine, subject) is not None
