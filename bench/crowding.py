"""A crowd at the public notice: the page, and "is mine affected?" with the lots a scope holds.

What belongs here: calls as a browser sends them, with and without what its cache knows, beside the
answer of the same server that reads nothing (`/health/live`). What never does: a limit.
"""

import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2

from bench.acting import GENERAL, act, quiet, report, state_of
from bench.figures import Figures, milliseconds
from bench.installation import Installation, running
from bench.sink import Sink
from domain.canonical import sha256_hex
from domain.lot_check import index_of
from domain.people import Role
from domain.statement_text import Bundle, Rendition
from domain.values import PublicText
from storage import catalog, publications

LOTS = 4_000
"""Near the most that one act may list (domain/wire.py, LIST_LIMIT)."""

MANY_LOTS = 100_000
RUNS = 300
WARM_UP = 20

Ask = Callable[[], Coroutine[Any, Any, httpx2.Response]]


async def crowding() -> Figures:
    """Measure page and lot check one after the other, and the check alone with 100,000 lots."""
    async with Sink() as sink, running(sink.url) as place:
        name, lots = await _published(place)
        page = f"/recalls/{name}"
        known = {"If-None-Match": (await place.api.get(page)).headers["etag"]}
        figures = {
            **await _timed("public_page", lambda: place.api.get(page)),
            **await _timed("public_page_cached", lambda: place.api.get(page, headers=known)),
            **await _timed(
                "lot_check", lambda: place.api.get(page, params={"lot": secrets.choice(lots)})
            ),
            **await _timed("bare_answer", lambda: place.api.get("/health/live")),
        }
    return {**figures, "lots_in_scope": len(lots), **_index_alone()}


async def _timed(name: str, ask: Ask) -> Figures:
    times = []
    for run in range(-WARM_UP, RUNS):
        began = time.perf_counter()
        answer = await ask()
        took = time.perf_counter() - began
        if answer.is_error:
            raise RuntimeError(f"{name}: {answer.status_code} {answer.text[:200]}")
        if run >= 0:
            times.append(took)
    return milliseconds(name, times)


def _index_alone() -> Figures:
    """Look up lots in an index of 100,000, none of them asked twice."""
    index = index_of(f"LOT{number:07}" for number in range(MANY_LOTS))
    began = time.perf_counter()
    for number in range(0, MANY_LOTS, 10):
        if index.check(f"lot-{number:07}").lot != f"LOT{number:07}":
            raise RuntimeError(f"lot {number} was not found")
    took = (time.perf_counter() - began) / (MANY_LOTS / 10)
    return {"lot_index_100k_us": round(took * 1e6, 2)}


async def _published(place: Installation) -> tuple[str, list[str]]:
    """Set a scope of many lots, and put a notice of about 4,000 characters beside it."""
    incident = (await report(place, GENERAL)).id
    await act(place, Role.DUTY_OFFICER, incident, "report/accept_report", reason="Two calls.")
    lots = [f"L{number:06}" for number in range(LOTS)]
    product = place.company.lots[0].product
    like = catalog.lots_of(place.house.engine, product)[0]
    catalog.put_lots(place.house.engine, [replace(like, id=lot, number=lot) for lot in lots])
    await act(
        place, Role.QUALITY, incident, "recall/set_scope",
        products=[product], lots=[{"lot": lot, "product": product} for lot in lots],
        markets=["CN"], reason="The same bulk.",
    )  # fmt: skip
    await quiet(place, incident)
    state = state_of(place, incident)
    if state is None or len(state["recall"]["scope"]["lots"]) != LOTS:
        raise RuntimeError("The scope does not hold the lots.")
    words = PublicText("Stop using this product and keep the pack. " * 100)
    bundle = Bundle(
        incident=incident, statement="S1", version=1, kind="recall_notice", markets=("CN",),
        texts=(Rendition(language="en", title=PublicText("Product safety recall"), body=words),),
        facts_hash=sha256_hex(b""),
    )  # fmt: skip
    text = publications.StoredText(
        incident=incident, statement="S1", version=1, place="site", kind=bundle.kind, drill="",
        sha256=bundle.sha256(), at=datetime.now(UTC), content=bundle.content(),
    )  # fmt: skip
    publications.keep_text(place.house.engine, text)
    return f"{incident}-S1", lots
