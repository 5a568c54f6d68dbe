"""The house's own rounds: short workflows that schedules start.

What belongs here: which round does what, how often. What never does: a decision in an incident.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import FailureError

from domain.channels import ChannelOutcome
from domain.drift import ReportLook, SeenChannel
from domain.envelope import Drifted, OutcomeBatch, Watched, Wire
from domain.errors import AndonError
from domain.halt import ListChannels
from domain.message import to_wire
from domain.state.halt import ListedChannel
from domain.wire import decode, instant_text
from workflows import calls, ids

_T = TypeVar("_T")

SWEEP_EVERY = timedelta(minutes=1)
ARCHIVE_EVERY = timedelta(minutes=10)
DRIFT_EVERY = timedelta(minutes=5)
LETTERS_EVERY = timedelta(minutes=5)
HEADS_EVERY = timedelta(minutes=5)
WITNESS_EVERY = timedelta(minutes=5)
STAMPS_EVERY = timedelta(minutes=5)


@workflow.defn(name="Sweep")
class SweepWorkflow:
    """Look for what is overdue or not recorded, whatever the incidents' own clocks say."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round."""
        return await calls.sweep_overdue()


@workflow.defn(name="Archive")
class ArchiveWorkflow:
    """Copy closed histories."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round."""
        return await calls.archive_histories()


@workflow.defn(name="Heads")
class HeadsWorkflow:
    """Sign what has grown, and what grows meanwhile."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round; it lasts nearly until the next."""
        return await calls.sign_heads()


@workflow.defn(name="Witness")
class WitnessWorkflow:
    """Hand signed heads to whoever keeps them outside; a round of its own: it may be slow."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round."""
        return await calls.tell_witnesses()


@workflow.defn(name="Stamps")
class StampsWorkflow:
    """Have signed heads stamped by whoever does that outside; a round of its own: it may hang."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round."""
        return await calls.stamp_heads()


@workflow.defn(name="Drift")
class DriftWorkflow:
    """Look at every channel that must not sell; tell its incidents what is on sale after all."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round; an incident that has ended hears nothing, and says nothing of it."""
        round_of = workflow.info().workflow_id
        found = await calls.find_drift()
        for drift in found.found:
            looked = ReportLook(
                seen=_readable(SeenChannel, drift.seen),
                answers=_readable(ChannelOutcome, drift.answers),
            )
            key = f"{round_of}:{workflow.info().run_id}"
            await _tell(drift.incident, drift.run, key, looked)
        if found.listed:
            await _tell_listed(found)
        return Watched(looked_at=found.looked_at, found=[drift.incident for drift in found.found])


async def _tell_listed(found: Drifted) -> None:
    """Tell who holds anything of a new list of channels.

    Where some of it cannot be read, the rest goes out, under a key of its own, and the list counts
    as not told: the next round brings it again, maybe by a release that reads it.
    """
    listed = _readable(ListedChannel, found.listed)
    is_whole = len(listed) == len(found.listed)
    key = f"channels:{found.listed_as}" + ("" if is_whole else f":{len(listed)}")
    for incident, run in found.holding.items():
        await _tell(incident, run, key, ListChannels(channels=listed))
    if is_whole:
        await calls.note_channels_told(found.listed_as)


def _readable(kind: type[_T], told: Sequence[Wire]) -> tuple[_T, ...]:
    """Read what a round found; what cannot be read is left out, and said in the log.

    Raised from here, one value would hold up the round for ever, and with it every later one.
    """
    found = []
    for one in told:
        try:
            found.append(decode(kind, one))
        except AndonError as error:
            workflow.logger.error("a round found what cannot be read: %s", error)
    return tuple(found)


@workflow.defn(name="Letters")
class LettersWorkflow:
    """Send letters to the team, those that wait and those that are written meanwhile."""

    @workflow.run
    async def run(self) -> Watched:
        """Do one round; it lasts nearly until the next."""
        return await calls.send_letters()


async def _tell(incident: str, run: int, key: str, command: object) -> None:
    """Bring a command of the performer to an incident; the same key counts once there."""
    batch = OutcomeBatch(
        command_id=key, command=to_wire(command), sent_at=instant_text(workflow.now())
    )
    target = ids.incident_workflow(incident, run)
    with suppress(FailureError):
        await workflow.get_external_workflow_handle(target).signal("outcomes", batch)


ROUNDS: dict[str, tuple[str, timedelta]] = {
    "sweep": ("Sweep", SWEEP_EVERY),
    "archive": ("Archive", ARCHIVE_EVERY),
    "drift": ("Drift", DRIFT_EVERY),
    "letters": ("Letters", LETTERS_EVERY),
    "heads": ("Heads", HEADS_EVERY),
    "witness": ("Witness", WITNESS_EVERY),
    "stamps": ("Stamps", STAMPS_EVERY),
}
"""Schedule id → the workflow it starts, and how often."""

WITHOUT_A_GAP = frozenset({"letters", "heads", "witness", "stamps"})
"""Rounds of which the next begins when the last has ended, and one at once when a worker starts."""
