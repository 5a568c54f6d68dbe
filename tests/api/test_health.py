"""Health and figures: what is looked at is said, and nothing about incidents is told."""

from datetime import timedelta

import pytest

from services.working import somebody_works
from tests.api.serving import Served
from tests.api.test_incidents import problem
from workflows.ids import TASK_QUEUE

pytestmark = pytest.mark.xdist_group("api")


def test_it_lives_and_is_ready(served: Served) -> None:
    with served.visitor() as visitor:
        live, ready = visitor.get("/health/live"), visitor.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()["database"], ready.json()["temporal"]) == (
        200,
        "answers",
        "answers",
    )
    assert ready.json()["worker"] == "takes work"


@pytest.mark.parametrize(("queue", "works"), [(TASK_QUEUE, True), ("nobody-listens", False)])
def test_a_worker_that_asks_for_no_work_is_missed(queue: str, works: bool, served: Served) -> None:
    assert served.client
    asked = somebody_works(served.client, timedelta(seconds=3), queue)
    assert served.run(asked) is works


def test_requests_and_refusals_are_counted_by_route(served: Served) -> None:
    served.person("an.qi").post("/api/incidents", problem())
    served.person("ren.jia").post("/api/incidents", problem())
    served.person("an.qi").get("/api/incidents/INC-2026-9999")
    with served.visitor() as visitor:
        visitor.get("/no/such/page")
        told = visitor.get("/metrics").text
    assert 'andon_requests_total{method="POST",route="/api/incidents",status="201"}' in told
    assert 'andon_requests_total{method="GET",route="none",status="404"}' in told
    assert 'andon_refused_total{code="not_allowed"}' in told
    assert 'andon_request_seconds_bucket{le="0.08",method="POST",route="/api/incidents"}' in told
    assert "INC-2026" not in told


def test_the_description_is_whole(served: Served) -> None:
    described = served.person("an.qi").get("/api/openapi.json").json()
    names = [
        operation["operationId"]
        for path in described["paths"].values()
        for operation in path.values()
    ]
    assert described["openapi"].startswith("3.1")
    assert len(names) == len(set(names))
