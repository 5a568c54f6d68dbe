"""Text in columns: no line is wider than asked, nothing is lost, Chinese breaks where it may."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.columns import (
    CLOSING,
    MOST,
    OPENING,
    padded,
    shows_ink,
    terminal_columns,
    width_of,
    wrapped,
)

SIGNS = st.text("ab c-，。（）“”停售召回é́…1", max_size=80)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("停售", 4),
        ("A停b", 4),
        ("é", 1),
        ("e\u0301", 1),
        ("ＡＢ", 4),
        ("", 0),
        ("…→●", 3),
    ],
)
def test_wide_signs_take_two_columns(text: str, columns: int) -> None:
    assert width_of(text) == columns


@given(SIGNS, st.integers(2, 30))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, columns: int) -> None:
    lines = wrapped(text, columns)
    assert all(width_of(line) <= columns for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert lines


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("事件等级为重大，立即停售。", 14, ["事件等级为重", "大，立即停售。"]),
        ("立即（全部）停售", 6, ["立即", "（全", "部）停", "售"]),
        ("等级H1停发", 6, ["等级H1", "停发"]),
        ("召回 recall", 8, ["召回", "recall"]),
        ("S2601S2602S2603", 5, ["S2601", "S2602", "S2603"]),
    ],
)
def test_lines_break_where_they_may(text: str, columns: int, lines: list[str]) -> None:
    assert wrapped(text, columns) == lines


@given(st.lists(st.sampled_from(["召回", "（停售）", "“立即”，", "H1。", "recall ", "《公告》"])))
def test_a_line_neither_begins_with_a_closing_nor_ends_with_an_opening_sign(
    words: list[str],
) -> None:
    lines = wrapped("".join(words), 12)
    assert not any(line[:1] and line[0] in CLOSING for line in lines)
    assert not any(line[-1:] and line[-1] in OPENING for line in lines)


def test_texts_are_filled_up() -> None:
    assert [padded("停售", 6), padded("停售", 6, right=True)] == ["停售  ", "  停售"]
    assert padded("too long", 3) == "too long"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "shown"),
    [
        (Terminal(), {}, True),
        (io.StringIO(), {}, False),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "dumb"}, False),
    ],
    ids=["a terminal", "a file", "NO_COLOR", "an empty NO_COLOR", "a dumb terminal"],
)
def test_only_a_terminal_gets_ink(
    stream: io.StringIO,
    environment: dict[str, str],
    shown: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert shows_ink(stream) is shown


@pytest.mark.parametrize(("asked", "columns"), [("80", 80), ("20", 40), ("500", MOST)])
def test_as_many_columns_as_the_terminal_has_within_bounds(
    asked: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", asked)
    assert terminal_columns() == columns
