"""What `$` texts in a case mean where a step is played, and times on the drill's clock.

What belongs here: filling a body in. What never does: playing it (services/drilling.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from domain.case_times import moment_of
from domain.errors import WentOtherwise
from domain.state import Incident
from domain.wire import encode, instant_text


@dataclass(frozen=True, slots=True)
class Here:
    """Where a text is filled in: incident, files of the case, moment, what the step is done for."""

    state: Incident | None
    files: Mapping[str, str]
    now: datetime
    member: Any = None


def on_the_clock(value: Any, shift: timedelta) -> Any:
    """Move every time and date of the story onto the drill's clock, as texts, all the way down.

    Times have a zone: the reader of case files refuses others.
    """
    if isinstance(value, datetime):
        return instant_text(value - shift)
    if isinstance(value, date):
        return (value - shift).isoformat()
    if isinstance(value, Mapping):
        return {key: on_the_clock(part, shift) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [on_the_clock(part, shift) for part in value]
    return value


def filled(value: Any, here: Here, where: str) -> Any:
    """Put in what `$` texts mean, all the way down. Raises WentOtherwise."""
    if isinstance(value, str) and value.startswith("$"):
        return _meaning(value, here, where)
    if isinstance(value, Mapping):
        return {key: filled(part, here, f"{where}.{key}") for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, here, f"{where}.{n}") for n, part in enumerate(value)]
    return value


def _meaning(text: str, here: Here, where: str) -> Any:
    moment = moment_of(text)
    if moment is not None:
        at = here.now + moment[1]
        return at.date().isoformat() if moment[0] == "today" else instant_text(at)
    head, _, rest = text.removeprefix("$").partition(".")
    if head == "each":
        return follow(here.member, rest, where=where)
    if head == "file":
        return follow(here.files, rest, where=where)
    return follow(here.state, text, where=where)


def follow(found: Any, path: str, *, where: str) -> Any:
    """Follow a path such as `$notice.duties.D1.due_at` and give what stands there, as JSON.

    `last` is the newest of a list, or of a table by number (S10 after S9); `*` are all keys of a
    table; a number counts from 0. Raises WentOtherwise when it leads nowhere.
    """
    for part in filter(None, path.removeprefix("$").split(".")):
        try:
            found = _step_to(found, part)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
            raise WentOtherwise(
                f"{where}: {path} leads nowhere at {part!r}.",
                "See the incident's state at GET /api/incidents/{id} for its names.",
            ) from error
    return _plain(found)


def _step_to(found: Any, part: str) -> Any:
    if part == "*":
        return list(found)
    if part == "last":
        return found[max(found, key=_numbered)] if isinstance(found, Mapping) else found[-1]
    if isinstance(found, Mapping):
        return found[part]
    if isinstance(found, list | tuple):
        return found[int(part)]
    if part.startswith("_") or not is_dataclass(found):
        raise AttributeError(part)
    return getattr(found, part)


def _numbered(name: str) -> tuple[int, str]:
    """Order S2 before S10: a state that was read back holds its tables by name."""
    digits = "".join(letter for letter in name if letter.isdigit())
    return int(digits or 0), name


def _plain(value: Any) -> Any:
    """Give a value of the state as JSON."""
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return encode(type(value), value) if is_dataclass(value) else value
