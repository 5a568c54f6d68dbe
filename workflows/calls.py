"""Every activity with its limits: the one place where workflows call the world.

What belongs here: names, time limits and retry rules of activities. What never does: what an
outcome means. Retries belong to Temporal alone; activities are called by name, so that workflows
never import storage or integrations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

from domain.envelope import (
    CaseNews,
    CasesSeen,
    ChannelOrder,
    ChannelReply,
    CorrectionsDrafted,
    CorrectionWanted,
    Drifted,
    DueRequest,
    Looked,
    LookRequest,
    Publication,
    Published,
    RecallTold,
    RecordBatch,
    Recorded,
    StateChunk,
    StateRequest,
    Told,
    Watched,
)
from workflows.ids import OUTSIDE_QUEUE

R = TypeVar("R")

FATAL = ("ledger_conflict", "malformed", "broken_setup", "not_found")
"""Error codes that trying again cannot mend; never for the record, without which nothing goes on:
a worker that was started over the wrong database must not end an incident for ever."""


@dataclass(frozen=True)
class Call:
    """One activity: its name, how long one attempt may take, and how it is tried again."""

    name: str
    result: Any
    attempt: timedelta
    retry: RetryPolicy
    heartbeat: timedelta | None = None
    queue: str | None = None
    """Another queue than the workflow's own."""


def _retry(
    first: float, most: float, attempts: int = 0, fatal: Sequence[str] = FATAL
) -> RetryPolicy:
    return RetryPolicy(
        initial_interval=timedelta(seconds=first),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(seconds=most),
        maximum_attempts=attempts,
        non_retryable_error_types=list(fatal),
    )


RECORD = Call("record", Recorded, timedelta(seconds=30), _retry(0.1, 5, fatal=()))
READ_STATE = Call("read_state", StateChunk, timedelta(seconds=30), _retry(0.2, 5, fatal=()))
TELL = Call("tell", int, timedelta(seconds=60), _retry(1, 300))
DERIVE_DUE = Call("derive_due", dict, timedelta(seconds=60), _retry(1, 300))
# A shop of a thousand pages takes its time, and each request is a sign of life; none is waited for
# longer than 20 seconds. A worker that died is missed after the 40.
ORDER_CHANNEL = Call(
    "order_channel",
    ChannelReply,
    timedelta(minutes=30),
    _retry(0.5, 20, 5),
    timedelta(seconds=40),
    OUTSIDE_QUEUE,
)
# The one call to others that waits in our own queue: it must leave at once, and gives up early.
ORDER_CHANNELS = Call(
    "order_channels", list[ChannelReply], timedelta(seconds=15), _retry(0.5, 20, 3)
)
LOOK = Call(
    "look_at_channels", Looked, timedelta(seconds=90), _retry(1, 20, 5), queue=OUTSIDE_QUEUE
)
# Whatever stands in the way may be mended by people, and no later order tells of a recall.
TELL_CHANNEL_RECALLED = Call(
    "tell_recalled",
    type(None),
    timedelta(minutes=30),
    _retry(1, 20, 5, fatal=()),
    timedelta(seconds=40),
    OUTSIDE_QUEUE,
)
# As incidents of before call it, of all channels at once (workflows/effects.py).
TELL_RECALLED = Call(
    "tell_recalled",
    type(None),
    timedelta(minutes=30),
    _retry(1, 300, fatal=()),
    timedelta(seconds=40),
    OUTSIDE_QUEUE,
)
NOTE_TOLD = Call("note_channels_told", type(None), timedelta(seconds=30), _retry(1, 60, 5))
FIND_DRIFT = Call(
    "find_drift", Drifted, timedelta(minutes=5), _retry(1, 60, 5), queue=OUTSIDE_QUEUE
)
# Hundreds of newsrooms by one slow mail server; each e-mail and each outlet is a sign of life.
PUBLISH = Call(
    "publish_statement",
    Published,
    timedelta(minutes=30),
    _retry(1, 60, 10),
    timedelta(minutes=2),
    OUTSIDE_QUEUE,
)
READ_BACK = Call(
    "read_back_statement",
    Published,
    timedelta(seconds=60),
    _retry(1, 60, 10),
    queue=OUTSIDE_QUEUE,
)
DRAFT_CORRECTIONS = Call(
    "draft_corrections", CorrectionsDrafted, timedelta(seconds=60), _retry(0.5, 60)
)
# Rounds that last five minutes and look every few seconds; whoever died is missed after the 20.
SIGN_HEADS = Call("sign_heads", Watched, timedelta(minutes=7), _retry(1, 10), timedelta(seconds=20))
TELL_WITNESSES = Call(
    "tell_witnesses",
    Watched,
    timedelta(minutes=10),
    _retry(1, 20),
    timedelta(minutes=2),
    OUTSIDE_QUEUE,
)
STAMP_HEADS = Call(
    "stamp_heads",
    Watched,
    timedelta(minutes=10),
    _retry(1, 20),
    timedelta(minutes=2),
    OUTSIDE_QUEUE,
)
COUNT_CASES = Call("count_cases", CasesSeen, timedelta(seconds=30), _retry(1, 300))
SWEEP = Call("sweep_overdue", Watched, timedelta(minutes=5), _retry(1, 60, 5))
ARCHIVE = Call(
    "archive_histories", Watched, timedelta(minutes=30), _retry(1, 60, 5), timedelta(minutes=1)
)

