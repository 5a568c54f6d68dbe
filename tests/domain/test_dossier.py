"""What a dossier may hold and say: names, order, the manifest, the text that is signed."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import dossier
from domain.canonical import canonical, sha256_hex
from domain.dossier import Manifest, Member, is_name, plain_name, read_manifest
from domain.errors import Malformed

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HASHES = st.text("0123456789abcdef", min_size=64, max_size=64)
MEMBERS = st.lists(
    st.sampled_from(
        ["README.txt", "index.html", "ledger.jsonl", "heads.jsonl", "rules/ab.json", "people.json",
         "statements/S1-v1.json", "statements.json", "evidence.json", "timeline.html"]
    ),
    unique=True,
).map(lambda names: sorted(names, key=dossier.place_of))  # fmt: skip


def members(names: list[str]) -> tuple[Member, ...]:
    return tuple(
        Member(name=name, bytes=n, sha256=sha256_hex(name.encode())) for n, name in enumerate(names)
    )


MADE = Manifest(
    incident="INC-2026-0001",
    origin="andon.example/1234",
    made_at=NOON,
    made_by="ren.jia",
    build="1+abc",
    redacted=False,
    private=False,
    size=3,
    root="ab" * 32,
    signed=2,
    log_size=7,
    log_root="cd" * 32,
    members=members(["README.txt", "ledger.jsonl", "rules/ab.json"]),
)


@given(MEMBERS, st.booleans(), st.booleans(), st.integers(0, 2**40), HASHES)
def test_a_manifest_is_read_back_as_it_was_written(
    names: list[str], redacted: bool, private: bool, size: int, root: str
) -> None:
    made = replace(
        MADE, members=members(names), redacted=redacted, private=private, size=size, root=root
    )
    assert read_manifest(made.content()) == made
    assert canonical(json.loads(made.content())) == made.content()


def changed(**changes: Any) -> bytes:
    return canonical({**json.loads(MADE.content()), **changes})


def member(**changes: Any) -> list[dict[str, Any]]:
    return [{"name": "README.txt", "bytes": 1, "sha256": "ab" * 32, **changes}]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"[" * 100_000, id="very deep"),
        pytest.param(MADE.content() + b"\n", id="a line more"),
        pytest.param(json.dumps(json.loads(MADE.content())).encode(), id="not canonical"),
        pytest.param(changed(dossier=2), id="another format"),
        pytest.param(changed(more=1), id="a field more"),
        pytest.param(changed(size=-1), id="below zero"),
        pytest.param(changed(size=True), id="no number"),
        pytest.param(changed(log={}), id="no log"),
        pytest.param(changed(made_at="yesterday"), id="no time"),
        pytest.param(changed(members=member(sha256="AB" * 32)), id="a hash in capitals"),
        pytest.param(changed(members=member(bytes=-1)), id="a length below zero"),
        pytest.param(changed(members=member(name="../README.txt")), id="a way out"),
        pytest.param(changed(members=member(name="more.txt")), id="no member of any dossier"),
        pytest.param(changed(members=member() * 2), id="one member twice"),
        pytest.param(
            changed(members=[*member(name="rules/a.json"), *member(name="rules/A.json")]),
            id="one member twice where letters are alike",
        ),
        pytest.param(changed(members=member(name="MANIFEST.json")), id="itself"),
        pytest.param(changed(members=[*member(name="ledger.jsonl"), *member()]), id="out of order"),
    ],
)
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        read_manifest(content)


@pytest.mark.parametrize(
    "name",
    ["", "/a", "a/", "a//b", "..", "a/../b", "a..b", ".a", "a/.b", "a\\b", "a b", "a\0", "é", "a\n",
     "-a", "a" * 201, "C:a"],
)  # fmt: skip
def test_what_could_lead_out_of_a_folder_is_no_name(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize(
    "name",
    ["a.", "a./b", "viewer/entries.js.", "NUL", "con.txt", "a/Aux", "a/prn/b", "com1.tar.gz",
     "LPT9.pdf"],
)  # fmt: skip
def test_what_windows_unpacks_as_something_else_is_no_name(name: str) -> None:
    assert not is_name(name)


@pytest.mark.parametrize("name", ["console", "nul-1.txt", "com10.txt", "a.con", "lpt", "a/x.nul"])
def test_what_only_looks_like_a_device_is_a_name(name: str) -> None:
    assert is_name(name)


@given(st.text(max_size=300))
def test_any_word_can_be_made_part_of_a_name(word: str) -> None:
    assert is_name(f"statements/{plain_name(word)}-v1.json")


def test_every_member_that_must_be_there_has_a_place() -> None:
    places = {name: dossier.place_of(name) for name in dossier.REQUIRED}
    assert all(dossier.ORDER[place] == name for name, place in places.items())
    assert len(set(dossier.ORDER)) == len(dossier.ORDER)


def test_the_note_signs_whose_record_it_is_and_the_hash_of_the_manifest() -> None:
    assert MADE.note_text() == (
        f"andon.example/1234/dossier/INC-2026-0001\n{sha256_hex(MADE.content())}\n"
    )


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=200))
def test_an_entry_in_the_viewers_script_is_its_bytes_and_ascii(words: str) -> None:
    content = canonical({"body": words})
    literal = dossier.entry_literal(content)
    assert literal.isascii()
    assert "\n" not in literal
    assert json.loads(literal).encode() == content
