"""Pictures say the same to those who see them, those who hear them, and those who read the table."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import api
from api.pictures import (
    ChannelGroup,
    ChannelState,
    Deadline,
    DueState,
    FunnelStep,
    Lane,
    Mark,
    MarkKind,
    Picture,
    Reader,
    deadline_bars,
    halt_board,
    incident_timeline,
    response_funnel,
)
from api.pictures.paper import LABEL_UNITS, lines_of, shorten
from api.pictures.samples import sample_pictures

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
ROOM = Path(api.__file__).parent
BEIJING = ZoneInfo("Asia/Shanghai")
ENGLISH = Reader(language="en", zone=BEIJING, gettext=lambda words: words)
NAMES = ("timeline", "deadlines", "halt", "response")

with (ROOM.parent / "locale/zh_CN/LC_MESSAGES/andon.po").open("rb") as _file:
    _CATALOGUE = {m.id: m.string for m in read_po(_file, locale="zh_CN") if isinstance(m.id, str)}
CHINESE = Reader(
    language="zh_CN", zone=BEIJING, gettext=lambda words: str(_CATALOGUE.get(words) or words)
)


def drawings(picture: Picture) -> list[Element]:
    """Return the picture's SVG elements, parsed."""
    return list(fromstring(f"<all>{picture.drawing}</all>"))  # noqa: S314 - our own drawing


def texts(picture: Picture) -> list[str]:
    """Return what is written in the picture, in order."""
    return [e.text or "" for svg in drawings(picture) for e in svg.iter("text")]


def places(picture: Picture, cls: str, attribute: str = "x") -> list[float]:
    """Return the horizontal places, in percent, of the elements that carry a class."""
    return [
        float(e.get(attribute, "0").rstrip("%"))
        for svg in drawings(picture)
        for e in svg.iter()
        if cls in (e.get("class") or "").split()
    ]


@pytest.fixture(params=range(4), ids=NAMES)
def picture(request: pytest.FixtureRequest) -> Picture:
    which: int = request.param
    return sample_pictures(now=NOW, reader=ENGLISH)[which]


def test_picture_is_read_out_as_title_and_description(picture: Picture) -> None:
    for svg in drawings(picture):
        title, described = svg.find("title"), svg.find("desc")
        assert title is not None
        assert described is not None
        assert title.text
        assert described.text
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"


def test_picture_keeps_the_content_security_policy(picture: Picture) -> None:
    for svg in drawings(picture):
        for element in svg.iter():
            assert element.tag not in {"style", "script", "a", "image", "foreignObject"}
            assert not [a for a in element.attrib if a == "style" or a.startswith("on")]
            assert not {"fill", "stroke"} & set(element.attrib), "colours belong to the sheet"


def test_table_behind_the_picture_is_whole(picture: Picture) -> None:
    assert picture.rows
    assert all(len(row) == len(picture.headings) for row in picture.rows)
    assert all(cell for row in picture.rows for cell in row)


def test_every_class_of_a_picture_stands_in_the_sheet(picture: Picture) -> None:
    sheet = (ROOM / "static" / "andon.css").read_text(encoding="utf-8")
    classes = {
        name
        for svg in drawings(picture)
        for element in svg.iter()
        for name in (element.get("class") or "").split()
    }
    assert {name for name in classes if not re.search(rf"\.{name}\b", sheet)} == set()


def test_ids_of_several_pictures_do_not_meet() -> None:
    ids = [
        element.get("id")
        for one in sample_pictures(now=NOW, reader=ENGLISH)
        for svg in drawings(one)
        for element in svg.iter()
        if element.get("id")
    ]
    assert len(ids) == len(set(ids))


def test_chinese_reader_meets_no_english_word() -> None:
    for one in sample_pictures(now=NOW, reader=CHINESE):
        written = " ".join([one.title, one.summary, *one.headings, *texts(one)])
        written += " ".join(word for _mark, word in one.legend)
        assert re.findall(r"[A-Za-z]{3,}", written) == []


@pytest.mark.parametrize("typed", ['<b>5</b> & "six"', "</svg><script>alert(1)</script>", "']]>"])
def test_what_people_typed_stays_text(typed: str) -> None:
    lane = Lane(name=typed, from_at=NOW, marks=(Mark(at=NOW, kind=MarkKind.ORDER, sentence=typed),))
    one = incident_timeline("t", [lane], now=NOW, reader=ENGLISH)
    assert typed in texts(one)
    assert [e.text for svg in drawings(one) for e in svg.iter("title")] == [one.title, typed]


