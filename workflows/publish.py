"""Brings approved bytes out to each place and reads them back.

What belongs here: one version of one text, its places, reporting what stands where. What never
does: approving, or another text: the publisher refuses bytes with another hash, and the incident
compares what was read back. Places are independent: one that cannot be reached delays no other, and
a mail server that takes its time not the word that our own page is out.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from temporalio import workflow
from temporalio.exceptions import ActivityError

from domain.envelope import OutcomeBatch, Publication, PublishStart
from domain.mailed import NotMailed
from domain.message import to_wire
from domain.publication import Placed, ReportPublication
from domain.statement_places import is_by_hand
from domain.wire import decode
from workflows import calls, ids
from workflows.reporting import Bearer, why_not

OWN_PLACES_FIRST: Final = "own-places-are-reported-alone"
"""Before this patch all places were reported together, when the slowest was done."""


@workflow.defn(name="Publish")
class PublishWorkflow:
    """One order to publish one version of one statement."""

    @workflow.run
    async def run(self, start: PublishStart) -> str:
        """Publish at every place, read back; report our own and those of others, each once."""
        own = [place for place in start.places if not is_by_hand(place)]
        others = [place for place in start.places if is_by_hand(place)]
        if not (own and others) or not workflow.patched(OWN_PLACES_FIRST):
            await self._published(start, start.places, "published")
        else:
            await asyncio.gather(
                self._published(start, own, "published"),
                self._published(start, others, "published-elsewhere"),
            )
        return f"{len(start.places)} places"

    async def _published(self, start: PublishStart, places: Sequence[str], key: str) -> None:
        """Bring the text to some places, and report together what became of it there."""
        placed = await asyncio.gather(*(self._place(start, place) for place in places))
        command = ReportPublication(
            statement=start.statement, version=start.version, places=tuple(placed)
        )
        await Bearer(start).bring(OutcomeBatch(f"{workflow.info().run_id}:{key}", to_wire(command)))

    async def _place(self, start: PublishStart, place: str) -> Placed:
        """Bring the text to one place; only what the publisher reaches itself is read back."""
        publication = Publication(
            effect_key=ids.effect_key(start.incident_workflow, start.seq, "publish", place),
            incident=start.incident,
            statement=start.statement,
            version=start.version,
            sha256=start.sha256,
            place=place,
            drill=start.drill,
            entry=start.entry,
        )
        try:
            stands = await calls.publish_statement(publication)
            if not is_by_hand(place):
                stands = await calls.read_back_statement(publication)
        except ActivityError as error:
            return Placed(place=place, link="", read_back="", error=why_not(error))
        return Placed(
            place=place,
            link=stands.link,
            read_back=stands.read_back,
            error="",
            sent_to=tuple(stands.sent_to),
            not_sent_to=tuple(stands.not_sent_to),
            mailed=tuple(stands.mailed),
            not_mailed=tuple(decode(NotMailed, missed) for missed in stands.not_mailed),
        )
