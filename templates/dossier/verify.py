#!/usr/bin/env python3
"""Verify an Andon dossier without Andon: one file, Python 3.9 or newer, nothing of the company's.

    python verify.py dossier.zip --key COMPANY.vkey --witness earlier-head.txt

The package `cryptography` is needed for signatures alone; without it the rest is checked, it says
so, and the exit status is 3. Otherwise 0: whole; 1: not whole; 2: no dossier, or bad usage.
A verifier from inside a dossier says what the maker of the dossier wants: take this file from
somewhere else, or read it, and compare its SHA-256. docs/reference/verifying.md explains each name.

本文件可脱离 Andon 独立核验档案包。只有签名需要 cryptography 软件包；缺少它时其余各项照常核验，
并明确提示，退出状态为 3。0 为完整，1 为不完整，2 为不是档案包或用法有误。包内所附的核验程序由制作者
放入：请从别处取得本文件，或通读代码并比对其 SHA-256。
"""
# house: allow-file file-length - one file is its whole point: it is read and carried by itself
import argparse
import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import zlib
from collections import namedtuple
from datetime import datetime
try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:  # everything but signatures can still be checked
    Ed25519PublicKey = None

ORDER = """README.txt index.html viewer/ verify.py ledger.jsonl heads.jsonl log.json log.leaves keys.txt
stamps.json stamps/ rules/ people.json statements/ statements.json filings/ filings.json evidence.json evidence/
private.jsonl histories.json histories/ timeline.html timeline.pdf""".split()
REQUIRED = """README.txt index.html viewer/entries.js verify.py ledger.jsonl heads.jsonl log.json
log.leaves keys.txt people.json statements.json filings.json evidence.json histories.json
timeline.html""".split()
INDEXES = {"statements.json": "statement_hash", "filings.json": "filing_hash",
           "evidence.json": "evidence_hash"}
SENT = {"DutyFiled": "report", "AuthorityAnswered": "answer"}
PROOFS = {"DutyFiled": ("receipt_document", "receipt_sha256"),
          "ReceiptAttached": ("document", "content_sha256")}
# What JSON objects must have: names and types.
MANIFEST = dict(build=str, dossier=int, incident=str, log=dict, made_at=str, made_by=str, members=list,
                origin=str, private=bool, redacted=bool, root=str, signed=int, size=int)
ENTRY = dict(dict.fromkeys("at build command_id happened_at incident plan recorded_at stage type"
                           .split(), str), actor=dict, body=dict)
