"""Is all of an installation's record whole: every ledger, the log over them, what they name.

What belongs here: going through everything and naming what does not agree. What never does:
repairing, one incident's rows (verifying.py), heads and keys (verifying_heads.py), or the words.

What no verifier here can see: a record that was rewritten as a whole by somebody who has the keys.
It takes a head that was kept elsewhere (`witnesses`); docs/reference/verifying.md says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.x509 import Certificate

from domain.checkpoint import VerifierKey
from domain.errors import Malformed, NotFound
from domain.tree import Tree
from domain.wire import instant_text
from domain.witness import Agreed, Witness
from services import verifying_heads, verifying_newest
from services.fault import Fault, as_far_as_read
from services.house import House
from services.signing_keys import ORIGIN, keys_of
from services.verifying import verify
from services.verifying_named import named_faults, numbers_missing
from services.verifying_stamps import roots_by_authority, stamp_faults
from storage import company, copies, heads, stamps
from storage.engine import one_moment
from storage.heads import LOG, KeptHead
from storage.shape import odd_shapes


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What verifying found: nothing in `faults` when the record is whole.

    `faults` name the ledger (an incident, a case, `log`, or "" for what belongs to none);
    `unsigned` counts the entries of a ledger that no head covers yet, `unsigned_since` says when
    the first of them was recorded. `newest` says whether a head was kept beside the key ring.
    `given` says whether a key from elsewhere was trusted, `keys` are the keys that count, as
    words; `witnesses` says how many heads were held against the record, `agreed` which agree; of
    `stamps`, nobody named a root of the authority for `stamps_unheld`.
    """

    ledgers: int
    entries: int
    lines: int
    heads: int
    given: bool
    keys: tuple[str, ...]
    witnesses: int
    agreed: tuple[Agreed, ...]
    stamps: int
    stamps_unheld: int
    unsigned: dict[str, int]
    unsigned_since: dict[str, str]
    newest: bool
    faults: tuple[tuple[str, Fault], ...]


Told = Mapping[str, Mapping[int, tuple[int, str]]]
"""Every head that the company's log tells of: ledger, size, line and root."""


def verify_whole(
    house: House,
    keys: Sequence[VerifierKey] = (),
    witnesses: Sequence[Witness] = (),
    roots: Sequence[Certificate] = (),
) -> Whole:
    """Hold everything that is kept against the bytes under the trees, and these under their heads.

    `keys` are those of the company as somebody got them from elsewhere, `witnesses` signed heads
    that somebody kept; `roots` are certificates that time stamps must lead to: where none is
    given, those of the settings. People go on meanwhile.
    """
    origin = company.fact(house.engine, ORIGIN) or ""
    newest = verifying_newest.newest_head(house, origin)  # first: people go on signing
    with one_moment(house.engine):
        kept = heads.kept_heads(house.engine)
        stamped = stamps.raw_stamps(house.engine)
        log = verifying_heads.read_log(house, kept)
        faults = [(LOG, fault) for fault in verifying_heads.log_faults(house, log)]
        numbers = numbers_missing(house, len(log.lines))
        faults += [("", fault) for fault in as_far_as_read(numbers)]
    # Ledgers and log only grow: what is read from here on holds all that those heads are over.
    own = keys_of(house)
    by = verifying_heads.trust(log, keys[0].name if keys else origin, keys, own)
    if by.origin != origin:
        faults.append((LOG, Fault(kind="origin", what=origin[:200])))
    told = verifying_heads.told_heads(log)
    by_settings = roots_by_authority(house.settings)
    of_log = [
        *by.faults,
        *verifying_newest.newest_faults(newest, log, {*by.keys, *own}),
        *_of_log(log, told, by),
        *stamp_faults(stamped, log.heads, by_settings, roots),
    ]
    faults += [(LOG, fault) for fault in of_log]
    signed = _signed(kept)
    of_ledgers = _ledgers(house, kept, told, by)
    trees = {LOG: log.tree, **of_ledgers.trees}
    of_ledgers.times[LOG] = {seq: str(line["at"]) for seq, line in log.read.items()}
    faults += of_ledgers.faults
    witnessed = verifying_heads.hold_witnesses(witnesses, trees, by)
    faults += witnessed.faults
    faults += [("", fault) for fault in _of_the_house(house)]
    unsigned = _unsigned(trees, signed)
    return Whole(
        ledgers=len(trees) - 1,
        entries=sum(tree.size for name, tree in trees.items() if name != LOG),
        lines=log.tree.size,
        heads=len(kept),
        given=by.given,
        keys=tuple(key.text() for key in by.keys),
        witnesses=len(witnesses),
        agreed=tuple(witnessed.agreed),
        stamps=len(stamped),
        stamps_unheld=sum(not (roots or by_settings.get(str(one.authority))) for one in stamped),
        unsigned=unsigned,
        unsigned_since={
            name: verifying_newest.since(of_ledgers.times.get(name, {}), signed.get(name, 0))
            for name in unsigned
        },
        newest=newest is not None,
        faults=tuple(faults),
    )


