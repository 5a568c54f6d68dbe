"""What adopting files would change: rule by rule, and for the incidents that are open here."""

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cli.setting_up import TERMINAL
from domain.errors import BrokenSetup, NotFound
from domain.regulations import Rule
from domain.rules import Rules, rules_of, rules_text
from domain.severity import Outcome
from domain.state import incident_text
from domain.wire import instant_text
from services.company import PLANS, read_rules
from services.duty_changes import (
    ADOPTED,
    FieldChange,
    RuleDifference,
    difference,
    rules_in,
    rules_named,
)
from services.house import House
from services.plan_checks import check_paths
from storage.engine import write
from storage.incidents import Reservation, reserve_number
from storage.ledger import Projection, record
from storage.rules import keep_rules
from storage.schema import incidents as table
from storage.streams import entry_row
from tests.domain.duties import Notified, story_of
from tests.domain.story import rules
from tests.services.test_plan_checks import CN, EU, said


def recorded(house: House, story: Notified, drill: str = "") -> str:
    """Put a story's entries into the ledger of this house, with its state."""
    keep_rules(house.engine, "incident", rules_text(rules()).encode(), story.now)
    wanted = Reservation(
        command_id=f"report{drill}", digest="d", created_at=story.now, reported_by="li",
        title="Rash", rules_hash=rules().hash, drill=drill,
    )  # fmt: skip
    number = reserve_number(house.engine, 2026, wanted).id
    projection = Projection(state=incident_text(story.incident), columns={"grade": "serious"})
    record(house.engine, number, 1, list(map(entry_row, story.leaves)), [], lambda *_: projection)
    house.now = lambda: story.now + timedelta(hours=1)
    return number


def with_rules(*regulations: Rule) -> Rules:
    """The pinned rules of the stories with other duties."""
    own = rules()
    return rules_of(own.plan, own.calendar, own.wording, regulations)


def changed(rule: str, **fields: object) -> tuple[Rule, ...]:
    own = rules().regulations
    assert rule in {each.id for each in own}
    return tuple(replace(each, **fields) if each.id == rule else each for each in own)  # type: ignore[arg-type]


GENERAL = "CN-ADR-GENERAL"


def test_nothing_changes_where_nothing_is_another(house: House) -> None:
    recorded(house, story_of("CN", Outcome.MILD))
    told = difference(house, TERMINAL, rules(), rules())
    assert (told.rules, told.other, told.incidents, told.unread) == ((), 0, (), ())


def test_rules_are_told_as_added_removed_and_changed_field_by_field(
    house: House, tmp_path: Path
) -> None:
    plan = Path(shutil.copytree(PLANS, tmp_path / "plan"))
    said(EU, 'limit = "20 d"', 'limit = "10 d"')(plan)
    said(EU, "verified = false", "verified = true")(plan)
    text = (plan / CN).read_text(encoding="utf-8")
    (plan / CN).write_text(text.replace(GENERAL, "CN-ADR-MILD"), encoding="utf-8")
    said("default.toml", "\nversion = ", '\nversion = "next" # ')(plan)
    told = difference(house, TERMINAL, house.current_rules(), rules_in(check_paths(plan), plan))
    covering = [
        each.id for each in rules().regulations if GENERAL in (*each.covers, *each.follow_ups)
    ]
    assert [(each.rule, each.what) for each in told.rules] == [
        (GENERAL, "removed"),
        ("CN-ADR-MILD", "added"),
        *((rule, "changed") for rule in covering),
        ("EU-COS-23-SUE", "changed"),
        ("EU-COS-23-SUE-FU", "changed"),
    ]
    fields = {
        (each.rule, one.field): (one.old, one.new)
        for each in told.rules
        for one in each.fields
        if each.rule not in covering
    }
    assert fields == {
        ("EU-COS-23-SUE", "limit"): ("20 d", "10 d"),
        ("EU-COS-23-SUE-FU", "verified"): ("no", "yes"),
    }
    assert told.other == 1
    assert [each.rule for each in told.rules if each.keeps_version] == ["EU-COS-23-SUE"]


def test_a_rule_with_a_new_version_may_have_another_limit() -> None:
    limit = FieldChange(field="limit", old="20 d", new="10 d")
    version = FieldChange(field="version", old="1", new="2")
    changed = RuleDifference(rule="R", title="", what="changed", fields=(limit,))
    assert changed.keeps_version
    assert not replace(changed, fields=(limit, version)).keeps_version


def test_open_incidents_say_which_duty_is_new_and_which_keeps_its_terms(house: House) -> None:
    story = story_of("CN", Outcome.MILD)
    number = recorded(house, story)
    twin = replace(
        next(rule for rule in rules().regulations if rule.id == GENERAL), id="CN-ADR-TWIN"
    )
    after = with_rules(*changed(GENERAL, version="2", limit=replace(twin.limit, amount=3)), twin)
    (told,) = difference(house, TERMINAL, rules(), after).incidents
    assert (told.incident, told.drill) == (number, False)
    (new,) = told.new
    assert (new.what, new.rule, new.subject) == ("arises", "CN-ADR-TWIN", "P1")
    assert new.start_at == instant_text(story.duty(GENERAL).start_at)
    assert [(kept.rule, kept.rule_version, kept.limit) for kept in told.kept] == [
        (GENERAL, twin.version, twin.limit.text)
    ]


def test_a_rule_that_is_gone_leaves_its_duty_as_it_is(house: House) -> None:
    recorded(house, story_of("CN", Outcome.MILD))
    left = tuple(rule for rule in rules().regulations if rule.id != GENERAL)
    (told,) = difference(house, TERMINAL, rules(), with_rules(*left)).incidents
    assert (told.new, [kept.rule for kept in told.kept]) == ((), [GENERAL])


def test_a_record_that_cannot_be_read_hides_no_other(house: House) -> None:
    broken = recorded(house, story_of("CN", Outcome.MILD))
    with write(house.engine) as connection:
        connection.execute(table.update().where(table.c.id == broken).values(state="{}"))
    assert difference(house, TERMINAL, rules(), rules()).unread == (broken,)


@pytest.mark.parametrize("name", ["word", "hash", "beginning", "folder"])
def test_what_is_compared_with_may_be_named(name: str, house: House) -> None:
    current = house.current_rules()
    words = {
        "word": ADOPTED,
        "hash": current.hash,
        "beginning": current.hash[:10],
        "folder": str(PLANS),
    }
    assert rules_named(house, words[name]).hash == current.hash


def test_nothing_is_compared_with_broken_files(house: House, tmp_path: Path) -> None:
    plan = Path(shutil.copytree(PLANS, tmp_path / "plan"))
    said(EU, 'limit = "20 d"', 'limit = "20 days"')(plan)
    with pytest.raises(BrokenSetup, match="is broken, so nothing can be compared"):
        rules_named(house, str(plan))


def test_what_nobody_keeps_is_refused(house: House) -> None:
    with pytest.raises(NotFound, match="names no version of the plan"):
        rules_named(house, "no/such/folder")


@pytest.mark.parametrize("file", [EU, "default.toml", "wording/first.toml", "regulations"])
def test_a_part_alone_is_pinned_with_the_rest(file: str, house: House) -> None:
    assert rules_in(check_paths(PLANS / file), PLANS / file).hash == read_rules().hash
