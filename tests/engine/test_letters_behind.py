"""What stays stopped is written once, behind what may be sold again; and never lost with that."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from domain.envelope import ChannelOrder, ChannelReply
from integrations.channels import BEHIND, Address
from storage import catalog
from storage.database import Database
from tests.engine.test_report_and_halt import COMMANDER
from tests.engine.test_resuming import CHANNELS, QUALITY, QUALITY_HEAD, RETAILER, Acts
from tests.engine.test_resuming_goods import Obedient, reported


class Post(Obedient):
    """A retailer that is written to: letters are taken, or come back while it is away."""

    away: frozenset[str] = frozenset()

    def __init__(self) -> None:
        """Begin with no letter taken."""
        super().__init__()
        self.taken: set[str] = set()

    def bring(self, order: ChannelOrder, _address: Address) -> ChannelReply:
        """Take a letter, as the adapter for e-mail does."""
        if order.behind:
            return BEHIND[order.behind]
        if order.action in self.away:
            return ChannelReply("failed", error="The mail server is away.")
        if order.effect_key not in self.taken:  # the same letter again counts once
            self.taken.add(order.effect_key)
            self.told.append((order.action, order.order, tuple(order.lots)))
        return ChannelReply("accepted", proof="handed over")

    def letters(self) -> list[tuple[str, tuple[str, ...]]]:
        """Give the letters that were taken, with their lots."""
        return [(action, lots) for action, _, lots in self.told]


async def evidence(acts: Acts) -> None:
    """Record what selling again rests on."""
    taken_at = (await acts.bench.env.get_current_time()).isoformat()
    sample = {"what": "Jar of L1", "source": "Shelf", "place": "Shop 1", "storage": "Fridge"}
    await acts(QUALITY, "collect_evidence", **sample, taken_at=taken_at)


async def frees(acts: Acts) -> None:
    """Free L1 of L1 and L2, signed by two."""
    await evidence(acts)
    await acts(COMMANDER, "resume_sale", basis="L1 is sound.", levels=["H3"], lots=["L1"])
    await acts(QUALITY_HEAD, "sign_act", act=list(acts.now().pending)[-1])


def told(
    database: Database, home: Path, post: Post, story: Callable[[Acts], Coroutine[Any, Any, None]]
) -> list[tuple[str, tuple[str, ...]]]:
    """Play a story from the halt on; give the letters."""

    async def whole() -> None:
        async with reported(database, home, "behind", post) as acts:
            await acts(COMMANDER, "accept_report")
            await acts(COMMANDER, "order_halt", level="H3", reason="To be safe.")
            await story(acts)
            await acts.pass_days(2)

    asyncio.run(whole())
    return post.letters()


WHOLE, FREE, LEFT = ("halt", ("L1", "L2")), ("resume", ("L1",)), ("halt", ("L2",))


def test_one_letter_of_each_kind_leaves_in_their_order(database: Database, tmp_path: Path) -> None:
    assert told(database, tmp_path, Post(), frees) == [WHOLE, FREE, LEFT]


def test_where_the_letter_ahead_is_ended_what_stays_is_written_by_itself(
    database: Database, tmp_path: Path
) -> None:
    """The lot is halted again before anybody could be told that it is free."""
    post = Post()
    post.away = frozenset({"halt", "resume"})

    async def story(acts: Acts) -> None:
        await frees(acts)
        await acts(COMMANDER, "order_halt", level="H3", lots=["L1"], reason="Again.")
        post.away = frozenset()

    letters = told(database, tmp_path, post, story)
    assert sorted(letters) == [("halt", ("L1",)), LEFT]


def test_from_a_takeover_on_what_must_stop_is_the_persons_to_say(
    database: Database, tmp_path: Path
) -> None:
    post = Post()
    post.away = frozenset({"resume"})

    async def story(acts: Acts) -> None:
        catalog.put_lots(
            database.ledger, [catalog.Lot(id="cream/L3", product="cream", number="L3")]
        )
        await frees(acts)
        await acts(COMMANDER, "order_halt", level="H3", lots=["L3"], reason="Too.")
        await acts(CHANNELS, "take_over_channel", channel=RETAILER, reason="I drive there.")
        post.away = frozenset()

    letters = told(database, tmp_path, post, story)
    assert sorted(letters) == sorted([WHOLE, FREE, ("halt", ("L3",))])


def test_of_several_orders_that_go_out_anew_by_one_act_each_has_its_own_letter(
    database: Database, tmp_path: Path
) -> None:
    """They go out by the same entry to the same channel: each counts once, and for itself."""

    async def story(acts: Acts) -> None:
        catalog.put_lots(
            database.ledger, [catalog.Lot(id="cream/L3", product="cream", number="L3")]
        )
        await acts(COMMANDER, "order_halt", level="H3", lots=["L3"], reason="Too.")
        await acts(CHANNELS, "report_drift", channel=RETAILER, how_seen="On the shelf.")

    letters = told(database, tmp_path, Post(), story)
    third = ("halt", ("L3",))
    assert sorted(letters) == sorted([WHOLE, third, WHOLE, third])


def test_of_several_parts_that_are_left_to_resume_each_has_its_own_letter(
    database: Database, tmp_path: Path
) -> None:
    """An order to stop one lot of one product leaves two parts to sell again, given by one entry."""
    post = Post()
    post.away = frozenset({"resume"})

    async def story(acts: Acts) -> None:
        catalog.put_items(
            database.ledger, "product", [catalog.Item(id="soap", name_en="Soap", name_zh="皂")]
        )
        both = {"level": "H3", "products": ["cream", "soap"], "lots": ["L1", "L2"]}
        await acts(COMMANDER, "order_halt", **both, reason="Both.")
        await evidence(acts)
        await acts(COMMANDER, "resume_sale", basis="Sound.", levels=["H3"])
        await acts(QUALITY_HEAD, "sign_act", act=list(acts.now().pending)[-1])
        one = {"level": "H3", "products": ["cream"], "lots": ["L1"]}
        await acts(COMMANDER, "order_halt", **one, reason="That one still.")
        post.away = frozenset()

    told(database, tmp_path, post, story)
    again = {(number, lots) for action, number, lots in post.told if action == "resume"}
    assert {lots for _, lots in again} == {("L1", "L2"), ("L2",)}
