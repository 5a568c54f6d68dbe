"""A figure moves that ten published texts tell: until each is flagged and has its correction begun.

What belongs here: the act as a person does it, through the API, and looks at what is recorded,
beside an update of the bare program. What never does: how long people take to approve it.
"""

import asyncio
import time
from datetime import UTC, datetime

from bench.acting import GENERAL, State, act, quiet, report, until
from bench.cord import bare_worker
from bench.deciding import PAUSE_S, bare_act, bare_incident
from bench.figures import Figures, ratio, seconds
from bench.installation import Installation, running
from bench.sink import Sink
from domain.people import Role

TEXTS = 10
RUNS = 12
WARM_UP = 1
LOOK_S = 0.01
KIND = "update"
FACT = "units_sold"
APPROVERS = (Role.PR_LEAD, Role.LEGAL)
WORDS = {
    "zh-CN": ("进展通报", "该批次已售出{{units_sold}}件，我们仍在调查。"),
    "en": ("Update", "Of this lot, {{units_sold|units}} were sold. We are still looking into it."),
}
SEEN = (
    "phone_answers page_live remedy_ready staff_briefed authority_told trade_told"
    " promotion_stopped no_personal_data listed_parent_told"
).split()
"""What a person confirms at the gate."""


async def correcting() -> Figures:
    """Measure one change of a fact in each of some incidents, each with ten texts that are out."""
    ours, bare, calls = [], [], []
    async with Sink() as sink, running(sink.url) as place, bare_worker(place):
        handle = await bare_incident(place)
        for run in range(-WARM_UP, RUNS):
            incident = await _told_in_public(place)
            took, call = await _moved(place, incident, run)
            await asyncio.sleep(PAUSE_S)
            reference = await bare_act(handle)
            if run >= 0:
                ours.append(took)
                calls.append(call)
                bare.append(reference)
    figures = {
        **seconds("flag_and_draft", ours),
        **seconds("flag_and_draft_call", calls),
        **seconds("bare_flag_and_draft", bare),
    }
    figures["flag_and_draft_vs_bare"] = ratio(
        figures["flag_and_draft_p95_s"], figures["bare_flag_and_draft_p95_s"]
    )
    return figures


async def _moved(place: Installation, incident: str, run: int) -> tuple[float, float]:
    """Record another figure; give the time to the last flag and correction, and of the call."""
    await quiet(place, incident)
    began = time.perf_counter()
    call = await _recorded(place, incident, 5_000 + run)
    await until(place, incident, _is_flagged_and_begun, LOOK_S)
    return time.perf_counter() - began, call


def _is_flagged_and_begun(state: State) -> bool:
    texts = state["statement"]["statements"]
    out = {name for name, text in texts.items() if text["kind"] == KIND and text["flags"]}
    begun = {text["about"] for text in texts.values() if text["kind"] == "correction"}
    return len(out & begun) == TEXTS


async def _told_in_public(place: Installation) -> str:
    """Bring ten texts in two languages out that all tell the figure."""
    incident = (await report(place, GENERAL)).id
    await act(place, Role.DUTY_OFFICER, incident, "report/accept_report", reason="Two calls.")
    await _recorded(place, incident, 1_200)
    for number in range(1, TEXTS + 1):
        await _published(place, incident, f"S{number}")
    return incident


async def _recorded(place: Installation, incident: str, units: int) -> float:
    return await act(
        place, Role.QUALITY, incident, "investigation/record_fact",
        key=FACT, value=str(units), kind="number", as_of=datetime.now(UTC).isoformat(),
    )  # fmt: skip


async def _published(place: Installation, incident: str, name: str) -> None:
    texts = [{"language": each, "title": t, "body": b} for each, (t, b) in WORDS.items()]
    await act(
        place, Role.PR_OFFICER, incident, "statement/draft_statement",
        kind=KIND, markets=["CN"], texts=texts, preliminary=True, hand_in=True,
    )  # fmt: skip
    drafted = await until(place, incident, lambda state: name in state["statement"]["statements"])
    about = f"statement/{name}"
    read = {"sha256": drafted["statement"]["statements"][name]["sha256"]}
    for role in APPROVERS:
        await act(place, role, incident, f"{about}/approve_statement", **read)
    await act(
        place, Role.PR_LEAD, incident, f"{about}/publish_statement",
        places=["site"], confirmed=SEEN, **read,
    )  # fmt: skip
    await until(place, incident, lambda state: _status(state, name) == "published")


def _status(state: State, name: str) -> str:
    return str(state["statement"]["statements"][name]["status"])