# One file wherever it is unpacked: Windows has devices, and leaves out a dot at an end.
NAME = re.compile(r"(?!.*\.\.)(?!.*\.(/|\Z))(?=.{1,200}\Z)"
                  r"(?!(.*/)?(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])([./]|\Z))"
                  r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", re.ASCII)
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
HASH = re.compile(r"[0-9a-f]{64}")
KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
HEAD = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n(?:[^\n]+\n)*")
QUOTED = re.compile(rb'"([0-9a-f]{64})(?=")')
SEALED = re.compile(rb'"commitment":"([^"\\]{1,200})","ref":"([^"\\]{1,200})"')
STEP, WHOLE = 2**20, 2**24  # bytes unpacked at once; bytes of a member that is read as a whole

SAID = dict((name, (en, zh)) for name, en, zh in (row.split("|") for row in """
not_a_zip|The file does not begin as a dossier does.|文件开头不是档案包。
container|The archive is not of the one form there is.|压缩包不符合唯一规定的格式。
bad_manifest|MANIFEST.json cannot be read.|MANIFEST.json 无法读取。
manifest_signature|The manifest is not signed as it stands.|清单的签名与清单不符。
manifest_differs|The manifest says otherwise than what is here.|清单所述与内容不符。
foreign_key|Signed by a key that is not believed to be the company's.|签名密钥不被认可属于该公司。
key_retired|Signed by a key in whose place another had come.|签名密钥此前已被新密钥取代。
member_missing|A file is missing.|缺少文件。
member_extra|A file is here that the manifest does not name.|多出清单未列的文件。
member_order|Files stand in another order.|文件次序不符。
member_changed|A file was changed.|文件被改动。
member_size|A file has another length than announced.|文件长度与清单不符。
member_malformed|A file cannot be read as what it is.|文件内容无法读取。
entry_malformed|This is no entry of this record.|不是本记录的条目。
entry_number|An entry has another number than its place.|条目编号与位置不符。
entry_not_canonical|An entry is not in canonical form.|条目不是规范形式。
entry_order|An entry was recorded before the one before it.|条目记录时间倒退。
head_malformed|This is no signed head of this record.|不是本记录的签名树头。
head_order|Signed heads are not in order.|签名树头次序不符。
head_signature|The signature of a head is false.|树头签名无效。
head_root|A signed head is not that of these entries.|签名树头与条目不符。
head_beyond|More entries were signed than are here: cut short.|已签名的条目多于现有条目：记录被截短。
head_missing|The log tells of a head that is not here.|日志所载的树头不在此处。
head_unlogged|The log does not tell of this head.|日志未载此树头。
log_head_signature|The head of the company's log is false.|公司日志的树头无效。
log_root|The log's hashes are not those that were signed.|日志哈希与签名不符。
log_line|A line does not stand in the log so.|日志中没有这样一行。
stamp_malformed|A time stamp cannot be read, or no row tells of it.|时间戳无法读取，或未列入索引。
stamp_imprint|A time stamp is over other bytes.|时间戳所盖的是其他内容。
stamp_head|What was stamped is no signed head of the company's log.|所盖时间戳的不是公司日志的树头。
witness_signature|No believed key signed the witness.|见证树头的签名不可信。
witness_other|The witness is of another ledger.|见证树头属于别的台账。
witness_diverges|The witness saw another history.|见证树头所见历史不同。
witness_beyond|The witness saw more than is here: cut short, or made before that head.|见证树头所见多于此处：被截短，或制作早于该树头。
key_not_announced|A key signed that the log does not announce.|签名密钥未在日志中公布。
rules_hash|Rules are not those of their name.|规则内容与其名称不符。
statement_hash|A published text is not that of its entry.|公布文本与条目不符。
filing_hash|A report is not that of its entry.|申报文件与条目不符。
evidence_hash|A piece of evidence is not that of its entry.|证据与条目不符。
private_commitment|A private text is not the recorded one.|私密文字与记录不符。
viewer_differs|The viewer shows other entries.|查看器所示条目不同。
history|A workflow history was changed.|工作流历史被改动。
""".strip().split("\n")))
ENTRIES, LINE = "up to entry %d 至第 %d 条", "up to line %d of the company's log 至公司日志第 %d 行"
NO_KEY = """Checked against the keys inside: proves only that it is one piece.
仅以包内公钥核验：只能证明内容前后一致。
"""
NO_WITNESS = """No witness: a record cut short or rewritten with the right key would not be seen.
没有见证树头：持有正确私钥者截短或重写记录，无法察觉。
"""
NO_SIGNATURES = """*** SIGNATURES WERE NOT CHECKED: install the package cryptography. ***
*** 未核验签名：请安装 cryptography 软件包。 ***
"""
MAKERS_WORD = """Of sealed files no entry has a hash over the clear bytes: these are the maker's word.
部分加密留存的文件，条目未载明文哈希：其明文仅凭制作者陈述。
"""

STAMP = """Stamped %sZ by %s: %d entries were there. Whose it is says 时间戳；归属请核验:
  openssl ts -verify -digest %s -in %s -attime %d -CAfile ROOT.pem"""

Member = namedtuple("Member", "place method crc packed length")
Key = namedtuple("Key", "name id public")
Head = namedtuple("Head", "text signatures origin size root")  # the first two: any signed note

class Bad(ValueError):
    """Something cannot be read; the text says why."""

class NoForm(ValueError):
    """A number that canonical JSON has no form for."""

CANNOT_BE_READ = (AttributeError, KeyError, TypeError, ValueError)

def need(condition, why):
    if not condition:
        raise Bad(why)

def shaped(value, **shape):
    need(all(type(value[name]) is kind for name, kind in shape.items()), "other fields")
    need(all(value[name] >= 0 for name, kind in shape.items() if kind is int), "no count")
    return value

# ---- canonical JSON: sorted, compact, no fractions

def refuse(_):
    raise NoForm

def whole_number(digits):
    if len(digits) > 17 or abs(int(digits)) >= 2**53:
        raise NoForm
    return int(digits)

def deep(value, depth=0):
    """Say whether something is nested more than 64 deep."""
    if not isinstance(value, (dict, list)):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return depth >= 64 or any(deep(one, depth + 1) for one in inside)

def crowded(text):
    """Say whether it has so many values, and so little in each, that reading it fills the memory."""
    values = sum(map(text.count, ",{[")) if len(text) > 50000 else 0
    return values > 10**6 or values > 50000 and 8 * values > len(text)

def parse(content):
    """Read JSON: give its value, and "" or `malformed` or `not_canonical`."""
    try:
        text = content.decode()
        if crowded(text):
            return None, "not_canonical"
        value = json.loads(text, parse_float=refuse, parse_constant=refuse, parse_int=whole_number)
        again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return value, "not_canonical" if again != text or "\\u0000" in text or deep(value) else ""
    except (NoForm, RecursionError):
        return None, "not_canonical"
    except ValueError:
        return None, "malformed"

def strict(content, kind=dict):
    value, fault = parse(content)
    need(not fault and type(value) is kind, "no canonical JSON of its kind")
    return value

def strict_rows(content):
    rows = strict(content, list)
    need(all(type(row) is dict for row in rows), "no list of objects")
    return rows

def is_hash(value):
    return type(value) is str and HASH.fullmatch(value) is not None

def is_told(row):
    return type(row.get("entry")) is int and is_hash(row.get("sha256"))

def receipt_of(entry):
    """Give the words of a receipt that an entry holds itself, as bytes."""
    body = entry.get("body") if type(entry) is dict else None
    words = body.get("receipt") if type(body) is dict else None
    return words.encode("utf-8", "replace") if type(words) is str else b""

def compared(*words):
    return tuple(str(word)[:200] if isinstance(word, (str, int)) else "" for word in words)

# ---- the tree of RFC 6962

def sha(content):
    return hashlib.sha256(content).digest()

def roots(leaves, sizes):
    """Give the roots over the first leaves, for those of `sizes` that are reached."""
    found, stack = ({0: sha(b"")} if 0 in sizes else {}), []
    for size, leaf in enumerate(leaves, 1):
        stack.append((1, leaf))
        while len(stack) > 1 and stack[-2][0] == stack[-1][0]:
            (wide, left), (_, right) = stack[-2:]
            stack[-2:] = [(2 * wide, sha(b"\x01" + left + right))]
        if size in sizes:
            root = stack[-1][1]
            for _, left in reversed(stack[:-1]):
                root = sha(b"\x01" + left + root)
            found[size] = root
    return found

def climb(leaf, place, size, path):
    """Climb from a leaf to the root as the tree is cut; None where the path does not fit."""
    if size == 1 or not path:
        return leaf if size == 1 and not path else None
    left = 1 << ((size - 1).bit_length() - 1)
    if place < left:
        below = climb(leaf, place, left, path[:-1])
        return below and sha(b"\x01" + below + path[-1])
    below = climb(leaf, place - left, size - left, path[:-1])
    return below and sha(b"\x01" + path[-1] + below)

# ---- keys, signed notes, heads (C2SP: signed-note, tlog-checkpoint)

def base64_of(text):
    content = base64.b64decode(text, validate=True)
    need(base64.b64encode(content).decode() == text, "no base64")
    return content

def read_key(line):
    """Read a verifier key: name+id+base64(0x01, key)."""
    name, key_id, told = (line.strip().split("+", 2) + ["", ""])[:3]
    public = base64_of(told)
    need(KEY_NAME.fullmatch(name) and len(public) == 33 and public[0] == 1, "no verifier key")
    need(sha(name.encode() + b"\n" + public)[:4].hex() == key_id, "the id is of another key")
    return Key(name, key_id, public[1:])

def is_of(key, signature, text):
    """Say whether a signature is of a key; without cryptography it is taken to be."""
    try:
        if Ed25519PublicKey:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True

def key_word(key):
    return "%s+%s+%s" % (key.name, key.id, base64.b64encode(b"\x01" + key.public).decode())

def read_note(written):
    """Give the text of a note and its signatures [(name, id, signature)]."""
    text, found, rest = written.rpartition("\n\n")
    lines, signatures = rest.split("\n"), []
    need(len(written) <= 65536 and found and text and not lines[-1], "no signed note")
    need(1 <= len(lines) - 1 <= 16, "no signed note")
    for line in lines[:-1]:
        dash, name, told = (line.split(" ", 2) + ["", ""])[:3]
        made = base64_of(told)
        need(dash == "\u2014" and KEY_NAME.fullmatch(name) and len(made) > 4, "no signature")
        signatures.append((name, made[:4].hex(), made[4:]))
    return text + "\n", signatures

def read_head(written, origin=None):
    """Read a signed head; it must be of a ledger, where that is named."""
    text, signatures = read_note(written)
    told = HEAD.fullmatch(text)
    need(told and len(base64_of(told[3])) == 32, "no head")
    need(origin in (None, told[1]), "a head of another ledger")
    return Head(text, signatures, told[1], int(told[2]), base64_of(told[3]))

def read_turn(written, newest, before):
    turn = read_head(written, newest.origin)
    need(before < turn.size <= newest.size, "no earlier head of this log")
    return turn

def read_head_line(line):
    told = shaped(strict(line), signed_at=str, log_seq=int, note=str)
    return told["log_seq"], read_head(told["note"])

# ---- the archive: every byte around its members is as the one form has it

def table_of(read, length):
    """Read where members stand, writing anew what must stand around them."""
    need(length >= 22 and read(0, 4) == b"PK\x03\x04", "not_a_zip")
    many, size, start = struct.unpack("<10xH2I2x", read(length - 22, 22))
    need(many <= 65000 and start + size == length - 22 <= 2**32 - 2**16, "no end of a zip")
    rows, table, small, place, at = read(start, size), {}, set(), 0, 0
    for _ in range(many):
        need(at + 46 <= size, "a directory that is cut off")
        method, crc, packed, plain, named = struct.unpack("<10xH4x3IH", rows[at : at + 30])
        raw = rows[at + 46 : at + 46 + named]
        name = raw.decode("latin-1")
        need(NAME.fullmatch(name) and name.lower() not in small, "a name")
        small.add(name.lower())
        need(method == 8 or method == 0 and packed == plain, "packed in another way")
        both = struct.pack("<4H3IH", 0, method, 0, 33, crc, packed, plain, named)
        local = struct.pack("<4sH", b"PK\x03\x04", 20) + both + bytes(2) + raw
        row = struct.pack("<4s2H", b"PK\x01\x02", 20, 20) + both + bytes(12)
        row += struct.pack("<I", place) + raw
        need(rows[at : at + len(row)] == row and read(place, len(local)) == local, "another form")
        place, at = place + len(local), at + len(row)
        table[name] = Member(place, method, crc, packed, plain)
        place += packed
        need(place <= start, "more than is here")
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, many, many, size, start, 0)
    need(read(length - 22, 22) == end, "another end")
    need(at == size and place == start, "bytes that belong to nothing")
    at_most = min(2**33, max(2**29, 100 * length))  # zeros unpack to a thousand times as many
    need(sum(one.length for one in table.values()) <= at_most, "more than is unpacked")
    return table

