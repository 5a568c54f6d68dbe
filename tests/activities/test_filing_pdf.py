"""A report on paper: every form in each of its languages, words as they are, the same bytes."""

import html
import json
import re

import pytest
import typst

from activities import press_pdf
from activities.filing_forms import form, form_ids, words
from activities.filing_pdf import TEMPLATE, packet_pdf, sheet_of
from domain.packet_terms import CompanyKnown, Packet
from domain.packets import packet_bytes
from tests.activities.test_press_pdf import TRAPS, one_line
from tests.domain.packet_story import empty, full, made

COMPANY = "Limai Cosmetics 丽美化妆品"
SPOKEN = [(name, language) for name in form_ids() for language in form(name).languages]
BIDI = "\u202eevil\u202c \u2067abc\u2069 \u200f!"


def pdf_of(of: Packet) -> bytes | None:
    return packet_pdf(of, company=COMPANY, invented=True)


def read(of: Packet) -> str:
    """Give all words of a report, set by the same template as a page of HTML."""
    sheet = {"sheet": json.dumps(sheet_of(of, company=COMPANY))}
    fonts = press_pdf.fonts()
    page = typst.compile(
        TEMPLATE, root=press_pdf.ROOT, font_paths=fonts, format="html", sys_inputs=sheet
    ).decode()
    body = re.sub(r"<[^>]*>", "", page.partition("<body>")[2])
    said = typst.query(
        TEMPLATE,
        "<said>",
        field="value",
        root=press_pdf.ROOT,
        font_paths=fonts,
        sys_inputs=sheet,
    )
    return html.unescape(body) + "".join(json.loads(said))


@pytest.mark.parametrize(("name", "language"), SPOKEN, ids=["-".join(one) for one in SPOKEN])
def test_every_form_is_set_in_each_of_its_languages(name: str, language: str) -> None:
    for of in (made(full(), name, (language,)), made(empty(), name, (language,))):
        paper = pdf_of(of)
        assert paper is not None
        assert paper.startswith(b"%PDF-1.7")
        assert b"/Lang(" + language.encode() in paper


@pytest.mark.parametrize("name", form_ids())
def test_a_layout_of_our_own_says_so(name: str) -> None:
    used = form(name)
    told = one_line(read(made(empty(), name, company=CompanyKnown())))
    said = words(used.languages[0])
    assert (one_line(said["own_layout"]) in told) is not used.official_seen
    assert one_line(said["missing"]) in told
    assert one_line(used.citation) in told


def test_it_stands_on_every_page_which_report_it_is() -> None:
    of = made(full(), "eu-sue-form-a")
    sheet = sheet_of(of, company=COMPANY)
    assert of.reference in sheet["footer"]
    assert [what for _, what in sheet["lines"]][2] == f"INC-2026-0001 #{full().incident.size}"


def test_our_people_have_their_language_beside() -> None:
    told = read(made(full(), "us-recall-submission", ("en", "zh-CN")))
    assert "Reason for the removal or correction" in told
    assert "移除或纠正的原因" in told


def test_the_same_packet_gives_the_same_bytes() -> None:
    first, second = (pdf_of(made(full(), "cn-recall-report")) for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    "trap", [*TRAPS.values(), BIDI, "x" * 100_000], ids=[*TRAPS, "bidi", "long"]
)
def test_what_is_typed_is_set_as_it_is(trap: str) -> None:
    of = made(full(), "eu-sue-form-a", answers={"onset": trap})
    assert pdf_of(of) is not None
    assert one_line(trap.strip()) in one_line(read(of)).replace("\u200b", "")
    assert trap.strip() in json.dumps(json.loads(packet_bytes(of)), ensure_ascii=False) or (
        json.dumps(trap.strip(), ensure_ascii=False)[1:-1] in packet_bytes(of).decode()
    )


@pytest.mark.parametrize("trap", ["Sorry 😀", "ไทย"], ids=["an emoji", "Thai"])
def test_what_cannot_be_set_is_never_a_box(trap: str) -> None:
    assert pdf_of(made(full(), "eu-sue-form-a", answers={"onset": trap})) is None


def test_sealed_words_are_on_no_paper() -> None:
    told = read(made(full(), "eu-sue-form-a", opened={}))
    assert "Her face burned" not in told
    assert words("en")["sealed"] in told
