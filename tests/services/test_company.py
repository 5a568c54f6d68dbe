"""First set-up: tables, plan, demo company; what is never done silently."""

import stat
from pathlib import Path

import pytest

from domain.company import Company
from domain.errors import Refused
from integrations.key_ring import KeyRing
from services import company as setting_up
from services.company import COMPANY_FILE, adopt, people_file, prepare, read_rules
from services.house import House
from services.opening import open_stores
from services.settings import Settings
from storage import catalog, company, people, shop
from storage.engine import write
from storage.schema import meta


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give a new home with keys."""
    made = Settings(home=tmp_path / "home")
    KeyRing.create(made.key_ring_file)
    return made


def opened(settings: Settings) -> House:
    """Open what was made, to look at it."""
    return open_stores(settings)


@pytest.fixture(scope="module")
def demo() -> Company:
    """Give the demo company as its file tells it."""
    return setting_up.read_company_file(COMPANY_FILE)


def test_a_first_start_makes_the_whole_company(settings: Settings, demo: Company) -> None:
    told = prepare(settings)
    house = opened(settings)
    assert company.is_demo(house.engine)
    assert len(people.list_people(house.engine)) == len(demo.people)
    assert len(catalog.list_items(house.engine, "product")) == len(demo.products)
    assert len(catalog.list_items(house.engine, "channel")) == len(demo.channels)
    assert {lot.number for lot in catalog.lots_of(house.engine, "dew-cream")}
    adapters = {c.document["adapter"] for c in catalog.list_items(house.engine, "channel")}
    assert adapters == {channel.adapter for channel in demo.channels}
    shops = {channel.id for channel in demo.channels if channel.adapter == "demo_shop"}
    listed = shop.list_listings(house.engine)
    assert {listing.channel for listing in listed} == shops
    assert all(listing.on_sale for listing in listed)
    assert house.current_rules().wording.rules
    assert "Sign in as one of" in told


def test_passwords_are_printed_and_kept_for_the_owner_alone(settings: Settings) -> None:
    told = prepare(settings)
    file = people_file(settings)
    rows = [row.split() for row in file.read_text(encoding="utf-8").splitlines()[1:]]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len({password for _, password, *_ in rows}) == len(rows)
    assert any(row[0] == "gao.yuan" and row[1] in told for row in rows)
    house = opened(settings)
    hashes = [person.password_hash for person in people.list_people(house.engine)]
    assert all(each is not None and each.startswith("$argon2id$") for each in hashes)


def test_a_second_start_changes_nothing(settings: Settings) -> None:
    first, second = prepare(settings), prepare(settings)
    assert first == second
    lines = company.read_log(opened(settings).engine)
    assert [line.type for line in lines].count("PlanAdopted") == 1
    assert [line.type for line in lines].count("DemoMade") == 1


def test_a_start_that_was_cut_off_is_done_again(settings: Settings, demo: Company) -> None:
    prepare(settings)
    house = opened(settings)
    with_hole = people.list_people(house.engine)[0]
    people.deactivate(house.engine, with_hole.id, house.now())
    with write(house.engine) as connection:
        connection.execute(meta.delete().where(meta.c.key == setting_up.DEMO_MADE))
    prepare(settings)
    assert len(people.list_people(house.engine)) == len(demo.people)


@pytest.mark.parametrize(
    "change",
    [{"demo": False}, {"host": "192.0.2.1"}, {"public_url": "https://andon.example.com"}],
    ids=["not wanted", "others reach it", "a public address"],
)
def test_there_is_no_demo_where_others_come_in(
    change: dict[str, object], settings: Settings
) -> None:
    told = prepare(settings.model_copy(update=change))
    house = opened(settings)
    assert not company.is_demo(house.engine)
    assert people.list_people(house.engine) == []
    assert not people_file(settings).exists()
    assert "andon user add" in told


def test_a_demo_home_that_is_opened_to_others_says_that_nobody_may_enter(
    settings: Settings,
) -> None:
    prepare(settings)
    told = prepare(settings.model_copy(update={"public_url": "https://andon.example.com"}))
    assert "may not sign in here" in told


def test_a_database_with_people_never_becomes_the_demo(settings: Settings) -> None:
    prepare(settings.model_copy(update={"demo": False}))
    house = opened(settings)
    people.save_person(
        house.engine, people.Person(id="li.wei", name_zh="李薇", name_en="Li Wei", roles=("admin",))
    )
    prepare(settings)
    assert [person.id for person in people.list_people(house.engine)] == ["li.wei"]


def test_files_that_differ_are_told_and_not_adopted(settings: Settings, tmp_path: Path) -> None:
    prepare(settings)
    changed = tmp_path / "plan.toml"
    text = setting_up.PLAN_FILE.read_text(encoding="utf-8")
    changed.write_text(text.replace('version = "2026.1"', 'version = "2027.1"'), encoding="utf-8")
    adopted = adopt(opened(settings), read_rules(changed), "li.wei")
    told = prepare(settings)
    assert "andon plan adopt" in told
    assert "version 2027.1" in told
    assert opened(settings).current_rules().hash == adopted.hash


def test_a_version_that_was_adopted_never_gets_other_content(
    settings: Settings, tmp_path: Path
) -> None:
    prepare(settings)
    house, changed = opened(settings), tmp_path / "plan.toml"
    first = house.current_rules()
    text = setting_up.PLAN_FILE.read_text(encoding="utf-8")
    changed.write_text(text.replace('title_en = "', 'title_en = "Other ', 1), encoding="utf-8")
    with pytest.raises(Refused, match="with other content"):
        adopt(house, read_rules(changed), "li.wei")
    assert opened(settings).current_rules().hash == first.hash


def test_adopting_keeps_both_versions_for_ever(settings: Settings) -> None:
    prepare(settings)
    house = opened(settings)
    first = house.current_rules()
    other = read_rules(setting_up.PLAN_FILE)
    assert adopt(house, other, "li.wei").changed is False
    assert house.rules(first.hash).plan == other.plan
