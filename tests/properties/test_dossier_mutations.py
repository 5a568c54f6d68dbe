"""Whatever is done to a dossier is found and named, by both verifiers; what is whole never is.

Who looks holds the company's key and one earlier head of the record. What is done is drawn at
random: by somebody without the key to the file or to its members, by somebody with a key of their
own, and by the company itself, which has the right key and would rather forget.
"""

import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest

from domain.dossier_faults import NAMES
from tests import figures
from tests.dossier_building import (
    FOREIGN,
    NEW,
    OLD,
    Dossier,
    build,
    entries,
    ledger,
    viewer,
    zipped,
)
from tests.dossier_verifiers import judged

SEED = int(os.environ.get("ANDON_PROVE_SEED", "20261130"))
PARTS = 20
EACH = 500 if figures.FULL else 12
KEYS = (NEW.key,)

LEAVES = entries(24)
WHOLE = build(LEAVES, [6, 12, 20])
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
    assert counted["named"] >= EACH * 0.98


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_whole_raises_no_alarm(part: int) -> None:
    chance = random.Random(f"whole/{SEED}/{part}")
    for _ in range(max(1, EACH // 10)):
        count = chance.randrange(1, 60)
        sizes = sorted({chance.randrange(1, count + 1) for _ in range(chance.randrange(1, 9))})
        dossier = build(entries(count), sizes, turn=chance.randrange(len(sizes)))
        held = [one for one in (dossier.witness, dossier.log_witness) if one]
        verdict = judged(dossier.packed(), chance.choice((KEYS, ())), held)
        assert verdict.faults == ()
        assert verdict.unsigned == count - sizes[-1]
        assert len(verdict.witnessed) == len(held)
        figures.note("whole dossiers", {"verified": 1, "false alarms": 0})
