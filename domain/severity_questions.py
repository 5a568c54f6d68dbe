"""The fourteen severity questions as a form shows them, in English and Chinese.

What belongs here: words and order of questions and answers (reference table 3.2), in plain words
for a tired person. What never does: a rule. T0, "who of us knew first, when, in which country",
is asked before these questions and belongs to the report: it starts clocks and grades nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.severity import (
    AuthorityAct,
    CredibleHarm,
    Evidence,
    Fault,
    Intent,
    Likelihood,
    Lots,
    Noticeable,
    Outcome,
    Publicity,
    Use,
    Users,
    Whereabouts,
)


class Step(StrEnum):
    """When a question must be answered."""

    IMMEDIATE = "I"
    """Before anything can be halted."""
    ASSESSMENT = "A"
    """Within 4 h (serious, critical) or 1 working day."""
    HAZARD = "H"
    """By the health hazard evaluation."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer a person may tick."""

    code: str
    label_en: str
    label_zh: str


@dataclass(frozen=True, slots=True)
class Part:
    """One blank inside a question; `kind` is number, yes_no, date or names."""

    code: str
    kind: str
    label_en: str
    label_zh: str


@dataclass(frozen=True, slots=True)
class Question:
    """One of the fourteen questions, as a form shows it.

    `code` names the field of `Answers` that holds a ticked answer (question 2 has parts only).
    `order` lists codes from best to worst where such an order exists, else it is empty; `unknown`
    never stands in it. `several` says that more than one answer may be ticked.
    """

    number: int
    code: str
    step: Step
    text_en: str
    text_zh: str
    answers: tuple[Choice, ...] = ()
    order: tuple[str, ...] = ()
    several: bool = False
    parts: tuple[Part, ...] = ()


_NOT_KNOWN = Choice("unknown", "Not known yet", "不清楚")


def _choices(labels: Mapping[str, tuple[str, str]]) -> tuple[Choice, ...]:
    ticked = tuple(Choice(str(code), en, zh) for code, (en, zh) in labels.items())
    return (*ticked, _NOT_KNOWN)


