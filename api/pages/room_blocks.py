"""Inspectors' rooms on the people's page: who may look at what, and what they asked.

What belongs here: those blocks. What never does: the page of one room (rooms.py), what an inspector
sees (room.py), or a rule (domain/rooms.py).
"""

from api.pages import blocks
from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import act_link
from api.pages.readable import Opened
from api.pages.words_opened import opened_texts
from domain.rooms import find_room
from domain.stages import Stage
from domain.state.rooms import Room, RoomQuestion
from domain.values import PrivateText
from services.rooms import is_open


def private_texts(view: View) -> list[PrivateText]:
    """List the private texts of rooms: names of inspectors, questions and answers."""
    people = view.state.people
    asked = [text for one in people.room_questions for text in _texts_of(one)]
    return [one.inspector for one in people.rooms] + asked


def _texts_of(one: RoomQuestion) -> list[PrivateText]:
    return [one.words, *(each.words for each in one.answers)]


def texts_of_room(view: View, room: Room) -> list[PrivateText]:
    """List the private texts of one room: who the inspector is, what was asked and answered."""
    asked = [text for one in _asked_in(view, room) for text in _texts_of(one)]
    return [room.inspector, *asked]


def questions_of(view: View, room: Room, opened: Opened) -> list[Drawn]:
    """Give what was asked in one room, with the way to answer; that nothing was is said too."""
    title, empty = view.lens("Asked by inspectors"), view.lens("Nothing was asked yet.")
    asked = _asked_in(view, room)
    return _questions(view, asked, opened) or [blocks.table(title, (), (), empty=empty)]


def _asked_in(view: View, room: Room) -> tuple[RoomQuestion, ...]:
    return tuple(one for one in view.state.people.room_questions if one.room == room.id)


def room_blocks(view: View, opened: Opened) -> list[Drawn]:
    """Give the rooms of an incident and what was asked in them; nothing where there is none."""
    people, lens = view.state.people, view.lens
    if not people.rooms:
        return []
    rooms = blocks.table(
        lens("Rooms for inspectors"),
        lens.each("Room", "For whom", "May see", "State"),
        [_room(view, one, opened) for one in reversed(people.rooms)],
        id="rooms",
    )
    return [rooms, *_questions(view, people.room_questions, opened)]


def _room(view: View, one: Room, opened: Opened) -> list[blocks.Cell]:
    lens = view.lens
    open_now = is_open(view.visit.house, view.row, one)
    acts = act_link(view, "extend_room", one.id) + act_link(view, "close_room", one.id)
    classes = lens.listed(lens.words.member(each) for each in one.classes)
    return [
        {
            "text": one.id,
            "sub": one.purpose,
            "href": f"{view.address}/rooms/{one.id}",
            "acts": acts if open_now else [],
        },
        {"text": opened.get(one.inspector.ref, lens("sealed")), "sub": one.firm},
        {
            "text": lens.listed(lens.word(part) for part in one.parts),
            "sub": lens("private words: %(classes)s", classes=classes) if classes else "",
        },
        {
            "text": lens("open") if open_now else lens("ended"),
            "sub": lens("until %(when)s", when=lens.when(one.closed_at or one.until_at)),
            "tone": "information" if open_now else "neutral",
        },
    ]


def _questions(view: View, asked: tuple[RoomQuestion, ...], opened: Opened) -> list[Drawn]:
    lens = view.lens
    if not asked:
        return []
    rows: list[list[blocks.Cell]] = [
        [
            {
                "text": one.id,
                "sub": one.room,
                "href": f"{view.address}/ledger/{one.seq}",
                "acts": act_link(view, "answer_in_room", one.id),
            },
            opened.get(one.words.ref, lens("sealed")),
            _answers(view, one, opened),
        ]
        for one in reversed(asked)
    ]
    columns = lens.each("Question", "What was asked", "What we answered")
    return [blocks.table(lens("Asked by inspectors"), columns, rows, id="room-questions")]


def _answers(view: View, one: RoomQuestion, opened: Opened) -> blocks.Cell:
    lens = view.lens
    if not one.answers:
        by = lens("to be answered by %(when)s", when=lens.when(one.due_at))
        return {"text": lens("not answered yet"), "sub": by, "tone": "warning"}
    told = [
        f"{opened.get(each.words.ref, lens('sealed'))} "
        f"({lens.person(each.by)}, {lens.when(each.at)})"
        for each in one.answers
    ]
    return {"text": "", "lines": told}


def question_rows(view: View, one: RoomQuestion) -> list[Drawn]:
    """Give a question with what was answered so far, for the form that answers it."""
    lens, opened = view.lens, opened_texts(view, _texts_of(one), "stage", Stage.PEOPLE)
    room = find_room(view.state, one.room)
    rows: list[Drawn] = [
        {"label": lens("Asked by"), "text": f"{one.room} · {room.firm if room else ''}"},
        {"label": lens("The question"), "text": opened.get(one.words.ref, lens("sealed"))},
        {"label": lens("To be answered by"), "moment": lens.moment(one.due_at)},
    ]
    answered = [opened.get(each.words.ref, lens("sealed")) for each in one.answers]
    return rows + ([{"label": lens("Answered so far"), "lines": answered}] if answered else [])
