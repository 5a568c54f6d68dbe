"""The brief for management: what the record knows is told, and nothing of it is asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from activities import brief
from activities.derived import Desk
from activities.drafting import suggest
from activities.duty_words import basis_of
from activities.places import Sheet, open_places
from activities.words import words_in
from domain.recall_scope import SetScope
from domain.scope import LotAnswer
from domain.severity import Answers
from domain.state import Incident
from domain.state.halt import ChannelHalt, ListedChannel
from domain.values import LotNumber
from storage.database import Database
from tests.database import embedded
from tests.domain.duties import recalled_in_the_us
from tests.domain.recalls import QUALITY, SHOPS, SUPPLY, answer, lot, running, scope
from tests.domain.story import SERIOUS, Story

__all__ = ["embedded"]


OURS = "(our own target; the law says: at once)"


@pytest.fixture
def story() -> Story:
    """A serious incident; the plan has halted H1 and H2."""
    told = Story()
    told.accepted(SERIOUS)
    return told


def scoped(story: Story, shipped: int | None = None, returned: int | None = None) -> Incident:
    """Give the incident with a scope of one lot."""
    lots = (replace(lot("A2602"), shipped=shipped, returned=returned),)
    story.did(QUALITY, SetScope(**scope(lots=lots)))
    return story.incident


def hurt(incident: Incident, people: int | None, serious: int | None) -> Incident:
    """Give the incident with other answers on how many are hurt."""
    answers: Answers = replace(incident.report.answers, people=people, serious_people=serious)
    return replace(incident, report=replace(incident.report, answers=answers))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_people_are_asked_for_nothing_that_the_record_knows(
    embedded: Database, story: Story, language: str
) -> None:
    sheet = Sheet(kind="management_brief", markets=("CN",), languages=(language,))
    found = open_places(Desk(embedded.ledger), story.incident, sheet)
    asked = {one.variable.name for one in found} - {"company", "product"}
    assert asked == {"decisions", "money", "worst_case"}


def test_a_brief_tells_grade_stages_markets_and_counts(embedded: Database, story: Story) -> None:
    incident = scoped(story)
    told = suggest(Desk(embedded.ledger), incident, "management_brief", "en", markets=("CN",))
    for said in (
        "Grade: Serious since 09:00 Beijing time, 2 March 2026. Public attention: Low.",
        "Under way: Halt.",
        "Halts: Hold own stock and shipments (level H1): ordered, confirmed by 0 of ",
        "No recall is decided.",
        "Markets: China.",
        "People hurt: 1 known",
        "Lot A2602: how many units went out is not known; 0 came back.",
        f"(China): due at 08:00 Beijing time, 4 March 2026 {OURS}.",
    ):
        assert said in told.body
    told = suggest(Desk(embedded.ledger), incident, "management_brief", "zh-CN", markets=("CN",))
    for said in ("起为严重。公众关注度：低。", "涉及市场：中国。", "受伤害人员：已知1人"):
        assert said in told.body


@pytest.mark.parametrize(
    ("people", "serious", "said"),
    [
        pytest.param(None, None, "how many is not known; 0 registered.", id="unknown"),
        pytest.param(7, None, "7 known, how many of them seriously is not known; 0 registered.",
                     id="seriously unknown"),
        pytest.param(7, 2, "7 known, 2 of them seriously; 0 registered.", id="both"),
    ],
)  # fmt: skip
def test_what_is_unknown_of_people_is_never_zero(
    story: Story, people: int | None, serious: int | None, said: str
) -> None:
    assert brief.people(hurt(story.incident, people, serious), "en") == said


def test_units_out_are_told_by_lot_once_they_are_known(story: Story) -> None:
    assert brief.goods(story.incident, "en") == (
        "No scope is set yet: how many units are out is not known.",
    )
    told = brief.goods(scoped(story, shipped=1000, returned=100), "en")
    assert told == ("Lot A2602: 900 units went out; 0 came back.",)


def test_units_that_consignees_do_not_account_for_are_told() -> None:
    story = running()
    story.did(
        SUPPLY, answer(SHOPS[0], lots=(LotAnswer(lot=LotNumber("L1"), received=200, sold_on=150),))
    )
    assert brief.goods(story.incident, "en")[-1] == (
        "Received by consignees and not accounted for: 50 units, at 1 of them."
    )
    assert "50件" in brief.goods(story.incident, "zh")[-1]


def of_the_recall(incident: Incident) -> str:
    """Give the line on the report of the recall, among those of other duties."""
    return next(one for one in brief.clocks(incident, "en") if one.startswith("Report on a recall"))


def test_an_overdue_duty_says_so(story: Story) -> None:
    line = of_the_recall(story.incident)
    assert line.endswith(f"due at 08:00 Beijing time, 4 March 2026 {OURS}.")
    late = replace(story.incident, last_at=story.now + timedelta(days=9))
    line = of_the_recall(late)
    assert line.endswith(f"was due at 08:00 Beijing time, 4 March 2026 {OURS}, overdue.")


def test_a_language_that_no_brief_is_in_is_told_nothing(story: Story) -> None:
    tellers = (brief.grade, brief.standing, brief.people, brief.goods, brief.clocks)
    assert not any(tell(story.incident, "de") for tell in tellers)


def test_a_brief_calls_law_only_what_is_law() -> None:
    incident = recalled_in_the_us().incident
    (line,) = [one for one in brief.clocks(incident, "en") if one.startswith("Periodic status")]
    assert line.endswith(" (asked for by the rules; no limit of the law).")
    duty = next(one for one in incident.notice.duties.values() if one.rule == "US-CFR-7-46")
    said = basis_of(words_in("en"), duty)
    assert said == "our own target; the rules ask for it immediately, no limit of the law"


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (("confirmed", "confirmed"), "(level H2): stopped, confirmed by all of 2 channels."),
        (("confirmed", "ordered"), "(level H2): ordered, confirmed by 1 of 2 channels."),
        (("selling", "ordered"), "(level H2): ordered, confirmed by 0 of 2 channels."),
        ((), "(level H2): ordered, nothing confirmed yet."),
    ],
    ids=["all", "some", "none", "no channel"],
)
def test_a_brief_says_what_is_ordered_and_what_is_confirmed(
    story: Story, states: tuple[str, ...], said: str
) -> None:
    halt, names = story.incident.halt, ("web", "street")[: len(states)]
    listed = {
        name: ListedChannel(
            id=name, kind="own_shop", level="H2", name=name, name_zh=name, market="CN"
        )
        for name in names
    }
    channels = {
        name: ChannelHalt(channel=name, order=1, state=state, ordered_at=story.now)
        for name, state in zip(names, states, strict=True)
    }
    stands = replace(halt, levels=("H2",), listed=listed, channels=channels)
    told = brief.standing(replace(story.incident, halt=stands), "en")
    (line,) = [one for one in told if one.startswith("Halts: ")]
    assert line.endswith(said)
