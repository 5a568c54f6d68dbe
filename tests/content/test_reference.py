"""The page of acts and entries says what the registry says."""

from tools.reference import PAGE, page


def test_the_page_of_acts_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tools.reference"
