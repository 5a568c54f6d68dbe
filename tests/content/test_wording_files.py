"""The table of wording rules: valid by the schema beside it, and the schema is the code's."""

import json
import tomllib
from pathlib import Path

import jsonschema_rs

from domain.wording import read_wording, wording_document, wording_schema

FOLDER = Path(__file__).parents[2] / "plan" / "wording"


def test_the_table_is_valid_by_the_schema_beside_it_and_comes_back_the_same() -> None:
    document = tomllib.loads((FOLDER / "first.toml").read_text(encoding="utf-8"))
    schema = json.loads((FOLDER / "wording.schema.json").read_text(encoding="utf-8"))
    assert list(jsonschema_rs.validator_for(schema).iter_errors(document)) == []
    assert schema == wording_schema()
    read = read_wording(document)
    assert read_wording(wording_document(read)) == read
