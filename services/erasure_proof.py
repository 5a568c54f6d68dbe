"""Which lines of the company's log prove an erasure: those that this installation wrote.

What belongs here: the mark of a `DataErased` line, and whether one follows from its request. What
never does: erasing (services/erasing.py), or a verdict (services/verifying_files.py).

Whoever can write to the database alone can destroy a key and append a line that says it was
erased; the next round signs that line as any other. So the line bears a mark under a key of the
ring, over all it says and every subject that went. A line without one, of a build before marks
were, counts where the register of erasures names its subjects: that lies outside the database too.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from domain.canonical import canonical
from domain.erasure import ASKED, DONE, ENDS
from domain.errors import BrokenSetup, Malformed
from integrations.erasure_register import ErasedLine, ErasureRegister, Of
from services import link_marks
from services.house import House
from storage import company

KEY_OF_LINES: Final = b"andon/erased-line/1"

MARK: Final = "mark"
"""Under this name the mark stands in the line; it is over everything else that stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """One line that proves an erasure: every subject that went with it, and what it says."""

    subjects: frozenset[str]
    body: Mapping[str, Any]
    is_marked: bool


def marked(house: House, body: Mapping[str, Any], subjects: Collection[str]) -> dict[str, Any]:
    """Give what a line says, with the mark over it and the subjects that go."""
    key = link_marks.current_key(house.ring, KEY_OF_LINES)
    return {**body, MARK: link_marks.mark(key, *_parts(body, subjects))}


def proven(house: House) -> Iterator[Proven]:
    """Give every line that tells of an erasure and is proved: by its mark, or by the register.

    It ends a request that was asked before, by another person, for the same subjects, and that
    nobody withdrew. What somebody else wrote there is passed over, however it is made.
    """
    asked: dict[str, Mapping[str, Any]] = {}
    named = registered(house).keys()
    for line in company.lines_of(house.engine, (ASKED, *ENDS)):
        if line.type == ASKED:
            asked[f"E{line.seq}"] = line.body
            continue
        try:
            request = asked.pop(line.body["erasure"], None)
            if request is None or line.type != DONE or not _follows(line.body, request):
                continue
            subjects = frozenset(map(str, (*line.body["subjects"], _own(request))))
            is_marked = _is_marked(house, line.body, subjects)
        except (AttributeError, KeyError, Malformed, TypeError):
            continue
        if is_marked or subjects <= named:
            yield Proven(subjects=subjects, body=line.body, is_marked=is_marked)


def _own(request: Mapping[str, Any]) -> str:
    """Name the subject under whose key the addresses of a request lie: it goes with it."""
    return str(request["addresses"]["subject"])


def _follows(body: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    return bool(
        sorted(body["subjects"]) == sorted(request["subjects"])
        and body["asked_by"] == request["by"]
        and body["by"] != request["by"]
    )


def _is_marked(house: House, body: Mapping[str, Any], subjects: Collection[str]) -> bool:
    theirs = body.get(MARK)
    if not isinstance(theirs, str):
        return False
    said = _parts({name: part for name, part in body.items() if name != MARK}, subjects)
    keys = link_marks.every_key(house.ring, KEY_OF_LINES)
    return any(link_marks.same(link_marks.mark(key, *said), theirs) for key in keys)


def _parts(body: Mapping[str, Any], subjects: Collection[str]) -> tuple[str, ...]:
    return (canonical(dict(body)).decode(), *sorted(set(subjects)))


def registered(house: House) -> dict[str, ErasedLine]:
    """Give the subjects of the register; what it has from the database alone proves nothing.

    Where it is not there, or cannot be opened, it names nobody.
    """
    try:
        lines = ErasureRegister(house.settings.erasure_register_file).read().named(Of.SUBJECT)
    except BrokenSetup:
        return {}
    return {name: line for name, line in lines.items() if not line.untold}
