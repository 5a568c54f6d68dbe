"""A published text on paper: every word as it was approved, the same bytes for the same paper."""

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import typst

from activities import press_pdf
from activities.press_pdf import TEMPLATE, Paper, pdf_of, told

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CODE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9H0z"/></svg>'
PAPER = Paper(
    language="en",
    title="Recall of Day Cream",
    body="Stop using it.\n\nWhat to do:\n- Keep the pack.\n- Call us.",
    company="Limai Cosmetics",
    kind="Recall notice",
    reference="INC-2026-0001-S3 · version 2",
    published_at=AT,
    lines=(("Published", "2 March 2026"), ("Applies to", "China")),
    checked=("SHA-256", "3f" * 32),
    address="https://recall.example.com/recalls/INC-2026-0001-S3",
    code=CODE,
)

TRAPS = {
    "code": '#let x = 1; #read("/etc/passwd") #sys.inputs #{panic()}',
    "formula": "costs $5 and $a^2$ more",
    "reference": "@nobody <label> and mail@example.com",
    "emphasis": "*bold* _italic_ `raw` ~ -- --- ... 'quoted' \"quoted\"",
    "backslash": "\\n \\u{41} \\\\ C:\\new",
    "comment": "// not seen /* nor this */ https://example.com",
    "heading": "= Heading",
    "list": "+ first / term: what",
    "bracket": "] } ) [ { ( #]",
    "json": '", "title": "other", "x": "',
    "markup": "</p><script>alert(1)</script>&amp;",
    "braces": "{{lots}} {% raw %} %(n)s {0}",
}  # fmt: skip

WORDS = {
    "zh-CN": "丽美即日起召回日霜，批号A2602。请立即停止使用，并保留包装：“直、刃、骨”？！",
    "zh-TW": "即日起召回日霜，請立即停止使用並保留包裝。",
    "en": "We are sorry – please call us: “today”, 50 % off… £ € ½ ™",
    "de": "Größe, Füße, Ärger, Öl, Übel: „bitte nicht benutzen“ § 5",
    "fr": "L’œuvre : cessez d’utiliser « Crème », à l’été, où ça, Noël, 1 234 €",
    "es": "¿Está afectado? ¡Sí! Señal, corazón, pingüino, n.º 5",
    "it": "È così: perché, già, più, l’Italia, «Lotto» 1º marzo",
    "ja": "ロット番号A2602の製品を回収いたします。直ちに使用を中止してください（ヴァ・ヶ月・髙）。",
    "ko": "제조번호 A2602 제품을 회수합니다. 사용을 중지하고 포장을 보관해 주세요. 뷁 똠방각하",
    "pl": "Proszę zaprzestać używania: zażółć gęślą jaźń, ŁÓDŹ",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy",
    "el": "Παρακαλούμε σταματήστε τη χρήση – Ωμέγα, ά έ ή",
    "bg": "Моля, спрете употребата",
}


def read(paper: Paper) -> str:
    """Give all words of a paper, set by the same template as a page of HTML."""
    fonts, root, words = press_pdf.fonts(), TEMPLATE.parent, told(paper)
    page = typst.compile(
        TEMPLATE, root=root, font_paths=fonts, format="html", sys_inputs=words
    ).decode()
    body = re.sub(r"<[^>]*>", "", page.partition("<body>")[2])
    lines = typst.query(  # what stands in columns is left out of HTML
        TEMPLATE, "<said>", field="value", root=root, font_paths=fonts, sys_inputs=words
    )
    return html.unescape(body) + "".join(json.loads(lines))


def one_line(text: str) -> str:
    """Give a text without its breaks."""
    return "".join(text.split())


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
@pytest.mark.parametrize("where", ["title", "body", "company", "notes", "lines"])
def test_words_are_set_as_they_are(trap: str, where: str) -> None:
    planted: dict[str, object] = {"notes": (trap,), "lines": ((trap, trap),)}
    paper = replace(PAPER, **{where: planted.get(where, trap)})  # type: ignore[arg-type]
    made = pdf_of(paper)
    assert made is not None
    assert made.startswith(b"%PDF-1.7")
    assert one_line(trap) in one_line(read(paper))


@pytest.mark.parametrize(("language", "words"), WORDS.items(), ids=WORDS)
def test_every_character_of_a_language_is_there(language: str, words: str) -> None:
    paper = replace(PAPER, language=language, title=words, body=words, company=words)
    made = pdf_of(paper)  # the standard refuses a character that no font has
    assert made is not None
    assert f"/Lang({language})".encode() in made
    assert one_line(words) in one_line(read(paper))


