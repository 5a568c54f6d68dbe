"""`andon company adopt`: the company's own lists come into use, and nothing is put back on sale."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from services.company import COMPANY_FILE, read_company_file
from services.opening import open_stores
from services.settings import Settings
from storage import catalog, company, shop


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a home without the demo company."""
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANDON_DEMO", "false")
    return tmp_path / "home"


def adopted(*words: str) -> str:
    told = CliRunner().invoke(app, ["company", "adopt", str(COMPANY_FILE), *words])
    assert told.exit_code == 0, told.output
    return told.output


def test_a_list_comes_into_use_and_again_with_what_is_new(home: Path) -> None:
    made = read_company_file(COMPANY_FILE)
    first = adopted()
    assert f"{len(made.channels)} channels" in first
    assert "Their adapter is outbox, and nothing is sent" in first
    assert "web-shop" in first.partition("New channels: ")[2]
    assert "within five minutes of Temporal being back" in first, "nothing runs here yet"
    house = open_stores(Settings())
    off = shop.list_listings(house.engine)[0]
    shop.put_listings(house.engine, [shop.Listing(
        channel=off.channel, product=off.product, on_sale=False, changed_at=off.changed_at)])  # fmt: skip
    assert "New channels" not in adopted()
    [again] = [one for one in shop.list_listings(house.engine, channel=off.channel)
               if one.product == off.product]  # fmt: skip
    assert not again.on_sale, "adopting a list never puts anything back on sale"
    assert catalog.item(house.engine, "channel", "web-shop").kind == "own_shop"
    assert company.fact(house.engine, company.CHANNELS_LISTED)


def test_the_demo_company_keeps_its_own_lists(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_DEMO", "true")
    told = CliRunner().invoke(app, ["company", "adopt", str(COMPANY_FILE)])
    assert told.exit_code != 0
    assert "invented demo company" in told.output
