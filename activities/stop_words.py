"""How an order to stop is worded for each kind of channel, in the languages of its letters.

What belongs here: what such a place stops, what it does with the goods, what it is asked. What
never does: when an order leaves (activities/order_filling.py), or the letter (order_letters.py).
The letter and the page where it is answered say the same words.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class StopWords:
    """The words for one kind of channel; `subject` and `please` hold `{what}`.

    `handling` is empty where there are no goods, and `counted` where nothing is to be counted;
    `ask` is the question of the page, `is_done` what has happened when it is answered with yes.
    """

    subject: str
    please: str
    handling: str
    ask: str
    is_done: str
    counted: str

    @property
    def has_goods(self) -> bool:
        """Say whether goods stand there that are counted."""
        return bool(self.counted)


_APART: Final = {
    "en": "Set the goods apart. Do not return or destroy them yet.",
    "zh": "请将货品单独存放，暂不退回，也不要销毁。",
}
_HOLD: Final = {"en": ", and how many you hold", "zh": "及现有数量"}

SELLS: Final = {
    "en": StopWords(
        "Stop sale now: {what}",
        "Please stop selling, shipping and promoting now: {what}.",
        _APART["en"],
        "Have you stopped?",
        "you have stopped",
        _HOLD["en"],
    ),
    "zh": StopWords(
        "立即停售：{what}",
        "请立即停止销售、发货和推广：{what}。",
        _APART["zh"],
        "是否已停售？",
        "已停售",
        _HOLD["zh"],
    ),
}
"""Whoever sells, and every kind without words of its own."""

OTHERS: Final = {
    "warehouse": {
        "en": StopWords(
            "Do not ship: {what}",
            "Please ship none of this from now on, and hold back orders not yet sent: {what}.",
            _APART["en"],
            "Have you stopped shipping it?",
            "you have stopped shipping it",
            _HOLD["en"],
        ),
        "zh": StopWords(
            "立即停发：{what}",
            "请立即停止发货，尚未发出的订单一并拦下：{what}。",
            _APART["zh"],
            "是否已停止发货？",
            "已停止发货",
            _HOLD["zh"],
        ),
    },
    "carrier": {
        "en": StopWords(
            "Hold what is under way: {what}",
            "Please accept none of this, and hold all parcels and pallets under way: {what}.",
            "Keep them where they are. Do not deliver, return or destroy them until we call.",
            "Have you held what is under way?",
            "you have held what is under way",
            ", and how many you hold",
        ),
        "zh": StopWords(
            "立即拦下在途货物：{what}",
            "请立即停止揽收和派送，拦下所有在途包裹和货物：{what}。",
            "货物请留在原处，接到我方通知前不派送、不退回、不销毁。",
            "在途货物是否已拦下？",
            "已拦下在途货物",
            "及拦下数量",
        ),
    },
    "samples": {
        "en": StopWords(
            "Stop handing out: {what}",
            "Please hand out no samples, testers or gifts of this from now on: {what}.",
            _APART["en"],
            "Have you stopped handing it out?",
            "you have stopped handing it out",
            _HOLD["en"],
        ),
        "zh": StopWords(
            "立即停止派发：{what}",
            "请立即停止派发小样、试用装和赠品：{what}。",
            _APART["zh"],
            "是否已停止派发？",
            "已停止派发",
            _HOLD["zh"],
        ),
    },
    "promotion": {
        "en": StopWords(
            "Stop promotion now: {what}",
            "Please show and promote this no more: {what}. Cancel scheduled posts, advertisements "
            "and livestreams, and take down links to it.",
            "",
            "Have you stopped the promotion?",
            "the promotion has stopped",
            "",
        ),
        "zh": StopWords(
            "立即停推：{what}",
            "请立即停止展示和推广：{what}。定时发布、广告投放和直播安排请全部取消，商品链接请下架。",
            "",
            "是否已停止推广？",
            "已停止推广",
            "",
        ),
    },
    "salon": {
        "en": StopWords(
            "Stop use and sale now: {what}",
            "Please stop using this on customers, selling and promoting it now: {what}.",
            _APART["en"],
            "Have you stopped using and selling it?",
            "you have stopped using and selling it",
            _HOLD["en"],
        ),
        "zh": StopWords(
            "立即停用、停售：{what}",
            "请立即停止给顾客使用，停止销售和推广：{what}。",
            _APART["zh"],
            "是否已停用、停售？",
            "已停用、停售",
            _HOLD["zh"],
        ),
    },
    "plant": {
        "en": StopWords(
            "Stop production now: {what}",
            "Please stop producing and releasing this now: {what}.",
            "Set finished goods, bulk and the raw material used apart, and mark them. Secure the "
            "retained samples and the batch records. Rework, ship or destroy nothing yet.",
            "Have you stopped production?",
            "production has stopped",
            ", and how many units you set apart",
        ),
        "zh": StopWords(
            "立即停产：{what}",
            "请立即停止生产和放行：{what}。",
            "成品、半成品和所用原料请单独存放并做好标识，留样和批记录请妥善封存；暂不返工、不发运、不销毁。",
            "是否已停产？",
            "已停产",
            "及单独存放的数量",
        ),
    },
    "supplier_material": {
        "en": StopWords(
            "Stop delivery of raw material: {what}",
            "Please deliver no raw material for this from now on, and hold back what is under "
            "way: {what}.",
            "Set what you have of the same material lots apart, and keep their retained samples "
            "and records. Destroy nothing yet.",
            "Have you stopped delivery?",
            "you have stopped delivery",
            ", and how much you hold",
        ),
        "zh": StopWords(
            "立即暂停供应原料：{what}",
            "请立即暂停供应下列产品所用的原料，在途的一并拦下：{what}。",
            "同批原料请单独存放，留样和记录请妥善保存，暂不销毁。",
            "是否已暂停供货？",
            "已暂停供货",
            "及现有数量",
        ),
    },
}
"""Kinds of channels that do not simply sell."""

MATERIAL_USED: Final = ("plant", "supplier_material")
"""Kinds that are told which raw-material lots are blocked, as far as it is known."""

MATERIAL: Final = {
    "en": "Raw-material lots blocked so far: {lots}.\n",
    "zh": "目前已冻结的原料批次：{lots}。\n",
}
CODES: Final = {"en": "Bar codes: {codes}.\n", "zh": "商品条码：{codes}。\n"}
AGAIN: Final = {
    "en": "This is request no. {number}; the first went out at {when}.\n",
    "zh": "本次为第 {number} 次通知，首次通知于{when}发出。\n",
}
SECOND: Final = {
    "en": "This is the second request; the first went out at {when}.\n",
    "zh": "本次为第二次通知，首次通知于{when}发出。\n",
}
REMINDS: Final = {"en": "Again: ", "zh": "再次通知："}
"""Before the subject of a request that is not the first."""

SEEN: Final = {
    ("en", False): (
        "Goods that you are to stop were seen on sale at {when}. Stop them now, and answer again.\n"
    ),
    ("en", True): (
        "Goods that you are to stop were seen on sale at {when}, though you had answered that "
        "{is_done}. Stop them now, and answer again.\n"
    ),
    ("zh", False): "{when}发现须停止的货品仍在售，请立即停止并重新答复。\n",
    ("zh", True): "贵方此前答复{is_done}，但{when}发现须停止的货品仍在售，请立即停止并重新答复。\n",
}
"""Of goods that were seen on sale; also though the channel had said that it stopped."""

SEEN_SUBJECT: Final = {"en": "Still on sale: ", "zh": "仍在售："}

STAYS: Final = {
    "en": "The order before has ended in part. What is named here stays stopped.\n",
    "zh": "先前的指令已部分解除，此处所列货品仍须停止。\n",
}
"""Of an order that goes on with what is left of another; it reminds of nothing."""

STAYS_BESIDE: Final = {
    "en": "An order for other goods has ended. What is named here stays stopped.\n",
    "zh": "针对其他货品的指令已解除，此处所列货品仍须停止。\n",
}
"""Of an order that stands beside one that ended; it reminds of nothing either."""

STAYS_SUBJECT: Final = {"en": "Stays stopped: ", "zh": "仍须停止："}


def stop_words(kind: str, language: str) -> StopWords:
    """Give the words of an order to stop for a kind of channel."""
    return OTHERS.get(kind, SELLS)[language]


def again_said(number: int, when: str, language: str) -> str:
    """Say which request this is; nothing of the first."""
    if number < 2:
        return ""
    words = SECOND if number == 2 else AGAIN
    return words[language].format(number=number, when=when)
