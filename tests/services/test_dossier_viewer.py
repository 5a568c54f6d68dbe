"""The members of the offline viewer: their names, their order, and the form of what is generated."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.canonical import canonical
from services.dossier_viewer import (
    GENERATED,
    PAGE,
    SCRIPTS,
    STYLE,
    entries_script,
    states_script,
    viewer_members,
)
from services.record_summary import Told

ABOUT = {"incident": "INC-2026-0001", "made_by": "</script>\u2028"}
LEAVES = [canonical({"seq": 1, "text": "</script> \u2028 召回"}), canonical({"seq": 2})]
TOLD = [Told({"grade": {"grade": "minor"}}, "A:b"), Told({"grade": None, "x": "<"}, "A")]


def members() -> dict[str, bytes]:
    return dict(viewer_members(ABOUT, LEAVES, TOLD))


def test_members_are_the_page_what_is_generated_and_the_viewer_s_own_files() -> None:
    names = [name for name, _ in viewer_members(ABOUT, LEAVES, TOLD)]
    own = [f"viewer/{name}" for name in (*GENERATED, STYLE, *SCRIPTS)]
    assert names == ["index.html", *own]
    assert all(re.fullmatch(r"[a-z0-9/.]+", name) for name in names)
    assert {one.name for one in PAGE.iterdir()} == {"index.html", STYLE, *SCRIPTS}


def test_the_page_loads_each_of_them_once_and_nothing_else() -> None:
    page = members()["index.html"].decode()
    loaded = re.findall(r'(?:src|href)="([^"]*)"', page)
    files = [one for one in loaded if not one.startswith("data:") and one != "timeline.html"]
    assert sorted(files) == sorted(set(members()) - {"index.html"})
    assert files.index("viewer/start.js") < min(files.index(f"viewer/{one}") for one in GENERATED)
    assert files[-1] == "viewer/page.js"


def test_the_page_allows_its_own_files_and_no_connection() -> None:
    page = members()["index.html"].decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy[1]
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script>", page)


@pytest.mark.parametrize("name", [*SCRIPTS, STYLE])
def test_no_file_names_an_address_outside_or_makes_markup_of_a_text(name: str) -> None:
    text = (PAGE / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    for word in ("://", "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "fetch(", "XMLHttpRequest", "import(", "WebSocket", "@import", "url("):  # fmt: skip
        assert word not in text, word


def test_entries_stand_one_a_line_as_the_specification_has_them() -> None:
    assert members()["viewer/entries.js"].splitlines() == [
        b"andon.entries=[",
        b'"{\\"seq\\":1,\\"text\\":\\"</script> \\u2028 \\u53ec\\u56de\\"}",',
        b'"{\\"seq\\":2}"',
        b"];",
    ]


@given(st.lists(st.text().filter(lambda text: "\0" not in text and text.isprintable())))
def test_entries_are_read_back_as_the_bytes_they_were(texts: list[str]) -> None:
    leaves = [canonical({"text": text}) for text in texts]
    script = entries_script(leaves)
    assert script.isascii()
    read = json.loads(script.removeprefix(b"andon.entries=").removesuffix(b";\n"))
    assert [one.encode() for one in read] == leaves


def test_what_was_known_stands_under_its_key_with_the_entry_it_holds_from() -> None:
    first, second = _assignments(states_script(TOLD))
    assert json.loads(first) == {"grade": [[1, {"grade": "minor"}], [2, None]], "x": [[2, "<"]]}
    assert second == '{names:["A:b","A"],of:[0,1]}'


def test_nothing_generated_beside_the_entries_holds_a_sign_that_begins_markup() -> None:
    made = members()
    for name in ("viewer/about.js", "viewer/states.js"):
        assert b"<" not in made[name]
        assert made[name].isascii()


def test_the_same_record_gives_the_same_bytes() -> None:
    assert members() == members()


def _assignments(script: bytes) -> Iterator[str]:
    for name in (b"andon.states=", b"andon.tells="):
        yield script.split(name)[1].split(b";\n")[0].decode()
