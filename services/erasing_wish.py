"""What somebody wishes to erase, and what stands against it: words, holds, letters on their way.

What belongs here: the wish, and refusing it. What never does: recording a request, or destroying a
key (services/erasing.py).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from domain.erasure import Basis, Request, require_free
from domain.errors import FieldError, Malformed, NotFound, Refused
from domain.retention import Keeps
from domain.wire import TEXT_LIMIT, text_fault
from services import erased_files, retention, subjects
from services.house import House
from storage import outbox

SUBJECTS_AT_MOST: Final = 5_000
ADDRESSES_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks to erase: subjects of one stream ('' for what no entry names), and why.

    `addresses` are readers whose messages in the outbox are emptied; `despite` is what does not
    cover these data.
    """

    stream: str
    subjects: tuple[str, ...]
    basis: Basis
    reason: str
    reference: str = ""
    despite: tuple[Keeps, ...] = ()
    addresses: tuple[str, ...] = ()


def check_words(wish: Wish) -> None:
    """Insist on a reason and on something to erase, within bounds. Raises Malformed."""
    faults = []
    if not wish.reason.strip():
        faults.append(FieldError("reason", "Say why it is erased."))
    elif (fault := text_fault(wish.reason, TEXT_LIMIT)) is not None:
        faults.append(FieldError("reason", fault))
    if not wish.subjects and not wish.addresses:
        faults.append(FieldError("subjects", "Choose what is erased."))
    if len(wish.subjects) > SUBJECTS_AT_MOST or len(wish.addresses) > ADDRESSES_AT_MOST:
        faults.append(FieldError("subjects", "That is too much for one request."))
    if faults:
        raise Malformed(faults[0].sentence, "Nothing was changed.", fields=tuple(faults))


def require_nothing_keeps(house: House, wish: Wish) -> None:
    """Insist that nothing keeps what would go: of the stream, of letters, of who names the files.

    What an incident or case keeps is kept, from wherever somebody asks. A letter of an incident
    that is not there is kept by nothing.
    """
    if wish.stream:
        _require_place_free(house, wish.stream, wish.despite)
    for place in sorted(places_of(house, wish, wish.addresses) - {wish.stream}):
        try:
            _require_place_free(house, place, wish.despite)
        except NotFound:
            continue
        except Refused as error:
            raise Refused(
                f"A message or a file that would go is of {place} too.",
                error.sentence,
                code=error.code,
            ) from error


def places_of(house: House, one: Wish | Request, addresses: Collection[str]) -> set[str]:
    """Name the incidents and cases that would lose something."""
    places = {one.stream, *outbox.incidents_for(house.bulk, addresses)}
    files = subjects.files_of(house, one.subjects)
    places.update(*erased_files.places_of(house, files).values())
    return places - {""}


def _require_place_free(house: House, place: str, despite: Collection[Keeps]) -> None:
    require_free(retention.of(house, place).kept, house.now().date(), despite)


def require_sent(house: House, addresses: Collection[str]) -> None:
    """Insist that no message to these readers is on its way. Raises Refused."""
    if outbox.count_for(house.bulk, addresses)[1]:
        raise Refused(
            "A message to one of these addresses is on its way.",
            "Wait until it is sent or given up; then confirm again.",
            code="on_its_way",
        )
