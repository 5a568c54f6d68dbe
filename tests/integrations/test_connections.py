"""The file of connections: what may stand in it, and what it says when it cannot be used."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from domain.errors import BrokenSetup
from integrations.connections import adapters, read_connections

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
SHOP = {
    "id": "web",
    "adapter": "shopify",
    "shop": "example.myshopify.com",
    "access_token": "shpat_secret",
}


def test_every_adapter_is_found_by_its_file() -> None:
    assert {"shopify", "webhook", "woocommerce"} <= set(adapters())


@pytest.mark.parametrize(("page", "named"), [("shops", ["web-de", "web-fr"]), ("email", ["mail"])])
def test_the_example_of_the_docs_can_be_read(page: str, named: list[str]) -> None:
    text = (HOW_TO / f"{page}.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert [one.id for one in read_connections(tomllib.loads(block))] == named


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        pytest.param({"access_token": ""}, "Write the Admin API access token", id="no key"),
        pytest.param({"shpo": "x"}, "Only these may stand here: id, adapter, shop", id="a typo"),
        pytest.param({"adapter": "shopfy"}, "Choose among: ", id="no such adapter"),
        pytest.param({"id": "Web Shop"}, "small letters", id="id"),
        pytest.param({"access_token": 7}, "quotation marks", id="a number"),
    ],
)
def test_what_cannot_be_used_is_named_without_its_value(
    changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(BrokenSetup) as told:
        read_connections({"connections": [SHOP | changes]})
    assert sentence in told.value.sentence
    assert "shpat_secret" not in str(told.value)
