"""The press list: what may stand in it, who reads what, and that nobody's address is shown."""

from datetime import date
from typing import Any

import pytest

from domain.errors import BrokenSetup
from integrations.outlets import read_outlets
from integrations.press_list import Newsroom
from tests.integrations.newsrooms import DAILY, NIGHT, RADIO, press_list, row


def room(**changes: Any) -> dict[str, Any]:
    return row(25, DAILY | changes)


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("a word", ""),
        (row(25) | {"host": "mail.example\r\nEVIL"}, ".host"),
        (row(25) | {"host": ""}, ".host"),
        (row(0), ".port"),
        (row(25) | {"port": True}, ".port"),
        (row(25) | {"tls": "perhaps"}, ".tls"),
        (row(25) | {"from": "press@qinglan.example\r\nBcc: x@y.example"}, ".from"),
        (row(25) | {"from": f"{'p' * 24}@qinglan.example"}, ".from"),
        (row(25) | {"name": "two\nlines"}, ".name"),
        (row(25) | {"user": "press"}, ".password"),
        (row(25) | {"user": "press", "password": 7}, ".password"),
        (row(25) | {"host": "mail.example", "user": "press", "password": "secret-word"}, ".tls"),
        (row(25) | {"urls": "x"}, ".urls"),
        (row(25) | {"newsrooms": []}, ".newsrooms"),
        (row(25) | {"newsrooms": [DAILY] * 301}, ".newsrooms"),
        (row(25) | {"newsrooms": ["daily"]}, ".newsrooms.0"),
        (room(id="Daily News"), ".newsrooms.0.id"),
        (room(name="Daily\r\nBcc: x@y.example"), ".newsrooms.0.name"),
        (room(name=""), ".newsrooms.0.name"),
        (room(address="desk@news.example,night@paper.example"), ".newsrooms.0.address"),
        (room(address="desk@news.example\nBcc: x@y.example"), ".newsrooms.0.address"),
        (room(address="<desk@news.example>"), ".newsrooms.0.address"),
        (room(address="desk@news"), ".newsrooms.0.address"),
        (room(languages=[]), ".newsrooms.0.languages"),
        (room(languages="en"), ".newsrooms.0.languages"),
        (room(markets=["usa"]), ".newsrooms.0.markets"),
        (room(password="secret-word"), ".newsrooms.0.password"),
        (row(25, DAILY, NIGHT | {"id": "daily"}), ".newsrooms.1.id"),
        (row(25, DAILY, NIGHT | {"name": "daily news"}), ".newsrooms.1.name"),
        (row(25, DAILY, NIGHT | {"address": "Desk@News.example"}), ".newsrooms.1.address"),
    ],
    ids=[
        "no table", "host with a line", "no host", "port 0", "port yes", "no such tls",
        "a header in our address", "no room for the mark", "name of two lines", "user alone",
        "password no text", "password in the open", "another name", "nobody", "too many",
        "a word for a newsroom", "id", "a header in a name", "no name", "two addresses",
        "a header in an address", "brackets", "no domain", "no language", "languages no list",
        "market", "more", "id twice", "name twice", "address twice",
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_meant_is_refused_and_quotes_no_address(told: Any, path: str) -> None:
    with pytest.raises(BrokenSetup) as refused:
        read_outlets({"press_list": told})
    fields = {field.path: field.sentence for field in refused.value.fields}
    assert f"press_list{path}" in fields
    shown = str(refused.value) + "".join(fields.values())
    assert not any(hidden in shown for hidden in ("secret-word", "y.example", "Bcc", "desk@news,"))


OF_LIST = ("host", "tls", "from", "name", "user", "password")
OF_NEWSROOM = ("id", "name", "address", "languages", "markets")


@pytest.mark.parametrize("told", [3, 1.5, True, ["en", 3], {"en": "x"}, date(2026, 3, 2)], ids=repr)
@pytest.mark.parametrize("name", [*OF_LIST, *(f"newsrooms.0.{name}" for name in OF_NEWSROOM)])
def test_what_is_no_text_is_refused_in_a_sentence_for_every_field(name: str, told: Any) -> None:
    field = name.rpartition(".")[2]
    whole = row(25, user="press", password="secret-word")
    changed = whole | {field: told} if field == name else row(25, DAILY | {field: told})
    with pytest.raises(BrokenSetup) as refused:
        read_outlets({"press_list": changed})
    about = "password" if field == "user" else name
    assert f"press_list.{about}" in {one.path for one in refused.value.fields}


def test_what_is_read_hides_addresses_and_password() -> None:
    read = press_list(2525, user="press", password="secret-word")
    assert read_outlets({}).press_list is None
    shown = repr(read) + repr(read.newsrooms) + repr(read_outlets({"press_list": row(25)}))
    assert not any(hidden in shown for hidden in ("secret-word", "news.example", "qinglan"))


@pytest.mark.parametrize(
    ("newsroom", "languages", "markets", "language"),
    [
        (NIGHT, ("en", "zh-CN"), (), "zh-CN"),
        (NIGHT, ("en", "de"), (), "en"),
        (NIGHT, ("zh-TW",), (), "zh-TW"),
        (DAILY, ("de", "zh-CN"), (), ""),
        (RADIO, ("en",), ("CN", "US"), "en"),
        (RADIO, ("en",), ("CN",), ""),
        (RADIO, ("en",), (), "en"),
        (RADIO | {"markets": ["EU"]}, ("en",), ("DE",), "en"),
    ],
    ids=["first of its own", "its second", "another region", "none", "market", "another market",
         "text of no market", "within the EU"],
)  # fmt: skip
def test_a_newsroom_reads_a_text_in_its_first_language_and_of_its_market(
    newsroom: dict[str, Any], languages: tuple[str, ...], markets: tuple[str, ...], language: str
) -> None:
    lists = {name: tuple(newsroom.get(name, ())) for name in ("languages", "markets")}
    assert Newsroom(**{**newsroom, **lists}).reads(languages, markets) == language