def _known(answer_list: type[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in answer_list if member.value != "unknown")


QUESTIONS: tuple[Question, ...] = (
    Question(
        1,
        "worst_outcome",
        Step.IMMEDIATE,
        "What is the worst thing that happened to a person?",
        "到目前为止，最严重的伤害后果是什么？",
        _choices(
            {
                Outcome.NONE: ("Nobody was hurt", "无人受伤"),
                Outcome.MILD: ("Mild; went away after stopping use", "停用后自行消退"),
                Outcome.TREATED: (
                    "Saw a doctor or was treated; expected to recover",
                    "就医治疗、可恢复",
                ),
                Outcome.INFECTION: ("An infection", "感染"),
                Outcome.INTERVENTION: (
                    "Needed treatment or surgery to prevent lasting damage",
                    "须医疗或手术干预以免永久损害",
                ),
                Outcome.TEMPORARY_INCAPACITY: (
                    "For a time could not see, move, work or do everyday things",
                    "暂时功能丧失",
                ),
                Outcome.DISFIGUREMENT: (
                    (
                        "Clearly visible damage: a severe rash that stays, a burn with blisters or "
                        "worse (second or third degree), marked hair loss, a scar"
                    ),
                    "明显损容（严重持续皮疹、二/三度灼伤、明显脱发、瘢痕）",
                ),
                Outcome.DISABILITY: (
                    "A disability, or a function of the body lost for good",
                    "残疾或永久功能丧失",
                ),
                Outcome.HOSPITALISED: ("Admitted to hospital", "住院"),
                Outcome.SYSTEMIC: (
                    (
                        "The whole body affected: allergic shock, blood poisoning, liver or kidney "
                        "damage"
                    ),
                    "全身性损害（过敏性休克、败血症、肝肾损害等）",
                ),
                Outcome.CONGENITAL: ("A child born with a defect", "先天异常"),
                Outcome.LIFE_THREATENING: ("Life was in danger", "危及生命"),
                Outcome.DEATH: ("Somebody died", "死亡"),
            }
        ),
        order=_known(Outcome),
    ),
    Question(
        2,
        "people",
        Step.IMMEDIATE,
        "How many people, how many of them seriously, where, since when?",
        "共几人？其中严重几人？在哪些地区？从何时开始？",
        parts=(
            Part("people", "number", "People hurt", "受伤害人数"),
            Part("serious_people", "number", "Of these, seriously", "其中严重人数"),
            Part("regions", "names", "Cities or regions", "涉及地区"),
            Part("first_onset_on", "date", "Day the first of them noticed it", "最早出现日期"),
            Part(
                "same_lot",
                "yes_no",
                "Is it one and the same lot (also of a recall abroad)?",
                "是否为同一批次（含境外召回的批次）？",
            ),
        ),
    ),
    Question(
        3,
        "fault",
        Step.IMMEDIATE,
        "What is wrong, or suspected wrong, with the product?",
        "产品有什么问题或疑似问题？",
        _choices(
            {
                Fault.PATHOGEN: ("Germs that cause disease", "致病菌"),
                Fault.MICROBIAL_LIMIT: ("Too many bacteria, yeast or mould", "菌落/霉菌超限"),
                Fault.FORBIDDEN_INGREDIENT: (
                    "A forbidden substance (steroid, antibiotic or the like)",
                    "禁用物质（激素、抗感染药物等）",
                ),
                Fault.RESTRICTED_EXCESS: ("Too much of a restricted substance", "限用物质超量"),
                Fault.TOXIC_CONTAMINANT: (
                    "A harmful impurity (heavy metal, benzene, asbestos or the like)",
                    "有害杂质（重金属、苯、石棉等）",
                ),
                Fault.CORROSIVE: ("Burns the skin, or wrong pH", "腐蚀/pH 异常"),
                Fault.FOREIGN_BODY_SHARP: ("Something sharp in it", "尖锐异物"),
                Fault.PACK_INJURY: (
                    "The pack can hurt: leaks, bursts, or a child can open it",
                    "包装可致伤（漏、爆、儿童可开启）",
                ),
                Fault.SAFETY_LABEL: (
                    (
                        "Label missing or wrong, and safety depends on it: allergen, warning, "
                        "how to use, use-by date"
                    ),
                    "标签缺失或错误且影响安全（过敏原、警示、用法、使用期限）",
                ),
                Fault.CONTENT_CHANGED: ("Looks, feels or smells different", "性状/气味改变"),
                Fault.PACK_LABEL_COSMETIC: (
                    "A blemish of pack or label; safety is not affected",
                    "包装/标签瑕疵不影响安全",
                ),
                Fault.EFFICACY_CLAIM: ("Does not do what it claims", "功效宣称"),
                Fault.COUNTERFEIT_SUSPECTED: ("May not be ours: a suspected fake", "疑似假冒"),
                Fault.SERVICE_OR_PRICE: ("Service, price or sales", "服务/价格/市场"),
                Fault.REPUTATION_ONLY: ("Only talk; no fault is named", "仅舆情"),
            }
        ),
    ),
    Question(
        4,
        "users",
        Step.IMMEDIATE,
        "Who uses it, and where on the body?",
        "什么人用、用在哪里？",
        _choices(
            {
                Users.INFANTS_CHILDREN: ("Babies or children", "婴幼儿/儿童"),
                Users.PREGNANT: ("Pregnant women", "孕妇"),
                Users.EYE_MUCOSA_BROKEN_SKIN: (
                    "Near the eyes, in the mouth or other moist places, or on broken skin",
                    "眼周/黏膜/破损皮肤",
                ),
                Users.INHALED: ("A spray or powder that can be breathed in", "喷雾可吸入"),
                Users.WEAK_OR_MEDICAL: (
                    "People with weak defences, or in a hospital or clinic",
                    "免疫低下/医疗场所",
                ),
                Users.GENERAL: ("Other adults", "一般成人"),
            }
        ),
        several=True,
    ),
    Question(
        5,
        "whereabouts",
        Step.IMMEDIATE,
        "Where is the affected product now, about how many, in which markets?",
        "受影响产品现在在哪里？约多少？哪些市场？",
        _choices(
            {
                Whereabouts.OWN_CONTROL: ("All of it still with us", "仅在本公司控制内"),
                Whereabouts.TRADE: ("Shipped to shops, dealers or platforms", "已进入渠道"),
                Whereabouts.CONSUMERS: ("People have it at home", "已到消费者手中"),
            }
        ),
        order=_known(Whereabouts),
        parts=(
            Part("units", "number", "About how many units", "约多少件"),
            Part("markets", "names", "In which markets?", "在哪些市场？"),
        ),
    ),
    Question(
        6,
        "use",
        Step.ASSESSMENT,
        "Was it used as the label says?",
        "是否按标签正常使用？",
        _choices(
            {
                Use.AS_LABELLED: ("Yes, as the label says", "正常使用"),
                Use.FORESEEABLE_MISUSE: (
                    "No, but in a way we must expect of people",
                    "可预见的误用",
                ),
                Use.UNFORESEEABLE: ("No, in a way nobody could expect", "不可预见"),
            }
        ),
    ),
    Question(
        7,
        "evidence",
        Step.ASSESSMENT,
        "How do we know?",
        "依据是什么？",
        _choices(
            {
                Evidence.ALLEGATION: ("One person says so", "单一陈述"),
                Evidence.SEVERAL: ("Several reports that agree", "多起一致"),
                Evidence.OWN_RECORDS: ("Our own tests or production records", "自检/生产记录"),
                Evidence.ACCREDITED_LAB: ("An accredited laboratory", "有资质实验室"),
                Evidence.AUTHORITY: ("An authority's test", "监管检验"),
                Evidence.ELSEWHERE: (
                    "The supplier or another market has announced it",
                    "供应商或其他市场已通报",
                ),
            }
        ),
    ),
    Question(
        8,
        "lots",
        Step.ASSESSMENT,
        "Do we know which lots?",
        "受影响批次能否界定？",
        _choices(
            {
                Lots.BOUNDED: ("Yes, all of them", "已界定"),
                Lots.PARTLY: ("Some of them", "部分"),
                Lots.UNBOUNDED: ("No; it could be any lot", "无法界定"),
            }
        ),
        order=_known(Lots),
    ),
    Question(
        9,
        "authority_act",
        Step.ASSESSMENT,
        "Has an authority acted?",
        "监管部门是否已有动作？",
        _choices(
            {
                AuthorityAct.NONE: ("No", "无"),
                AuthorityAct.INQUIRY: ("It asked questions or called us in", "问询/约谈"),
                AuthorityAct.SAMPLING_OTHER: (
                    "A sample failed, not on a point of safety",
                    "抽检不合格（非安全项）",
                ),
                AuthorityAct.SAMPLING_SAFETY: (
                    "A sample failed on a point of safety",
                    "抽检不合格（安全项）",
                ),
                AuthorityAct.ORDER_STOP: ("It ordered us to stop", "责令停止"),
                AuthorityAct.ORDER_RECALL: ("It ordered a recall", "责令召回"),
                AuthorityAct.FOREIGN_RECALL: (
                    "It is being recalled in another country or region",
                    "其他国家/地区召回",
                ),
            }
        ),
        # A recall abroad has no place in the order: it counts only when it is our lot (S3).
        order=tuple(code for code in _known(AuthorityAct) if code != AuthorityAct.FOREIGN_RECALL),
    ),
    Question(
        10,
        "publicity",
        Step.ASSESSMENT,
        "Is it public?",
        "是否已公开传播？",
        _choices(
            {
                Publicity.NONE: ("No", "无"),
                Publicity.POSTS: ("A few posts or public complaints", "个别发帖/投诉平台"),
                Publicity.ASKED: ("A journalist has asked", "记者已询问"),
                Publicity.SPREADING: ("It is spreading or trending", "扩散/热搜"),
                Publicity.NATIONAL: (
                    "National media, or an authority's public notice",
                    "全国性媒体/监管公告",
                ),
            }
        ),
        order=_known(Publicity),
    ),
    Question(
        11,
        "intent",
        Step.ASSESSMENT,
        "Any sign of counterfeit, tampering or a threat?",
        "是否有假冒、投毒、威胁迹象？",
        _choices(
            {
                Intent.NONE: ("No sign of it", "无"),
                Intent.COUNTERFEIT: ("A fake sold under our name", "假冒"),
                Intent.TAMPERING: ("Somebody tampered with it or poisoned it", "人为破坏/投毒"),
                Intent.THREAT: ("Somebody threatens to do so", "威胁勒索"),
            }
        ),
    ),
    Question(
        12,
        "credible_harm",
        Step.HAZARD,
        "If someone uses it, what is the worst harm that is credible?",
        "若继续使用，可信的最坏后果？",
        _choices(
            {
                CredibleHarm.NONE: ("None", "无"),
                CredibleHarm.REVERSIBLE: ("Passing harm that heals", "暂时可恢复"),
                CredibleHarm.SERIOUS_TREATABLE: ("Serious, but treatable", "严重但可治"),
                CredibleHarm.FATAL_OR_IRREVERSIBLE: (
                    "Death, or damage that stays for good",
                    "死亡或不可逆",
                ),
            }
        ),
        order=_known(CredibleHarm),
    ),
    Question(
        13,
        "likelihood",
        Step.HAZARD,
        "How likely is that harm in normal use of the affected lots?",
        "在正常使用下发生的可能性？",
        _choices(
            {
                Likelihood.NOT_LIKELY: ("Not likely", "不太可能"),
                Likelihood.REMOTE: ("Possible, but remote", "可能性很小"),
                Likelihood.REASONABLE: ("Reasonably likely", "有合理可能"),
            }
        ),
        order=_known(Likelihood),
    ),
    Question(
        14,
        "noticeable",
        Step.HAZARD,
        "Would a user notice the fault before use?",
        "使用前能否察觉？",
        _choices(
            {
                Noticeable.YES: ("Yes", "能"),
                Noticeable.SOMETIMES: ("Sometimes", "有时能"),
                Noticeable.NO: ("No", "不能"),
            }
        ),
        order=_known(Noticeable),
    ),
)

_PROMPTS: Mapping[str, tuple[str, str]] = {
    **{part.code: (part.label_en, part.label_zh) for q in QUESTIONS for part in q.parts},
    **{q.code: (q.text_en, q.text_zh) for q in QUESTIONS},
}


def prompt(code: str) -> tuple[str, str]:
    """Give the English and Chinese words that ask for a question or a part of one.

    `code` is one of those that `Assessment.find_out` lists; raises KeyError for any other text.
    """
    return _PROMPTS[code]
