"""The words of what the house's rounds tell: duties unseen, what stands still, held goods on sale.

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
    "held_goods_seen": {
        "en": (
            "Held goods are on sale at {channel}",
            "Make {channel} take them off sale now. Then reopen the incident, or halt again there.",
            "{channel} sells what {incident} still holds. Offers {offers}, unshipped: {unshipped}.",
        ),
        "zh": (
            "{channel}在售仍须停售的产品",
            "请立即让{channel}下架这些产品，然后重新开启该事件，或在其中再次下令停售。",
            "{channel}在售{incident}仍须停售的产品：在售商品{offers}项，未发货订单{unshipped}单。",
        ),
    },
    "recall_untold": {
        "en": (
            "{channel} was not told what is recalled",
            "Call {channel}, or mend its connection. It is tried again all the same.",
            "For more than an hour {channel} could not be told what is recalled: {why}",
        ),
        "zh": (
            "召回内容未能通知{channel}",
            "请致电{channel}，或修复其连接；系统会继续重试。",
            "一个多小时以来，召回内容一直未能通知{channel}：{why}",
        ),
    },
    "joined_untold": {
        "en": (
            "{channel} is new and was not told what is recalled",
            "Call {channel}: it sells none of the recalled lots. Or order the halt of them anew.",
            "{channel} joined a level that sells again: it gets no order. Recalled lots stay held.",
        ),
        "zh": (
            "{channel}为新增渠道，尚未获知召回内容",
            "请致电{channel}：召回批次一律不得销售；或对这些批次重新下令停售。",
            "{channel}所属级别已恢复销售，不会收到停售指令；召回批次在那里仍一律停售。",
        ),
    },
    "history_lost": {
        "en": (
            "A history is gone: {incident}",
            "Have it restored from a backup. Its name stands in the company's log.",
            "The server and the archive no longer have it. The ledger of {incident} stands.",
        ),
        "zh": (
            "历史记录丢失：{incident}",
            "请安排从备份中恢复。其名称见公司日志。",
            "服务器和归档中均已没有该记录。{incident}的台账不受影响。",
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