def unpack(read, member):
    """Give a member in parts, never more than it announces."""
    machine, left = zlib.decompressobj(-15), member.length
    for at in range(0, member.packed, STEP):
        waiting = read(member.place + at, min(STEP, member.packed - at))
        if member.method == 0:
            yield waiting
            continue
        while waiting:
            try:
                part = machine.decompress(waiting, STEP)
            except zlib.error:
                raise Bad("it cannot be unpacked")
            waiting, left = machine.unconsumed_tail, left - len(part)
            need(left >= 0, "another length")
            yield part
            need(not machine.unused_data, "something behind it")
    if member.method == 8:
        part = machine.flush()  # a few bytes at most: all that was packed is taken
        need(machine.eof and left == len(part), "another length")
        yield part

def lines_of(parts, wrong, at_most):
    """Give (number, line, whether it ends); nothing behind a too long one, or 1000 wrong ones."""
    rest, n = b"", 0
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        for n, line in enumerate(whole, n + 1):
            yield n, line, True
            if wrong() > 1000 or n >= at_most:
                return
        if len(rest) > 2**23:
            break
    if rest:
        yield n + 1, rest, False

def read_manifest(content):
    told, last, seen = shaped(strict(content or b""), **MANIFEST), 0, set()
    need(len(told) == len(MANIFEST) and told["dossier"] == 1, "another format")
    need(len(shaped(told["log"], root=str, size=int)) == 2, "other fields")
    need(INSTANT.fullmatch(told["made_at"]), "no instant")
    datetime.strptime(told["made_at"], "%Y-%m-%dT%H:%M:%S.%fZ")
    for one in told["members"]:
        need(len(shaped(one, name=str, bytes=int, sha256=str)) == 3, "no member")
        name = one["name"]
        place = ORDER.index(name.partition("/")[0] + "/" if "/" in name else name)
        need(is_hash(one["sha256"]) and NAME.fullmatch(name), "no member")
        need(place >= last and name.lower() not in seen, name)
        last = place
        seen.add(name.lower())
    return told

