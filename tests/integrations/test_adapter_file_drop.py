"""Orders as files: written whole and once, answered by a file, and no file of a stranger believed."""

import csv
import errno
import io
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.desired import Hold
from domain.envelope import ChannelOrder
from domain.errors import NotConfirmed, NotFound
from integrations import adapter_file_drop as file_drop
from integrations.awaited import awaited
from integrations.channels import Adapters, Address, AnsweringGateway
from integrations.connections import Article, Connection, Tools, read_connections
from tests.integrations.fake_shelf import FakeHolds, FakeJournal

WAREHOUSE = Address(channel="wh", adapter="file_drop", address="erp", name="The warehouse")
ORDER = ChannelOrder(
    effect_key="INC-2026-0001/1:2:halt:wh", incident="INC-2026-0001", channel="wh", action="halt",
    order=2, products=["cream"], lots=["L1", "L2"], level="H1", contact="+86 800",
    answer_by="2026-11-30T12:00:00.000000Z",
)  # fmt: skip
NAME = file_drop.file_name(ORDER)
ANSWER = NAME.replace(".csv", ".answer.csv")


class Drop:
    """A folder that a system reads, and the gateway to it."""

    def __init__(self, folder: Path, name: str = "Cream A", **values: str) -> None:
        """Connect the folder."""
        self.folder, self.holds, self.journal = folder, FakeHolds(), FakeJournal()
        article = Article(product="cream", numbers=("cream", "06901234567892"), name=name)
        tools = Tools(
            journal=self.journal, desired=self.holds, articles=lambda _ids: {"cream": article}
        )
        one = Connection(id="erp", adapter="file_drop", values={"folder": str(folder), **values})
        self.gateway = file_drop.gateway({"erp": one}, tools)

    def rows(self, name: str = NAME) -> list[dict[str, str]]:
        """Read an order's file as a spreadsheet would."""
        text = (self.folder / name).read_bytes().decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))

    def names(self) -> list[str]:
        """List what is in the folder."""
        return [one.name for one in self.folder.iterdir()]

    def says(self, text: str, encoding: str = "utf-8") -> None:
        """Let the other system answer."""
        (self.folder / ANSWER).write_bytes(text.encode(encoding))


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    """Give a folder."""
    return Drop(tmp_path)


def test_an_order_is_one_file_with_a_line_for_each_lot(drop: Drop) -> None:
    reply = drop.gateway.bring(ORDER, WAREHOUSE)
    assert reply.state == "accepted"
    assert [(row["action"], row["lot"]) for row in drop.rows()] == [("halt", "L1"), ("halt", "L2")]
    (first, _) = drop.rows()
    assert first["article_numbers"] == "cream 06901234567892"
    assert first["answer_file"] == ANSWER
    assert first["order_id"] == NAME.removesuffix(".csv")
    content = (drop.folder / NAME).read_bytes()
    assert content.count(b"\r\n") == 3
    assert drop.names() == [NAME], "nothing half-written is left"


def test_no_lots_means_all_of_them(drop: Drop) -> None:
    order = replace(ORDER, lots=[])
    drop.gateway.bring(order, WAREHOUSE)
    assert [row["lot"] for row in drop.rows()] == ["ALL"]


@pytest.mark.parametrize("mark", [True, False], ids=["bom", "no bom"])
def test_the_byte_order_mark_is_the_connection_s(mark: bool, tmp_path: Path) -> None:
    drop = Drop(tmp_path, bom="yes" if mark else "no")
    drop.gateway.bring(ORDER, WAREHOUSE)
    assert (tmp_path / NAME).read_bytes().startswith(b"\xef\xbb\xbf") is mark


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(name: str, tmp_path: Path) -> None:
    drop = Drop(tmp_path, name=name)
    drop.gateway.bring(ORDER, WAREHOUSE)
    assert drop.rows()[0]["product_name"] == f"'{name}"
    assert drop.rows()[0]["contact"] == "'+86 800"


