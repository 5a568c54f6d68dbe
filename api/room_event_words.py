"""What happened in inspector rooms, one sentence per kind of event: a part of event_words.py.

What belongs here: the events of domain/rooms.py. What never does: how a hole is filled.
"""

from typing import Final

from api.tell import Tell

ROOM_TELLS: Final[dict[str, Tell]] = {
    "RoomOpened": Tell(
        "person", "{by:person} opened room {room} to {firm} until {until_at:when}.", True
    ),
    "RoomExtended": Tell("person", "{by:person} set the end of room {room} to {until_at:when}."),
    "RoomClosed": Tell("person", "{by:person} closed room {room}."),
    "RoomAsked": Tell("person", "The inspector in room {room} asked question {question}.", True),
    "RoomAnswered": Tell("answer", "{by:person} answered the inspector's question {question}."),
}
