"""Closed lists on pages: every member has words of its own in both languages, also inside forms."""

import re
from datetime import UTC, datetime

import pytest

from api.event_words import TELLS
from api.pages import company_log
from api.pages.lens import Lens, lens_for
from api.pages.plan import told_value
from api.pages.readable import Reading, rows_of, text_of
from api.plan_words import PLAN_LISTS
from api.routes.acts import given_by_people
from api.word_lists import LISTS
from domain.limits import COUNTED, Counting
from domain.message import EVENTS
from domain.stages import Stage
from domain.statement_approval import StatementApproved
from services.opening import open_stores
from tests.api.pages.conftest import SignedIn
from tests.api.pages.test_offered import accepted, told_once
from tests.api.pages.test_standing import plan_signed
from tests.api.serving import Served

pytestmark = pytest.mark.xdist_group("pages")

CODE = re.compile(r"[a-z]+_[a-z_]+")
LANGUAGES = ["en", "zh_CN"]


@pytest.fixture(scope="module", params=LANGUAGES)
def lens(served: Served, request: pytest.FixtureRequest) -> Lens:
    return lens_for(open_stores(served.settings), None, request.param, now=datetime.now(UTC))


@pytest.mark.parametrize("counting", Counting, ids=str)
def test_a_way_of_counting_is_told_in_words(counting: Counting, lens: Lens) -> None:
    for told in (
        lens.word(counting),
        text_of(lens, "counting", str, str(counting)),
        told_value(lens, str(counting)),
    ):
        assert told == lens(COUNTED[counting])
        assert not CODE.search(told)


@pytest.mark.parametrize("counting", Counting, ids=str)
def test_the_domain_and_the_pages_say_it_alike(counting: Counting) -> None:
    assert LISTS["Counting"][counting] == COUNTED[counting]


@pytest.mark.parametrize("name", sorted(PLAN_LISTS))
def test_a_code_of_the_plan_is_told_in_words_where_two_versions_are_compared(
    name: str, lens: Lens
) -> None:
    for code in PLAN_LISTS[name]:
        if "_" in code:
            assert not CODE.search(told_value(lens, code)), code


def test_the_form_of_a_rule_offers_ways_of_counting_by_their_words(
    served: Served, at: SignedIn
) -> None:
    number = told_once(accepted, served)
    page = at("fang.zheng").open(f"/incidents/{number}/notice/confirm_rule_applies")
    offered = set(page.form("/confirm_rule_applies").choices["counting"])
    assert offered == {"", *map(str, Counting)}
    for words in COUNTED.values():
        assert words in page.text


def test_no_form_begins_with_a_code_in_a_field_that_is_typed(served: Served, at: SignedIn) -> None:
    number, chief = plan_signed(served), at("gao.yuan")
    found: dict[str, list[str]] = {}
    for spec in given_by_people():
        page = chief.open(f"/incidents/{number}/{spec.stage}/{spec.name}")
        if page.status != 200:
            continue
        form = page.form(f"/{spec.name}")
        unseen = {*form.choices, *re.findall(r'type="hidden" name="([^"]+)"', page.html)}
        for name, texts in form.values.items():
            if name not in unseen and any(CODE.fullmatch(text) for text in texts):
                found[f"{spec.name}.{name}"] = texts
    assert not found


def test_the_company_log_is_told_in_sentences(lens: Lens) -> None:
    lines: dict[str, dict[str, object]] = {
        "SignedIn": {"person": "gao.yuan", "method": "password"},
        "PersonSaved": {"person": "gao.yuan", "roles": ["incident_commander"]},
        "incident_stands_still": {"incident": "INC-2026-0001"},
        "HeldGoodsSeen": {"incident": "INC-2026-0001", "channel": "x", "offers": 2, "unshipped": 0},
        "HeldGoodsGone": {"incident": "INC-2026-0001", "channel": "x"},
        "history_archived": {"workflow": "INC-2026-0001"},
        "history_lost": {"workflow": "INC-2026-0001/halt/1", "run": "r1"},
    }
    for kind, body in lines.items():
        said = company_log.told(lens, kind, body)
        assert kind not in said
        assert not CODE.search(said)
    adopted = {"rules": "a1" * 32, "version": "3", "before": "b2" * 32, "by": "gao.yuan"}
    said = company_log.told(lens, "PlanAdopted", adopted)
    assert all(adopted[name] in said for name in ("rules", "version", "before"))
    by_password = company_log.told(lens, "SignedIn", lines["SignedIn"])
    assert by_password != company_log.told(lens, "SignedIn", {"person": "gao.yuan"})
    assert company_log.told(lens, "SomethingNew", {"about": "x"}).endswith("about: x")


def test_every_entry_of_an_incident_is_told_in_a_sentence() -> None:
    told = {name.partition(":")[0] for name in TELLS}
    assert not {name for name, spec in EVENTS.items() if spec.stage is not Stage.CASE} - told


def test_an_approval_is_told_without_the_key_of_its_place(lens: Lens) -> None:
    approved = StatementApproved(
        statement="S1",
        version=1,
        sha256="a" * 64,
        slot="3:DE",
        row=3,
        approver="gao.yuan",
        role="legal",
        meaning="I approve",
        market="DE",
    )
    rows = rows_of(Reading(lens, {}), StatementApproved, approved)
    assert "3:DE" not in str(rows)
    assert lens.market("DE") in str(rows)


def test_the_list_of_acts_says_how_many_more_may(served: Served, at: SignedIn) -> None:
    page = at("gao.yuan").open(f"/incidents/{told_once(accepted, served)}/notice")
    acts = page.html[page.html.index('id="others-acts"') :]
    assert "more roles" in acts
    assert " …<" not in acts
