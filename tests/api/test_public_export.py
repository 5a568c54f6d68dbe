"""Public notices as plain files: read back from the disk, with nobody serving them."""

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import pytest
from typer.testing import CliRunner

from api.pages.public_addresses import FILES
from api.pages.public_export import LIST, exported
from api.pages.public_lookup import ON_THE_PAGE
from cli.main import app
from domain.errors import AndonError, BrokenSetup
from integrations.key_ring import KeyRing
from services.build import ROOT
from services.company import prepare
from services.files_swapped import alone_at, swap_in
from services.house import House
from services.opening import open_stores
from services.settings import Settings
from tests.api.markup import faults_of
from tests.api.test_public import LANGUAGES, WORDS, published_in
from tests.domain.recalls import lot

pytestmark = pytest.mark.xdist_group("api")
MANY = tuple(lot(f"{sign}{number:04}") for sign in "KM" for number in range(ON_THE_PAGE))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a house of the demo company that nobody serves."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    KeyRing.create(settings.key_ring_file)
    prepare(settings)
    opened = open_stores(settings)
    yield opened
    opened.engine.dispose()
    opened.bulk.dispose()


@pytest.fixture(scope="module")
def names(house: House) -> dict[str, str]:
    """Publish: two lots, too many for one page, whatever lot, no scope yet, and a drill."""
    engine = house.engine
    return {
        "two": published_in(engine, "two"),
        "many": published_in(engine, "many", lots=MANY),
        "every": published_in(engine, "every", lots=(), unbounded=True),
        "open": published_in(engine, "open", without_scope=True),
        "drill": published_in(engine, "drill", drill="exercise"),
    }


