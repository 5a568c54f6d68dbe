"""Channels that sell after all: found by a round and by a look, ordered anew; stock set apart."""

from dataclasses import replace
from urllib.parse import unquote

from domain.people import Role
from domain.state import Incident
from services.answer_links import ANSWERS, answer, find, path_of
from storage import shop
from tests.engine.running import actor, shop_channels
from tests.replay.scene import CHANNELS, PLANT, Scene
from tests.replay.taking import Story
from workflows.ids import TASK_QUEUE, incident_workflow

SHOPS = [*shop_channels(2), *shop_channels(1, "retailer", "outbox")]
SUPPLY = actor(Role.SUPPLY_CHAIN)
OWN = ("own_shop-1", "own_shop-2")


async def drift(on: Scene) -> Story:
    """Put things back on sale past the order, let a round and a look find them, ask again."""
    await on.reports()
    await on.until(_all_stopped)
    _put_back(on, OWN[0])
    await on.house.temporal.execute_workflow("Drift", id="drift-1", task_queue=TASK_QUEUE)
    await on.until(lambda state: state.halt.drifts == 1 and _all_stopped(state))
    _put_back(on, OWN[1])
    await on.does(CHANNELS, "look_at_channels", channels=list(OWN))
    await on.until(lambda state: state.halt.drifts == 2 and _all_stopped(state))
    await on.does(CHANNELS, "look_at_channels")
    await _answers_by_link(on, "retailer-1")
    await on.does(CHANNELS, "ask_channels_again")
    counts = [{"lot": "L1", "units": 40}]
    await on.does(SUPPLY, "set_stock_apart", site="East", place="Cage 3", counts=counts)
    stop = {"site": "Linhu", "line": "cream-1", "retained_samples_secured": True}
    await on.does(PLANT, "record_production_stop", **stop, set_apart=counts)
    parcels = {"carrier": "Swiftcrane", "orders": 2, "units": 3, "outcome": "Called back."}
    await on.does(SUPPLY, "record_interception", **parcels, kind="parcels", expected_units=4)
    await on.stands_still()
    return Story((on.incident,), (incident_workflow(on.incident), "drift-1"))


async def _answers_by_link(on: Scene, channel: str) -> None:
    """Answer as the retailer does, on the page that its order leads to; then it says otherwise."""
    state = await on.state()
    order = state.halt.channels[channel].order
    address = unquote(path_of(on.house, on.incident, channel, order)).removeprefix(ANSWERS)
    kept = {"lot": "L1", "units": 3}
    stopped = {"answer": "stopped", "answered_by": "Wu", "set_apart": [kept], "where": "Back room"}
    cannot = {"answer": "cannot", "answered_by": "Wu", "reason": "The till is locked."}
    for said in (stopped, cannot):
        asked = find(on.house, address)
        assert asked is not None
        await answer(on.house, asked, address, said, seen=str(asked.answered))


def _all_stopped(state: Incident) -> bool:
    return all(state.halt.channels[name].state == "confirmed" for name in OWN)


def _put_back(on: Scene, channel: str) -> None:
    listed = shop.list_listings(on.house.engine, channel=channel)
    shop.put_listings(on.house.engine, [replace(one, on_sale=True) for one in listed])
