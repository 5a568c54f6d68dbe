"""What is one question of customers, and what claims something with a question mark at its end."""

import pytest

from domain.agreed_questions import is_question
from domain.enquiries import SetAgreedLine
from domain.statement_text import AgreedAnswer
from domain.values import PublicText
from tests.domain.story import SERIOUS, Story
from tests.domain.texts import PR_LEAD

ENDS = "｡．.⁇‽⸮﹖؟!?！？。…‥।።︒\u2028\u2029\u0085\n\x0b;；\u037e﹔:：꞉ǃ–—―→✅"
"""What ends a sentence or a clause, in any script."""


@pytest.mark.parametrize("end", ENDS, ids=[f"U+{ord(each):04X}" for each in ENDS])
@pytest.mark.parametrize("space", ["", " "], ids=["glued", "apart"])
def test_two_sentences_are_no_question(end: str, space: str) -> None:
    assert not is_question(f"The cream is absolutely safe{end}{space}Is there any risk in it?")
    assert not is_question(f"本产品绝对安全{end}{space}没有任何风险？")


@pytest.mark.parametrize(
    "words",
    [
        "本产品绝对安全｡没有任何风险，对吗？", "The cream is absolutely safe.Is it not?",
        "The product is 100% safe: no risk, right?", "The product is 100% safe - is there a risk?",
        "El producto es seguro, ¿hay algún riesgo para mí?", "It is absolutely safe!?", "It is safe",
        "It is safe, right?", "It is safe right?", "It is safe, isn't it?", "It is safe, isn’t it?",
        "It is safe isn't it?", "It is safe, is it not?", "It won't hurt, will it?", "It is safe, yes?",
        "“It is safe, right?”", "它绝对安全，对吗？", "它绝对安全,对吗?", "它绝对安全，是吧？", "它绝对安全吧？",
        "它绝对安全，是不是？", "它绝对安全，对不对？", "它绝对安全，不是吗？", "它絕對安全，對嗎？",
        "Es ist sicher, nicht wahr?", "Es ist sicher, oder?", "Es ist sicher, oder nicht?",
        "C'est sûr, n'est-ce pas ?", "C’est sûr, n’est-ce pas\u202f?", "C'est sûr, non ?", "C'est sûr, hein ?",
        "El producto es seguro, ¿no?", "El producto es seguro, ¿verdad?", "È sicuro, vero?", "È sicuro, no?",
        "絶対に安全ですよね？", "絶対に安全でしょう？", "絶対に安全ですね？", "절대 안전합니다, 그렇죠?", "절대 안전하죠?",
        "절대 안전하지 않나요?",
    ],
)  # fmt: skip
def test_what_claims_something_is_no_question(words: str) -> None:
    assert not is_question(words)


@pytest.mark.parametrize(
    "words",
    [
        "Is it safe to use?", "Is it safe at 37.5 °C?", "For children, is it safe to use?", "“Is it safe?”",
        "Can I use it, or do I have to throw it away?", "Is SPF-50 cream (50 ml) safe for me & my baby?",
        "我这瓶有问题吗？", "请问，孕妇用绝对安全吗？", "这是不是绝对安全的产品？", "第1问？",
        "Ist es für Kinder unter 3 Jahren sicher?", "Est-ce que c'est sans danger ?", "¿Es seguro usarlo?",
        "È sicuro usarlo?", "使っても安全ですか？", "사용해도 안전한가요?", "E\u0301 seguro usar?",
    ],
)  # fmt: skip
def test_what_people_ask_is_a_question(words: str) -> None:
    assert is_question(words)


@pytest.mark.parametrize(
    "words", ["The cream is 100% safe: no risk, right?", "The cream is absolutely safe.Is it not?"]
)
def test_a_claim_with_a_question_mark_does_not_enter_the_agreed_line(words: str) -> None:
    story = Story()
    story.accepted(SERIOUS)
    one = AgreedAnswer(language="en", question=PublicText(words), answer=PublicText("Call us."))
    said = SetAgreedLine(
        messages=(PublicText("已停止销售。"),), answers=(one,), own_language="zh-CN"
    )
    assert story.refused(PR_LEAD, said).reason == "wording_blocked"
