"""Words of letters that no incident's plan tells: requests to erase, wrong codes at a room.

What belongs here: those messages in English and Chinese. What never does: whom to tell, or a word
about the person whose data are meant.
"""

from typing import Final

_TO_DO_EN: Final = (
    "Legal: read request {request}, then erase it for ever, or say to the privacy officer why not. "
    "The privacy officer withdraws what is not to be erased."
)
_TO_DO_ZH: Final = (
    "法务：请查看申请 {request}，再确认永久删除，或向个人信息保护负责人说明为何不删除；"
    "不删除的申请由个人信息保护负责人撤回。"
)

_WISHED_EN: Final = (
    "Whoever asked must hear what was done, or why not, within one month of asking (GDPR "
    "art. 12(3)): {due_at}, counted from the request here. If the person asked earlier, it is "
    "earlier. The PIPL asks for it in good time and names no number of days. Nothing is erased "
    "until a second person confirms."
)
_WISHED_ZH: Final = (
    "须在本人提出之日起一个月内告知处理结果或不删除的理由（GDPR 第 12 条第 3 款）：{due_at}，"
    "按此处登记之日计算；本人更早提出的，期限相应提前。《个人信息保护法》要求及时处理，未规定天数。"
    "第二人确认之前，不删除任何内容。"
)
_WAITS_EN: Final = (
    "The request waits for a second person. No law names a day for it; until it is decided the "
    "data are kept."
)

_GUESSED_EN: Final = (
    "At least {tries} wrong codes were tried within an hour at room {room}. After five the door "
    "stays shut for some minutes. From which networks stands on the room's page."
)
_GUESSED_ZH: Final = (
    "一小时内在查阅室 {room} 至少有 {tries} 次输错访问码。输错五次后，入口关闭数分钟。"
    "来源网络见该查阅室页面。"
)

HOUSE: Final[dict[str, dict[str, tuple[str, str, str]]]] = {
    "erasure_asked": {
        "en": ("To be decided: erase personal data", _TO_DO_EN, _WAITS_EN),
        "zh": (
            "待决定：删除个人信息",
            _TO_DO_ZH,
            "该申请须由第二人确认。法律没有规定期限；在作出决定之前，数据继续保存。",
        ),
    },
    "erasure_wished": {
        "en": ("To be decided by {due_at}: erase personal data", _TO_DO_EN, _WISHED_EN),
        "zh": ("请于{due_at}前决定：删除个人信息", _TO_DO_ZH, _WISHED_ZH),
    },
    "room_guessed": {
        "en": (
            "Wrong codes at room {room}",
            "Ask the inspector whether it was them. If not, close the room and open another.",
            _GUESSED_EN,
        ),
        "zh": (
            "查阅室 {room} 有人多次输错访问码",
            "请向检查人员核实是否本人所为；如非本人，请关闭该查阅室并另开一间。",
            _GUESSED_ZH,
        ),
    },
}
