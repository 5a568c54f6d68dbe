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
FIELDS = "build dossier incident log made_at made_by members origin private redacted root signed size"
INDEXES = {"statement_hash": "statements.json", "filing_hash": "filings.json",
           "evidence_hash": "evidence.json", "history": "histories.json"}
NAME = re.compile(r"(?!.*\.\.)(?=.{1,200}\Z)[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", re.ASCII)
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
HASH = re.compile(r"[0-9a-f]{64}")
KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
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
witness_other|The witness is of another ledger.|见证树头属于别的账簿。
witness_diverges|The witness saw another history.|见证树头所见历史不同。
witness_beyond|The witness saw more than is here: cut short, or made before that head.|见证树头所见多于此处：被截短，或制作早于该树头。
key_not_announced|A key signed that the log does not announce.|签名密钥未在日志中公布。
rules_hash|Rules are not those of their name.|规则内容与其名称不符。
statement_hash|A published text is not that of its entry.|公布文本与条目不符。
filing_hash|A report is not that of its entry.|申报文件与条目不符。
evidence_hash|A piece of evidence is not that of its entry.|证据与条目不符。
private_commitment|A private text is not the recorded one.|私密文本与记录不符。
viewer_differs|The viewer shows other entries.|查看器所示条目不同。
history|A workflow history was changed.|工作流历史被改动。
""".strip().split("\n")))

class Bad(Exception):
    """Something cannot be read; the text says why."""

class NoForm(ValueError):
    """A number that canonical JSON has no form for."""

def need(condition, why):
    if not condition:
        raise Bad(why)

def count(value):
    need(type(value) is int and 0 <= value < 2**53, "no count")
    return value

def word(value):
    need(type(value) is str, "no text")
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

def parse(content):
    """Read JSON: give its value, and "" or `malformed` or `not_canonical`."""
    try:
        text = content.decode()
        value = json.loads(text, parse_float=refuse, parse_constant=refuse, parse_int=whole_number)
        again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return value, "not_canonical" if again != text or "\\u0000" in text or deep(value) else ""
    except (NoForm, RecursionError):
        return None, "not_canonical"
    except ValueError:
        return None, "malformed"

def strict(content, kind):
    value, fault = parse(content)
    need(not fault and type(value) is kind, "no canonical JSON of its kind")
    return value

def is_hash(value):
    return type(value) is str and HASH.fullmatch(value) is not None

def is_told(row):
    return type(row.get("entry")) is int and is_hash(row.get("sha256"))

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
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return content if base64.b64encode(content).decode() == text else b""

def read_key(line):
    """Give (name, id, public key) of a verifier key: name+id+base64(0x01, key)."""
    name, _, rest = line.strip().partition("+")
    key_id, _, told = rest.partition("+")
    public = base64_of(told)
    need(KEY_NAME.fullmatch(name) and len(public) == 33 and public[0] == 1, "no verifier key")
    need(sha(name.encode() + b"\n" + public)[:4].hex() == key_id, "the id is of another key")
    return name, bytes.fromhex(key_id), public[1:]

def key_word(key):
    return "%s+%s+%s" % (key[0], key[1].hex(), base64.b64encode(b"\x01" + key[2]).decode())

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
        signatures.append((name, made[:4], made[4:]))
    return text + "\n", signatures

def read_head(written):
    """Give a signed head: text, signatures, origin, size, root."""
    text, signatures = read_note(written)
    lines = text.split("\n")
    need(len(lines) >= 4 and all(lines[:-1]), "no head")
    root = base64_of(lines[2])
    need(re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]) and len(root) == 32, "no head")
    return text, signatures, lines[0], int(lines[1]), root

# ---- the archive

def table_of(read, length):
    """Read where members stand: name -> (place, method, checksum, packed, length)."""
    if length < 22 or read(0, 4) != b"PK\x03\x04":
        raise Bad("not_a_zip")
    magic, d1, d2, n1, n2, size, start, more = struct.unpack("<4s4H2IH", read(length - 22, 22))
    need(length <= 2**32 - 2**16 and magic == b"PK\x05\x06" and not more, "no end of a zip")
    need(d1 == d2 == 0 and n1 == n2 <= 65000 and start + size == length - 22, "a false end")
    rows, table, place, at = read(start, size), {}, 0, 0
    for _ in range(n1):
        need(at + 46 <= size, "a directory that is cut off")
        flat = struct.unpack("<4s6H3I5H2I", rows[at : at + 46])
        method, crc, packed, plain, named, offset = (flat[i] for i in (4, 7, 8, 9, 10, 16))
        raw = rows[at + 46 : at + 46 + named]
        name = raw.decode("latin-1")
        need(len(raw) == named and NAME.fullmatch(name) and name not in table, "a name")
        need(flat[:4] == (b"PK\x01\x02", 20, 20, 0) and flat[5:7] == (0, 33), "another form")
        need(not any(flat[11:16]) and method in (0, 8) and offset == place, "another form")
        need(method == 8 or packed == plain, "another form")
        sizes = (crc, packed, plain, named, 0)
        local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, method, 0, 33, *sizes) + raw
        place += len(local)
        need(place + packed <= start and read(offset, len(local)) == local, "two stories: " + name)
        table[name] = (place, method, crc, packed, plain)
        place, at = place + packed, at + 46 + named
    need(at == size and place == start, "bytes that belong to nothing")
    need(sum(row[4] for row in table.values()) <= 2**33, "more than is unpacked")
    return table

def unpack(read, row):
    """Give a member in parts, never more than it announces."""
    place, method, _, packed, left = row
    if method == 0:
        for at in range(0, packed, STEP):
            yield read(place + at, min(STEP, packed - at))
        return
    machine, taken, waiting = zlib.decompressobj(-15), 0, b""
    while not machine.eof:
        if not waiting:
            waiting = read(place + taken, min(STEP, packed - taken))
            taken += len(waiting)
        starved = not waiting
        try:
            part = machine.decompress(waiting, min(left + 1, STEP))
        except zlib.error:
            raise Bad("it cannot be unpacked")
        waiting, left = machine.unconsumed_tail, left - len(part)
        need(left >= 0 and (part or machine.eof or not starved), "another length")
        yield part
    need(left == 0 and taken == packed and not waiting + machine.unused_data, "another length")

def lines_of(parts, wrong=lambda: 0):
    """Give (number, line, whether it ends); nothing behind a too long one, or 1000 wrong ones."""
    rest, n = b"", 0
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        for n, line in enumerate(whole, n + 1):
            yield n, line, True
            if wrong() > 1000:
                return
        if len(rest) > 2**23:
            break
    if rest:
        yield n + 1, rest, False

def read_manifest(content):
    told, last, seen = strict(content or b"", dict), 0, set()
    need(sorted(told) == FIELDS.split() and sorted(told["log"]) == ["root", "size"], "other fields")
    need(type(told["dossier"]) is int and told["dossier"] == 1, "another format")
    need(type(told["redacted"]) is type(told["private"]) is bool, "neither yes nor no")
    for name in ("incident", "origin", "made_at", "made_by", "build", "root"):
        word(told[name])
    word(told["log"]["root"])
    for value in (told["size"], told["signed"], told["log"]["size"]):
        count(value)
    need(INSTANT.fullmatch(told["made_at"]), "no instant")
    datetime.strptime(told["made_at"], "%Y-%m-%dT%H:%M:%S.%fZ")
    for one in told["members"]:
        name, bytes_, hashed = word(one["name"]), count(one["bytes"]), word(one["sha256"])
        place = ORDER.index(name.partition("/")[0] + "/" if "/" in name else name)
        need(len(one) == 3 and is_hash(hashed), "no member")
        need(NAME.fullmatch(name) and place >= last and name not in seen, name)
        last = place
        seen.add(name)
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
    need(more in (b"", b"\5\0") and re.fullmatch(rb"[0-9]{14}(\.[0-9]{1,9})?Z", at), "no time")
    return hashed, datetime.strptime(at[:14].decode(), "%Y%m%d%H%M%S")

def read_stamps(d):
    rows = d.tried("member_malformed", "stamps.json", 0, d.rows_of, "stamps.json") or []
    rows = rows if len(rows) <= 1000 else d.fault("stamp_malformed", "stamps.json") or []
    listed = {str(row.get(name)) for row in rows for name in ("file", "roots")}
    for name in d.told:
        if name.startswith("stamps/") and name not in listed:
            d.fault("stamp_malformed", name, what="not listed")
    for n, row in enumerate(rows, 1):
        d.tried("stamp_malformed", "stamps.json", n, read_stamp_row, d, n, row)

def read_stamp_row(d, n, row):
    file, whose, note, pem = [word(row[name]) for name in ("file", "authority", "note", "roots")]
    head, names = read_head(note), [file, pem] if pem else [file]
    need(all(one.startswith("stamps/") and d.has(one) for one in names), "not here")
    content = d.whole(file, 65536)
    stamp = content is not None and d.tried("stamp_malformed", file, n, read_stamp, content)
    if stamp and stamp[0] != sha(note.encode()):
        d.fault("stamp_imprint", file, n)
    elif stamp:
        d.stamps.append((n, file, whose, head, stamp))

def hold_stamps(d):
    for n, file, whose, head, (hashed, at) in d.stamps:
        if head[2] != d.base + "/log" or d.log_roots.get(head[3]) != head[4]:
            d.fault("stamp_head", "stamps.json", n)
        elif d.judge(head, "stamp_head", "stamps.json", n):
            told = [body.get("size") for seq, body in d.bodies("HeadSigned").items()
                    if seq <= head[3] and body.get("stream") == d.incident]
            size = max([one for one in told if type(one) is int], default=0)
            d.stamped.append((file, whose, at, size, hashed.hex()))

# ---- the dossier

class Dossier:
    """One dossier; `faults` are (name, member, entry or line, what)."""

    def __init__(self, file, keys, witnesses):
        self.faults, self.incident, self.entries, self.signed, self.witnessed = [], "", 0, 0, []
        self.given, self.believed, self.used, self.known = bool(keys), set(keys), set(), set(keys)
        self.hashes, self.told, self.log, self.log_lines, self.log_roots = {}, {}, None, {}, {}
        self.heads, self.wanted, self.sealed, self.kept = [], {}, set(), witnesses
        self.retired, self.shown, self.due = set(), set(), {}
        self.clear, self.clear_told, self.stamps, self.stamped = set(), {}, [], []
        self.file, self.counts = file, {}
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

    def read(self, place, length):
        self.file.seek(place)
        return self.file.read(length)

    def check(self):
        content = self.said("MANIFEST.json")
        try:
            told = self.manifest = read_manifest(content)
        except (Bad, AttributeError, KeyError, TypeError, ValueError) as why:
            return self.fault("bad_manifest", "MANIFEST.json", what=why)
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
        sizes = {self.entries} | {h[2][3] for h in self.heads} | {w[1][3] for w in self.kept}
        known = roots(leaves, sizes)
        self.hold_heads(known)
        hold_stamps(self)
        self.hold_witnesses(known)
        if (told["size"], told["root"]) != (self.entries, known[self.entries].hex()):
            self.fault("manifest_differs", "MANIFEST.json", what="%d entries are here" % self.entries)
        for name in told["members"]:
            self.hash(name["name"])

    # -- members

    def said(self, name):
        """Give the manifest or its note, which nothing announces; None where it is not there."""
        if name not in self.table or self.table[name][4] > WHOLE:
            return None
        content = b"".join(unpack(self.read, self.table[name]))
        if zlib.crc32(content) != self.table[name][2]:
            self.fault("container", name)
        return content

    def hold_members(self, told):
        self.told, own = told, ["MANIFEST.json", "MANIFEST.note"]
        missing = [name for name in told if name not in self.table]
        extra = [name for name in self.table if name not in told and name not in own]
        in_order = list(self.table) == list(told) + own or own[1] not in self.table
        for name in missing + [name for name in REQUIRED if name not in told]:
            self.fault("member_missing", name)
        for name in extra:
            self.fault("member_extra", name)
        if not missing and not extra and not in_order:
            self.fault("member_order")
        for name in told:
            if name in self.table and not self.has(name):
                self.fault("member_size", name)

    def has(self, name):
        told = self.told.get(name)
        return told is not None and name in self.table and self.table[name][4] == told["bytes"]

    def parts(self, name):
        """Give a member in parts, and hold its hash against the manifest once it is through."""
        if not self.has(name):
            return
        hashed, crc, self.hashes[name] = hashlib.sha256(), 0, ""
        try:
            for part in unpack(self.read, self.table[name]):
                hashed.update(part)
                crc = zlib.crc32(part, crc)
                yield part
        except Bad as why:
            return self.fault("container", name, what=why)
        self.hashes[name] = hashed.hexdigest()
        if self.hashes[name] != self.told[name]["sha256"]:
            self.fault("member_changed", name)
        elif crc != self.table[name][2]:
            self.fault("container", name, what="another checksum")

    def lines(self, name, fault):
        return lines_of(self.parts(name), lambda: self.counts.get(fault, 0))

    def whole(self, name, at_most=WHOLE):
        if self.has(name) and self.table[name][4] > at_most:
            self.hashes[name] = ""
            return self.fault("container", name, what="too large")
        content = b"".join(self.parts(name))
        return content if self.has(name) and len(content) == self.table[name][4] else None

    def hash(self, name):
        if name not in self.hashes:
            for _ in self.parts(name):
                pass
        return self.hashes.get(name, "")

    # -- what is signed

    def judge(self, note, fault, member, entry=0, now=False):
        """Say whether a believed key signed a note; `now`: after all that the log tells."""
        meant = [(k, s) for name, i, s in note[1] for k in self.known if k[:2] == (name, i)]
        for key, signature in meant if Ed25519PublicKey else ():
            try:
                Ed25519PublicKey.from_public_bytes(key[2]).verify(signature, note[0].encode())
            except (InvalidSignature, ValueError):
                return self.fault(fault, member, entry, "the signature is false")
        sound = {key for key, _ in meant if key in self.believed}
        if sound and now and {key_word(key) for key in sound} <= self.retired:
            return self.fault("key_retired", member, entry)
        self.used |= sound
        if not sound:
            self.fault("witness_signature" if fault[0] == "w" else "foreign_key", member, entry)
        return bool(sound)

    def take_turn(self, head):
        """Believe a key that a believed one signed a head of the log with, and that it announces."""
        if self.log_roots.get(head[3]) != head[4]:
            return self.fault("log_root", "log.json", what="an earlier head has another root")
        meant = [(k, s) for name, i, s in head[1] for k in self.known if k[:2] == (name, i)]
        for key, signature in meant if Ed25519PublicKey else ():
            try:
                Ed25519PublicKey.from_public_bytes(key[2]).verify(signature, head[0].encode())
            except (InvalidSignature, ValueError):
                return  # it vouches for nobody
        if any(key in self.believed for key, _ in meant):
            told = [body.get("key") for n, body in self.bodies("HeadKeyUsed").items() if n <= head[3]]
            self.believed |= {key for key, _ in meant if key_word(key) in told}

    def read_keys_and_heads(self):
        told = (self.whole("keys.txt") or b"").decode("utf-8", "replace").splitlines()
        inside = [self.tried("member_malformed", "keys.txt", n, read_key, one)
                  for n, one in enumerate(told, 1)]
        self.known |= set(inside) - {None}
        self.believed |= set() if self.given else set(inside) - {None}
        for n, line, _ in self.lines("heads.jsonl", "head_malformed"):
            head = self.tried("head_malformed", "heads.jsonl", n, self.read_head_line, line)
            if head:
                self.heads.append((n, *head))
        read = [(name, self.tried("witness_signature", name, 0, read_head, text))
                for name, text in self.kept]
        self.kept = [(name, head) for name, head in read if head]

    def tried(self, fault, member, n, reading, *what):
        try:
            return reading(*what)
        except (Bad, AttributeError, KeyError, TypeError, ValueError) as why:
            return self.fault(fault, member, n, why)

    def read_head_line(self, line):
        told = strict(line, dict)
        word(told["signed_at"])
        return count(told["log_seq"]), read_head(word(told["note"]))

    def read_log(self):
        raw, content = self.whole("log.leaves", 2**28), self.whole("log.json")
        if raw is None or content is None:
            return
        told = self.tried("member_malformed", "log.json", 0, strict, content, dict)
        if told is None:
            return
        written, listed, turns = told.get("head"), told.get("lines"), told.get("turns", [])
        lists = type(listed) is type(turns) is list and all(type(one) is str for one in turns[:1001])
        lists = lists and len(turns) <= 1000
        if type(written) is not str or not lists:
            return self.fault("member_malformed", "log.json")
        if not written and not raw and not listed and not self.manifest["log"]["size"]:
            return  # the company's log was never signed yet
        head = self.tried("log_head_signature", "log.json", 0, read_head, written)
        if head is None:
            return
        if head[2] != self.base + "/log":
            return self.fault("log_head_signature", "log.json", what="the head of another ledger")
        leaves, self.log = (raw[i : i + 32] for i in range(0, len(raw), 32)), head
        turned, before = [], 0
        for one in turns:
            turn = self.tried("log_head_signature", "log.json", 0, read_head, one)
            if turn and turn[2] == head[2] and before < turn[3] <= head[3]:
                turned.append(turn)
                before = turn[3]
            elif turn:
                self.fault("log_head_signature", "log.json", what="no earlier head of this log")
        self.log_roots = roots(leaves, {head[3]} | {w[3] for w in turned + [w[1] for w in self.kept] + [s[3] for s in self.stamps]})
        if len(raw) != 32 * head[3] or self.log_roots.get(head[3]) != head[4]:
            self.fault("log_root", "log.leaves")
        if self.manifest["log"] != {"size": head[3], "root": head[4].hex()}:
            self.fault("manifest_differs", "MANIFEST.json", what="another head of the log")
        for one in listed:
            self.tried("log_line", "log.json", 0, self.read_log_line, one, raw, head)
        for turn in turned:
            self.take_turn(turn)
        if self.judge(head, "log_head_signature", "log.json"):
            for _, body in sorted(self.bodies("HeadKeyUsed").items()):
                try:  # a believed key vouches for those that its log announces
                    key, before = read_key(str(body.get("key"))), str(body.get("before"))
                    self.believed.add(key)
                    self.known.add(key)
                    self.retired = (self.retired | {before}) - {key_word(key)}
                except Bad:
                    pass

    def read_log_line(self, one, raw, head):
        line, seq = word(one["line"]).encode(), count(one["seq"])
        said, path = strict(line, dict), [bytes.fromhex(step) for step in one["path"]]
        need(type(one["path"]) is list and type(said["body"]) is dict, "no line")
        need(word(said["type"]) and said["seq"] == seq and seq not in self.log_lines, "no line")
        leaf, size = sha(b"\x00" + line), -(-len(raw) // 32)
        need(seq >= 1 and raw[32 * seq - 32 : 32 * seq] == leaf, "another line")
        need(climb(leaf, seq - 1, size, path) == head[4], "a false path")
        self.log_lines[seq] = said

    def bodies(self, kind):
        return {seq: line["body"] for seq, line in self.log_lines.items() if line["type"] == kind}

    def judge_manifest(self, content):
        hashed = hashlib.sha256(content).hexdigest()
        text = "%s/dossier/%s\n%s\n" % (self.base, self.incident, hashed)
        written = self.said("MANIFEST.note") or b""
        note = self.tried("manifest_signature", "MANIFEST.note", 0, lambda: read_note(written.decode()))
        if note and note[0] != text:
            self.fault("manifest_signature", "MANIFEST.note", what="the note of another manifest")
        elif note:
            self.judge(note, "manifest_signature", "MANIFEST.note", now=True)

    def hold_heads(self, known):
        before, reach = 0, self.log[3] if self.log else 0
        for n, seq, head in self.heads:
            if head[2] != self.origin:
                self.fault("head_malformed", "heads.jsonl", n, "a head of another ledger")
                continue
            if head[3] <= before:
                self.fault("head_order", "heads.jsonl", n)
            before = max(before, head[3])
            sound = self.judge(head, "head_signature", "heads.jsonl", n, seq > reach)
            if head[3] > self.entries:
                self.fault("head_beyond", "heads.jsonl", n, "%d were signed" % head[3])
            elif known[head[3]] != head[4]:
                self.fault("head_root", "heads.jsonl", n, "of %d entries" % head[3])
            elif sound:
                self.signed = max(self.signed, head[3])
        if self.manifest["signed"] != before:
            self.fault("manifest_differs", "MANIFEST.json", what="another newest head")
        here = {head[3]: head[4].hex() for _, _, head in self.heads}
        told = self.bodies("HeadSigned")
        for seq, body in told.items():
            if body.get("stream") == self.incident and type(body.get("size")) is not int:
                self.fault("head_missing", "heads.jsonl", seq)
            elif body.get("stream") == self.incident and body["size"] not in here:
                self.fault("head_missing", "heads.jsonl", seq)
            elif body.get("stream") == self.incident and here[body["size"]] != body.get("root"):
                self.fault("log_line", "log.json", seq, "another root")
        for _, seq, head in self.heads if len(self.heads) <= 5000 else self.heads[-1:]:
            said = [told.get(seq, {}).get(name) for name in ("stream", "size", "root")]
            if seq <= reach and said != [self.incident, head[3], head[4].hex()]:
                self.fault("head_unlogged", "heads.jsonl", seq)

    def hold_witnesses(self, known):
        for name, head in self.kept:
            if head[2] not in (self.origin, self.base + "/log"):
                self.fault("witness_other", name, what=head[2])
            elif self.judge(head, "witness_signature", name):
                root = (known if head[2] == self.origin else self.log_roots).get(head[3])
                if root == head[4]:
                    self.witnessed.append(name)
                else:
                    self.fault("witness_beyond" if root is None else "witness_diverges", name)
        told = [body.get("key") for body in self.bodies("HeadKeyUsed").values()]
        for key in self.used if self.log else ():
            if key_word(key) not in told:
                self.fault("key_not_announced", "keys.txt", what=key_word(key))

    # -- what stands beside the ledger

    def read_inner(self):
        rows = {member: self.tried("member_malformed", member, 0, self.rows_of, member) or ()
                for member in list(INDEXES.values())[:3]}
        kept = {(row["sha256"], str(row.get("file"))) for row in rows["evidence.json"] if is_told(row)}
        for fault, member in INDEXES.items():
            if fault == "history":
                for row in self.tried("member_malformed", member, 0, self.rows_of, member) or ():
                    self.hold_file(fault, row.get("file"), row.get("sha256"))
                continue
            for row in rows[member]:
                self.hold_row(row, fault, member)
                file, document = row.get("file"), row.get("document")
                if fault == "filing_hash" and file and document is not None:
                    if not isinstance(document, str) or (document, str(file)) not in kept:
                        self.fault(fault, str(file)[:200], what="not in the evidence so")
            listed = {str(row.get(name)) for row in rows[member] for name in ("file", "text")}
            for name in self.told:
                if name.startswith(member[:-5] + "/") and name not in listed:
                    self.fault(fault, name, what="not listed")
        for name in self.told:
            if name.startswith("rules/") and self.hash(name) not in ("", name[6:].replace(".json", "")):
                self.fault("rules_hash", name)
        for n, line, _ in self.lines("private.jsonl", "private_commitment"):
            self.tried("private_commitment", "private.jsonl", n, self.read_private, line)

    def rows_of(self, member):
        content = self.whole(member)
        rows = [] if content is None else strict(content, list)
        need(all(type(row) is dict for row in rows), "no list of objects")
        return rows

    def read_private(self, line):
        told = strict(line, dict)
        salt, text = bytes.fromhex(told["salt"]), told["text"].encode()
        self.sealed.add((told["commitment"].encode(), told["ref"].encode()))
        need(hmac.new(salt, text, hashlib.sha256).hexdigest() == told["commitment"], "another text")

    def hold_row(self, row, fault, member):
        """A file has the hash of its row; the entry names the hash, or has a receipt's words."""
        told, file, entry = row.get("sha256"), row.get("file"), row.get("entry")
        if not is_told(row):
            return self.fault(fault, member)
        words, wanted = [b'"' + told.encode() + b'"'], told
        filed, evidence = fault == "filing_hash", fault == "evidence_hash"
        document, kind = (row.get("document"), row.get("kind")) if filed else (None, None)
        if evidence and file is not None and row.get("sealed") is True:
            wanted = str(row.get("content_sha256"))  # told is over the sealed bytes
            self.clear.add((told, wanted))
        if document is None and not (evidence and file is None):
            self.hold_file(fault, file, wanted)
        elif document is not None and file is not None and told != document:
            self.hold_file(fault, file, told)
        if kind == "receipt" and document is None:
            text = (self.whole(str(file)) or b"").decode("utf-8", "replace")
            words += [b'"receipt":' + json.dumps(text, ensure_ascii=False).encode()] if text else []
        if filed:
            self.shown.add(compared(kind, entry, told, document))
        elif not evidence:
            self.shown.add(compared("statement", row.get("statement"), row.get("version"), told))
        self.wanted.setdefault(entry, []).append((fault, member, words))

    def hold_file(self, fault, file, hashed):
        if type(file) is not str or not self.has(file):
            self.fault(fault, str(file)[:200], what="not here")
        elif not is_hash(hashed) or self.hash(file) != hashed:
            self.fault(fault, file, what="another hash")

    def note_due(self, n, kind, told):
        """Note the rows that an entry must have, and the hashes over clear bytes that it has."""
        told, due, by = told.get, [], {"DutyFiled": "report", "AuthorityAnswered": "answer"}
        if kind in ("StatementHandedOver", "StatementPublished"):  # by hand it was approved too
            due.append(("statement", told("statement"), told("version"), told("sha256")))
        if kind in by:
            due.append((by[kind], n, told("content_sha256") or told("sha256"), told("document")))
        first = "receipt_" if kind == "DutyFiled" else ""
        document, words = told(first + "document"), told("receipt")
        words = words if isinstance(words, str) else ""
        if kind in ("DutyFiled", "ReceiptAttached") and (document or words):
            hashed = told("receipt_sha256" if first else "content_sha256") or document
            due.append(("receipt", n, hashed or sha(words.encode("utf-8", "replace")).hex(), document))
        for one in due:
            self.due.setdefault(compared(*one), n)
        for named, hashed in (("document", "content_sha256"), ("receipt_document", "receipt_sha256")):
            if is_hash(told(named)) and is_hash(told(hashed)):
                self.clear_told.setdefault(told(named), (n, told(hashed)))

    def hold_due(self):
        for due, n in self.due.items():
            if due not in self.shown:
                fault = "statement_hash" if due[0] == "statement" else "filing_hash"
                self.fault(fault, INDEXES[fault], n, "no row tells of it")
        for address, content in self.clear:
            n, told = self.clear_told.get(address, (0, content))
            if told != content:
                self.fault("evidence_hash", "evidence.json", n, "another hash over the clear bytes")

    # -- entries

    def read_entries(self):
        """Go through the ledger once; give the leaf hashes."""
        leaves, before, between, found = [], "", b"", set()
        shown = hashlib.sha256(b"andon.entries=[\n")
        for n, line, ends in self.lines("ledger.jsonl", "entry_malformed"):
            leaves.append(sha(b"\x00" + line))
            shown.update(between + json.dumps(line.decode("utf-8", "replace")).encode())
            between = b",\n"
            said = self.tried("entry_malformed", "ledger.jsonl", n, self.look, line, n, before, ends)
            before = said or before
            for fault, member, words in self.wanted.pop(n, ()):
                if not any(one in line for one in words):
                    self.fault(fault, member, n, "the entry does not name it")
            found.update(SEALED.findall(line) if self.sealed else ())
        for n, waiting in self.wanted.items():
            for fault, member, _ in waiting:
                self.fault(fault, member, n, "there is no such entry")
        for _, ref in self.sealed - found:
            self.fault("private_commitment", "private.jsonl", what="in no entry: %r" % ref)
        self.hold_due()
        shown.update(b"\n];\n")
        if self.has("viewer/entries.js") and self.hash("viewer/entries.js") != shown.hexdigest():
            self.fault("viewer_differs", "viewer/entries.js")
        return leaves

    def look(self, line, n, before, ends):
        """Look at one entry; give when it was recorded."""
        told, fault = parse(line)
        need(ends and fault != "malformed", "no JSON, or a line that does not end")
        if fault:
            self.fault("entry_not_canonical", "ledger.jsonl", n)
        if fault and told is None:
            return before
        seq, recorded = told["seq"], word(told["recorded_at"])
        for name in "plan at build command_id happened_at stage type".split():
            word(told[name])
        need(told["incident"] == self.incident, "an entry of another record")
        need(type(told["actor"]) is type(told["body"]) is dict and INSTANT.fullmatch(recorded), "no entry")
        if type(seq) is not int or seq != n:
            self.fault("entry_number", "ledger.jsonl", n, "it says %r" % (seq,))
        if recorded < before:
            self.fault("entry_order", "ledger.jsonl", n)
        self.note_due(n, told["type"], told["body"])
        return recorded

