"""What pages say of a text and of facts: in the reader's language, by names, never by a code."""

import pytest

from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, done
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("api")


def drafted(served: Served, body: str, **more: object) -> str:
    """Bring an incident to a text in English that tells the lots as reported, and give its number."""
    number = accepted(served)
    text = {"language": "en", "title": "First word", "body": body}
    draft = {"kind": "holding", "markets": ["DE"], "texts": [text], **more}
    done(served.person("ye.fan"), number, "statement/draft_statement", **draft)
    return number


def test_what_keeps_a_text_in_is_said_by_names_and_in_chinese(served: Served, at: SignedIn) -> None:
    number = drafted(served, "We look into it.", facts=["people_hurt"])
    chinese = at("su.ran", "zh-CN").open(f"/incidents/{number}/statement/texts/S1")
    assert "受伤害人员：已报告，未核实" in chinese.text
    assert "以下市场缺少其语言的文本：德国。" in chinese.text
    assert "people_hurt" not in chinese.text
    english = at("su.ran").open(f"/incidents/{number}/statement/texts/S1")
    assert "People hurt: reported, not verified" in english.text
    assert "There is no text in the language of: Germany." in english.text


def test_a_gap_in_a_text_is_said_in_chinese(served: Served, at: SignedIn) -> None:
    number = drafted(served, "We heard [to fill in: x].")
    page = at("ye.fan", "zh-CN").open(f"/incidents/{number}/statement/S1/revise_statement")
    assert "此处仍有待填写的内容。" in page.text
    assert "有待填写内容的文本尚未完成" in page.text
    assert "Something" not in page.text
    assert "规则 gap" not in page.text
