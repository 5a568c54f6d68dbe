"""A public text in its parts: what is a heading, what opens, and that no word is lost."""

import time

import pytest

from activities.text_parts import Part, Piece, parts_of, pieces_of
from domain.statement_text import Rendition, languages_seen
from domain.values import PublicText

NOTICE = """We recall the cream. Please stop using it.

What is recalled
Product: Day Cream 50 g
Lots: A2602, A2603
Picture: https://recall.example.com/p/cream.png

What you should do
1. Stop using it.
2. Keep the pack.

What we know:
- 12 reports.
- No one is in hospital.

How to reach us
Free phone: 0800 123 4567 (9 to 18)
On the web: https://recall.example.com/r, or write to help@example.com.

Qinglan Cosmetics
As of: 29 November 2026"""


def headings(body: str) -> list[str]:
    """Give the headings of a text."""
    return [part.lines[0][0].text for part in parts_of(body) if part.is_heading]


def words_of(parts: tuple[Part, ...]) -> str:
    """Give all words of a text's parts as a page shows them."""
    return "\n".join(
        f"{part.mark} {''.join(piece.text for piece in line)}"
        for part in parts
        for line in part.lines
    )


def test_the_headings_of_a_notice() -> None:
    assert headings(NOTICE) == [
        "What is recalled", "What you should do", "What we know:", "How to reach us",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("What happened\nOn Monday we heard of it.", ["What happened"]),
        ("发生了什么\n周一我们获悉此事。", ["发生了什么"]),
        ("Sorry.\n\nIst es gefährlich?\nNein.\n\nEnde", ["Ist es gefährlich?"]),
        ("Sorry.\n\nLi Wei\nQinglan Cosmetics Co., Ltd.", []),
        ("FOR IMMEDIATE RELEASE\nNovember 29, 2026", []),
        ("Sorry.\n\nProduct: cream\nLots: A1\n\nEnd", []),
        ("Sorry.\n\nWe are sorry.\nCall us.\n\nEnd", []),
        ("Sorry.\n\n1. Stop\n2. Keep\n\nEnd", []),
        ("Sorry.\n\n- Stop\n- Keep\n\nEnd", []),
        ("Sorry.\n\nwww.example.com\nMore.\n\nEnd", []),
        ("Sorry.\n\nAlone\n\nEnd", []),
        (f"Sorry.\n\n{'long ' * 20}\nMore.\n\nEnd", []),
        ("", []),
    ],
    ids=["first", "Chinese", "a question", "who signs", "a day", "names", "sentences", "numbers",
         "points", "an address", "alone", "long", "empty"],
)  # fmt: skip
def test_which_line_is_a_heading(body: str, found: list[str]) -> None:
    assert headings(body) == found


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        ("see https://a.example/x?y=1&z=2.", [("https://a.example/x?y=1&z=2",) * 2]),
        ("(http://a.example/x_(1))", [("http://a.example/x_(1)",) * 2]),
        ("www.fda.gov/medwatch, now", [("www.fda.gov/medwatch", "https://www.fda.gov/medwatch")]),
        ("详见https://a.example/r。", [("https://a.example/r",) * 2]),
        ("https://a.example/r에서", [("https://a.example/r",) * 2]),
        ("https://müller.example", []),
        ("https://a.example/召回", []),
        ("write to a.b@c.example.", [("a.b@c.example", "mailto:a.b@c.example")]),
        ("call +49 (0)30 1234-567 now", [("+49 (0)30 1234-567", "tel:+49301234567")]),
        ("Call 1-800-555-0199.", []),
        ("0800 123 4567 (9–18)", [("0800 123 4567", "tel:08001234567")]),
        ("电话 400-820-1234（免费）", [("400-820-1234", "tel:4008201234")]),
        ("lot 400 1234 5678, EAN 0800 1234 5678 9012", []),
        ("lot 400-820-1234-5, EAN 12 0800 123 4567", []),
        ("https://ours@evil.example/x or https://ours:443@evil.example", []),
        ("www.ours.example@evil.example https://ours@evil.example?a#b", []),
        ("https://a.example/@us?to=a@b", [("https://a.example/@us?to=a@b",) * 2]),
        ("(see [https://a.example/x]).)", [("https://a.example/x",) * 2]),
        ("our own: 021 555 66", [("021 555 66", "tel:02155566")]),
        ("lots A2602-0800123456, 2026-11-29, 4006381333931", []),
        ("400 g or 0800", []),
        ("javascript:alert(1) data:text/html,x file:///etc ftp://a.example", []),
        ("java https://", []),
        ("plain words", []),
    ],
)
def test_what_opens(line: str, opens: list[tuple[str, str]]) -> None:
    pieces = pieces_of(line, ("021 555 66", "0800 123 4567", "400-820-1234"))
    assert [(piece.text, piece.href) for piece in pieces if piece.href] == opens
    assert "".join(piece.text for piece in pieces) == line


@pytest.mark.parametrize(
    "body",
    [NOTICE, "a\nb\n\n- c\n- d\n· e\n・f\n\n-\nminus -5", "x" * 20_000, "-5 degrees"],
    ids=["notice", "marks", "no break", "below zero"],
)
def test_no_word_is_lost(body: str) -> None:
    text = Rendition(language="en", title=PublicText("T"), body=PublicText(body))
    assert languages_seen(words_of(parts_of(body)), [text]) == ("en",)


def test_points_are_kept_by_their_mark() -> None:
    parts = parts_of("a\nb\n\n- c\n- d\n· e\n・f\n\n-\nminus -5")
    assert [(part.mark, len(part.lines)) for part in parts] == [
        ("", 2), ("-", 2), ("·", 1), ("・", 1), ("", 2),
    ]  # fmt: skip
    assert parts_of("-5 degrees")[0].lines == ((Piece("-5 degrees"),),)


def test_only_a_picture_of_our_own_place_is_shown() -> None:
    def shown(body: str, origin: str = "https://recall.example.com") -> list[str]:
        return [href for part in parts_of(body, origin=origin) for href in part.pictures]

    assert shown(NOTICE) == ["https://recall.example.com/p/cream.png"]
    assert shown(NOTICE, "") == shown(NOTICE, "https://recall.example") == []
    assert shown("https://recall.example.com.evil.example/cream.png") == []
    assert shown("https://recall.example.com/recalls/X-S1") == []


@pytest.mark.parametrize(
    "sign", ["a", "a.", "+1 ", "800 ", "(", "http://", "a@a.", "1-", ")", "])"]
)
def test_a_hostile_text_takes_time_by_its_length_alone(sign: str) -> None:
    def taken(signs: int) -> float:
        began = time.process_time()
        body = sign * (signs // len(sign))
        parts_of(f"{body} https://a.example/{body}", numbers=("400 820 1234",))
        return time.process_time() - began

    short = min(taken(5_000) for _ in range(3))
    # Four times as long: some four times the time, and never the sixteen of a square.
    assert min(taken(20_000) for _ in range(3)) < 10 * short + 0.05
