"""Which bar codes the house knows: whether it may say that none of the products has one."""

from types import SimpleNamespace
from typing import Any

import pytest

from services import notices
from storage import catalog

PACK, CARTON = {"gtin": "9521000000100"}, {"gtin": "19521000000107"}


@pytest.mark.parametrize(
    ("items", "every"),
    [
        ([PACK], True),
        ([PACK, CARTON], True),
        ([PACK, {"gtin": ""}], False),
        ([PACK, {"gtin": "9521000000101"}], False),
        ([PACK, {"pack_en": "50 ml"}], False),
        ([], False),
    ],
    ids=["one", "two", "one without", "one with a wrong digit", "one not stated", "none"],
)
def test_every_code_is_known_where_every_pack_has_a_right_one(
    items: list[dict[str, str]], every: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [catalog.Item(id="cream", document={"items": items})]
    monkeypatch.setattr(catalog, "list_items", lambda *_: listed)
    house: Any = SimpleNamespace(engine=None)
    assert notices._marks(house, ["cream"], []).every_code is every
    assert not notices._marks(house, ["cream", "gel"], []).every_code
