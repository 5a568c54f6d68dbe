"""`andon verify` without a file: is the whole record of this installation whole.

What belongs here: the words of the verdict in English and Chinese, printing, the exit status. What
never does: a check (services/verifying_whole.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import typer

from cli.bilingual import Both
from cli.setting_up import show_json, stores
from cli.verify_text import agreements, key_held, plain
from domain.wire import instant_text

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from domain.checkpoint import VerifierKey
    from domain.witness import Witness
    from services.fault import Fault
    from services.verifying_whole import Whole

SHOWN: Final = 100

DUE: Final = timedelta(minutes=5)
"""What is longer without a head was not signed while somebody signed."""

FAULTS: Final = {
    "tree": Both("the tree over the entries is not the recorded one", "条目之上的哈希树与所记不符"),
    "gap": Both("the numbers of the entries have a gap", "条目编号有缺"),
    "order": Both("an entry was recorded before the one ahead of it", "条目的记录时间早于前一条"),
    "unreadable": Both("an entry cannot be read", "条目无法读取"),
    "leaf": Both("a stored leaf is not the hash of its entry", "所存叶值不是条目的哈希"),
    "column": Both("a column says other than the entry's bytes", "某列与条目字节不符"),
    "private": Both("a private text is not the recorded one", "私密文字与所记不符"),
    "access": Both(
        "who may open a private text is not what its field says",
        "可查看私密文字的人与其字段所定不符",
    ),
    "command": Both("what is kept of a command is not what it led to", "所存指令与其结果不符"),
    "published": Both("a public text is not the approved one", "公开文本与批准文本不一致"),
    "fold": Both("the entries do not fold", "条目无法折算"),
    "state": Both("the stored state is not what the entries come to", "所存状态与条目折算不符"),
    "row": Both(
        "a column of its row is not what the entries come to", "其数据行某列与条目折算不符"
    ),
    "rows_unreadable": Both("a row beside the entries cannot be read", "条目旁的数据行无法读取"),
    "duties": Both("the rows of duties are not what the entries come to", "义务列表与条目折算不符"),
    "holds": Both("the rows of holds are not what the entries come to", "停售列表与条目折算不符"),
    "ledger_missing": Both("the ledger is gone, and was signed", "台账已不存在，但曾有签名"),
    "log_line": Both(
        "a line of the company's log says other than its bytes", "公司日志某行与其字节不符"
    ),
    "log_leaf": Both(
        "a stored leaf of the log is not its line's hash", "日志所存叶值不是该行的哈希"
    ),
    "log_gap": Both("the numbers of the log have a gap", "日志行号有缺"),
    "log_tree": Both("the tree over the log is not the recorded one", "日志之上的哈希树与所记不符"),
    "head_unreadable": Both("a signed head cannot be read", "签名树头无法读取"),
    "head_of_another": Both("a signed head is of another ledger", "签名树头属于别的台账"),
    "head_signature": Both("no key that counts signed a head", "树头没有有效密钥的签名"),
    "head_row": Both("a head's row says other than what was signed", "树头数据行与所签不符"),
    "head_root": Both("what was signed is not these entries", "所签内容与现有条目不符"),
    "head_beyond": Both("more was signed than is here: cut short", "已签名的多于现有：记录被截短"),
    "head_missing": Both("the log tells of a head that is gone", "日志所载的树头已不存在"),
    "head_untold": Both("the log does not tell of a head", "日志未载此树头"),
    "newest_unreadable": Both(
        "the newest head beside the key ring is none, or no key that counts signed it",
        "密钥环旁所存最新树头无法读取，或没有有效密钥的签名",
    ),
    "newest_root": Both(
        "another log was signed here: rewritten", "此前在此签名的是另一份日志：被重写"
    ),
    "newest_beyond": Both(
        "more of the log was signed here than is here: cut short, or an older copy put back",
        "此前在此签名的日志多于现有：被截短，或恢复了旧副本",
    ),
    "log_unsigned": Both(
        "the line is older than the newest head of the log, and not under it: later heads are gone",
        "该行早于日志的最新树头，却不在其下：后来的树头已不存在",
    ),
    "foreign_key": Both("this key signed nothing here", "此密钥从未在此签名"),
    "origin": Both("the record has another name than the key", "记录名称与密钥不符"),
    "stamp_unreadable": Both("a time stamp cannot be read", "时间戳无法读取"),
    "stamp_headless": Both("the head that was stamped is gone", "盖有时间戳的树头已不存在"),
    "stamp_imprint": Both("a time stamp is over another head", "时间戳所盖的是别的树头"),
    "stamp_row": Both("a stamp's row has another time", "时间戳数据行的时间不符"),
    "stamp_untrusted": Both(
        "a time stamp leads to no root that is believed", "时间戳不能追溯到所认可的根证书"
    ),
    "witness_unreadable": Both("what a witness kept is no signed head", "见证人所存不是签名树头"),
    "witness_signature": Both("a witness's head is not ours", "见证树头不是本记录所签"),
    "witness_missing": Both("a witness saw a ledger that is gone", "见证人所见台账已不存在"),
    "witness_root": Both(
        "a witness saw another record: rewritten", "见证人所见是另一份记录：被重写"
    ),
    "witness_beyond": Both(
        "a witness saw more than is here: cut short", "见证人所见多于现有：被截短"
    ),
    "rules": Both("rules are not those of their hash", "规则内容与其哈希不符"),
    "rules_adopted": Both("other rules are in force than were adopted", "现行规则不是所采用的规则"),
    "file": Both("a file is missing or altered", "文件缺失或被改动"),
    "erased_untold": Both(
        "a key was destroyed, and nothing says that it was erased",
        "密钥已销毁，但没有任何删除记录",
    ),
    "erased_row": Both(
        "a key's row says other than its erasure: time, ground, or that it is gone",
        "密钥数据行与删除记录不符：时间、依据，或密钥仍在",
    ),
    "index": Both("an index does not lead to the rows that stand", "索引与实际数据行不符"),
    "schema": Both(
        "a table, trigger, view or index is not as this release makes it",
        "数据表、触发器、视图或索引与本版本所建不符",
    ),
    "history": Both("an archived history is missing or altered", "归档的历史缺失或被改动"),
    "number": Both("a number was given and has no ledger", "编号已发出，但没有台账"),
}
"""What may not agree (services/verifying_whole.py): in English and Chinese."""


def verify_house(
    keys: "Sequence[VerifierKey]",
    witnesses: "Sequence[Witness]",
    roots: "Sequence[Certificate]" = (),
    *,
    as_json: bool,
) -> bool:
    """Verify all that this installation keeps and say what was found; True when it is whole."""
    from services.verifying_whole import verify_whole

    with stores() as house:
        whole = verify_whole(house, keys, witnesses, roots)
    if as_json:
        show_json(document(whole))
    else:
        typer.echo("\n".join(lines(whole)))
    return not whole.faults


def document(whole: "Whole") -> dict[str, Any]:
    """Tell programs."""
    faults = [{"ledger": stream, **asdict(fault)} for stream, fault in whole.faults]
    told = {name: getattr(whole, name) for name in ("ledgers", "entries", "lines", "heads")}
    return {
        "whole": not whole.faults,
        **told,
        "key_given": whole.given,
        "keys": list(whole.keys),
        "witnesses": whole.witnesses,
        "agreed": [asdict(one) for one in whole.agreed],
        "stamps": whole.stamps,
        "stamps_not_held": whole.stamps_unheld,
        "unsigned": whole.unsigned,
        "unsigned_since": whole.unsigned_since,
        "newest_head_kept": whole.newest,
        "faults": faults,
    }


def lines(whole: "Whole") -> list[str]:
    """Tell people: the verdict first, then each fault, then what was not checked."""
    counts = (
        f"Ledgers: {whole.ledgers}; entries: {whole.entries}; lines of the company's log: "
        f"{whole.lines}; signed heads: {whole.heads}."
    )
    told = ["NOT WHOLE 不完整" if whole.faults else "Whole 完整", counts]
    told += [_line(stream, fault) for stream, fault in whole.faults[:SHOWN]]
    if len(whole.faults) > SHOWN:
        told.append(f"… {len(whole.faults) - SHOWN} more 其余 {len(whole.faults) - SHOWN} 处")
    told += [f"{both.en} {both.zh}" for both in _held_against(whole)]
    told += list(_not_signed(whole))
    if not whole.given:
        told.append(
            "Checked against this installation's own keys; --key names what you were given. "
            "仅以本机密钥核验，请用 --key 指定您所得的公钥。"
        )
    if not whole.witnesses:
        told.append(
            "No witness: a record that was rewritten as a whole, or cut short, is not seen. "
            "没有见证树头：整体重写或截短无法察觉。"
        )
    if not whole.newest:
        told.append(
            "No newest head beside the key ring: later heads that were taken out are not seen by "
            "it. 密钥环旁没有最新树头：日志后来的树头被取走，无法由此察觉。"
        )
    if whole.stamps_unheld:
        told.append(
            f"{whole.stamps_unheld} time stamps not checked against a root: --timestamp-root names "
            f"one. {whole.stamps_unheld} 个时间戳未以根证书核验：请用 --timestamp-root 指定。"
        )
    return told


def _not_signed(whole: "Whole") -> Iterator[str]:
    """Say what no head covers yet, since when, and when that is longer than signing takes."""
    late = instant_text(datetime.now(UTC) - DUE)
    oldest = ""
    for stream, count in whole.unsigned.items():
        since = whole.unsigned_since.get(stream, "")
        when = f", the first of {plain(since)}" if since else ""
        zh = f"，最早一条 {plain(since)}" if since else ""
        yield f"{plain(stream)}: {count} entries not yet signed{when} 尚未签名 {count} 条{zh}"
        oldest = min(filter(None, (oldest, since)), default="")
    if oldest and oldest < late:
        yield (
            "Entries are signed within a minute while Andon runs. Where it ran since then, ask why "
            "these are not: signing was refused, or heads were taken out. "
            "Andon 运行时，条目在一分钟内签名。若此后曾在运行，请查明原因：拒绝签名，或树头被取走。"
        )


def _held_against(whole: "Whole") -> Iterator[Both]:
    for key in whole.keys if whole.given else ():
        yield key_held(key)
    yield from agreements(whole.agreed)


def _line(stream: str, fault: "Fault") -> str:
    both = FAULTS.get(fault.kind, Both(fault.kind, fault.kind))
    where = plain(stream) or "installation"
    number = f" #{plain(str(fault.seq))}" if fault.seq else ""
    what = f" ({plain(fault.what)})" if fault.what else ""
    return f"{where}{number}: {fault.kind}: {both.en}{what} {both.zh}"
