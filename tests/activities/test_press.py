"""The publisher brings out approved bytes and nothing else; templates render in both languages."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from jinja2 import Environment, meta
from temporalio.exceptions import ApplicationError

from activities.press import HANDED_OVER, PressActivities, approved_text, notice_path
from activities.press_templates import PRESS, SUFFIX, PressTemplates
from domain.envelope import Publication
from domain.errors import BrokenSetup, NotFound
from domain.people import PERFORMER
from domain.press_contract import Value, ValueKind
from domain.statement_lookup import lint
from domain.statement_text import DRILL_LINE, Rendition
from domain.values import PublicText
from domain.wording import Severity
from storage import outbox, publications
from storage.database import Database
from storage.engine import write
from storage.ledger import record
from storage.schema import publications as publications_table
from storage.streams import entry_row
from tests.database import database, postgres
from tests.domain.story import CRITICAL, Story
from tests.domain.texts import (
    AUTHOR,
    PR_LEAD,
    approved,
    draft,
    handed_in,
    now,
    placed,
    publish,
    revised,
    text,
)
from tests.storage.streams import fold, new_incident

__all__ = ["database", "postgres"]

TEMPLATES = PressTemplates()
KINDS = (
    "trade_hold holding staff recall_notice consumer_message consignee_letter apology update qa"
    " closing correction retraction".split()
)
EACH = [(kind, language) for kind in KINDS for language in ("zh-CN", "en")]


# ---------------------------------------------------------------- the publisher


@pytest.fixture
def story() -> Story:
    """A serious incident with an approved statement S1 in Chinese and English."""
    told = Story()
    told.accepted()
    handed_in(told, draft("holding", text(), text("en"), markets=("CN", "US")))
    approved(told)
    return told


def recorded(database: Database, story: Story) -> PressActivities:
    """Put the story's entries into the ledger."""
    number = new_incident(database.ledger)
    assert number == story.incident.id
    rows = [entry_row(leaf) for leaf in story.leaves]
    record(database.ledger, number, 1, rows, [], fold)
    return PressActivities(database.ledger, database.bulk)


def order(story: Story, place: str = "site", **changes: Any) -> Publication:
    statement = now(story)
    publication = Publication(
        effect_key=f"k:{place}",
        incident=story.incident.id,
        statement="S1",
        version=statement.version,
        sha256=statement.sha256,
        place=place,
        entry=statement.entry,
    )
    return replace(publication, **changes)


def test_the_approved_bytes_stand_at_the_site_and_are_read_back(
    database: Database, story: Story
) -> None:
    press = recorded(database, story)
    press.publish_statement(order(story))
    back = press.read_back_statement(order(story))
    assert back.read_back == now(story).sha256
    assert back.link == notice_path(story.incident.id, "S1") == "/recalls/INC-2026-0001-S1"
    (stands,) = publications.list_texts(database.ledger)
    document = json.loads(stands.content)
    assert [each["language"] for each in document["texts"]] == ["zh-CN", "en"]
    assert "facts" not in document  # their hash only: not every fact is for the public


def test_what_the_publisher_reads_back_makes_it_published(database: Database, story: Story) -> None:
    press = recorded(database, story)
    story.did(PR_LEAD, publish(now(story), "site"))
    press.publish_statement(order(story))
    back = press.read_back_statement(order(story))
    story.did(PERFORMER, placed(now(story), "site", read_back=back.read_back))
    assert now(story).status == "published"


def test_publishing_again_changes_nothing(database: Database, story: Story) -> None:
    press = recorded(database, story)
    first = press.publish_statement(order(story))
    assert press.publish_statement(order(story, effect_key="another")) == first
    assert len(publications.list_texts(database.ledger)) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"sha256": "0" * 64}, "bytes_differ"),
        ({"version": 2}, "not_found"),
        ({"statement": "S2"}, "not_found"),
        ({"entry": 1}, "not_found"),
        ({"entry": 9999}, "not_found"),
    ],
    ids=["hash", "version", "statement", "entry", "no entry"],
)
@pytest.mark.parametrize("place", ["site", "press"])
def test_anything_but_the_approved_bytes_is_refused_for_good(
    database: Database, story: Story, changes: dict[str, Any], code: str, place: str
) -> None:
    press = recorded(database, story)
    with pytest.raises(ApplicationError) as refusal:
        press.publish_statement(order(story, place, **changes))
    assert (refusal.value.type, refusal.value.non_retryable) == (code, True)
    assert publications.list_texts(database.ledger) == []
    assert outbox.list_messages(database.bulk) == []


def test_another_version_cannot_borrow_the_approval_of_this_one(
    database: Database, story: Story
) -> None:
    before = order(story)
    story.did(AUTHOR, revised(now(story), text(body="改过的文本。")))
    recorded(database, story)
    assert approved_text(database.ledger, before).version == 1
    with pytest.raises(NotFound):
        approved_text(database.ledger, replace(before, entry=now(story).entry))


