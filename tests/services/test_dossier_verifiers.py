"""Both verifiers of dossiers over a table of what may be wrong, each thing under its own name."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench.folding import long_ledger
from domain.canonical import canonical, sha256_hex
from domain.checkpoint import read_checkpoint, read_note
from domain.dossier_faults import NAMES, Verdict
from domain.tree import Tree, leaf_hash
from services.company import read_rules
from services.dossier_folding import Follower
from services.dossier_verifying import verify_dossier
from tests import dossier_building as building
from tests.dossier_building import (
    FOREIGN,
    INCIDENT,
    NEW,
    OLD,
    ORIGIN,
    Dossier,
    build,
    entries,
    whole,
    zipped,
)
from tests.dossier_verifiers import alone, judged

KEYS = (NEW.key,)
WHOLE = whole()


def found(content: bytes, dossier: Dossier = WHOLE) -> set[str]:
    """Verify with the company's key and both witnesses."""
    return set(judged(content, KEYS, (dossier.witness, dossier.log_witness)).names)


# ---------------------------------------------------------------- what is whole


@pytest.mark.parametrize("count", [0, 1, 2, 5, 12, 33])
@pytest.mark.parametrize("heads", [0, 1, 3], ids="no-head one-head three-heads".split())
def test_what_is_whole_is_whole(count: int, heads: int) -> None:
    sizes = sorted({max(1, count * part // heads) for part in range(1, heads + 1)}) if count else []
    verdict = judged(build(entries(count), sizes).packed(), KEYS)
    assert verdict.faults == ()
    assert (verdict.entries, verdict.unsigned) == (count, count - (sizes[-1] if sizes else 0))


@pytest.mark.parametrize(
    ("keys", "trusted"),
    [((), False), ((NEW.key,), True), ((OLD.key, NEW.key), True)],
    ids="keys-inside newest-key both-keys".split(),
)
def test_the_newest_key_is_enough_and_vouches_for_the_one_before(
    keys: tuple[Any, ...], trusted: bool
) -> None:
    verdict = judged(WHOLE.packed(), keys, (WHOLE.witness, WHOLE.log_witness))
    assert verdict.is_whole
    assert verdict.is_trusted is trusted
    assert verdict.witnessed == ("witness-1", "witness-2")
    assert set(verdict.keys) == {OLD.key.text(), NEW.key.text()}


def test_young_entries_are_counted_and_no_fault() -> None:
    verdict = judged(WHOLE.packed(), KEYS)
    assert (verdict.entries, verdict.signed, verdict.unsigned) == (12, 10, 2)
    assert verdict.is_whole


# ---------------------------------------------------------------- changed after it was signed


def line_changed(content: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """Change one line of a member."""
    lines = content.splitlines(keepends=True)
    lines[number - 1] = change(lines[number - 1])
    return b"".join(lines)


def swapped(content: bytes, first: int, second: int) -> bytes:
    """Put two lines in each other's place."""
    lines = content.splitlines(keepends=True)
    lines[first - 1], lines[second - 1] = lines[second - 1], lines[first - 1]
    return b"".join(lines)


LEDGER, HEADS = WHOLE.members["ledger.jsonl"], WHOLE.members["heads.jsonl"]
WORD = (b'"n":3', b'"n":4')


@pytest.mark.parametrize("name", list(WHOLE.members))
def test_a_member_that_was_changed_is_named(name: str) -> None:
    content = WHOLE.members[name]
    flipped = bytes([content[0] ^ 1]) + content[1:]
    verdict = judged(WHOLE.altered(name, flipped), KEYS)
    assert ("member_changed", name) in [(one.name, one.member) for one in verdict.faults]


@pytest.mark.parametrize("name", list(WHOLE.members))
def test_a_member_that_is_gone_is_named(name: str) -> None:
    members = {key: content for key, content in WHOLE.sealed().items() if key != name}
    verdict = judged(zipped(members.items()), KEYS)
    assert ("member_missing", name) in [(one.name, one.member) for one in verdict.faults]


AFTER = {
    "a longer member": (
        WHOLE.altered("README.txt", b"How to verify.\n\n"),
        {"member_size"},
    ),
    "one member more": (
        zipped({"evil.txt": b"x", **WHOLE.sealed()}.items()),
        {"member_extra"},
    ),
    "two members swapped": (
        zipped(sorted(WHOLE.sealed().items(), key=lambda one: one[0] == "README.txt")),
        {"member_order"},
    ),
    "the manifest not at the end": (
        zipped(sorted(WHOLE.sealed().items(), key=lambda one: one[0] == "keys.txt")),
        {"member_order"},
    ),
    "no manifest": (
        zipped([one for one in WHOLE.sealed().items() if one[0] != "MANIFEST.json"]),
        {"bad_manifest"},
    ),
    "no note": (
        zipped([one for one in WHOLE.sealed().items() if one[0] != "MANIFEST.note"]),
        {"manifest_signature"},
    ),
    "another manifest under the note": (
        zipped({**WHOLE.sealed(), "MANIFEST.json": WHOLE.saying(made_by="eve").manifest()}.items()),
        {"manifest_signature"},
    ),
    "a manifest of no format": (
        zipped(WHOLE.saying(dossier=2).sealed().items()),
        {"bad_manifest"},
    ),
    "a manifest that is not canonical": (
        zipped(WHOLE.sealed(manifest=WHOLE.manifest() + b"\n").items()),
        {"bad_manifest"},
    ),
    "signed with another key": (WHOLE.packed(FOREIGN), {"foreign_key"}),
    "signed with the key before": (WHOLE.packed(OLD), {"key_retired"}),
    "an empty file": (b"", {"not_a_zip"}),
    "a text": (b"This is no dossier. " * 9, {"not_a_zip"}),
}


@pytest.mark.parametrize("how", AFTER)
def test_what_was_changed_after_signing_is_named(how: str) -> None:
    content, names = AFTER[how]
    assert found(content) == names


# ---------------------------------------------------------------- sealed anew by the company itself


def anew(name: str, content: bytes) -> bytes:
    """Change a member and sign the manifest again with the right key."""
    return WHOLE.changed(name, content).packed()


def changed_json(name: str, change: Callable[[Any], Any]) -> bytes:
    """Change what a member says and sign again."""
    told = json.loads(WHOLE.members[name])
    return anew(name, canonical(change(told) or told))


def beside(folder: str, number: int, content: bytes, **words: Any) -> bytes:
    """Put other bytes into a file of an index and other words into its row, and sign again."""
    rows = json.loads(WHOLE.members[f"{folder}.json"])
    rows[number] = {**rows[number], **words}
    changed = WHOLE.changed(f"{folder}.json", canonical(rows))
    return changed.changed(rows[number]["file"], content).packed()


def without(file: str, index: str, number: int) -> bytes:
    """Leave out a file and its row, and sign again."""
    rows = json.loads(WHOLE.members[index])
    members = {**WHOLE.members, index: canonical([*rows[:number], *rows[number + 1 :]])}
    del members[file]
    return replace(WHOLE, members=members).packed()


def added(name: str, content: bytes, *, before: str) -> bytes:
    """Add a member in front of another, and sign again."""
    members = {}
    for each, told in WHOLE.members.items():
        members.update({name: content} if each == before else {})
        members[each] = told
    return replace(WHOLE, members=members).packed()


def without_line(lines: list[Any], kind: str, number: int = 0) -> list[Any]:
    """Leave out a line of the log."""
    found = [one for one in lines if f'"type":"{kind}"' in one["line"]]
    return [one for one in lines if one is not found[number]]


def ledger_of(change: Callable[[list[bytes]], list[bytes]]) -> bytes:
    """Change the lines of the ledger, the viewer with it, and sign again."""
    leaves = change(LEDGER.splitlines())
    dossier = WHOLE.changed("ledger.jsonl", building.ledger(leaves))
    dossier = dossier.changed("viewer/entries.js", building.viewer(leaves))
    root = Tree(map(leaf_hash, leaves)).root().hex()
    return dossier.saying(size=len(leaves), root=root).packed()


def falsely_signed(line: bytes) -> bytes:
    """Put the signature of another text under a head."""
    told = json.loads(line)
    note = replace(read_note(told["note"]), signatures=NEW.sign("another text\n").signatures)
    return canonical({**told, "note": note.written()}) + b"\n"


def replaced(number: int, content: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [*lines[: number - 1], content, *lines[number:]]


LINES = LEDGER.splitlines()
LOG_LEAVES = [
    WHOLE.members["log.leaves"][at : at + 32]
    for at in range(0, len(WHOLE.members["log.leaves"]), 32)
]
SECOND = json.loads(LINES[1])
ROOTS = {"head_root", "witness_diverges"}
PHOTO = f"evidence/{sha256_hex(building.PHOTO)}.png"

ANEW = {
    "an entry says something else": (
        ledger_of(
            replaced(
                7,
                LINES[6].replace(*WORD)
                if WORD[0] in LINES[6]
                else LINES[6].replace(b'"n":2', b'"n":9'),
            )
        ),
        {"head_root"},
    ),
    "an early entry says something else": (
        ledger_of(replaced(2, LINES[1].replace(b'"d1"', b'"d2"'))),
        ROOTS,
    ),
    "an entry is gone": (
        ledger_of(lambda lines: lines[:7] + lines[8:]),
        {"entry_number", "head_root"},
    ),
    "the last signed entries are gone": (ledger_of(lambda lines: lines[:8]), {"head_beyond"}),
    "more than the witness saw is gone": (
        ledger_of(lambda lines: lines[:5]),
        {"head_beyond", "witness_beyond"},
    ),
    "two entries swapped": (
        ledger_of(lambda lines: [*lines[:7], lines[8], lines[7], *lines[9:]]),
        {"entry_number", "entry_order", "head_root"},
    ),
    "an entry twice": (
        ledger_of(lambda lines: [*lines[:8], lines[7], *lines[8:]]),
        {"entry_number", "entry_order", "head_root"} - {"entry_order"},
    ),
    "an entry with a space": (
        ledger_of(replaced(12, LINES[11].replace(b'"at":', b'"at": '))),
        {"entry_not_canonical"},
    ),
    "a key twice in an entry": (
        ledger_of(replaced(12, LINES[11].replace(b'"access":', b'"access":"x","access":'))),
        {"entry_not_canonical"},
    ),
    "a fraction": (
        ledger_of(replaced(12, LINES[11].replace(b'"n":7', b'"n":7.5'))),
        {"entry_not_canonical"},
    ),
    "a number too large": (
        ledger_of(replaced(12, LINES[11].replace(b'"n":7', b'"n":9007199254740993'))),
        {"entry_not_canonical"},
    ),
    "no number at all": (
        ledger_of(replaced(12, LINES[11].replace(b'"n":7', b'"n":NaN'))),
        {"entry_not_canonical"},
    ),
    "nested too deep": (
        ledger_of(replaced(12, LINES[11].replace(b'"n":7', b'"n":' + b"[" * 80 + b"]" * 80))),
        {"entry_not_canonical"},
    ),
    "no JSON": (ledger_of(replaced(12, b"{")), {"entry_malformed"}),
    "nothing": (ledger_of(replaced(12, b"null")), {"entry_malformed"}),
    "an entry of another record": (
        ledger_of(replaced(12, entries(12, incident="INC-2026-0001")[11])),
        {"entry_malformed"},
    ),
    "recorded before the one before": (
        ledger_of(
            replaced(12, canonical({**json.loads(LINES[11]), "recorded_at": SECOND["recorded_at"]}))
        ),
        {"entry_order"},
    ),
    "a line that does not end": (anew("ledger.jsonl", LEDGER[:-1]), {"entry_malformed"}),
    "an old head alone": (
        WHOLE.changed("heads.jsonl", b"".join(HEADS.splitlines(keepends=True)[:2]))
        .saying(signed=6)
        .packed(),
        {"head_missing"},
    ),
    "an old head again": (
        anew("heads.jsonl", HEADS + HEADS.splitlines(keepends=True)[1]),
        {"head_order"},
    ),
    "heads swapped": (anew("heads.jsonl", swapped(HEADS, 1, 2)), {"head_order"}),
    "a head that is none": (
        anew("heads.jsonl", line_changed(HEADS, 1, lambda _line: b"{}\n")),
        {"head_malformed", "head_missing"},
    ),
    "a head with a false signature": (
        anew("heads.jsonl", line_changed(HEADS, 3, falsely_signed)),
        {"head_signature"},
    ),
    "a head of another key": (
        anew(
            "heads.jsonl",
            line_changed(
                HEADS,
                3,
                lambda line: (
                    canonical(
                        {
                            **json.loads(line),
                            "note": building.signed(
                                INCIDENT, 10, Tree(map(leaf_hash, LINES[:10])).root(), FOREIGN
                            ),
                        }
                    )
                    + b"\n"
                ),
            ),
        ),
        {"foreign_key"},
    ),
    "a head that the log does not know": (
        anew(
            "heads.jsonl",
            line_changed(
                HEADS, 3, lambda line: canonical({**json.loads(line), "log_seq": 1}) + b"\n"
            ),
        ),
        {"head_unlogged"},
    ),
    "the log's hashes cut short": (
        anew("log.leaves", WHOLE.members["log.leaves"][:-32]),
        {"log_root", "log_line", "head_unlogged", "foreign_key", "key_not_announced"},
    ),
    "a hash of the log changed": (
        anew("log.leaves", b"\0" * 32 + WHOLE.members["log.leaves"][32:]),
        {"log_root", "witness_diverges"},
    ),
    "a line of the log says another root": (
        changed_json(
            "log.json",
            lambda log: {
                **log,
                "lines": [
                    {**one, "line": one["line"].replace('"size":10', '"size":11')}
                    for one in log["lines"]
                ],
            },
        ),
        {"log_line", "head_unlogged"},
    ),
    "a line of the log left out": (
        changed_json(
            "log.json", lambda log: {**log, "lines": without_line(log["lines"], "HeadSigned", 2)}
        ),
        {"head_unlogged"},
    ),
    "the newest key was never announced": (
        changed_json(
            "log.json", lambda log: {**log, "lines": without_line(log["lines"], "HeadKeyUsed", 1)}
        ),
        {"key_not_announced"},
    ),
    "another head of the log": (
        changed_json(
            "log.json", lambda log: {**log, "head": building.signed("log", 3, bytes(32), NEW)}
        ),
        {
            "foreign_key",
            "head_unlogged",
            "log_head_signature",
            "key_not_announced",
            "log_line",
            "log_root",
            "manifest_differs",
        },
    ),
    "a head of the log that is none": (
        changed_json("log.json", lambda log: {**log, "head": "signed, believe me"}),
        {"log_head_signature", "foreign_key", "witness_beyond"},
    ),
    "no keys": (anew("keys.txt", b"no key\n"), {"member_malformed"}),
    "a statement that was never approved": (
        WHOLE.changed("statements/s1-v1.json", b"{}").packed(),
        {"statement_hash"},
    ),
    "a statement that no entry names": (
        WHOLE.changed("statements/s1-v1.json", b"{}")
        .changed(
            "statements.json",
            canonical([{"file": "statements/s1-v1.json", "sha256": sha256_hex(b"{}"), "entry": 1}]),
        )
        .packed(),
        {"statement_hash"},
    ),
    "a report that was never sent": (
        anew("filings/d1-1.txt", b"We report nothing."),
        {"filing_hash"},
    ),
    "a receipt with other words": (
        WHOLE.changed("filings/d1-1-receipt.txt", b"Received.").packed(),
        {"filing_hash"},
    ),
    "another photograph": (anew(PHOTO, b"\1" + building.PHOTO[1:]), {"evidence_hash"}),
    "evidence that nothing lists": (
        anew("evidence.json", b"[]"),
        {"evidence_hash", "filing_hash"},
    ),
    "another statement under a hash of its own": (
        beside("statements", 0, b"{}", content_sha256=sha256_hex(b"{}")),
        {"statement_hash"},
    ),
    "another statement under no hash": (
        beside("statements", 0, b"{}", sha256="", content_sha256=sha256_hex(b"{}")),
        {"statement_hash"},
    ),
    "another statement that is called sealed": (
        beside("statements", 0, b"{}", sealed=True, content_sha256=sha256_hex(b"{}")),
        {"statement_hash"},
    ),
    "another report under a hash of its own": (
        beside("filings", 0, b"{}", content_sha256=sha256_hex(b"{}")),
        {"filing_hash"},
    ),
    "another report under no hash": (
        beside("filings", 0, b"{}", sha256="", content_sha256=sha256_hex(b"{}")),
        {"filing_hash"},
    ),
    "a report of other words of its entry": (
        beside("filings", 0, b"d1", sha256=sha256_hex(b"d1")),
        {"filing_hash"},
    ),
    "a receipt of other words of its entry": (
        beside("filings", 1, b"ReceiptAttached", sha256=sha256_hex(b"ReceiptAttached")),
        {"filing_hash"},
    ),
    "a receipt without words": (
        beside("filings", 1, b"", sha256=sha256_hex(b"")),
        {"filing_hash"},
    ),
    "another file under a hash of its own": (
        beside("evidence", 0, b"{}", content_sha256=sha256_hex(b"{}")),
        {"evidence_hash"},
    ),
    "another file under no hash": (
        beside("evidence", 0, b"{}", sha256="", sealed=True, content_sha256=sha256_hex(b"{}")),
        {"evidence_hash", "filing_hash"},
    ),
    "a file under the beginning of its hash": (
        beside("evidence", 0, b"{}", sha256=sha256_hex(building.PHOTO)[:63]),
        {"evidence_hash", "filing_hash"},
    ),
    "a sealed file without the hash over its clear bytes": (
        beside("evidence", 0, building.PHOTO, sealed=True),
        {"evidence_hash"},
    ),
    "a statement that is out, left out": (
        without("statements/s1-v1.json", "statements.json", 0),
        {"statement_hash"},
    ),
    "a report that was filed, left out": (
        without("filings/d1-1.txt", "filings.json", 0),
        {"filing_hash"},
    ),
    "a receipt, left out": (
        without("filings/d1-1-receipt.txt", "filings.json", 1),
        {"filing_hash"},
    ),
    "an answer, left out": (
        changed_json("filings.json", lambda rows: rows[:2]),
        {"filing_hash"},
    ),
    "a report whose words are kept back": (
        changed_json("filings.json", lambda rows: [{**rows[0], "file": None}, *rows[1:]]),
        {"filing_hash"},
    ),
    "a report that points to another file": (
        changed_json(
            "filings.json", lambda rows: [*rows[:2], {**rows[2], "file": "filings/d1-1.txt"}]
        ),
        {"filing_hash"},
    ),
    "a statement that no row lists": (
        added("statements/s2-v1.json", b"{}", before="statements.json"),
        {"statement_hash"},
    ),
    "evidence of an entry that is not there": (
        changed_json("evidence.json", lambda rows: [{**rows[0], "entry": 99}, rows[1]]),
        {"evidence_hash"},
    ),
    "another private text": (
        anew("private.jsonl", WHOLE.members["private.jsonl"].replace(b"12 Long", b"13 Long")),
        {"private_commitment"},
    ),
    "a private text that no entry holds": (
        anew("private.jsonl", WHOLE.members["private.jsonl"].replace(b"abab", b"acac")),
        {"private_commitment"},
    ),
    "a viewer that shows something else": (
        anew(
            "viewer/entries.js",
            WHOLE.members["viewer/entries.js"].replace(b"FindingLogged", b"FindingForgot", 1),
        ),
        {"viewer_differs"},
    ),
    "rules under another name": (
        anew(f"rules/{building.PLAN}.json", canonical({"plan": {"name": "softer"}})),
        {"rules_hash"},
    ),
    "another history": (anew("histories/1.json", b"[]\n"), {"history"}),
    "more entries are announced": (WHOLE.saying(size=13).packed(), {"manifest_differs"}),
    "another root is announced": (WHOLE.saying(root="0" * 64).packed(), {"manifest_differs"}),
    "more is said to be signed": (WHOLE.saying(signed=12).packed(), {"manifest_differs"}),
    "another head of the log is announced": (
        WHOLE.saying(log={"size": 1, "root": "0" * 64}).packed(),
        {"manifest_differs"},
    ),
    "an index that is none": (
        anew("filings.json", b"{}"),
        {"member_malformed", "filing_hash"},
    ),
    "a log that is none": (
        anew("log.json", b"[]"),
        {"member_malformed", "foreign_key", "witness_beyond"},
    ),
    "a member that every dossier has": (
        replace(
            WHOLE, members={k: v for k, v in WHOLE.members.items() if k != "people.json"}
        ).packed(),
        {"member_missing"},
    ),
}
"""What a company that holds its own key may try."""


@pytest.mark.parametrize("how", ANEW)
def test_what_the_holder_of_the_key_changed_is_named(how: str) -> None:
    content, names = ANEW[how]
    assert found(content) == names


SEALED = b"as it lies on the disk, which nobody sees"
CLEAR = sha256_hex(building.PHOTO)


def with_sealed(content: bytes, *, in_entry: bool) -> bytes:
    """Make a dossier with a sealed file, opened; the entry tells the hash over its clear bytes."""
    address, told = sha256_hex(SEALED), {"content_sha256": CLEAR} if in_entry else {}
    body = {"act": "a1", "sha256": address, "document": address, **told}
    leaves = replaced(3, building.entry(3, body, kind="AuthorityAnswered"))(entries(12))
    dossier = build(leaves, [3, 6, 10])
    rows = {name: json.loads(dossier.members[name]) for name in ("filings.json", "evidence.json")}
    rows["filings.json"][2].update(sha256=CLEAR if in_entry else address, document=address)
    rows["evidence.json"][0].update(sha256=address, sealed=True, content_sha256=sha256_hex(content))
    for name, told_rows in rows.items():
        dossier = dossier.changed(name, canonical(told_rows))
    return dossier.changed(PHOTO, content).packed()


def test_a_sealed_file_has_the_hash_over_clear_bytes_that_an_entry_tells() -> None:
    verdict = judged(with_sealed(building.PHOTO, in_entry=True), KEYS)
    assert verdict.is_whole
    assert "sealed" not in verdict.left_out
    other = judged(with_sealed(b"another photograph", in_entry=True), KEYS)
    assert other.names == {"evidence_hash", "filing_hash"}


def test_where_no_entry_tells_it_the_makers_word_is_said_to_be_one() -> None:
    verdict = judged(with_sealed(b"another photograph", in_entry=False), KEYS)
    assert verdict.is_whole
    assert "sealed" in verdict.left_out


# ---------------------------------------------------------------- keys and witnesses


SHORT = build(entries(12)[:5], [3])
OTHERWISE = build(
    [*entries(12)[:3], *(one.replace(b"<b>", b"<i>") for one in entries(12)[3:])], [3, 6, 10]
)
FORGED = build(entries(12), [3, 6, 10], signers=(FOREIGN, FOREIGN))


@pytest.mark.parametrize(
    ("witness", "names"),
    [(WHOLE.witness, {"witness_beyond"}), (WHOLE.log_witness, {"witness_beyond"}), ("", set())],
    ids="witness-of-the-record witness-of-the-log no-witness".split(),
)
def test_a_record_cut_short_and_signed_again_is_seen_by_whoever_kept_a_head(
    witness: str, names: set[str]
) -> None:
    """Without one it is not seen: docs/reference/verifying.md says so."""
    assert judged(SHORT.packed(), KEYS, [witness] if witness else []).names == names


@pytest.mark.parametrize(
    ("witness", "names"),
    [(WHOLE.witness, {"witness_diverges"}), (WHOLE.log_witness, {"witness_diverges"}), ("", set())],
    ids="witness-of-the-record witness-of-the-log no-witness".split(),
)
def test_a_record_written_anew_with_the_right_key_is_seen_by_whoever_kept_a_head(
    witness: str, names: set[str]
) -> None:
    assert judged(OTHERWISE.packed(), KEYS, [witness] if witness else []).names == names


def test_a_witness_of_the_log_alone_does_not_see_lines_that_are_left_out() -> None:
    """The log tells other incidents too, as hashes: which line tells this one is the maker's word.

    Whoever kept a head of the record itself sees it: docs/reference/verifying.md says so.
    """
    log = json.loads(WHOLE.members["log.json"])
    kept = {**log, "lines": without_line(log["lines"], "HeadSigned", 2)}
    leaves = LINES[:6]
    short = WHOLE.saying(size=6, signed=6, root=Tree(map(leaf_hash, leaves)).root().hex())
    for name, content in (
        ("ledger.jsonl", building.ledger(leaves)),
        ("viewer/entries.js", building.viewer(leaves)),
        ("heads.jsonl", b"".join(HEADS.splitlines(keepends=True)[:2])),
        ("log.json", canonical(kept)),
    ):
        short = short.changed(name, content)
    assert judged(short.packed(), KEYS, [WHOLE.log_witness]).is_whole
    newest = json.loads(HEADS.splitlines()[2])["note"]
    assert judged(short.packed(), KEYS, [newest]).names == {"witness_beyond"}


def test_a_forger_without_the_key_is_seen_by_whoever_has_the_key() -> None:
    assert judged(FORGED.packed(FOREIGN), KEYS).names == {"foreign_key"}
    without = judged(FORGED.packed(FOREIGN))
    assert without.is_whole
    assert not without.is_trusted


def turned(*turns: str) -> bytes:
    """Put other heads in place of the one that both keys signed, and sign again."""
    return changed_json("log.json", lambda log: {**log, "turns": list(turns)})


[TURN] = json.loads(WHOLE.members["log.json"])["turns"]
TURNED = read_checkpoint(read_note(TURN).text)


def test_an_older_key_vouches_for_the_newer_one_that_it_signed_a_head_of_the_log_with() -> None:
    verdict = judged(WHOLE.packed(), [OLD.key], [WHOLE.witness])
    assert verdict.is_whole
    assert set(verdict.keys) == {OLD.key.text(), NEW.key.text()}


@pytest.mark.parametrize(
    ("turn", "names"),
    [
        ((), {"foreign_key"}),
        ((building.signed("log", TURNED.size, TURNED.root, OLD),), {"foreign_key"}),
        ((building.signed("log", TURNED.size, TURNED.root, NEW),), {"foreign_key"}),
        ((building.signed("log", TURNED.size, bytes(32), OLD, NEW),), {"foreign_key", "log_root"}),
        ((building.signed("log", 2, Tree(LOG_LEAVES[:2]).root(), OLD, NEW),), {"foreign_key"}),
        ((building.signed("log", 99, bytes(32), OLD, NEW),), {"foreign_key", "log_head_signature"}),
        (
            (building.signed(INCIDENT, TURNED.size, TURNED.root, OLD, NEW),),
            {"foreign_key", "log_head_signature"},
        ),
        (("no head",), {"foreign_key", "log_head_signature"}),
        ((TURN,) * 1001, {"foreign_key", "member_malformed"}),
        ((TURN, TURN), {"log_head_signature"}),
    ],
    ids="none by-one by-the-newer-alone another-root before-the-line beyond "
    "of-another-ledger no-head many twice".split(),
)
def test_an_older_key_alone_vouches_by_nothing_else(turn: tuple[str, ...], names: set[str]) -> None:
    assert judged(turned(*turn), [OLD.key]).names == names


def test_a_head_by_a_believed_key_and_one_that_no_line_announces_vouches_for_none() -> None:
    forged = building.signed("log", TURNED.size, TURNED.root, OLD, FOREIGN)
    keys = WHOLE.members["keys.txt"] + f"{FOREIGN.key.text()}\n".encode()
    log = {**json.loads(WHOLE.members["log.json"]), "turns": [forged]}
    dossier = WHOLE.changed("log.json", canonical(log)).changed("keys.txt", keys)
    assert "foreign_key" in judged(dossier.packed(FOREIGN), [OLD.key]).names


SAYING = {
    "of another record": (building.signed("INC-2026-0001", 3, bytes(32), NEW), "witness_other"),
    "of another company": (WHOLE.witness.replace(ORIGIN, f"{ORIGIN}x"), "witness_other"),
    "no head": ("I saw six entries.", "witness_signature"),
    "of a foreign key": (building.signed(INCIDENT, 6, bytes(32), FOREIGN), "witness_signature"),
    "another root": (building.signed(INCIDENT, 6, bytes(32), NEW), "witness_diverges"),
    "more than is here": (building.signed(INCIDENT, 60, bytes(32), NEW), "witness_beyond"),
}


@pytest.mark.parametrize("how", SAYING)
def test_a_witness_that_says_otherwise_is_named(how: str) -> None:
    witness, name = SAYING[how]
    assert judged(WHOLE.packed(), KEYS, [witness]).names == {name}


# ---------------------------------------------------------------- the plan's own code follows it


@cache
def decided() -> tuple[list[bytes], bytes]:
    """Give a record that Andon decided, and the rules that it stood under."""
    rules = read_rules()
    return long_ledger(rules, 60)[0], rules.text.encode()


def real(change: Callable[[bytes], bytes] = bytes) -> bytes:
    """Give the dossier of that record, with its entries changed."""
    leaves, rules = decided()
    return build(list(map(change, leaves)), [30], incident="INC-2026-0001", rules=rules).packed()


def followed(content: bytes, path: Path, at_most: int | None = None) -> Verdict:
    path.write_bytes(content)
    return verify_dossier(path, KEYS, fold=Follower(at_most))


def test_a_record_that_andon_decided_is_followed(tmp_path: Path) -> None:
    verdict = followed(real(), tmp_path / "d.zip")
    assert verdict.faults == ()
    assert "fold" in verdict.checked
    assert judged(real(), KEYS).is_whole


def test_a_record_that_is_too_long_to_be_followed_unasked_says_so(tmp_path: Path) -> None:
    verdict = followed(real(), tmp_path / "d.zip", at_most=59)
    assert "fold" in verdict.left_out


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.replace(b'"type":"HaltOrdered"', b'"type":"HaltForgotten"'),
        lambda entry: entry.replace(b'"number":1,', b'"number":"one",'),
        lambda entry: entry.replace(b'"seq":4,', b'"seq":"4",'),
    ],
    ids=["an event that there is not", "a body that is none", "a word for its number"],
)
def test_an_entry_that_no_release_wrote_is_named(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    verdict = followed(real(change), tmp_path / "d.zip")
    folded = [(one.name, one.entry) for one in verdict.faults if one.name != "entry_number"]
    assert folded in ([("fold", 4)], [("fold", 5)])


def test_without_its_rules_a_record_is_not_followed_and_that_is_said(tmp_path: Path) -> None:
    """Rules that a company keeps no more are missing in its dossiers: no fault of the record."""
    verdict = followed(build(entries(12), [3], rules=b"{}").packed(), tmp_path / "d.zip")
    assert verdict.is_whole
    assert "fold" in verdict.left_out


# ---------------------------------------------------------------- names


STAMPS = {"stamp_malformed", "stamp_imprint", "stamp_head", "stamp_untrusted"}
"""Names that tests/properties/test_dossier_mutations.py comes to."""
ELSEWHERE = {"container", "fold", "witness_other", "witness_signature", "member_changed", *STAMPS}
"""Names that other tests come to."""


def test_every_name_is_come_to_and_both_verifiers_have_the_same() -> None:
    tables = [names for _content, names in (*AFTER.values(), *ANEW.values())]
    assert set().union(*tables) | ELSEWHERE == set(NAMES)
    assert set(alone.SAID) == set(NAMES) - {"fold", "stamp_untrusted"}
