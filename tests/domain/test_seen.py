"""A text as people see it: nothing hides a word, and every letter knows where it stood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.seen import as_seen


@given(st.text())
def test_every_letter_knows_where_it_came_from(text: str) -> None:
    seen = as_seen(text)
    assert len(seen.text) == len(seen.starts) == len(seen.ends)
    assert list(seen.starts) == sorted(seen.starts)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(seen.starts, seen.ends, strict=True)
    )


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_seen_as_it_stands(text: str) -> None:
    assert as_seen(text).text == text


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("volun\u200btary", "voluntary"),
        ("volun\u00adtary", "voluntary"),
        ("volun\ufe0ftary", "voluntary"),
        ("volun\u3164tary", "voluntary"),
        ("ｖｏｌｕｎｔａｒｙ", "voluntary"),
        ("vоluntаry", "voluntary"),  # o and a are Cyrillic
        ("ѵοluntary", "voluntary"),  # v is Cyrillic, o is Greek
        ("pre\u0301caution", "précaution"),
        ("\u110c\u1161\u1107\u1161\u11af", "자발"),
        ("自 愿 召\n回", "自愿召回"),
        ("\u202evoluntary", "voluntary"),
    ],
    ids=[
        "zero-width space", "soft hyphen", "variation selector", "filler", "full width",
        "cyrillic", "two alphabets", "mark apart", "korean in parts", "chinese apart",
        "turned around",
    ],
)  # fmt: skip
def test_what_hides_a_word_is_undone(written: str, seen: str) -> None:
    assert as_seen(written).text == seen


@pytest.mark.parametrize(
    "text",
    [
        "доброволен отзыв",
        "ανάκληση",
        "Приём",
        "안전 회수",
        "退款与更换\n\n您可以",
        "“自愿”，是的。",
    ],
    ids=["bulgarian", "greek", "russian", "korean spaces", "two paragraphs", "full-width marks"],
)
def test_what_is_a_language_of_its_own_stays_itself(text: str) -> None:
    assert as_seen(text).text == text


@pytest.mark.parametrize(
    ("written", "first"), [("a\u200bpre\u0301x", "pre"), ("自 愿", "自愿")], ids=["mark", "apart"]
)
def test_a_span_covers_what_was_written(written: str, first: str) -> None:
    seen = as_seen(written)
    at = seen.text.index(first[0])
    covered = written[seen.starts[at] : seen.ends[at + len(first) - 1]]
    assert covered.replace(" ", "").replace("\u0301", "") == first
