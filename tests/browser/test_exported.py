"""Exported notices in a real browser: their script says what the domain says, or the list stands."""

import json
import random
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from api.pages.public_addresses import FILES
from api.pages.public_export import LIST, exported
from api.pages.public_words import PublicWords
from domain.lot_check import LotIndex, LotVerdict
from integrations.key_ring import KeyRing
from services import notices
from services.company import prepare
from services.files_swapped import swap_in
from services.opening import open_stores
from services.settings import Settings
from storage import catalog
from tests.api.test_public import published_in
from tests.api.test_public_export import MANY
from tests.domain.test_lot_check import NEVER_SAFE

TYPED = (
    "A2602", " a-26 02 ", "Ａ２６０２", "dc2603a", "A26O2", "А2602", "LOT A2602", "批号A2602", "LOTA2602",
    "A2602 EXP 2027-01", "Lot no. dc 2603 a", "B9", "???", "", "   ", "A" * 61, "<b>A2602</b>",
    "\u202eA2602", "ß2602", "ﬁ A2602", "Ⅷ", "½A2602", "A٢602", "L A2602", "LA2602", "charge:DC.2603.A",
    "9521000000100", "9 521000 000100", "19521000000107", "4006381333931", "9521000000101", "952100000010",
    "2029-03-16", "16.03.2029", "2029年3月16日", "EXP 20290316", "限期使用日期 2029/03/16", "16.03.29", "03/2029",
    "２０２９０３１６", "2027-01", "20270131", "31 JAN 2027", "Jan 27", "MFG 2026-03-16 EXP 2029-03-16", "96385074",
    "B9 EXP 2029-03-16", "9521000000100 B9", "4006381333931 EXP 2027-01", "123456", "01/27", "12345678901234",
    "A260", "A26022", "A2620", "A2602L", "C2603A", "DC26031", "A2602270131", "0127DC2603A", "Á2602", "Á26O", "DÇ2603A",
    "A262", "AZ602", "B2602", "A26602", "2602", "DC263A", "DC26B3A", "DC2603AA", "CD2603A", "DG26O3AB", "602", "A02",
    "hello", "面霜", "A26 02 7", "DC2603A DC2604A", "ＤＣ２６０３", "A260é",
    "DC2G03A", "DCZ603A", "𝐀𝟐𝟔𝟎𝟐", "😀A2602", "😀" * 31, "toString", "__proto__", "constructor",
    *(typed for typed, _ in NEVER_SAFE),
)  # fmt: skip
"""What people type, and what breaks scripts."""


PRODUCT = catalog.Item(id="cream", document={"items": [{"gtin": "9521000000100"}]})
DATED = catalog.Lot(
    id="A2602", product="cream", number="A2602", document={"expires_on": "2029-03-16"}
)
"""What the company's own list knows of the packs."""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, LotIndex, Path]]:
    """Export one notice and hand its files out; give the address, its name and the true index."""
    settings, root = Settings(home=tmp_path_factory.mktemp("home")), tmp_path_factory.mktemp("site")
    KeyRing.create(settings.key_ring_file)
    prepare(settings)
    house = open_stores(settings)
    catalog.put_items(house.engine, "product", [PRODUCT])
    published_in(house.engine, "long", lots=MANY)
    name = published_in(house.engine, "exported")
    catalog.put_lots(house.engine, [DATED])
    swap_in(root / "recalls", exported(house), LIST)
    index = notices.lot_index(house, notices.notice(house, name))
    house.engine.dispose()
    house.bulk.dispose()
    assert index is not None
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(root)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", name, index, root
    server.shutdown()
    server.server_close()


