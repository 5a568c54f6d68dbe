"""Which acts about inspector rooms make sense now: the part of domain/openings.py.

What belongs here: reading which rooms and questions there are. What never does: deciding.
"""

from collections.abc import Callable, Iterable
from typing import Final

from domain.scene import Scene


def _open_rooms(scene: Scene) -> Iterable[str]:
    return [one.id for one in scene.incident.people.rooms if one.is_open(scene.at)]


def _questions(scene: Scene) -> Iterable[str]:
    return [one.id for one in scene.incident.people.room_questions]


OPENINGS: Final[dict[str, Callable[[Scene], Iterable[str]]]] = {
    "extend_room": _open_rooms,
    "close_room": _open_rooms,
    "answer_in_room": _questions,
}