# A round lasts five minutes and looks each second; whoever died is missed after the 20.
SEND_LETTERS = Call(
    "send_letters",
    Watched,
    timedelta(minutes=7),
    _retry(1, 20),
    timedelta(seconds=20),
    OUTSIDE_QUEUE,
)


async def call(what: Call, *argument: Any, summary: str = "") -> Any:
    """Run an activity within its limits; `summary` is shown by Temporal and holds no name."""
    return await workflow.execute_activity(
        what.name,
        args=argument,
        result_type=what.result,
        start_to_close_timeout=what.attempt,
        heartbeat_timeout=what.heartbeat,
        task_queue=what.queue,
        retry_policy=what.retry,
        summary=summary or None,
    )


async def record(batch: RecordBatch) -> Recorded:
    """Record entries: never a local activity, so that the ledger cannot outrun the history."""
    last = batch.first + len(batch.leaves) - 1
    recorded: Recorded = await call(RECORD, batch, summary=f"entries {batch.first}-{last}")
    return recorded


async def read_state(request: StateRequest) -> StateChunk:
    """Read back a part of a state that was too large to travel."""
    chunk: StateChunk = await call(READ_STATE, request)
    return chunk


async def tell(messages: Sequence[Told]) -> None:
    """Tell people of the company what one record gave to tell."""
    await call(TELL, list(messages))


async def derive_due(request: DueRequest) -> dict[str, Any]:
    """Derive a due time from a calendar, with its steps."""
    derived: dict[str, Any] = await call(DERIVE_DUE, request, summary=request.limit)
    return derived


async def draft_corrections(wanted: CorrectionWanted) -> CorrectionsDrafted:
    """Begin corrections from the template."""
    drafted: CorrectionsDrafted = await call(DRAFT_CORRECTIONS, wanted)
    return drafted


async def order_channel(order: ChannelOrder) -> ChannelReply:
    """Bring one order to one channel."""
    reply: ChannelReply = await call(ORDER_CHANNEL, order, summary=order.channel)
    return reply


async def order_channels(orders: Sequence[ChannelOrder]) -> list[ChannelReply]:
    """Bring the first orders of a halt, several at once; replies in their order."""
    told: list[ChannelReply] = await call(
        ORDER_CHANNELS, list(orders), summary=f"{len(orders)} channels"
    )
    return told


async def tell_recalled(told: RecallTold) -> None:
    """Tell whoever keeps books of the goods what a recall takes back now."""
    await call(TELL_RECALLED, told)


async def tell_channel_recalled(channel: str, told: RecallTold) -> None:
    """Tell one channel that keeps books of the goods."""
    await call(TELL_CHANNEL_RECALLED, told, summary=channel)


async def look_at_channels(wanted: LookRequest) -> Looked:
    """Look at channels of one incident, each by itself."""
    found: Looked = await call(LOOK, wanted)
    return found


async def find_drift() -> Drifted:
    """Look at every channel at which anything is held."""
    found: Drifted = await call(FIND_DRIFT)
    return found


async def note_channels_told(listed_as: str) -> None:
    """Note that open incidents have heard of a list of channels."""
    await call(NOTE_TOLD, listed_as)


async def publish_statement(publication: Publication) -> Published:
    """Bring approved bytes to one place."""
    published: Published = await call(PUBLISH, publication, summary=publication.place)
    return published


async def read_back_statement(publication: Publication) -> Published:
    """Read back what stands at a place."""
    published: Published = await call(READ_BACK, publication, summary=publication.place)
    return published


async def count_cases(news: CaseNews) -> CasesSeen:
    """Count the after-sales cases of an incident."""
    seen: CasesSeen = await call(COUNT_CASES, news, summary=news.incident)
    return seen


async def sweep_overdue() -> Watched:
    """Look for what stands still."""
    found: Watched = await call(SWEEP)
    return found


async def sign_heads() -> Watched:
    """Sign every ledger that has grown, and the company's log."""
    signed: Watched = await call(SIGN_HEADS)
    return signed


async def tell_witnesses() -> Watched:
    """Hand the newest heads to whoever keeps them outside."""
    told: Watched = await call(TELL_WITNESSES)
    return told


async def stamp_heads() -> Watched:
    """Have the newest head stamped by whoever does that outside."""
    stamped: Watched = await call(STAMP_HEADS)
    return stamped


async def archive_histories() -> Watched:
    """Copy closed histories that the archive lacks."""
    copied: Watched = await call(ARCHIVE)
    return copied


async def send_letters() -> Watched:
    """Hand letters to the team to the company's mail server."""
    tried: Watched = await call(SEND_LETTERS)
    return tried
