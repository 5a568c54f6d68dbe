"""Whatever is done to a dossier is found and named, by both verifiers; what is whole never is.

Who looks holds the company's key and one earlier head of the record. What is done is drawn at
random: by somebody without the key to the file or to its members, by somebody with a key of their
own, and by the company itself, which has the right key and would rather forget.
"""

import hashlib
import json
import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from domain.canonical import canonical
from domain.checkpoint import read_note
from domain.dossier_faults import NAMES
from domain.timestamp import read_stamp
from integrations.stamp_proofs import verified
from tests import figures
from tests.dossier_building import (
    FOREIGN,
    NEW,
    OLD,
    START,
    Dossier,
    build,
    entries,
    ledger,
    viewer,
    zipped,
)
from tests.dossier_verifiers import judged
from tests.stamping import OTHER_ROOT, ROOT, STAMPING, Says, certified, granted

SEED = int(os.environ.get("ANDON_PROVE_SEED", "20261130"))
PARTS = 20
EACH = 500 if figures.FULL else 12
KEYS = (NEW.key,)

LEAVES = entries(24)
WHOLE = build(LEAVES, [6, 12, 20], stamped=True)
EARLIER = build(LEAVES[:14], [6, 12])
ANOTHER = build(entries(24, incident="INC-2026-0001"), [6, 12, 20], incident="INC-2026-0001")
FILE, SEALED = WHOLE.packed(), WHOLE.sealed()
SEEN = 12
"""How many entries the head covers that was kept outside."""

Chance = random.Random
IN_LINES = ("ledger.jsonl", "heads.jsonl", "private.jsonl", "viewer/entries.js", "keys.txt")


# ---------------------------------------------------------------- what is done to bytes and lists


def flip(chance: Chance, content: bytes) -> bytes:
    """Flip one bit."""
    place = chance.randrange(len(content))
    return (
        content[:place] + bytes([content[place] ^ 1 << chance.randrange(8)]) + content[place + 1 :]
    )


