"""One Chinese word for one thing: over the catalogue, mails, documents and both verifiers.

What belongs here: the table of terms, and how Chinese is written: punctuation, spaces. What never
does: whether a sentence is well translated. docs/reference/words.md says what each term means. Law
and what stands in plan/ is quoted as others wrote it: it is not looked at here.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "zh_CN" / "LC_MESSAGES" / "andon.po"
ROOMS = "activities api cli domain integrations services templates".split()
KINDS = {".py", ".html", ".txt", ".js", ".toml", ".md"}

HAN = "\u4e00-\u9fff"
HOLE = re.compile(r"%\((\w+)\)s|\{([^}]*)\}|`[^`]*`")


class Term(NamedTuple):
    """An English term where it stands, its one Chinese word, and what must not stand for it."""

    english: str
    chinese: str
    others: dict[str, str]
    """What is refused, as an expression, and why."""

    elsewhere: bool = True
    """Whether no file of ours may hold the others, whatever it is about."""


TERMS = {
    "private": Term(
        r"\bprivate (words?|texts?)\b",
        "私密文字",
        {
            "保密(内容|文字|文本)": "confidential: what somebody promised to keep to themselves",
            "(私密|加密)文本": "文本 is a text that goes out",
            "不公开文字": "不公开 is said of files that are closed",
        },
        elsewhere=False,
    ),
    "confidential": Term(
        r"\bconfidentiality\b", "保密", {"私密": "private: words of a person"}, False
    ),
    "sealed": Term(r"\bsealed\b", "加密封存", {"(?<!加)密封": "said of jars and envelopes"}, False),
    "closed file": Term(
        r"\bclosed files?\b", "不公开文件", {"(?<!律师)保密文件": "of counsel alone"}
    ),
    "company's log": Term(
        r"\bcompany('s)? log\b", "公司日志", {"企业日志": "公司日志 is its name"}
    ),
    "personal data": Term(
        r"\bpersonal data\b", "个人信息", {"个人数据": "the law says 个人信息 (PIPL article 4)"}
    ),
    "privacy officer": Term(
        r"\bprivacy officer\b",
        "个人信息保护负责人",
        {"隐私负责人|隐私专员": "the law names the office (PIPL article 52)"},
    ),
    "ledger": Term(
        r"\bledgers?\b", "台账", {"账本|账簿|每本账": "of money; what quality keeps is 台账"}
    ),
    "entry": Term(
        r"\b(entry|entries)\b",
        "条",
        {r"条记录|已有记录引用|任何记录引用": "记录 is the record as a whole, and recording"},
        False,
    ),
    "witness": Term(
        r"\bwitness(es)?\b",
        "见证人",
        {"见证(?!人|树头)": "who keeps a head is a 见证人, it is a 见证树头"},
    ),
    "text": Term(r"\btexts?\b", "文本", {"文稿": "one word for what goes out"}),
    "authority": Term(
        r"\bauthorit(y|ies)\b",
        "监管部门",
        {"主管机关|主管部门|监管机构|监管机关|当局": "one word; the law's own stands in plan/"},
        False,
    ),
    "sign": Term(
        r"\b(sign|signs|signed|signatures?)\b",
        "签署",
        {"签字": "acts are signed without a pen; a key's signature is 签名"},
        False,
    ),
    "due time": Term(
        r"\bdue times?\b",
        "期限",
        {"到期时间|截止时间": "as letters say it; 截止 closes a call"},
        False,
    ),
    "limit of the law": Term(
        r"\blimits? of the law\b|\btime limits?\b",
        "时限",
        {"期限": "期限 is when a duty is due"},
        False,
    ),
    "auditor": Term(r"\bauditors?\b", "审计员", {"审计人员": "it is a role, with one name"}),
    "own shop": Term(r"\bown shops?\b", "自营门店", {"自营店铺": "as on the list of channels"}),
    "dissent": Term(
        r"\b(dissent|reservations?)\b", "不同意见", {"保留意见": "an auditor's, over accounts"}
    ),
    "commander": Term(r"\bcommander\b", "组长", {"指挥": "the plan says 组长"}, False),
    "consignee": Term(r"\bconsignees?\b", "收货方", {"收货人": "a firm, not a person"}, False),
    "channel": Term(r"\bchannels?\b", "渠道", {"通道": "a lane"}, False),
    "room": Term(
        r"\brooms?\b", "查阅室", {"检查室|观察室|房间": "nothing is inspected in it"}, False
    ),
    "drill": Term(r"\bdrills?\b", "演练", {"演习": "a word of the army"}),
    "dossier": Term(r"\bdossiers?\b", "档案包", {"卷宗": "of a court"}),
    "verify a ledger": Term(
        r"\bverif(y|ies|ied) (the ledger|heads)\b",
        "核验",
        {"验证": "验证码 is the code of a room"},
        False,
    ),
    "erase": Term(
        r"\b(erase|erased|erasure)\b", "删除", {"擦除|清除|抹除": "the law says 删除"}, False
    ),
    "evidence": Term(r"\bevidence\b", "证据", {"物证": "what it is shows on its page"}, False),
}

SPACED = "n num all version size count incident stream seq item units offers entry".split()
"""Holes that hold a number or the number of something: a space stands around them."""

JOINED = "name person by market markets company country".split()
"""Holes that hold words: no space."""

AS_IT_IS = re.compile(
    r"\d+年(\d+月)?(\d+日)?|\d+月\d+日|第\d+(条|款|项|章|部分)(之\d+)?|附件\d+|[A-Z]表|[a-z](、[a-z])+项"
)
"""Days, and places of the law, which are written as the law writes them."""


@cache
def catalogue() -> tuple[tuple[str, str], ...]:
    """Give (English, Chinese) of every text of the pages."""
    with CATALOGUE.open("rb") as file:
        told = read_po(file, locale="zh_CN")
    return tuple(
        (one.id if isinstance(one.id, str) else one.id[0], text)
        for one in told
        if one.id
        for text in ([one.string] if isinstance(one.string, str) else one.string or ())
    )


@cache
def lines() -> tuple[tuple[str, str], ...]:
    """Give (place, line) of every line of our files with Chinese in it."""
    return tuple(_lines())


def _lines() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in KINDS:
                for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                    if re.search(f"[{HAN}]", line):
                        yield f"{path.relative_to(ROOT)}:{number}", line


@pytest.mark.parametrize("name", TERMS)
def test_a_term_has_one_word(name: str) -> None:
    term = TERMS[name]
    about = [(en, zh) for en, zh in catalogue() if re.search(term.english, en, re.IGNORECASE)]
    assert any(term.chinese in zh for _en, zh in about), "no text has this term"
    wrong = [
        f"{en!r}: {zh} ({why})"
        for en, zh in about
        for other, why in term.others.items()
        if re.search(other, zh)
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name, term in TERMS.items() if term.elsewhere])
def test_no_other_word_for_it_stands_anywhere(name: str) -> None:
    wrong = [
        f"{place}: {found[0]} ({why})"
        for place, text in (*catalogue(), *lines())
        for other, why in TERMS[name].others.items()
        if (found := re.search(other, text))
    ]
    assert wrong == []


def test_no_punctuation_of_half_width_stands_beside_chinese() -> None:
    beside = re.compile(
        rf"[{HAN}。，、；：？！）”] ?[,;:?!()]|[,;:?!(] ?[{HAN}]|[{HAN}](\.(?!\w)|\.\.\.)|[{HAN}][\"']|[\"'][{HAN}]"
    )
    assert [zh for _en, zh in catalogue() if beside.search(HOLE.sub("□", zh))] == []


def test_letters_and_numbers_stand_apart_from_chinese() -> None:
    beside = re.compile(rf"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]")
    told = ((zh, AS_IT_IS.sub("", HOLE.sub("", zh))) for _en, zh in catalogue())
    assert [zh for zh, rest in told if beside.search(rest)] == []


def test_a_number_that_is_filled_in_stands_apart_and_a_name_does_not() -> None:
    numbers, names = (rf"%\(({'|'.join(holes)})\)s" for holes in (SPACED, JOINED))
    wrong = re.compile(rf"[{HAN}]{numbers}|{numbers}[{HAN}]|[{HAN}] {names}|{names} [{HAN}]")
    assert [zh for _en, zh in catalogue() if wrong.search(zh)] == []
