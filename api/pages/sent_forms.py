"""A form as a browser, or a program in its place, sent it: texts, files, and what is neither.

What belongs here: from bytes to texts by name, and which of them were not the UTF-8 that our pages
are in. What never does: what a field means, or whose form it is (frame.py).

The framework reads a text that is no UTF-8 as Latin-1, or puts signs in place of what it cannot
read, and says nothing: a complaint would be recorded in other words than somebody wrote.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote_plus, unquote_to_bytes

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from api.bodies import FORM_LIMIT
from domain.errors import FieldError, Malformed, TooLarge
from storage.failures import told

FIELDS_LIMIT: Final = 2_000
FILES_LIMIT: Final = 40
UNREADABLE: Final = "Some signs of this text could not be read: it is not UTF-8. Type it again."


class SentForm(FormData):
    """What was sent; `unreadable` names the fields whose texts are not what was written."""

    def __init__(
        self, items: Iterable[tuple[str, str | UploadFile]], unreadable: Iterable[str]
    ) -> None:
        super().__init__(list(items))
        self.unreadable = tuple(dict.fromkeys(unreadable))

    @property
    def faults(self) -> tuple[FieldError, ...]:
        """Say at which fields something has to be typed again."""
        return tuple(FieldError(name, UNREADABLE) for name in self.unreadable)


async def sent_form(request: Request) -> SentForm:
    """Read a form; one that is sent as something else holds nothing.

    Raises Malformed, TooLarge, and NotConfirmed when there is no room to take its files in.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    reader = _READERS.get(kind)
    if reader is None:
        return SentForm((), ())
    parser = reader(
        request.headers, request.stream(), max_fields=FIELDS_LIMIT, max_part_size=FORM_LIMIT
    )
    try:
        with told():
            form = await parser.parse()
    except MultiPartException as error:
        raise _refusal(error) from error
    return SentForm(form.multi_items(), parser.unreadable)


def _refusal(error: MultiPartException) -> Malformed | TooLarge:
    """Say in our own words why a form was not read."""
    if error.message.startswith("Too many"):
        return TooLarge(
            f"One form holds at most {FIELDS_LIMIT} fields and {FILES_LIMIT} files, "
            "and this one has more; nothing was changed.",
            "Send some of it now and the rest as a further act.",
        )
    return Malformed(
        "The form did not arrive as a form is sent; nothing was changed.",
        "Load the page again and send it once more; what you typed is kept on this device.",
        code="not_a_form",
    )


class _Parts(MultiPartParser):
    """Reads the texts of a form with files as UTF-8."""

    def __init__(self, *given: object, **limits: int) -> None:
        super().__init__(*given, max_files=FILES_LIMIT, **limits)  # type: ignore[arg-type]
        self.unreadable: list[str] = []

    def on_part_end(self) -> None:
        """Take one part; a text that is no UTF-8 is noted, and kept as far as it can be read."""
        part = self._current_part
        if part.file is None:
            text, readable = _read(bytes(part.data))
            part.data = bytearray(text.encode())
            self.unreadable += [] if readable else [part.field_name]
        super().on_part_end()


class _Fields(FormParser):
    """Reads the texts of a form without files as UTF-8."""

    def __init__(self, *given: object, **limits: int) -> None:
        super().__init__(*given, **limits)  # type: ignore[arg-type]
        self.unreadable: list[str] = []

    def on_field_end(self) -> None:
        """Take one field; a text that is no UTF-8 is noted, and kept as far as it can be read."""
        text, readable = _read(unquote_to_bytes(bytes(self._field_value).replace(b"+", b" ")))
        name, _ = _read(unquote_to_bytes(bytes(self._field_name).replace(b"+", b" ")))
        self._field_value = bytearray(quote_plus(text).encode())
        self.unreadable += [] if readable else [name]
        super().on_field_end()


_READERS: Final[dict[str, type[_Parts | _Fields]]] = {
    "multipart/form-data": _Parts,
    "application/x-www-form-urlencoded": _Fields,
}


def _read(sent: bytes) -> tuple[str, bool]:
    """Read UTF-8; what is none becomes a sign that stands for it, and False is given."""
    try:
        return sent.decode(), True
    except UnicodeDecodeError:
        return sent.decode(errors="replace"), False