def test_what_somebody_did_to_the_page_is_read_back(database: Database, story: Story) -> None:
    press = recorded(database, story)
    press.publish_statement(order(story))
    with write(database.ledger) as connection:
        connection.execute(sa.update(publications_table).values(content=b"{}"))
    assert press.read_back_statement(order(story)).read_back != now(story).sha256


def test_a_page_that_is_not_there_is_said_so(database: Database, story: Story) -> None:
    press = recorded(database, story)
    with pytest.raises(ApplicationError) as refusal:
        press.read_back_statement(order(story))
    assert refusal.value.type == "not_found"


@pytest.mark.parametrize("drill", ["", "exercise"])
def test_other_places_get_the_exact_words_laid_ready_for_people(
    database: Database, story: Story, drill: str
) -> None:
    press = recorded(database, story)
    stands = press.publish_statement(order(story, "press", drill=drill))
    press.publish_statement(order(story, "press", drill=drill))
    assert (stands.link, stands.read_back) == ("", "")
    messages = {each.language: each for each in outbox.list_messages(database.bulk)}
    assert set(messages) == {"zh-CN", "en"}
    for each in now(story).texts:
        message = messages[each.language]
        assert (message.audience, message.channel) == (HANDED_OVER, "press")
        mark = f"{DRILL_LINE}\n" if drill else ""
        assert message.body == f"{mark}{each.body}"
        assert message.subject.endswith(each.title)
        assert message.subject.startswith(DRILL_LINE) is bool(drill)


def test_a_drills_text_is_never_on_the_public_list(database: Database, story: Story) -> None:
    press = recorded(database, story)
    press.publish_statement(order(story, drill="exercise"))
    assert publications.list_texts(database.ledger) == []


# ---------------------------------------------------------------- templates


def values(kind: str, language: str, *, optional: bool = False) -> dict[str, Value]:
    contract, catalogue = TEMPLATES.contract(kind), TEMPLATES.catalogue()
    names = contract.names if optional else contract.needs
    return {name: catalogue.variable(name).example(language) for name in names}


def test_every_kind_has_its_templates() -> None:
    assert set(TEMPLATES.kinds()) == set(KINDS)
    for kind in KINDS:
        assert TEMPLATES.languages(kind) == ("en", "zh-CN")


@pytest.mark.parametrize(("kind", "language"), EACH)
@pytest.mark.parametrize("optional", [False, True], ids=["needed", "all"])
def test_every_template_renders_with_the_examples(
    kind: str, language: str, *, optional: bool
) -> None:
    rendered = TEMPLATES.render(kind, language, values(kind, language, optional=optional))
    assert 0 < len(rendered.title) <= 200
    assert "{{" not in rendered.body
    assert "\n\n\n" not in rendered.body
    assert not any(line != line.rstrip() for line in rendered.body.splitlines()), rendered.body
    for name, value in values(kind, language, optional=optional).items():
        told = value if isinstance(value, str) else value[0]
        assert told in f"{rendered.title}\n{rendered.body}", name


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_use_exactly_what_the_contract_names(kind: str) -> None:
    names = set(TEMPLATES.contract(kind).names)
    for language in TEMPLATES.languages(kind):
        source = (PRESS / kind / f"{language}{SUFFIX}").read_text(encoding="utf-8")
        parsed = Environment(autoescape=True).parse(source)
        assert meta.find_undeclared_variables(parsed) == names, language


@pytest.mark.parametrize(("kind", "language"), EACH)
@pytest.mark.parametrize("market", ["home", "EU", "US"])
def test_the_templates_pass_the_wording_rules_of_every_market(
    kind: str, language: str, market: str
) -> None:
    story = Story()
    story.accepted(CRITICAL)
    rendered = TEMPLATES.render(kind, language, values(kind, language))
    made = Rendition(
        language=language, title=PublicText(rendered.title), body=PublicText(rendered.body)
    )
    markets = {"home": ("CN",), "EU": ("IE",), "US": ("US",)}[market]
    found = lint(story.incident, kind, markets, (made,))
    assert [(f.rule, f.matched) for f in found] == []


def test_the_authority_is_named_only_if_it_was_told() -> None:
    story = Story()
    story.accepted(CRITICAL)
    rendered = TEMPLATES.render(
        "recall_notice", "zh-CN", values("recall_notice", "zh-CN", optional=True)
    )
    made = Rendition(language="zh-CN", title=PublicText("t"), body=PublicText(rendered.body))
    (found,) = lint(story.incident, "recall_notice", ("CN",), (made,))
    assert (found.rule, found.severity) == ("cn-authority-told", Severity.WARN)


