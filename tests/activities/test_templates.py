"""Templates of public texts: whole in every language, the same facts in each, shut in their room."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, meta, nodes

from activities.press_templates import CONTRACT, PRESS, SUFFIX, PressTemplates, RenderedText
from domain.errors import BrokenSetup, NotFound, Refused
from domain.fact_values import SEVERAL, Value
from domain.plan_terms import STATEMENT_KINDS
from domain.statement_lookup import lint
from domain.statement_text import Rendition
from domain.values import PublicText
from domain.wording import Finding, Severity
from tests.domain.story import CRITICAL, Story

TEMPLATES = PressTemplates()
CHINESE_AND_ENGLISH = {"en", "zh-CN"}
EIGHT = {"de", "en", "es", "fr", "it", "ja", "ko", "zh-CN"}
IN_EIGHT = {"holding", "recall_notice", "consumer_message", "correction"}
FORMS = [(kind, form) for kind in TEMPLATES.kinds() for form in ("", *TEMPLATES.forms(kind))]
EACH = [(*one, language) for one in FORMS for language in TEMPLATES.languages(*one)]
MARKETS = {"": ("CN", "IE", "US"), "CN": ("CN",), "EU": ("IE",), "US": ("US",)}
"""Where a text of a form is read; the general one everywhere, for the languages that it has."""


def values(kind: str, form: str, language: str, *, optional: bool = False) -> dict[str, Value]:
    """Give the examples for all that a text needs, and for what it may leave out."""
    contract, catalogue = TEMPLATES.contract(kind, form), TEMPLATES.catalogue()
    names = contract.names if optional else contract.needs
    return {name: catalogue.variable(name).example(language) for name in names}


def rendered_with(kind: str, form: str, language: str, **changes: Value) -> RenderedText:
    """Render a text with its examples, some of them changed."""
    given = {**values(kind, form, language), **changes}
    return TEMPLATES.render(kind, language, given, form=form, final=True)


def found_in(
    kind: str, language: str, text: RenderedText, markets: Iterable[str]
) -> tuple[Finding, ...]:
    """Lint a rendered text in an incident of the gravest kind, with somebody hurt."""
    made = Rendition(language=language, title=PublicText(text.title), body=PublicText(text.body))
    return lint(gravest().incident, kind, tuple(markets), (made,))


@cache
def gravest() -> Story:
    """Tell an incident of the gravest kind."""
    story = Story()
    story.accepted(CRITICAL)
    return story


# ---------------------------------------------------------------- what there is


def test_every_kind_of_text_has_a_template_in_chinese_and_english() -> None:
    assert set(TEMPLATES.kinds()) == set(STATEMENT_KINDS)
    for kind, form in FORMS:
        assert set(TEMPLATES.languages(kind, form)) >= CHINESE_AND_ENGLISH, (kind, form)


@pytest.mark.parametrize("kind", sorted(IN_EIGHT))
def test_what_the_public_reads_first_is_there_in_eight_languages(kind: str) -> None:
    assert set(TEMPLATES.languages(kind)) == EIGHT


@pytest.mark.parametrize(
    ("form", "languages"),
    [
        ("CN", {"en", "zh-CN"}),
        ("EU", {"de", "en", "es", "fr", "it", "zh-CN"}),
        ("US", {"en", "es", "zh-CN"}),
    ],
)
def test_a_recall_notice_has_the_form_of_its_market(form: str, languages: set[str]) -> None:
    assert set(TEMPLATES.languages("recall_notice", form)) == languages
    assert TEMPLATES.contract("recall_notice", form).market == form


@pytest.mark.parametrize(
    ("markets", "form"),
    [
        (("CN",), "CN"),
        (("DE",), "EU"),
        (("DE", "FR", "IE"), "EU"),
        (("US",), "US"),
        (("CN", "US"), ""),
        (("GB",), ""),
        ((), ""),
    ],
)
def test_the_form_follows_the_markets(markets: tuple[str, ...], form: str) -> None:
    assert TEMPLATES.form_for("recall_notice", markets) == form
    assert TEMPLATES.form_for("holding", markets) == ""


# ---------------------------------------------------------------- the same in every language


@pytest.mark.parametrize(("kind", "form", "language"), EACH)
def test_every_language_tells_the_same_facts_in_the_same_paragraphs(
    kind: str, form: str, language: str
) -> None:
    assert told_by(kind, form, language) == told_by(kind, form, "en")
    assert tuple(told_by(kind, form, language)) == TEMPLATES.contract(kind, form).paragraphs


@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_a_contract_names_exactly_what_its_text_tells(kind: str, form: str) -> None:
    contract = TEMPLATES.contract(kind, form)
    told: set[str] = set().union(*told_by(kind, form, "en").values())
    assert told == set(contract.names)
    elements = {paragraph for element in contract.elements for paragraph in element.paragraphs}
    assert elements <= set(contract.paragraphs)
    for element in contract.elements:
        there = set().union(*(told_by(kind, form, "en")[name] for name in element.paragraphs))
        assert there >= set(element.needs), element.id


def told_by(kind: str, form: str, language: str) -> dict[str, set[str]]:
    """Read from a template which variables stand in which paragraph."""
    path = PRESS / kind / form / f"{language}{SUFFIX}"
    room = Environment(autoescape=True)
    parsed = room.parse(path.read_text(encoding="utf-8"))
    outside = [n for n in parsed.body if not isinstance(n, nodes.Block)]
    assert not any(isinstance(n, nodes.Output) and _says(n) for n in outside), path
    found = {}
    for block in parsed.find_all(nodes.Block):
        alone = nodes.Template(block.body, lineno=1)
        alone.set_environment(room)
        found[block.name] = meta.find_undeclared_variables(alone)
    return found


def _says(output: nodes.Output) -> bool:
    return any(not isinstance(n, nodes.TemplateData) or n.data.strip() for n in output.nodes)


# ---------------------------------------------------------------- rendered


@pytest.mark.parametrize(("kind", "form", "language"), EACH)
@pytest.mark.parametrize("optional", [False, True], ids=["needed", "all"])
def test_every_template_renders_with_the_examples(
    kind: str, form: str, language: str, *, optional: bool
) -> None:
    given = values(kind, form, language, optional=optional)
    text = TEMPLATES.render(kind, language, given, form=form, final=True)
    whole = f"{text.title}\n{text.body}"
    assert 0 < len(text.title) <= 200
    assert "{{" not in whole
    assert "\n\n\n" not in whole
    assert not any(line != line.rstrip() for line in whole.splitlines()), whole
    for name, value in given.items():
        first = value[0] if isinstance(value, tuple) else str(value)
        assert first in whole, name


@pytest.mark.parametrize(("kind", "form", "language"), EACH)
def test_a_good_text_passes_the_wording_rules_of_its_markets(
    kind: str, form: str, language: str
) -> None:
    text = rendered_with(kind, form, language)
    found = found_in(kind, language, text, MARKETS[form])
    assert [(f.rule, f.matched) for f in found if f.severity is Severity.BLOCK] == []


def test_the_authority_is_named_only_if_it_was_told() -> None:
    given = values("recall_notice", "CN", "zh-CN", optional=True)
    text = TEMPLATES.render("recall_notice", "zh-CN", given, form="CN")
    (found,) = found_in("recall_notice", "zh-CN", text, ("CN",))
    assert (found.rule, found.severity) == ("cn-authority-told", Severity.WARN)


# ---------------------------------------------------------------- what is missing


@pytest.mark.parametrize("form", ["", "CN", "EU", "US"])
def test_a_recall_notice_is_not_rendered_without_what_it_must_say(form: str) -> None:
    contract = TEMPLATES.contract("recall_notice", form)
    for element in contract.elements:
        for name in element.needs:
            with pytest.raises(Refused) as refused:
                rendered_with("recall_notice", form, "en", **{name: ""})
            assert element.label_en in refused.value.sentence
            assert name in refused.value.hint
            assert refused.value.code == "elements"


@pytest.mark.parametrize(("kind", "form", "language"), EACH)
def test_a_missing_variable_is_named_with_template_and_line(
    kind: str, form: str, language: str
) -> None:
    missing = TEMPLATES.contract(kind, form).needs[-1]
    given = {n: v for n, v in values(kind, form, language).items() if n != missing}
    with pytest.raises(BrokenSetup) as fault:
        TEMPLATES.render(kind, language, given, form=form)
    path = PRESS / kind / form / f"{language}{SUFFIX}"
    assert f"Template {path.relative_to(PRESS)}, line " in fault.value.sentence
    assert f"the variable '{missing}' has no value" in fault.value.sentence
    number = int(fault.value.sentence.split("line ")[1].split(":")[0])
    assert missing in path.read_text(encoding="utf-8").splitlines()[number - 1]


@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_a_gap_stands_where_nobody_knows_and_the_rules_block_it(kind: str, form: str) -> None:
    for language in sorted(CHINESE_AND_ENGLISH):
        gaps = {v.name: v.gap(language) for v in TEMPLATES.variables(kind, form)}
        text = TEMPLATES.render(kind, language, gaps, form=form)
        assert "gap" in {f.rule for f in found_in(kind, language, text, ("CN", "US"))}


# ---------------------------------------------------------------- hostile and broken


@pytest.mark.parametrize(
    "hostile",
    ["{{ 7 * 7 }}", "{% for x in range(9) %}x{% endfor %}", "<script>alert(1)</script>"],
)
def test_what_people_type_is_never_a_template(hostile: str) -> None:
    assert hostile in rendered_with("holding", "", "en", heard=hostile).body


def room(folder: Path, source: str, contract: str = "") -> PressTemplates:
    """Make a folder with one template; its contract asks for the company alone."""
    (folder / "holding").mkdir()
    usual = 'kind = "holding"\nparagraphs = ["title", "all"]\nneeds = ["company"]\nelements = []\n'
    for name in ("variables.toml", "phrases.toml"):
        (folder / name).write_text((PRESS / name).read_text("utf-8"), "utf-8")
    (folder / "holding" / CONTRACT).write_text(contract or usual, "utf-8")
    (folder / "holding" / f"en{SUFFIX}").write_text(source, "utf-8")
    return PressTemplates(folder)


@pytest.mark.parametrize(
    "attack",
    ["{{ company.__class__.__mro__ }}", "{{ lots.append('x') }}", "{{ ''.__class__ }}"],
)
def test_templates_cannot_reach_out_of_their_room(tmp_path: Path, attack: str) -> None:
    source = f"{{% block title %}}t{{% endblock %}}\n{{% block all %}}{attack}{{% endblock %}}"
    with pytest.raises(BrokenSetup) as fault:
        room(tmp_path, source).render("holding", "en", {"company": "C", "lots": ("a",)})
    assert "line 2" in fault.value.sentence


def test_a_wrong_template_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BrokenSetup, match=r"holding/en\.txt\.j2, line 3"):
        room(tmp_path, "t\n\n{% if company %}").render("holding", "en", {"company": "C"})


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_value_that_ends_its_own_sentence_leaves_one_full_stop(language: str) -> None:
    values = {
        name: TEMPLATES.catalogue().variable(name).example(language)
        for name in TEMPLATES.contract("apology").names
    }
    stop = "。" if language == "zh-CN" else "."
    text = TEMPLATES.render("apology", language, {**values, "for_what": f"what we sold{stop}"})
    assert f"what we sold{stop}" in text.body
    assert 2 * stop not in text.body


def test_what_has_no_template_is_said_so() -> None:
    with pytest.raises(NotFound, match="no template for 'poem'"):
        TEMPLATES.render("poem", "en", {})
    with pytest.raises(NotFound, match="'nl' template"):
        TEMPLATES.render("holding", "nl", {})
    with pytest.raises(NotFound, match="no template for 'holding'"):
        TEMPLATES.render("holding", "en", {}, form="EU")


@pytest.mark.parametrize("kind", ["", "poem", "..", "../public", "holding/../staff", "/etc", "\0"])
def test_what_is_no_kind_has_no_forms_and_no_languages(kind: str) -> None:
    assert TEMPLATES.forms(kind) == ()
    assert TEMPLATES.languages(kind) == ()
    assert TEMPLATES.form_for(kind, ("DE",)) == ""
    assert TEMPLATES.languages("holding", f"../{kind}") == ()


GOOD = 'kind = "holding"\nparagraphs = ["title"]\nneeds = ["lots"]\n'


@pytest.mark.parametrize(
    ("contract", "sentence"),
    [
        (GOOD.replace("holding", "poem") + "elements = []", "no text called 'poem'"),
        (GOOD.replace("lots", "moon") + "elements = []", "has no 'moon'"),
        (GOOD + 'optional = ["lots"]\nelements = []', "optional too"),
        (GOOD.replace("title", "lead") + "elements = []", "Begin with title"),
        (GOOD + 'market = "XX"\nelements = []', "no market 'XX'"),
        (
            GOOD + '[[elements]]\nid = "a"\nlabel_en = "a"\nlabel_zh = "甲"\nparagraphs = ["moon"]',
            "no paragraph 'moon'",
        ),
        (
            GOOD + '[[elements]]\nid = "a"\nlabel_en = "a"\nlabel_zh = "甲"\nparagraphs = ["title"]'
            '\nbasis = "law"',
            "Cite what asks for it",
        ),
        ("kind = ", "cannot be read"),
    ],
    ids=["kind", "variable", "both", "title", "market", "paragraph", "citation", "toml"],
)
def test_a_wrong_contract_is_refused(tmp_path: Path, contract: str, sentence: str) -> None:
    with pytest.raises(BrokenSetup, match=sentence):
        room(tmp_path, "", contract).contract("holding")


# ---------------------------------------------------------------- what people read of it


def test_the_variables_are_described_for_people() -> None:
    for variable in TEMPLATES.catalogue().variables:
        assert variable.meaning("en") != variable.meaning("zh-CN")
        assert isinstance(variable.example("en"), tuple) == (variable.kind in SEVERAL)
    assert TEMPLATES.variables("holding")[0].name == "product"
