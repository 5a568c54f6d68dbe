"""A second process that hangs: nobody waits for it for ever, and it gives no verdict."""

import asyncio
from pathlib import Path

import pytest
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from integrations.key_ring import KeyRing
from services import replaying_beside
from services.replaying_beside import Beside


def history(run: str) -> WorkflowHistory:
    event = HistoryEvent(event_id=1)
    event.workflow_execution_started_event_attributes.original_execution_run_id = run
    return WorkflowHistory("incident/INC-2026-0001", [event])


def test_a_process_that_hangs_is_ended_and_tells_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No process answers within this: it has not even begun.
    monkeypatch.setattr(replaying_beside, "ANSWERED_WITHIN_S", 0.01)
    KeyRing.create(tmp_path / "ring.json")

    async def story() -> None:
        beside = Beside(tmp_path / "ring.json")
        beside.take_up(history("r1"))
        assert await beside.replayed(history("r1")) is None
        monkeypatch.setattr(replaying_beside, "ANSWERED_WITHIN_S", 60)
        beside.take_up(history("r2"))
        async with asyncio.timeout(10):
            assert await beside.replayed(history("r2")) is None, "what is lost is not begun again"
            await beside.close()

    asyncio.run(story())
