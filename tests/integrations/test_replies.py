"""Whatever a channel says, what leaves its adapter can be recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from domain.channels import ChannelOutcome
from domain.envelope import ChannelOrder, ChannelReply
from domain.wire import decode, encode
from integrations.channels import Adapters, Address, LateAnswer, Sighting

ORDER = ChannelOrder("INC-2026-0001/1:5:halt:shop", "INC-2026-0001", "shop", "halt", 1, [], [])


@dataclass
class Odd:
    """A channel that says odd things, and the book that names it."""

    said: ChannelReply = field(default_factory=lambda: ChannelReply("confirmed"))
    seen: Sighting = Sighting(offers=0)

    def address(self, channel: str) -> Address:
        """Give its address."""
        return Address(channel=channel, adapter="odd", address="", name="The shop")

    def bring(self, _order: ChannelOrder, _address: Address) -> ChannelReply:
        """Answer at once."""
        return self.said

    def book(self, _order: ChannelOrder, _address: Address) -> ChannelReply:
        """Answer as one who keeps books."""
        return self.said

    def answers(self, _channel: str, _drill: str, _address: Address) -> Sequence[LateAnswer]:
        """Answer later."""
        return [LateAnswer(incident="INC-2026-0001", order=1, reply=self.said)]

    def look(self, _channel: str, _drill: str, _address: Address) -> Sighting:
        """Show what is on sale."""
        return self.seen


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("done\x00", "done", id="NUL"),
        pytest.param("done \ud83d", "done", id="half a pair"),
        pytest.param("no\x1b[31m", "no[31m", id="colour of a terminal"),
        pytest.param("line\nby  line", "line by line", id="lines"),
        pytest.param("仓库\u3000已停售", "仓库 已停售", id="chinese"),
        pytest.param("x" * 99_000, "x" * 1000, id="endless"),
    ],
)
@pytest.mark.parametrize(
    ("count", "counted"), [(10**16, None), (-1, None), (0, 0), (2**53 - 1, 2**53 - 1)]
)
def test_every_answer_can_be_recorded(
    words: str, told: str, count: int, counted: int | None
) -> None:
    reply = ChannelReply("refused", words, words, count, count, count)
    odd = Odd(reply)
    adapters = Adapters(odd, {"odd": odd})
    (late,) = adapters.answers("shop")
    for one in (adapters.bring(ORDER), adapters.book(ORDER, lambda order: order), late.reply):
        assert one == ChannelReply("refused", told, told, counted, counted, counted)
        outcome = ChannelOutcome(channel="shop", order=1, attempts=1, **vars(one))
        assert decode(ChannelOutcome, encode(ChannelOutcome, outcome)) == outcome


def test_a_look_that_counts_more_than_can_be_recorded_still_finds_the_offers() -> None:
    odd = Odd(seen=Sighting(offers=10**16, units=10**16, unshipped=3))
    seen = Adapters(odd, {"odd": odd}).look("shop")
    assert seen == Sighting(offers=2**53 - 1, units=None, unshipped=3)
