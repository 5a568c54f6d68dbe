"""The form by which several channels are confirmed in one press.

What belongs here: which channels it shows, and its fields. What never does: sending (stopped.py).
They stand by the time in which they answer, then by name.
Nothing is ticked beforehand: that a channel has stopped is somebody's word, and never ours.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from api.pages.lens import Drawn
from api.pages.looking import View
from api.pages.possible import is_offered, open_items
from api.typed import Raw, last
from domain.message import COMMANDS

CONFIRM: Final = "confirm_channel"
LONGEST: Final = 500
"""Characters of a proof, as the act itself takes them."""


def stopped_form(
    view: View, raw: Raw | None = None, errors: Mapping[str, str] | None = None
) -> list[Drawn]:
    """Give the fields of the form, filled with what was typed; none where one form is enough."""
    lens, spec, typed, wrong = view.lens, COMMANDS[CONFIRM], raw or {}, errors or {}
    waiting = sorted(open_items(view, spec) or (), key=lambda one: _place(view, one))
    if len(waiting) < 2 or not is_offered(view, spec):
        return []
    return [
        {
            "kind": "checkboxes",
            "name": "channels",
            "label": lens("Which channels have stopped?"),
            "choices": [{"value": one, "label": _name(view, one)} for one in waiting],
            "value": typed.get("channels", []),
            "required": True,
            "error": wrong.get("channels", ""),
        },
        {
            "kind": "textarea",
            "name": "proof",
            "label": lens("How do you know?"),
            "help": lens("It is recorded for each of them."),
            "maxlength": LONGEST,
            "value": last(typed, "proof"),
            "required": True,
            "error": wrong.get("proof", ""),
        },
    ]


def _place(view: View, channel: str) -> tuple[datetime, str]:
    """Put who answers soonest first, then by name: nobody knows the ids."""
    now = view.state.halt.channels.get(channel)
    due = now.answer_due_at if now else None
    return due or datetime.max.replace(tzinfo=UTC), _name(view, channel)


def _name(view: View, channel: str) -> str:
    listed = view.state.halt.listed.get(channel)
    return view.lens.words.pick(listed.name, listed.name_zh) if listed else channel
