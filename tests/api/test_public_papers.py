"""A published text as PDF and as a press kit, for anyone."""

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx2
import pytest

from api.pages import public_papers
from api.pages.public_words import PublicWords
from domain.canonical import sha256_hex
from domain.statement_text import Bundle, Rendition
from domain.values import PublicText
from services import notices
from services.house import PAPERS_WAITING, House
from storage import publications
from tests.api.markup import faults_of
from tests.api.serving import Served
from tests.api.test_public import LANGUAGES, WORDS, published

pytestmark = pytest.mark.xdist_group("api")


@pytest.fixture(scope="module")
def notice(served: Served) -> str:
    """Give the name of a recall notice in eight languages."""
    return published(served, "papers")


@pytest.fixture
def anyone(served: Served) -> Iterator[httpx2.Client]:
    """Give somebody without an account."""
    with served.visitor() as visitor:
        yield visitor


@pytest.fixture
def house(served: Served) -> House:
    """Give what the running installation was opened with."""
    assert served.app is not None
    found: House = served.app.state.house
    return found


def put_up(served: Served, incident: str, statement: str, **more: object) -> str:
    """Put a text of an incident at the public place, as it stands."""
    texts = more.pop("texts", (rendition("en", "Words"), rendition("de", "Worte")))
    bundle = Bundle(
        incident=incident, statement=statement, version=1, kind="update", markets=("CN", "DE"),
        texts=texts, facts_hash="f", **more,  # type: ignore[arg-type]
    )  # fmt: skip
    kept = publications.StoredText(
        incident=incident, statement=statement, version=1, place="site", kind=bundle.kind, drill="",
        sha256=bundle.sha256(), at=datetime.now(UTC) + timedelta(seconds=1),
        content=bundle.content(),
    )  # fmt: skip
    publications.keep_text(served.database.ledger, kept)
    return f"{incident}-{statement}"


def rendition(language: str, words: str) -> Rendition:
    return Rendition(
        language=language, title=PublicText(f"{words} {language}"), body=PublicText(words)
    )