def cut(chance: Chance, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def pad(chance: Chance, content: bytes) -> bytes:
    place, more = chance.randrange(len(content) + 1), chance.randbytes(chance.randrange(1, 40))
    return content[:place] + more + content[place:]


def take_out(chance: Chance, content: bytes) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + content[place + chance.randrange(1, 40) :]


def drop(chance: Chance, many: list[bytes]) -> list[bytes]:
    place = chance.randrange(len(many))
    return many[:place] + many[place + 1 :]


def repeat(chance: Chance, many: list[bytes]) -> list[bytes]:
    return [*many, many[0]] if len(many) < 2 else _repeat(chance, many)


def _repeat(chance: Chance, many: list[bytes]) -> list[bytes]:
    place = chance.randrange(len(many))
    return [*many[: place + 1], *many[place:]]


def swap(chance: Chance, many: list[bytes]) -> list[bytes]:
    """Let two change places; where there is one alone, double it."""
    if len(set(many)) < 2:
        return repeat(chance, many)
    first, second = chance.sample(range(len(many)), 2)
    changed = list(many)
    changed[first], changed[second] = changed[second], changed[first]
    return changed if changed != many else swap(chance, many)


def truncate(chance: Chance, many: list[bytes]) -> list[bytes]:
    return many[: chance.randrange(len(many))]


BYTES: tuple[Callable[[Chance, bytes], bytes], ...] = (flip, cut, pad, take_out)
LISTS: tuple[Callable[[Chance, list[bytes]], list[bytes]], ...] = (drop, repeat, swap, truncate)


# ---------------------------------------------------------------- who does it


def to_the_file(chance: Chance) -> bytes:
    return chance.choice(BYTES)(chance, FILE)


def to_a_member(chance: Chance) -> bytes:
    name = chance.choice([name for name, content in SEALED.items() if content])
    return zipped({**SEALED, name: chance.choice(BYTES)(chance, SEALED[name])}.items())


def to_lines(chance: Chance) -> bytes:
    name = chance.choice(IN_LINES)
    lines = SEALED[name].splitlines(keepends=True)
    return zipped({**SEALED, name: b"".join(chance.choice(LISTS)(chance, lines))}.items())


def to_the_logs_hashes(chance: Chance) -> bytes:
    raw = SEALED["log.leaves"]
    hashes = [raw[at : at + 32] for at in range(0, len(raw), 32)]
    return zipped({**SEALED, "log.leaves": b"".join(chance.choice(LISTS)(chance, hashes))}.items())


def to_the_list_of_members(chance: Chance) -> bytes:
    names = chance.choice(LISTS)(chance, [name.encode() for name in SEALED])
    if not names:
        return b""
    return zipped((name.decode(), SEALED[name.decode()]) for name in names)


def members_of_an_earlier_one(chance: Chance) -> bytes:
    """Put members of an earlier dossier, or of another record's, in place of some of this one."""
    other = chance.choice((EARLIER, ANOTHER)).sealed()
    names = [name for name in SEALED if name in other and other[name] != SEALED[name]]
    some = chance.sample(names, chance.randrange(1, len(names)))
    return zipped({**SEALED, **{name: other[name] for name in some}}.items())


def an_earlier_one(chance: Chance) -> bytes:
    """Hand over what was whole once, before the head that was kept; or another record's."""
    size = chance.randrange(1, SEEN)
    early = build(LEAVES[:size], [chance.randrange(1, size + 1)])
    return chance.choice((early, ANOTHER)).packed()


def by_a_key_of_their_own(chance: Chance) -> bytes:
    """Change a member, and sign the manifest with another key; or make everything anew."""
    if chance.random() < 0.3:
        leaves = _forgotten(chance)
        sizes = [len(leaves)] if leaves else []
        return build(leaves, sizes, signers=(FOREIGN, FOREIGN)).packed(FOREIGN)
    name = chance.choice([name for name, content in WHOLE.members.items() if content])
    changed = WHOLE.changed(name, chance.choice(BYTES)(chance, WHOLE.members[name]))
    return changed.packed(chance.choice((FOREIGN, OLD)))


def by_the_company_in_place(chance: Chance) -> bytes:
    """Change entries and all that follows from them, and sign the manifest with the right key."""
    return _following(WHOLE, _forgotten(chance)).packed()


def by_the_company_anew(chance: Chance) -> bytes:
    """Write the record anew, with heads and log as if it had always been so."""
    leaves = _forgotten(chance)
    size = len(leaves)
    sizes = sorted({size, *(chance.randrange(1, size + 1) for _ in range(2))}) if size else []
    return build(leaves, sizes).packed()


def _forgotten(chance: Chance) -> list[bytes]:
    """Change something in what the kept head covers."""
    seen, rest = LEAVES[:SEEN], LEAVES[SEEN:]
    how = chance.randrange(len(LISTS) + 1)
    if how < len(LISTS) - 1:
        return [*LISTS[how](chance, seen), *rest]
    if how == len(LISTS) - 1:
        return truncate(chance, seen)
    place = chance.randrange(SEEN)
    return [*seen[:place], seen[place].replace(b'"li"', b'"lu"'), *seen[place + 1 :], *rest]


def _following(dossier: Dossier, leaves: list[bytes]) -> Dossier:
    made = build(leaves, [len(leaves)] if leaves else [])
    about = {**dossier.about, "size": len(leaves), "root": made.about["root"]}
    members = {
        **dossier.members,
        "ledger.jsonl": ledger(leaves),
        "viewer/entries.js": viewer(leaves),
    }
    return replace(dossier, members=members, about=about)


WAYS: tuple[Callable[[Chance], bytes], ...] = (
    to_the_file,
    to_a_member,
    to_lines,
    to_the_logs_hashes,
    to_the_list_of_members,
    members_of_an_earlier_one,
    an_earlier_one,
    by_a_key_of_their_own,
    by_the_company_in_place,
    by_the_company_anew,
)


# ---------------------------------------------------------------- what is found


def unpacks_to_the_same(content: bytes) -> bool:
    """Say whether a file has the very same members: a few bits of what is packed carry nothing."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()} == SEALED
    except Exception:  # noqa: BLE001 - whatever another reader says of a spoiled file
        return False


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_done_to_a_dossier_is_named(part: int) -> None:
    chance = random.Random(f"{SEED}/{part}")
    counted: Counter[str] = Counter()
    for number in range(EACH):
        way = WAYS[number % len(WAYS)]
        content = way(chance)
        assert content != FILE, way.__name__
        names = judged(content, KEYS, [WHOLE.witness]).names
        assert names <= set(NAMES)
        if not names:
            assert way is to_the_file
            assert unpacks_to_the_same(content), f"{way.__name__} is not found: {SEED}/{part}"
        counted["named" if names else "carries nothing"] += 1
    figures.note("mutations of a dossier", counted, f"seed {SEED}")
    # Now and then a flipped bit is one that unpacks to the same bytes.
    assert counted["named"] >= EACH * 0.98 - 1


# ---------------------------------------------------------------- what the company does to stamps

ROOTS = (ROOT.certificate,)
INDEX = "stamps.json"
STAMPS = [name for name in WHOLE.members if name.endswith(".tsr")]
ANOTHERS = certified("Stamps of another", OTHER_ROOT, uses=[STAMPING])


def rows(dossier: Dossier) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(dossier.members[INDEX])
    return found


def with_rows(told: list[dict[str, str]]) -> Dossier:
    return WHOLE.changed(INDEX, canonical(told))


def stamps_exchanged(chance: Chance) -> Dossier:
    first, second = chance.sample(STAMPS, 2)
    swapped = WHOLE.changed(first, WHOLE.members[second])
    return swapped.changed(second, WHOLE.members[first])


def files_exchanged(_chance: Chance) -> Dossier:
    told = rows(WHOLE)
    told[0]["file"], told[1]["file"] = told[1]["file"], told[0]["file"]
    return with_rows(told)


def row_gone(chance: Chance) -> Dossier:
    told = rows(WHOLE)
    del told[chance.randrange(len(told))]
    return with_rows(told)


def field_of_another_kind(chance: Chance) -> Dossier:
    told: list[dict[str, Any]] = [*rows(WHOLE)]
    told[0][chance.choice(sorted(told[0]))] = chance.choice((None, 7, [], {}, "x"))
    return with_rows(told)


def head_of_another_log(chance: Chance) -> Dossier:
    """Have a head of a log stamped that is not this one's, and say that it is."""
    note = json.loads(ANOTHER.members["log.json"])["head"]
    return _stamped_over(note, chance)


def head_by_a_stranger(chance: Chance) -> Dossier:
    text = read_note(rows(WHOLE)[1]["note"]).text
    return _stamped_over(FOREIGN.sign(text).written(), chance)


def earlier_than_it_was(chance: Chance) -> Dossier:
    """Have a stamp made by somebody whose root nobody holds, of a day long ago."""
    note = rows(WHOLE)[0]["note"]
    early = START - timedelta(days=chance.randrange(1, 300))
    return _stamped_over(note, chance, Says(signer=ANOTHERS, at=early))


def _stamped_over(note: str, chance: Chance, says: Says | None = None) -> Dossier:
    told = rows(WHOLE)
    told[0]["note"] = note
    imprint = hashlib.sha256(note.encode()).digest()
    answer = granted(imprint, chance.randrange(99), says or Says(at=START))
    return with_rows(told).changed(told[0]["file"], answer)


BY_BOTH: dict[str, tuple[Callable[[Chance], Dossier], set[str]]] = {
    "two stamps exchanged": (stamps_exchanged, {"stamp_imprint"}),
    "two rows exchanged": (files_exchanged, {"stamp_imprint"}),
    "a row gone": (row_gone, {"stamp_malformed"}),
    "a head of another log": (head_of_another_log, {"stamp_head"}),
    "a head that a stranger signed": (head_by_a_stranger, {"foreign_key"}),
}


@pytest.mark.parametrize("kind", BY_BOTH)
def test_what_the_company_does_to_its_stamps_is_named_by_both(kind: str) -> None:
    make, names = BY_BOTH[kind]
    for seed in range(6):
        verdict = judged(make(random.Random(f"{SEED}/{kind}/{seed}")).packed(), KEYS)
        assert verdict.names == names


def test_a_field_of_another_kind_is_named_by_both_where_it_matters() -> None:
    for seed in range(40):
        dossier = field_of_another_kind(random.Random(f"{SEED}/{seed}"))
        told = rows(dossier)[0]
        names = judged(dossier.packed(), KEYS).names
        assert bool(names) == (told != {**rows(WHOLE)[0], "authority": "x"})


def test_a_stamp_of_an_authority_that_nobody_knows_is_named_where_a_root_is_held() -> None:
    dossier = earlier_than_it_was(random.Random(SEED)).packed()
    assert judged(dossier, KEYS).left_out.count("stamps") == 1
    assert judged(dossier, KEYS).names == frozenset()
    assert judged(dossier, KEYS, roots=ROOTS).names == {"stamp_untrusted"}


@pytest.mark.parametrize("part", range(PARTS))
def test_bytes_that_the_company_alters_in_a_stamp_are_named_or_alter_nothing(part: int) -> None:
    """Both read an altered stamp alike; with a root, what is not named still says the same."""
    chance = random.Random(f"stamps/{SEED}/{part}")
    for _ in range(EACH):
        name = chance.choice(STAMPS)
        raw = WHOLE.members[name]
        altered = chance.choice(BYTES)(chance, raw)
        [row] = [one for one in rows(WHOLE) if one["file"] == name]
        names = judged(WHOLE.changed(name, altered).packed(), KEYS, roots=ROOTS).names
        if not names:
            assert verified(altered, row["note"].encode(), ROOTS) == read_stamp(raw)
        assert names <= {"stamp_malformed", "stamp_imprint", "stamp_untrusted", "container"}


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_whole_raises_no_alarm(part: int) -> None:
    chance = random.Random(f"whole/{SEED}/{part}")
    for _ in range(max(1, EACH // 10)):
        count = chance.randrange(1, 60)
        sizes = sorted({chance.randrange(1, count + 1) for _ in range(chance.randrange(1, 9))})
        turn, stamped = chance.randrange(len(sizes)), chance.random() < 0.5
        dossier = build(entries(count), sizes, turn=turn, stamped=stamped)
        held = [one for one in (dossier.witness, dossier.log_witness) if one]
        roots = chance.choice(((), (ROOT.certificate,)))
        verdict = judged(dossier.packed(), chance.choice((KEYS, ())), held, roots)
        assert verdict.faults == ()
        assert [one.entries for one in verdict.stamped] == (sizes if stamped else [])
        assert all(one.is_trusted == bool(roots) for one in verdict.stamped)
        assert verdict.unsigned == count - sizes[-1]
        assert len(verdict.witnessed) == len(held)
        figures.note("whole dossiers", {"verified": 1, "false alarms": 0})
