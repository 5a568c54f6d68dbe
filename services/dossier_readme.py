"""README.txt of a dossier: what it is, and how to verify it without us, in English and Chinese.

What belongs here: filling in what this dossier holds. What never does: the text itself
(templates/dossier/README.txt).
"""

from collections.abc import Collection
from dataclasses import dataclass
from string import Template
from typing import Final

from domain import dossier
from domain.dossier import Manifest
from domain.wire import instant_text
from services.dossier_seams import TEMPLATES


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What stands in a dossier and what does not: counsel's entries, private texts, files."""

    counsels: int = 0
    files_here: int = 0
    files_closed: int = 0
    texts_here: int = 0
    texts_left: int = 0
    texts_erased: int = 0
    texts_closed: int = 0
    texts_altered: int = 0


CONTENTS: Final = (
    (dossier.VIEWER, "the record to look at in a browser, at any entry",
     "用浏览器查看记录，可停在任一条目"),
    (dossier.VIEWER_FOLDER, "what that page is made of", "上述页面所用的文件"),
    (dossier.TIMELINE_HTML, "what happened, in time; as timeline.pdf too, if fonts allow",
     "按时间顺序记载的经过；字体允许时另有 timeline.pdf"),
    (dossier.LEDGER, "every entry, one a line, as the bytes it was written in",
     "全部条目，每行一条，与当初写入的字节完全一致"),
    (dossier.HEADS, "what the company signed while the record grew", "记录增长期间企业所签的树头"),
    (dossier.LOG, "lines of the company's own log that tell of this record",
     "企业自身日志中涉及本记录的各行"),
    (dossier.LOG_LEAVES, "one hash for each line of that log, 32 bytes each",
     "该日志每行一个哈希，各 32 字节"),
    (dossier.KEYS, "the company's public keys", "企业的公钥"),
    (dossier.STAMPS_FOLDER, "when that log was there, by a time stamp authority's clock (RFC 3161)",
     "时间戳机构（RFC 3161）以其时钟证明日志何时已存在"),
    (dossier.RULES_FOLDER, "the emergency plan and the law it worked by", "所依据的应急预案与法规"),
    (dossier.PEOPLE, "who is meant by the ids in the entries", "条目中的编号各指何人"),
    (dossier.STATEMENTS, "which texts for the public there were", "对公众的文本有哪些"),
    (dossier.STATEMENTS_FOLDER, "what the public was told, byte for byte",
     "对公众发布的内容，逐字节一致"),
    (dossier.FILINGS, "which reports to authorities there were", "向监管部门的报送有哪些"),
    (dossier.FILINGS_FOLDER, "what authorities were told, and receipts",
     "报送监管部门的内容与回执"),
    (dossier.EVIDENCE, "which files the entries name, and the hash of each",
     "条目所指的文件及各自的哈希"),
    (dossier.EVIDENCE_FOLDER, "those of them that are open to this dossier",
     "其中对本档案包公开的文件"),
    (dossier.PRIVATE, "private texts that its maker may open, one a line",
     "制作人有权打开的私密文字，每行一处"),
    (dossier.HISTORIES, "what the machine did, step by step (in histories/)",
     "系统逐步所做的事（在 histories/ 中）"),
    (dossier.VERIFIER, "the verifier, to be read and run (see below)",
     "核验程序，可阅读并运行（见下文）"),
    (dossier.MANIFEST, "every file of the dossier with its length and hash",
     "档案包内每个文件及其长度、哈希"),
    (dossier.NOTE, "the company's signature over MANIFEST.json", "企业对 MANIFEST.json 的签名"),
)  # fmt: skip
"""What may stand in a dossier, in the order of reading, in English and Chinese."""

ALWAYS: Final = dossier.REQUIRED | {dossier.VIEWER_FOLDER, dossier.MANIFEST, dossier.NOTE}
"""What every dossier has; the rest is named only where it is there."""

NAME_WIDE: Final = 17


def readme(
    about: Manifest, counts: Counts, here: Collection[str], company: tuple[str, str] = ("", "")
) -> str:
    """Write it; `here` are the members, and folders with members, that not every dossier has.

    `company` is the name of who kept the record, in English and Chinese, as far as it has one.

    The same manifest, counts and members give the same words.
    """
    text = Template((TEMPLATES / "README.txt").read_text(encoding="utf-8"))
    en, zh = _kind(about)
    private_en, private_zh = _private(about, counts)
    return text.substitute(
        incident=about.incident,
        kept_by_en=_kept_by(company[0] or company[1], about.origin),
        kept_by_zh=_kept_by(company[1] or company[0], about.origin),
        made_at=instant_text(about.made_at),
        made_by=about.made_by,
        build=about.build,
        size=about.size,
        signed=min(about.signed, about.size),
        unsigned=max(0, about.size - about.signed),
        kind_en=en,
        kind_zh=zh,
        private_en=private_en,
        private_zh=private_zh,
        counsels=counts.counsels,
        contents_en=_contents(here, chinese=False),
        contents_zh=_contents(here, chinese=True),
        files_here=counts.files_here,
        files_closed=counts.files_closed,
    )


def _kept_by(name: str, origin: str) -> str:
    """Name who kept it: the company, and beside it the origin that its signed heads name."""
    return f"{' '.join(name.split())} ({origin})" if name.strip() else origin


def _contents(here: Collection[str], *, chinese: bool) -> str:
    """List what stands in this dossier, each with what it is."""
    lines = []
    for name, en, zh in CONTENTS:
        if name in ALWAYS or name in here:
            lines.append(f"  {name:{NAME_WIDE}}{zh if chinese else en}")
    return "\n".join(lines)


def _kind(about: Manifest) -> tuple[str, str]:
    if about.redacted:
        return "redacted: no names, no files", "删节版：不含姓名与文件"
    if about.private:
        return "with private texts and files", "含私密文字与文件"
    return "without private texts", "不含私密文字"


def _private(about: Manifest, counts: Counts) -> tuple[str, str]:
    if not about.private:
        left = counts.texts_left
        return f"none; {left} stay where they are kept", f"无；{left} 处仍留在原处"
    erased, closed, altered = counts.texts_erased, counts.texts_closed, counts.texts_altered
    en = f"{counts.texts_here} here; left out: {erased} erased, {closed} closed to whoever made "
    zh = f"随附 {counts.texts_here} 处；未附：已删除 {erased} 处，制作人无权打开 {closed} 处，"
    return f"{en}this, {altered} not those that were recorded", f"{zh}与记录不符 {altered} 处"
