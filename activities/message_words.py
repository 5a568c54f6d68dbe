"""The words of messages to people of the company, in English and Chinese.

What belongs here: subject and body per kind of message. What never does: whom to tell, or a word to
the outside (templates/press).
"""

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "report_received": {
        "en": (
            "New report",
            "A problem was reported: {products}. Grade it and accept or close it.",
        ),
        "zh": ("新报告", "收到问题报告：{products}。请评定等级，并决定受理或关闭。"),
    },
    "report_accepted": {
        "en": ("Incident accepted", "The report stands as an incident, grade {grade}."),
        "zh": ("事件已受理", "该报告已作为事件受理，事件等级：{grade}。"),
    },
    "report_closed": {
        "en": ("Report closed", "The report was closed without an incident."),
        "zh": ("报告已关闭", "该报告已关闭，未作为事件处理。"),
    },
    "report_linked": {
        "en": ("Report linked", "The report was linked to another incident."),
        "zh": ("报告已并入", "该报告已并入另一事件。"),
    },
    "reminder": {
        "en": ("Due soon: {title}", "{title}: due at {due_at}."),
        "zh": ("即将到期：{title}", "{title}：截止时间 {due_at}。"),
    },
    "overdue": {
        "en": ("Overdue: {title}", "{title} was due at {due_at}. It stays open. Deputies may act."),
        "zh": ("已逾期：{title}", "{title} 应于 {due_at} 前完成，现仍未完成。副职可以代行。"),
    },
    "case_opened": {
        "en": ("A person is hurt", "Answer them, in person, by {due_at}. Level: {level}."),
        "zh": ("有消费者受到伤害", "请在 {due_at} 前由专人答复。等级：{level}。"),
    },
    "drift": {
        "en": ("Still on sale", "Channel {channel} still sells: {how_seen}"),
        "zh": ("仍在销售", "渠道 {channel} 仍在销售：{how_seen}"),
    },
    "incident_closed": {
        "en": ("Closed and sealed", "The incident is closed: {title}"),
        "zh": ("事件已关闭并封存", "事件已关闭：{title}"),
    },
    "incident_reopened": {
        "en": ("Reopened", "The incident is open again. New fact: {title}"),
        "zh": ("事件重新启动", "事件已重新启动。新情况：{title}"),
    },
    "situation_report": {
        "en": ("Situation report {number}", "Its figures stand on the incident's page. {title}"),
        "zh": ("第 {number} 期情况通报", "数据见事件页面。{title}"),
    },
    "act_to_read": {
        "en": ("Read before it is signed: {title}", "{title} ({act}) is proposed. Read it."),
        "zh": ("签署前请审阅：{title}", "{act}“{title}”已提交签署，请审阅。"),
    },
    "role_assigned": {
        "en": (
            "You are named",
            "You are named for the role: {role}. Accept it on the incident page.",
        ),
        "zh": ("您被指定担任职责", "您被指定担任：{role}。请在事件页面上确认。"),
    },
    "legal_hold": {
        "en": ("Legal hold: keep everything", "Keep and change nothing: {scope}. Acknowledge it."),
        "zh": ("法律保全：一切保留", "请保留一切，不得更改：{scope}。请确认已知悉。"),
    },
    "record_contradicted": {
        "en": ("A record is contradicted", "{title}."),
        "zh": ("记录被当事人否认", "书记员代记的内容被当事人否认，请重新决定以何为准。"),
    },
    "authority_act": {
        "en": ("An authority acts", "{title}. Look at its answer clock."),
        "zh": ("监管部门已有动作", "{title}。请查看答复时限。"),
    },
    "duty_arisen": {
        "en": (
            "A duty to report",
            "{title} (rule {rule}). See due time and derivation on the page.",
        ),
        "zh": ("产生报告义务", "{title}（规则 {rule}）。到期时间及推算过程见页面。"),
    },
    "recall_decided": {
        "en": ("Decided: {decision}", "The decision is {decision}. Depth: {depth}."),
        "zh": ("已作出决定：{decision}", "决定：{decision}；召回层级：{depth}。"),
    },
    "recall_reopened": {
        "en": (
            "Decide about the recall again",
            "A new fact came in after it was decided not to recall.",
        ),
        "zh": ("请重新决定是否召回", "决定不召回之后出现了新情况。"),
    },
    "recall_completed": {
        "en": ("Recall completed: {market}", "The recall is completed by us in {market}."),
        "zh": ("召回完成：{market}", "本公司已完成在 {market} 的召回。"),
    },
    "recall_termination_requested": {
        "en": ("Termination requested: {market}", "Termination is requested in {market}."),
        "zh": ("已申请终止召回：{market}", "已就 {market} 申请终止召回。"),
    },
    "recall_terminated": {
        "en": ("Recall terminated: {market}", "The authority terminated the recall in {market}."),
        "zh": ("召回终止：{market}", "监管部门已终止 {market} 的召回。"),
    },
    "scope_first": {
        "en": ("Scope set", "Scope version {version} is set."),
        "zh": ("召回范围已确定", "召回范围第 {version} 版已确定。"),
    },
    "scope_widened": {
        "en": ("Scope widened", "Scope version {version}. Lots added: {lots_added}."),
        "zh": ("召回范围扩大", "召回范围第 {version} 版。新增批次：{lots_added}。"),
    },
    "scope_narrowed": {
        "en": ("Scope narrowed", "Scope version {version}. Lots removed: {lots_removed}."),
        "zh": ("召回范围缩小", "召回范围第 {version} 版。移出批次：{lots_removed}。"),
    },
    "review_asked": {
        "en": ("Approve {statement}", "{statement} version {version} waits for your approval."),
        "zh": ("请审批 {statement}", "{statement} 第 {version} 版等待您审批。"),
    },
    "changes_requested": {
        "en": ("Changes asked for: {statement}", "{by} asks for changes in {statement}: {reason}"),
        "zh": ("{statement} 被退回修改", "{by} 要求修改 {statement}：{reason}"),
    },
    "review_lapsed": {
        "en": (
            "Hand in again: {statement}",
            "The plan that holds now asks other approvals for {statement}. Hand it in again.",
        ),
        "zh": ("请重新送审 {statement}", "现行版本预案对 {statement} 的审批要求不同，请重新送审。"),
    },
    "rules_adopted": {
        "en": (
            "Version {version} of the plan holds here",
            "This incident goes on by version {version} of the plan. What was decided stands.",
        ),
        "zh": (
            "本事件改用 {version} 版预案",
            "本事件自即刻起按 {version} 版预案处置，此前的决定继续有效。变更内容见事件页面。",
        ),
    },
    "publish_by_hand": {
        "en": (
            "Publish by hand: {statement} at {place}",
            "The exact text lies ready in the outbox. Bring it there, then confirm what stands.",
        ),
        "zh": (
            "请人工发布：{statement} → {place}",
            "{statement} 的定稿已放入发件箱。请原文发布到 {place}，然后确认页面上的内容。",
        ),
    },
    "statement_published": {
        "en": ("Out: {statement} at {place}", "{statement} stands at {place}: {link}"),
        "zh": ("已发布：{statement} → {place}", "{statement} 已在 {place} 发布：{link}"),
    },
    "publication_failed": {
        "en": ("Not published: {statement} at {place}", "{statement} at {place}: {error}"),
        "zh": ("发布未成功：{statement} → {place}", "{statement} 在 {place} 的发布有问题：{error}"),
    },
    "statement_flagged": {
        "en": ("Said to be wrong: {statement}", "{by} says that {statement} is wrong: {what}"),
        "zh": ("{statement} 被指有误", "{by} 指出 {statement} 有误：{what}"),
    },
}
OTHER = {
    "en": ("News of {incident}", "{title}"),
    "zh": ("{incident} 有新情况", "{title}"),
}