@pytest.fixture
def long(made: tuple[str, str, LotIndex, Path]) -> str:
    """Give the page of a notice with more lots than a page holds."""
    return made[0] + FILES.notice(made[1].replace("-0002-", "-0001-"), "en")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give a page with a script."""
    with browser.new_context() as context:
        yield context.new_page()


PATIENCE_MS = 10_000


def told(page: Page, *typed: str) -> list[str]:
    """Give what the page says of each thing typed, one after another."""
    found: list[str] = page.evaluate(
        """async ([all, patience]) => {
            const said = [];
            for (const typed of all) {
                const status = document.querySelector("[role=status]"), begun = Date.now();
                status.textContent = "";
                document.querySelector("[name=lot]").value = typed;
                document.querySelector(".check form").requestSubmit();
                while (!status.textContent && Date.now() - begun < patience) {
                    await new Promise(done => setTimeout(done, 0));
                }
                said.push(status.innerText);
            }
            return said; }""",
        [typed, PATIENCE_MS],
    )
    return found


def generated(index: LotIndex, seed: int) -> list[str]:
    """Make numbers from those of the list: signs changed, added, taken away, put beside words."""
    chance = random.Random(seed)
    signs = "0OQD1IL5S8B2Z6G9AXАΑΣ Ｂ-./批 ٣०é年:"
    made = []
    for _ in range(150):
        lot = list(chance.choice(list(index.by_plain.values())))
        for _ in range(chance.randrange(4)):
            lot[chance.randrange(len(lot))] = chance.choice(signs) + chance.choice(["", "", " "])
        date = chance.choice(["", "", " 2029-03-16", "160329", " 03.2029", "20270131", "EXP0329"])
        made.append(
            chance.choice(["", "", "LOT ", "L", "批号", "12 ", "LotNr", "]d2010952100000010010"])
            + "".join(lot[: chance.choice([0, 9, 9])])
            + date
        )
    return made


def test_the_script_says_what_the_domain_says(
    made: tuple[str, str, LotIndex, Path], page: Page
) -> None:
    address, name, index, _ = made
    page.goto(address + FILES.notice(name, "en"))
    # A browser enforces `required`; the rule itself is what is compared here.
    page.evaluate("() => document.querySelector('.check form').noValidate = true")
    words, verdicts = PublicWords("en"), set()
    typed = (*TYPED, *generated(index, 1))
    for one, said in zip(typed, told(page, *typed), strict=True):
        answer = index.check(one)
        verdicts.add(answer.verdict)
        assert said == words(answer.verdict, lot=answer.lot), one
    assert verdicts == set(LotVerdict) - {LotVerdict.ALL_AFFECTED}, "each is compared"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("K0299", LotVerdict.AFFECTED), ("KO299", LotVerdict.NEARLY),
        ("K0299EXP0127", LotVerdict.AFFECTED), ("K0299270131", LotVerdict.NEAR),
        ("K0300", "compare_with_list"), ("B9", LotVerdict.NOT_ON_THE_LIST),
        ("hello", LotVerdict.NO_NUMBER), ("4006381333931", LotVerdict.OTHER_CODE),
    ],
)  # fmt: skip
def test_of_a_long_list_nobody_is_told_that_none_is_near(
    long: str, page: Page, typed: str, said: str
) -> None:
    page.goto(long)
    assert told(page, typed) == [PublicWords("en")(said, lot="K0299")]


def test_a_number_may_stand_in_the_address(
    made: tuple[str, str, LotIndex, Path], page: Page
) -> None:
    address, name, _, _ = made
    page.goto(f"{address}{FILES.notice(name, 'de')}?lot=A2602")
    page.wait_for_function("() => document.querySelector('[role=status]').textContent")
    assert "Die Charge A2602 ist betroffen" in page.locator("[role=status]").inner_text()


def test_a_part_that_is_missing_is_never_told_to_be_safe(
    made: tuple[str, str, LotIndex, Path], page: Page
) -> None:
    address, name, _, _ = made
    page.route("**/lots/*.json", lambda route: route.fulfill(status=404))
    page.goto(address + FILES.notice(name, "en"))
    assert "could not be looked up" in told(page, "B9")[0]
    page.unroute("**/lots/*.json")
    assert "not on the list" in told(page, "B9")[0], "asked again once it is there"


def test_with_script_off_the_list_stands_and_no_dead_form(
    made: tuple[str, str, LotIndex, Path], browser: Browser
) -> None:
    address, name, index, root = made
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + FILES.notice(name, "ja"))
        assert page.locator(".check form").is_hidden()
        assert page.get_by_text(PublicWords("ja")("or_code_or_date")).is_hidden()
        assert page.locator(".lots").inner_text().split() == sorted(index.by_plain.values())
        page.locator("footer a.all").click()
        assert page.locator(".notices a").count() == 2
    assert json.loads((root / "recalls" / LIST).read_text(encoding="utf-8"))
