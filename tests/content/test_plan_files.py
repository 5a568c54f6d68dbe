"""The files of the plan folder: valid by their schemas, read by the code, and honest about demos."""

import copy
import json
import re
import tomllib
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.company import (
    DEMO_GTIN_PREFIX,
    Company,
    company_document,
    company_schema,
    read_company,
    unfilled,
)
from domain.errors import BrokenSetup, NotFound
from domain.gtin import gtin_is_valid
from domain.people import Role
from domain.plan import PLAN_ROLES, plan_document, plan_schema, read_plan
from domain.plan_terms import ChannelKind
from domain.severity import Users
from tests.domain.plans import drop, put, the_plan

PLAN = Path(__file__).parents[2] / "plan"
FILES = {
    "plan": (PLAN / "default.toml", PLAN / "plan.schema.json", plan_schema),
    "company": (PLAN / "demo" / "company.toml", PLAN / "demo" / "company.schema.json", company_schema),
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def document(name: str) -> dict[str, Any]:
    return tomllib.loads(FILES[name][0].read_text(encoding="utf-8"))


@cache
def demo() -> Company:
    return read_company(document("company"))


def as_json(plain: object) -> Any:
    return json.loads(json.dumps(plain, default=date.isoformat))


# ---------------------------------------------------------------- schemas


@pytest.mark.parametrize("name", FILES)
def test_the_file_is_valid_by_the_schema_beside_it(name: str) -> None:
    schema = json.loads(FILES[name][1].read_text(encoding="utf-8"))
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert [str(error) for error in validator.iter_errors(as_json(document(name)))] == []


@pytest.mark.parametrize("name", FILES)
def test_the_schema_is_itself_valid(name: str) -> None:
    jsonschema_rs.meta.validate(json.loads(FILES[name][1].read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", FILES)
def test_the_schema_is_the_one_of_the_types(name: str) -> None:
    _, path, schema = FILES[name]
    expected = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    assert path.read_text(encoding="utf-8") == expected, (
        f"write {path.name} again: json.dumps(schema(), indent=2, ensure_ascii=False)"
    )


def test_the_canonical_forms_are_valid_by_the_schemas_too() -> None:
    assert jsonschema_rs.is_valid(plan_schema(), plan_document(the_plan()))
    assert jsonschema_rs.is_valid(company_schema(), company_document(demo()))


@pytest.mark.parametrize(
    "change",
    [
        drop("acts.lift_halt"),
        put("acts.lift_hold", {}),
        put("acts.halt_h1.silence", "never"),
        put("times.form_team.within.critical", "30 minutes"),
        put("remedies.medical_cost_limit", -1),
        put("title_en", ""),
    ],
    ids=["act missing", "act unknown", "word unknown", "limit", "below zero", "blank"],
)
def test_an_editor_with_the_schema_sees_the_same_mistakes(
    change: Callable[[dict[str, Any]], object],
) -> None:
    broken = document("plan")
    change(broken)
    assert not jsonschema_rs.is_valid(plan_schema(), as_json(broken))
    with pytest.raises(BrokenSetup):
        read_plan(broken)


# ---------------------------------------------------------------- words


def labels(plain: object) -> list[tuple[str, str]]:
    if isinstance(plain, list):
        return [label for item in plain for label in labels(item)]
    if not isinstance(plain, dict):
        return []
    own = [
        (key, text)
        for key, text in plain.items()
        if key.endswith(("_en", "_zh")) or key in ("en", "zh")
    ]
    return own + [label for item in plain.values() for label in labels(item)]


@pytest.mark.parametrize("name", FILES)
def test_every_label_is_in_its_language(name: str) -> None:
    wrong = [
        (key, text)
        for key, text in labels(document(name))
        if bool(CHINESE.search(text)) != key.endswith("zh")
    ]
    assert wrong == []


def test_every_line_of_the_plan_says_where_it_comes_from() -> None:
    tables = ("roles", "grades", "halt", "acts", "times", "statements")
    for table in tables:
        for key, row in document("plan")[table].items():
            assert row["basis"], f"{table}.{key}"
            assert row["citation"], f"{table}.{key}"


def test_what_is_marked_law_names_the_law() -> None:
    named = re.compile(r"art\.|CFR|21 USC|Announcement|duty's own rule|rules of the exchange")
    for table in ("roles", "halt", "acts", "times", "statements"):
        for key, row in document("plan")[table].items():
            if row["basis"] == "law":
                assert named.search(row["citation"]), f"{table}.{key}: {row['citation']}"


# ---------------------------------------------------------------- the demo company


def test_the_company_can_carry_out_the_plan() -> None:
    assert unfilled(the_plan(), demo()) == ()


@pytest.mark.parametrize("role", PLAN_ROLES)
def test_every_role_is_held(role: Role) -> None:
    assert demo().holders(role)


@pytest.mark.parametrize(
    "role", ["incident_commander", "quality_safety_responsible", "pr_lead", "duty_officer"]
)
def test_who_needs_a_deputy_has_another_person(role: str) -> None:
    deputies = demo().deputies(Role(role))
    assert deputies
    assert not {person.id for person in deputies} & {
        person.id for person in demo().holders(Role(role))
    }


def test_the_plan_was_adopted_by_people_of_the_company_who_may() -> None:
    adopters = {role for one in the_plan().adopted_by for role in demo().person(one).roles}
    rule = the_plan().act("adopt_plan")
    assert adopters == {*rule.proposers, *rule.signers[0].roles}


@pytest.mark.parametrize("kind", ChannelKind)
def test_there_is_a_channel_of_every_kind(kind: ChannelKind) -> None:
    assert any(channel.kind is kind for channel in demo().channels)


def test_every_consignee_has_a_channel_to_halt() -> None:
    assert {channel.consignee for channel in demo().channels} - {None} == {
        c.id for c in demo().consignees
    }


def test_one_shop_is_ours_to_stop_and_all_others_get_mail() -> None:
    assert {c.id: c.adapter for c in demo().channels if c.adapter != "outbox"} == {
        "web-shop": "demo_shop"
    }


def test_somebody_reads_every_language_that_goods_went_to() -> None:
    read = {language for person in demo().people for language in person.reviews}
    assert {consignee.language for consignee in demo().consignees} <= read


def test_the_demo_says_that_it_is_invented() -> None:
    assert demo().demo
    assert "虚构" in demo().name_zh
    assert "invented" in demo().name_en
    assert "does not exist" in (PLAN / "demo" / "README.md").read_text(encoding="utf-8")


def test_products_for_every_golden_example() -> None:
    users = {user for product in demo().products for user in product.users}
    assert {
        Users.INFANTS_CHILDREN,
        Users.INHALED,
        Users.EYE_MUCOSA_BROKEN_SKIN,
        Users.GENERAL,
    } <= users
    assert any(product.dangerous_goods for product in demo().products)
    assert any(product.contains for product in demo().products)
    assert {market for product in demo().products for market in product.markets} == {
        "CN",
        "DE",
        "FR",
        "US",
        "GB",
    }


def test_every_product_has_three_to_six_lots() -> None:
    for product in demo().products:
        assert 3 <= sum(lot.product == product.id for lot in demo().lots) <= 6, product.id


def test_lots_balance_to_the_unit_but_for_three() -> None:
    assert {lot.id: lot.unexplained for lot in demo().lots if lot.unexplained} == {
        "DC2603A": 7,
        "SW2605A": 24,
        "FS2609A": 2,
    }


def test_sets_hold_one_unit_of_each_component() -> None:
    packed: dict[str, int] = {}
    for box in demo().lots:
        for component in box.component_lots:
            packed[component] = packed.get(component, 0) + box.quantity
        parts = {demo().lot(component).product for component in box.component_lots}
        assert parts == set(demo().product(box.product).contains)
    assert packed == {lot.id: lot.packed_into_sets for lot in demo().lots if lot.packed_into_sets}


def test_lots_went_only_to_markets_of_their_product() -> None:
    for lot in demo().lots:
        markets = {demo().consignee(part.consignee).market for part in lot.shipped}
        assert markets <= set(demo().product(lot.product).markets), lot.id


def test_the_lots_of_a_product_include_the_sets_that_hold_it() -> None:
    lots = {lot.id for lot in demo().lots_of("spring-toner")}
    assert {"ST2603A", "ST2606A", "ST2609A", "FS2608A"} <= lots
    assert {lot.product for lot in demo().lots_of("soft-wipes")} == {"soft-wipes"}


def test_what_is_not_in_the_lists_is_not_found() -> None:
    with pytest.raises(NotFound, match="no lot 'X1'"):
        demo().lot("X1")


def test_the_company_survives_its_canonical_form() -> None:
    assert read_company(as_json(company_document(demo()))) == demo()


# ---------------------------------------------------------------- broken company files

BROKEN = {
    "a lot like every lot": (put("lots.0.id", "All"), "lots.0.id", "means every lot"),
    "check digit": (put("products.0.items.0.gtin", "9521000000106"), "products.0.items.0.gtin", "is no GTIN"),
    "a real prefix in a demo": (put("products.0.items.0.gtin", "4006381333931"), "products.0.items.0.gtin", "numbers its packs with 952 only"),
    "real mail in a demo": (put("people.0.email", "lin.wei@qinglan.cn"), "people.0.email", "A demo company writes to example domains only"),
    "no mail at all": (put("consignees.0.email", "hotline"), "consignees.0.email", "'hotline' is no e-mail address."),
    "order to nobody": (put("channels.0.address", "east gate"), "channels.0.address", "'east gate' is no e-mail address."),
    "channel kind unknown": (put("channels.0.kind", "wharehouse"), "channels.0.kind", "Is 'warehouse' meant?"),
    "channel of nobody": (put("channels.0.site", "wh-north"), "channels.0.site", "There is no site 'wh-north' in this file."),
    "market": (put("products.0.markets", ["China"]), "products.0.markets", "'China' is no market"),
    "language": (put("consignees.0.language", "chinese"), "consignees.0.language", "'chinese' is no language"),
    "lot of no product": (put("lots.0.product", "cream"), "lots.0.product", "There is no product 'cream' in this file."),
    "lot from no line": (put("lots.0.line", "cream-9"), "lots.0.line", "plant-linhu has no line 'cream-9'."),
    "lot to nobody": (put("lots.0.shipped.0.consignee", "nobody"), "lots.0.shipped", "There is no consignee 'nobody' in this file."),
    "lot from no raw lot": (put("lots.0.raw_lots", ["RM-0"]), "lots.0.raw_lots", "There is no raw-material lot 'RM-0' in this file."),
    "expired when made": (put("lots.0.expires_on", "2026-01-01"), "lots.0.expires_on", "A lot expires after it was made."),
    "shipped before made": (put("lots.0.shipped.0.shipped_on", "2025-12-31"), "lots.0.shipped", "Nothing ships before it was made."),
    "more shipped than made": (put("lots.0.quantity", 100), "lots.0.quantity", "more units are accounted for than were made."),
    "two people of one name": (put("people.1.id", "shen.anlan"), "people", "'shen.anlan' stands here twice"),
    "own deputy": (put("people.1.deputy_for", ["incident_commander"]), "people.1.deputy_for", "Nobody is their own deputy"),
    "reviewer of no language": (drop("people.20.reviews"), "people.20.reviews", "Say which languages this person attests."),
    "nobody in particular": (put("people.0.roles", []), "people.0.roles", "Everybody in the plan holds a role"),
    "no number to call": (put("channels.0.phone", "call us"), "channels.0.phone", "'call us' is no phone number. Write it such as +86 400 820 0000."),
    "field unknown": (put("people.0.phone", "1"), "people.0.phone", "There is no field called 'phone'."),
}  # fmt: skip


@pytest.mark.parametrize(("change", "path", "sentence"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_company_file_is_told_by_path_and_sentence(
    change: Callable[[dict[str, Any]], object], path: str, sentence: str
) -> None:
    broken = document("company")
    change(broken)
    with pytest.raises(BrokenSetup) as refusal:
        read_company(broken)
    told = [problem.sentence for problem in refusal.value.fields if problem.path == path]
    assert any(sentence in one for one in told), refusal.value.sentence


def test_a_company_of_its_own_may_use_its_own_numbers_and_mail() -> None:
    own = document("company")
    own["demo"] = False
    put("products.0.items.0.gtin", "4006381333931")(own)
    put("people.0.email", "someone@maker.test")(own)
    assert not read_company(own).demo


@pytest.mark.parametrize(
    ("lost", "sentence"),
    [
        ("mei.lin", "Nobody holds the role service_lead (Customer-service lead)."),
        ("tang.jie", "Nobody stands in for incident_commander (Incident commander)."),
    ],
)
def test_people_the_plan_needs_are_missed_by_name(lost: str, sentence: str) -> None:
    small = copy.deepcopy(document("company"))
    small["people"] = [person for person in small["people"] if person["id"] != lost]
    assert sentence in [problem.sentence for problem in unfilled(the_plan(), read_company(small))]


def test_goods_that_no_halt_can_reach_are_told() -> None:
    small = document("company")
    small["channels"] = [channel for channel in small["channels"] if channel["kind"] != "salon"]
    told = [problem.sentence for problem in unfilled(the_plan(), read_company(small))]
    assert told == ["Goods go to a salon, but no channel of that kind can be halted."]


# ---------------------------------------------------------------- GTIN


@pytest.mark.parametrize("gtin", ["96385074", "614141000036", "4006381333931", "10614141543219"])
def test_published_examples_of_gtins_are_valid(gtin: str) -> None:
    assert gtin_is_valid(gtin)


@pytest.mark.parametrize(
    "gtin", ["", "952", "952100000010X", "９５２１０００００００１０", "40063813339310"]
)
def test_what_is_no_gtin(gtin: str) -> None:
    assert not gtin_is_valid(gtin)


@given(
    digits=st.text("0123456789", min_size=12, max_size=12),
    place=st.integers(0, 12),
    other=st.integers(1, 9),
)
def test_one_wrong_digit_never_passes(digits: str, place: int, other: int) -> None:
    valid = [f"{digits}{check}" for check in range(10) if gtin_is_valid(f"{digits}{check}")]
    assert len(valid) == 1
    wrong = (int(valid[0][place]) + other) % 10
    assert not gtin_is_valid(f"{valid[0][:place]}{wrong}{valid[0][place + 1 :]}")


def test_demo_packs_are_numbered_for_examples() -> None:
    gtins = [item.gtin for product in demo().products for item in product.items]
    assert all(gtin.startswith(DEMO_GTIN_PREFIX) and gtin_is_valid(gtin) for gtin in gtins)
    assert len(gtins) == len(set(gtins))
