"""Oddities of keys and dates that the two verifiers of dossiers must read alike."""

from typing import Any

import pytest

from integrations.note_keys import NoteSigner
from tests.dossier_building import (
    NEW,
    OLD,
    ORIGIN,
    Dossier,
    Log,
    build,
    entries,
    whole,
    zipped,
)
from tests.dossier_verifiers import judged

WHOLE = whole()
THIRD = NoteSigner(ORIGIN, bytes([7]) * 32)


# ---------------------------------------------------------------- two keys of one name and one id

ONE, OTHER = (NoteSigner(ORIGIN, number.to_bytes(32, "big")) for number in (8357, 113933))
"""Found by trying: the id of a key is four bytes."""


def test_these_two_keys_are_called_alike() -> None:
    assert (ONE.key.name, ONE.key.id) == (OTHER.key.name, OTHER.key.id)
    assert ONE.key != OTHER.key


def with_both(signer: NoteSigner, other: NoteSigner, *, first: bool) -> bytes:
    """Sign all with one of them, and have the other among the keys."""
    dossier = build(entries(12), [3, 6, 10], signers=(OLD, signer))
    own, more = dossier.members["keys.txt"], f"{other.key.text()}\n".encode()
    return dossier.changed("keys.txt", more + own if first else own + more).packed(signer)


@pytest.mark.parametrize("first", [True, False], ids=["before it", "behind it"])
@pytest.mark.parametrize("signer", [ONE, OTHER], ids=["by one", "by the other"])
@pytest.mark.parametrize("given", [True, False], ids=["with its key", "without a key"])
def test_a_signature_is_of_any_key_that_is_called_so(
    signer: NoteSigner, first: bool, given: bool
) -> None:
    other = OTHER if signer is ONE else ONE
    keys = (signer.key,) if given else ()
    assert judged(with_both(signer, other, first=first), keys).names == set()


def test_the_other_key_of_that_name_and_id_is_no_key_of_the_company() -> None:
    assert "foreign_key" in judged(with_both(ONE, OTHER, first=True), (OTHER.key,)).names


def test_a_signature_of_none_of_them_is_false() -> None:
    dossier = build(entries(12), [3, 6, 10], signers=(OLD, ONE))
    more = f"{OTHER.key.text()}\n".encode()
    dossier = dossier.changed("keys.txt", dossier.members["keys.txt"] + more)
    spoiled = dossier.sealed(ONE)
    other = ONE.sign("another text\n").written().rpartition("\n\n")[2]
    text = spoiled["MANIFEST.note"].decode().rpartition("\n\n")[0]
    content = zipped({**spoiled, "MANIFEST.note": f"{text}\n\n{other}".encode()}.items())
    assert judged(content).names == {"manifest_signature"}


# ---------------------------------------------------------------- keys that take another's place


class _Telling(Log):
    """A log that tells more of keys when it announces the newest."""

    more: tuple[dict[str, Any], ...] = ()

    def add(self, kind: str, body: dict[str, Any]) -> int:
        seq = super().add(kind, body)
        if kind == "HeadKeyUsed" and body["key"] == NEW.key.text():
            for one in self.more:
                super().add(kind, one)
        return seq


def telling(monkeypatch: pytest.MonkeyPatch, *more: dict[str, Any]) -> Dossier:
    """Make a dossier whose log says more of keys, after the newest was announced."""
    told = type("_Told", (_Telling,), {"more": more})
    monkeypatch.setattr("tests.dossier_building.Log", told)
    return build(entries(12), [3, 6, 10])


NEWEST, BEFORE = NEW.key.text(), OLD.key.text()
PLACES: dict[str, tuple[tuple[dict[str, Any], ...], bool]] = {
    "a key that cannot be read": (({"key": "garbage", "before": NEWEST},), False),
    "a key behind a blank": (({"key": f" {NEWEST}", "before": BEFORE},), False),
    "the same again behind a blank": (({"key": f" {NEWEST}", "before": NEWEST},), False),
    "itself": (({"key": NEWEST, "before": NEWEST},), False),
    "no text": (({"key": None, "before": None}, {"key": [1], "before": {}}, {}), False),
    "another": (({"key": THIRD.key.text(), "before": NEWEST},), True),
    "another, and itself again": (
        (
            {"key": THIRD.key.text(), "before": NEWEST},
            {"key": NEWEST, "before": THIRD.key.text()},
        ),
        False,
    ),
    "itself again, and another that took no place": (
        (
            {"key": THIRD.key.text(), "before": NEWEST},
            {"key": NEWEST, "before": THIRD.key.text()},
            {"key": THIRD.key.text(), "before": ""},
        ),
        False,
    ),
    "another by a word that no key is": (
        ({"key": THIRD.key.text(), "before": f" {NEWEST}"},),
        False,
    ),
}


@pytest.mark.parametrize("how", PLACES)
def test_a_key_is_retired_once_another_took_its_place(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    more, is_retired = PLACES[how]
    names = judged(telling(monkeypatch, *more).packed(), (NEW.key,)).names
    assert names == ({"key_retired"} if is_retired else set())


# ---------------------------------------------------------------- when it was made


@pytest.mark.parametrize(
    ("at", "names"),
    [
        ("0001-01-01T00:00:00.000000Z", set()),
        ("9999-12-31T23:59:59.999999Z", set()),
        ("2026-01-01T00:00:60.000000Z", {"bad_manifest"}),
        ("2026-01-01T24:00:00.000000Z", {"bad_manifest"}),
        ("2026-02-30T00:00:00.000000Z", {"bad_manifest"}),
        ("0000-01-01T00:00:00.000000Z", {"bad_manifest"}),
        ("1-01-01T00:00:00.000000Z", {"bad_manifest"}),
    ],
)
def test_a_manifest_of_any_year_that_there_is_can_be_read(at: str, names: set[str]) -> None:
    assert judged(WHOLE.saying(made_at=at).packed(), (NEW.key,)).names == names
