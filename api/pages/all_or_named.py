"""The choice that the form to sell again asks for first: all that is stopped, or what is named.

What belongs here: the field, what is wrong without it, and the words of the fields that name. What
never does: what may be sold, or the act itself, where nothing named is all (domain/resuming.py).
Nobody frees everything by leaving fields empty.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from api.forms import Section
from api.pages.lens import Drawn, Lens
from api.typed import Raw, last
from domain.errors import FieldError

RESUME: Final = "resume_sale"
CHOICE: Final = "reach"
ALL: Final = "all"
NAMED: Final = "named"
NAMING: Final = ("levels", "channels", "products", "lots")
"""The fields that name what is meant."""


BOTH: Final = "You named something below. Choose “Only what I name below”, or untick it."
NOTHING: Final = "Nothing is named below. Name what goes on again, or choose all."
NEITHER: Final = "Choose whether all that is stopped goes on again, or only what you name."


def is_named(raw: Raw) -> bool:
    """Say whether anything is named on the form."""
    return any(one for name in NAMING for one in raw.get(name, ()))


def is_nothing_chosen(raw: Raw) -> bool:
    """Say whether a form says neither that all is meant nor what."""
    return last(raw, CHOICE) != ALL and not is_named(raw)


def with_choice(
    lens: Lens, command: str, raw: Raw, error: str, parts: Sequence[Section]
) -> tuple[Section, ...]:
    """Put the choice before the fields that name what is meant; other forms stay as they are."""
    if command != RESUME:
        return tuple(parts)
    field: Drawn = {
        "kind": "radios",
        "name": CHOICE,
        "label": lens("How much goes on again?"),
        "choices": [
            {"value": ALL, "label": lens("All that is stopped")},
            {"value": NAMED, "label": lens("Only what I name below")},
        ],
        "value": last(raw, CHOICE),
        "required": True,
        "error": error,
    }
    return tuple(replace(part, fields=tuple(_before_names(field, part.fields))) for part in parts)


def _before_names(field: Drawn, fields: Sequence[Drawn]) -> list[Drawn]:
    at = next((n for n, one in enumerate(fields) if one["name"] in NAMING), None)
    return list(fields) if at is None else [*fields[:at], field, *fields[at:]]


def labels_of_names(lens: Lens, command: str) -> dict[str, str]:
    """Give the labels of the fields that name, where the choice says what an empty one means."""
    if command != RESUME:
        return {}
    told = lens.each(
        "Only these levels", "Only these channels", "Only these products", "Only these lots"
    )
    return dict(zip(NAMING, told, strict=True))


def choice_faults(command: str, raw: Raw) -> tuple[FieldError, ...]:
    """Say what is wrong with the choice; what would follow may be asked without one."""
    if command != RESUME:
        return ()
    chosen, named = last(raw, CHOICE), is_named(raw)
    if chosen == ALL and named:
        return (FieldError(CHOICE, BOTH),)
    if chosen == NAMED and not named:
        return (FieldError(CHOICE, NOTHING),)
    if chosen not in (ALL, NAMED) and not (named and "preview" in raw):
        return (FieldError(CHOICE, NEITHER),)
    return ()
