"""Which duty comes first: what the law limits, then what may be; our own targets stand beside."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from api.pages import duty_next
from api.pages.duty_order import gathered, next_of, urgency
from domain.agenda import dues
from domain.dispatch import Due
from domain.duty_clocks import kind_of
from domain.people import Role
from domain.regulation_terms import DueBasis, Force
from domain.severity import Outcome
from domain.stages import Stage
from domain.state import Incident
from domain.state.notice import Duty
from tests.domain.duties import Notified
from tests.domain.story import MILD


@pytest.fixture(scope="module")
def incident() -> Incident:
    """Somebody is in hospital in China: certain and possible duties, with targets of ours."""
    story = Notified()
    story.reported(MILD)
    story.hurt("CN", Outcome.HOSPITALISED)
    return story.incident


@pytest.fixture(scope="module")
def duty(incident: Incident) -> Duty:
    found = next(one for one in incident.notice.duties.values() if one.due_at is not None)
    return replace(found, possible=False, force=Force.LAW, due_basis=DueBasis.LAW)


@pytest.mark.parametrize(
    "later",
    [
        pytest.param(
            {"possible": True, "due_basis": DueBasis.COMPANY}, id="possible, by our own target"
        ),
        pytest.param({"force": Force.REQUEST, "due_basis": DueBasis.REQUEST}, id="asked for only"),
        pytest.param({"counts": False}, id="a rule that nobody confirmed"),
    ],
)
def test_what_surely_binds_stands_first_though_it_is_due_later(
    duty: Duty, later: dict[str, object]
) -> None:
    assert duty.due_at is not None
    sooner = duty.due_at - timedelta(days=2)
    other = replace(duty, id="D99", due_at=sooner, **later)  # type: ignore[arg-type]
    assert urgency(duty) < urgency(other)


def test_a_possible_duty_that_the_law_limits_sooner_is_not_hidden(duty: Duty) -> None:
    assert duty.due_at is not None
    sooner = duty.due_at - timedelta(days=2)
    assert urgency(replace(duty, id="D99", due_at=sooner, possible=True)) < urgency(duty)


def test_a_target_of_ours_never_comes_before_a_limit(duty: Duty) -> None:
    assert duty.due_at is not None
    other = replace(duty, id="D99", phone_at=duty.due_at - timedelta(days=3),
                    due_at=duty.due_at + timedelta(hours=1))  # fmt: skip
    assert urgency(duty) < urgency(other)


def test_each_duty_has_one_place_with_the_time_of_its_rule(incident: Incident) -> None:
    groups = gathered(incident, dues(incident))
    over = [group for group in groups if group[0].item in incident.notice.duties]
    items = [group[0].item for group in over]
    assert len(items) == len(set(items))
    for group in over:
        duty = incident.notice.duties[group[0].item]
        assert duty.due_at is None or group[0].due_at == duty.due_at
        assert {kind_of(due) for due in group[1:]} <= {"duty_phone", "duty_target"}
        assert duty.possible == (group[0].act == "confirm_reportable")
    assert [urgency(incident.notice.duties[one]) for one in items] == sorted(
        urgency(incident.notice.duties[one]) for one in items
    )
    first = next_of(incident, dues(incident))
    assert first == groups[0][0]


def _as(lens: "Told") -> SimpleNamespace:
    """Give a view with no more in it than the page asks for."""
    return SimpleNamespace(lens=lens, visit=SimpleNamespace(who=SimpleNamespace(id="me")))


class Told:
    """A reader who answers for some countries."""

    def __init__(self, *answers_for: str) -> None:
        self.answers_for = answers_for

    def __call__(self, text: str, **said: str) -> str:
        return text % said

    def is_answered_by(self, _person: str, _roles: object, *, market: str) -> bool:
        return market in self.answers_for

    def place(self, code: str) -> str:
        return code


def test_a_question_about_a_rule_is_asked_for_the_country_of_the_duty_shown(
    duty: Duty, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Due(
        key="confirm_rule:EU-X", stage=Stage.NOTICE, title="", roles=(Role.LEGAL,),
        start_at=duty.start_at, due_at=duty.start_at, act="confirm_rule_applies", item=duty.rule,
        market="FR",
    )  # fmt: skip
    whole = SimpleNamespace(duty=replace(duty, market="EU", place="IT"), clocks=(asked,))
    monkeypatch.setattr(duty_next, "may_do", lambda _view, _due: False)
    monkeypatch.setattr(duty_next, "may_now", lambda _view, _roles: True)
    monkeypatch.setattr(duty_next, "roles_of", lambda *_asked: frozenset({Role.LEGAL}))
    monkeypatch.setattr(duty_next, "roles_told", lambda *_asked: {"roles": "Legal"})
    lens = Told()
    told = duty_next._why_not(_as(lens), whole)  # type: ignore[arg-type]
    assert told == "For IT others answer; you may still act for them."
    assert duty_next._why_not(_as(Told("IT")), whole) == ""  # type: ignore[arg-type]
