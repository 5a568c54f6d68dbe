"""Where recorded stories are told: a real server, a house, a worker, and acts in one line each.

What belongs here: the world and its verbs. What never does: a story (tests/replay/stories.py).
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from domain.envelope import Answer, OutcomeBatch
from domain.errors import AndonError, NotConfirmed
from domain.message import to_wire
from domain.people import Actor, Role
from domain.state import Incident
from domain.state.service_case import ServiceCase
from domain.wire import instant_text
from integrations.channels import ChannelGateway
from services import acting, cases
from services.acting import Sent, act
from services.cases import act_on_case, see_case
from services.house import House
from services.reading import see
from services.sending import start_stream
from storage import catalog
from storage.database import open_database
from storage.people import Person, save_person
from tests.engine.running import (
    activities_of,
    actor,
    embedded_server,
    furnish,
    house_of,
    open_client,
    working,
)
from tests.replay.opened import corpus_ring
from workflows.case import CaseWorkflow
from workflows.ids import case_workflow, incident_workflow
from workflows.incident import IncidentWorkflow

S = TypeVar("S")
PATIENCE_S = 150
READER = actor(Role.AUDITOR)
AGENT = actor(Role.SERVICE_AGENT)
LEAD = actor(Role.SERVICE_LEAD)
COMMANDER = actor(Role.INCIDENT_COMMANDER)
QUALITY = actor(Role.QUALITY)
QUALITY_HEAD = actor(Role.QUALITY_SAFETY_RESPONSIBLE)
LEGAL = actor(Role.LEGAL)
BOSS = actor(Role.LEGAL_REPRESENTATIVE)
ASSESSOR = actor(Role.SAFETY_ASSESSOR)
REGULATORY = actor(Role.REGULATORY_AFFAIRS)
CHANNELS = actor(Role.CHANNEL_LEAD)
PR_LEAD = actor(Role.PR_LEAD)
PLANT = actor(Role.PLANT_MANAGER)
AUTHOR = actor(Role.PR_OFFICER)


def report_of(**more: Any) -> dict[str, Any]:
    """Give what the service agent types: a life-threatening reaction to lot L1 of the cream."""
    told = {
        "first_known_at": now(),
        "first_known_country": "CN",
        "products": ["cream"],
        "lots": ["L1"],
        "words": "My face swelled up an hour after I used it.",
        "answers": {"worst_outcome": "life_threatening", "people": 1, "whereabouts": "consumers"},
    }
    return {**told, **more}


def case_of(**more: Any) -> dict[str, Any]:
    """Give what the counter types: a rash after the cream, and a refund is asked for."""
    told = {
        "kind": "adverse_reaction",
        "hurt": True,
        "outcomes": ["mild"],
        "product": "cream",
        "country": "CN",
        "received_at": now(),
        "words": "My cheeks burn since Tuesday.",
        "customer": "Wang Fang, invented",
        "asks_for": ["refund"],
    }
    return {**told, **more}


def now() -> str:
    """Give the host's time, as a person would type it."""
    return instant_text(datetime.now(UTC))


