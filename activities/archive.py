"""Copying closed histories before anything could delete them.

What belongs here: the `archive` schedule's work. What never does: reading what a history says, or
telling of one that is gone (activities/lost_histories.py). Histories stay encrypted as the server
holds them; who replays one needs the key ring.

The rounds themselves (`round/sweep` and the like) are not copied: they decide nothing, and there
are two thousand of them a day.
"""

import hashlib
import zlib
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.engine import Engine
from temporalio import activity
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

from activities import moment
from activities.history_marks import continued_from, made_with
from activities.lost_histories import LostHistories
from domain.envelope import Watched
from domain.errors import NotWhole
from domain.values import stream_of
from storage import archive, company, streams
from storage.blobs import BlobDirectory, BlobLabel, put_blob

AT_ONCE = 200
"""Closed runs copied in one round, the oldest first; the next round goes on."""

ROUND = "round/"
"""What the ids of the house's own rounds begin with."""

BACK = timedelta(days=2)
"""How far before the newest archived run a round looks: lists of closed runs come late, clocks of
servers differ, and of several that closed together some may have had to wait."""


class ArchiveActivities:
    """Activities over the Temporal server, the archive and the blobs."""

    def __init__(
        self, client: Client, engine: Engine, blobs: BlobDirectory, lost: LostHistories
    ) -> None:
        """Keep the client, the engine, where blobs lie, and who looks for what is gone."""
        self._client = client
        self._engine = engine
        self._blobs = blobs
        self._lost = lost

    @activity.defn(name="archive_histories")
    async def archive_histories(self) -> Watched:
        """Copy every closed run the archive lacks, and say when an archived one is gone."""
        closed = await self._closed()
        lacking = archive.unarchived(self._engine, closed)
        lacking.sort(key=lambda key: closed[key].close_time or moment.now())
        for key in lacking[:AT_ONCE]:
            await self._copy(closed[key])
            activity.heartbeat(key[0])
        await self._lost.look({workflow_id for workflow_id, _ in lacking[AT_ONCE:]})
        found = [workflow_id for workflow_id, _ in lacking[:AT_ONCE]]
        return Watched(looked_at=len(closed), found=found)

    async def _closed(self) -> dict[tuple[str, str], WorkflowExecution]:
        """List the closed runs that the archive may lack: those since the newest that it has."""
        query = f"ExecutionStatus != 'Running' AND WorkflowId NOT STARTS_WITH '{ROUND}'"
        newest = archive.newest(self._engine)
        if newest is not None:
            query += f" AND CloseTime > '{(newest - BACK).isoformat()}'"
        closed = {}
        async for run in self._client.list_workflows(query):
            closed[(run.id, run.run_id)] = run
            activity.heartbeat(len(closed))
        return closed

    async def _copy(self, run: WorkflowExecution) -> None:
        """Keep a run's history; one that the server just forgot is told of as lost, not here."""
        handle = self._client.get_workflow_handle(run.id, run_id=run.run_id)
        try:
            history = await handle.fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await self._lost.tell(run.id, run.run_id)
            return
        text = history.to_json().encode()
        now = moment.now()
        blob = put_blob(
            self._engine,
            self._blobs,
            zlib.compress(text),
            BlobLabel(media_type="application/zlib", stored_at=now),
        )
        closed_at = run.close_time or now
        build, sdk = made_with(history.events)
        kept = archive.keep_run(
            self._engine,
            archive.ArchivedRun(
                workflow_id=run.id,
                run_id=run.run_id,
                closed_at=closed_at,
                build=build,
                events=len(history.events),
                sha256=hashlib.sha256(text).hexdigest(),
                blob=blob.sha256,
                kind=run.workflow_type,
                sdk=sdk,
                rules=self._rules(run.id, closed_at),
                status="" if run.status is None else run.status.name.lower(),
                continued_from=continued_from(history.events),
            ),
        )
        if kept:
            company.log(self._engine, now, company.ARCHIVED, {"workflow": run.id})

    def _rules(self, workflow_id: str, closed_at: datetime) -> str:
        """Name the rules that the run's stream stood under when it closed; '' where none is."""
        with suppress(NotWhole):
            return streams.rules_at(self._engine, stream_of(workflow_id), closed_at)
        return ""
