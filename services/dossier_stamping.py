"""Putting time stamps into a dossier, where there are some.

What belongs here: the members about stamps as they are made. What never does: reading them
(services/dossier_stamps.py), or asking for a stamp (activities/stamps.py).
"""

from collections.abc import Iterator, Sequence

from domain.canonical import canonical
from domain.dossier import STAMPS, STAMPS_FOLDER, STAMPS_MOST, is_name
from domain.errors import BrokenSetup
from integrations.stamp_proofs import as_pem
from services.settings import Settings
from services.timestamps import authorities_of
from storage.stamps import KeptStamp


def stamp_members(
    settings: Settings, kept: Sequence[KeptStamp], notes: dict[int, str]
) -> Iterator[tuple[str, list[bytes]]]:
    """Give the index, each stamp, and the roots that the company believes; nothing of none."""
    chosen = [one for one in kept if one.size in notes][-STAMPS_MOST:]
    if not chosen:
        return
    roots = _roots(settings)
    rows = [
        {
            "authority": one.authority,
            "file": _name(one),
            "note": notes[one.size],
            "roots": _roots_name(one.authority) if one.authority in roots else "",
        }
        for one in chosen
    ]
    yield STAMPS, [canonical(rows)]
    for one in chosen:
        yield _name(one), [one.answer]
    for authority in sorted({one.authority for one in chosen} & roots.keys()):
        yield _roots_name(authority), [roots[authority]]


def _roots(settings: Settings) -> dict[str, bytes]:
    try:
        return {one.id: as_pem(one.roots) for one in authorities_of(settings)}
    except BrokenSetup:
        return {}  # the file is broken now; what was stamped stays stamped


def _name(stamp: KeptStamp) -> str:
    return f"{STAMPS_FOLDER}{stamp.size}-{stamp.authority}.tsr"


def _roots_name(authority: str) -> str:
    name = f"{STAMPS_FOLDER}{authority}.pem"
    # An authority may be called as a device is; no authority has a _ in its id.
    return name if is_name(name) else f"{STAMPS_FOLDER}{authority}_.pem"
