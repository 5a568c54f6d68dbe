"""Channels that no order reaches are named when a list is checked or adopted."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from services.channel_reach import unreached, unreached_of_house, untold
from services.house import House
from services.settings import Settings
from tests.services.test_team_mail import named

MAIL = 'host = "mail.example"\nfrom = "recall@qinglan.example"\nname = "Qinglan"\n'
MAILS = f'[[connections]]\nid = "ours"\nadapter = "email"\n{MAIL}'
TWO = f'{MAILS}[[connections]]\nid = "other"\nadapter = "email"\n{MAIL}'
TO = "orders@retailer.example"


def found(folder: Path, text: str, *rows: tuple[str, str], is_demo: bool = False) -> list[str]:
    file = folder / "channels.toml"
    file.write_text(text)
    settings = Settings(home=folder, channels=file)
    listed = [("shop", *row) for row in rows]
    return [one.sentence for one in unreached(listed, settings, is_demo=is_demo)]


@pytest.mark.parametrize(
    ("text", "row", "said"),
    [
        pytest.param(MAILS, ("email", TO), "", id="the only mail server"),
        pytest.param(MAILS, ("email", f"ours:{TO}"), "", id="named"),
        pytest.param(TWO, ("email", TO), "through which mail server", id="which of two"),
        pytest.param(MAILS, ("email", "ours"), "has no e-mail address", id="no address"),
        pytest.param("", ("email", TO), "no connection has it", id="no connection"),
        pytest.param("", ("fax", "1"), "names adapter 'fax', which is not here", id="no adapter"),
        pytest.param(MAILS, ("webhook", "erp"), "no connection has it", id="of another adapter"),
        pytest.param("x = 1", ("email", TO), "cannot be used", id="a broken file"),
        pytest.param("", ("demo_shop", "x"), "", id="demo shop"),
        pytest.param(
            "",
            ("outbox", TO),
            "Channels that nobody reaches: 1. Their adapter is outbox",
            id="outbox",
        ),
    ],
)
def test_what_keeps_an_order_from_a_channel_is_said(
    tmp_path: Path, text: str, row: tuple[str, str], said: str
) -> None:
    sentences = found(tmp_path, text, row)
    assert [said in one for one in sentences] == ([True] if said else [])


def test_channels_of_the_outbox_are_counted_in_one_sentence(tmp_path: Path) -> None:
    rows: Sequence[tuple[str, str]] = [("outbox", TO)] * 3
    [sentence] = found(tmp_path, "", *rows)
    assert sentence.startswith("Channels that nobody reaches: 3. Their adapter is outbox")
    assert found(tmp_path, "", *rows, is_demo=True) == []


def test_a_connection_that_is_not_there_is_named(tmp_path: Path) -> None:
    hook = '[[connections]]\nid = "erp"\nadapter = "webhook"\nurl = "https://x"\nsecret = "s"\n'
    [sentence] = found(tmp_path, hook, ("webhook", "wms"))
    assert "names connection 'wms', which is not among those of its adapter" in sentence


NOBODY_TOLD = "Nobody of the team gets a letter"
PRESS = f"""[press_list]
{MAIL}tls = "TLS"
[[press_list.newsrooms]]
id = "daily"
name = "Daily"
address = "desk@news.example"
languages = ["en"]
"""
HOOK = '[[connections]]\nid = "erp"\nadapter = "webhook"\nurl = "https://x"\nsecret = "s"\n'


@pytest.mark.parametrize(
    ("channels", "outlets", "is_demo", "said"),
    [
        pytest.param(MAILS, "", False, [], id="a connection"),
        pytest.param("", PRESS.replace("TLS", "tls"), False, [], id="the press list's"),
        pytest.param(HOOK, "", False, [NOBODY_TOLD], id="no mail server"),
        pytest.param("", PRESS.replace("TLS", "none"), False, [NOBODY_TOLD], id="in the open"),
        pytest.param("", "", True, [], id="a demo"),
    ],
)
def test_a_team_that_gets_no_letters_is_said(
    tmp_path: Path, channels: str, outlets: str, is_demo: bool, said: list[str]
) -> None:
    found = untold(named(tmp_path, channels, outlets), is_demo=is_demo)
    assert [one.partition(":")[0] for one in found] == said


def test_a_house_without_a_mail_server_says_so_and_a_broken_file_once(house: House) -> None:
    [sentence] = unreached_of_house(house)
    assert sentence.startswith(NOBODY_TOLD)
    broken = house.settings.home / "channels.toml"
    broken.write_text("x = 1")
    house.settings = house.settings.model_copy(update={"channels": broken})
    [sentence] = unreached_of_house(house)
    assert "cannot be used" in sentence
