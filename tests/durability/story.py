"""The story that is told while processes die: one incident, by the people of the plan.

What belongs here: who presses what, in which order, and what each must wait for. What never does: a
process, or a check of the outcome. Each step uses a key of its own, so that pressing again counts
once. A new stage adds its acts to `STAGES` and nothing else changes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from domain.people import Actor, Role
from domain.state import Incident
from domain.state.notice import Duty
from services.reading import see
from tests.durability.site import Site

CRITICAL = {"worst_outcome": "life_threatening", "people": 1, "whereabouts": "consumers"}
READER = Actor(id="auditor", roles=(Role.AUDITOR,))


def one(role: Role) -> Actor:
    """Give the one person of a role."""
    return Actor(id=str(role), roles=(role,))


AGENT = one(Role.SERVICE_AGENT)
COMMANDER = one(Role.INCIDENT_COMMANDER)
CHANNEL_LEAD = one(Role.CHANNEL_LEAD)
QUALITY = one(Role.QUALITY)
QUALITY_HEAD = one(Role.QUALITY_SAFETY_RESPONSIBLE)
LEGAL = one(Role.LEGAL)
REGULATORY = one(Role.REGULATORY_AFFAIRS)


@dataclass
class Telling:
    """One incident being told at a site; `tag` makes its keys its own."""

    site: Site
    tag: str
    more: dict[str, int] = field(default_factory=dict)
    incident: str = ""
    acts: int = 0

    async def does(self, who: Actor, command: str, **body: Any) -> dict[str, Any]:
        """Press until it is answered, and insist that it was done."""
        told = await self._press(who, command, body)
        assert "done" in told, f"{command} by {who.id}: {told}"
        return told

    async def refused(self, who: Actor, command: str, code: str, **body: Any) -> None:
        """Press until it is answered, and insist on a refusal for this reason."""
        told = await self._press(who, command, body)
        assert told.get("refused") == code, f"{command} by {who.id}: {told}"

    async def reports(self) -> None:
        """Open the incident."""
        body = {
            "first_known_at": "2026-11-22T01:00:00Z",
            "first_known_country": "CN",
            "products": ["cream"],
            "lots": ["L1"],
            "words": "My face swelled up an hour after I used it.",
            "answers": CRITICAL,
        }
        told = await self._press(AGENT, "report_problem", body)
        assert "incident" in told, told
        self.incident = told["incident"]

    async def _press(self, who: Actor, command: str, body: dict[str, Any]) -> dict[str, Any]:
        self.acts += 1
        return await self.site.press(
            who, command, body, f"{self.tag}:{self.acts}", incident=self.incident, more=self.more
        )

    async def state(self) -> Incident | None:
        """Look at the page."""
        return (await asyncio.to_thread(see, self.site.house, READER, self.incident)).state

    async def until(self, what: str, there: Callable[[Incident], bool]) -> Incident:
        """Wait until the recorded state is as asked."""
        began = time.monotonic()
        while time.monotonic() - began < self.site.patience_s:
            assert not self.site.broken, self.site.broken
            state = await self.state()
            if state is not None and there(state):
                return state
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.incident} never came to: {what}")


# ---------------------------------------------------------------- the stages


async def report_and_halt(telling: Telling) -> None:
    """A critical report stops every shop; who is written to is confirmed by telephone."""
    await telling.reports()
    await telling.until("all orders out", lambda s: _answered(s, len(s.halt.channels)))
    await telling.does(COMMANDER, "accept_report", reason="Two calls to the clinic.")
    await telling.refused(AGENT, "order_halt", "not_allowed", level="H3")
    state = await telling.until("all told", lambda s: bool(s.halt.channels))
    for channel, halt in state.halt.channels.items():
        if halt.state == "accepted":
            await telling.does(
                CHANNEL_LEAD, "confirm_channel", channel=channel, proof="By telephone.", units=12
            )
    await telling.does(QUALITY, "confirm_halt", number=1)
    await telling.does(
        CHANNEL_LEAD, "report_drift", channel="own_shop-1", how_seen="Bought one at 14:10."
    )
    await telling.does(CHANNEL_LEAD, "confirm_channel", channel="own_shop-1", proof="I was there.")


async def investigate(telling: Telling) -> None:
    """Facts are told and verified by somebody else."""
    fact = {"value": "L1", "as_of": "2026-11-22T02:00:00Z", "source": None}
    await telling.does(QUALITY, "record_fact", key="lot.suspect", **fact)
    await telling.does(QUALITY_HEAD, "verify_fact", key="lot.suspect", version=1, how="Batch log.")
    await asyncio.gather(
        telling.does(QUALITY, "record_fact", key="lot.made", **{**fact, "value": "12000"}),
        telling.does(LEGAL, "record_fact", key="lot.sold", **{**fact, "value": "3000"}),
        telling.does(COMMANDER, "record_lesson", text="Call the clinic first.", changes_plan=False),
    )


async def resume(telling: Telling) -> None:
    """Selling again takes two people; the same hand twice is refused."""
    await telling.does(COMMANDER, "resume_sale", basis="The laboratory found nothing, twice.")
    state = await telling.until("it waits for a signature", lambda s: bool(s.pending))
    act = list(state.pending)[-1]
    await telling.refused(COMMANDER, "sign_act", "four_eyes", act=act)
    await telling.does(QUALITY_HEAD, "sign_act", act=act)
    await telling.until(
        "all sell again", lambda s: all(h.state == "resumed" for h in s.halt.channels.values())
    )


async def notify(telling: Telling) -> None:
    """Duties get their due times from the calendar; two people determine that none is reportable."""
    state = await telling.until("due times", lambda s: all(d.due_at for d in _duties(s)))
    for duty in _duties(state):
        await telling.does(
            REGULATORY, "determine_not_reportable", duty=duty.id, reason="No lot left the house."
        )
        pending = list((await telling.until("a proposal", lambda s: bool(s.pending))).pending)
        await telling.does(LEGAL, "sign_act", act=pending[-1])


async def close(telling: Telling) -> None:
    """The incident is closed and sealed by three people."""
    await telling.does(COMMANDER, "close_incident", summary="Nothing was found.",
                       reason_for_open_items="Nothing else was asked.")  # fmt: skip
    state = await telling.until("it waits for signatures", lambda s: bool(s.pending))
    act = list(state.pending)[-1]
    await asyncio.gather(
        telling.does(QUALITY_HEAD, "sign_act", act=act), telling.does(LEGAL, "sign_act", act=act)
    )
    await telling.until("sealed", lambda s: s.review.closed_at is not None)


STAGES: tuple[Callable[[Telling], Awaitable[None]], ...] = (
    report_and_halt,
    investigate,
    resume,
    notify,
    close,
)
"""The story, stage after stage, as far as the plan runs."""


async def tell(site: Site, tag: str, **more: int) -> str:
    """Tell the whole story at a site; gives the incident's number."""
    telling = Telling(site, tag, more)
    for stage in STAGES:
        await stage(telling)
    return telling.incident


def _duties(state: Incident) -> list[Duty]:
    """List the duties that are open."""
    return [state.notice.duties[duty] for duty in state.notice.open_duties]


def _answered(state: Incident, count: int) -> bool:
    """Say whether every channel took its order: confirmed by itself, or accepted the letter."""
    told = [halt.state in ("accepted", "confirmed") for halt in state.halt.channels.values()]
    return count > 0 and all(told)
