"""The words that a dossier takes along: in both languages, each hole with a way to be filled."""

import re
from pathlib import Path
from typing import Any

import pytest

from api.event_words import TELLS
from api.viewer_words import viewer_words
from services.company import read_rules
from services.dossier_viewer import PAGE

HOLE = re.compile(r"\{([\w.]+)(?::(\w+))?(?::([\w.]+))?\}")


@pytest.fixture(scope="module")
def words() -> dict[str, Any]:
    return viewer_words(read_rules())


def kinds_in_the_viewer() -> set[str]:
    told = Path(PAGE / "telling.js").read_text(encoding="utf-8")
    table = told.split("const KINDS = {")[1].split("\n  };")[0]
    return set(re.findall(r"^    (\w+)[:,]", table, re.MULTILINE)) | {"word", "words"}


def test_every_hole_is_filled_by_the_viewer(words: dict[str, Any]) -> None:
    known = kinds_in_the_viewer()
    for key, tell in words["tells"].items():
        for language in ("en", "zh"):
            for _field, kind, named in HOLE.findall(tell[language]):
                assert not kind or kind in known, (key, kind)
                assert not named or named in words["lists"], (key, named)


def test_the_two_languages_have_the_same_holes(words: dict[str, Any]) -> None:
    assert set(words["tells"]) == set(TELLS)
    for key, tell in words["tells"].items():
        assert set(HOLE.findall(tell["en"])) == set(HOLE.findall(tell["zh"])), key


def test_every_word_is_there_in_both_languages(words: dict[str, Any]) -> None:
    both = [*words["commands"].values(), *words["places"].values()]
    for table in (*words["lists"].values(), *words["names"].values()):
        both += table.values()
    assert len(both) > 900
    assert [one for one in both if not one["en"] or not one["zh"]] == []


def test_every_word_that_the_viewer_itself_asks_for_is_in_its_table() -> None:
    table = (PAGE / "words.js").read_text(encoding="utf-8")
    known = set(re.findall(r"^    (\w+): \[\"", table, re.MULTILINE))
    asked = set()
    for file in PAGE.glob("*.js"):
        asked |= set(re.findall(r'\bt\("(\w+)"', file.read_text(encoding="utf-8")))
    assert asked
    assert asked <= known, asked - known


def test_every_text_of_the_viewer_is_in_both_languages_with_the_same_holes() -> None:
    table = (PAGE / "words.js").read_text(encoding="utf-8")
    rows = re.findall(
        r'^    (\w+): \["((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\],$', table, re.MULTILINE
    )
    assert len(rows) > 150
    for key, english, chinese in rows:
        assert english
        assert chinese
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese)), key
        if key not in ("language", "drill"):
            assert not re.search(r"[\u4e00-\u9fff]", english), key


def test_an_entry_is_called_by_one_word_in_chinese() -> None:
    """The record is 记录; an entry of it is 条目, as on the console."""
    table = (PAGE / "words.js").read_text(encoding="utf-8")
    assert re.findall(r".{6}(?:条记录|条重要记录|跳到记录|记录编号|记录类型).*", table) == []


def test_the_viewer_says_which_clocks_it_lists() -> None:
    table = (PAGE / "words.js").read_text(encoding="utf-8")
    assert "Clocks running" not in table, "it lists those over duties and signatures alone"
    assert 't("clocks_left")' in (PAGE / "known.js").read_text(encoding="utf-8")
