"""The words of what the sweep tells: a duty that passed unseen, an incident that stands still.

What belongs here and what never does: see message_words.py, which joins these to its own.
"""

from typing import Final

SWEPT: Final[dict[str, dict[str, tuple[str, str, str]]]] = {
    "duty_unseen": {
        "en": (
            "Overdue, and nothing moves: {title}",
            "Tell the authority now, also if this page does not work; record it afterwards.",
            "{title}\nTo: {authority}\nDue: {due_at}, {left}. Nothing is filed; its clock stands.",
        ),
        "zh": (
            "已逾期且事件停滞：{title_zh}",
            "请立即向监管部门报告；页面无法使用时先报告，之后补录。",
            "{title_zh}\n报告对象：{authority_zh}\n期限：{due_at}，{left}；至今未报告，计时已停滞。",
        ),
    },
    "stands_still": {
        "en": (
            "Nothing moves: {incident}",
            "Open the page, and check that the worker runs.",
            "Something was due, and nothing was recorded since.",
        ),
        "zh": (
            "无进展：{incident}",
            "请打开页面，并检查后台程序是否在运行。",
            "有事项到期，此后没有任何记录。",
        ),
    },
}
