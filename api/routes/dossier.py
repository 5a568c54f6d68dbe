"""The dossier over HTTP: an incident's whole record as one zip.

What belongs here: the file as an answer. What never does: what stands in it, or who may take it
(services/dossier.py).
"""

import base64
import tempfile
import threading
from collections.abc import Iterator
from typing import Annotated, BinaryIO, Final, cast

from fastapi import APIRouter, Query
from starlette.responses import Response, StreamingResponse

from api.access import Reader, TheHouse
from api.openapi import problems
from api.pages.dossier_timeline import WORDS
from domain.errors import Busy
from services import dossier
from services.dossier import Asked

router = APIRouter(prefix="/api/incidents", tags=["ledger"])

IN_MEMORY: Final = 16 * 1024 * 1024
CHUNK: Final = 256 * 1024
_turn: Final = threading.BoundedSemaphore(2)
"""Dossiers that are made at once: a large one keeps a core for a minute."""


@router.get(
    "/{incident}/dossier",
    operation_id="make_dossier",
    responses=problems(401, 403, 404, 409, 413, 422, 503),
)
def make_dossier(
    *,
    house: TheHouse,
    who: Reader,
    incident: str,
    redacted: Annotated[
        bool, Query(description="Without names of people and without files.")
    ] = False,
    private: Annotated[
        bool, Query(description="With the private texts and closed files that you may open.")
    ] = False,
) -> Response:
    """Make a zip of an incident's record: all of it, to be read and verified without this server.

    The company's log says who took it, before it is handed out.
    """
    asked = Asked(redacted=redacted, private=private)
    dossier.require_maker(house, who.actor, incident, asked)
    if not _turn.acquire(blocking=False):
        raise Busy("Two dossiers are being made already.", "Ask again in a minute.")
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed when it is handed out
    try:
        made = dossier.make(house, who.actor, incident, asked, WORDS, cast("BinaryIO", file))
    except BaseException:
        file.close()
        raise
    finally:
        _turn.release()
    kind = "-redacted" if redacted else "-private" if private else ""
    return StreamingResponse(
        _handed_out(cast("BinaryIO", file)),
        media_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{incident}-dossier{kind}.zip"',
            "Content-Length": str(made.bytes),
            "Cache-Control": "no-store",
            "Repr-Digest": f"sha-256=:{_base64(made.sha256)}:",
        },
    )


def _handed_out(file: BinaryIO) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _base64(sha256: str) -> str:
    return base64.b64encode(bytes.fromhex(sha256)).decode()