@pytest.mark.parametrize("taken", [True, False], ids=["taken in", "still there"])
def test_a_repeat_writes_nothing_new(taken: bool, drop: Drop) -> None:
    drop.gateway.bring(ORDER, WAREHOUSE)
    before = (drop.folder / NAME).stat().st_ino
    if taken:
        (drop.folder / NAME).unlink()
    assert drop.gateway.bring(ORDER, WAREHOUSE).state == "accepted"
    there = drop.folder / NAME
    assert (there.exists(), there.exists() and there.stat().st_ino) == (
        (False, False) if taken else (True, before)
    )


def test_who_died_while_writing_writes_the_same_file(drop: Drop) -> None:
    drop.journal.intend(ORDER, awaited(ORDER, NAME))
    (drop.folder / f".{NAME}.tmp").write_bytes(b"half")
    drop.gateway.bring(ORDER, WAREHOUSE)
    assert drop.names() == [NAME]
    assert len(drop.rows()) == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("state,units,note\r\naccepted,12,Bay 3\r\n", ("confirmed", 12, "Bay 3", ""),
                     id="accepted"),
        pytest.param("STATE,Units,note\nconfirmed,,\n", ("confirmed", None, "answered by a file",
                     ""), id="bare"),
        pytest.param("state,units,note\nrefused,,No stock moves on Sunday\n",
                     ("refused", None, "", "No stock moves on Sunday"), id="refused"),
        pytest.param("\ufeffstate,units,note,more\naccepted,0,a\u202eb\n",
                     ("confirmed", 0, "ab", ""), id="marks"),
    ],
)  # fmt: skip
def test_an_answer_is_read_at_the_next_attempt_and_at_a_look(
    text: str, told: tuple[str, int | None, str, str], drop: Drop
) -> None:
    drop.gateway.bring(ORDER, WAREHOUSE)
    drop.says(text)
    assert isinstance(drop.gateway, AnsweringGateway)
    (late,) = drop.gateway.answers("wh", "", WAREHOUSE)
    assert (late.incident, late.order) == ("INC-2026-0001", 2)
    for reply in (drop.gateway.bring(ORDER, WAREHOUSE), late.reply):
        assert (reply.state, reply.units, reply.proof, reply.error) == told


def _link(path: Path) -> None:
    secret = path.parent.parent / "secret"
    secret.write_text("state,units,note\naccepted,1,\n")
    path.symlink_to(secret)


def _hard_link(path: Path) -> None:
    secret = path.parent.parent / "secret"
    secret.write_text("state,units,note\naccepted,1,\n")
    path.hardlink_to(secret)


