"""The agreed line answers what people ask: held to the rules, told in texts, followed by them."""

from typing import Any

import pytest

from domain.agreed import agreed_line
from domain.agreed_answers import answers_in
from domain.enquiries import SetAgreedLine
from domain.people import Role
from domain.statement_gate import FactFault, fact_faults
from domain.statement_text import AgreedAnswer
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story, person
from tests.domain.texts import AUTHOR, PR_LEAD, draft, now, text


@pytest.fixture
def story() -> Story:
    """A serious incident, accepted."""
    told = Story()
    told.accepted(SERIOUS)
    return told


def answer(
    question: str = "我这瓶有问题吗？",
    said: str = "请看瓶底批号，先停止使用。",
    language: str = "zh-CN",
) -> AgreedAnswer:
    return AgreedAnswer(language=language, question=PublicText(question), answer=PublicText(said))


def line(*answers: AgreedAnswer, **more: Any) -> SetAgreedLine:
    given: dict[str, Any] = {"messages": (PublicText("我们已停止销售。"),), **more}
    return SetAgreedLine(answers=answers, own_language="zh-CN", **given)


ENGLISH = answer("Is my jar affected?", "Look for the lot number. Stop using it and call us.", "en")


def test_answers_stand_with_the_line_until_it_is_set_again(story: Story) -> None:
    story.did(PR_LEAD, line(answer(), ENGLISH))
    stands = agreed_line(story.incident)
    assert stands is not None
    assert stands.answers == (answer(), ENGLISH)
    story.did(PR_LEAD, line(ENGLISH))
    stands = agreed_line(story.incident)
    assert stands is not None
    assert stands.answers == (ENGLISH,)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-CN", "问：我这瓶有问题吗？\n答：请看瓶底批号，先停止使用。"),
        ("en", "Q: Is my jar affected?\nA: Look for the lot number. Stop using it and call us."),
        ("de", ""),
    ],
)
def test_they_are_told_in_their_own_language_alone(story: Story, language: str, told: str) -> None:
    story.did(PR_LEAD, line(answer(), ENGLISH))
    assert answers_in(agreed_line(story.incident), language) == told


def test_a_text_takes_them_in_and_follows_them(story: Story) -> None:
    story.did(PR_LEAD, line(answer()))
    story.did(AUTHOR, draft("qa", text(body="{{answers|问答}}")))
    assert "请看瓶底批号" in now(story).texts[0].body
    story.did(PR_LEAD, line(answer(said="请先停止使用，再拨打热线。")))
    assert (now(story).version, "再拨打热线" in now(story).texts[0].body) == (2, True)


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ((answer(said="  "),), "blank"),
        ((answer(question=""),), "blank"),
        ((answer(said="共 {{units}} 件。"),), "refers"),
        ((answer(language="chinese"),), "bad_language"),
        ((answer(language="en"),), "other_language"),
        ((answer(said="这是正常反应，请继续使用。"),), "wording_blocked"),
        ((answer(said="这是正\u200b常反应，请放心。"),), "wording_blocked"),
        ((answer(),) * 81, "too_many"),
    ],
    ids=["blank", "no question", "a fact", "no language", "another language", "blocked words",
         "blocked words hidden", "too many"],
)  # fmt: skip
def test_an_answer_that_nobody_may_give_is_refused(
    story: Story, answers: tuple[AgreedAnswer, ...], code: str
) -> None:
    refusal = story.refused(PR_LEAD, line(*answers))
    assert (refusal.reason, bool(refusal.hint)) == (code, True)
    assert agreed_line(story.incident) is None


def test_an_answer_says_nothing_that_the_line_itself_rules_out(story: Story) -> None:
    said = line(answer(said="这是供应商的事，请联系他们。"), do_not_say=(PublicText("供应商的事"),))
    refusal = story.refused(PR_LEAD, said)
    assert (refusal.reason, "供应商的事" in refusal.sentence) == ("wording_blocked", True)


def test_only_those_who_set_the_line_set_its_answers(story: Story) -> None:
    agent = person(Role.SERVICE_AGENT, name="agent")
    assert story.refused(agent, line(answer())).reason == "not_allowed"


def test_approved_words_do_not_go_out_with_answers_that_were_agreed_anew(story: Story) -> None:
    """A text that is too long with the new answers cannot follow them: the gate holds it back."""
    story.did(PR_LEAD, line(answer()))
    long = "长" * 18_000
    story.did(AUTHOR, draft("rumour_answer", text(body=f"{long}\n{{{{answers|问答}}}}")))
    many = [answer(question=f"第{n}问？", said="请先停止使用，再拨打热线。" * 30) for n in range(9)]
    story.did(PR_LEAD, line(*many))
    assert now(story).version == 1
    faults = fact_faults(story.incident, now(story), story.now, None)
    assert [(key, fault) for key, fault, _ in faults if key == "answers"] == [
        ("answers", FactFault.CHANGED)
    ]
