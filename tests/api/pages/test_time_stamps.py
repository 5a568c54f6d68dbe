"""Who stamps signed heads with the time, on the page of all audits."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from activities import moment
from activities.heads import HeadActivities
from activities.stamps import StampActivities
from services.house import House
from services.signing_keys import signing_of
from services.timestamps import authorities_of
from storage import company, heads
from storage.heads import LOG
from tests.api.pages.conftest import SignedIn
from tests.api.serving import Served
from tests.stamping import Stamping, authorities_file, stamping

pytestmark = pytest.mark.xdist_group("pages")

AUDITOR, SERVICE = "ren.jia", "an.qi"
TITLE = "Who stamps signed heads with the time"


@pytest.fixture(scope="module")
def there() -> Iterator[Stamping]:
    with stamping() as one:
        yield one


@pytest.fixture
def house(served: Served, there: Stamping, tmp_path: Path) -> Iterator[House]:
    """Give the installation with an authority that is named."""
    assert served.app is not None
    before: House = served.app.state.house
    named = {"timestamps": authorities_file(tmp_path, there.url), "allow_inside": "true"}
    there.status = 200
    found = replace(before, settings=before.settings.model_copy(update=named))
    served.app.state.house = found
    yield found
    served.app.state.house = before


def sign(house: House) -> None:
    company.log(house.engine, moment.now(), "SignedIn", {"person": AUDITOR})
    HeadActivities(house.engine, lambda: signing_of(house)).sign_all()


def stamp(house: House, there: Stamping, hours: int) -> int:
    there.but(late=timedelta(hours=hours))
    acts = StampActivities(house.engine, lambda: authorities_of(house.settings), 0)
    return acts.stamp_all(lambda: moment.now() + timedelta(hours=hours))


def test_the_page_tells_the_last_stamp_and_what_stands_in_the_way(
    house: House, there: Stamping, at: SignedIn
) -> None:
    sign(house)
    assert stamp(house, there, 0) == 1
    size = heads.newest(house.engine, LOG)
    assert size is not None
    page = at(AUDITOR).open("/audit")
    assert TITLE in page.text
    row = page.text.partition(TITLE)[2].partition("</table>")[0]
    assert f"{size.size:,}" in row
    for _ in range(2):
        sign(house)
    there.status = 500
    assert stamp(house, there, 1) == 0
    row = at(AUDITOR).open("/audit").text.partition(TITLE)[2].partition("</table>")[0]
    assert "answered 500" in row
    waiting = re.search(rf"{size.size:,} (\d+) ", row)
    # The installation signs by itself too, so that there may be one more.
    assert waiting is not None
    assert int(waiting[1]) >= 2


def test_an_answer_not_to_be_believed_is_told_in_the_companys_log(
    house: House, there: Stamping, at: SignedIn
) -> None:
    sign(house)
    there.but(sound=False, late=timedelta(hours=9))
    acts = StampActivities(house.engine, lambda: authorities_of(house.settings), 0)
    acts.stamp_all(lambda: moment.now() + timedelta(hours=9))
    said = "Time stamp authority tsa gave a stamp that cannot be believed."
    assert said in at(AUDITOR).open("/audit").text


def test_where_nobody_is_named_nothing_is_told(served: Served, at: SignedIn) -> None:
    assert TITLE not in at(AUDITOR).open("/audit").text


def test_who_may_not_read_the_log_sees_nothing_of_it(house: House, at: SignedIn) -> None:
    assert TITLE not in at(SERVICE).open("/audit").text
