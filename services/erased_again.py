"""What must be erased again: an older copy of the database, or of the files, was put back.

What belongs here: holding the register beside the ring against the database at every start, both
ways. What never does: deciding that something is erased (services/erasing.py).

The register knows what this database may have forgotten; the database knows what this machine's
register may not have heard of yet: another machine confirmed it, or the register was lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.errors import BrokenSetup
from integrations.erasure_register import ErasedLine, ErasureRegister, Of
from services import erased_files, erasing
from services.house import House
from storage import company, outbox
from storage import erasing as rows
from storage.erasing import LogLineToCome

AGAIN: Final = "ErasedAgain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reapplied:
    """What was erased anew; `broken` are lines of the register that nobody can read.

    `completed` are requests that were confirmed and of which the log had no word yet.
    """

    keys: int = 0
    files: int = 0
    letters: int = 0
    completed: tuple[str, ...] = ()
    broken: tuple[int, ...] = ()
    unwritten: str = ""

    @property
    def lines(self) -> list[str]:
        """Say it on the terminal; nothing where all was as it should be."""
        told = []
        if self.keys or self.files or self.letters:
            told.append(
                "An older copy was put back: erased again "
                f"{self.keys} keys, {self.files} files, {self.letters} messages."
            )
        if self.completed:
            names = ", ".join(self.completed)
            told.append(f"Confirmed before and completed now, erased for ever: {names}.")
        if self.broken:
            shown = ", ".join(map(str, self.broken[:5]))
            told.append(
                f"The register of erasures cannot be read in line {shown}: put it back from a copy."
            )
        return [*told, self.unwritten] if self.unwritten else told


def erase_again(house: House) -> Reapplied:
    """Destroy anew every key that the register knows and an older copy brought back.

    Raises BrokenSetup where the register is there and cannot be opened: it may know of people
    whose words must not be read.
    """
    register = ErasureRegister(house.settings.erasure_register_file)
    told = register.read()
    named = told.named(Of.SUBJECT)
    unwritten = _note_ours(house, register, named)
    # First, while the addresses of their letters can still be read.
    try:
        completed = erasing.complete(house, named)
    except BrokenSetup as error:  # the register cannot be written: what it names goes all the same
        completed, unwritten = [], f"{error.sentence} {error.hint}"
    # A key that went without a word takes nothing with it, neither evidence nor the key that a copy
    # brings back: whoever can write the database alone would destroy the copies, too.
    told_of = {name: line for name, line in named.items() if not line.untold}
    files = erased_files.remove(house, list(told_of)) if told_of else 0
    letters = _letters_again(house, told.named(Of.ADDRESS))
    # Last, with the line that tells of all: a power cut before leaves them to the next start.
    keys = _keys_again(house, told_of, files, letters)
    return Reapplied(
        keys=len(keys),
        files=files,
        letters=letters,
        completed=tuple(one.request.id for one in completed),
        broken=told.broken,
        unwritten=unwritten,
    )


def _note_ours(house: House, register: ErasureRegister, known: Mapping[str, ErasedLine]) -> str:
    """Write what the database knows into the register; says so where that cannot be done."""
    told = erasing.told_of(house)
    ours = [
        ErasedLine(
            of=Of.SUBJECT, name=subject, erased_at=at, ground=ground, untold=subject not in told
        )
        for subject, (at, ground) in rows.erased(house.engine).items()
        if subject not in known
    ]
    try:
        if ours:
            register.add(ours)
    except BrokenSetup as error:
        return f"{error.sentence} {error.hint}"
    return ""


def _keys_again(
    house: House, named: Mapping[str, ErasedLine], files: int, letters: int
) -> list[str]:
    """Destroy the keys that are back, with the line; of two starts each tells of what it did."""

    def told_of(gone: list[str]) -> LogLineToCome | None:
        body = {"subjects": gone, "files": files, "letters": letters}
        return LogLineToCome(kind=AGAIN, body=body) if gone or files or letters else None

    back = rows.with_key(house.engine, named)
    groups: dict[tuple[datetime, str], list[str]] = {}
    for subject in back:
        line = named[subject]
        groups.setdefault((line.erased_at, line.ground), []).append(subject)
    gone = []
    if back or files or letters:
        gone = rows.erase_groups(house.engine, groups, house.now(), told_of)
    if back or company.fact(house.engine, erasing.UNSWEPT) == "yes":
        erasing.sweep_keys(house)
    return gone


def _letters_again(house: House, marks: Mapping[str, ErasedLine]) -> int:
    if not marks:
        return 0
    emptied = 0
    for address in outbox.addresses(house.bulk):
        known = [marks[one] for one in erasing.marks_of(house, address) if one in marks]
        if known:
            until = max(line.erased_at for line in known)
            emptied += erasing.empty_letters(house, [address], until)
    return emptied
