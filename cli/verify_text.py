"""What verifying dossiers came to, told in English and in Chinese.

What belongs here: a sentence for each fault, and the lines of a verdict. What never does: a check
(services/dossier_verifying.py), or printing (cli/verify.py).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from cli.bilingual import Both
from domain.dossier_faults import Fault, Verdict, places
from domain.witness import LOG, Agreed, furthest

FAULTS: Final = {
    "not_a_zip": Both("The file does not begin as a dossier does.", "文件开头不是档案包。"),
    "container": Both(
        "The archive is not of the one form that there is: cut off, padded or spoiled.",
        "压缩包不符合唯一规定的格式：被截断、被添加或已损坏。",
    ),
    "bad_manifest": Both("The manifest cannot be read.", "清单无法读取。"),
    "manifest_signature": Both(
        "The manifest is not the one that was signed.", "清单与签名不符，或未经签名。"
    ),
    "manifest_differs": Both(
        "The manifest says otherwise than what is here.", "清单所述与包内内容不符。"
    ),
    "foreign_key": Both(
        "It is signed by a key that you did not name as the company's.",
        "签名密钥不是您指定的该公司密钥。",
    ),
    "key_retired": Both(
        "It is signed by a key in whose place another had come.", "签名密钥此前已被新密钥取代。"
    ),
    "member_missing": Both("A file is missing.", "缺少文件。"),
    "member_extra": Both("A file is here that the manifest does not name.", "多出清单未列的文件。"),
    "member_order": Both("The files stand in another order.", "文件次序与清单不符。"),
    "member_changed": Both("A file was changed.", "文件被改动。"),
    "member_size": Both("A file has another length than announced.", "文件长度与清单不符。"),
    "member_malformed": Both("A file cannot be read as what it is.", "文件内容无法读取。"),
    "entry_malformed": Both("This is no entry of this record.", "这不是本记录的条目。"),
    "entry_number": Both("An entry has another number than its place.", "条目编号与其位置不符。"),
    "entry_not_canonical": Both("An entry is not in its canonical form.", "条目不是规范形式。"),
    "entry_order": Both(
        "An entry was recorded before the one in front of it.", "条目的记录时间早于前一条。"
    ),
    "head_malformed": Both("This is no signed head of this record.", "这不是本记录的签名树头。"),
    "head_order": Both("The signed heads are not in order.", "签名树头次序不符。"),
    "head_signature": Both("The signature of a head is false.", "树头签名无效。"),
    "head_root": Both("What was signed is not these entries.", "所签内容与现有条目不符。"),
    "head_beyond": Both(
        "More entries were signed than are here: the record was cut short.",
        "已签名的条目多于现有条目：记录被截短。",
    ),
    "head_missing": Both(
        "The company's log tells of a head that is not here.", "公司日志所载的树头不在包内。"
    ),
    "head_unlogged": Both("The company's log does not tell of this head.", "公司日志未载此树头。"),
    "log_head_signature": Both(
        "The signed head of the company's log is false.", "公司日志的树头无效。"
    ),
    "log_root": Both(
        "The hashes of the company's log are not those that were signed.",
        "公司日志的哈希与签名不符。",
    ),
    "log_line": Both("The company's log has no such line.", "公司日志中没有这样一行。"),
    "stamp_malformed": Both(
        "A time stamp cannot be read as one, or no row tells of it.",
        "时间戳无法读取，或未列入索引。",
    ),
    "stamp_imprint": Both("A time stamp is over other bytes.", "时间戳所盖的是其他内容。"),
    "stamp_head": Both(
        "What was stamped is no signed head of the company's log.",
        "所盖时间戳的不是公司日志的树头。",
    ),
    "stamp_untrusted": Both(
        "A time stamp is not of an authority whose root you named.",
        "时间戳不属于您所指定根证书的机构。",
    ),
    "witness_signature": Both(
        "The witness is not signed by the company.", "见证树头不是该公司所签。"
    ),
    "witness_other": Both("The witness is of another ledger.", "见证树头属于别的台账。"),
    "witness_diverges": Both(
        "The witness saw another record: this one was written anew.",
        "见证人所见是另一份记录：此记录被重写。",
    ),
    "witness_beyond": Both(
        "The witness saw more than is here: the record was cut short, or the dossier was made "
        "before that head was signed (then take a newer dossier, or an older head).",
        "见证人所见多于现有内容：记录被截短，或档案包制作早于该树头（请换较新的档案包或较早的树头）。",
    ),
    "key_not_announced": Both(
        "A key signed that the company's log does not announce.", "签名密钥未在公司日志中公布。"
    ),
    "rules_hash": Both("Rules are not those of their name.", "规则内容与其名称不符。"),
    "statement_hash": Both(
        "A published text is not the one that its entry names.", "公布文本与条目所载不符。"
    ),
    "filing_hash": Both(
        "A report is not the one that its entry names.", "申报文件与条目所载不符。"
    ),
    "evidence_hash": Both(
        "A piece of evidence is not the one that its entry names.", "证据与条目所载不符。"
    ),
    "private_commitment": Both(
        "A private text is not the one that was recorded.", "私密文字与所记录的不符。"
    ),
    "viewer_differs": Both("The viewer shows other entries.", "查看器所示条目与台账不同。"),
    "fold": Both("An entry does not follow from those before it.", "条目不能由此前各条推出。"),
    "history": Both("A workflow history was changed.", "工作流历史被改动。"),
}
"""A sentence for every name; docs/reference/verifying.md says more of each."""

_WHOLE: Final = Both("whole", "完整")
_NOT_WHOLE: Final = Both("NOT WHOLE", "不完整")
_NO_DOSSIER: Final = Both("no dossier", "不是档案包")
_OF: Final = Both(
    "{incident} of {origin}, made {made_at} by {made_by}",
    "{incident}，{origin}，{made_by} 制作于 {made_at}",
)
_ENTRIES: Final = Both(
    "{entries} entries, {signed} of them signed ({heads} heads); {unsigned} entries not yet signed",
    "共 {entries} 条，其中 {signed} 条已签名（{heads} 个树头）；{unsigned} 条尚未签名",
)
_MORE: Final = Both("… and {count} more", "……另有 {count} 处")
_KEY: Final = Both("Key held: {name}, id {id}: {key}", "核验所用公钥：{name}，标识 {id}：{key}")
_VOUCHED: Final = Both(
    "Key that it vouches for: {name}, id {id}: {key}", "由其担保的公钥：{name}，标识 {id}：{key}"
)
_AGREES: Final = Both(
    "Agrees with what was kept outside: {name}, up to entry {size} of {ledger}",
    "与外部保存的树头一致：{name}，至 {ledger} 第 {size} 条",
)
_LOG_AGREES: Final = Both(
    "Agrees with what was kept outside: {name}, up to line {size} of the company's log",
    "与外部保存的树头一致：{name}，至公司日志第 {size} 行",
)
_STAMPED: Final = Both(
    "Stamped {at} by {authority}: {entries} entries were there ({file})",
    "时间戳 {at}，{authority}：当时已有 {entries} 条（{file}）",
)
_ALL: Final = Both("{count} in {folder}, the last {name}", "{folder} 内 {count} 个，最新为 {name}")
_LEFT_OUT: Final = {
    "keys": Both(
        "Checked against the keys inside: proves only that it is one piece (--key names others).",
        "仅以包内密钥核验：只能证明内容前后一致。请用 --key 指定公司密钥。",
    ),
    "witnesses": Both(
        "No witness: a record cut short or written anew with the right key is not seen.",
        "没有见证树头：持有正确密钥者截短或重写记录，无法察觉。",
    ),
    "stamps": Both(
        "The stamps were not checked against a root that you hold (--timestamp-root names one): "
        "whose they are is the maker's word.",
        "时间戳未以您所持的根证书核验（请用 --timestamp-root 指定）：属于谁仅凭制作者陈述。",
    ),
    "fold": Both(
        "The entries were not followed by the plan's own code: --fold does it, with rules inside.",
        "未以预案代码逐条推演；规则在包内时可用 --fold。",
    ),
    "younger": Both(
        "Heads of the company's log that were signed after this dossier was made were not held "
        "against it: for what happened since, make it anew.",
        "公司日志中在本档案包制作之后签名的树头未予核对；此后之事，请重新制作档案包。",
    ),
    "sealed": Both(
        "Of sealed files here no entry has a hash over the clear bytes: that these are theirs is "
        "the maker's word, under the signature of the manifest.",
        "部分加密留存的文件，条目未载其明文哈希：明文是否即原文件，仅凭制作者在清单签名下的陈述。",
    ),
}


def plain(text: str) -> str:
    """Give a text of a file that may be hostile as a terminal may have it."""
    return "".join(one if one.isprintable() else f"[U+{ord(one):04X}]" for one in text)


def lines(file: str, verdict: Verdict) -> Iterator[str]:
    """Tell a verdict: its faults first, in both languages."""
    title = _WHOLE if verdict.is_whole else _NOT_WHOLE if verdict.is_dossier else _NO_DOSSIER
    yield f"{plain(file)}: {title.en} {title.zh}"
    for name in places(verdict.counts):
        told = [one for one in verdict.faults if one.name == name]
        yield f"  {name}: {FAULTS[name].en} {FAULTS[name].zh}"
        yield from (f"    {plain(about)}" for one in told if (about := _about(one)))
        if verdict.counts[name] > len(told):
            more = _MORE.filled(count=verdict.counts[name] - len(told))
            yield f"    {more.en} {more.zh}"
    if verdict.incident:
        facts = list(_facts(verdict))
        yield from (f"  {each.en}" for each in facts)
        yield from (f"  {each.zh}" for each in facts)


def _facts(verdict: Verdict) -> Iterator[Both]:
    yield _OF.filled(
        incident=plain(verdict.incident),
        origin=plain(verdict.origin),
        made_at=verdict.made_at,
        made_by=plain(verdict.made_by),
    )
    yield _ENTRIES.filled(
        entries=verdict.entries,
        signed=verdict.signed,
        heads=verdict.heads,
        unsigned=verdict.unsigned,
    )
    yield from map(key_held, verdict.given)
    vouched = set(verdict.keys) - set(verdict.given) if verdict.is_trusted else ()
    yield from (_of_key(_VOUCHED, key) for key in sorted(vouched))
    yield from agreements(verdict.agreed)
    for each in {one.authority: one for one in verdict.stamped}.values():
        yield _STAMPED.filled(
            at=each.at,
            authority=plain(each.authority),
            entries=each.entries,
            file=plain(each.file),
        )
    for name in verdict.left_out:
        yield _LEFT_OUT[name]


def key_held(key: str) -> Both:
    """Say whose key the record was held against: its name and id, and the whole word."""
    return _of_key(_KEY, key)


def _of_key(form: Both, key: str) -> Both:
    name, key_id = key.split("+")[:2]
    return form.filled(name=plain(name), id=key_id, key=plain(key))


def agreements(agreed: Iterable[Agreed]) -> Iterator[Both]:
    """Say which heads that were kept outside agree, and up to which entry; a folder's together."""
    for one, count in furthest(agreed):
        name: Both | str = plain(one.name)
        if one.folder:
            name = _ALL.filled(count=count, folder=plain(one.folder), name=name)
        form = _LOG_AGREES if one.ledger == LOG else _AGREES
        yield form.filled(name=name, size=one.size, ledger=plain(one.ledger))


def _about(fault: Fault) -> str:
    parts = (fault.member, f"#{fault.entry}" if fault.entry else "", fault.what)
    return " ".join(part for part in parts if part)
