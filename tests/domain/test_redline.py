"""Redlines: what changed between two versions, in words and in Chinese characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.redline import Op, redline

WORDS = st.text(alphabet="abc 。，.,\n1停售12　\u3042\u200b", max_size=80)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_it(before: str, after: str) -> None:
    found = redline(before, after)
    assert "".join(one.text for one in found if one.op is not Op.ADDED) == before
    assert "".join(one.text for one in found if one.op is not Op.REMOVED) == after


@given(WORDS)
def test_nothing_changed_in_the_same_text(text: str) -> None:
    assert all(one.op is Op.SAME for one in redline(text, text))


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        pytest.param(
            "We have sold 1,200 units of lot A.",
            "We have sold 1,450 units of lot A.",
            ["1,200"],
            ["1,450"],
            id="a number is one piece",
        ),
        pytest.param(
            "我们已停止销售涉事批次。", "我们已停止销售并召回涉事批次。", [], ["并召回"],
            id="Chinese by characters",
        ),
        pytest.param(
            "ご使用を中止してください。", "直ちにご使用を中止してください。", [], ["直ちに"],
            id="Japanese by characters",
        ),
        pytest.param(
            "사용을 중단하십시오.", "즉시 사용을 중단하십시오.", [], ["즉시 "],
            id="Korean by words",
        ),
        pytest.param("1.5% of 3:30", "1.6% of 3:30", ["1.5"], ["1.6"], id="decimals stay whole"),
        pytest.param("共１２００件", "共１３００件", ["１２００"], ["１３００"], id="full width"),
        pytest.param("批号 25K114。", "批号 25K115。", ["25K114"], ["25K115"], id="a lot"),
        pytest.param("First.\nSecond.\n", "First.\n", ["Second.\n"], [], id="a paragraph went"),
    ],
)  # fmt: skip
def test_what_changed_is_cut_where_a_reader_would(
    before: str, after: str, removed: list[str], added: list[str]
) -> None:
    found = redline(before, after)
    assert [one.text for one in found if one.op is Op.REMOVED] == removed
    assert [one.text for one in found if one.op is Op.ADDED] == added


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("的" * 20_000, "了" * 20_000, id="nothing alike"),
        pytest.param("的" * 20_000, "的" * 19_000 + "了" * 1_000, id="one sentence without end"),
        pytest.param("a. " * 7_000, "b. " * 7_000, id="sentences without end"),
        pytest.param("a.\n" * 630, "a.\nb.\n" * 315, id="the same line again and again"),
        pytest.param("a\n" * 10_000, "b\n" * 10_000, id="lines without end"),
    ],
)
def test_what_is_too_much_to_look_into_is_told_as_replaced(before: str, after: str) -> None:
    found = redline(before, after)
    assert [one.op for one in found if one.op is not Op.SAME] == [Op.REMOVED, Op.ADDED]


def test_one_line_of_many_is_one_change() -> None:
    lines = [f"Line {number} with words enough." for number in range(700)]
    changed = [*lines[:350], "Another line altogether.", *lines[351:]]
    found = redline("\n".join(lines), "\n".join(changed))
    assert [one.text for one in found if one.op is Op.REMOVED] == ["Line 350 with words enough"]
