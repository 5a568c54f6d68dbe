"""Signed heads, and proofs over the record, for whoever verifies away from our server.

What belongs here: the form of the answers. What never does: believing any of it: a client checks
the signature with a key that it was given by another way, and the path by RFC 6962.
"""

import base64
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.access import Reader, TheHouse
from api.errors import Json
from api.openapi import problems
from domain.canonical import sha256_hex
from domain.wire import instant_text
from services import proving, reading
from services.signing_keys import keys_of, origin_of
from storage.heads import LOG, SignedHead
from storage.stamps import KeptStamp

router = APIRouter(prefix="/api", tags=["ledger"])

Number = Annotated[int, Query(ge=1, le=2**53)]
After = Annotated[int, Query(ge=0, le=2**53, description="Heads of more entries than this.")]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.get("/keys", operation_id="verifier_keys", responses=problems(401))
def keys(house: TheHouse, _who: Reader) -> Json:
    """Give the public keys that verify heads, the newest last, as C2SP verifier keys."""
    told = [key.text() for key in keys_of(house)]
    return Json({"origin": origin_of(house), "keys": told})


@router.get("/incidents/{incident}/heads", operation_id="heads", responses=problems(401, 404, 422))
def heads_of_incident(
    house: TheHouse, who: Reader, incident: str, after: After = 0, limit: Limit = 100
) -> Json:
    """List the signed heads of an incident's ledger, oldest first; `unsigned` entries are younger.

    Each is a C2SP checkpoint in a signed note. Its `stamps` are those of the first heads of the
    company's log that cover it: `size` lines, and `at` by the authority's clock (RFC 3161).
    """
    row = reading.visible(house, who.actor, incident)
    found = proving.heads_after(house, row.id, after, limit)
    stamped = proving.stamps_of(house, row.id, found)
    told = {"incident": row.id, "unsigned": proving.unsigned(house, row.id)}
    return _heads(found, told, stamped)


@router.get(
    "/incidents/{incident}/proof", operation_id="proof", responses=problems(401, 404, 409, 422)
)
def proof(house: TheHouse, who: Reader, incident: str, entry: Number) -> Json:
    """Prove that an entry stands under the first signed head that covers it (RFC 6962, 2.1.1)."""
    row = reading.visible(house, who.actor, incident)
    return Json(_included(proving.inclusion(house, row.id, entry)))


@router.get(
    "/incidents/{incident}/consistency",
    operation_id="consistency",
    responses=problems(401, 404, 409, 422),
)
def consistency(house: TheHouse, who: Reader, incident: str, first: Number, second: Number) -> Json:
    """Prove that the ledger under one head begins with all of an earlier one (RFC 6962, 2.1.2)."""
    row = reading.visible(house, who.actor, incident)
    return Json(_consistent(proving.consistency(house, row.id, first, second)))


@router.get("/heads", operation_id="log_heads", responses=problems(401, 403, 422))
def heads_of_log(house: TheHouse, who: Reader, after: After = 0, limit: Limit = 100) -> Json:
    """List the signed heads of the company's log, which is over the heads of all incidents.

    Where an authority stamped one, `stamps` has its answer (RFC 3161), in base64.
    """
    proving.require_reads_log(who.actor)
    found = proving.heads_after(house, LOG, after, limit)
    stamped = proving.stamps_of_log(house, found)
    return _heads(found, {"unsigned": proving.unsigned(house, LOG)}, stamped)


@router.get("/heads/proof", operation_id="log_proof", responses=problems(401, 403, 404, 409, 422))
def log_proof(house: TheHouse, who: Reader, line: Number) -> Json:
    """Prove that a line of the company's log stands under the first signed head that covers it."""
    proving.require_reads_log(who.actor)
    return Json(_included(proving.inclusion(house, LOG, line)))


@router.get(
    "/heads/consistency",
    operation_id="log_consistency",
    responses=problems(401, 403, 404, 409, 422),
)
def log_consistency(house: TheHouse, who: Reader, first: Number, second: Number) -> Json:
    """Prove that the company's log under one head begins with all of an earlier one."""
    proving.require_reads_log(who.actor)
    return Json(_consistent(proving.consistency(house, LOG, first, second)))


def _heads(
    found: list[SignedHead], told: dict[str, Any], stamped: Mapping[int, list[KeptStamp]]
) -> Json:
    rows = [
        {**_head(one), "stamps": [_stamp(each, one) for each in stamped.get(one.size, [])]}
        for one in found
    ]
    return Json({**told, "heads": rows})


def _stamp(stamp: KeptStamp, head: SignedHead) -> dict[str, Any]:
    told = {
        "authority": stamp.authority,
        "at": instant_text(stamp.at),
        "size": stamp.size,
        "sha256": sha256_hex(stamp.answer),
    }
    if head.stream == LOG:
        told["answer"] = base64.b64encode(stamp.answer).decode()
    return told


def _head(head: SignedHead) -> dict[str, Any]:
    signed_at = instant_text(head.signed_at)
    return {"size": head.size, "root": head.root, "signed_at": signed_at, "note": head.note}


def _included(made: proving.Inclusion) -> dict[str, Any]:
    return {
        "stream": made.stream,
        "number": made.seq,
        "leaf": made.leaf,
        "path": list(made.path),
        "head": _head(made.head),
    }


def _consistent(made: proving.Consistency) -> dict[str, Any]:
    return {
        "stream": made.stream,
        "first": _head(made.first),
        "second": _head(made.second),
        "path": list(made.path),
    }