def test_timeline_places_moments_in_order_and_now_last() -> None:
    marks = tuple(
        Mark(at=NOW - timedelta(hours=hours), kind=MarkKind.DECISION, sentence=f"{hours} h ago")
        for hours in (30, 12, 1)
    )
    lane = Lane(name="Halt", from_at=marks[0].at, marks=marks)
    one = incident_timeline("t", [lane], now=NOW, reader=ENGLISH)
    spots = [float(e.get("x", "")[:-1]) for e in drawings(one)[0].findall("svg")]
    assert spots == sorted(spots)
    assert 0 < spots[0] < spots[-1] <= places(one, "now", "x1")[0] < 100
    assert [row[3] for row in one.rows] == ["30 h ago", "12 h ago", "1 h ago"]


@pytest.mark.parametrize(
    ("hours", "ticks"),
    [
        (1, ["13:15", "13:30", "13:45"]),
        (12, ["03:00", "06:00", "09:00", "12:00"]),
        (24 * 8, ["6 h", "1 day", "3 days"]),
        (24 * 150, ["1 day", "1 week", "1 month"]),
    ],
    ids=["an hour", "half a day", "a week", "five months"],
)
def test_ticks_are_times_of_the_readers_clock_or_lengths_since_the_first_entry(
    hours: int, ticks: list[str]
) -> None:
    lane = Lane(name="", from_at=NOW - timedelta(hours=hours))
    one = incident_timeline("t", [lane], now=NOW, reader=ENGLISH)
    assert [words for words in texts(one) if words] == [*ticks, "now"]
    assert ("not even" in one.summary) == (hours > 48)


def test_marks_that_would_touch_are_one_with_their_number_and_the_worst_shape() -> None:
    close = [
        Mark(at=NOW - timedelta(hours=20, minutes=n), kind=kind, sentence=f"{kind} {n}")
        for n, kind in enumerate((MarkKind.ORDER, MarkKind.OVERDUE, MarkKind.DECISION))
    ]
    apart = Mark(at=NOW - timedelta(hours=2), kind=MarkKind.FILING, sentence="filed")
    lane = Lane(name="Halt", from_at=NOW - timedelta(hours=20), marks=(*close, apart))
    one = incident_timeline("t", [lane], now=NOW, reader=ENGLISH)
    spots = drawings(one)[0].findall("svg")
    tones = [spot.find("path").get("class") for spot in spots]  # type: ignore[union-attr]
    assert tones == ["critical mark", "information mark"]
    assert "3" in texts(one)
    assert len(one.rows) == 4


@given(st.lists(st.floats(min_value=0, max_value=20_000, allow_nan=False), min_size=1, max_size=12))
def test_moments_keep_their_order_on_either_scale(hours: list[float]) -> None:
    marks = tuple(
        Mark(at=NOW - timedelta(hours=gone), kind=MarkKind.ORDER, sentence="") for gone in hours
    )
    one = incident_timeline("t", [Lane(name="", from_at=NOW, marks=marks)], now=NOW, reader=ENGLISH)
    found = [float(e.get("x", "")[:-1]) for e in drawings(one)[0].findall("svg")]
    assert found == sorted(found)
    assert all(0 <= place <= 100 for place in found)


def test_stage_that_has_not_begun_has_no_bar() -> None:
    one = incident_timeline("t", [Lane(name="Review")], now=NOW, reader=ENGLISH)
    assert places(one, "span") == []
    assert "0 of 1 stages" in one.summary


def test_what_is_late_stands_left_of_now_and_comes_first() -> None:
    one = deadline_bars(
        "d",
        [
            Deadline(name="far", due_at=NOW + timedelta(days=15), state=DueState.RUNNING),
            Deadline(name="late", due_at=NOW - timedelta(hours=3), state=DueState.BREACHED),
            Deadline(name="near", due_at=NOW + timedelta(hours=2), state=DueState.WARNED),
        ],
        now=NOW,
        reader=ENGLISH,
    )
    here = places(one, "now", "x1")[0]
    late, near, far = (float(e.get("x", "")[:-1]) for e in drawings(one)[0].findall("svg"))
    assert late < here < near < far <= 100
    assert [row[0] for row in one.rows] == ["late", "near", "far"]
    assert one.summary.startswith("1 of 3 are overdue")


