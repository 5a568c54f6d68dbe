"""What a history says about itself, in the clear: what made it, and which run it went on from.

What belongs here: reading those marks. What never does: a message of ours, which is sealed.
"""

from collections.abc import Iterable

from temporalio.api.history.v1 import HistoryEvent


def made_with(events: Iterable[HistoryEvent]) -> tuple[str, str]:
    """Give the build and the SDK (`temporal-python 1.35.0`) of the last task that was completed.

    The SDK says its name only where it changes: mostly once in a run.
    """
    build = name = version = ""
    for event in events:
        done = event.workflow_task_completed_event_attributes
        build = done.worker_version.build_id or build
        name = done.sdk_metadata.sdk_name or name
        version = done.sdk_metadata.sdk_version or version
    return build, f"{name} {version}".strip()


def continued_from(events: Iterable[HistoryEvent]) -> str:
    """Name the run that a history went on from; '' for the first run of its workflow."""
    first = next(iter(events), None)
    if first is None:
        return ""
    return first.workflow_execution_started_event_attributes.continued_execution_run_id
