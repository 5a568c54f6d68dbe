"""The map of personal data names every table there is, and no other."""

import re
from pathlib import Path

import pytest

from storage.schema import BULK, LEDGER

ROOT = Path(__file__).parents[2]
MAP = (ROOT / "docs" / "reference" / "personal-data.md").read_text(encoding="utf-8")


def tables_of_the_map() -> set[str]:
    """Give the tables that the map lists."""
    part = MAP.partition("## Tables")[2].partition("\n## ")[0]
    first = [line.split("|")[1] for line in part.splitlines() if line.startswith("| `")]
    return {name for cell in first for name in re.findall(r"`(\w+)`", cell)}


def test_every_table_has_its_place_on_the_map() -> None:
    assert tables_of_the_map() == {
        table.name for table in (*LEDGER.sorted_tables, *BULK.sorted_tables)
    }


@pytest.mark.parametrize("page", ["how-to/erase.md", "how-to/backup.md", "reference/settings.md"])
def test_pages_that_speak_of_it_name_the_register(page: str) -> None:
    assert "keys/erased.jsonl" in (ROOT / "docs" / page).read_text(encoding="utf-8")
