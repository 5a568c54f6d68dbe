"""The forms of templates/filings: valid, in every language they need, honest about what was seen."""

import json
import tomllib
from typing import Any

import jsonschema_rs
import pytest

from activities.filing_forms import FILINGS, FORM, form, form_ids, words
from domain.errors import BrokenSetup
from domain.filing_forms import GENERIC, OURS, FormSource, form_schema, read_form
from domain.packets import BY_ROOM, FINDERS
from tests.content.test_regulation_files import RULES
from tests.domain.story import rules

SCHEMA = FILINGS / "form.schema.json"


def document(name: str) -> dict[str, Any]:
    return tomllib.loads((FILINGS / name / FORM).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", form_ids())
def test_the_form_is_valid_by_the_schema_beside_it(name: str) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert [str(error) for error in validator.iter_errors(document(name))] == []
    assert form(name).id == name


def test_the_schema_is_the_one_of_the_types() -> None:
    expected = json.dumps(form_schema(), indent=2, ensure_ascii=False) + "\n"
    assert SCHEMA.read_text(encoding="utf-8") == expected, "write form.schema.json again"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_names_a_form_that_is_there(rule: str) -> None:
    assert RULES[rule].form in form_ids()


@pytest.mark.parametrize("name", form_ids())
def test_no_form_pretends_to_be_the_official_one(name: str) -> None:
    assert not form(name).official_seen
    assert form(name).source
    assert form(name).citation


@pytest.mark.parametrize("name", form_ids())
def test_it_asks_for_kinds_of_texts_that_there_are(name: str) -> None:
    used = form(name)
    asked = {kind for one in used.fields for kind in one.kinds} | {used.text} - {None}
    assert asked <= set(rules().plan.statements)


def test_every_source_has_a_finder_and_a_way_to_supply_it() -> None:
    alone = {FormSource.PERSON, FormSource.FACT, FormSource.TEXTS}
    assert set(FINDERS) == set(FormSource) - alone
    rooms = {one.partition(".")[0] for one in FormSource} - {"report", "duty", "fact"}
    assert rooms <= set(BY_ROOM)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "ja", "ko", "en", "de"])
def test_the_words_around_a_report_are_there_in_every_language(language: str) -> None:
    told = words(language)
    assert set(told) == set(words("en"))
    if language not in ("en", "de"):
        assert all(told[name] != words("en")[name] for name in told if name != "typed")


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a language without a label": ({"languages": ["ja"]}, "Write it in ja as well"),
    "no language": ({"languages": []}, "which language the authority reads"),
    "an id": ({"id": "Generic Form"}, "is no id"),
    "seen and not verified": ({"official_seen": True}, "A form that was seen is verified"),
    "a source": (
        {"sections": [{"title": {"en": "A", "zh-CN": "甲"}, "fields": [
            {"key": "a", "source": "moon", "label": {"en": "A", "zh-CN": "甲"}}]}]},
        "is not known here",
    ),
    "the same key twice": (
        {"sections": [{"title": {"en": "A", "zh-CN": "甲"}, "fields": [
            {"key": "a", "source": "person", "label": {"en": "A", "zh-CN": "甲"}},
            {"key": "a", "source": "person", "label": {"en": "A", "zh-CN": "甲"}}]}]},
        "stands here twice",
    ),
    "a fact without its key": (
        {"sections": [{"title": {"en": "A", "zh-CN": "甲"}, "fields": [
            {"key": "a", "source": "fact", "label": {"en": "A", "zh-CN": "甲"}}]}]},
        "A fact is named",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_form_is_told(change: dict[str, Any], told: str) -> None:
    with pytest.raises(BrokenSetup, match=told):
        read_form({**document(GENERIC), **change})


def test_our_people_read_every_form() -> None:
    for name in form_ids():
        assert all(set(OURS) <= set(one.label) for one in form(name).fields)
