"""The letter that carries an order to a channel without an interface of its own.

What belongs here: its words, in both languages, whoever sends it or shows it. What never does: the
outbox (letter_records.py), a mail server (integrations/), or what is ordered (order_filling.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Engine

from activities.speaking import Speech, Speeches
from activities.stop_words import (
    CODES,
    MATERIAL,
    REMINDS,
    SEEN_SUBJECT,
    STAYS_SUBJECT,
    StopWords,
    stop_words,
)
from domain.envelope import ChannelOrder
from integrations.channels import Address
from integrations.letters import OrderLetter

WORDS = {
    ("halt", "en"): (
        "{mark}{reminds}{subject}",
        (
            "{mark}{again_said}{please}\n"
            "{answer}\n"
            "{handling}"
            "{codes}"
            "{contact}\n"
            "{text}"
            "Incident {incident}, order {order} ({level})."
        ),
    ),
    ("halt", "zh"): (
        "{mark}{reminds}{subject}",
        (
            "{mark}{again_said}{please}\n"
            "{answer}\n"
            "{handling}"
            "{codes}"
            "{contact}\n"
            "{text}"
            "事件编号 {incident}，第 {order} 号指令（{level}）。"
        ),
    ),
    ("resume", "en"): (
        "{mark}You may {again}: {what}",
        (
            "{mark}You may {again_all}: {what}. The order to stop is lifted.\n"
            "{kept}"
            "{resumed}\n"
            "{contact}\n"
            "Incident {incident}."
        ),
    ),
    ("resume", "zh"): (
        "{mark}可以恢复{again}：{what}",
        (
            "{mark}先前的指令已解除，可以恢复{again_all}：{what}。\n"
            "{kept}"
            "{resumed}\n"
            "{contact}\n"
            "事件编号 {incident}。"
        ),
    ),
}
_SELLS = {
    "en": ("sell again", "sell, ship and promote again", "it is on sale again"),
    "zh": ("销售", "销售、发货和推广", "销售"),
}
AGAIN = {
    "warehouse": {
        "en": ("ship again", "ship again", "you ship it again"),
        "zh": ("发货", "发货", "发货"),
    },
    "carrier": {
        "en": ("carry again", "carry again", "it is on its way again"),
        "zh": ("承运", "承运", "承运"),
    },
    "samples": {
        "en": ("hand out again", "hand out samples and testers again", "they are handed out again"),
        "zh": ("派发", "派发小样和试用装", "派发"),
    },
    "promotion": {
        "en": ("show again", "show and promote again", "it is shown again"),
        "zh": ("推广", "展示和推广", "推广"),
    },
    "salon": {
        "en": ("use and sell again", "use and sell again", "you use it again"),
        "zh": ("使用和销售", "使用和销售", "使用"),
    },
    "plant": {
        "en": ("produce again", "produce and release again", "production runs again"),
        "zh": ("生产", "生产和放行", "生产"),
    },
    "supplier_material": {
        "en": ("deliver again", "deliver material again for", "you deliver again"),
        "zh": ("供货", "供应所用原料", "供货"),
    },
}
"""What a channel that does not sell may do again: in the subject, in all, and once it does."""

RESUMED = {
    ("en", False): "Answer this message once {once}.",
    ("en", True): "Once {once}, say so on this page, without an account: {link}",
    ("zh", False): "恢复{once}后请回复本消息。",
    ("zh", True): "恢复{once}后，请打开此页面告知，无需账号：{link}",
}
"""How the channel is asked to say that it has resumed, without and with a page for it."""

ANSWER = {
    ("en", False): "Answer this message {by}: say that {is_done}{counted}.",
    ("en", True): (
        "Answer {by}: whether {is_done}{counted}. The page to answer on, without an account: {link}"
    ),
    ("zh", False): "{by}回复本消息，告知是否{is_done}{counted}。",
    ("zh", True): "{by}回复是否{is_done}{counted}，无需账号，请打开此页面填写：{link}",
}
"""How the channel is asked to answer, without and with a page for it."""

ANSWER_BY = {"en": "by {by}", "zh": "请于{by}前"}
ANSWER_AT_ONCE = {"en": "at once", "zh": "请立即"}
CONTACT = {"en": "Questions: {contact}\n", "zh": "如有疑问请联系：{contact}\n"}

KEPT = {
    ("en", True): "Not these lots: {lots}. They were recalled and stay off sale; send them back.\n",
    ("en", False): "Not these lots: {lots}. They were recalled and stay stopped.\n",
    ("zh", True): "以下批次除外：{lots}。这些批次已召回，不得再销售；如有发现请退回。\n",
    ("zh", False): "以下批次除外：{lots}。这些批次已召回，仍须停止。\n",
}
"""What an order to sell again says of recalled lots, where there are goods and where none are."""

HELD = {
    ("en", True): (
        "These lots stay stopped: {lots}. Another order still stops them; keep them, do not return "
        "or destroy them yet.\n"
    ),
    ("en", False): "These lots stay stopped: {lots}. Another order still stops them.\n",
    ("zh", True): (
        "以下批次仍须停止：{lots}。另有指令未解除，请单独存放，暂不退回，也不要销毁。\n"
    ),
    ("zh", False): "以下批次仍须停止：{lots}。另有指令未解除。\n",
}
"""What it says of lots that another order stops there, where there are goods and where none are."""

DRILL_MARK = "DRILL 演练 · "


class OrderLetters:
    """Writes the letters of one installation's orders."""

    def __init__(self, engine: Engine) -> None:
        """Keep the engine of the company's lists."""
        self._speeches = Speeches(engine)

    def write(self, order: ChannelOrder, address: Address) -> OrderLetter:
        """Write the letter of an order to a channel, in its language."""
        subject, body = WORDS[(order.action, address.language)]
        words = self._said(order, address)
        return OrderLetter(subject=subject.format(**words), body=body.format(**words))

    def _said(self, order: ChannelOrder, address: Address) -> dict[str, Any]:
        language = address.language
        speech = self._speeches.to(language)
        again = again_words(address.kind, language)
        resumed = RESUMED[language, bool(order.answer_link)]
        goods = order.goods or speech.goods(order.products, order.lots, others=bool(order.kept))
        stop = stop_words(address.kind, language)
        return {
            **dict(zip(("again", "again_all", "once"), again, strict=True)),
            "resumed": resumed.format(once=again[2], link=order.answer_link),
            "mark": DRILL_MARK if order.drill else "",
            "what": goods,
            "text": f"{order.title}\n\n{order.text}\n\n" if order.text else "",
            **_stops(order, stop, goods, language),
            "contact": CONTACT[language].format(contact=order.contact) if order.contact else "",
            "kept": _stays(KEPT[language, stop.has_goods], order.kept, speech)
            + _stays(HELD[language, stop.has_goods], order.held, speech),
            "incident": order.incident,
            "order": order.order,
            "level": speech.level(order.level),
        }


