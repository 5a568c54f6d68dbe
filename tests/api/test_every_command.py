"""Every registered command over HTTP: who may not, where it is not, what cannot be read, its words.

The commands come from the registry: one that is registered tomorrow is tested tomorrow.
"""

import pytest

from api.routes.acts import given_by_people, path_of
from domain.message import COMMANDS, CommandSpec, command_schema
from domain.people import SYSTEM_ROLES, Role
from tests.api.samples import body_of, item_of, wrong_body
from tests.api.serving import Served
from tests.api.test_incidents import problem, reported

pytestmark = pytest.mark.xdist_group("api")

ACTS = list(given_by_people())
each_act = pytest.mark.parametrize("spec", ACTS, ids=[spec.name for spec in ACTS])


PEOPLE_ROLES = {str(role) for role in set(Role) - SYSTEM_ROLES}


def path(spec: CommandSpec, incident: str, known: dict[str, str] | None = None) -> str:
    """Give the address of an act on an incident."""
    return path_of(spec).format(incident=incident, item=item_of(spec, known or {}))


@pytest.fixture(scope="module")
def incident(served: Served) -> str:
    """Give an incident that nobody acts on meanwhile: a mild one stops nothing by itself."""
    number = reported(served.person("an.qi"))
    served.settled()
    return number


@pytest.fixture(scope="module")
def known(served: Served) -> dict[str, str]:
    """Give what commands may refer to."""
    kept = served.person("an.qi").client.post("/api/blobs", content=b"%PDF-1.7 a report")
    assert kept.status_code == 201, kept.text
    return {"evidence": kept.json()["id"], "channel": served.demo_channels()[0]}


@each_act
def test_who_never_acts_is_told_who_could(
    spec: CommandSpec, served: Served, incident: str, known: dict[str, str]
) -> None:
    other = {"incident": incident} if spec.name == "link_report" else {}
    body = body_of(spec, known) | other
    answer = served.person("ren.jia").post(path(spec, incident, known), body)
    told = answer.json()
    assert answer.status_code == 403, answer.text
    assert told["who_could"]
    assert set(told["who_could"]) <= PEOPLE_ROLES
    assert told["detail"]
    assert told["hint"]


@each_act
def test_an_incident_that_is_not_there_is_not_found(
    spec: CommandSpec, served: Served, known: dict[str, str]
) -> None:
    answer = served.person("gao.yuan").post(
        path(spec, "INC-2026-9999", known), body_of(spec, known)
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@each_act
def test_what_cannot_be_read_changes_nothing(
    spec: CommandSpec, served: Served, incident: str
) -> None:
    chief = served.person("gao.yuan")
    answer = served.unchanged_by(lambda: chief.post(path(spec, incident), wrong_body(spec)))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "malformed")
    assert "no_such_field" in {error["field"] for error in told["errors"]}
    assert all(error["detail"] for error in told["errors"])


@each_act
def test_the_description_has_it(spec: CommandSpec, served: Served) -> None:
    described = served.description()["paths"][path_of(spec)]["post"]
    assert described["summary"] == spec.title
    assert described["x-andon-roles"] == sorted(str(role) for role in spec.roles - SYSTEM_ROLES)
    assert described["x-andon-signed"] == (spec.meaning is not None)
    body = described["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"].keys() == command_schema(spec)["properties"].keys()


def test_machines_commands_have_no_route(served: Served) -> None:
    paths = served.description()["paths"]
    machines = [spec for spec in COMMANDS.values() if spec.roles <= SYSTEM_ROLES]
    assert machines
    assert not any(route.endswith(f"/{spec.name}") for spec in machines for route in paths)


def test_reporting_is_a_command_too(served: Served) -> None:
    spec = COMMANDS["report_problem"]
    chief, auditor = served.person("gao.yuan"), served.person("ren.jia")
    wrong = served.unchanged_by(lambda: chief.post("/api/incidents", wrong_body(spec)))
    refused = served.unchanged_by(lambda: auditor.post("/api/incidents", problem()))
    assert (wrong.status_code, refused.status_code) == (422, 403)
    assert served.description()["paths"]["/api/incidents"]["post"]["summary"] == spec.title
