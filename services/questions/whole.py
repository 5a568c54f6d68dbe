"""Question 10: is the record whole; what was changed, hidden, erased, entered late, read by whom.

What belongs here: the verdict, the privilege log, erasures, late entries, reads, signed heads. What
never does: the content of anything privileged, or mending the record.
"""

from collections.abc import Iterator
from typing import Any, Final

from domain.facts import FactRecorded
from domain.message import event_spec
from domain.people import SEES, Access
from domain.state.investigation import FactStatus
from domain.wire import instant_text
from services.questions.rows import Answer, Record, Table, Value, table, who_did
from storage.company import LogLine

READ: Final = frozenset({"SensitiveRead", "RoomRead", "SubjectsRead", "DossierHandedOut"})
"""Lines of the company's log: who read, or took away, what is sensitive."""

ERASED: Final = frozenset({"DataErased"})

READS: Final = READ | ERASED

LOOKED: Final = frozenset({"audit", "company_log", "room", "room_keys"})
"""Looks of a person that open no private words: pages that tell who did what, a room's page."""

ENTERED: Final = frozenset({"entered", "proofs"})
"""Looks of an inspector that open none in any room: coming in, and the proofs."""

CORRECTIONS: Final = frozenset(
    "GoodsCountCorrected DisposalCorrected AuthorityActWithdrawn RecordConfirmed FactRecorded"
    " StatementChanged StatementFlagged".split()
)
"""Types of entries by which people say that something on the record is wrong."""

BASIS: Final = {"DutyDetermined": "counsel_view"}
"""On what the privilege of a type of entry rests; of every other, that counsel's paper is in it."""

Rows = Iterator[tuple[tuple[Value, ...], tuple[int, ...]]]


def is_it_whole(record: Record) -> Answer:
    """Answer question 10 from the verdict, the entries and the company's log."""
    faults = record.verdict.faults if record.verdict else ()
    corrected, privileged = _corrected(record), privilege_table(record)
    erased, late = _erasures(record), _late(record)
    reads, looks = _reads(record, "reads", opened=True), _reads(record, "looks", opened=False)
    return Answer(
        number=10,
        facts={
            **_proved(record),
            "corrected": len(corrected.rows),
            "privileged": len(privileged.rows),
            "erased": len(erased.rows),
            "late": len(late.rows),
            "on_behalf": sum(bool(one.actor.on_behalf_of) for one in record.entries),
            "reads": len(reads.rows),
            "readers": len(set(reads.column("who"))),
            "looks": len(looks.rows),
        },
        tables=(
            table(
                "faults",
                "fault:fault entry what",
                [((one.kind, one.seq or None, one.what), (one.seq,)) for one in faults],
            ),
            corrected,
            privileged,
            erased,
            late,
            reads,
            looks,
            table(
                "heads",
                "size signed_at root",
                [((size, at, root), (size,)) for size, at, root in record.heads],
            ),
        ),
    )


def _proved(record: Record) -> dict[str, Value]:
    """Give the verdict, and how far the record is signed."""
    verdict, heads = record.verdict, record.heads
    return {
        "whole": not verdict.faults if verdict else None,
        "entries": len(verdict.numbers) if verdict else len(record.entries),
        "computed": verdict.computed if verdict else "",
        "stored": verdict.stored if verdict else "",
        "faults": len(verdict.faults) if verdict else 0,
        "signed_heads": len(heads),
        "last_signed_at": heads[-1][1] if heads else None,
        "last_signed_size": heads[-1][0] if heads else None,
    }


def _late(record: Record) -> Table:
    """List what was entered after it happened, and after how many seconds."""
    return table(
        "late",
        "recorded_at happened_at late_s:span what:event who:person on_behalf_of:person",
        [
            (
                (
                    one.recorded_at,
                    one.happened_at,
                    int((one.recorded_at - one.happened_at).total_seconds()),
                    event_spec(one.event).name,
                    one.actor.id,
                    one.actor.on_behalf_of or "",
                ),
                (one.seq,),
            )
            for one in record.entries
            if one.backfilled
        ],
    )


def _reads(record: Record, key: str, *, opened: bool) -> Table:
    """List who read what, as the company's log has it: private words, or all else that is noted."""
    return table(
        key,
        "line at who:person what:read entry",
        [
            (
                (one.seq, one.at, _reader(one), _what(one), one.body.get("entry")),
                (_number(one.body.get("entry")),),
            )
            for one in record.log
            if one.type in READ and _is_here(one, record) and _opens(one, record) is opened
        ],
    )