@pytest.mark.parametrize(
    "words",
    ["ไทย", "Sorry 😀", "\uffff", "Cream \ue000", "e" + "\u0301" * 20_000, "𝐀" * 20_000],
    ids=["Thai", "an emoji", "no character", "no meaning", "marks", "it panics"],
)
def test_what_cannot_be_set_is_never_a_box(words: str) -> None:
    assert pdf_of(replace(PAPER, body=words)) is None


@pytest.mark.parametrize("language", ["en", "zh-CN", "pl"])
def test_scripts_may_alternate_as_often_as_they_like(language: str) -> None:
    words = ", ".join(f"面霜 A{number:04}" for number in range(1200)) + "x" * 30_000
    paper = replace(PAPER, language=language, body=words)
    assert pdf_of(paper) is not None
    assert one_line(words) in one_line(read(paper)).replace("\u200b", "")


def test_another_fault_of_the_template_is_not_taken_for_a_missing_font() -> None:
    with pytest.raises(typst.TypstError):
        pdf_of(replace(PAPER, code="<svg"))


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert pdf_of(PAPER) == pdf_of(replace(PAPER))
    assert pdf_of(PAPER) != pdf_of(replace(PAPER, notes=("Taken back",)))


def test_it_says_what_it_is_to_machines() -> None:
    made = pdf_of(PAPER) or b""
    for said in (
        b"/Title(Recall of Day Cream)", b"CreationDate(D:20260302093000Z)", b"/Lang(en)",
        b"pdfaid:part>2", b"pdfuaid:part>1", b"/StructTreeRoot",
    ):  # fmt: skip
        assert said in made, said


def test_paragraphs_lines_and_points_are_kept() -> None:
    seen = read(PAPER)
    order = ["Recall of Day Cream", "Stop using it.", "What to do:", "Keep the pack.", "Call us."]
    assert [seen.index(each) for each in order] == sorted(seen.index(each) for each in order)


def test_headings_and_links_are_real_ones() -> None:
    body = "Sorry.\n\nHow to reach us\nhttps://example.com or a@example.com\n400 820 1234\n\nUs"
    made = pdf_of(replace(PAPER, body=body, numbers=("400 820 1234",))) or b""
    for href in (b"(https://example.com)", b"(mailto:a@example.com)", b"(tel:4008201234)"):
        assert b"/URI" + href in made.replace(b"/URI ", b"/URI"), href
    assert b"/S/H2" in made.replace(b"/S ", b"/S")
    assert one_line(body) in one_line(read(replace(PAPER, body=body)))


@pytest.mark.parametrize(
    "body",
    [
        "word " * 4000,
        "W" * 20_000,
        "无" * 20_000,
        "\n" * 20_000 + "x",
        "- \n" * 6000,
        "# $ @ " * 3400,
        "\0\x01\u202e" * 6000,
    ],
    ids=["words", "no break", "Chinese", "empty lines", "bare points", "signs", "controls"],
)
def test_twenty_thousand_characters_stay_on_their_pages(body: str) -> None:
    paper = replace(PAPER, body=body, title="T" * 200)
    made = pdf_of(paper) or b""
    pages = max(int(n) for n in re.findall(rb"/Count (\d+)", made))
    assert 1 <= pages <= 150
    longest = max(re.findall(r"[!-~]+", body), key=len, default="")
    assert len(longest) < 48 or pages >= 5, "it broke, and did not run out of the page"


def test_a_paper_without_an_address_has_no_code() -> None:
    made = pdf_of(replace(PAPER, address="", code=""))
    assert made is not None
    assert len(made) < len(pdf_of(PAPER) or b"")


@pytest.mark.parametrize(
    "last", ["Qinglan Cosmetics", "Words. " * 150, "- a\n- b"], ids=["a name", "long", "points"]
)
def test_no_page_holds_only_what_stands_below_the_words(last: str) -> None:
    fonts, root = press_pdf.fonts(), TEMPLATE.parent
    seen = set()
    for lines in range(4, 34, 2):
        paper = replace(PAPER, body="\n\n".join([*["Stop using it."] * lines, last]))
        pages = typst.query(
            TEMPLATE,
            "<stands-on>",
            field="value",
            root=root,
            font_paths=fonts,
            sys_inputs=told(paper),
        )
        words_end, below = json.loads(pages)
        assert words_end == below, lines
        seen.add(below)
    assert seen == {1, 2}