def kit_of(anyone: httpx2.Client, notice: str) -> dict[str, bytes]:
    """Give the files of a press kit."""
    answer = anyone.get(f"/recalls/{notice}/press-kit.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as kit:
        return {name.removeprefix(f"{notice}/"): kit.read(name) for name in kit.namelist()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_in_the_language_that_is_asked_for(
    notice: str, language: str, anyone: httpx2.Client
) -> None:
    answer = anyone.get(f"/recalls/{notice}.pdf", params={"lang": language})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-language"] == language
    name = f'inline; filename="{notice}.{language}.pdf"'
    assert answer.headers["content-disposition"] == name
    assert answer.headers["cache-control"].startswith("public, max-age=60")
    assert f"/Lang({language})".encode() in answer.content
    assert f"/Title(Recall {language})".encode() in answer.content


@pytest.mark.parametrize("lang", ["xx", "", "../../etc", "de\r\nX"])
def test_a_language_that_is_not_there_gives_the_first(
    notice: str, lang: str, anyone: httpx2.Client
) -> None:
    answer = anyone.get(f"/recalls/{notice}.pdf", params={"lang": lang})
    assert answer.headers["content-language"] == "zh-CN"


def test_what_did_not_change_is_not_sent_again(notice: str, anyone: httpx2.Client) -> None:
    for path in (f"/recalls/{notice}.pdf?lang=de", f"/recalls/{notice}/press-kit.zip"):
        first = anyone.get(path)
        again = anyone.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_leads_to_both_in_its_own_language(
    notice: str, language: str, anyone: httpx2.Client
) -> None:
    page = anyone.get(f"/recalls/{notice}", params={"lang": language}).text
    words = PublicWords(language)
    assert f'href="/recalls/{notice}.pdf?lang={language}" type="application/pdf">' in page
    assert f"{words('print_pdf')}</a>" in page
    assert f'href="/recalls/{notice}/press-kit.zip"' in page
    assert faults_of(page) == []


def test_a_sheet_says_what_it_is_and_where_to_check_it(notice: str, house: House) -> None:
    found = notices.notice(house, notice)
    sheet = public_papers._paper(house, found, "de")
    lines = dict(sheet.lines)
    assert sheet.kind == "Rückrufmitteilung"
    assert lines["Kennung"] == f"{notice} · Fassung 1"
    assert lines["Gilt für"] == "China"
    assert sheet.checked == ("Prüfsumme dieses Textes (SHA-256):", found.sha256)
    assert str(found.at.year) in lines["Veröffentlicht"]
    assert sheet.notes == tuple(map(PublicWords("de"), ("invented_paper", "preliminary_paper")))
    assert sheet.code == ""


def test_where_the_public_reaches_it_the_sheet_has_a_code(notice: str, house: House) -> None:
    settings = house.settings.model_copy(update={"public_url": "https://recall.example.com"})
    out = replace(house, settings=settings)
    found = notices.notice(out, notice)
    sheet = public_papers._paper(out, found, "en")
    assert dict(sheet.lines)["Latest information"] == f"https://recall.example.com/recalls/{notice}"
    assert sheet.code.startswith("<?xml")
    files = public_papers._files(out, found, {"en": b"%PDF"})
    assert files["qr-code.svg"] == sheet.code.encode()
    assert f"https://recall.example.com/recalls/{notice}".encode() in files["README.txt"]


def test_the_press_kit_holds_every_language_and_the_approved_bytes(
    notice: str, anyone: httpx2.Client
) -> None:
    kit = kit_of(anyone, notice)
    sheets = {f"{each}.{form}" for each in LANGUAGES for form in ("txt", "pdf")}
    assert set(kit) == sheets | {"README.txt", "statement.json"}
    told = anyone.get(f"/recalls/{notice}.json").json()
    assert sha256_hex(kit["statement.json"]) == told["sha256"]
    assert json.loads(kit["statement.json"]) == told["approved"]
    for language in LANGUAGES:
        assert kit[f"{language}.txt"].decode() == f"Recall {language}\n\n{WORDS[language]}\n"
        pdf = anyone.get(f"/recalls/{notice}.pdf", params={"lang": language}).content
        assert kit[f"{language}.pdf"] == pdf
    readme = kit["README.txt"].decode()
    for said in (told["sha256"], "sha256sum statement.json", "联系电话", "Whom to call", "Deutsch"):
        assert said in readme, said
    assert "{" not in readme


def test_the_press_kit_has_the_code_of_its_page_and_says_whose_lines_it_names(
    served: Served, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = {
        "hotline": "400 1",
        "home_market": "CN",
        "hotlines": [{"market": "DE", "number": "0800 2"}],
    }
    monkeypatch.setattr(public_papers, "about_company", lambda _house: about)
    at = house.settings.model_copy(update={"public_url": "https://q.example"})
    monkeypatch.setattr(house, "settings", at)
    name = published(served, "papers-code")
    one = notices.notice(house, put_up(served, name.removesuffix("-S1"), "S2"))
    files = public_papers._files(house, one, dict.fromkeys(one.languages))
    assert b"<svg" in files["qr-code.svg"]
    readme = files["README.txt"].decode()
    assert f"https://q.example/recalls/{one.name}" in readme
    for said in ("our lines for consumers", "消费者热线", "  Germany: 0800 2", "  德国：0800 2"):
        assert said in readme


def test_the_press_kit_is_the_same_bytes_each_time(
    notice: str, anyone: httpx2.Client, house: House
) -> None:
    path = f"/recalls/{notice}/press-kit.zip"
    first = anyone.get(path)
    house.papers = type(house.papers)()
    assert anyone.get(path).content == first.content
    assert "attachment" in first.headers["content-disposition"]


def test_a_corrected_and_a_retracted_notice_say_so(
    served: Served, anyone: httpx2.Client, house: House
) -> None:
    name = published(served, "papers-corrected")
    before = anyone.get(f"/recalls/{name}.pdf?lang=de").content
    incident = name.removesuffix("-S1")
    put_up(served, incident, "S2", about="S1", relation="corrects", preliminary=True)
    put_up(served, incident, "S3", about="S1", relation="retracts")
    assert anyone.get(f"/recalls/{name}.pdf?lang=de").content != before

    def notes(of: str) -> str:
        return "\n".join(public_papers._paper(house, notices.notice(house, of), "de").notes)

    assert "Dazu gibt es eine neuere Mitteilung: Worte de (" in notes(name)
    assert "Diese Mitteilung wurde zurückgenommen: Worte de (" in notes(name)
    assert "Dies berichtigt eine frühere Mitteilung: Recall de (" in notes(f"{incident}-S2")
    assert PublicWords("de")("preliminary_paper") in notes(f"{incident}-S2")
    assert "Dies nimmt eine frühere Mitteilung zurück: Recall de (" in notes(f"{incident}-S3")
    readme = kit_of(anyone, name)["README.txt"].decode()
    assert "This notice was taken back: Words en (" in readme
    assert "本公告已撤回：" in readme


def test_what_cannot_be_set_is_said_and_left_to_the_text(
    served: Served, anyone: httpx2.Client, notice: str
) -> None:
    texts = (rendition("en", "Sorry"), rendition("th", "ขออภัย"))
    name = put_up(served, notice.removesuffix("-S1"), "S7", texts=texts)
    answer = anyone.get(f"/recalls/{name}.pdf", params={"lang": "th"})
    assert answer.status_code == 404
    assert "is not there as PDF in this language" in answer.text
    kit = kit_of(anyone, name)
    assert {"en.pdf", "en.txt", "th.txt"} <= set(kit)
    assert "th.pdf" not in kit
    assert "th.txt" in kit["README.txt"].decode()


@pytest.mark.parametrize("path", ["/recalls/nothing.pdf", "/recalls/nothing/press-kit.zip"])
def test_what_is_not_there_is_said_so(path: str, anyone: httpx2.Client) -> None:
    assert anyone.get(path).status_code == 404


def test_readers_of_a_paper_that_is_slow_to_set_hold_no_more_than_some_threads(
    served: Served, notice: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    house.papers = House(house.settings, house.engine, house.bulk, house.ring).papers
    monkeypatch.setattr(public_papers, "pdf_of", lambda _paper: b"%PDF" if done.wait(20) else None)
    name = put_up(served, notice.removesuffix("-S1"), "S8")

    def ask() -> httpx2.Response:
        with served.visitor() as reader:
            return reader.get(f"/recalls/{name}.pdf", params={"lang": "en"})

    with ThreadPoolExecutor(PAPERS_WAITING) as readers:
        waiting = [readers.submit(ask) for _ in range(PAPERS_WAITING)]
        while sum(turn.there for turn in house.papers._turns.values()) < PAPERS_WAITING:
            time.sleep(0.01)
        refused = ask()
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        assert refused.headers["cache-control"] == "no-store"
        assert PublicWords("en")("being_made") in refused.text
        with served.visitor() as reader:
            assert reader.get(f"/recalls/{name}").status_code == 200
        done.set()
        assert {each.result(20).status_code for each in waiting} == {200}
