"""A report on paper: every form in each of its languages, words as they are, the same bytes."""

import html
import json
import re

import pytest
import typst

from activities import press_pdf
from activities.filing_forms import form, form_ids, words
from activities.filing_pdf import TEMPLATE, on_paper, packet_pdf, sheet_of
from domain.packet_terms import CompanyKnown, Packet
from domain.packets import packet_bytes, packet_document
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


@pytest.mark.parametrize("trap", [*TRAPS.values(), "x" * 100_000], ids=[*TRAPS, "long"])
def test_what_is_typed_is_set_as_it_is(trap: str) -> None:
    of = made(full(), "eu-sue-form-a", answers={"onset": trap})
    assert pdf_of(of) is not None
    assert one_line(trap.strip()) in one_line(read(of)).replace("\u200b", "")
    assert trap.strip() in json.dumps(json.loads(packet_bytes(of)), ensure_ascii=False) or (
        json.dumps(trap.strip(), ensure_ascii=False)[1:-1] in packet_bytes(of).decode()
    )


SIGNS = {
    "an emoji": ("Sorry 😀!", "Sorry [U+1F600]!"),
    "a family": ("👩\u200d👧", "[U+1F469]\u200d[U+1F467]"),
    "Thai": ("ไย", "[U+0E44][U+0E22]"),
    "private use": ("a\ue000b", "a[U+E000]b"),
    "a reading direction": (BIDI, "[U+202E]evil[U+202C] [U+2067]abc[U+2069] [U+200F]!"),
    "no character": ("\ufffe", "[U+FFFE]"),
}


@pytest.mark.parametrize(("trap", "seen"), SIGNS.values(), ids=[*SIGNS])
def test_a_sign_that_cannot_stand_on_paper_is_written_by_its_number(trap: str, seen: str) -> None:
    of = made(full(), "eu-sue-form-a", answers={"onset": trap})
    assert pdf_of(of) == pdf_of(of) is not None
    sheet = on_paper(sheet_of(of, company=COMPANY), of)
    values = [one["value"] for section in sheet["sections"] for one in section["fields"]]
    assert seen in values
    assert sheet["lines"][-1] == (words("en")["signs"], words("en")["by_number"])
    assert trap in [one["value"]["en"] for section in packet_document(of)["sections"]
                    for one in section["fields"]]  # fmt: skip


def test_a_sheet_with_usual_signs_says_nothing_of_them() -> None:
    sheet = sheet_of(made(full(), "cn-recall-report"), company=COMPANY)
    assert on_paper(sheet, made(full(), "cn-recall-report")) == sheet


def test_thousands_of_strange_signs_hold_nothing_up() -> None:
    trap = "".join(map(chr, range(0x1F000, 0x1F000 + 3000)))
    assert pdf_of(made(full(), "eu-sue-form-a", answers={"onset": trap})) is not None


def test_sealed_words_are_on_no_paper() -> None:
    told = read(made(full(), "eu-sue-form-a", opened={}))
    assert "Her face burned" not in told
    assert words("en")["sealed"] in told
