"""What the wording rules found is marked where it stands, and the words stay what they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.pages.marked_words import pieces
from domain.values import PublicText
from domain.wording import Finding, Severity
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_as_it_reads import DRAFT
from tests.api.pages.test_offered import accepted
from tests.api.serving import Served

FOUND = Finding(
    rule="R", severity=Severity.BLOCK, language="en", part="body", start=3, end=7,
    matched=PublicText("safe"), reason="", citation="", law=False,
)  # fmt: skip


@given(
    st.text(max_size=40),
    st.lists(
        st.tuples(
            st.integers(-5, 50), st.integers(-5, 50), st.sampled_from(["block", "warn", "other"])
        ),
        max_size=5,
    ),
)
def test_the_pieces_are_the_text(text: str, spans: list[tuple[int, int, str]]) -> None:
    found = [(replace(FOUND, start=start, end=end), severity) for start, end, severity in spans]
    assert "".join(one["text"] for one in pieces(text, "en", "body", found)) == text


def test_the_graver_of_two_shows_where_they_overlap() -> None:
    found = [(FOUND, "block"), (replace(FOUND, start=0, end=12), "warn")]
    assert pieces("so safe here", "en", "body", found) == [
        {"text": "so ", "severity": "warn"},
        {"text": "safe", "severity": "block"},
        {"text": " here", "severity": "warn"},
    ]


@pytest.mark.parametrize(("language", "part"), [("zh-CN", "body"), ("en", "title")])
def test_another_language_or_part_is_left_alone(language: str, part: str) -> None:
    assert pieces("so safe", language, part, [(FOUND, "block")]) == [
        {"text": "so safe", "severity": ""}
    ]


@pytest.mark.xdist_group("pages")
def test_a_phrase_is_marked_in_the_text_while_it_is_typed(served: Served, at: SignedIn) -> None:
    there = at("su.ran")
    page = there.open(DRAFT.format(accepted(served)))
    form = page.form("/draft_statement")
    words = "Since {{heard_since}} we know: 1 < 2, there is no cause for con\u200bcern at all."
    typed = form.filled(**{"texts-1-body": words})
    seen = there.client.post(form.action, data=typed, headers={"X-Fragment": "1"}).text
    assert '<mark class="found-block">no cause for con\u200bcern</mark>' in seen
    assert "&lt; <mark" in seen  # figures that no fact stands behind are marked
    assert seen.index("What the wording rules say") < seen.index("As it will read")