@pytest.mark.parametrize(("kind", "language"), EACH)
def test_a_missing_variable_is_named_with_template_and_line(kind: str, language: str) -> None:
    missing = TEMPLATES.contract(kind).needs[-1]
    given = {name: value for name, value in values(kind, language).items() if name != missing}
    with pytest.raises(BrokenSetup) as fault:
        TEMPLATES.render(kind, language, given)
    lines = (PRESS / kind / f"{language}{SUFFIX}").read_text(encoding="utf-8").splitlines()
    assert f"Template {kind}/{language}{SUFFIX}, line " in fault.value.sentence
    assert f"the variable '{missing}' has no value" in fault.value.sentence
    number = int(fault.value.sentence.split("line ")[1].split(":")[0])
    assert missing in lines[number - 1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_gap_stands_where_nobody_knows_and_the_rules_block_it(kind: str) -> None:
    story = Story()
    story.accepted(CRITICAL)
    for language in ("zh-CN", "en"):
        gaps = {v.name: v.gap(language) for v in TEMPLATES.variables(kind)}
        rendered = TEMPLATES.render(kind, language, gaps)
        made = Rendition(language=language, title=PublicText("t"), body=PublicText(rendered.body))
        rules = {f.rule for f in lint(story.incident, kind, ("CN", "US"), (made,))}
        assert "gap" in rules


@pytest.mark.parametrize(
    "hostile",
    ["{{ 7 * 7 }}", "{% for x in range(9) %}x{% endfor %}", "<script>alert(1)</script>"],
)
def test_what_people_type_is_never_a_template(hostile: str) -> None:
    rendered = TEMPLATES.render("holding", "en", {**values("holding", "en"), "heard": hostile})
    assert hostile in rendered.body


def test_templates_cannot_reach_out_of_their_room(tmp_path: Path) -> None:
    folder = tmp_path / "holding"
    folder.mkdir()
    (tmp_path / "variables.toml").write_text((PRESS / "variables.toml").read_text("utf-8"), "utf-8")
    (folder / "contract.toml").write_text(
        'kind = "holding"\nneeds = ["company"]\nelements = ["x"]\n'
    )
    source = folder / f"en{SUFFIX}"
    for attack in (
        "t\n{{ company.__class__.__mro__ }}",
        "t\n{{ lots.append('x') }}",
        "t\n{{ ''.__class__ }}",
    ):
        source.write_text(attack)
        with pytest.raises(BrokenSetup) as fault:
            PressTemplates(tmp_path).render("holding", "en", {"company": "C", "lots": ("a",)})
        assert "line 2" in fault.value.sentence


def test_a_wrong_template_is_told_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "holding"
    folder.mkdir()
    (tmp_path / "variables.toml").write_text((PRESS / "variables.toml").read_text("utf-8"), "utf-8")
    (folder / "contract.toml").write_text(
        'kind = "holding"\nneeds = ["company"]\nelements = ["x"]\n'
    )
    (folder / f"en{SUFFIX}").write_text("t\n\n{% if company %}")
    with pytest.raises(BrokenSetup, match=r"holding/en\.txt\.j2, line 3"):
        PressTemplates(tmp_path).render("holding", "en", {"company": "C"})


def test_what_has_no_template_is_said_so() -> None:
    with pytest.raises(NotFound, match="no template for 'poem'"):
        TEMPLATES.render("poem", "en", {})
    with pytest.raises(NotFound, match="'fr' template"):
        TEMPLATES.render("holding", "fr", {})


@pytest.mark.parametrize(
    ("contract", "sentence"),
    [
        ('kind = "poem"\nneeds = []\nelements = []', "no text called 'poem'"),
        ('kind = "holding"\nneeds = ["moon"]\nelements = []', "has no 'moon'"),
        ('kind = "holding"\nneeds = ["lots"]\noptional = ["lots"]\nelements = []', "optional too"),
        ("kind = ", "cannot be read"),
    ],
    ids=["kind", "variable", "both", "toml"],
)
def test_a_wrong_contract_is_refused(tmp_path: Path, contract: str, sentence: str) -> None:
    folder = tmp_path / "holding"
    folder.mkdir()
    (tmp_path / "variables.toml").write_text((PRESS / "variables.toml").read_text("utf-8"), "utf-8")
    (folder / "contract.toml").write_text(contract)
    with pytest.raises(BrokenSetup, match=sentence):
        PressTemplates(tmp_path).contract("holding")


def test_the_variables_are_described_for_people() -> None:
    for variable in TEMPLATES.catalogue().variables:
        assert variable.meaning("en") != variable.meaning("zh-CN")
        if variable.kind is ValueKind.LIST:
            assert isinstance(variable.example("en"), tuple)
    assert TEMPLATES.variables("holding")[0].name == "product"
