"""Words that every match must hold: the quick way finds exactly what the slow way finds."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.pattern_words import as_searched, possible, words_of
from domain.seen import as_seen
from domain.wording import read_wording

FIRST = Path(__file__).parents[2] / "plan" / "wording" / "first.toml"
RULES = read_wording(tomllib.loads(FIRST.read_text(encoding="utf-8"))).rules
PATTERNS = [pattern for rule in RULES for pattern in rule.patterns]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bvoluntar(y|ily)\b", {"voluntar"}),
        (r"(isolated|single) case", {"isolated", "single"}),
        (r"never again|never more", {"never "}),
        (r"a(bc)?d", None),
        (r"[a-z]+", None),
        (r"自愿召回", {"自愿召回"}),
        (r"(?:absolutely ){1,3}safe", {"absolutely "}),
        (r"(?:quite )?safe", {"safe"}),
        (r"(?<!not )recalled", {"recalled"}),
        (r"STRASSE", {"strasse"}),
    ],
)
def test_the_words_of_a_pattern(pattern: str, words: set[str] | None) -> None:
    assert words_of(pattern) == words


def test_most_patterns_of_the_table_have_words() -> None:
    assert sum(words_of(pattern) is not None for pattern in PATTERNS) > 0.8 * len(PATTERNS)


@given(st.data())
def test_nothing_that_matches_is_left_out(data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(PATTERNS))
    match = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    seen = as_seen(match).text
    if re.search(pattern, seen, re.IGNORECASE):
        assert possible((pattern,), as_searched(seen)) == (pattern,)


@given(st.text())
def test_any_text_is_searched_in_one_form(text: str) -> None:
    assert as_searched(as_searched(text)) == as_searched(text)