@dataclass
class Scene:
    """A house on a real server; each act has a key of its own and is pressed until it is answered."""

    house: House
    gateways: dict[str, ChannelGateway]
    keys: int = 0
    incident: str = ""
    case: str = ""
    kept: list[Answer] = field(default_factory=list)

    # ------------------------------------------------------------ beginning

    async def reports(self, *, limits: dict[str, Any] | None = None, **more: Any) -> str:
        """Report; `limits` are the workflow's own, set lower."""
        sent = Sent("report_problem", report_of(**more), self._key())
        number, start = acting._prepare_report(self.house, AGENT, sent)
        start = replace(start, **(limits or {}))
        target = incident_workflow(number.id)
        await start_stream(self.house, IncidentWorkflow.run, start, target)
        self.incident = number.id
        return number.id

    async def opens(self, *, limits: dict[str, Any] | None = None, **more: Any) -> str:
        """Open an after-sales case."""
        sent = Sent("open_case", case_of(**more), self._key())
        number, start = cases._prepare_opening(self.house, AGENT, sent)
        start = replace(start, **(limits or {}))
        await start_stream(self.house, CaseWorkflow.run, start, case_workflow(number.id))
        self.case = number.id
        return number.id

    # ------------------------------------------------------------ acting

    async def does(self, who: Actor, command: str, **body: Any) -> Answer:
        """Act on the incident."""
        sent = Sent(command, body, self._key())
        return await self._pressed(lambda: act(self.house, who, self.incident, sent))

    async def answers(self, who: Actor, command: str, **body: Any) -> Answer:
        """Act on the case."""
        sent = Sent(command, body, self._key())
        return await self._pressed(lambda: act_on_case(self.house, who, self.case, sent))

    async def signs(self, *people: Actor) -> Answer:
        """Sign the act that was proposed last."""
        pending = list((await self.state()).pending)[-1]
        answers = [await self.does(who, "sign_act", act=pending) for who in people]
        return answers[-1]

    async def refused(self, code: str, acted: Any) -> None:
        """Insist that an act is refused for this reason."""
        try:
            await acted
        except AndonError as error:
            assert error.code == code, error  # noqa: PT017 - not a test
        else:
            raise AssertionError(f"it was not refused ({code})")

    async def reported(self, command: object, key: str) -> None:
        """Signal what a performer would."""
        target = incident_workflow(self.incident)
        batch = OutcomeBatch(key, to_wire(command))
        await self.house.temporal.get_workflow_handle(target).signal("outcomes", batch)

    async def _pressed(self, press: Callable[[], Any]) -> Answer:
        for _ in range(20):
            try:
                answer: Answer = await press()
            except NotConfirmed:
                await asyncio.sleep(0.1)
            else:
                self.kept.append(answer)
                return answer
        raise AssertionError("it was never answered")

    def _key(self) -> str:
        self.keys += 1
        return f"k{self.keys}"

    # ------------------------------------------------------------ looking

    async def state(self) -> Incident:
        """Look at the incident's page."""
        return await self.until(lambda state: True)

    async def until(self, there: Callable[[Incident], bool]) -> Incident:
        """Wait until the recorded incident is as asked."""
        return await _until(lambda: see(self.house, READER, self.incident).state, there)

    async def until_case(self, there: Callable[[ServiceCase], bool]) -> ServiceCase:
        """Wait until the recorded case is as asked."""
        return await _until(lambda: see_case(self.house, LEAD, self.case).state, there)

    async def ended(self, workflow_id: str) -> str:
        """Wait until a workflow has ended, over all its runs; gives how."""
        handle = self.house.temporal.get_workflow_handle(workflow_id)
        return str(await asyncio.wait_for(handle.result(), PATIENCE_S))

    async def asked_for(self, workflow_id: str, activity: str) -> None:
        """Wait until a workflow has called an activity."""
        handle = self.house.temporal.get_workflow_handle(workflow_id)
        for _ in range(PATIENCE_S * 5):
            if activity in activities_of(await handle.fetch_history()):
                return
            await asyncio.sleep(0.2)
        raise AssertionError(f"{workflow_id} never asked for {activity}")

    async def stands_still(self) -> None:
        """Wait until all that was decided is recorded, and what it leads to has happened."""
        target = incident_workflow(self.incident, see(self.house, READER, self.incident).row.run)
        still = 0
        while still < 5:
            live = await self.house.temporal.get_workflow_handle(target).query(
                "state", result_type=dict
            )
            seen = see(self.house, READER, self.incident).row.size
            still = still + 1 if live["size"] == live["recorded"] == seen else 0
            await asyncio.sleep(0.3)


async def _until(look: Callable[[], S | None], there: Callable[[S], bool]) -> S:
    for _ in range(PATIENCE_S * 20):
        state = await asyncio.to_thread(look)
        if state is not None and there(state):
            return state
        await asyncio.sleep(0.05)
    raise AssertionError("it never came to what was awaited")


@asynccontextmanager
async def scene(
    channels: list[catalog.Item],
    *settings: str,
    gateways: dict[str, ChannelGateway] | None = None,
) -> AsyncIterator[Scene]:
    """Put a house on a real server and run a worker; `settings` are the server's own."""
    with tempfile.TemporaryDirectory(prefix="andon-record-") as folder:
        home = Path(folder)
        database = open_database(f"sqlite:///{home / 'andon.db'}")
        database.migrate()
        furnish(database, channels)
        named = (
            "incident_commander",
            "legal",
            "quality",
            "service_lead",
            "plant_manager",
            "outside_expert",
        )
        for role in named:
            words = role.replace("_", " ")
            person = Person(id=role, name_zh=words, name_en=words, roles=(role,))
            save_person(database.ledger, person)
        shops = [catalog.Item(id="shop-1", name_en="Shop", name_zh="门店", market="CN")]
        catalog.put_items(database.ledger, "consignee", shops)
        ring = corpus_ring()
        try:
            async with embedded_server(settings=settings) as env:
                client = await open_client(env, ring)
                made = Scene(house_of(client, database, ring, home), gateways or {})
                async with working(client, database, ring, channels=made.gateways):
                    yield made
        finally:
            database.close()
