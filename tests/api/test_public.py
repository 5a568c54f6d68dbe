"""Public notices: anyone reads the approved words, and finds out whether their lot is affected."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import httpx2
import pytest
from sqlalchemy.engine import Engine

from activities.ledger import LedgerActivities
from api.pages import public
from api.pages.public_words import FILE, PublicWords
from domain.canonical import canonical, sha256_hex
from domain.envelope import RecordBatch
from domain.facts import RecordFact
from domain.incident import new_incident
from domain.markets import base_language
from domain.recall_scope import SetScope
from domain.rules import rules_text
from domain.statement import StatementDrafted
from domain.statement_text import Rendition
from domain.values import ProductId, PublicText
from services.build import ROOT, build_id, pages_id, showing
from storage import catalog, incidents, publications
from storage import rules as rule_store
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.domain.recalls import QUALITY, lot, scope
from tests.domain.story import Story, rules
from tests.domain.texts import AUTHOR, draft

pytestmark = pytest.mark.xdist_group("api")

LANGUAGES = ("zh-CN", "en", "de", "fr", "es", "it", "ja", "ko")
WORDS = {language: f"<b>{language}</b> & words" for language in LANGUAGES}


@pytest.fixture(scope="module")
def notice(served: Served) -> str:
    """Give the name of a recall notice in eight languages; its scope is two lots."""
    return published(served, "notice")


def published(served: Served, key: str, *, without_scope: bool = False, **scoped: Any) -> str:
    """Record an incident with a scope, and put a recall notice at the public place."""
    return published_in(served.database.ledger, key, without_scope=without_scope, **scoped)


def published_in(
    engine: Engine,
    key: str,
    *,
    without_scope: bool = False,
    drill: str = "",
    texts: tuple[Rendition, ...] = (),
    fact: RecordFact | None = None,
    **scoped: object,
) -> str:
    """Publish into a database that nobody need be serving; `drill` is that of the text."""
    now = datetime.now(UTC)
    kept = rule_store.keep_rules(engine, "incident", rules_text(rules()).encode(), now)
    reserved = incidents.Reservation(
        command_id=key, digest="d", created_at=now, reported_by="li", title="Cream",
        rules_hash=kept, drill="",
    )  # fmt: skip
    number = incidents.reserve_number(engine, now.year, reserved).id
    story = Story(incident=new_incident(number, rules()))
    story.accepted()
    lots = (lot("A2602"), lot("lot-17"))
    if not without_scope:
        story.did(QUALITY, SetScope(**scope(**{"lots": lots, **scoped})))
    # The company's own key of a lot is not always what is printed on the pack.
    product = catalog.list_items(engine, "product")[0].id
    catalog.put_lots(
        engine,
        [
            catalog.Lot(id="A2602", product=product, number="A2602"),
            catalog.Lot(id="lot-17", product=product, number="DC-2603A"),
        ],
    )
    texts = texts or tuple(
        Rendition(language=each, title=PublicText(f"Recall {each}"), body=PublicText(words))
        for each, words in WORDS.items()
    )
    if fact is not None:
        story.did(QUALITY, fact)
    made: StatementDrafted = story.did(AUTHOR, draft("recall_notice", *texts))[0]
    LedgerActivities(engine).record(
        RecordBatch(stream=number, first=1, leaves=[leaf.decode() for leaf in story.leaves], run=1)
    )
    publications.keep_text(
        engine,
        publications.StoredText(
            incident=number, statement="S1", version=1, place="site", kind="recall_notice",
            drill=drill, sha256=made.sha256, at=now, content=made.bundle(number).content(),
        ),
    )  # fmt: skip
    return f"{number}-S1"


@pytest.fixture
def anyone(served: Served) -> Iterator[httpx2.Client]:
    """Give somebody without an account."""
    with served.visitor() as visitor:
        yield visitor


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_is_one_sheet_in_the_language_of_its_reader(
    notice: str, language: str, anyone: httpx2.Client
) -> None:
    page = anyone.get(f"/recalls/{notice}", params={"lang": language})
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert f"&lt;b&gt;{language}&lt;/b&gt; &amp; words" in page.text
    assert "<script" not in page.text
    assert faults_of(page.text) == []
    assert page.headers["cache-control"].startswith("public, max-age=60")


@pytest.mark.parametrize(
    ("typed", "tone", "says"),
    [
        ("A2602", "bad", "Lot A2602 is affected"),
        (" a-26 02 ", "bad", "Lot A2602 is affected"),
        ("Ａ２６０２", "bad", "Lot A2602 is affected"),
        ("dc2603a", "bad", "Lot DC-2603A is affected"),
        ("A26O2", "doubt", "looks like lot A2602"),
        ("А2602", "doubt", "looks like lot A2602"),
        ("LOT A2602", "bad", "Lot A2602 is affected"),
        ("批号A2602", "bad", "Lot A2602 is affected"),
        ("LOTA2602", "bad", "Lot A2602 is affected"),
        ("A2602 EXP 2027-01", "bad", "Lot A2602 is affected"),
        ("Lot no. dc 2603 a", "bad", "Lot DC-2603A is affected"),
        ("B9", "plain", "not on the list"),
        ("", "plain", "type the lot number"),
        ("???", "plain", "type the lot number"),
        ("A" * 200, "plain", "type the lot number"),
        ("<script>alert(1)</script>", "plain", "not on the list"),
        ("\u202eA2602", "bad", "Lot A2602 is affected"),
    ],
    ids=["as printed", "spaced", "full width", "without its dash", "O for 0", "Cyrillic A",
         "with its label", "with its Chinese label", "label without a space", "with the date",
         "with words", "another", "nothing", "signs", "far too long", "a script", "turned around"],
)  # fmt: skip
def test_is_mine_affected(
    notice: str, typed: str, tone: str, says: str, anyone: httpx2.Client
) -> None:
    page = anyone.get(f"/recalls/{notice}", params={"lang": "en", "lot": typed})
    assert page.status_code == 200
    assert f'class="answer {tone}"' in page.text
    assert says in page.text
    assert "<script" not in page.text
    assert faults_of(page.text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_is_said_in_the_language_of_the_notice(
    notice: str, language: str, anyone: httpx2.Client
) -> None:
    ask = {"lang": language, "lot": "A2602"}
    said = anyone.get(f"/recalls/{notice}", params=ask).text
    english = "is affected. Stop using" in said
    assert english is (language == "en")
    assert "A2602" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_show_where_the_number_stands(
    notice: str, language: str, anyone: httpx2.Client
) -> None:
    page = anyone.get(f"/recalls/{notice}", params={"lang": language}).text
    words = PublicWords(language)
    for pack in ("tube", "bottle", "box"):
        assert f'role="img" aria-label="{words(f"picture_{pack}")}"' in page
        assert f"<figcaption>{words(f'where_{pack}')}</figcaption>" in page
    assert faults_of(page) == []


def test_every_word_around_a_notice_is_said_in_every_language() -> None:
    bases = {base_language(language) for language in LANGUAGES}
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert {name: bases - said.keys() for name, said in told.items() if bases - said.keys()} == {}
    for name, said in told.items():
        holes = {language: words.count("{lot}") for language, words in said.items()}
        assert len(set(holes.values())) == 1, name


def test_where_nobody_knows_the_lots_every_pack_counts(
    served: Served, anyone: httpx2.Client
) -> None:
    name = published(served, "unbounded", lots=(), unbounded=True)
    page = anyone.get(f"/recalls/{name}", params={"lang": "en", "lot": "whatever"})
    assert "Every pack of this product counts" in page.text


def test_what_did_not_change_is_not_sent_again(notice: str, anyone: httpx2.Client) -> None:
    for path in (f"/recalls/{notice}", "/recalls", "/recalls/feed.atom", f"/recalls/{notice}.json"):
        first = anyone.get(path)
        again = anyone.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


def test_a_page_of_an_earlier_release_is_sent_anew(
    notice: str, anyone: httpx2.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (f"/recalls/{notice}", "/recalls"):
        before = anyone.get(path).headers["etag"]
        with monkeypatch.context() as upgraded:
            upgraded.setattr(public, "pages_id", lambda: "another release")
            again = anyone.get(path, headers={"If-None-Match": before})
        assert again.status_code == 200, path
        assert again.headers["etag"] != before


def test_a_release_of_pages_is_known_by_their_sources() -> None:
    names = {file.relative_to(ROOT).as_posix() for file in showing(ROOT)}
    assert names >= {
        "templates/public/recall.html",
        "templates/public/words.toml",
        "api/pages/public.py",
        "api/static/recall.css",
        "locale/zh_CN/LC_MESSAGES/andon.po",
    }
    assert pages_id().startswith(build_id())


def test_feeds_hold_the_approved_words(notice: str, anyone: httpx2.Client) -> None:
    feed = ET.fromstring(anyone.get("/recalls/feed.atom").content)  # noqa: S314 - our own feed
    atom = "{http://www.w3.org/2005/Atom}"
    contents = [each.text for each in feed.iter(f"{atom}content")]
    assert WORDS["zh-CN"] in contents or WORDS["de"] in contents
    told = anyone.get("/recalls/feed.json").json()
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    own = {each["language"]: each["content_text"] for each in told["items"] if notice in each["id"]}
    assert own == WORDS


def test_machines_read_the_bytes_that_were_approved(notice: str, anyone: httpx2.Client) -> None:
    told = anyone.get(f"/recalls/{notice}.json").json()
    assert sha256_hex(canonical(told["approved"])) == told["sha256"]
    text = anyone.get(f"/recalls/{notice}.txt", params={"lang": "de"})
    assert text.text == f"Recall de\n\n{WORDS['de']}\n"
    assert text.headers["content-language"] == "de"


@pytest.mark.parametrize("wanted", ["zh-CN", "de", "en"])
@pytest.mark.parametrize("address", ["/recalls", "/recalls/{}", "/recalls/none"])
def test_a_page_says_its_language_beside_itself_too(
    notice: str, anyone: httpx2.Client, address: str, wanted: str
) -> None:
    told = anyone.get(address.format(notice), headers={"Accept-Language": wanted})
    assert f'<html lang="{told.headers["content-language"]}">' in told.text


def test_the_list_of_lots_lies_in_shards(notice: str, anyone: httpx2.Client) -> None:
    found: dict[str, str] = {}
    for number in range(256):
        found |= json.loads(anyone.get(f"/recalls/{notice}/lots/{number:02x}.json").text)
    assert found == {"A2602": "A2602", "DC2603A": "DC-2603A"}
    beside = json.loads(anyone.get(f"/recalls/{notice}/lots/beside.json").text)
    assert beside.pop("lots") == found, "a short list is there whole"
    assert beside == {"codes": [], "dates": {}, "every_code": False}, "no list has them"


def test_a_bar_code_and_a_date_lead_to_the_lot_number(
    served: Served, anyone: httpx2.Client
) -> None:
    def said(typed: str) -> str:
        ask = {"lang": "en", "lot": typed}
        return anyone.get(f"/recalls/{name}", params=ask).text.partition("</section>")[0]

    engine = served.database.ledger
    cream = catalog.item(engine, "product", "dew-cream")
    kit = next(i for i in catalog.list_items(engine, "product") if i.document.get("contains"))
    assert cream.id in kit.document["contains"]
    lots = (replace(lot("DC2603A"), product=ProductId(cream.id)),)
    name = published(served, "codes", lots=lots, products=(ProductId(cream.id),))
    assert "belongs to a product of this recall" in said(cream.document["items"][0]["gtin"])
    assert "belongs to a product of this recall" in said(kit.document["items"][0]["gtin"]), "a set"
    assert "None of the products recalled here has this bar code" in said("4006381333931")
    assert "Lots with this date are affected: DC2603A" in said("2029-03-16")
    assert "It takes the lot number to know" in said("2027-01-31")
    listed = anyone.get("/recalls", params={"lot": "2027-01-31"}).text
    assert "not on the list. Have a look" not in listed


@pytest.mark.parametrize(
    "path",
    ["/recalls/nothing", "/recalls/nothing.json", "/recalls/{}/lots/zz.json", "/recalls/.txt"],
)
def test_what_is_not_there_is_said_so(notice: str, path: str, anyone: httpx2.Client) -> None:
    assert anyone.get(path.format(notice)).status_code == 404
