"""What a duty that asks for no report is called, on its button and in its help."""

from types import SimpleNamespace

import pytest

from api.pages.filing_names import act_help, act_title
from domain.message import COMMANDS
from domain.regulation_terms import ClockStart, Deed


@pytest.mark.parametrize(
    ("deed", "title"),
    [
        (Deed.REPORT, "File the first report"),
        (Deed.FINISH_RECALL, "Show that the recall is finished"),
        (Deed.TELL_SELLERS, "Record that sellers were told"),
        (Deed.TELL_CONSUMERS, "Record that consumers were told"),
        (Deed.TELL_OWNER, "Record that the owner of the product was told"),
    ],
    ids=str,
)
def test_the_first_act_under_a_duty_is_named_by_what_is_done(deed: Deed, title: str) -> None:
    duty = SimpleNamespace(rule="R", start_fact=ClockStart.AWARENESS)
    state = SimpleNamespace(
        notice=SimpleNamespace(duties={"D1": duty}),
        rules=SimpleNamespace(regulations=[SimpleNamespace(id="R", deed=deed)]),
    )
    view = SimpleNamespace(lens=str, state=state)
    spec = COMMANDS["file_first"]
    assert act_title(view, spec, "D1") == title  # type: ignore[arg-type]
    says_so = "No report is asked for here" in act_help(view, spec, "D1")  # type: ignore[arg-type]
    assert says_so == (deed is not Deed.REPORT)
