"""Orders as files, for systems that take nothing else: old ERP and warehouse systems.

What belongs here: one CSV file for each order, and reading the file that answers it. What never
does: fetching or sending files over a network: the folder is one that this machine has.

A file is written whole or not at all, and under a name that comes from the order: brought again it
is the same file. What was written is noted in the journal, so that a file that was taken in and
moved away is not written anew. Answers come as `<name>.answer.csv`; they are files of strangers and
are held to plain rules: a file of its own in the folder, small, UTF-8, one line.
"""

import csv
import hashlib
import io
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from domain import answer_files
from domain.channels import UNREADABLE
from domain.envelope import ChannelOrder, ChannelReply
from domain.errors import NotConfirmed
from domain.values import EVERY_LOT, UNITS_AT_MOST
from domain.wire import one_line
from integrations.awaited import asked_by, awaited, end_awaited
from integrations.channels import Address, ChannelGateway, LateAnswer
from integrations.connections import Connection, Named, Tools, behind
from integrations.lot_orders import lots_of

FIELDS: Final = {
    "folder": Named(needed=True, what="the folder that the other system reads, as a whole path"),
    "answers": Named(needed=False, what="the folder of its answers, where it is another one"),
    "bom": Named(needed=False, what="yes where the other system needs a byte order mark"),
}

ANSWER_BYTES: Final = 16 * 1024
ANSWER_ENDING: Final = ".answer.csv"
STATES: Final = {"accepted": "confirmed", "confirmed": "confirmed", "refused": "refused"}
COLUMNS: Final = (
    "order_id", "action", "incident", "order", "level", "drill", "channel", "product",
    "product_name", "article_numbers", "lot", "answer_by", "contact", "answer_file", "handling",
    "title", "text",
)  # fmt: skip
NOTE_SHOWN: Final = 300
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would run as a formula."""

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9]+")


def gateway(connections: Mapping[str, Connection], tools: Tools) -> ChannelGateway:
    """Give the gateway over all folders."""
    return FileDropGateway(connections, tools)


class FileDropGateway:
    """Writes orders as files, and reads what answers them."""

    def __init__(self, connections: Mapping[str, Connection], tools: Tools) -> None:
        """Keep the folders by connection, and the journal of what was written."""
        self._connections = dict(connections)
        self._tools = tools

    def bring(self, order: ChannelOrder, address: Address) -> ChannelReply:
        """Write the order's file once; once it is answered, give the answer.

        An answer that cannot be read is told, and the order stays open. Raises NotConfirmed when
        the folder cannot be written or read now.
        """
        connection = behind(self._connections, address)
        name = file_name(order)
        said = _answer(connection, name) if order.action == "halt" else None
        if said is not None and said.state != UNREADABLE:
            return said
        self._write_once(connection, order, name)
        if said is not None:
            return said
        if order.action == "resume":
            end_awaited(self._tools.journal, self._tools.desired, order)
        return ChannelReply("accepted", proof=f"order file {name}")

    def answers(self, channel: str, drill: str, address: Address) -> Sequence[LateAnswer]:
        """Give the answers to files that were written and not lifted since."""
        connection = behind(self._connections, address)
        found = []
        for change in self._tools.journal.standing(channel, drill):
            said = _answer(connection, change.item)
            if said is not None:
                incident, order = asked_by(change)
                found.append(LateAnswer(incident=incident, order=order, reply=said))
        return found

    # ------------------------------------------------------------ writing

    def _write_once(self, connection: Connection, order: ChannelOrder, name: str) -> None:
        journal = self._tools.journal
        noted = [one for one in journal.of_order(order.effect_key) if one.item == name]
        if any(one.became is not None for one in noted) or journal.finished(order):
            return
        number = noted[0].number if noted else None
        if number is None and order.action == "halt":
            number = journal.intend(order, awaited(order, name))
        rows = self._rows(order, name)
        _write(_folder(connection, "folder"), name, _csv(rows, bom=_bom(connection)))
        if number is not None:
            journal.note(number, {"written": True})
        else:
            journal.finish(order, ChannelReply("accepted", proof=f"order file {name}"))

    def _rows(self, order: ChannelOrder, name: str) -> Iterator[Mapping[str, str]]:
        """Give a line for each product and lot; what must stay off sale is told beside a resume."""
        articles = self._tools.articles(order.products)
        held = self._tools.desired.at(order.channel, order.drill)
        for product in order.products:
            article = articles.get(product)
            same = {
                "order_id": name.removesuffix(".csv"),
                "incident": order.incident,
                "order": str(order.order),
                "level": order.level,
                "drill": order.drill,
                "channel": order.channel,
                "product": product,
                "product_name": article.name if article else "",
                "article_numbers": " ".join(article.numbers if article else (product,)),
                "answer_by": order.answer_by,
                "contact": order.contact,
                "answer_file": f"{name.removesuffix('.csv')}{ANSWER_ENDING}",
                "handling": order.handling,
                "title": order.title,
                "text": order.text,
            }
            for action, lot in lots_of(order, product, held):
                yield {**same, "action": action, "lot": lot or EVERY_LOT}


def file_name(order: ChannelOrder) -> str:
    """Name an order's file: the same for the same order, and safe on every disk."""
    mark = hashlib.sha256(order.effect_key.encode()).hexdigest()[:16]
    incident = _UNSAFE.sub("-", order.incident)[:40]
    return f"{_UNSAFE.sub('-', order.action)}-{incident}-{order.order}-{mark}.csv"