# ---- time stamps (RFC 3161): what each is over, and when; whose it is `openssl ts -verify` says

STAMPED = "2a864886f70d010702", "2a864886f70d0109100104", "608648016503040201"

def der(raw, *tags):
    """Give what stands in elements of DER one behind the other, and what follows them."""
    for tag in tags:
        need(len(raw) > 1 and raw[0] == tag and raw[1] < 132 and raw[1] != 128, "no DER")
        start = 2 + max(0, raw[1] - 128)
        size = int.from_bytes(raw[2:start], "big") if start > 2 else raw[1]
        need(len(raw) >= start + size and (start == 2 or (size > 127 and raw[2])), "no DER")
        yield raw[start : start + size]
        raw = raw[start + size :]
    yield raw

def read_stamp(raw):
    """Give the hash and the time in a TimeStampResp, by way of SignedData and TSTInfo."""
    whole, r1 = der(raw, 0x30)
    status, token, r2 = der(whole, 0x30, 0x30)
    kind, held, r3 = der(token, 6, 0xA0)
    signed, r4 = der(held, 0x30)
    _, _, inner, _ = der(signed, 2, 0x31, 0x30)
    name, held, r5 = der(inner, 6, 0xA0)
    octets, r6 = der(held, 4)
    info, r7 = der(octets, 0x30)
    _, _, imprint, _, at, _ = der(info, 2, 6, 0x30, 2, 0x18)
    algorithm, hashed, r8 = der(imprint, 0x30, 4)
    by, more = der(algorithm, 6)
    need(next(der(status, 2)) == b"\0" and not r1 + r2 + r3 + r4 + r5 + r6 + r7 + r8, "no stamp")
    need((kind.hex(), name.hex(), by.hex()) == STAMPED and len(hashed) == 32, "not over a SHA-256")
    need(more in (b"", b"\5\0") and re.fullmatch(rb"[12][0-9]{13}(\.[0-9]{1,9})?Z", at), "no time")
    return hashed, datetime.strptime(at[:14].decode(), "%Y%m%d%H%M%S")

def read_stamps(d):
    rows = d.rows_of("stamps.json") if "stamps.json" in d.told else []
    rows = rows if len(rows) <= 1000 else d.fault("stamp_malformed", "stamps.json") or []
    listed = {str(row.get(name)) for row in rows for name in ("file", "roots")}
    for name in d.told:
        if name.startswith("stamps/") and name not in listed:
            d.fault("stamp_malformed", name, what="not listed")
    for n, row in enumerate(rows, 1):
        d.tried("stamp_malformed", "stamps.json", n, read_stamp_row, d, n, row)

def read_stamp_row(d, n, row):
    shaped(row, file=str, authority=str, note=str, roots=str)
    file, pem, head = row["file"], row["roots"], read_head(row["note"])
    named = [file, pem] if pem else [file]
    need(all(one.startswith("stamps/") and one in d.hashes for one in named), "not here")
    content = d.whole(file, 65536)
    stamp = content is not None and d.tried("stamp_malformed", file, n, read_stamp, content)
    if stamp and stamp[0] != sha(row["note"].encode()):
        d.fault("stamp_imprint", file, n)
    elif stamp:
        d.stamps.append((n, file, row["authority"], head, stamp))

def hold_stamps(d):
    for n, file, whose, head, (hashed, at) in d.stamps:
        if head.origin != d.base + "/log" or d.log_roots.get(head.size) != head.root:
            d.fault("stamp_head", "stamps.json", n)
        elif d.judge(head, "stamp_head", "stamps.json", n):
            told = [body.get("size") for seq, body in d.bodies("HeadSigned").items()
                    if seq <= head.size and body.get("stream") == d.incident]
            size = max([one for one in told if type(one) is int], default=0)
            d.stamped.append((file, whose, at, size, hashed.hex()))

# ---- the dossier