@pytest.fixture(scope="module")
def site(house: House, names: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export all that into the root of a web site."""
    root = tmp_path_factory.mktemp("site")
    assert swap_in(root / "recalls", exported(house), LIST)
    return root


def read(site: Path, path: str) -> str:
    return (site / path.lstrip("/")).read_text(encoding="utf-8")


def test_every_address_in_an_exported_page_is_a_file(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 4 * len(LANGUAGES)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert faults_of(text) == [], page
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
        canonical = re.search(r'rel="canonical" href="(/[^"]*)"', text)
        for link in links:
            path = site / link.partition("#")[0].lstrip("/")
            if canonical and link == canonical[1]:
                path = path / "index.html"
            assert path.is_file(), (page, link)
            assert "?" not in link


def test_each_language_has_a_list_that_leads_on_in_it(site: Path, names: dict[str, str]) -> None:
    page = read(site, FILES.listed("de"))
    assert '<html lang="de">' in page
    assert "<h1>Sicherheitshinweise</h1>" in page
    assert f'<a href="{FILES.notice(names["two"], "de")}" lang="de">' in page
    back = f'<a class="all" href="{FILES.listed("de")}">'
    assert back in read(site, FILES.notice(names["two"], "de"))


def test_feeds_lead_to_files(site: Path, names: dict[str, str]) -> None:
    for feed in ("feed.atom", "feed.json"):
        text = read(site, f"recalls/{feed}")
        assert FILES.notice(names["two"], "de") in text
        assert "?lang=" not in text


@pytest.mark.parametrize("language", ["", *LANGUAGES])
def test_without_a_script_the_lots_stand_on_the_page(
    site: Path, names: dict[str, str], language: str
) -> None:
    page = read(site, FILES.notice(names["two"], language))
    assert f'<html lang="{language or "en"}">' in page
    assert "<li>A2602</li>" in page
    assert "<li>DC-2603A</li>" in page
    assert re.search(r"<form[^>]* hidden>", page), "a form that nobody would answer"


def test_a_long_list_is_divided_by_its_first_sign(site: Path, names: dict[str, str]) -> None:
    page = read(site, FILES.notice(names["many"], "de"))
    assert "<li>K0000</li>" not in page
    for sign, other in ("KM", "MK"):
        address = FILES.lots(names["many"], "de", sign)
        assert f'href="{address}"' in page
        assert f"<li>{sign}0299</li>" in read(site, address)
        assert f"<li>{other}0299</li>" not in read(site, address)


def test_where_every_lot_counts_the_page_says_so_and_asks_nothing(
    site: Path, names: dict[str, str]
) -> None:
    page = read(site, FILES.notice(names["every"], "en"))
    assert "Every pack of this product counts" in page
    assert "<form" not in page
    assert "<svg viewBox" not in page, "no number is asked for"


def test_a_recall_whose_lots_are_open_has_no_list(site: Path, names: dict[str, str]) -> None:
    page = read(site, FILES.notice(names["open"], "en"))
    assert 'class="check"' not in page


def test_a_drill_is_never_exported(site: Path, names: dict[str, str]) -> None:
    for path in site.rglob("*"):
        assert names["drill"] not in str(path)
        if path.is_file():
            assert names["drill"].encode() not in path.read_bytes()


def test_the_same_notices_give_the_same_bytes(house: House, site: Path) -> None:
    again = exported(house)
    assert {name: (site / "recalls" / name).read_bytes() for name in again} == again
    assert not swap_in(site / "recalls", again, LIST)
    assert set(json.loads(again[LIST])) == again.keys() - {LIST}


def test_a_text_that_cannot_be_set_stops_no_export_and_is_not_linked(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = published_in(house.engine, "unset")
    monkeypatch.setitem(WORDS, "de", "Creme \ue000")
    unset = published_in(house.engine, "unset too")
    files = exported(house)
    for of, there in ((name, True), (unset, False)):
        assert (f"{of}/de.pdf" in files) is there
        assert (f"{of}/de.pdf".encode() in files[f"{of}/de.html"]) is there
        assert f"{of}/fr.pdf".encode() in files[f"{of}/fr.html"]
    assert f"{unset}/de.txt" in files


# ---------------------------------------------------------------- the folder

OLD = {LIST: b"1", "a/b.html": b"old", "gone.html": b"x"}
NEW = {LIST: b"2", "a/b.html": b"new"}


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_folder_holds_the_new_files_and_no_others(tmp_path: Path) -> None:
    folder = tmp_path / "site" / "recalls"
    assert swap_in(folder, OLD, LIST)
    assert swap_in(folder, NEW, LIST)
    assert held(folder) == NEW
    assert [each.name for each in folder.parent.iterdir()] == ["recalls"]
    (folder / "a" / "b.html").write_bytes(b"NEW")
    assert swap_in(folder, NEW, LIST), "what somebody changed is put right"
    assert held(folder) == NEW


@pytest.mark.parametrize("stop", ["while writing", "between the two moves"])
def test_a_crash_leaves_no_half_of_an_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    folder = tmp_path / "recalls"
    swap_in(folder, OLD, LIST)
    rename, moved = Path.rename, []

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    def second_cut_off(self: Path, to: Path) -> Path:
        moved.append(to)
        if len(moved) == 2:
            raise KeyboardInterrupt
        return rename(self, to)

    with monkeypatch.context() as cut:
        if stop == "while writing":
            cut.setattr(os, "sync", cut_off)
        else:
            cut.setattr(Path, "rename", second_cut_off)
        with pytest.raises(KeyboardInterrupt):
            swap_in(folder, NEW, LIST)
    assert not folder.exists() or held(folder) == OLD
    assert swap_in(folder, NEW, LIST)
    assert held(folder) == NEW
    assert [each.name for each in tmp_path.iterdir()] == ["recalls"]


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "wedding.jpg").write_bytes(b"x")
    with pytest.raises(BrokenSetup, match="not exported from here"):
        swap_in(tmp_path, NEW, LIST)
    assert held(tmp_path) == {"wedding.jpg": b"x"}


HOLDS = """
import sys, time
from pathlib import Path
from services.files_swapped import alone_at
with alone_at(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_never_write_at_once_and_a_killed_one_holds_nobody(
    tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDON_HOME", str(house.settings.home))
    folder = tmp_path / "site" / "recalls"
    with Popen([sys.executable, "-c", HOLDS, str(folder)], cwd=ROOT, stdout=PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        told = CliRunner().invoke(app, ["export-notices", str(folder.parent)])
        assert told.exit_code == 1
        assert "Another run is writing" in told.stderr
        assert not folder.exists()
        other.kill()
    with alone_at(folder):
        assert swap_in(folder, OLD, LIST)
    with pytest.raises(BlockingIOError), alone_at(folder):
        raise BlockingIOError  # of what is drawn, not of the lock
    with alone_at(folder), pytest.raises(AndonError, match="changed nothing"), alone_at(folder):
        pass
    assert held(folder) == OLD
