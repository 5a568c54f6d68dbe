"""What is counsel's; and every free text of every entry is open, private or counsel's by name."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

import domain.incident
import domain.service_case  # noqa: F401 - registers what a case takes
from domain.acts import ActDeclined, ActLapsed, ActProposed, ActRefused, ActSigned
from domain.counsel import WORDS, counsels_acts, counsels_types, is_counsels
from domain.determining import DeterminationReviewed, DutyConfirmed, RuleJudged
from domain.message import EVENTS
from domain.people import Access, Role
from domain.state import Signature
from domain.values import PrivateText, PublicText
from tests.domain.story import START

TABLE = Path(__file__).with_name("free_texts.txt")
SIGNED = Signature(person="p", role=Role.LEGAL, at=START, meaning="")
WHY = PublicText("Counsel holds it.")


def proposed(command: str, **body: Any) -> ActProposed:
    return ActProposed(
        act="A1", key=command, title="", command={"type": command, "v": 1, "body": body},
        first=SIGNED, slots=(), silence="", due_at=None,
    )  # fmt: skip


def refused(command: str) -> ActRefused:
    return ActRefused(
        command=command, by="p", reason="r", sentence="s", hint="h", who_could=(),
    )  # fmt: skip


def judged(*, applies: bool) -> RuleJudged:
    return RuleJudged(
        rule="R", rule_version="1", applies=applies, limit="", counting="", citation=WHY,
        reason=WHY, signers=(SIGNED,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "counsels"),
    [
        pytest.param(proposed("determine_not_reportable"), True, id="takes counsel's view"),
        pytest.param(proposed("confirm_rule_applies", applies=False), True, id="does not apply"),
        pytest.param(proposed("confirm_rule_applies", applies=True), False, id="applies"),
        pytest.param(proposed("close_incident"), False, id="anybody's"),
        pytest.param(proposed("of_another_release"), True, id="nobody knows"),
        pytest.param(refused("determine_not_reportable"), True, id="refused"),
        pytest.param(refused("confirm_rule_applies"), True, id="refused, of a rule"),
        pytest.param(refused("order_halt"), False, id="anybody's, refused"),
        pytest.param(judged(applies=False), True, id="judged not to apply"),
        pytest.param(judged(applies=True), False, id="judged to apply"),
        pytest.param(
            DeterminationReviewed(duty="D1", by="p", reason=WHY, review_at=None), True, id="stands"
        ),
        pytest.param(DutyConfirmed(duty="D1", by="p", reason=WHY), False, id="opens a duty"),
    ],
)
def test_what_says_why_nothing_is_filed_is_counsels(happened: Any, counsels: bool) -> None:
    assert is_counsels(happened, frozenset()) is counsels


@pytest.mark.parametrize("command", ["determine_not_reportable", "close_incident"])
def test_what_is_said_of_an_act_is_counsels_as_the_act_is(command: str) -> None:
    counsels = command == "determine_not_reportable"
    acts = counsels_acts([proposed(command)])
    for about in (
        ActSigned(act="A1", signature=SIGNED, slot=1, dissent=WHY),
        ActDeclined(act="A1", by="p", role="legal", reason=WHY),
        ActLapsed(act="A1", sentence="It is settled."),
    ):
        assert is_counsels(about, acts) is counsels
        assert not is_counsels(about, frozenset({"A2"}))


# ---------------------------------------------------------------- every free text is declared


def texts_of(kind: Any, path: str, above: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Give every field that holds text, by its path, with its type."""
    if kind in above:
        return
    if args := get_args(kind):
        if kind == dict[str, Any]:
            yield path, dict
            return
        for one in args:
            yield from texts_of(one, path, above)
    elif kind in (PublicText, PrivateText, str):
        yield path, kind
    elif is_dataclass(kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            yield from texts_of(hints[field.name], f"{path}.{field.name}", (*above, kind))


def every_text() -> dict[str, Any]:
    return {path: kind for name, spec in EVENTS.items() for path, kind in texts_of(spec.type, name)}


def declared() -> tuple[dict[str, str], set[str]]:
    """Read the table: each path as it is declared, and the names of plain fields."""
    said, codes = {}, set()
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        how, *names = line.partition("#")[0].split() or [""]
        if how == "code":
            codes.update(names)
        elif how:
            said[names[0]] = how
    return said, codes


def test_every_free_text_of_every_entry_is_declared() -> None:
    """A new one stays red until somebody says what it is, in free_texts.txt."""
    (said, codes), found = declared(), every_text()
    undeclared = {
        path
        for path, kind in found.items()
        if path not in said and (kind is not str or path.rpartition(".")[2] not in codes)
    }
    assert undeclared == set()
    assert set(said) <= set(found), "what is not there any more"


def test_each_is_declared_as_its_type_is() -> None:
    said, _ = declared()
    for path, kind in every_text().items():
        if kind is PrivateText:
            closed = EVENTS[path.partition(".")[0]].access is Access.PRIVILEGED
            assert said[path] == ("counsel" if closed else "private"), path
        elif path in said:
            assert said[path] in ("open", "counsel"), path


def test_counsels_words_are_those_of_the_table_and_stand_in_closed_entries() -> None:
    said, _ = declared()
    assert {path for path, how in said.items() if how == "counsel"} == WORDS
    assert {path.partition(".")[0] for path in WORDS} == set(counsels_types())
    for name, spec in EVENTS.items():
        if spec.access is Access.PRIVILEGED:
            texts = {path for path, kind in texts_of(spec.type, name) if kind is not str}
            assert texts <= WORDS, "an entry of counsel's has no open free text"
