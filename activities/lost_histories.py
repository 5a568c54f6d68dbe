"""Histories that are gone from the server and from the archive: finding them, and the alarm.

What belongs here: holding the archive against the ledger and the server. What never does: copying a
history (activities/archive.py), or what one says.

Every stream that has an entry was decided by a workflow. Its history is with the server while it is
there, and in the archive from when its run closed. What is in neither can never be replayed again,
whatever the ledger still proves.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.engine import Engine
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities import moment
from activities.history_marks import continued_from
from activities.messages import letters
from activities.speaking import Speeches
from activities.team_outbox import TeamOutbox
from domain.envelope import Told
from domain.people import Role
from domain.values import stream_of
from storage import archive, cases, company, incidents, people
from storage.blobs import BlobDirectory

LOST = "history_lost"
"""The kind of the line in the company's log, and of the letter."""

LOOK_EVERY = timedelta(hours=1)
"""How often all of the archive is looked through; rounds come more often."""


class LostHistories:
    """Looks for what is in neither place, and tells of each once."""

    def __init__(
        self,
        client: Client,
        engine: Engine,
        blobs: BlobDirectory,
        team: TeamOutbox,
        console: str,
    ) -> None:
        """Keep the server, the engine, where blobs lie, and how the team is told."""
        self._client = client
        self._engine = engine
        self._blobs = blobs
        self._team = team
        self._console = console
        self._speeches = Speeches(engine)
        self._looked_at: datetime | None = None

    async def look(self, waiting: Collection[str]) -> None:
        """Look through the archive, once in a while; `waiting` workflows are copied later."""
        now = moment.now()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY:
            return
        kept = archive.links(self._engine)
        for link in kept:
            if not self._blobs.path(link.blob).exists():
                await self.tell(link.workflow_id, link.run_id)
        told = {(line.body["workflow"], line.body["run"]) for line in self._lines()}
        there = {link.run_id for link in kept}
        for workflow_id, run_id in self._unkept(kept, waiting):
            asked = [(workflow_id, run_id)]
            while asked:
                activity.heartbeat(workflow_id)
                one = asked.pop()
                before = await self._before(*one)
                if before is None and one not in told:
                    await self.tell(*one)
                elif before and before not in there:
                    asked.append((workflow_id, before))
        self._looked_at = now

    def _unkept(
        self, kept: Sequence[archive.Link], waiting: Collection[str]
    ) -> Iterator[tuple[str, str]]:
        """Give the runs that the server must have; '' for whichever run of a workflow is last."""
        there = {link.run_id for link in kept}
        for link in kept:
            if link.continued_from and link.continued_from not in there:
                yield link.workflow_id, link.continued_from
        ended = {link.workflow_id for link in kept if link.status != archive.CONTINUED}
        for workflow_id in self._deciding():
            if workflow_id not in ended and workflow_id not in waiting:
                yield workflow_id, ""

    def _deciding(self) -> Iterator[str]:
        """Name every workflow that decided entries of the ledger."""
        for incident, runs in incidents.runs_recorded(self._engine):
            yield from (f"{incident}/{number}" for number in range(1, runs + 1))
        yield from cases.recorded(self._engine)

    async def _before(self, workflow_id: str, run_id: str) -> str | None:
        """Name the run that one on the server went on from ('': from none); None if it is gone."""
        handle = self._client.get_workflow_handle(workflow_id, run_id=run_id or None)
        try:
            async for first in handle.fetch_history_events(page_size=1):
                return continued_from([first])
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        return None

    async def tell(self, workflow_id: str, run_id: str) -> None:
        """Write one line into the company's log and tell whoever is on duty; once for a run."""
        body = {"workflow": workflow_id, "run": run_id}
        if any(line.body == body for line in self._lines()):
            return
        wanted = {str(Role.ADMIN), str(Role.DUTY_OFFICER)}
        readers = [one for one in people.list_people(self._engine) if wanted & set(one.roles)]
        told = Told(
            f"archive:{workflow_id}:{run_id}",
            stream_of(workflow_id),
            "",
            {"kind": LOST, "workflow": workflow_id},
        )
        self._team.keep(letters(told, readers, self._speeches, self._console))
        company.log(self._engine, moment.now(), LOST, body)

    def _lines(self) -> list[company.LogLine]:
        return company.lines_of(self._engine, {LOST})