def _opens(line: LogLine, record: Record) -> bool:
    """Say whether a line tells of private words that were opened.

    A report to an authority counts: its words of the case come out of the vault. What an inspector
    looks at does where their room shows more than open words.
    """
    if line.type == "RoomRead":
        room = next((o for o in record.state.people.rooms if o.id == line.body.get("room")), None)
        shows = room is None or any(one is not Access.OPEN for one in room.classes)
        return shows and line.body.get("part") not in ENTERED
    return line.type == "SensitiveRead" and line.body.get("what", "entry") not in LOOKED


def _what(line: LogLine) -> str:
    """Say what was read: its kind and, behind a colon, which one of its kind."""
    if line.type == "RoomRead":
        return f"in_room:{line.body.get('part', '')}"
    if line.type != "SensitiveRead":
        return line.type
    what = str(line.body.get("what", "entry"))
    which = str(line.body.get("entry", "") or line.body.get("item", ""))
    return f"{what}:{which}" if which else what


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _reader(line: LogLine) -> str:
    """Say who read: a person, or the inspector of a room."""
    return str(line.body.get("person") or line.body.get("who") or line.body.get("room", ""))


def _is_here(line: LogLine, record: Record) -> bool:
    return record.state.id in (line.body.get("incident"), line.body.get("stream"))


def _corrected(record: Record) -> Table:
    """List what was put right by a later entry: the entry before it stays as it was."""
    return table(
        "corrected",
        "at what:event who:person reason",
        [
            ((one.at, event_spec(one.event).name, who_did(one), _why(one.event)), (one.seq,))
            for one in record.entries
            if event_spec(one.event).name in CORRECTIONS and _puts_right(one.event)
        ],
    )


def _puts_right(happened: Any) -> bool:
    """Say whether an event of these types says that something before it was wrong."""
    if isinstance(happened, FactRecorded):
        return happened.status is FactStatus.RETRACTED
    return not getattr(happened, "is_right", False)


def _why(happened: Any) -> str:
    return next(
        (str(v) for n in ("reason", "why", "what", "note") if (v := getattr(happened, n, ""))), ""
    )


# ---------------------------------------------------------------- the privilege log


def privilege_table(record: Record) -> Table:
    """List every entry and sealed text of access class privileged: that it is there, never what.

    `closed_to` names the vault texts of this class by reference; the words stay where they are.
    """
    return table(
        "privileged",
        "number at author:person roles:roles kind:event held:privileged_held visible_to:roles"
        " basis:privilege_basis",
        _privileged(record),
    )


def _privileged(record: Record) -> Rows:
    may = tuple(sorted(str(role) for role in SEES[Access.PRIVILEGED]))
    for one in record.entries:
        spec = event_spec(one.event)
        held = _held(record, one.seq)
        if spec.access is not Access.PRIVILEGED and not held:
            continue
        yield (
            (
                one.seq,
                one.recorded_at,
                who_did(one),
                tuple(str(role) for role in one.actor.roles),
                spec.name,
                held or ("entry",),
                may,
                BASIS.get(spec.name, "counsel_paper"),
            ),
            (one.seq,),
        )


def _held(record: Record, seq: int) -> tuple[str, ...]:
    """Say what of an entry is closed under privilege: texts, files, and which were erased."""
    return tuple(sorted(record.closed_to.get(seq, ())))


def _erasures(record: Record) -> Table:
    """List what was erased: from the company's log, and sealed texts whose key is gone."""
    rows: list[tuple[tuple[Value, ...], tuple[int, ...]]] = []
    told = set()
    for one in record.log:
        if one.type in ERASED and _is_here(one, record):
            who, why = str(one.body.get("by", "")), str(one.body.get("basis", ""))
            subjects = ", ".join(map(str, one.body.get("subjects", ())))
            at = str(one.body.get("erased_at", ""))
            seqs = tuple(seq for seq, gone in record.erased.items() if instant_text(gone) == at)
            told |= set(seqs)
            rows.append(((one.at, who, subjects, why, one.seq), seqs))
    rows += [
        ((at, "", "", "key_gone", None), (seq,))
        for seq, at in sorted(record.erased.items())
        if seq not in told
    ]
    return table("erased", "at who:person subject reason:erased_why line", rows)
