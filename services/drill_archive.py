"""The histories of a drill, kept before its server is gone, as an installation keeps them.

What belongs here: which histories, and their rows in the archive. What never does: reading one.
"""

import hashlib
import zlib
from collections.abc import Callable
from datetime import UTC

from temporalio.client import WorkflowHistory

from services.house import House
from services.replaying import runs_of, started
from storage import archive, incidents
from storage.archive import ArchivedRun
from storage.blobs import BlobDirectory, BlobLabel, put_blob
from workflows.ids import incident_workflow

Named = Callable[[WorkflowHistory], WorkflowHistory]
"""Puts back into a history what a drill's server does not keep."""


async def archive_drilled(house: House, incident: str, named: Named) -> None:
    """Keep the histories of the incident's own runs.

    A drill's server lists no workflows: those of its performers are not found by name.
    """
    for run in range(1, incidents.incident(house.engine, incident).run + 1):
        workflow_id = incident_workflow(incident, run)
        for history in await runs_of(house.temporal, workflow_id):
            _keep(house, workflow_id, named(history))


def _keep(house: House, workflow_id: str, history: WorkflowHistory) -> None:
    text, events, build = history.to_json().encode(), history.events, ""
    for event in events:
        done = event.workflow_task_completed_event_attributes
        build = done.worker_version.build_id or build
    label = BlobLabel(media_type="application/zlib", stored_at=house.now())
    directory = BlobDirectory(house.settings.blobs_dir)
    blob = put_blob(house.engine, directory, zlib.compress(text), label)
    archive.keep_run(
        house.engine,
        ArchivedRun(
            workflow_id=workflow_id,
            run_id=started(history).original_execution_run_id,
            closed_at=events[-1].event_time.ToDatetime(UTC),
            build=build,
            events=len(events),
            sha256=hashlib.sha256(text).hexdigest(),
            blob=blob.sha256,
        ),
    )
