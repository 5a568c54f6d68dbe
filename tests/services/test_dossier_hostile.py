"""Files made to harm whoever verifies them: each gets a name, soon, and in little memory."""

import base64
import hashlib
import json
import random
import resource
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from domain.canonical import canonical, sha256_hex
from domain.checkpoint import VerifierKey
from domain.dossier_entries import READ_ON_AT_MOST
from domain.dossier_faults import NAMES, TOLD_AT_MOST
from tests.dossier_building import (
    INCIDENT,
    NEW,
    Dossier,
    assembled,
    build,
    entries,
    entry,
    packed,
    signed,
    whole,
    zipped,
)
from tests.dossier_verifiers import VERIFIER, judged

WHOLE = whole()
FILE = WHOLE.packed()
SEALED = WHOLE.sealed()
KEYS = (NEW.key,)
MULTITUDE = 10_000
Part = tuple[bytes, bytes, tuple[int, ...]]

DIRECTORY = FILE.index(b"PK\x01\x02")
END = len(FILE) - 22


def parts() -> list[Part]:
    """Give the members as they are packed."""
    return [packed(name, content) for name, content in SEALED.items()]


def put(place: int, form: str, *values: int, into: bytes = FILE) -> bytes:
    """Write numbers over a place of the file."""
    told = struct.pack(form, *values)
    return into[:place] + told + into[place + len(told) :]


def lying(name: str, **about: int) -> bytes:
    """Give the file with a member that says otherwise of itself, in both places."""
    told = []
    for each, small, (method, crc, length, size) in parts():
        row = {"method": method, "crc": crc, "length": length, "size": size}
        if each.decode() == name:
            row.update(about)
        told.append((each, small, tuple(row.values())))
    return assembled(told)


def named(name: bytes) -> bytes:
    """Give the file with one member called otherwise."""
    return assembled(
        (name if each == b"README.txt" else each, small, about) for each, small, about in parts()
    )


def deflated(content: bytes) -> bytes:
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return machine.compress(content) + machine.flush()


def with_small(name: str, small: bytes) -> bytes:
    """Give the file with other packed bytes under one member that announces what it did."""
    told = []
    for each, content, (method, crc, length, size) in parts():
        if each.decode() == name:
            told.append((each, small, (8, crc, len(small), size)))
        else:
            told.append((each, content, (method, crc, length, size)))
    return assembled(told)


def made_by_unix() -> bytes:
    """Give the file with a member that Unix is said to have made: then its attributes count."""
    return put(DIRECTORY + 4, "<H", 3 << 8 | 20)


def zip64() -> bytes:
    """Give the file with the end that zip64 has, and the place of it, in front of its own end."""
    size = END - DIRECTORY
    count = len(SEALED)
    end = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, DIRECTORY)
    place = struct.pack("<4sIQI", b"PK\x06\x07", 0, END, 1)
    return FILE[:END] + end + place + put(END + 8, "<2H2I", *[0xFFFF] * 2, *[0xFFFFFFFF] * 2)[END:]


def overlapping(*, many: bool = False) -> bytes:
    """Give the file with rows that say that members stand where the first one does."""
    file, at = FILE, DIRECTORY
    for number in range(len(SEALED)):
        named = struct.unpack_from("<H", file, at + 28)[0]
        if number == 1 or (many and number):
            file = put(at + 42, "<I", 0, into=file)
        at += 46 + named
    return file


def going_on(content: bytes) -> bytes:
    """Pack some bytes, and do not say that they end."""
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return machine.compress(content) + machine.flush(zlib.Z_SYNC_FLUSH)


EMPTY = b"\0\0\0\xff\xff"
"""A block of deflate that has nothing and is not the last."""

NO_LAST = bytes([deflated(b"How to verify.\n")[0] & 0xFE]) + deflated(b"How to verify.\n")[1:]
BOMB = deflated(b"\0" * 50_000_000)
README = WHOLE.members["README.txt"]

