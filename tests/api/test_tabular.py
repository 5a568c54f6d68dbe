"""Files for spreadsheets: what was written is read back, and nothing is calculated."""

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.tabular import BOM, FORMULAS, PASSED_OVER, csv_of, zip_of

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def read(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


@given(st.lists(st.lists(TEXT, min_size=1, max_size=4), max_size=6))
def test_what_was_written_is_read_back_and_no_cell_is_a_formula(lines: list[list[str]]) -> None:
    back = read(csv_of(lines))
    assert len(back) == len(lines)
    for line, told in zip(lines, back, strict=True):
        assert len(told) == len(line) or line == [""]
        for before, after in zip(line, told, strict=False):
            assert after in (before, f"'{before}")
            assert not after.lstrip(PASSED_OVER).startswith(FORMULAS)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "  @x",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\u3000＝1",
        "\u00a0=1",
        "\tx",
        "\rx",
    ],
)
def test_what_a_spreadsheet_would_calculate_is_quoted(text: str) -> None:
    assert read(csv_of([["a", text]])) == [["a", f"'{text}"]]


def test_numbers_stay_numbers_and_unknown_is_empty() -> None:
    assert csv_of([[-3, None, 0, True]]) == f"{BOM}-3,,0,True\r\n".encode()


def test_half_a_character_breaks_no_file() -> None:
    assert read(csv_of([["a\ud800b"]])) == [["a?b"]]


def test_the_same_files_make_the_same_archive() -> None:
    made = zip_of({"b.csv": b"2", "a.csv": b"1"})
    assert made == zip_of({"a.csv": b"1", "b.csv": b"2"})
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["a.csv", "b.csv"]
        assert archive.read("a.csv") == b"1"
