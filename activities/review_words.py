"""The words of messages about the review of a text, in English and Chinese.

What belongs here: handed in, sent back, handed in again. What never does: the other messages
(activities/message_words.py).
"""

from typing import Final

REVIEWS: Final[dict[str, dict[str, tuple[str, str, str]]]] = {
    "review_asked": {
        "en": (
            "Approve: {text}",
            "Read it, and approve it or ask for changes.",
            "Version {version} of {text} waits for your approval.",
        ),
        "zh": (
            "请审批：{text}",
            "请审阅，并批准或要求修改。",
            "{text} 第 {version} 版等待您审批。",
        ),
    },
    "changes_requested": {
        "en": ("Changes asked for: {text}", "Change the text.", "{by} asks for changes: {reason}"),
        "zh": ("要求修改：{text}", "请修改文本。", "{by}要求修改：{reason}"),
    },
    "review_moved": {
        "en": (
            "Hand in again: {text}",
            "Read the new version, and hand it in for approval again.",
            (
                "A fact that the text tells has changed or was checked, or the agreed line changed."
                " The text was written again as version {version} and is a draft now; no approval"
                " of before counts."
            ),
        ),
        "zh": (
            "请重新送审：{text}",
            "请审阅新版本，并重新送审。",
            (
                "文本引用的事实有变更或已核实，或统一口径已调整。"
                "文本已改写为第 {version} 版并退回草稿，此前的审批失效。"
            ),
        ),
    },
    "review_withdrawn": {
        "en": (
            "Not to be approved now: {text}",
            "Nothing to do: you are asked again once it is handed in.",
            (
                "A fact that the text tells has changed or was checked, or the agreed line changed."
                " Version {version} is a draft; what you read before no longer stands."
            ),
        ),
        "zh": (
            "暂不需审批：{text}",
            "目前无需处理；重新送审后会再请您审批。",
            (
                "文本引用的事实有变更或已核实，或统一口径已调整。"
                "第 {version} 版现为草稿，您此前看到的版本已不再有效。"
            ),
        ),
    },
    "review_lapsed": {
        "en": (
            "Hand in again: {text}",
            "Hand the text in for approval again.",
            "The plan that holds now asks other approvals. Those for version {version} lapsed.",
        ),
        "zh": (
            "请重新送审：{text}",
            "请将文本重新送审。",
            "现行预案要求的审批不同，第 {version} 版文本此前的审批已失效。",
        ),
    },
}
"""Per kind and language: subject, what to do now, what happened."""
