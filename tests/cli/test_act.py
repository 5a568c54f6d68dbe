"""Every act of the registry can be typed at the terminal, and bad words are told."""

import json
import re
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner, Result

from api.routes.acts import given_by_people
from api.typed import raw_of
from cli.act import act_named, body_of
from cli.act_roles import starters
from cli.main import app
from domain.acts import may_ever
from domain.errors import Malformed
from domain.message import CommandSpec
from domain.people import SYSTEM_ROLES, Actor, Role
from domain.wire import decode
from domain.wire_schema import schema
from services import vaulting
from services.company import read_rules
from tests.api.samples import KNOWN, item_of
from tests.api.samples import body_of as sample_of

ACTS = sorted(given_by_people(), key=lambda spec: spec.name)
HASH = "0" * 64
CLOCK = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:[\d.]+)?$")
"""A time without its zone: at a terminal nobody knows whose clock that is."""


def typed(spec: CommandSpec, body: dict[str, Any]) -> list[str]:
    """Give a body as somebody would type it."""
    raw = raw_of(spec.type, body, ZoneInfo("UTC"))
    return [
        f"{name.replace('-', '.')}={f'{text}Z' if CLOCK.match(text) else text}"
        for name, texts in raw.items()
        for text in texts
    ]


@pytest.mark.parametrize("spec", ACTS, ids=[spec.name for spec in ACTS])
def test_what_is_typed_is_the_body_of_the_act(spec: CommandSpec) -> None:
    known = {**KNOWN, "evidence": HASH}
    body = sample_of(spec, known)
    if spec.item:
        body[spec.item] = item_of(spec, known)
    read = body_of(spec, typed(spec, body))
    whole: object = decode(spec.type, vaulting.stand_in(spec, read), strict=True)
    assert whole == decode(spec.type, vaulting.stand_in(spec, body), strict=True)


def run(*words: str) -> Result:
    """Type a line."""
    return CliRunner().invoke(app, words)


def test_the_list_of_acts_is_the_registry() -> None:
    told = json.loads(run("acts", "--json").stdout)
    assert [each["act"] for each in told] == [
        spec.name for spec in sorted(ACTS, key=lambda spec: (str(spec.stage), spec.name))
    ]
    assert all(each["roles"] and each["fields"]["type"] == "object" for each in told)


def test_one_act_is_told_with_its_fields() -> None:
    told = run("acts", "set_scope").stdout
    assert "* products                  list: text" in told
    assert "neighbours                list: parts: kind, verdict, note" in told
    assert run("acts", "recall").stdout.count("\n") == sum(
        spec.stage.value == "recall" for spec in ACTS
    )


BY = {
    "the commander alone": ("resume_sale", ["  by: incident_commander"]),
    "another at a grade": (
        "accept_report",
        ["  by: duty_officer, incident_commander", "     at grade serious: incident_commander",
         "     at grade critical: incident_commander"],
    ),
    "by what is filled in": ("order_halt", ["  by (level=H"]),
}  # fmt: skip


@pytest.mark.parametrize(("name", "lines"), BY.values(), ids=BY)
def test_who_may_start_an_act_is_told_by_the_plan(name: str, lines: list[str]) -> None:
    """The registry asks for the whole team where the plan has a row of its own."""
    told = run("acts", name).stdout.splitlines()
    assert all(any(each.startswith(line) for each in told) for line in lines), told
    assert len([each for each in told if each.startswith("  by:")]) == (name != "order_halt")


@pytest.mark.parametrize("spec", ACTS, ids=[spec.name for spec in ACTS])
def test_who_is_named_is_who_the_plan_lets_start_it(spec: CommandSpec) -> None:
    rules, known = read_rules(), {**KNOWN, "evidence": HASH}
    named = starters(rules, spec, schema(spec.type)["properties"])
    assert named
    for one in named:
        people = [Actor(id="x", roles=(Role(role),)) for role in one.roles]
        command: object = decode(
            spec.type, vaulting.stand_in(spec, sample_of(spec, known) | item(spec))
        )
        if len(named) == 1:
            assert all(may_ever(rules, person, command) for person in people)
            rest = set(Role) - SYSTEM_ROLES - {Role(role) for role in one.roles}
            rest -= {Role(role) for _, roles in one.at_grade for role in roles}
            others = [Actor(id="x", roles=(role,)) for role in rest]
            assert not any(may_ever(rules, person, command) for person in others)


def item(spec: CommandSpec) -> dict[str, Any]:
    """Give the field that the address of an act carries."""
    return {spec.item: item_of(spec, KNOWN)} if spec.item else {}


WRONG = {
    "no such act": (("act", "INC-1", "sell_more", "--as", "x"), 1, "no act or stage"),
    "no such list": (("acts", "sell_more"), 1, "no act or stage"),
    "a clock's act": (("act", "INC-1", "pass_time", "--as", "x"), 1, "no act or stage"),
    "a word alone": (("act", "INC-1", "accept_report", "why", "--as", "x"), 2, "names no field"),
    "no such field": (
        ("act", "INC-1", "accept_report", "raison=1", "--as", "x"), 2, "It has: commander, reason.",
    ),
    "a file that is not there": (
        ("act", "INC-1", "accept_report", "--as", "x", "--body", "no/such.json"),
        2,
        "cannot be read",
    ),
    "a time that is none": (
        ("act", "INC-1", "accept_report", "--as", "x", "--happened-at", "noon"), 2, "is no time",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("words", "status", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_bad_words_are_told_on_stderr(words: tuple[str, ...], status: int, sentence: str) -> None:
    told = run(*words)
    assert (told.exit_code, sentence in told.stderr) == (status, True), told.output
    assert "Traceback" not in told.output


def test_a_time_without_a_zone_is_refused() -> None:
    spec = act_named("set_scope")
    sample = sample_of(spec, {})
    with pytest.raises(Malformed) as refused:
        decode(spec.type, sample | body_of(spec, ["traced_at=2026-11-20T01:00"]))
    assert "A time with its zone is expected" in str(refused.value.fields)
    body = body_of(spec, ["traced_at=2026-11-20T09:00+08:00"])
    assert body["traced_at"] == "2026-11-20T01:00:00.000000Z"
