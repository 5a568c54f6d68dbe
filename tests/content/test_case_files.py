"""The case files of the plan folder: valid by their schema, read by the code, told in two languages."""

import copy
import json
import re
import tomllib
from typing import Any

import jsonschema_rs
import pytest

from cli.drill import CASES, demo_cases, read_case
from domain.case_file import case_schema
from domain.case_reading import read_case_file
from domain.errors import BrokenSetup

SCHEMA = CASES / "case.schema.json"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMES = [path.stem for path in demo_cases()]


def document(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))


def as_json(plain: object) -> Any:
    return json.loads(json.dumps(plain, default=lambda at: at.isoformat()))


def test_there_are_four() -> None:
    assert NAMES == ["cluster-invented", "jj-sunscreen-2021", "nmpa-sampling", "rumour"]


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_valid_by_the_schema_beside_it(name: str) -> None:
    validator = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [str(error) for error in validator.iter_errors(as_json(document(name)))] == []


def test_the_schema_is_the_one_of_the_types() -> None:
    expected = json.dumps(case_schema(), indent=2, ensure_ascii=False) + "\n"
    assert SCHEMA.read_text(encoding="utf-8") == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_case_can_be_read_and_says_everything_twice(name: str) -> None:
    case = read_case(CASES / f"{name}.toml")
    assert case.id == name
    texts = [(case.title_en, case.title_zh), (case.about_en, case.about_zh)]
    texts += [(case.report_note_en, case.report_note_zh)]
    texts += [(step.note_en, step.note_zh) for step in case.steps]
    assert [en for en, zh in texts if not en or not CHINESE.search(zh)] == []


@pytest.mark.parametrize("name", NAMES)
def test_only_a_real_case_marks_what_is_public(name: str) -> None:
    case = read_case(CASES / f"{name}.toml")
    assert case.invented != any(step.public for step in case.steps)
    assert case.invented or case.sources


WRONG = {
    "a member of nothing": ({"body": {"why": "$each"}}, "steps.0.body: $each needs `each`, `rows` or `by_each`."),
    "each and rows": ({"each": "$notice.open_duties", "rows": [{}]}, "steps.0: Give one of"),
    "every without an end": ({"every": "1 d"}, "steps.0.every: Say `until` when"),
    "an end without every": ({"until": "3 d"}, "steps.0.until: Say how often"),
    "every nothing": ({"every": "0 d", "until": "3 d"}, "steps.0.every: A step comes again after some time."),
    "nobody": ({"by": None}, "steps.0.by: Say which role does it."),
    "two who": ({"by_each": ["legal"]}, "steps.0.by_each: Give `by` or `by_each`, not both."),
    "a machine": ({"by": "clock"}, "steps.0.by: The clock and the performers act by themselves."),
    "a stranger": ({"person": "nobody"}, "steps.0.person: 'nobody' is not among the people."),
    "an item too many": ({"item": "S1"}, "steps.0.item: acknowledge_report has no item"),
    "an item too few": ({"do": "sign_act"}, "steps.0.item: sign_act needs an item (act)."),
    "a report": ({"do": "report_problem"}, "steps.0.do: The first report stands in [report]"),
    "a look that acts": ({"do": "wait"}, "steps.0: Nobody acts in a step that only looks"),
    "a file that is not there": ({"do": "collect_evidence", "by": "quality", "body": {"evidence": "$file.photo"}}, "steps.0.body.evidence: There is no file 'photo'."),
    "no moment": ({"body": {"at": "$now + soon"}}, "write it like $now, '$now - 20 min' or '$today + 30 d'"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_fit_together_is_told_by_its_path(
    change: dict[str, Any], sentence: str
) -> None:
    broken = copy.deepcopy(document("rumour"))
    step = {**broken["steps"][0], **change}
    broken["steps"][0] = {key: value for key, value in step.items() if value is not None}
    with pytest.raises(BrokenSetup) as refusal:
        read_case_file(broken)
    assert sentence in refusal.value.sentence