@given(
    st.lists(st.floats(min_value=-5000, max_value=20_000, allow_nan=False), min_size=1, max_size=8)
)
def test_deadlines_keep_their_order_and_stay_on_the_sheet(hours: list[float]) -> None:
    deadlines = [
        Deadline(
            name=str(index),
            due_at=NOW + timedelta(hours=left),
            state=DueState.BREACHED if left < 0 else DueState.RUNNING,
        )
        for index, left in enumerate(hours)
    ]
    one = deadline_bars("d", deadlines, now=NOW, reader=ENGLISH)
    found = [float(e.get("x", "")[:-1]) for e in drawings(one)[0].findall("svg")]
    assert found == sorted(found)
    assert all(0 <= place <= 100 for place in found)


def test_met_deadline_says_when_it_was_met() -> None:
    done = Deadline(
        name="telephone", due_at=NOW, state=DueState.MET, done_at=NOW - timedelta(hours=26)
    )
    one = deadline_bars("d", [done], now=NOW, reader=ENGLISH)
    assert one.rows == (("telephone", "Tue 24 Nov 2026, 14:00", "done", "Mon 23 Nov 2026, 12:00"),)


@pytest.mark.parametrize("count", [0, 1, 16, 17, 200])
def test_halt_board_has_one_lamp_for_each_channel(count: int) -> None:
    states = list(ChannelState)
    channels = tuple((f"channel {n}", states[n % len(states)]) for n in range(count))
    one = halt_board("h", [ChannelGroup(name="Shops", channels=channels)], reader=ENGLISH)
    lamps = drawings(one)[0].findall("svg")
    assert len(lamps) == len(one.rows) == count
    bottom = max((float(lamp.get("y", "0")) for lamp in lamps), default=0)
    assert bottom + 6 <= float(drawings(one)[0].get("height", "0"))


def test_halt_states_differ_without_colour() -> None:
    channels = tuple((state.value, state) for state in ChannelState)
    one = halt_board("h", [ChannelGroup(name="All", channels=channels)], reader=ENGLISH)
    colours = {"critical", "warning", "done", "information", "neutral", "accent"}
    looks = {
        tuple(
            (path.get("d"), *sorted(set((path.get("class") or "").split()) - colours))
            for path in lamp.findall("path")
        )
        for lamp in drawings(one)[0].findall("svg")
    }
    assert len(looks) == len(ChannelState)


def test_unknown_is_drawn_as_unknown_and_zero_as_zero() -> None:
    steps = [
        FunnelStep(name="sold", count=12_480),
        FunnelStep(name="asked", count=0),
        FunnelStep(name="back", count=None),
    ]
    one = response_funnel("f", steps, reader=ENGLISH)
    assert [row[1] for row in one.rows] == ["12,480 of 12,480", "0 of 12,480", "unknown"]
    assert places(one, "span", "width") == [100.0, 0.0]
    assert len(places(one, "dashed")) == 1


def test_nothing_known_is_said() -> None:
    one = response_funnel("f", [FunnelStep(name="sold", count=None)], reader=ENGLISH)
    assert one.summary == "Nothing is known yet."


@given(st.text(max_size=120))
def test_label_fits_a_phone_and_keeps_its_beginning(words: str) -> None:
    short = shorten(words)
    assert sum(2 if ord(letter) >= 0x2E80 else 1 for letter in short) <= LABEL_UNITS + 1
    assert short == words or words.startswith(short.removesuffix("…"))


@given(st.text(alphabet="ab 召回c", max_size=80))
def test_a_label_is_broken_into_two_lines_before_it_is_cut(words: str) -> None:
    lines = lines_of(words)
    assert 1 <= len(lines) <= 2
    assert all(sum(2 if ord(one) >= 0x2E80 else 1 for one in line) <= LABEL_UNITS + 1
               for line in lines)  # fmt: skip
    told = "".join("".join(lines).split())
    assert "".join(words.split()).startswith(told.removesuffix("…"))


def test_a_long_name_stands_whole_in_the_picture() -> None:
    name = "Have it approved and ready for every market: Brief for management"
    due = Deadline(name=name, due_at=NOW + timedelta(hours=2), state=DueState.RUNNING)
    said = texts(deadline_bars("d", [due], now=NOW, reader=ENGLISH))
    assert " ".join(said).find(name) >= 0


def test_a_deadline_at_midnight_ends_the_day_before_as_the_page_says_it() -> None:
    midnight = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    late = Deadline(name="law", due_at=midnight, state=DueState.BREACHED, known_at=NOW)
    one = deadline_bars("d", [late], now=NOW, reader=ENGLISH)
    assert one.rows[0][1] == "end of Sun 22 Nov 2026"
    assert one.summary.endswith("Of these, 1 were over before they became known.")
    known = "overdue since end of Sun 22 Nov 2026 · known since Tue 24 Nov 2026, 14:00"
    assert known in texts(one)
