"""Copying closed histories before anything could delete them.

What belongs here: the `archive` schedule's work. What never does: reading what a history says.
Histories stay encrypted as the server holds them; who replays one needs the key ring.
"""

import hashlib
import zlib

from sqlalchemy.engine import Engine
from temporalio import activity
from temporalio.client import Client, WorkflowExecution

from activities import moment
from domain.envelope import Watched
from storage import archive, company
from storage.blobs import BlobDirectory, BlobLabel, put_blob

AT_ONCE = 200
"""Closed runs looked at in one round; the next round goes on."""


class ArchiveActivities:
    """Activities over the Temporal server, the archive and the blobs."""

    def __init__(self, client: Client, engine: Engine, blobs: BlobDirectory) -> None:
        """Keep the client, the engine and where blobs lie."""
        self._client = client
        self._engine = engine
        self._blobs = blobs

    @activity.defn(name="archive_histories")
    async def archive_histories(self) -> Watched:
        """Copy every closed run the archive lacks, and say when an archived one is gone."""
        closed = {}
        async for run in self._client.list_workflows("ExecutionStatus != 'Running'"):
            closed[(run.id, run.run_id)] = run
            activity.heartbeat(len(closed))
        lacking = archive.unarchived(self._engine, closed)[:AT_ONCE]
        for key in lacking:
            await self._copy(closed[key])
            activity.heartbeat(key[0])
        return Watched(looked_at=len(closed), found=[workflow_id for workflow_id, _ in lacking])

    async def _copy(self, run: WorkflowExecution) -> None:
        handle = self._client.get_workflow_handle(run.id, run_id=run.run_id)
        history = await handle.fetch_history()
        text = history.to_json().encode()
        now = moment.now()
        blob = put_blob(
            self._engine,
            self._blobs,
            zlib.compress(text),
            BlobLabel(media_type="application/zlib", stored_at=now),
        )
        kept = archive.keep_run(
            self._engine,
            archive.ArchivedRun(
                workflow_id=run.id,
                run_id=run.run_id,
                closed_at=run.close_time or now,
                build=_build_of(history.events),
                events=len(history.events),
                sha256=hashlib.sha256(text).hexdigest(),
                blob=blob.sha256,
            ),
        )
        if kept:
            company.log(self._engine, now, "history_archived", {"workflow": run.id})


def _build_of(events: object) -> str:
    """Give the build that completed the last task of a history."""
    build = ""
    for event in events:  # type: ignore[attr-defined]
        done = event.workflow_task_completed_event_attributes
        build = done.worker_version.build_id or build
    return build
