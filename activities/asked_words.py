"""The message that an inspector asked something: a part of activities/message_words.py.

What belongs here: that message in English and Chinese. What never does: whom to tell.
"""

from typing import Final

ASKED: Final[dict[str, dict[str, tuple[str, str, str]]]] = {
    "room_asked": {
        "en": (
            "An inspector asked something",
            "Answer question {question} by {due_at}.",
            "Asked in room {room} by: {firm}.",
        ),
        "zh": (
            "检查人员提出了问题",
            "请于{due_at}前答复问题 {question}。",
            "提问方：{firm}，查阅室 {room}。",
        ),
    },
}
