"""Chinese pages have the colon of Chinese, and no space of English behind it or a full stop."""

import re

import pytest

from api.rendering import environment
from services.answer_links import path_of
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_halt_board import sold
from tests.api.pages.test_left_to_person import asked
from tests.api.pages.test_offered import told_once
from tests.api.pages.test_refused import order_at
from tests.api.pages.test_told_to_resume import WRITTEN
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

NO_TEXT = re.compile(r'<(script|style)\b.*?</\1>|<!--.*?-->|\s[\w-]+="[^"]*"', re.DOTALL)
ASCII_COLON = re.compile(r"[一-鿿）]: ?[^<]{0,12}")
SPACE = re.compile(r"[：。] +(?:[^<\s]|<(?:strong|span|time|a|q)\b).{0,20}")


def signs(html: str) -> list[str]:
    """List the places where Chinese text is set as English would be; data and scripts are none."""
    text = NO_TEXT.sub("", html)
    return [*ASCII_COLON.findall(text), *SPACE.findall(text)]


@pytest.mark.parametrize(
    ("html", "count"),
    [
        ("<p>尚未答复: 24</p>", 1),
        ("<p>批号： <strong>DC2603A</strong></p>", 1),
        ("<p>已答复。 无法停止</p>", 1),
        ("<p>批号：<strong>DC2603A</strong>。</p> <p>尚未答复：24</p>", 0),
    ],
)
def test_such_places_are_found(html: str, count: int) -> None:
    assert len(signs(html)) == count


def test_the_halt_board_is_set_as_chinese_is(served: Served, at: SignedIn) -> None:
    page = at("cheng.bo", "zh").open(f"/incidents/{told_once(sold, served)}/halt")
    assert "答复期限：" in page.text
    assert "尚未答复：" in page.text
    assert signs(page.html) == []


def test_so_is_the_page_on_which_a_channel_answers(served: Served) -> None:
    number = told_once(asked, served)
    assert served.app is not None
    path = path_of(served.app.state.house, number, WRITTEN, order_at(served, number))
    with served.visitor() as channel:
        html = channel.get(path, headers={"Accept-Language": "zh-CN"}).text
    assert "批号：<strong>BS2608A" in html
    assert signs(html) == []


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Lots: <b>A1</b>"), ("zh_CN", "批号：<b>A1</b>")]
)
def test_each_language_has_its_own_room_behind_a_colon(language: str, told: str) -> None:
    drawn = environment(language).from_string('{{ _("Lots:") }}{{ gap }}<b>A1</b>').render()
    assert drawn == told
