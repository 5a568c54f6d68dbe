"""Do the time stamps that are kept belong to the signed heads, and lead to a root that is believed.

What belongs here: each stamp against the head that it is over. What never does: the heads
themselves (verifying_heads.py), or the words (cli/verify_house.py).
"""

from collections.abc import Iterator, Mapping, Sequence

from cryptography.x509 import Certificate

from domain.errors import Malformed
from domain.timestamp import read_stamp
from integrations.stamp_proofs import verified
from services.fault import Fault
from services.settings import Settings
from services.timestamps import authorities_of
from storage.heads import KeptHead
from storage.stamps import RawStamp
from storage.types import instant_column


def roots_by_authority(settings: Settings) -> dict[str, tuple[Certificate, ...]]:
    """Give the roots that the settings name, by authority. Raises BrokenSetup."""
    return {one.id: one.roots for one in authorities_of(settings)}


def stamp_faults(
    kept: Sequence[RawStamp],
    own: Sequence[KeptHead],
    roots: Mapping[str, Sequence[Certificate]],
    given: Sequence[Certificate],
) -> Iterator[Fault]:
    """Hold each stamp against its head, and against the roots: the `given` ones, else its own.

    `own` are the heads of the company's log. A stamp of whom nobody named a root of is held against
    its head alone.
    """
    notes = {one.size: one.note for one in own}
    for one in kept:
        about = f"{one.authority!s:.80}"
        note, believed = notes.get(one.size), given or roots.get(str(one.authority), ())
        if not isinstance(note, str):
            yield Fault(kind="stamp_headless", seq=one.size, what=about)
            continue
        content, answer = note.encode(), one.answer if isinstance(one.answer, bytes) else b""
        try:
            stamp = read_stamp(answer)
        except Malformed:
            yield Fault(kind="stamp_unreadable", seq=one.size, what=about)
            continue
        if not stamp.is_of(content):
            yield Fault(kind="stamp_imprint", seq=one.size, what=about)
        elif instant_column(stamp.at) != one.at:
            yield Fault(kind="stamp_row", seq=one.size, what=about)
        elif believed:
            try:
                verified(answer, content, believed)
            except Malformed:
                yield Fault(kind="stamp_untrusted", seq=one.size, what=about)
