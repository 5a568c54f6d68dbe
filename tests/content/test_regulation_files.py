"""The rule files of plan/regulations: valid, sourced, in two languages, and honest about doubt."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from activities.calendars import build_calendar
from domain.clock import due
from domain.regulation_terms import Force
from domain.regulations import (
    OF_COUNTRY,
    RegulationFile,
    Rule,
    read_regulations,
    regulations_schema,
    together,
)
from tests.domain.story import START

FOLDER = Path(__file__).parents[2] / "plan" / "regulations"
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def read(name: str) -> RegulationFile:
    document = tomllib.loads(FILES[name].read_text(encoding="utf-8"))
    return read_regulations(document, what=f"The rule file {name}.toml")


RULES: dict[str, Rule] = {rule.id: rule for name in FILES for rule in read(name).rules}


def as_json(plain: object) -> Any:
    return json.loads(json.dumps(plain, default=date.isoformat))


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_valid_by_the_schema_beside_it(name: str) -> None:
    schema = json.loads((FOLDER / "regulations.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    document = tomllib.loads(FILES[name].read_text(encoding="utf-8"))
    assert [str(error) for error in validator.iter_errors(as_json(document))] == []


def test_the_schema_is_the_one_of_the_types() -> None:
    written = (FOLDER / "regulations.schema.json").read_text(encoding="utf-8")
    expected = json.dumps(regulations_schema(), indent=2, ensure_ascii=False) + "\n"
    assert written == expected, "write regulations.schema.json again"
    jsonschema_rs.meta.validate(json.loads(written))


def test_the_files_fit_together() -> None:
    assert [rule.id for rule in together(map(read, FILES))] == sorted(RULES)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_named_after_its_market(name: str) -> None:
    assert read(name).market == name.upper()
    assert {rule.market for rule in read(name).rules} == {name.upper()}


def texts(row: Any) -> Iterator[tuple[str, str]]:
    """Give every text of a row that names its language."""
    for field in row.__dataclass_fields__:
        value = getattr(row, field)
        if field.endswith(("_en", "_zh")) and value is not None:
            yield from ((field, text) for text in ([value] if isinstance(value, str) else value))


@pytest.mark.parametrize("name", FILES)
def test_every_label_is_in_its_language(name: str) -> None:
    file = read(name)
    found = [
        pair for row in (file, *file.rules, *file.considered, *file.records) for pair in texts(row)
    ]
    assert [p for p in found if p[0].endswith("_zh") and not CHINESE.search(p[1])] == []
    assert [p for p in found if p[0].endswith("_en") and CHINESE.search(p[1])] == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_rule_says_where_it_stands_and_what_was_read(rule: Rule) -> None:
    assert rule.citation
    assert rule.source
    assert rule.instrument
    assert rule.obliged


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_calendar_can_be_built_and_counts_the_limit(rule: Rule) -> None:
    code = "DE" if rule.calendar == OF_COUNTRY else rule.calendar
    calendar = build_calendar(code, (2026, 2027))
    due_at = due(START, rule.limit, calendar, rule.counting).due_at
    assert due_at < START if rule.limit.amount < 0 else due_at >= START


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_number_that_is_no_law_is_not_called_law(rule: Rule) -> None:
    """The 20 days of the EU stand in a guideline; 21 CFR part 7 asks and does not demand."""
    if rule.id.startswith(("EU-COS-23", "US-CFR-7")):
        assert rule.force is not Force.LAW


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_a_rule_without_a_number_gives_the_words_of_the_law(rule: Rule) -> None:
    if rule.is_immediate:
        assert rule.limit_words_en
        assert not re.search(r"\b\d+ (days|hours)\b", rule.limit_words_en)


def test_what_does_not_apply_is_said_with_the_reason() -> None:
    considered = {row.id: row for name in FILES for row in read(name).considered}
    assert all(row.because_en and row.citation for row in considered.values())
    assert not set(considered) & set(RULES)


def test_a_rule_that_nobody_verified_says_what_was_not_read() -> None:
    """What comes from memory, from one source or from another country's text says so."""
    for rule in RULES.values():
        doubt = re.search(
            r"memory|not read|not stated|one (page|secondary)|read once",
            f"{rule.source} {rule.note_en}",
        )
        assert rule.verified or doubt, rule.id


def test_every_rule_says_what_is_told_and_how() -> None:
    assert [rule.id for rule in RULES.values() if not (rule.content_en and rule.channel_en)] == []


def test_the_readme_names_every_field_of_a_row() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for word in ("covers", "repeats", "within", "set_by_authority", "each_country", "verified"):
        assert f"`{word}`" in readme