class Dossier:
    """One dossier; `faults` are (name, member, entry or line, what)."""

    def __init__(self, file, keys, witnesses):
        self.file, self.faults, self.counts, self.incident = file, [], {}, ""
        self.entries, self.signed, self.witnessed = 0, 0, {}  # witnessed: name -> up to where
        self.given, self.believed, self.known = bool(keys), set(keys), {}
        self.know(keys)
        self.used, self.retired = set(), set()  # keys that signed; words of those replaced
        self.told, self.hashes = {}, {}  # members: as the manifest has them, as they are
        self.heads, self.witnesses = [], witnesses
        self.log, self.log_lines, self.log_roots = None, {}, {}
        self.wanted = {}  # entry -> what members say that it names, each once
        self.sealed, self.committed = set(), set()  # private texts: with ref, and without
        self.due, self.shown = {}, set()  # rows that entries ask for; rows that are here
        self.stamps, self.stamped = [], []  # time stamps as read; those over a sound head
        self.clear, self.clear_told = set(), {}  # hashes over clear bytes: of rows, of entries
        try:
            self.table = table_of(self.read, file.seek(0, 2))
            self.check()
        except Bad as why:
            self.fault("not_a_zip" if str(why) == "not_a_zip" else "container", what=why)

    def fault(self, name, member="", entry=0, what=""):
        assert name in SAID, name
        self.counts[name] = self.counts.get(name, 0) + 1
        if self.counts[name] <= 100:  # the rest is counted
            self.faults.append((name, member, entry, str(what)))

    def tried(self, fault, member, n, reading, *what):
        """Read something; where that fails name the fault and give None."""
        try:
            return reading(*what)
        except CANNOT_BE_READ as why:
            return self.fault(fault, member, n, why)

    def check(self):
        content = self.said("MANIFEST.json")
        told = self.manifest = self.tried("bad_manifest", "MANIFEST.json", 0, read_manifest, content)
        if told is None:
            return
        self.incident, self.base = told["incident"], told["origin"]
        self.origin = self.base + "/" + self.incident
        self.hold_members({one["name"]: one for one in told["members"]})
        self.read_keys_and_heads()
        read_stamps(self)
        self.read_log()
        self.judge_manifest(content)
        self.read_inner()
        leaves = self.read_entries()
        self.entries = len(leaves)
        heads = [head for _, _, head in self.heads] + [head for _, head in self.witnesses]
        known = roots(leaves, {self.entries} | {head.size for head in heads})
        self.hold_heads(known)
        hold_stamps(self)
        self.hold_witnesses(known)
        if (told["size"], told["root"]) != (self.entries, known[self.entries].hex()):
            self.fault("manifest_differs", "MANIFEST.json", what="%d entries are here" % self.entries)

    # -- members

    def read(self, place, length):
        self.file.seek(place)
        return self.file.read(length)

    def said(self, name):
        """Give the manifest or its note, which nothing announces; None where it is not there."""
        if name not in self.table or self.table[name].length > WHOLE:
            return None
        content = b"".join(unpack(self.read, self.table[name]))
        if zlib.crc32(content) != self.table[name].crc:
            self.fault("container", name)
        return content

    def hold_members(self, told):
        """Hold every member against the manifest: which, in what order, how long, which bytes."""
        self.told, own = told, ["MANIFEST.json", "MANIFEST.note"]
        missing = [name for name in [*told, *REQUIRED] if name not in self.table or name not in told]
        extra = [name for name in self.table if name not in told and name not in own]
        in_order = list(self.table) == [*told, *own] or own[1] not in self.table
        for name in missing:
            self.fault("member_missing", name)
        for name in extra:
            self.fault("member_extra", name)
        if not in_order and not extra and all(name in self.table for name in told):
            self.fault("member_order")
        for name in told:
            if name in self.table and self.table[name].length != told[name]["bytes"]:
                self.fault("member_size", name)
            elif name in self.table:
                self.hashes[name] = self.tried("container", name, 0, self.hold_member, name) or ""

    def hold_member(self, name):
        hashed, crc = hashlib.sha256(), 0
        for part in unpack(self.read, self.table[name]):
            hashed.update(part)
            crc = zlib.crc32(part, crc)
        if hashed.hexdigest() != self.told[name]["sha256"]:
            self.fault("member_changed", name)
        elif crc != self.table[name].crc:
            self.fault("container", name, what="another checksum")
        return hashed.hexdigest()

    def parts(self, name):
        try:
            yield from unpack(self.read, self.table[name]) if name in self.hashes else ()
        except Bad:
            pass  # it was named when its hash was taken

    def wrong(self, *faults):
        return sum(self.counts.get(one, 0) for one in faults)

    def lines(self, name, *faults, at_most=2**53):
        return lines_of(self.parts(name), lambda: self.wrong(*faults), at_most)

    def whole(self, name, at_most=WHOLE):
        if name in self.hashes and self.table[name].length > at_most:
            return self.fault("container", name, what="too large")
        content = b"".join(self.parts(name))
        return content if name in self.hashes and len(content) == self.table[name].length else None

    # -- what is signed

    def know(self, keys):
        """Know keys by how notes name them: a log may announce as many as it has lines."""
        for key in keys:
            self.known.setdefault((key.name, key.id), set()).add(key)

    def signers(self, note):
        """Give the known keys that signed a note; None where a signature is not of its key."""
        found = set()
        for name, key_id, made in note[1]:
            meant = self.known.get((name, key_id), ())  # the id is four bytes: two keys may have it
            of = {key for key in meant if is_of(key, made, note[0])}
            if meant and not of:
                return None
            found |= of
        return found

    def judge(self, note, fault, member, entry=0, now=False):
        """Say whether a believed key signed a note; `now`: after all that the log tells."""
        signers = self.signers(note)
        if signers is None:
            return self.fault(fault, member, entry, "the signature is false")
        sound = signers & self.believed
        if sound and now and {key_word(key) for key in sound} <= self.retired:
            return self.fault("key_retired", member, entry)
        self.used |= sound
        if not sound:
            self.fault("witness_signature" if fault[0] == "w" else "foreign_key", member, entry)
        return bool(sound)

    def read_keys_and_heads(self):
        told = (self.whole("keys.txt") or b"").decode("utf-8", "replace").splitlines()
        inside = {self.tried("member_malformed", "keys.txt", n, read_key, one)
                  for n, one in enumerate(told[:1000], 1)} - {None}
        if len(told) > 1000:
            self.fault("member_malformed", "keys.txt", what="%d keys" % len(told))
        self.know(inside)
        self.believed |= set() if self.given else inside
        newest = odd = 0  # heads grow from line to line, up to the last entry that can be here
        length = self.told["ledger.jsonl"]["bytes"] if "ledger.jsonl" in self.hashes else 0
        reach = min(self.manifest["size"], length // 128)  # no entry is as short as that
        for n, line, _ in self.lines("heads.jsonl", "head_malformed"):
            head = self.tried("head_malformed", "heads.jsonl", n, read_head_line, line)
            if head:
                self.heads.append((n, *head))
                odd += not newest < head[1].size <= reach
                newest = max(newest, head[1].size)
                if odd > 1000:
                    break
        read = [(name, self.tried("witness_signature", name, 0, read_head, text))
                for name, text in self.witnesses]
        self.witnesses = [(name, head) for name, head in read if head]

    def held_outside(self):
        return [head for _, head in self.witnesses] + [head for _, _, _, head, _ in self.stamps]

    def judge_manifest(self, content):
        hashed = hashlib.sha256(content).hexdigest()
        text = "%s/dossier/%s\n%s\n" % (self.base, self.incident, hashed)
        written = self.said("MANIFEST.note") or b""
        note = self.tried("manifest_signature", "MANIFEST.note", 0, lambda: read_note(written.decode()))
        if note and note[0] != text:
            self.fault("manifest_signature", "MANIFEST.note", what="the note of another manifest")
        elif note:
            self.judge(note, "manifest_signature", "MANIFEST.note", now=True)

    # -- the company's log

    def read_log(self):
        raw, content = self.whole("log.leaves", 2**28), self.whole("log.json")
        if raw is None or content is None:
            return
        told = self.tried("member_malformed", "log.json", 0, self.read_log_document, content)
        if not told or not (any(told) or raw or self.manifest["log"]["size"]):
            return  # it cannot be read, or was never signed yet
        written, listed, turns = told
        head = self.tried("log_head_signature", "log.json", 0, read_head, written, self.base + "/log")
        if head:
            self.log = head
            self.hold_log(raw, listed, turns)

    def read_log_document(self, content):
        told = strict(content)
        turns = told.get("turns", [])
        shaped(told, head=str, lines=list)
        need(type(turns) is list and len(turns) <= 1000, "no list of heads")
        need(all(type(one) is str for one in turns), "no list of heads")
        return told["head"], told["lines"], turns

    def hold_log(self, raw, listed, written):
        """Hold hashes, lines and earlier heads of the log against its newest head."""
        head, turns = self.log, []
        for n, one in enumerate(written, 1):
            before = turns[-1].size if turns else 0
            turn = self.tried("log_head_signature", "log.json", n, read_turn, one, head, before)
            turns += [turn] if turn else []
        sizes = {one.size for one in [head, *turns] + self.held_outside()}
        self.log_roots = roots((raw[i : i + 32] for i in range(0, len(raw), 32)), sizes)
        if len(raw) != 32 * head.size or self.log_roots.get(head.size) != head.root:
            self.fault("log_root", "log.leaves")
        if self.manifest["log"] != {"size": head.size, "root": head.root.hex()}:
            self.fault("manifest_differs", "MANIFEST.json", what="another head of the log")
        for one in listed:
            self.tried("log_line", "log.json", 0, self.read_log_line, one, raw)
        for turn in turns:
            self.take_turn(turn)
        if self.judge(head, "log_head_signature", "log.json"):
            self.believe_announced()

    def read_log_line(self, one, raw):
        shaped(one, line=str, seq=int, path=list)
        line, seq, path = one["line"].encode(), one["seq"], list(map(bytes.fromhex, one["path"]))
        said = shaped(strict(line), seq=int, type=str, body=dict)
        need(said["seq"] == seq and seq not in self.log_lines, "another number")
        leaf, size = sha(b"\x00" + line), -(-len(raw) // 32)
        need(seq >= 1 and raw[32 * seq - 32 : 32 * seq] == leaf, "another line")
        need(climb(leaf, seq - 1, size, path) == self.log.root, "a false path")
        self.log_lines[seq] = said

    def bodies(self, kind):
        return {seq: line["body"] for seq, line in self.log_lines.items() if line["type"] == kind}

    def take_turn(self, turn):
        """Believe a key that a believed one signed a head of the log with, and that it announces."""
        if self.log_roots.get(turn.size) != turn.root:
            return self.fault("log_root", "log.json", what="an earlier head has another root")
        signers = self.signers(turn) or set()
        used = self.bodies("HeadKeyUsed").items()
        told = [body.get("key") for seq, body in used if seq <= turn.size]
        if signers & self.believed:
            self.believed |= {key for key in signers if key_word(key) in told}

    def believe_announced(self):
        """Believe the keys that lines under the newest head announce: its key vouches for them."""
        for _, body in sorted(self.bodies("HeadKeyUsed").items()):
            try:
                key = read_key(str(body.get("key")))
            except ValueError:
                continue
            self.believed.add(key)
            self.know([key])
            self.retired.add(str(body.get("before")))
            self.retired.discard(key_word(key))

    # -- heads

    def hold_heads(self, known):
        newest, reach = 0, self.log.size if self.log else 0
        for n, seq, head in self.heads:
            if self.wrong("head_beyond", "head_signature") > 1000:
                break
            if head.origin != self.origin:
                self.fault("head_malformed", "heads.jsonl", n, "a head of another ledger")
                continue
            if head.size <= newest:
                self.fault("head_order", "heads.jsonl", n)
            newest = max(newest, head.size)
            sound = self.judge(head, "head_signature", "heads.jsonl", n, seq > reach)
            if head.size > self.entries:
                self.fault("head_beyond", "heads.jsonl", n, "%d were signed" % head.size)
            elif known[head.size] != head.root:
                self.fault("head_root", "heads.jsonl", n, "of %d entries" % head.size)
            elif sound:
                self.signed = max(self.signed, head.size)
        if self.manifest["signed"] != newest:
            self.fault("manifest_differs", "MANIFEST.json", what="another newest head")
        self.hold_heads_against_log(reach)

    def hold_heads_against_log(self, reach):
        here = {head.size: head.root.hex() for _, _, head in self.heads}
        told = {seq: [body.get(name) for name in ("stream", "size", "root")]
                for seq, body in self.bodies("HeadSigned").items()}
        for seq, (stream, size, root) in told.items():
            if stream == self.incident and (type(size) is not int or size not in here):
                self.fault("head_missing", "heads.jsonl", seq)
            elif stream == self.incident and here[size] != root:
                self.fault("log_line", "log.json", seq, "another root")
        for _, seq, head in self.heads if len(self.heads) <= 5000 else self.heads[-1:]:
            if seq <= reach and told.get(seq) != [self.incident, head.size, head.root.hex()]:
                self.fault("head_unlogged", "heads.jsonl", seq)

    def hold_witnesses(self, known):
        for name, head in self.witnesses:
            of_log = head.origin != self.origin
            if of_log and head.origin != self.base + "/log":
                self.fault("witness_other", name, what=head.origin)
            elif self.judge(head, "witness_signature", name):
                root = (self.log_roots if of_log else known).get(head.size)
                if root == head.root:
                    self.witnessed[name] = (LINE if of_log else ENTRIES) % (head.size, head.size)
                else:
                    self.fault("witness_beyond" if root is None else "witness_diverges", name)
        told = [body.get("key") for body in self.bodies("HeadKeyUsed").values()]
        for key in self.used if self.log else ():
            if key_word(key) not in told:
                self.fault("key_not_announced", "keys.txt", what=key_word(key))

    # -- what stands beside the ledger

    def rows_of(self, member):
        content = self.whole(member)
        told = content is not None and self.tried("member_malformed", member, 0, strict_rows, content)
        return told or []

    def read_inner(self):
        rows = {member: self.rows_of(member) for member in INDEXES}
        kept = {(row["sha256"], str(row.get("file"))) for row in rows["evidence.json"] if is_told(row)}
        for member, fault in INDEXES.items():
            for row in rows[member]:
                self.hold_row(row, fault, member)
            listed = {str(row.get(name)) for row in rows[member] for name in ("file", "text")}
            for name in self.told:
                if name.startswith(member[:-5] + "/") and name not in listed:
                    self.fault(fault, name, what="not listed")
        for row in rows["filings.json"]:
            file, document = row.get("file"), row.get("document")
            if file and document is not None and compared(document, str(file)) not in kept:
                self.fault("filing_hash", str(file)[:200], what="not in the evidence so")
        for row in self.rows_of("histories.json"):
            self.hold_file("history", row.get("file"), row.get("sha256"))
        for name in self.told:
            if name.startswith("rules/") and self.hashes.get(name, "") not in ("", name[6:-5]):
                self.fault("rules_hash", name)
        for n, line, _ in self.lines("private.jsonl", "private_commitment"):
            self.tried("private_commitment", "private.jsonl", n, self.read_private, line)

    def read_private(self, line):
        told = strict(line)
        salt, text = bytes.fromhex(told["salt"]), told["text"].encode()
        commitment, ref = told["commitment"].encode(), told["ref"].encode()
        need(commitment not in self.committed, "it is here twice")
        self.committed.add(commitment)
        self.sealed.add((commitment, ref))
        need(hmac.new(salt, text, hashlib.sha256).hexdigest() == told["commitment"], "another text")

    def hold_row(self, row, fault, member):
        """A file has the hash of its row; the entry names the hash, or has a receipt's words."""
        told, entry, file, document = map(row.get, ("sha256", "entry", "file", "document"))
        if not is_told(row):
            return self.fault(fault, member)
        wanted, closed, by_words = told, False, False
        if member == "statements.json":
            self.shown.add(compared("statement", row.get("statement"), row.get("version"), told))
        elif member == "filings.json":  # a file that was sent is held by its row of the evidence
            closed = document is not None and (file is None or told == document)
            self.shown.add(compared(row.get("kind"), entry, told, document))
            by_words = row.get("kind") == "receipt" and document is None
        else:
            closed = file is None
            if row.get("sealed") is True and not closed:  # told is over the sealed bytes
                wanted = str(row.get("content_sha256"))
                self.clear.add((told, wanted))
        if not closed:
            self.hold_file(fault, file, wanted)
        self.wanted.setdefault(entry, {})[fault, member, told, by_words] = True

    def hold_file(self, fault, file, hashed):
        if type(file) is not str or file not in self.hashes:
            self.fault(fault, str(file)[:200], what="not here")
        elif not is_hash(hashed) or self.hashes[file] != hashed:
            self.fault(fault, file, what="another hash")

    # -- entries

    def read_entries(self):
        """Go through the ledger once; give the leaf hashes."""
        leaves, before, between, found = [], "", b"", set()
        shown = hashlib.sha256(b"andon.entries=[\n")
        wrong = "entry_malformed", "entry_not_canonical", "entry_number", "entry_order"
        at_most = self.manifest["size"] + 1000
        for n, line, ends in self.lines("ledger.jsonl", *wrong, at_most=at_most):
            leaves.append(sha(b"\x00" + line))
            shown.update(between + json.dumps(line.decode("utf-8", "replace")).encode())
            between = b",\n"
            said = self.tried("entry_malformed", "ledger.jsonl", n, self.look, line, n, before, ends)
            before = said or before
            if n in self.wanted:
                self.hold_named(line, n, self.wanted.pop(n))
            found.update(self.sealed.intersection(SEALED.findall(line)) if self.sealed else ())
        shown.update(b"\n];\n")
        if self.hashes.get("viewer/entries.js", shown.hexdigest()) != shown.hexdigest():
            self.fault("viewer_differs", "viewer/entries.js")
        for _, ref in self.sealed - found:
            self.fault("private_commitment", "private.jsonl", what="in no entry: %r" % ref)
        self.hold_due()
        return leaves

    def hold_named(self, line, n, wanted):
        """See that an entry has every hash that it is said to name, or the words of a receipt."""
        quoted, words = {one.decode() for one in QUOTED.findall(line)}, None
        for fault, member, told, by_words in wanted:
            if by_words and told not in quoted and words is None:
                words = receipt_of(parse(line)[0])
            if told not in quoted and not (by_words and words and told == sha(words).hex()):
                self.fault(fault, member, n, "the entry does not name it")

    def look(self, line, n, before, ends):
        """Look at one entry; give when it was recorded."""
        told, fault = parse(line)
        need(ends and fault != "malformed", "no JSON, or a line that does not end")
        if fault:
            self.fault("entry_not_canonical", "ledger.jsonl", n)
        if fault and told is None:
            return before
        seq, recorded = told["seq"], shaped(told, **ENTRY)["recorded_at"]
        need(told["incident"] == self.incident, "an entry of another record")
        need(INSTANT.fullmatch(recorded), "no instant")
        if type(seq) is not int or seq != n:
            self.fault("entry_number", "ledger.jsonl", n, "it says %r" % (seq,))
        if recorded < before:
            self.fault("entry_order", "ledger.jsonl", n)
        self.note_due(n, told["type"], told["body"].get)
        return recorded

    def note_due(self, n, kind, told):
        """Note the rows that an entry must have, and the hashes over clear bytes that it has."""
        due = []
        if kind in ("StatementHandedOver", "StatementPublished"):  # by hand it was approved too
            due.append(("statement", told("statement"), told("version"), told("sha256")))
        if kind in SENT:
            due.append((SENT[kind], n, told("content_sha256") or told("sha256"), told("document")))
        if kind in PROOFS:
            document, content = map(told, PROOFS[kind])
            words = told("receipt") if isinstance(told("receipt"), str) else ""
            hashed = content or document or sha(words.encode("utf-8", "replace")).hex()
            due += [("receipt", n, hashed, document)] if document or words else []
        for one in due:
            self.due.setdefault(compared(*one), n)
        for named, hashed in PROOFS.values():
            if is_hash(told(named)) and is_hash(told(hashed)):
                self.clear_told.setdefault(told(named), (n, told(hashed)))

    def hold_due(self):
        """Say what rows name that no entry has, and what entries tell that no row has."""
        for n, waiting in self.wanted.items():
            for fault, member, _, _ in waiting:
                self.fault(fault, member, n, "there is no such entry")
        for due, n in self.due.items():
            member = "statements.json" if due[0] == "statement" else "filings.json"
            if due not in self.shown:
                self.fault(INDEXES[member], member, n, "no row tells of it")
        for address, content in self.clear:
            n, told = self.clear_told.get(address, (0, content))
            if told != content:
                self.fault("evidence_hash", "evidence.json", n, "another hash over the clear bytes")

def verify(path, keys=(), witnesses=()):
    """Verify a dossier: keys as read_key gives them, witnesses as (file name, text)."""
    with open(path, "rb") as file:
        return Dossier(file, keys, list(witnesses))

# ---- the command line

VERDICTS = ("WHOLE 完整", "NOT WHOLE 不完整", "NOT A DOSSIER 不是档案包",
            "NOTHING WRONG FOUND, BUT SIGNATURES NOT CHECKED 未发现问题，但未核验签名")

def plain(text):
    return ascii(text)[1:-1]  # a hostile file writes nothing into a terminal

def tell(found, unsigned):
    """Tell people: what is wrong, what it was held against, what was not checked."""
    for name, *rest in found.faults[:200]:
        print("%s: %s %s [%s]" % (name, *SAID[name], plain(" ".join(str(one) for one in rest if one))))
    for key in sorted(found.used) if found.given else ():
        print("Signed with the key 签名公钥: %s, id %s" % (plain(key.name), key.id))
    for name, reach in found.witnessed.items():
        print("Agrees with 与其一致: %s, %s" % (plain(name), reach))
    for file, whose, at, size, hashed in {one[1]: one for one in found.stamped}.values():
        seconds = (at - datetime(1970, 1, 1)).total_seconds()
        print(STAMP % (at.isoformat(), plain(whose), size, hashed, file, seconds))
    on_word = any(address not in found.clear_told for address, _ in found.clear)
    for so, text in ((not Ed25519PublicKey, NO_SIGNATURES), (not found.given, NO_KEY),
                     (not found.witnessed, NO_WITNESS), (on_word, MAKERS_WORD)):
        print(text if so else "", end="")
    if not found.entries:
        print("No entry could be read. 未能读取任何条目。")
        return
    print("%s: %d entries; %d entries not yet signed. 共 %d 条；%d 条尚未签名。" % (
        plain(found.incident), found.entries, unsigned, found.entries, unsigned))

def text_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read().replace("\r\n", "\n")  # what came by mail may have the mail's ends

def read_words():
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("file")
    asked.add_argument("--key", action="append", default=[], help="the company's key, or a file of keys")
    asked.add_argument("--witness", action="append", default=[], help="a signed head kept outside")
    asked.add_argument("--json", action="store_true", help="for programs")
    return asked.parse_args()

def main():
    for stream in (sys.stdout, sys.stderr):  # a terminal without Chinese gets it escaped
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    asked = read_words()
    try:
        told = [one if one.count("+") > 1 else text_of(one) for one in asked.key]
        keys = [read_key(line) for line in "\n".join(told).splitlines() if line.strip()]
        found = verify(asked.file, keys, [(name, text_of(name)) for name in asked.witness])
    except (OSError, ValueError) as error:
        sys.stderr.write("Cannot be read 无法读取: %s\n" % error)
        return 2
    unsigned, names = max(0, found.entries - found.signed), found.counts
    status = 2 if "not_a_zip" in names else 1 if names else 0 if Ed25519PublicKey else 3
    if asked.json:
        rows = [dict(zip(("name", "member", "entry", "what"), fault)) for fault in found.faults]
        told = {"whole": status == 0, "incident": found.incident, "entries": found.entries}
        told.update(unsigned=unsigned, witnessed=list(found.witnessed), faults=rows)
        print(json.dumps(told, indent=2))
    else:
        tell(found, unsigned)
        print(VERDICTS[status])
    return status

if __name__ == "__main__":
    sys.exit(main())
