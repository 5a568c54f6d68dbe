"""A fact that ends its own sentence leaves the text one full stop, not two."""

import pytest

from domain.fact_values import ValueKind
from domain.references import filled
from domain.statement_text import Rendition
from domain.values import PublicText
from tests.domain.test_following import CLOCK, quoted


@pytest.mark.parametrize(
    ("value", "typed", "said"),
    [
        (
            "as written here.",
            "It is taken back {{it}}. Call us.",
            "It is taken back as written here. Call us.",
        ),
        ("酸碱度过高。", "原因：{{it}}。", "原因：酸碱度过高。"),
        (
            "and so on...",
            "Burns, {{it}}.",
            "Burns, and so on....",
        ),
        ("as written here.", "{{it}}", "as written here."),
        ("2.5", "pH {{it}}.", "pH 2.5."),
    ],
    ids=["English", "Chinese", "an ellipsis", "alone", "a figure"],
)
def test_a_sentence_ends_with_one_full_stop(value: str, typed: str, said: str) -> None:
    source = Rendition(language="en", title=PublicText("T"), body=PublicText(typed))
    assert filled(source, {"it": quoted(ValueKind.NAME, value)}, CLOCK).text.body == said
