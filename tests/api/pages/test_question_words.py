"""What the ten answers say where nothing happened yet, and what a number in them is a number of."""

import pytest

from api.pages.question_said import said as said_of
from domain.halt import HaltOrdered
from services.questions.asking import QUESTIONS, Answered
from services.questions.rows import Answer
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.serving import Served
from tests.api.test_lens import lens
from tests.services.test_questions import CLUSTER, ask, rows, story

pytestmark = pytest.mark.xdist_group("pages")


@pytest.fixture
def number(served: Served) -> str:
    return told_once(accepted, served)


@pytest.mark.parametrize(("language", "unknown"), [("en", "unknown"), ("zh", "未知")])
@pytest.mark.parametrize("question", QUESTIONS)
def test_what_did_not_happen_is_not_called_unknown(
    at: SignedIn, number: str, question: int, language: str, unknown: str
) -> None:
    page = at("ren.jia", language).open(f"/incidents/{number}/audit/questions/{question}")
    told = page.text if question != 2 else page.text[: page.text.index("21 ")]
    assert unknown not in told.casefold()


def test_the_first_times_say_not_yet_and_where_it_was_known(at: SignedIn, number: str) -> None:
    page = at("ren.jia").open(f"/incidents/{number}/audit/questions/1")
    times = page.text[page.text.index("The times") : page.text.index("Every report")]
    first, _, rest = times.partition("Recorded")
    assert "counted from here" in first
    assert "Somebody looks into it not yet" in rest
    told = next(iter(rows(ask(CLUSTER, 1), "times")))
    assert (told["what"], told["how"]) == ("known", "")
    assert told["country"] == ask(CLUSTER, 1).facts["known_country"]


def test_an_order_is_named_by_its_number_and_counted_by_its_channels(
    at: SignedIn, number: str
) -> None:
    page = at("ren.jia").open(f"/incidents/{number}/audit/questions/5")
    assert "Orders to stop:" not in page.text
    assert "Known to be on sale at " in page.text, "who has not confirmed may sell it too"
    assert "Under an order to stop: " in page.text
    assert "Stopped by: order no. 1" in page.text


def test_every_order_is_listed_with_how_many_channels_it_reached() -> None:
    record, told = story(CLUSTER), ask(CLUSTER, 5)
    orders = [one for one in record.entries if isinstance(one.event, HaltOrdered)]
    listed = list(rows(told, "halt_orders"))
    assert [row["ordered_channels"] for row in listed] == [
        len(order.channels) for order in record.state.halt.orders
    ]
    assert [row["entries"][0] for row in listed] == [one.seq for one in orders]
    standing = [one for one in record.state.halt.orders if one.lifted_at is None]
    assert set(told.facts["standing_orders"]) <= {one.number for one in standing}
    stopped = {channel for one in standing for channel in one.stopped}
    assert told.facts["ordered_channels"] == len(stopped)
    by_row = {n for row in rows(told, "on_sale") for n in row["orders"]}
    assert by_row == set(told.facts["standing_orders"])


@pytest.mark.parametrize(
    ("lots", "unknown", "said"),
    [
        (1, 1, "Units unaccounted for: cannot be counted in any lot of the scope."),
        (3, 1, "Units unaccounted for: 0 in the lots that can be counted; lots that cannot: 1."),
        (3, 0, "Units unaccounted for, all lots together: 0."),
    ],
    ids=["none can be counted", "one cannot", "all can"],
)
def test_units_that_cannot_be_counted_are_no_zero(lots: int, unknown: int, said: str) -> None:
    facts = {
        **ask(CLUSTER, 7).facts, "lots": lots, "unaccounted": 0,
        "unaccounted_unknown_lots": unknown,
    }  # fmt: skip
    answer = Answer(number=7, facts=facts, tables=())
    assert said_of(lens("en"), Answered(answer=answer, opened={}))[-1] == said
