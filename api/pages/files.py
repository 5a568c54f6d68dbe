"""Files in a form: kept before the act that names them, and not asked for again when it fails.

What belongs here: uploads of a form to addresses in a body. What never does: what a file may be
(services/evidence.py).
"""

from contextlib import suppress
from typing import get_args, get_origin, get_type_hints

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api.forms import NAMES
from api.pages.frame import Visit
from api.typed import Raw
from domain.canonical import sha256_hex
from domain.errors import AndonError, FieldError, NotConfirmed, NotFound
from domain.message import CommandSpec, private_access
from domain.people import Access
from domain.values import BlobId
from domain.wire import optional_of, travelling
from services import evidence
from services.evidence import Brought


def file_fields(spec: CommandSpec) -> list[str]:
    """Name the fields of a command that hold files."""
    hints, found = get_type_hints(spec.type), []
    for field in travelling(spec.type):
        tp = optional_of(hints[field.name]) or hints[field.name]
        if tp is BlobId or (get_origin(tp) is tuple and get_args(tp)[0] is BlobId):
            found.append(field.name)
    return found


def single_fields(spec: CommandSpec) -> frozenset[str]:
    """Name the fields of a command that hold one file and no list of them."""
    hints = get_type_hints(spec.type)
    return frozenset(
        name
        for name in file_fields(spec)
        if get_origin(optional_of(hints[name])) is not tuple
        and get_origin(hints[name]) is not tuple
    )


def names_of(guest: Visit, spec: CommandSpec, raw: Raw) -> Raw:
    """Name the files that a form begins with, for who may open them: a hash says nothing."""
    found = []
    for address in (one for name in file_fields(spec) for one in raw.get(name, [])):
        with suppress(NotFound):
            kept = evidence.open_evidence(guest.house, guest.who.actor, address)
            found.append(f"{address}:{kept.name}")
    return {NAMES: found} if found else {}


async def keep_files(
    guest: Visit, spec: CommandSpec, typed: FormData, raw: Raw, token: str
) -> tuple[FieldError, ...]:
    """Keep the files that came with a form and put their addresses into `raw`; give what failed.

    Raises NotConfirmed when there is no room for them now: pressing again may help.
    """
    faults: list[FieldError] = []
    classes, single = private_access(spec), single_fields(spec)
    for name in file_fields(spec):
        access = classes[name]
        for file in typed.getlist(name):
            if not isinstance(file, UploadFile) or not file.filename:
                continue
            content = await file.read()
            try:
                address = await run_in_threadpool(
                    _keep, guest, access, file.filename, content, token
                )
            except NotConfirmed:
                raise
            except AndonError as error:
                faults.append(FieldError(name, error.sentence))
                continue
            kept = raw.setdefault(name, [])
            if name in single:
                kept.clear()  # what is brought now counts before what was chosen or brought before
            if address not in kept:
                kept.append(address)
            raw.setdefault(NAMES, []).append(f"{address}:{file.filename}")
    return tuple(faults)


def _keep(guest: Visit, access: Access, name: str, content: bytes, token: str) -> str:
    brought = Brought(
        content=content,
        name=name,
        command_id=f"{guest.who.id}:{token}:{sha256_hex(content)[:32]}",
        private=True,
        access=access,
    )
    return evidence.keep(guest.house, guest.who.actor, brought).address
