"""A halt of 200 channels of which 30 are ill: from the act to the last healthy one.

What belongs here: the ill channels, and the measurement beside the same halt with all of them
healthy, in one run. What never does: the cord of 50 channels (bench/cord.py).

20 channels fail at first, 5 hang, 3 refuse, 2 take the order and say no more.
"""

import asyncio
import json
from typing import Any, Final

from bench.acting import CRITICAL, quiet, report
from bench.figures import Figures, ratio, seconds
from bench.installation import Installation, running
from bench.sink import RESPONSE, Sink

WHOLE: Final = 200
ROUNDS: Final = 5
GIVEN_UP_S: Final = 25.0
REFUSED: Final = json.dumps({"state": "refused", "error": "no such article"}).encode()
NO = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (
    len(REFUSED),
    REFUSED,
)
AWAY: Final = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"


class IllSink(Sink):
    """Channels of which some are ill, by their numbers; healthy as long as `is_ill` is false."""

    def __init__(self) -> None:
        """Let all be healthy."""
        super().__init__()
        self.is_ill = False
        self._failed: set[bytes] = set()

    def note(self, key: bytes, order: dict[str, Any]) -> bytes | None:
        """Answer as the channel's number says; only healthy ones are counted."""
        number = int(order["channel"].rpartition("-")[2])
        if not self.is_ill or number > 30:
            return super().note(key, order)
        if number <= 20 and key not in self._failed:
            self._failed.add(key)
            return AWAY
        if 20 < number <= 25:
            return None
        return NO if 25 < number <= 28 else RESPONSE


async def halting(rounds: int = ROUNDS) -> Figures:
    """Measure a halt with ill channels, and in turn one without."""
    async with IllSink() as sink, running(sink.url, WHOLE) as place:
        for ill in (False, True):
            await halt(place, sink, ill=ill)
        healthy, ill_too = [], []
        for _ in range(rounds):
            healthy.append(await halt(place, sink, ill=False))
            ill_too.append(await halt(place, sink, ill=True))
    figures = {
        **seconds("halt_200_healthy", healthy),
        **seconds("halt_200_with_30_ill", ill_too),
    }
    return {
        **figures,
        "halt_200_ill_vs_healthy": ratio(
            figures["halt_200_with_30_ill_p95_s"], figures["halt_200_healthy_p95_s"]
        ),
    }


async def halt(place: Installation, sink: IllSink, *, ill: bool) -> float:
    """Pull the cord; give seconds from the act to the last order at a healthy channel."""
    sink.is_ill = ill
    reported = await report(place, CRITICAL)
    last = await sink.last_of(reported.id, WHOLE - 30 if ill else WHOLE)
    took = last - reported.sent
    sink.is_ill = False
    if ill:
        # What hangs is given up after its time; until then it holds threads of the worker, and the
        # next round would be measured beside it.
        await asyncio.sleep(GIVEN_UP_S)
    await quiet(place, reported.id)
    return took
