"""A time stamp authority (RFC 3161) for tests: it signs, over HTTP, and errs as it is told.

What belongs here: certificates, answers made by the structures of RFC 3161 and RFC 5652 and not by
the code that reads them, and a server. What never does: an assertion.
"""

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

STAMPING, CODE = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING
POLICY = "1.2.3.4.1"


# ---------------------------------------------------------------- DER


def der(tag: int, *parts: bytes) -> bytes:
    """Write an element."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    told = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 + len(told)]) + told + content


def integer(number: int) -> bytes:
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    out = bytearray([40 * first + second])
    for number in rest:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        out += bytes(reversed(groups))
    return der(6, bytes(out))


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def set_of(*parts: bytes, tag: int = 0x31) -> bytes:
    return der(tag, *sorted(parts))


SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"))
SHA1 = sequence(oid("1.3.14.3.2.26"))
TST_INFO = oid("1.2.840.113549.1.9.16.1.4")


# ---------------------------------------------------------------- certificates


@dataclass(frozen=True)
class Certified:
    """A certificate with its key and the certificates between it and the root."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def certified(
    name: str,
    by: Certified | None = None,
    *,
    ca: bool = False,
    uses: Sequence[x509.ObjectIdentifier] = (),
    critical: bool = True,
    days: tuple[int, int] = (-3650, 3650),
    seed: int = 0,
) -> Certified:
    """Make a certificate, signed by another or by itself; good between `days` from now."""
    seed = seed or int.from_bytes(hashlib.sha256(name.encode()).digest()[:16], "big")
    key = ec.derive_private_key(seed, ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(by.certificate.subject if by else called)
        .public_key(key.public_key())
        .serial_number(seed % 2**64 + 1)
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if uses:
        builder = builder.add_extension(x509.ExtendedKeyUsage(uses), critical=critical)
    certificate = builder.sign(by.key if by else key, hashes.SHA256(), ecdsa_deterministic=True)
    chain = (*by.chain, by.certificate) if by and by.chain else ()
    if by and not by.chain and by.certificate.issuer != by.certificate.subject:
        chain = (by.certificate,)
    return Certified(key, certificate, chain)


ROOT = certified("Root of stamps", ca=True)
OTHER_ROOT = certified("Root of somebody else", ca=True)
BETWEEN = certified("Stamps between", ROOT, ca=True)
SIGNER = certified("Stamps", BETWEEN, uses=[STAMPING])


# ---------------------------------------------------------------- answers


@dataclass(frozen=True)
class Says:
    """What an authority puts into an answer; None stands for what is right."""

    signer: Certified = SIGNER
    imprint: bytes | None = None
    nonce: int | None = None
    late: timedelta = timedelta()
    at: datetime | None = None
    policy: str = POLICY
    algorithm: bytes = SHA256
    status: int = 0
    words: str = ""
    sound: bool = True
    in_order: bool = False
    fraction: str = ""


def granted(imprint: bytes, nonce: int | None = None, says: Says = Says()) -> bytes:
    """Give an answer (TimeStampResp) over a hash."""
    at = says.at or datetime.now(UTC) + says.late
    number = nonce if says.nonce is None else says.nonce
    info = sequence(
        integer(1),
        oid(says.policy),
        sequence(says.algorithm, der(4, says.imprint or imprint)),
        integer(77),
        der(0x18, f"{at:%Y%m%d%H%M%S}{says.fraction}Z".encode()),
        integer(number) if number is not None else b"",
    )
    one = says.signer
    attributes = [
        sequence(oid("1.2.840.113549.1.9.3"), set_of(TST_INFO)),
        sequence(oid("1.2.840.113549.1.9.4"), set_of(der(4, hashlib.sha256(info).digest()))),
        sequence(
            oid("1.2.840.113549.1.9.16.2.47"),
            set_of(sequence(sequence(sequence(der(4, hashlib.sha256(one.der).digest()))))),
        ),
    ]
    signature = one.key.sign(
        set_of(*attributes), ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    )
    if not says.sound:
        signature = one.key.sign(
            b"another thing", ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
        )
    certificates = [one.der, *(each.public_bytes(Encoding.DER) for each in one.chain)]
    ordered = sorted(certificates, reverse=not says.in_order)
    signer_info = sequence(
        integer(1),
        sequence(one.certificate.issuer.public_bytes(), integer(one.certificate.serial_number)),
        SHA256,
        set_of(*attributes, tag=0xA0),
        sequence(oid("1.2.840.10045.4.3.2")),
        der(4, signature),
    )
    signed = sequence(
        integer(3),
        set_of(SHA256),
        sequence(TST_INFO, der(0xA0, der(4, info))),
        der(0xA0, *ordered),
        set_of(signer_info),
    )
    token = sequence(oid("1.2.840.113549.1.7.2"), der(0xA0, signed))
    return sequence(sequence(integer(says.status)), token)


def refusal(words: str, status: int = 2) -> bytes:
    """Give an answer that grants nothing."""
    return sequence(sequence(integer(status), sequence(der(0x0C, words.encode()))))


# ---------------------------------------------------------------- the server


@dataclass
class Stamping:
    """An authority at an address of this machine: what it was asked, and how it answers."""

    says: Says = field(default_factory=Says)
    status: int = 200
    raw: bytes | None = None
    """What is answered in place of a stamp."""
    slow_s: float = 0.0
    may_answer: threading.Event = field(default_factory=threading.Event)
    """Cleared, whoever asks waits until it is set."""
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"

    def answer(self, query: bytes) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.says.status == 2:
            return refusal(self.says.words)
        imprint, nonce = asked_of(query)
        return granted(imprint, nonce, self.says)

    def but(self, **says: object) -> None:
        """Let it say something else from now on."""
        self.says = replace(Says(), **says)  # type: ignore[arg-type]


def asked_of(query: bytes) -> tuple[bytes, int]:
    """Give the hash and the number of a request as `rfc3161_client` writes it."""
    place = query.index(bytes.fromhex("0420")) + 2
    rest = query[place + 32 :]
    assert rest[0] == 2, "the nonce follows"
    return query[place : place + 32], int.from_bytes(rest[2 : 2 + rest[1]], "big")


@contextmanager
def stamping() -> Iterator[Stamping]:
    """Let an authority run."""
    kept = Stamping()
    kept.may_answer.set()

    class Receiving(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["content-length"]))
            kept.asked.append((dict(self.headers), query))
            time.sleep(kept.slow_s)
            kept.may_answer.wait(60)
            said = kept.answer(query)
            self.send_response(kept.status)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(said)))
            if 300 <= kept.status < 400:
                self.send_header("location", kept.url)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_about: object) -> None:
            """Say nothing: who asks may hang up in the middle."""

    server = Server(("127.0.0.1", 0), Receiving)
    kept.port = cast("tuple[str, int]", server.server_address)[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def authorities_file(folder: Path, url: str, *, name: str = "tsa", every_s: int = 60) -> Path:
    """Write the file of authorities, and the root beside it."""
    (folder / "root.pem").write_bytes(ROOT.pem)
    file = folder / "authorities.toml"
    file.write_text(
        f'[[authorities]]\nid = "{name}"\nurl = "{url}"\nroots = ["{folder}/root.pem"]\n'
        f"every_s = {every_s}\n"
    )
    return file