def again_words(kind: str, language: str) -> tuple[str, str, str]:
    """Say what a kind of channel may do again: in the subject, in all, and once it does."""
    return AGAIN.get(kind, _SELLS)[language]


def _stays(sentence: str, lots: Sequence[str], speech: Speech) -> str:
    return sentence.format(lots=speech.words.listed(lots)) if lots else ""


def _stops(order: ChannelOrder, words: StopWords, goods: str, language: str) -> Mapping[str, str]:
    """Say what stops there, what becomes of the goods, and what is asked."""
    listed = ", ".join if language == "en" else "、".join
    handling = order.handling or words.handling
    codes = CODES[language].format(codes=listed(order.codes)) if order.codes else ""
    lots = MATERIAL[language].format(lots=listed(order.materials)) if order.materials else ""
    return {
        "subject": words.subject.format(what=goods),
        "please": words.please.format(what=goods),
        "handling": f"{handling}\n" if handling else "",
        "codes": codes + lots,
        "answer": _answer(order, words, language),
        "again_said": order.seen + (order.stays or order.again),
        "reminds": SEEN_SUBJECT[language]
        if order.seen
        else STAYS_SUBJECT[language]
        if order.stays
        else REMINDS[language]
        if order.again
        else "",
    }


def _answer(order: ChannelOrder, words: StopWords, language: str) -> str:
    """Ask for an answer: by when, and where."""
    said = order.answer_by_said
    by = ANSWER_BY[language].format(by=said) if said else ANSWER_AT_ONCE[language]
    return ANSWER[language, bool(order.answer_link)].format(
        by=by, link=order.answer_link, is_done=words.is_done, counted=words.counted
    )
