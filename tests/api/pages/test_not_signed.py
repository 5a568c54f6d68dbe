"""The page of all audits warns where the company's log is not signed up to now."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from activities import moment
from activities.heads import HeadActivities
from services.house import House
from services.signing_keys import signing_of
from storage import company
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

AUDITOR, SERVICE = "ren.jia", "an.qi"
TOLD = "The company's log is not signed up to now"


@pytest.fixture
def house(served: Served) -> Iterator[House]:
    """Give the installation, with its log signed."""
    assert served.app is not None
    before: House = served.app.state.house
    HeadActivities(before.engine, lambda: signing_of(before)).sign_all()
    yield before
    served.app.state.house = before


def later(served: Served, house: House, minutes: int) -> None:
    """Let the page be read so many minutes later."""
    assert served.app is not None
    served.app.state.house = replace(house, now=lambda: moment.now() + timedelta(minutes=minutes))


@pytest.mark.parametrize(("minutes", "told"), [(0, False), (4, False), (6, True)])
def test_it_warns_once_a_line_has_waited_longer_than_any_should(
    minutes: int, told: bool, house: House, served: Served, at: SignedIn
) -> None:
    later(served, house, minutes)
    pages: list[str] = []
    for _ in range(3):  # the installation may sign by itself just then
        company.log(house.engine, moment.now(), "SignedIn", {"person": AUDITOR})
        pages.append(at(AUDITOR).open("/audit").text)
    warned = [one for one in pages if TOLD in one]
    assert bool(warned) is told
    assert all("of the log are not signed, the first of them since" in one for one in warned)


def test_who_may_not_read_the_log_is_not_told(house: House, served: Served, at: SignedIn) -> None:
    later(served, house, 60)
    assert TOLD not in at(SERVICE).open("/audit").text
