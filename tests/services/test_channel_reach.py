"""Channels that no order reaches are named when a list is checked or adopted."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from services.channel_reach import unreached, unreached_of_house, untold
from services.connections import wayless
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


KEYS_WOO = 'consumer_key = "k"\nconsumer_secret = "s"\n'
KEYS = {"webhook": 'secret = "s"\n', "epcis": "", "woocommerce": KEYS_WOO}
INSIDE = "is inside this network. Orders go outside only, and to what ANDON_ALLOW_INSIDE names."
HANDED = "169.254.169.254 is where clouds hand out keys. No setting allows it"


@pytest.mark.parametrize(
    ("adapter", "url", "allowed", "said"),
    [
        pytest.param("webhook", "http://127.0.0.1:9/o", "false", f"127.0.0.1 {INSIDE}", id="here"),
        pytest.param("webhook", "http://127.0.0.1:9/o", "true", "", id="here, allowed"),
        pytest.param("webhook", "http://127.0.0.1:9/o", "10.0.0.0/8", INSIDE, id="others allowed"),
        pytest.param("webhook", "https://localhost/o", "false", "localhost leads to", id="a name"),
        pytest.param("webhook", "https://0x7f000001/o", "false", INSIDE, id="in another form"),
        pytest.param("webhook", "https://[::1]/o", "false", f"::1 {INSIDE}", id="IPv6"),
        pytest.param("webhook", "http://169.254.169.254/o", "true", HANDED, id="keys of clouds"),
        pytest.param("webhook", "http://wms.example/o", "false", "", id="plain, and no key in it"),
        pytest.param("webhook", "wms.example/o", "false", "is no web address", id="no address"),
        pytest.param("epcis", "https://10.1.2.3/capture", "false", INSIDE, id="a system's events"),
        pytest.param("epcis", "https://93.184.216.34/capture", "false", "", id="outside"),
        pytest.param("woocommerce", "http://shop.example", "false", "unencrypted", id="keys plain"),
        pytest.param("woocommerce", "http://shop.example", "true", "", id="plain, allowed"),
        pytest.param("woocommerce", "https://shop.example", "false", "", id="a shop"),
    ],
)
def test_an_address_that_nothing_goes_to_is_said_before_anything_is_sent(
    tmp_path: Path, adapter: str, url: str, allowed: str, said: str
) -> None:
    file = tmp_path / "channels.toml"
    file.write_text(
        f'[[connections]]\nid = "erp"\nadapter = "{adapter}"\nurl = "{url}"\n{KEYS[adapter]}'
    )
    settings = Settings(home=tmp_path, channels=file, allow_inside=allowed)
    by_channel = [
        one.sentence for one in unreached([("wh", adapter, "erp")], settings, is_demo=False)
    ]
    for start, told in (
        ("Channel wh gets no order by connection erp: ", by_channel),
        ("No order gets out by connection erp: ", wayless(settings)),
    ):
        assert [one.startswith(start) and said in one for one in told] == ([True] if said else [])


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
