"""The company's lists, and the demo shop's shelves."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.engine import Engine

from domain.errors import NotFound
from storage import catalog
from storage.blobs import BlobDirectory, BlobLabel, put_blob
from storage.catalog import (
    LISTS,
    Item,
    Lot,
    item,
    list_items,
    lots_by_id,
    lots_numbered,
    lots_of,
    missing,
    products_of_lots,
    put_items,
    put_lots,
)
from storage.effects import Effect, outcome_of, perform_once
from storage.people import Person, save_person
from tests.storage.streams import NOON, new_incident

CREAM = Item(
    id="P1",
    kind="leave-on",
    market="CN",
    name_zh="舒缓面霜",
    name_en="Soothing cream",
    document={"gtin": "06901234567892", "sizes": [50, 100]},
)


@pytest.mark.parametrize("kind", sorted(LISTS))
def test_things_are_listed_changed_and_found(engine: Engine, kind: str) -> None:
    put_items(engine, kind, [CREAM, Item(id="P2", market="EU")])
    assert item(engine, kind, "P1") == CREAM
    put_items(engine, kind, [Item(id="P1", name_en="New name")])
    assert item(engine, kind, "P1") == Item(id="P1", name_en="New name")
    assert [each.id for each in list_items(engine, kind)] == ["P1", "P2"]
    assert [each.id for each in list_items(engine, kind, market="EU")] == ["P2"]
    with pytest.raises(NotFound, match=kind):
        item(engine, kind, "P9")


def test_two_products_may_carry_the_same_lot_number(engine: Engine) -> None:
    put_items(engine, "product", [CREAM, Item(id="P2")])
    first = Lot(id="P1/A1", product="P1", number="A1", document={"made_on": "2026-05-01"})
    second = Lot(id="P2/A1", product="P2", number="A1")
    put_lots(engine, [second, first, Lot(id="P1/A2", product="P1", number="A2")])
    assert lots_numbered(engine, "A1") == [first, second]
    assert [lot.number for lot in lots_of(engine, "P1")] == ["A1", "A2"]
    assert products_of_lots(engine, ["A1", "A2", "A9"]) == {"A1": ("P1", "P2"), "A2": ("P1",)}


def test_lots_are_found_by_id_however_many(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    put_items(engine, "product", [CREAM])
    those = [Lot(id=f"P1/A{n}", product="P1", number=f"A{n}") for n in range(5)]
    put_lots(engine, those)
    monkeypatch.setattr(catalog, "AT_ONCE", 2)
    wanted = [lot.id for lot in those]
    assert lots_by_id(engine, [*wanted, "nothing"]) == {lot.id: lot for lot in those}


def test_missing_names_what_points_to_nothing(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    put_items(engine, "product", [CREAM])
    put_items(engine, "channel", [Item(id="tmall")])
    put_lots(engine, [Lot(id="P1/A1", product="P1", number="A1")])
    save_person(engine, Person(id="li", name_zh="李", name_en="Li", roles=()))
    directory = BlobDirectory(tmp_path_factory.mktemp("blobs"))
    label = BlobLabel(media_type="text/plain", stored_at=NOON)
    photo = put_blob(engine, directory, b"photo", label).sha256
    there = {
        "product": "P1",
        "channel": "tmall",
        "lot": "A1",
        "person": "li",
        "evidence": photo,
        "incident": new_incident(engine),
    }
    for kind, reference in there.items():
        assert missing(engine, kind, [reference]) == ()
        assert missing(engine, kind, ["z", reference, "y", "y"]) == ("y", "z")
        assert missing(engine, kind, []) == ()
    assert missing(engine, "consignee", ["P1"]) == ("P1",)
    assert missing(engine, "supplier", ["P1"]) == ("P1",)


def test_an_effect_that_arrives_many_times_at_once_is_performed_once(engine: Engine) -> None:
    effect = Effect(key="k1", kind="post", target="site", at=NOON)
    done: list[int] = []

    def arrive(turn: int) -> bool:
        def act(_connection: object) -> dict[str, int]:
            done.append(turn)
            return {"by": turn}

        return perform_once(engine, effect, act).repeated

    with ThreadPoolExecutor(8) as threads:
        repeated = list(threads.map(arrive, range(8)))
    assert len(done) == 1
    assert sorted(repeated) == [False] + [True] * 7
    assert outcome_of(engine, "k1") == {"by": done[0]}
    assert outcome_of(engine, "k2") is None


def test_an_effect_that_fails_is_not_remembered(engine: Engine) -> None:
    effect = Effect(key="k1", kind="post", target="site", at=NOON)

    def fail(_connection: object) -> dict[str, int]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        perform_once(engine, effect, fail)
    assert outcome_of(engine, "k1") is None
    assert not perform_once(engine, effect, lambda _connection: {}).repeated
