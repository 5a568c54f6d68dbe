"""Which mail server letters to the team go through."""

from pathlib import Path

import pytest

from integrations.bounces import Marks
from services.house import House
from services.settings import Settings
from services.team_mail import named_mail, team_mail_of
from storage import company

ROW = """[[connections]]
id = "{0}"
adapter = "email"
host = "{0}.example"
from = "recall@{0}.example"
name = "Q"
"""
HOOK = '[[connections]]\nid = "erp"\nadapter = "webhook"\nurl = "https://x"\nsecret = "s"\n'
PRESS = """[press_list]
host = "press.example"
from = "press@press.example"
name = "Press"
[[press_list.newsrooms]]
id = "daily"
name = "Daily"
address = "desk@news.example"
languages = ["en"]
"""
IN_THE_OPEN = PRESS.replace("host =", 'tls = "none"\nhost =')


def named(home: Path, channels: str, outlets: str) -> Settings:
    """Settings that name a file of connections and one of outlets."""
    connected, listed = home / "channels.toml", home / "outlets.toml"
    connected.write_text(channels)
    listed.write_text(outlets)
    return Settings(home=home, demo=False, channels=connected, outlets=listed)


@pytest.mark.parametrize(
    ("channels", "outlets", "host"),
    [
        pytest.param(ROW.format("a"), PRESS, "a.example", id="a connection before the press list"),
        pytest.param(HOOK + ROW.format("b") + ROW.format("a"), "", "b.example", id="the first"),
        pytest.param(HOOK, PRESS, "press.example", id="the press list's"),
        pytest.param(HOOK, "", "", id="none"),
        pytest.param("", IN_THE_OPEN, "", id="in the open"),
    ],
)
def test_the_first_server_that_is_named_is_taken(
    tmp_path: Path, channels: str, outlets: str, host: str
) -> None:
    found = named_mail(named(tmp_path, channels, outlets))
    assert (found.server.host if found else "") == host


def test_a_demo_has_none_and_each_letter_carries_a_mark_of_ours(house: House) -> None:
    house.settings = named(house.settings.home, ROW.format("a"), "")
    found = team_mail_of(house)
    assert found is not None
    letter = found.letter(
        effect_key="k", to="su@a.example", language="zh", subject="S", body="B", number=""
    )
    assert letter.mark == Marks(house.ring).mark("k")
    assert letter.message_id == found.number("k")
    assert letter.message_id.endswith("@a.example>")
    company.mark_demo(house.engine)
    assert team_mail_of(house) is None