def _of_log(log: verifying_heads.Log, told: Told, by: verifying_heads.Trust) -> Iterator[Fault]:
    """Name what is wrong with the heads of the company's log."""
    yield from verifying_heads.head_faults(LOG, log.heads, log.tree, by)
    yield from verifying_heads.untold_faults(log.heads, told.get(LOG, {}))
    yield from verifying_newest.late_faults(log)


def _of_the_house(house: House) -> Iterator[Fault]:
    """Name what is wrong beside all ledgers: files, rules, histories, and the tables themselves."""
    yield from named_faults(house)
    yield from (Fault(kind="index", what=one[:80]) for one in copies.astray(house.engine))
    yield from (Fault(kind="schema", what=one[:80]) for one in odd_shapes(house.engine))


@dataclass(frozen=True, slots=True)
class _Ledgers:
    """The trees of all ledgers, when the entries were recorded that no head covers, and faults."""

    trees: dict[str, Tree] = field(default_factory=dict)
    times: dict[str, dict[int, str]] = field(default_factory=dict)
    faults: list[tuple[str, Fault]] = field(default_factory=list)


def _ledgers(
    house: House, kept: Sequence[KeptHead], told: Told, by: verifying_heads.Trust
) -> _Ledgers:
    """Verify every ledger under its own heads."""
    all_of, signed = _Ledgers(), _signed(kept)
    trees, faults = all_of.trees, all_of.faults
    kept_of = verifying_heads.by_stream(kept)
    for stream in _streams(house, kept, told):
        own = kept_of.get(stream, [])
        try:
            found = verify(house, stream)
        except NotFound:
            faults.append((stream, Fault(kind="ledger_missing")))
            continue
        except Malformed:  # no ledger has such a name
            faults.append((stream, Fault(kind="rows_unreadable")))
            continue
        trees[stream] = tree = found.tree
        faults += [(stream, fault) for fault in found.faults]
        faults += [(stream, f) for f in verifying_heads.head_faults(stream, own, tree, by)]
        faults += [(stream, f) for f in verifying_heads.untold_faults(own, told.get(stream, {}))]
        last = signed.get(stream, 0)
        all_of.times[stream] = {
            seq: instant_text(row.recorded_at) for seq, row in found.entries.items() if seq > last
        }
    return all_of


def _streams(house: House, kept: Iterable[KeptHead], told: Iterable[str]) -> list[str]:
    """Name every ledger that is there, was signed, or of which the log or any row tells."""
    beside = copies.named_beside(house.engine)
    there = {*copies.streams(house.engine)}
    signed = {str(one.stream) for one in kept} - {LOG}
    return sorted(beside | (there | signed | {*told}) - {LOG})


def _signed(kept: Iterable[KeptHead]) -> dict[str, int]:
    """Say up to which entry each ledger was signed, as its heads are kept."""
    signed: dict[str, int] = {}
    for one in kept:
        if isinstance(one.size, int):  # what is no number is named as such (head_row)
            signed[str(one.stream)] = max(one.size, signed.get(str(one.stream), 0))
    return signed


def _unsigned(trees: Mapping[str, Tree], signed: Mapping[str, int]) -> dict[str, int]:
    young = {name: tree.size - signed.get(name, 0) for name, tree in trees.items()}
    return {name: count for name, count in young.items() if count > 0}
