"""The generated pages say what registry and command line say."""

from tools import cli_reference
from tools.reference import PAGE, page


def test_the_page_of_acts_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tools.reference"


def test_the_page_of_the_command_line_is_up_to_date() -> None:
    told = cli_reference.PAGE.read_text(encoding="utf-8")
    assert told == cli_reference.page(), "run: python -m tools.cli_reference"
