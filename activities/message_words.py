"""The words of messages to people of the company, in English and Chinese.

What belongs here: per kind of message the subject, what the reader has to do now, what happened,
and which page it stands on. What never does: whom to tell, or a word to the outside
(templates/press). Values come in the reader's words already (activities/speaking.py).
"""

from typing import Final

from activities.asked_words import ASKED
from activities.house_words import HOUSE
from activities.review_words import REVIEWS
from activities.watch_words import SWEPT

NOTHING_EN: Final = "Nothing is asked of you now."
NOTHING_ZH: Final = "现在不需要您处理。"

Told = tuple[str, str, str]
"""Subject, what to do now, what happened."""

WORDS: Final[dict[str, dict[str, Told]]] = {
    "report_received": {
        "en": (
            "New report: {products}",
            "Acknowledge the report, grade it, then accept or close it.",
            "A problem with {products} was reported.",
        ),
        "zh": (
            "新报告：{products}",
            "请确认收到报告，评定等级，再决定受理或关闭。",
            "收到关于{products}的问题报告。",
        ),
    },
    "report_received_danger": {
        "en": (
            "Immediate danger reported: {products}",
            "Acknowledge the report now, grade it, then accept or close it.",
            "A problem with {products} was reported. Who reported it sees people in danger now.",
        ),
        "zh": (
            "报告称有紧迫危险：{products}",
            "请立即确认收到报告，评定等级，再决定受理或关闭。",
            "收到关于{products}的问题报告。报告人认为有人正面临紧迫危险。",
        ),
    },
    "report_accepted": {
        "en": (
            "Incident accepted, grade: {grade}",
            "See what is asked of you on the incident's page.",
            "The report stands as an incident. Grade: {grade}.",
        ),
        "zh": (
            "事件已受理，等级：{grade}",
            "请在事件页面查看需要您办理的事项。",
            "该报告已作为事件受理。事件等级：{grade}。",
        ),
    },
    "report_accepted_by_silence": {
        "en": (
            "Incident accepted by the plan, grade: {grade}",
            "See what is asked of you on the incident's page.",
            "Nobody decided about the report in time, so the plan accepted it. Grade: {grade}.",
        ),
        "zh": (
            "预案已自动受理事件，等级：{grade}",
            "请在事件页面查看需要您办理的事项。",
            "报告逾期无人决定，已按预案自动受理。事件等级：{grade}。",
        ),
    },
    "report_closed": {
        "en": ("Report closed", NOTHING_EN, "The report was closed without an incident."),
        "zh": ("报告已关闭", NOTHING_ZH, "该报告已关闭，未作为事件处理。"),
    },
    "report_linked": {
        "en": (
            "Report linked",
            NOTHING_EN,
            "The report was linked to another incident, which goes on.",
        ),
        "zh": ("报告已关联", NOTHING_ZH, "该报告已关联到另一事件，由该事件继续处理。"),
    },
    "reminder": {
        "en": ("Due soon: {title}", "{title}", "Due: {due_at}, {left}.\nAsked of: {asked}."),
        "zh": (
            "即将到期：{title}",
            "请办理：{title}",
            "期限：{due_at}，{left}。\n承办：{asked}。",
        ),
    },
    "overdue": {
        "en": (
            "Overdue: {title}",
            "{title}",
            "Due {due_at}, {left}; still open. Deputies may do it now.\nAsked of: {asked}.",
        ),
        "zh": (
            "已逾期：{title}",
            "请立即办理：{title}",
            "期限为{due_at}（{left}），现仍未完成。代理人现在可以代为办理。\n承办：{asked}。",
        ),
    },
    "overdue_in_person": {
        "en": (
            "Overdue: {title}",
            "{title}",
            "Due {due_at}, {left}; still open. Nobody else can do it.\nAsked of: {asked}.",
        ),
        "zh": (
            "已逾期：{title}",
            "请立即办理：{title}",
            "期限为{due_at}（{left}），现仍未完成。他人不能代办。\n承办：{asked}。",
        ),
    },
    "case_opened": {
        "en": (
            "A person is hurt: answer by {due_at}",
            "Have somebody answer this person, in person, by {due_at}.",
            "A consumer says that a product of ours hurt them. Level: {level}.",
        ),
        "zh": (
            "有消费者受到伤害：请在{due_at}前答复",
            "请在{due_at}前由专人答复这位消费者。",
            "有消费者反映使用我方产品后受到伤害。等级：{level}。",
        ),
    },
    "drift": {
        "en": (
            "Still on sale: {channel}",
            "Make {channel} stop again, and confirm that it did.",
            "It was seen that {channel} still sells: {how_seen}",
        ),
        "zh": (
            "仍在销售：{channel}",
            "请让{channel}再次停售，并予以确认。",
            "发现{channel}仍在销售：{how_seen}",
        ),
    },
    "incident_closed": {
        "en": (
            "Closed and sealed",
            NOTHING_EN,
            "The incident is closed, its file is sealed. {title}",
        ),
        "zh": ("事件已关闭并封存", NOTHING_ZH, "事件已关闭，档案已封存。{title}"),
    },
    "incident_reopened": {
        "en": (
            "Reopened",
            "Read the new fact, and see what is asked of you again.",
            "The incident is open again. New fact: {title}",
        ),
        "zh": (
            "事件已重新打开",
            "请查看新的事实，以及重新需要您办理的事项。",
            "事件已重新打开。新的事实：{title}",
        ),
    },
    "situation_report": {
        "en": ("Situation report {number}", "Read it; its figures stand on the page.", "{title}"),
        "zh": ("第 {number} 期情况通报", "请阅读通报，数据见该页面。", "{title}"),
    },
    "act_to_read": {
        "en": (
            "Read before it is signed: {title}",
            "Read it before it is signed.",
            "Proposed for signature: {title}.",
        ),
        "zh": ("签署前请审阅：{title}", "请在签署前审阅。", "已提交签署：{title}。"),
    },
    "role_assigned": {
        "en": (
            "You are named: {role}",
            "Accept the role.",
            "You are named for this role in the incident: {role}.",
        ),
        "zh": ("您被指定为：{role}", "请确认接任。", "您被指定在本事件中担任{role}。"),
    },
    "legal_hold": {
        "en": (
            "Legal hold: keep everything",
            "Keep everything named here, change nothing, and acknowledge the hold.",
            "To be kept: {scope}",
        ),
        "zh": (
            "证据保全：一切保留",
            "请原样保留下列内容，不得更改，并确认已知悉。",
            "保留范围：{scope}",
        ),
    },
    "invited": {
        "en": (
            "You are invited to look at an incident",
            "Read what is opened to you, and give your opinion to the person who invited you.",
            "The question: {scope}\nOpen to you until: {until_at}.",
        ),
        "zh": (
            "邀请您查阅一起事件",
            "请查阅向您开放的内容，并将意见告知邀请人。",
            "需要您解答的问题：{scope}\n开放至：{until_at}。",
        ),
    },
    "record_contradicted": {
        "en": (
            "A record is contradicted",
            "Decide anew what is meant.",
            "The person a scribe wrote for says that the record is wrong. Entries: {entries}.",
        ),
        "zh": (
            "代记内容被本人否认",
            "请重新决定以何为准。",
            "本人表示记录员代记的内容与其说法不符。涉及记录：第 {entries} 号。",
        ),
    },
    "authority_act": {
        "en": (
            "An authority acts: {title}",
            "Read what it asks for, and answer in time.",
            "The clock for its answer stands on the page.",
        ),
        "zh": (
            "监管部门采取行动：{title}",
            "请查看其要求，并按时答复。",
            "答复时限见该页面。",
        ),
    },
    "duty_arisen": {
        "en": (
            "A duty to report: {title}",
            "Check the duty, and report in time. {due}",
            "{title}. By {rule} ({force}).\n{since}\nHow the time is counted stands on the page.",
        ),
        "zh": (
            "产生报告义务：{title}",
            "请核对该义务，并按时报告。{due}",
            "{title}。依据：{rule}（{force}）。\n{since}\n期限的推算过程见该页面。",
        ),
    },
    "duty_possible": {
        "en": (
            "Possibly a duty to report: {title}",
            "Decide whether this has to be reported. {due}",
            "{title}. By {rule} ({force}).\n{since}\nHow the time is counted stands on the page.",
        ),
        "zh": (
            "可能产生报告义务：{title}",
            "请决定是否需要报告。{due}",
            "{title}。依据：{rule}（{force}）。\n{since}\n期限的推算过程见该页面。",
        ),
    },
    "duty_reopened": {
        "en": (
            "Open again: {title}",
            "See by when it has to be reported, and report in time.",
            "{title}. By {rule}. Why it is open again, and when it is due, stands on the page.",
        ),
        "zh": (
            "重新转为待报告：{title}",
            "请查看报告期限，并按时报告。",
            "{title}。依据：{rule}。重新打开的原因及报告期限见该页面。",
        ),
    },
    "recall_decided": {
        "en": (
            "Decided: {decision}",
            "See what the decision asks of you.",
            "The decision: {decision}. {depth}.",
        ),
        "zh": (
            "已作出决定：{decision}",
            "请查看该决定要求您办理的事项。",
            "决定：{decision}；{depth}。",
        ),
    },
    "recall_not_decided": {
        "en": (
            "Decided: {decision}",
            "Read the reasons, and when it is looked at again.",
            "The decision: {decision}.",
        ),
        "zh": ("已作出决定：{decision}", "请查看理由及复核日期。", "决定：{decision}。"),
    },
    "recall_reopened": {
        "en": (
            "Decide about the recall again",
            "Decide again whether to recall.",
            "A new fact came in after it was decided not to recall: entry {entry} of the record.",
        ),
        "zh": (
            "请重新决定是否召回",
            "请重新决定是否召回。",
            "决定不召回之后又有新的事实：第 {entry} 号记录。",
        ),
    },
    "recall_completed": {
        "en": (
            "Recall completed: {market}",
            "See whether an authority has to end it too.",
            "On our side the recall is completed: {market}.",
        ),
        "zh": (
            "召回完成：{market}",
            "请查看是否还须由监管部门终止召回。",
            "我方已完成在{market}的召回。",
        ),
    },
    "recall_termination_requested": {
        "en": (
            "Termination requested: {market}",
            NOTHING_EN,
            "The authority was asked to end the recall: {market}.",
        ),
        "zh": ("已申请终止召回：{market}", NOTHING_ZH, "已申请终止在{market}的召回。"),
    },
    "recall_terminated": {
        "en": (
            "Recall terminated: {market}",
            NOTHING_EN,
            "The authority has ended the recall: {market}.",
        ),
        "zh": ("召回终止：{market}", NOTHING_ZH, "监管部门已终止在{market}的召回。"),
    },
    "termination_to_confirm": {
        "en": (
            "Confirm a termination: {market}",
            "Look at the letter and record that the authority terminated.",
            "Its letter is here and ends nothing until one of you confirms it: {market}.",
        ),
        "zh": (
            "请确认终止召回：{market}",
            "请核对函件，并登记监管部门已终止召回。",
            "监管部门终止在{market}召回的函件已收到，须经您或同岗人员确认后方可生效。",
        ),
    },
    "scope_first": {
        "en": (
            "Scope set",
            "See what the scope asks of you.",
            "Version {version} of the scope stands. Lots: {lots_added}.",
        ),
        "zh": (
            "召回范围已确定",
            "请查看该范围要求您办理的事项。",
            "召回范围第 {version} 版已确定。批次：{lots_added}。",
        ),
    },
    "scope_widened": {
        "en": (
            "Scope widened",
            "See what the wider scope asks of you.",
            "Version {version} of the scope stands. Lots added: {lots_added}.",
        ),
        "zh": (
            "召回范围扩大",
            "请查看扩大后的范围要求您办理的事项。",
            "召回范围第 {version} 版已确定。新增批次：{lots_added}。",
        ),
    },
    "scope_narrowed": {
        "en": (
            "Scope narrowed",
            "See what the narrower scope asks of you.",
            "Version {version} of the scope stands. Lots taken out: {lots_removed}.",
        ),
        "zh": (
            "召回范围缩小",
            "请查看缩小后的范围要求您办理的事项。",
            "召回范围第 {version} 版已确定。移出批次：{lots_removed}。",
        ),
    },
    **REVIEWS,
    **ASKED,
    "rules_adopted": {
        "en": (
            "Version {version} of the plan holds here",
            "See what is asked of you by it.",
            "From now on version {version} of the plan holds. What was decided stands.",
        ),
        "zh": (
            "本事件改用 {version} 版预案",
            "请查看其中要求您办理的事项。",
            "本事件自即刻起按 {version} 版预案处置，此前的决定继续有效。",
        ),
    },
    "publish_by_hand": {
        "en": (
            "Publish by hand: {text} ({place})",
            "Bring the exact text there, then confirm what stands.",
            "The exact text for “{place}” lies ready in the outbox.",
        ),
        "zh": (
            "请人工发布：{text}（{place}）",
            "请原文发布，再确认发布后的内容。",
            "发布到“{place}”的定稿已放入发件箱。",
        ),
    },
    "statement_published": {
        "en": ("Out: {text} ({place})", NOTHING_EN, "It is published ({place}): {link}"),
        "zh": ("已发布：{text}（{place}）", NOTHING_ZH, "已发布（{place}）：{link}"),
    },
    "publication_failed": {
        "en": (
            "Not published: {text} ({place})",
            "Look at what went wrong, and publish it again.",
            "What went wrong stands on the page.",
        ),
        "zh": ("发布未成功：{text}（{place}）", "请查看原因，并重新发布。", "原因见该页面。"),
    },
    "newsrooms_missed": {
        "en": (
            "Not at every newsroom: {text}",
            "Reach these newsrooms another way: by telephone, or from your own mailbox.",
            "The e-mail did not arrive, or nobody knows: {newsrooms}",
        ),
        "zh": (
            "有媒体未收到：{text}",
            "请改用其他方式联系这些媒体：打电话，或用自己的邮箱发送。",
            "邮件未送达或无法确认：{newsrooms}",
        ),
    },
    "statement_flagged": {
        "en": (
            "Said to be wrong: {text}",
            "Correct the text, or find that it is right.",
            "{by} says what is wrong: {what}",
        ),
        "zh": ("被指有误：{text}", "请更正文本，或认定其无误。", "{by}指出：{what}"),
    },
    "statement_commented": {
        "en": (
            "Remark on your text: {text}",
            "Look at the remark, and say what came of it.",
            "{by} on “{quote}”: {what}",
        ),
        "zh": (
            "您的文本有批注：{text}",
            "请查看批注，并说明处理结果。",
            "{by}批注“{quote}”：{what}",
        ),
    },
    "release_held": {
        "en": (
            "Not released: {text}",
            "Look at what stands against it, then publish it or give it another time.",
            "It was to go out at {due_at}. It did not: {title}",
        ),
        "zh": (
            "未按时发布：{text}",
            "请查看原因，再发布或另定时间。",
            "原定{due_at}发布，未发布原因：{title}",
        ),
    },
    "previews_closed": {
        "en": (
            "Shared under embargo, and changed since: {text}",
            "Tell whoever has it that these words do not hold; share it again once it is approved.",
            "Previews that show nothing any more: {previews}.",
        ),
        "zh": (
            "提前提供的文本已有变动：{text}",
            "请告知已收到的人原文不再有效；重新批准后可再次提供。",
            "已失效的预览：{previews}。",
        ),
    },
    "schedule_lifted": {
        "en": (
            "Will not go out by itself: {text}",
            "Decide when the text goes out, if at all.",
            "{by} took its time away: {reason}",
        ),
        "zh": (
            "已取消定时发布：{text}",
            "请决定是否以及何时发布。",
            "{by}取消了定时：{reason}",
        ),
    },
    **SWEPT,
    **HOUSE,
}

OTHER: Final[dict[str, Told]] = {
    "en": ("News of {incident}", "See what is asked of you on the page.", "{title}"),
    "zh": ("{incident} 有新情况", "请在页面查看需要您办理的事项。", "{title}"),
}
"""What is said of a kind that has no words yet: it may come from a newer release."""

MARKED: Final = {
    "report_received": ("danger", "report_received_danger"),
    "report_accepted": ("by_silence", "report_accepted_by_silence"),
    "overdue": ("person", "overdue_in_person"),
    "duty_arisen": ("possible", "duty_possible"),
    "erasure_asked": ("due_at", "erasure_wished"),
}
"""Kinds that are said otherwise where a value of theirs is set: that value, and what is said."""

MISSING: Final = {
    "products": ("a product not named yet", "尚未指明的产品"),
    "entries": ("not named", "未指明"),
    "": ("none", "无"),
}
"""What stands for an empty list, by its name."""
