"""README.txt of a dossier: what it is, and how to verify it without us, in English and Chinese.

What belongs here: filling in what this dossier holds. What never does: the text itself
(templates/dossier/README.txt).
"""

from dataclasses import dataclass
from string import Template

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


def readme(about: Manifest, counts: Counts) -> str:
    """Write it; the same manifest and counts give the same words."""
    text = Template((TEMPLATES / "README.txt").read_text(encoding="utf-8"))
    en, zh = _kind(about)
    private_en, private_zh = _private(about, counts)
    return text.substitute(
        incident=about.incident,
        origin=about.origin,
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
        files_here=counts.files_here,
        files_closed=counts.files_closed,
    )


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
