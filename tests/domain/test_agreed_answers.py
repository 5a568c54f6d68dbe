"""The agreed line answers what people ask: held to the rules, told in texts, followed by them."""

from typing import Any

import pytest

from domain.agreed import agreed_line, do_not_say_in
from domain.agreed_answers import answers_in
from domain.enquiries import SetAgreedLine
from domain.people import Role
from domain.statement_gate import FactFault, fact_faults
from domain.statement_lookup import lint
from domain.statement_text import AgreedAnswer, NotSaid, Rendition
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


# ---------------------------------------------------------------- the words of customers

SAFE = "Is it safe to use?"


def asked(question: str, said: str = "No. Stop using it and call us.") -> AgreedAnswer:
    """A question in English, with its answer."""
    return answer(question, said, language="en")


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("It is completely safe to use.", id="no question"),
        pytest.param("Is it safe? It is safe to use, is it not?", id="an answer before the mark"),
        pytest.param("Is it so?\nIt is completely safe. Really?", id="an answer on a line of its own"),
        pytest.param("Is it safe to use? Yes, it is completely safe.", id="an answer behind the mark"),
        pytest.param("Is this a normal reaction?", id="banned whoever says it"),
    ],
)  # fmt: skip
def test_in_a_question_stands_one_question_and_nothing_that_is_banned_for_all(
    story: Story, question: str
) -> None:
    assert story.refused(PR_LEAD, line(asked(question))).reason == "wording_blocked"


def in_a_paper(story: Story, body: str, kind: str = "qa") -> list[str]:
    """How severe is what the rules find about claims in a text for staff."""
    made = (Rendition(language="en", title=PublicText("Q&A"), body=PublicText(body)),)
    found = lint(story.incident, kind, ("US",), made)
    return [str(one.severity) for one in found if one.rule == "absolutely-safe"]


@pytest.mark.parametrize(
    ("body", "severe"),
    [
        pytest.param(f"Q: {SAFE}\nA: No. Stop using it.", ["warn"], id="as the agreed line has it"),
        pytest.param(f"Q: {SAFE} It is safe to use.", ["block"] * 2, id="an answer on its line"),
        pytest.param(f"Q: {SAFE}\nA: It is safe to use.", ["warn", "block"], id="an answer below it"),
        pytest.param("Q: Is it really safe to use?", ["block"], id="another question"),
        pytest.param(f"We say: {SAFE}", ["block"], id="in another place"),
        pytest.param("Q: Is it safe\nto use?", ["block"], id="over two lines"),
    ],
)  # fmt: skip
def test_a_question_of_the_agreed_line_is_pointed_out_in_its_own_place(
    story: Story, body: str, severe: list[str]
) -> None:
    story.did(PR_LEAD, line(asked(SAFE)))
    assert in_a_paper(story, body) == severe


@pytest.mark.parametrize(
    ("kind", "severe"),
    [("qa", "warn"), ("hotline_script", "warn"), ("press_brief", "warn"), ("reply", "block")],
)
def test_those_who_approve_see_what_customers_ask(story: Story, kind: str, severe: str) -> None:
    story.did(PR_LEAD, line(asked(SAFE)))
    assert in_a_paper(story, f"Q: {SAFE}", kind) == [severe]


def test_a_notice_claims_what_it_asks(story: Story) -> None:
    story.did(PR_LEAD, line(asked(SAFE)))
    made = (Rendition(language="en", title=PublicText("Recall"), body=PublicText(f"Q: {SAFE}")),)
    found = lint(story.incident, "recall_notice", ("US",), made)
    assert "absolutely-safe" in {one.rule for one in found}


# ---------------------------------------------------------------- not said in one language


def test_a_phrase_is_not_said_in_the_language_that_it_is_named_for(story: Story) -> None:
    never = (NotSaid(language="en", phrase=PublicText("gift")),)
    story.did(PR_LEAD, line(not_said_in=never))
    found = {}
    for language in ("en", "en-GB", "de"):
        made = Rendition(language=language, title=PublicText("x"), body=PublicText("Kein Gift."))
        found[language] = [one.rule for one in lint(story.incident, "reply", ("US",), (made,))]
    assert found == {"en": ["agreed_line"], "en-GB": ["agreed_line"], "de": []}
    stands = agreed_line(story.incident)
    assert [do_not_say_in(stands, one) for one in ("en", "de")] == [("gift",), ()]
    story.refused(PR_LEAD, line(asked("Is it a gift?", "It is no gift."), not_said_in=never))


@pytest.mark.parametrize(
    ("language", "phrase", "code"),
    [
        ("en", " ", "refused"), ("en", "!!!", "blank"), ("en", "\u200b", "blank"), ("zh", "\u3164", "blank"),
        ("en", "safe\u202e", "reading_order"),
        ("xx", "gift", "bad_language"), ("英语", "gift", "bad_language"), ("", "gift", "bad_language"),
        ("eng", "gift", "bad_language"), (" en", "gift", "bad_language"),
    ],
)  # fmt: skip
def test_a_phrase_that_would_block_nothing_is_refused(
    story: Story, language: str, phrase: str, code: str
) -> None:
    never = (NotSaid(language=language, phrase=PublicText(phrase)),)
    assert story.refused(PR_LEAD, line(not_said_in=never)).reason == code
    if code != "bad_language":
        of_all = line(do_not_say=(PublicText(phrase),))
        assert story.refused(PR_LEAD, of_all).reason == code


@pytest.mark.parametrize("language", ["en", "zh-TW", "pt-BR"])
def test_a_phrase_is_named_for_any_language_of_a_market(story: Story, language: str) -> None:
    never = (NotSaid(language=language, phrase=PublicText("7天")),)
    story.did(PR_LEAD, line(not_said_in=never))


@pytest.mark.parametrize(
    ("question", "said"), [("Is it \u202esafe?", "No."), ("Is it safe?", "No\u2066.")]
)
def test_nothing_in_an_answer_turns_the_reading_order_around(
    story: Story, question: str, said: str
) -> None:
    assert story.refused(PR_LEAD, line(asked(question, said))).reason == "reading_order"


@pytest.mark.parametrize(
    ("regions", "language", "told"),
    [
        pytest.param(("zh-CN", "zh-TW"), "zh-CN", ["zh-CN"], id="the very region"),
        pytest.param(("zh-CN", "zh-TW"), "zh-TW", ["zh-TW"], id="the other region"),
        pytest.param(("zh", "zh-CN", "zh-TW"), "zh-TW", ["zh", "zh-TW"], id="and what is for all"),
        pytest.param(("zh-TW",), "zh-CN", ["zh-TW"], id="another where there is no own"),
    ],
)
def test_a_text_tells_the_answers_of_one_region(
    story: Story, regions: tuple[str, ...], language: str, told: list[str]
) -> None:
    story.did(PR_LEAD, line(*(answer(f"{one}？", language=one) for one in regions)))
    body = answers_in(agreed_line(story.incident), language)
    assert [row[2:-1] for row in body.splitlines() if row.startswith("问：")] == told
