"""Every act, one route per registered command, derived from the registry.

`POST /api/incidents/{id}/{stage}[/{item}]/{command}`. What belongs here: deriving the routes. What
never does: the name of a command, or a rule.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from api.access import ActingPerson, TheHouse
from api.bodies import SentBeside, SentWith, read_object
from api.errors import Json
from api.openapi import REPORT, act_description, act_extra, act_responses
from domain.message import COMMANDS, CommandSpec
from domain.people import SYSTEM_ROLES
from services import acting, ledgers
from services.acting import Sent
from services.house import House
from services.people import Signed

Endpoint = Callable[..., Coroutine[Any, Any, Response]]


def given_by_people() -> Iterator[CommandSpec]:
    """List the commands that act on an incident and that people may give."""
    for spec in COMMANDS.values():
        if spec.name != REPORT and not spec.roles <= SYSTEM_ROLES:
            yield spec


def path_of(spec: CommandSpec) -> str:
    """Give the route of a command; an item is named as the command's field is."""
    item = "/{item}" if spec.item else ""
    return f"/api/incidents/{{incident}}/{spec.stage}{item}/{spec.name}"


class ActRoute(APIRoute):
    """The route of one command: where a path does not end in its name, it is not looked at more.

    There are some two hundred, and every request is held against them one after the other.
    """

    def __init__(self, path: str, *described: Any, **named: Any) -> None:
        """Keep how the path ends."""
        super().__init__(path, *described, **named)
        self._ending = path[path.rindex("/") :]

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Say whether a request is for this command."""
        if scope["type"] == "http" and not scope["path"].endswith(self._ending):
            return Match.NONE, {}
        return super().matches(scope)


def add_acts(router: APIRouter) -> None:
    """Derive one route per command from the registry, as it stands when the application starts."""
    for spec in given_by_people():
        add_act(router, spec, path_of(spec), _endpoint(spec), responses=act_responses())


def add_act(
    router: APIRouter,
    spec: CommandSpec,
    path: str,
    endpoint: Endpoint,
    *,
    responses: dict[int | str, dict[str, Any]],
    **named: Any,
) -> None:
    """Add the route of one command, described as the registry describes it."""
    described: dict[str, Any] = {
        "name": spec.name,
        "operation_id": spec.name,
        "tags": [str(spec.stage)],
        **named,
    }
    router.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        summary=spec.title,
        description=act_description(spec),
        responses=responses,
        openapi_extra=act_extra(spec),
        response_model=None,
        route_class_override=ActRoute,
        **described,
    )


def _endpoint(spec: CommandSpec) -> Endpoint:
    async def act(
        request: Request, house: TheHouse, who: ActingPerson, beside: SentBeside, incident: str
    ) -> Response:
        sent = await read_sent(request, who, spec, beside)
        return await _answer(house, who, incident, sent)

    async def act_on(
        *,
        request: Request,
        house: TheHouse,
        who: ActingPerson,
        beside: SentBeside,
        incident: str,
        item: Annotated[str, Path(description=f"The {spec.item} this act is about.")],
    ) -> Response:
        sent = await read_sent(request, who, spec, beside)
        about = replace(sent, body={**sent.body, str(spec.item): item})
        return await _answer(house, who, incident, about)

    return act_on if spec.item else act


async def read_sent(request: Request, who: Signed, spec: CommandSpec, beside: SentWith) -> Sent:
    """Read what somebody sent for a command. Raises Malformed, TooLarge."""
    return Sent(
        command=spec.name,
        body=await read_object(request),
        command_id=beside.command_id(who.id),
        happened_at=beside.happened_at,
    )


async def _answer(house: House, who: Signed, incident: str, sent: Sent) -> Response:
    answer = await acting.act(house, who.actor, incident, sent)
    stage = str(COMMANDS[sent.command].stage)
    now = await asyncio.to_thread(ledgers.stage_now, house, incident, stage)
    return Json(
        {"seq": answer.last, "events": answer.events, "stage": now.stage, "pending": now.pending}
    )