# ---------------------------------------------------------------- files of ours


def _bom(connection: Connection) -> bool:
    return connection.value("bom").strip().lower() in ("yes", "true", "1")


def _folder(connection: Connection, field: str) -> Path:
    """Give a folder of a connection. Raises NotConfirmed where it is not there now."""
    folder = Path(connection.value(field) or connection.value("folder"))
    try:
        is_there = folder.is_absolute() and folder.is_dir()
    except OSError:  # a network disk that is away, a name longer than any disk takes
        is_there = False
    if not is_there:
        raise NotConfirmed(
            f"The folder of connection {connection.id} is not there.",
            "Mount it, or correct its whole path in the file of connections; it is tried again.",
        )
    return folder


def _csv(rows: Iterable[Mapping[str, str]], *, bom: bool) -> bytes:
    """Write lines by RFC 4180; a cell that a spreadsheet would run gets an apostrophe first."""
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    for row in rows:
        table.writerow({name: _guarded(row[name]) for name in COLUMNS})
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_STARTS) else cell


def _write(folder: Path, name: str, content: bytes) -> None:
    """Put a file into a folder whole: a reader never sees half of it. Raises NotConfirmed."""
    unfinished = folder / f".{name}.tmp"
    try:
        with suppress(FileNotFoundError):
            unfinished.unlink()  # left by a process that died
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
    except OSError as error:
        raise NotConfirmed(
            f"The order file could not be written ({error.strerror or type(error).__name__}).",
            "Check the room on that disk and who may write there; it is tried again.",
        ) from error


# ---------------------------------------------------------------- files of others


class _UnfitError(Exception):
    """A file is there, and it is no answer; the text says what is wrong in it."""


def _answer(connection: Connection, name: str) -> ChannelReply | None:
    """Read what answers an order's file; None while there is nothing.

    What cannot be an answer is no answer: it is told, and the order stays open. Raises
    NotConfirmed where the folder is not there.
    """
    folder, file = _folder(connection, "answers"), f"{name.removesuffix('.csv')}{ANSWER_ENDING}"
    try:
        said = _read_file(folder, file)
        return None if said is None else _reply(file, _row_of(file, said))
    except _UnfitError as unfit:
        return ChannelReply(UNREADABLE, error=str(unfit))


def _row_of(file: str, said: bytes) -> Mapping[str, object]:
    try:
        rows = list(csv.DictReader(io.StringIO(said.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise _UnfitError(answer_files.no_table(file)) from None
    if len(rows) != 1:
        raise _UnfitError(answer_files.not_one_line(file, len(rows)))
    return {(key or "").strip().lower(): value for key, value in rows[0].items()}


def _reply(file: str, row: Mapping[str, object]) -> ChannelReply:
    told, units, note = (_cell(row, field) for field in ("state", "units", "note"))
    state = STATES.get(told.lower())
    if state is None:
        raise _UnfitError(answer_files.other_state(file, told))
    if units and not (units.isascii() and units.isdigit()):
        raise _UnfitError(answer_files.other_units(file, units))
    if units and int(units) > UNITS_AT_MOST:
        raise _UnfitError(answer_files.too_many_units(file, units))
    is_refused = state == "refused"
    return ChannelReply(
        state,
        proof="" if is_refused else (note or "answered by a file"),
        error=(note or "refused by a file, without a reason") if is_refused else "",
        units=int(units) if units else None,
    )


def _cell(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    return one_line(value if isinstance(value, str) else "", NOTE_SHOWN)


def _read_file(folder: Path, name: str) -> bytes | None:
    """Read a small file of the folder itself; what leads elsewhere is not followed."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _UnfitError(answer_files.not_to_be_opened(name)) from error
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode) or told.st_nlink > 1:
            raise _UnfitError(answer_files.no_file_of_its_own(name))
        said = os.read(handle, ANSWER_BYTES + 1)
    except OSError as error:
        raise NotConfirmed(
            f"The answer file {name} could not be read ({error.strerror or type(error).__name__}).",
            "Check the disk of that folder; it is tried again.",
        ) from error
    finally:
        os.close(handle)
    if len(said) > ANSWER_BYTES:
        raise _UnfitError(answer_files.too_large(name, ANSWER_BYTES // 1024))
    return said