HOSTILE: dict[str, Callable[[Path], object]] = {
    "huge": lambda path: path.write_bytes(b"state,units,note\naccepted,1," + b"x" * 20_000),
    "link": _link,
    "hard link": _hard_link,
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "utf-16": lambda path: path.write_bytes("state,units,note\naccepted,1,\n".encode("utf-16")),
    "gbk": lambda path: path.write_bytes("state,units,note\naccepted,1,仓库\n".encode("gbk")),
    "nothing": lambda path: path.write_bytes(b""),
    "two lines": lambda path: path.write_text("state\naccepted\nrefused\n"),
    "other word": lambda path: path.write_text("state,units\n=cmd(),1\n"),
    "other units": lambda path: path.write_text("state,units\naccepted,-1\n"),
    "endless units": lambda path: path.write_text(f"state,units\naccepted,{'9' * 5000}\n"),
    "units of zeros": lambda path: path.write_text(
        f"state,units\naccepted,00000000000{'9' * 60}\n"
    ),
    "too many units": lambda path: path.write_text("state,units\naccepted,1000000001\n"),
    "open quote": lambda path: path.write_text('state,units\n"accepted,1\n'),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_answer_is_refused_in_plain_words(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    drop = Drop(folder)
    drop.gateway.bring(ORDER, WAREHOUSE)
    HOSTILE[kind](folder / ANSWER)
    told = drop.gateway.bring(ORDER, WAREHOUSE)
    assert (told.state, told.proof) == ("unreadable", "")
    assert f"{ANSWER} was not taken: " in told.error
    assert len(told.error) < 300
    assert isinstance(drop.gateway, AnsweringGateway)
    (late,) = drop.gateway.answers("wh", "", WAREHOUSE)
    assert late.reply == told
    assert drop.names().count(NAME) == 1


@pytest.mark.parametrize("incident", ["../../etc/passwd", "INC/2026", "x" * 500, "a\x00b"])
def test_no_name_leads_out_of_the_folder(incident: str, drop: Drop) -> None:
    drop.gateway.bring(replace(ORDER, incident=incident), WAREHOUSE)
    (name,) = drop.names()
    assert "/" not in name
    assert ".." not in name


RESUME = replace(ORDER, effect_key="INC-2026-0001/1:9:resume:wh", action="resume", order=0)


def hold(**changed: object) -> Hold:
    whole: dict[str, object] = {"channel": "wh", "order": 5, "level": "H1", "products": ("cream",),
                                "lots": ("L2",), "since": datetime(2026, 11, 30, tzinfo=UTC)}  # fmt: skip
    return Hold(**{**whole, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "kept", "rows"),
    [
        pytest.param([], [], [("resume", "L1"), ("resume", "L2")], id="all"),
        pytest.param([hold()], [], [("resume", "L1"), ("keep_off_sale", "L2")], id="held"),
        pytest.param([hold(lots=())], [], [("keep_off_sale", "ALL")], id="held whole"),
        pytest.param([], ["L9"], [("resume", "L1"), ("resume", "L2"), ("keep_off_sale", "L9")],
                     id="recalled"),
        pytest.param([], ["L1"], [("resume", "L2"), ("keep_off_sale", "L1")],
                     id="recalled for another product"),
    ],
)  # fmt: skip
def test_a_resume_is_a_file_too_and_says_what_stays(
    held: list[Hold], kept: list[str], rows: list[tuple[str, str]], drop: Drop
) -> None:
    drop.gateway.bring(ORDER, WAREHOUSE)
    drop.holds.by = {str(number): one for number, one in enumerate(held)}
    order = replace(RESUME, kept=kept)
    for _ in range(2):
        assert Adapters(_Book(), {"file_drop": drop.gateway}).bring(order).state == "accepted"
    name = file_drop.file_name(order)
    assert [(row["action"], row["lot"]) for row in drop.rows(name)] == rows
    assert isinstance(drop.gateway, AnsweringGateway)
    assert not drop.gateway.answers("wh", "", WAREHOUSE), "its order needs no answer any more"


class _Book:
    """Where the warehouse is found."""

    def address(self, _channel: str) -> Address:
        return WAREHOUSE


def test_a_folder_that_is_away_is_tried_again(tmp_path: Path) -> None:
    drop = Drop(tmp_path / "away")
    with pytest.raises(NotConfirmed, match="is not there"):
        drop.gateway.bring(ORDER, WAREHOUSE)
    with pytest.raises(NotFound, match="names connection"):
        drop.gateway.bring(ORDER, replace(WAREHOUSE, address="other"))


def test_a_network_disk_that_fails_is_tried_again(
    drop: Drop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_long = Drop(tmp_path / ("x" * 300))
    with pytest.raises(NotConfirmed, match="is not there"):
        too_long.gateway.bring(ORDER, WAREHOUSE)
    drop.gateway.bring(ORDER, WAREHOUSE)
    drop.says("state,units\naccepted,1\n")
    monkeypatch.setattr(os, "read", _fails)
    with pytest.raises(NotConfirmed, match="could not be read"):
        drop.gateway.bring(ORDER, WAREHOUSE)


def _fails(*_handle: object) -> bytes:
    raise OSError(errno.EIO, "Input/output error")


def test_the_file_of_connections_takes_it() -> None:
    row = {"id": "erp", "adapter": "file_drop", "folder": "/srv/drop", "bom": "yes"}
    (one,) = read_connections({"connections": [row]})
    assert one.value("folder") == "/srv/drop"