def verify(path, keys=(), witnesses=()):
    """Verify a dossier: keys as (name, id, public key), witnesses as (file name, text)."""
    with open(path, "rb") as file:
        return Dossier(file, keys, list(witnesses))

# ---- the command line

def text_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read().replace("\r\n", "\n")  # what came by mail may have the mail's ends

def main():
    if hasattr(sys.stdout, "reconfigure"):  # a terminal without Chinese gets it escaped
        sys.stdout.reconfigure(errors="backslashreplace")
        sys.stderr.reconfigure(errors="backslashreplace")
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("file")
    asked.add_argument("--key", action="append", default=[], help="the company's key, or a file of keys")
    asked.add_argument("--witness", action="append", default=[], help="a signed head kept outside")
    asked.add_argument("--json", action="store_true", help="for programs")
    asked = asked.parse_args()
    try:
        told = [one if one.count("+") > 1 else text_of(one) for one in asked.key]
        keys = [read_key(line) for line in "\n".join(told).splitlines() if line.strip()]
        found = verify(asked.file, keys, [(name, text_of(name)) for name in asked.witness])
    except (OSError, Bad, UnicodeDecodeError) as error:
        sys.stderr.write("Cannot be read 无法读取: %s\n" % error)
        return 2
    names, unsigned = {fault[0] for fault in found.faults}, max(0, found.entries - found.signed)
    status = 2 if "not_a_zip" in names else 1 if names else 0 if Ed25519PublicKey else 3
    if asked.json:
        rows = [dict(zip(("name", "member", "entry", "what"), fault)) for fault in found.faults]
        told = {"whole": status == 0, "incident": found.incident, "entries": found.entries}
        told.update(unsigned=unsigned, witnessed=found.witnessed, faults=rows)
        print(json.dumps(told, indent=2))
        return status
    for name, *rest in found.faults[:200]:
        about = ascii(" ".join(str(one) for one in rest if one))[1:-1]
        print("%s: %s %s [%s]" % (name, SAID[name][0], SAID[name][1], about))
    if not Ed25519PublicKey:
        print("*** SIGNATURES WERE NOT CHECKED: install the package cryptography. ***"
              "\n*** 未核验签名：请安装 cryptography 软件包。 ***")
    if not asked.key:
        print("Checked against the keys inside: proves only that it is one piece."
              "\n仅以包内密钥核验：只能证明内容前后一致。")
    if not asked.witness:
        print("No witness: a record cut short or rewritten with the right key would not be seen."
              "\n没有见证树头：持有正确密钥者截短或重写记录，无法察觉。")
    for file, whose, at, size, hashed in {one[1]: one for one in found.stamped}.values():
        print("Stamped %sZ by %s: %d entries were there. Whose it is says: 时间戳；归属请核验：\n  openssl "
              "ts -verify -digest %s -in %s -attime %d -CAfile ROOT.pem" % (at.isoformat(), ascii(whose)[1:-1],
              size, hashed, file, (at - datetime(1970, 1, 1)).total_seconds()))
    if any(address not in found.clear_told for address, _ in found.clear):
        print("Of sealed files no entry has a hash over the clear bytes: these are the maker's word."
              "\n部分加密留存的文件，条目未载明文哈希：其明文仅凭制作者陈述。")
    print("%s: %d entries, %d not yet signed. 共 %d 条，其中 %d 条尚未签名。" % (
        ascii(found.incident)[1:-1], found.entries, unsigned, found.entries, unsigned))
    print(("WHOLE 完整", "NOT WHOLE 不完整", "NOT A DOSSIER 不是档案包",
           "NOTHING WRONG FOUND, BUT SIGNATURES NOT CHECKED 未发现问题，但未核验签名")[status])
    return status

if __name__ == "__main__":
    sys.exit(main())
