"""Files that people bring as evidence, and getting them back.

What belongs here: bytes in, bytes out, with headers that keep a browser from running them. What
never does: what a file may be (services/evidence.py).
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.access import Reader, TheHouse
from api.bodies import SentBeside
from api.errors import Json
from api.files_given import file_response
from api.openapi import problems
from domain.people import Access
from services import evidence
from services.evidence import Brought

router = APIRouter(prefix="/api/blobs", tags=["evidence"])


@router.post(
    "",
    status_code=201,
    operation_id="bring_file",
    responses=problems(401, 403, 413, 422, 503),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def bring(  # noqa: PLR0913 - what the framework hands in
    *,
    request: Request,
    house: TheHouse,
    who: Reader,
    beside: SentBeside,
    name: Annotated[str, Query(description="The file's name, kept encrypted.")] = "",
    private: Annotated[bool, Query(description="Seal it; false for what is public anyway.")] = True,
    access: Annotated[Access, Query(description="Who may open it.")] = Access.RESTRICTED,
) -> Response:
    """Keep a file of at most 15 MB (the body, as it is) and give the address a command names."""
    brought = Brought(
        content=await request.body(),
        name=name,
        command_id=beside.command_id(who.id),
        private=private,
        access=access,
    )
    kept = await run_in_threadpool(evidence.keep, house, who.actor, brought)
    return Json(
        {"id": kept.address, "media_type": kept.media_type, "size": kept.size},
        201,
        headers={"Location": f"/api/blobs/{kept.address}"},
    )


@router.get("/{address}", operation_id="open_file", responses=problems(401, 404))
def open_file(house: TheHouse, who: Reader, address: str) -> Response:
    """Give a file back to who may read it; only pictures are shown in place."""
    return file_response(evidence.open_evidence(house, who.actor, address), address)
