"""First set-up: tables, plan, demo company; what is never done silently."""

import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.company import Company
from domain.errors import BrokenSetup, Refused
from integrations.key_ring import KeyRing
from services import company as setting_up
from services.company import COMPANY_FILE, adopt, people_file, prepare, read_rules
from services.house import House
from services.opening import open_stores
from services.settings import Settings
from storage import catalog, company, people, shop
from storage.engine import write
from storage.schema import meta
from tests.passwords import hashed_lightly


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Give a new home with keys."""
    made = Settings(home=tmp_path / "home")
    KeyRing.create(made.key_ring_file)
    with hashed_lightly():
        yield made


@pytest.fixture
def plain(settings: Settings) -> Settings:
    """Give an installation without the demo company."""
    return settings.model_copy(update={"demo": False})


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


def test_files_that_differ_are_told_and_not_adopted(plain: Settings, tmp_path: Path) -> None:
    prepare(plain)
    changed = tmp_path / "plan.toml"
    text = setting_up.PLAN_FILE.read_text(encoding="utf-8")
    changed.write_text(text.replace('version = "2026.1"', 'version = "2027.1"'), encoding="utf-8")
    adopted = adopt(opened(plain), read_rules(changed), "li.wei")
    told = prepare(plain)
    assert "andon plan adopt" in told
    assert "version 2027.1" in told
    assert opened(plain).current_rules().hash == adopted.hash


def test_a_version_that_was_adopted_never_gets_other_content(
    plain: Settings, tmp_path: Path
) -> None:
    prepare(plain)
    house, changed = opened(plain), tmp_path / "plan.toml"
    first = house.current_rules()
    text = setting_up.PLAN_FILE.read_text(encoding="utf-8")
    changed.write_text(text.replace('title_en = "', 'title_en = "Other ', 1), encoding="utf-8")
    with pytest.raises(Refused, match="with other content"):
        adopt(house, read_rules(changed), "li.wei")
    assert opened(plain).current_rules().hash == first.hash


def test_adopting_keeps_both_versions_for_ever(plain: Settings) -> None:
    prepare(plain)
    house = opened(plain)
    first = house.current_rules()
    other = read_rules(setting_up.PLAN_FILE)
    assert adopt(house, other, "li.wei").changed is False
    assert house.rules(first.hash).plan == other.plan


# ---------------------------------------------------------------- files that are broken later


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let this installation read a copy of the plan folder."""
    copied = Path(shutil.copytree(setting_up.PLANS, tmp_path / "plan"))
    monkeypatch.setattr(setting_up, "PLANS", copied)
    monkeypatch.setattr(setting_up, "PLAN_FILE", copied / "default.toml")
    monkeypatch.setattr(setting_up, "WORDING_FILE", copied / "wording" / "first.toml")
    monkeypatch.setattr(setting_up, "REGULATIONS", copied / "regulations")
    return copied


def written(file: str, old: str, new: str) -> Callable[[Path], object]:
    """Write something else in a file, once."""

    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


CN = "regulations/cn.toml"
BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "unknown field": (written(CN, "\n[[rules]]\n", "\n[[rules]]\nlimits = 3\n"), "no field called 'limits'"),
    "impossible date": (written(CN, "checked_on = ", "checked_on = 2026-02-31 # "), "is not TOML"),
    "unknown calendar": (written(CN, 'calendar = "CN"', 'calendar = "ZZ"'), "There is no calendar 'ZZ'"),
    "the plan's unknown calendar": (written("default.toml", 'calendar = "CN"', 'calendar = "ZZ"'), "no calendar 'ZZ'"),
    "follows itself": (written(CN, 'id = "CN-ADR-SERIOUS"', 'id = "CN-ADR-SERIOUS"\nfollow_ups = ["CN-ADR-SERIOUS"]'), "does not name itself"),
    "no such row of the plan": (written("default.toml", "\nversion = ", "\nversions = "), "no field called 'versions'"),
    "no plan": (lambda folder: (folder / "default.toml").unlink(), "cannot be read"),
    "no wording": (lambda folder: (folder / "wording" / "first.toml").unlink(), "cannot be read"),
    "no rule file": (lambda folder: shutil.rmtree(folder / "regulations"), "There is no rule file"),
}  # fmt: skip


@pytest.mark.parametrize(("broke", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_running_system_keeps_the_last_good_plan(
    broke: Callable[[Path], object], sentence: str, plain: Settings, files: Path
) -> None:
    prepare(plain)
    before = opened(plain).current_rules()
    broke(files)
    told = prepare(plain).splitlines()
    goes_on = f"the adopted plan (version {before.plan.version}) goes on"
    line = f"Files in {files} are broken: {goes_on}; `andon plan check` names each place."
    assert told[1:] == [line]
    with pytest.raises(BrokenSetup, match=sentence):
        read_rules()
    after = opened(plain)
    assert after.current_rules().text == before.text
    assert [line.type for line in company.read_log(after.engine)].count("PlanAdopted") == 1


def test_the_same_files_are_read_once_and_a_changed_one_at_once(files: Path) -> None:
    first = read_rules()
    assert read_rules() is first
    plan = files / "default.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace('version = "2026.1"', 'version = "2026.2"'), encoding="utf-8")
    assert read_rules().plan.version == "2026.2"
    plan.write_text("[", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(BrokenSetup, match="not TOML"):
            read_rules()
    plan.write_text(text, encoding="utf-8")
    assert read_rules().hash == first.hash


@pytest.mark.parametrize(("broke", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_new_installation_says_what_is_wrong_and_stops(
    broke: Callable[[Path], object], sentence: str, plain: Settings, files: Path
) -> None:
    broke(files)
    with pytest.raises(BrokenSetup, match=sentence):
        prepare(plain)
    assert company.fact(opened(plain).engine, company.ADOPTED_RULES) is None


def test_a_market_whose_file_is_gone_is_told_and_its_duties_stay(
    plain: Settings, files: Path
) -> None:
    prepare(plain)
    (files / "regulations" / "us.toml").unlink()
    assert f"The files in {files} differ from the adopted plan" in prepare(plain)
    assert {rule.market for rule in opened(plain).current_rules().regulations} >= {"US"}


@pytest.mark.parametrize(
    ("allowed", "warned"), [("false", True), ("127.0.0.1", False)], ids=["inside", "allowed"]
)
def test_a_start_names_a_connection_by_which_nothing_gets_out(
    tmp_path: Path, allowed: str, *, warned: bool
) -> None:
    file = tmp_path / "channels.toml"
    hook = 'adapter = "webhook"\nurl = "http://127.0.0.1:9/orders"\nsecret = "s"\n'
    file.write_text(f'[[connections]]\nid = "erp"\n{hook}')
    made = Settings(home=tmp_path / "home", demo=False, channels=file, allow_inside=allowed)
    KeyRing.create(made.key_ring_file)
    said = "warning: No order gets out by connection erp: 127.0.0.1 is inside this network."
    assert (said in prepare(made)) is warned
