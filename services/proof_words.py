"""What a fault of a proof by replay says, in English and Chinese.

What belongs here: one sentence for each kind of fault. What never does: finding one.
"""

from services.history_bundle import Fault

SENTENCES: dict[str, tuple[str, str]] = {
    "ledger_unreadable": (
        "Entry {entry} of the ledger cannot be read.",
        "台账第{entry}条无法读取。",
    ),
    "rules_unreadable": (
        "Rules that the record stood under are missing or cannot be read: {what}",
        "记录所依据的规则缺失或无法读取：{what}",
    ),
    "history_absent": (
        "{what} is not there.",
        "缺少{what}。",
    ),
    "history_changed": (
        "{what} was changed: its hash is not the one in the index.",
        "{what}已被改动：其哈希与索引中的不一致。",
    ),
    "history_unreadable": (
        "The history cannot be read: {what}",
        "历史记录无法读取：{what}",
    ),
    "history_order": (
        "The history is not whole: {what}.",
        "历史记录不完整：{what}。",
    ),
    "history_too_large": (
        "The history is larger than any that a server keeps: {what}.",
        "历史记录超过服务器所能保存的上限：{what}。",
    ),
    "history_index": (
        "The history is another one than the index says: {what}.",
        "历史记录与索引所述不符：{what}。",
    ),
    "history_type": (
        "There is no workflow of this type: {what}.",
        "没有这种类型的工作流：{what}。",
    ),
    "nondeterministic": (
        "The workflow's code does otherwise than the history says: {what}",
        "工作流代码的行为与历史记录不一致：{what}",
    ),
    "history_fails": (
        "The replay does not come to the end of the history: {what}",
        "重放未能走完历史记录：{what}",
    ),
    "no_state": (
        "The replayed workflow came to no state.",
        "重放的工作流没有得出状态。",
    ),
    "entry_differs": (
        "The history decides entry {entry} otherwise than the ledger has it; first at {path}.",
        "历史记录对第{entry}条的决定与台账不同；首个不同处：{path}。",
    ),
    "state_differs": (
        "After entry {entry} the replayed state is not that of the ledger; first at {path}.",
        "第{entry}条之后，重放得出的状态与台账不同；首个不同处：{path}。",
    ),
    "ledger_short": (
        "The history recorded {entry} entries; the ledger has fewer.",
        "历史记录中已记入{entry}条，而台账条目较少。",
    ),
    "run_missing": (
        "No history decides entries {what}.",
        "没有任何历史记录作出第{what}条的决定。",
    ),
    "stored_differs": (
        "The state that is stored for pages is not that of the ledger after entry {entry}.",
        "供页面使用的存储状态与台账第{entry}条之后的状态不同。",
    ),
    "live_differs": (
        "The state of the running workflow is not that of the ledger after entry {entry}.",
        "正在运行的工作流的状态与台账第{entry}条之后的状态不同。",
    ),
    "limit": (
        "The proof was ended: {what}. Nothing is known of what it had not come to.",
        "证明已被中止：{what}。尚未处理的部分无从得知。",
    ),
}
"""Fault → English, Chinese; `{what}` may be text of whoever made the record, cut short."""

WHOLE = ("the whole state", "整个状态")


def sentence(fault: Fault, language: str = "en") -> str:
    """Tell a fault in `en` or `zh`; the place (workflow, run, event) stands beside it."""
    which = 1 if language == "zh" else 0
    told = SENTENCES[fault.kind][which]
    shown = "".join(each if each.isprintable() else "�" for each in fault.what)
    return told.format(entry=fault.entry, path=fault.path or WHOLE[which], what=shown)