CONTAINERS = {
    "bytes before": b"#!/bin/sh\n" + FILE,
    "bytes before, which a reader of zips would pass over": b"PK\x03\x04" + FILE,
    "bytes behind": FILE + b"\0",
    "a comment": put(END + 20, "<H", 5) + b"hello",
    "a length of a comment that is not there": put(END + 20, "<H", 5),
    "cut short by a byte": FILE[:-1],
    "cut in the middle": FILE[: len(FILE) // 2],
    "only the beginning": FILE[:30],
    "bytes between members": FILE[:DIRECTORY] + b"\0" * 9 + FILE[DIRECTORY:],
    "another disk": put(END + 4, "<H", 1),
    "fewer members than there are": put(END + 8, "<2H", 3, 3),
    "more members than there are": put(END + 8, "<2H", 60_000, 60_000),
    "members on other disks": put(END + 8, "<2H", 3, 4),
    "a directory somewhere else": put(END + 16, "<I", DIRECTORY - 1),
    "a directory far away": put(END + 12, "<2I", 0xFFFFFFFF, 0xFFFFFFFF),
    "a larger directory": put(END + 12, "<I", 0xFFFFFFF0),
    "sizes of zip64": lying("README.txt", length=0xFFFFFFFF, size=0xFFFFFFFF),
    "a length of four gigabytes": lying("README.txt", length=0xFFFFFFF0),
    "a name of 65,535 characters": put(DIRECTORY + 28, "<H", 0xFFFF),
    "an extra field": put(DIRECTORY + 30, "<H", 20),
    "a comment of a member": put(DIRECTORY + 32, "<H", 3),
    "attributes": put(DIRECTORY + 38, "<I", 0o100777 << 16),
    "another place": put(DIRECTORY + 42, "<I", 1),
    "the place of another member": put(DIRECTORY + 46 + 10 + 42, "<I", 0),
    "encrypted": put(DIRECTORY + 8, "<H", 1),
    "with a descriptor behind": put(DIRECTORY + 8, "<H", 8),
    "a newer zip": put(DIRECTORY + 6, "<H", 45),
    "packed by another method": lying("README.txt", method=12),
    "stored with two lengths": lying("README.txt", method=0),
    "a date": put(DIRECTORY + 14, "<H", 0x5A21),
    "a local header that says otherwise": put(14, "<I", 1),
    "another name in the local header": put(30, "<B", 0x52 ^ 1),
    "a name twice": assembled([*parts(), parts()[0]]),
    "a folder": assembled([*parts(), packed("evidence/", b"")]),
    "a way out": named(b"../README.txt"),
    "a way out in the middle": named(b"viewer/../../x"),
    "from the root": named(b"/etc/passwd"),
    "from another disk": named(b"C:\\x"),
    "a name with a zero": named(b"README.txt\0.exe"),
    "a name with a newline": named(b"READ\nME.txt"),
    "a name that is not ASCII": named("档案.txt".encode()),
    "no name": named(b""),
    "a name with a dot at its end": named(b"README.txt."),
    "a folder with a dot at its end": named(b"viewer./about.txt"),
    "a name of another in large letters": named(b"VIEWER/Entries.js"),
    "a device": named(b"NUL"),
    "a device with an ending": named(b"evidence/con.png.txt"),
    "a device as a folder": named(b"Com1/x.txt"),
    "a name with a blank at its end": named(b"README.txt "),
    "a long name": named(b"x" * 201),
    "a link to a file": put(DIRECTORY + 38, "<I", 0o120777 << 16, into=made_by_unix()),
    "made by Unix": made_by_unix(),
    "the mark of a text": put(DIRECTORY + 36, "<H", 1),
    "a member on another disk": put(DIRECTORY + 34, "<H", 1),
    "names in UTF-8": put(DIRECTORY + 8, "<H", 0x0800),
    "encrypted in both places": put(6, "<H", 1, into=put(DIRECTORY + 8, "<H", 1)),
    "encrypted strongly": put(6, "<H", 0x41, into=put(DIRECTORY + 8, "<H", 0x41)),
    "with a descriptor in both places": put(6, "<H", 8, into=put(DIRECTORY + 8, "<H", 8)),
    "encrypted in the local header": put(6, "<H", 1),
    "another method in the local header": put(8, "<H", 0),
    "another length in the local header": put(18, "<I", 0),
    "another unpacked length in the local header": put(22, "<I", 1),
    "a longer name in the local header": put(26, "<H", 11),
    "an extra field in the local header": put(28, "<H", 4),
    "no signature of a local header": put(0, "<4B", *b"PK\x03\x05"),
    "no signature of a row": put(DIRECTORY, "<4B", *b"PK\x01\x03"),
    "no signature of the end": put(END, "<4B", *b"PK\x05\x07"),
    "a second end": FILE + FILE[END:],
    "a second archive behind": FILE + FILE,
    "an end of zip64 and where it stands": zip64(),
    "a member over the bytes of another": overlapping(),
    "all members over the same bytes": overlapping(many=True),
    "a name twice, once behind the other": assembled([parts()[0], *parts()]),
    "packed in a stream that goes on": with_small("README.txt", going_on(README)),
    "packed with no block that is the last": with_small("README.txt", NO_LAST),
    "packed with a header of zlib": with_small("README.txt", zlib.compress(README)),
    "nothing, packed as a million empty blocks": with_small("README.txt", EMPTY * 10**6),
    "another checksum": lying("README.txt", crc=1),
    "announces less than it unpacks to": with_small("README.txt", deflated(README + b"more")),
    "announces more than it unpacks to": with_small("README.txt", deflated(README[:-1])),
    "something behind what is packed": with_small("README.txt", deflated(README) + b"hidden"),
    "what is packed is cut short": with_small("README.txt", deflated(README)[:-2]),
    "nothing is packed": with_small("README.txt", b""),
    "packed nonsense": with_small("README.txt", b"\xff" * 20),
    "a bomb under a small announcement": with_small("README.txt", BOMB),
}


@pytest.mark.parametrize("how", CONTAINERS)
def test_an_archive_of_another_form_is_refused_by_name(how: str) -> None:
    assert judged(CONTAINERS[how], KEYS).names <= {"container", "not_a_zip"}
    assert judged(CONTAINERS[how], KEYS).names


def test_every_place_where_it_may_be_cut_has_a_name() -> None:
    for length in range(0, len(FILE), 37):
        names = judged(FILE[:length], KEYS).names
        assert names == {"not_a_zip" if length < 22 else "container"}, length


@pytest.mark.parametrize(
    ("size", "filler", "names"),
    [
        (2**29 - 2**20, 0, {"member_extra"}),
        (2**29, 0, {"container"}),
        (2**29, 6 * 2**20, {"member_extra"}),
        (2**30, 6 * 2**20, {"container"}),
    ],
    ids=["half a gigabyte", "more", "more of a larger file", "too much of a larger file"],
)
def test_a_small_file_does_not_unpack_to_a_multitude_of_bytes(
    size: int, filler: int, names: set[str]
) -> None:
    """Members that nobody announced: nothing is unpacked, their lengths are enough."""
    zeros = (b"z", b"\0" * 99, (8, 0, 99, size))
    rest = packed("filler", random.Random(7).randbytes(filler))
    assert judged(assembled([zeros, rest, *parts()]), KEYS).names == names


@pytest.mark.parametrize("name", ["console.txt", "com10.txt", "x/nul-v1.json", "lpt.txt", "a.con"])
def test_a_name_that_only_looks_like_a_device_is_none(name: str) -> None:
    assert judged(zipped({name: b"", **SEALED}.items()), KEYS).names == {"member_extra"}


# ---------------------------------------------------------------- what stands in members


def manifest_of(content: bytes) -> bytes:
    return zipped({**SEALED, "MANIFEST.json": content}.items())


DEEP = b"[" * 200_000
LEDGER = WHOLE.members["ledger.jsonl"]
FIELDS = json.loads(SEALED["MANIFEST.json"])


def with_member(place: str, *names: str) -> bytes:
    """Write the manifest with further members, which are not here, in front of another."""
    listed = []
    for one in FIELDS["members"]:
        if one["name"].startswith(place):
            listed += [{**one, "name": name} for name in names]
        listed.append(one)
    return canonical({**FIELDS, "members": listed})


MANIFESTS = {
    "deep": DEEP,
    "deep and closed": b"[" * 100_000 + b"]" * 100_000,
    "a huge number": b'{"size":' + b"9" * 100_000 + b"}",
    "not UTF-8": b"\xff\xfe",
    "a key twice": SEALED["MANIFEST.json"].replace(b'"size":', b'"size":12,"size":', 1),
    "a number where a text is": canonical({**FIELDS, "incident": 7}),
    "a list where an object is": b"[]",
    "nothing": b"null",
    "no members": canonical({**FIELDS, "members": None}),
    "members that are none": canonical({**FIELDS, "members": [1, None, "x"]}),
    "a member below zero": canonical(
        {**FIELDS, "members": [{**FIELDS["members"][0], "bytes": -1}]}
    ),
    "a member twice": canonical({**FIELDS, "members": [*FIELDS["members"], FIELDS["members"][-1]]}),
    "a way out": canonical({**FIELDS, "members": [{**FIELDS["members"][0], "name": "../x"}]}),
    "a hash that is none": canonical(
        {**FIELDS, "members": [{**FIELDS["members"][0], "sha256": "x"}]}
    ),
    "a date that is none": canonical({**FIELDS, "made_at": "2026-99-99T00:00:00.000000Z"}),
    "half a character": SEALED["MANIFEST.json"].replace(b'"made_by":"li"', b'"made_by":"\\ud800"'),
    "another order": canonical({**FIELDS, "members": FIELDS["members"][::-1]}),
    "a member with a dot at its end": with_member("timeline.html", "histories/1."),
    "a device": with_member("timeline.html", "histories/aux.json"),
    "a member in large letters": with_member("rules", "rules/A.json", "rules/a.json"),
}


@pytest.mark.parametrize("how", MANIFESTS)
def test_a_manifest_made_to_harm_is_refused_by_name(how: str) -> None:
    assert "bad_manifest" in judged(manifest_of(MANIFESTS[how]), KEYS).names


ENTRIES = {
    "deep": (DEEP, "entry_not_canonical"),
    "deep and closed": (b"[" * 100_000 + b"]" * 100_000, "entry_not_canonical"),
    "a huge number": (b'{"n":' + b"9" * 100_000 + b"}", "entry_not_canonical"),
    "a large number": (b'{"n":' + b"9" * 100 + b"}", "entry_not_canonical"),
    "not UTF-8": (b"\xff\xfe", "entry_malformed"),
    "half a character": (b'{"a":"\\ud800"}', "entry_not_canonical"),
    "half a character as bytes": (b'{"a":"\xed\xa0\x80"}', "entry_malformed"),
    "a zero": (b'{"a":"\\u0000"}', "entry_not_canonical"),
    "infinite": (b'{"n":1e999}', "entry_not_canonical"),
    "minus nothing": (b'{"n":-0}', "entry_not_canonical"),
    "a mark at its beginning": (b"\xef\xbb\xbf{}", "entry_malformed"),
    "empty": (b"", "entry_malformed"),
    "wide": (canonical({str(n): [] for n in range(100_000)}), "entry_not_canonical"),
    "a multitude of lists": (b"[" + b",".join([b"[]"] * 60_000) + b"]", "entry_not_canonical"),
    "longer than any entry": (b'"' + b"x" * (9 * 2**20) + b'"', "entry_malformed"),
}


@pytest.mark.parametrize("how", ENTRIES)
@pytest.mark.parametrize("member", ["ledger.jsonl", "heads.jsonl", "log.json", "statements.json"])
def test_a_line_made_to_harm_is_refused_by_name(how: str, member: str) -> None:
    line, name = ENTRIES[how]
    content = WHOLE.members[member]
    dossier = WHOLE.changed(member, line + b"\n" + content if "jsonl" in member else line)
    names = judged(dossier.packed(), KEYS).names
    wanted = {"ledger.jsonl": name, "heads.jsonl": "head_malformed"}
    assert wanted.get(member, "member_malformed") in names


@pytest.mark.parametrize(
    ("line", "name"),
    [(b"x\n", "entry_malformed"), (b"1.5\n", "entry_not_canonical")],
    ids=["no JSON", "not canonical"],
)
def test_a_million_faults_fill_no_memory_and_take_no_hour(line: bytes, name: str) -> None:
    verdict = judged(WHOLE.changed("ledger.jsonl", line * 1_000_000).packed())
    assert verdict.counts[name] == READ_ON_AT_MOST + 1
    assert verdict.entries == READ_ON_AT_MOST + 1
    assert len([one for one in verdict.faults if one.name == name]) == TOLD_AT_MOST


def test_heads_that_do_not_grow_are_not_all_read() -> None:
    heads = WHOLE.members["heads.jsonl"].splitlines(keepends=True)[0] * 100_000
    verdict = judged(WHOLE.changed("heads.jsonl", heads).packed(), KEYS)
    assert verdict.counts["head_order"] == READ_ON_AT_MOST + 1


def test_a_multitude_of_keys_keeps_nobody_waiting() -> None:
    """Every signature is held against every key that is known."""
    lines = [read_key_line(number) for number in range(20_000)]
    heads = WHOLE.members["heads.jsonl"].splitlines(keepends=True)[0] * 500
    dossier = WHOLE.changed("keys.txt", "\n".join(lines).encode()).changed("heads.jsonl", heads)
    began = time.monotonic()
    assert judged(dossier.packed(), KEYS).counts["member_malformed"] == 1
    assert time.monotonic() - began < 20


@pytest.mark.in_turn("keys")
@pytest.mark.parametrize("keys", [KEYS, ()], ids=["with the key", "without a key"])
def test_a_log_that_announces_a_multitude_of_keys_keeps_nobody_waiting(
    keys: tuple[VerifierKey, ...],
) -> None:
    """Each line is one key more that is believed, and every head is held against all of them."""
    words = [read_key_line(number) for number in range(MULTITUDE + 990)]
    dossier = build(entries(300), range(1, 300), announced=words[990:])
    inside = dossier.members["keys.txt"] + "\n".join(words[:990]).encode() + b"\n"
    file = dossier.changed("keys.txt", inside).packed()
    began = time.monotonic()
    assert judged(file, keys).names == set()
    assert time.monotonic() - began < 10


def with_row(index: str, **row: object) -> Dossier:
    """Give a large last entry, and an index with one row thousands of times, signed anew."""
    leaves = [*entries(11), entry(12, {"text": "a" * 2**20})]
    dossier = build(leaves, [3, 6, 10])
    rows = [*json.loads(dossier.members[index]), *[{"entry": 12, **row}] * (2 * MULTITUDE)]
    return dossier.changed(index, canonical(rows))


def many_rows_of_a_large_entry() -> Dossier:
    return with_row("evidence.json", file=None, sha256="0" * 64)


def many_rows_of_a_large_receipt() -> Dossier:
    content = b"x" * (12 * 2**20)
    row = {"kind": "receipt", "document": None, "sha256": sha256_hex(content)}
    dossier = with_row("filings.json", file="filings/z.txt", **row)
    return before(dossier, "filings.json", {"filings/z.txt": content})


def many_members() -> Dossier:
    names = (f"evidence/e{number:05}" for number in range(2 * MULTITUDE))
    return before(WHOLE, "private.jsonl", dict.fromkeys(names, b""))


def many_heads() -> Dossier:
    """Heads that grow and grow, none of which is signed, in a record that says that it is long."""
    note = signed(INCIDENT, 12, bytes(32), NEW)
    lines = (
        canonical({"note": note.replace("\n12\n", f"\n{size}\n"), "signed_at": "", "log_seq": 0})
        for size in range(20, 20 + 10 * MULTITUDE)
    )
    heads = WHOLE.members["heads.jsonl"] + b"\n".join(lines) + b"\n"
    return WHOLE.changed("heads.jsonl", heads).saying(size=2**52)


def one_entry_again_and_again() -> Dossier:
    again = WHOLE.members["ledger.jsonl"].splitlines(keepends=True)[-1] * (20 * MULTITUDE)
    return WHOLE.changed("ledger.jsonl", WHOLE.members["ledger.jsonl"] + again)


def more_entries_than_announced() -> Dossier:
    return build(entries(10 * MULTITUDE), [3, 6, 10]).saying(size=12)


def one_private_text_again_and_again() -> Dossier:
    return WHOLE.changed("private.jsonl", WHOLE.members["private.jsonl"] * (20 * MULTITUDE))


def one_private_text_by_many_names() -> Dossier:
    told = json.loads(WHOLE.members["private.jsonl"])
    lines = (canonical({**told, "ref": f"r{number}"}) for number in range(10 * MULTITUDE))
    return WHOLE.changed("private.jsonl", b"\n".join(lines) + b"\n")


def before(dossier: Dossier, name: str, more: dict[str, bytes]) -> Dossier:
    """Put further members in front of another."""
    members = {}
    for each, content in dossier.members.items():
        members.update(more if each == name else {})
        members[each] = content
    return replace(dossier, members=members)


BUNDLES: dict[str, tuple[Callable[[], Dossier], dict[str, int]]] = {
    "rows of a large entry": (many_rows_of_a_large_entry, {"evidence_hash": 1}),
    "rows of a large receipt": (many_rows_of_a_large_receipt, {"filing_hash": 1}),
    "members": (many_members, {"evidence_hash": 2 * MULTITUDE}),
    "heads": (
        many_heads,
        {"head_beyond": 501, "head_signature": 501, "manifest_differs": 2, "head_unlogged": 1031},
    ),
    "one entry again and again": (
        one_entry_again_and_again,
        {"entry_number": 1000, "manifest_differs": 1, "viewer_differs": 1},
    ),
    "more entries than announced": (
        more_entries_than_announced,
        {"manifest_differs": 1, "viewer_differs": 1},
    ),
    "one private text again and again": (
        one_private_text_again_and_again,
        {"private_commitment": READ_ON_AT_MOST + 1},
    ),
    "one private text by many names": (
        one_private_text_by_many_names,
        {"private_commitment": READ_ON_AT_MOST + 2},
    ),
}
"""Small files of whoever has the right key, which unpack to a multitude of something."""


@pytest.mark.parametrize("how", BUNDLES)
def test_a_multitude_of_anything_keeps_nobody_waiting(how: str) -> None:
    make, counts = BUNDLES[how]
    file = make().packed()
    began = time.process_time()
    assert judged(file, KEYS).counts == counts
    assert time.process_time() - began < 8


CROWD = b"[" + b",".join([b"{}"] * 600_000) + b"]"


@pytest.mark.parametrize("member", ["evidence.json", "histories.json", "log.json", "stamps.json"])
def test_a_document_of_a_multitude_of_values_is_not_read(member: str) -> None:
    """Sixteen megabytes of brackets would be a gigabyte of memory."""
    log = json.loads(WHOLE.members["log.json"])
    content = (
        canonical({**log, "lines": []}).replace(b"[]", CROWD) if member == "log.json" else CROWD
    )
    changed = build(entries(12), [3, 6, 10], stamped=True).changed(member, content)
    verdict = judged(changed.packed(), KEYS)
    assert ("member_malformed", member) in [(one.name, one.member) for one in verdict.faults]


def test_a_manifest_of_a_multitude_of_values_is_not_read() -> None:
    content = canonical({**FIELDS, "made_by": "," * 1_000_000})
    assert judged(manifest_of(content), KEYS).names == {"bad_manifest"}


def read_key_line(number: int) -> str:
    """Make the word of a key that nobody has."""
    public = b"\x01" + hashlib.sha256(str(number).encode()).digest()
    key_id = hashlib.sha256(b"x\n" + public).digest()[:4].hex()
    return f"x+{key_id}+{base64.b64encode(public).decode()}"


def test_random_bytes_have_a_name() -> None:
    chance = random.Random(7)
    for _ in range(100):
        spoiled = bytearray(FILE)
        for _ in range(chance.randrange(1, 40)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        assert judged(bytes(spoiled), KEYS).names <= set(NAMES)


# ---------------------------------------------------------------- time and memory

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 400 * 2**20
BIG = 500 * 2**20


def announced(name: str, size: int) -> Iterable[Part]:
    """Give members with a bomb that the signed manifest announces: its maker has the right key."""
    zeros = deflated_zeros(size)
    listed = [
        {"name": each, "bytes": size, "sha256": "0" * 64}
        if each == name
        else {"name": each, "bytes": len(content), "sha256": sha256_hex(content)}
        for each, content in WHOLE.members.items()
    ]
    sealed = WHOLE.sealed(manifest=canonical({**WHOLE.about, "members": listed}))
    for each, content in sealed.items():
        if each == name:
            yield each.encode(), zeros, (8, 0, len(zeros), size)
        else:
            yield packed(each, content)


@cache
def deflated_zeros(size: int) -> bytes:
    """Pack zeros without holding them."""
    machine, block = zlib.compressobj(9, zlib.DEFLATED, -15), b"\0" * 2**20
    out = [machine.compress(block) for _ in range(size // 2**20)]
    return b"".join([*out, machine.compress(b"\0" * (size % 2**20)), machine.flush()])


def large_entries() -> bytes:
    """Give the file with forty-five entries of seven megabytes, of many values each."""
    large = entry(13, {"text": ["aaaaa"] * (7 * 2**17)}) + b"\n"
    return WHOLE.changed("ledger.jsonl", LEDGER + large * 45).packed()


@pytest.mark.slow
@pytest.mark.in_turn("name")
@pytest.mark.parametrize("name", ["README.txt", "ledger.jsonl", "log.json", "heads.jsonl"])
@pytest.mark.parametrize("verifier", ["andon", "one-file"])
def test_a_bomb_that_is_announced_takes_little_memory_and_ends(
    name: str, verifier: str, tmp_path: Path
) -> None:
    names = judged_in_little_memory(assembled(announced(name, BIG)), verifier, tmp_path)
    assert names & {"member_changed", "container", "entry_malformed", "head_malformed"}


@pytest.mark.slow
@pytest.mark.parametrize("verifier", ["andon", "one-file"])
def test_large_entries_take_little_memory(verifier: str, tmp_path: Path) -> None:
    assert "entry_number" in judged_in_little_memory(large_entries(), verifier, tmp_path)


def judged_in_little_memory(content: bytes, verifier: str, folder: Path) -> set[str]:
    """Verify a file in a process of its own that has little memory; it must come to an end."""
    path = folder / "bomb.zip"
    path.write_bytes(content)
    argv = (
        [str(VERIFIER)]
        if verifier == "one-file"
        else ["-c", "from cli.entry import main; main()", "verify"]
    )
    done = subprocess.run(
        [sys.executable, "-B", *argv, str(path), "--json"],
        capture_output=True,
        timeout=60,
        check=False,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
    )
    assert done.returncode == 1, done.stderr.decode()
    told = json.loads(done.stdout)
    [verdict] = told.get("dossiers", [told])
    return {one["name"] for one in verdict["faults"]}
