"""Time stamps: an answer counts when it is an authority's over our bytes, and at no other time."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from activities import moment
from domain.errors import AndonError, BrokenSetup, Malformed, NotConfirmed
from domain.timestamp import Stamp, in_order, read_stamp
from integrations.outgoing import Bounds, Outgoing
from integrations.stamp_proofs import verified
from integrations.timestamps import HttpAuthority, read_authorities
from tests.stamping import (
    BETWEEN,
    CODE,
    OTHER_ROOT,
    POLICY,
    ROOT,
    SHA1,
    SIGNER,
    STAMPING,
    Says,
    Stamping,
    certified,
    granted,
    refusal,
    stamping,
)

NOTE = b"andon.example/1/log\n42\nroot\n\n"
IMPRINT = hashlib.sha256(NOTE).digest()
NOW = datetime.now(UTC).replace(microsecond=0)
ANSWER = granted(IMPRINT, 7, Says(at=NOW))
NOT_CA = certified("no authority", ROOT, uses=[STAMPING])


@pytest.fixture(scope="module")
def server() -> Iterator[Stamping]:
    with stamping() as one:
        yield one


@pytest.fixture
def there(server: Stamping) -> Stamping:
    """Give an authority that answers rightly, until it is told otherwise."""
    server.but()
    server.status, server.raw, server.slow_s = 200, None, 0.0
    server.asked.clear()
    return server


def authority(there: Stamping, *, within_s: float = 20, **more: Any) -> HttpAuthority:
    bounds = Bounds(inside_allowed=True, plain_allowed=True, within_s=within_s)
    return HttpAuthority(
        id="tsa", outgoing=Outgoing(bounds), url=there.url, roots=(ROOT.certificate,), **more
    )


def test_a_stamp_is_over_the_bytes_and_has_the_authoritys_time(there: Stamping) -> None:
    answer, stamp = authority(there, policy=POLICY).stamp(NOTE, moment.now)
    assert stamp.is_of(NOTE)
    assert not stamp.is_of(NOTE + b" ")
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(seconds=10)
    assert verified(answer, NOTE, [ROOT.certificate]) == stamp
    [(headers, query)] = there.asked
    assert headers["content-type"] == "application/timestamp-query"
    assert NOTE not in query
    assert IMPRINT in query, "the hash alone goes out"


def test_no_two_requests_are_alike(there: Stamping) -> None:
    for _ in range(3):
        authority(there).stamp(NOTE, moment.now)
    assert len({query for _headers, query in there.asked}) == 3


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another nonce": ({"nonce": 5}, "answers another request"),
    "other bytes": ({"imprint": bytes(32)}, "over other bytes"),
    "another hash": ({"algorithm": SHA1, "imprint": bytes(20)}, "not over a SHA-256"),
    "a signature over other things": ({"sound": False}, "leads to a root"),
    "another policy": ({"policy": "1.2.3.4.2"}, "another policy"),
    "a clock that is slow": ({"late": timedelta(minutes=-9)}, "our clock"),
    "a clock that is fast": ({"late": timedelta(minutes=9)}, "our clock"),
    "another root": (
        {"signer": certified("s1", OTHER_ROOT, uses=[STAMPING])},
        "leads to a root",
    ),
    "signed by itself": ({"signer": certified("s2", uses=[STAMPING])}, "leads to a root"),
    "a certificate for code": (
        {"signer": certified("s3", ROOT, uses=[CODE])},
        "leads to a root",
    ),
    "a certificate for more than stamps": (
        {"signer": certified("s4", ROOT, uses=[STAMPING, CODE])},
        "leads to a root",
    ),
    "a use that is not critical": (
        {"signer": certified("s5", ROOT, uses=[STAMPING], critical=False)},
        "leads to a root",
    ),
    "no use at all": ({"signer": certified("s6", ROOT)}, "leads to a root"),
    "an expired certificate": (
        {"signer": certified("s7", ROOT, uses=[STAMPING], days=(-60, -1))},
        "leads to a root",
    ),
    "a certificate of tomorrow": (
        {"signer": certified("s8", ROOT, uses=[STAMPING], days=(1, 60))},
        "leads to a root",
    ),
    "a chain through one that may not sign": (
        {"signer": certified("s9", NOT_CA, uses=[STAMPING])},
        "leads to a root",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_stamp_that_cannot_be_believed_is_refused(kind: str, there: Stamping) -> None:
    says, why = WRONG[kind]
    there.but(**says)
    with pytest.raises(Malformed) as refused:
        authority(there, policy=POLICY).stamp(NOTE, moment.now)
    assert why in refused.value.sentence
    assert "Error" not in refused.value.sentence, "no library's insides are shown"


ILL: dict[str, tuple[Callable[[Stamping], object], type[AndonError]]] = {
    "an error": (lambda one: setattr(one, "status", 500), NotConfirmed),
    "moved": (lambda one: setattr(one, "status", 302), NotConfirmed),
    "busy": (lambda one: setattr(one, "status", 429), NotConfirmed),
    "refused": (lambda one: one.but(status=2, words="unaccepted policy"), NotConfirmed),
    "granted with changes": (lambda one: one.but(status=1), NotConfirmed),
    "nothing": (lambda one: setattr(one, "raw", b""), Malformed),
    "a page": (lambda one: setattr(one, "raw", b"<html>Sign in</html>"), Malformed),
    "cut off": (lambda one: setattr(one, "raw", granted(IMPRINT)[:-9]), Malformed),
    "more behind it": (lambda one: setattr(one, "raw", granted(IMPRINT) + b"0"), Malformed),
    "huge": (lambda one: setattr(one, "raw", b"0" * (1 << 20)), NotConfirmed),
    "slow": (lambda one: setattr(one, "slow_s", 2.0), NotConfirmed),
}


@pytest.mark.parametrize("kind", ILL)
def test_a_hostile_answer_is_no_stamp(kind: str, there: Stamping) -> None:
    spoil, refused_as = ILL[kind]
    spoil(there)
    with pytest.raises(refused_as) as refused:
        authority(there, within_s=0.5).stamp(NOTE, moment.now)
    assert "<" not in refused.value.sentence
    assert len(there.asked) == 1, "no redirect is followed, nothing is asked twice"


def test_words_of_a_refusal_are_quoted_short_and_plain(there: Stamping) -> None:
    there.raw = refusal("<b>no\x1b[31m" + "x" * 900)
    with pytest.raises(NotConfirmed) as refused:
        authority(there).stamp(NOTE, moment.now)
    assert "\x1b" not in refused.value.sentence
    assert len(refused.value.sentence) < 300


def test_nobody_inside_is_asked_unless_that_is_allowed(there: Stamping) -> None:
    one = HttpAuthority(
        id="tsa",
        outgoing=Outgoing(Bounds(plain_allowed=True)),
        url=there.url,
        roots=(ROOT.certificate,),
    )
    with pytest.raises(BrokenSetup, match="inside this network"):
        one.stamp(NOTE, moment.now)
    assert there.asked == []


def test_a_stamp_stays_good_when_its_certificate_has_expired() -> None:
    old = certified("old", ROOT, uses=[STAMPING], days=(-20, -2))
    answer = granted(IMPRINT, 1, Says(signer=old, at=NOW - timedelta(days=5)))
    assert verified(answer, NOTE, [ROOT.certificate]).at == NOW - timedelta(days=5)
    late = granted(IMPRINT, 1, Says(signer=old, at=NOW - timedelta(days=1)))
    with pytest.raises(Malformed):
        verified(late, NOTE, [ROOT.certificate])


@pytest.mark.parametrize("in_their_order", [True, False])
def test_certificates_may_stand_in_any_order(*, in_their_order: bool) -> None:
    answer = granted(IMPRINT, 1, Says(in_order=in_their_order, at=NOW))
    assert verified(answer, NOTE, [ROOT.certificate]) == Stamp(sha256=IMPRINT.hex(), at=NOW)
    assert in_order(answer) == granted_in_order(answer)


def granted_in_order(answer: bytes) -> bytes:
    """Put the two certificates of an answer in order by moving bytes."""
    first, second = sorted((SIGNER.der, BETWEEN.der))
    return answer.replace(second + first, first + second)


@pytest.mark.parametrize(
    ("fraction", "micros"), [("", 0), (".5", 500_000), (".000001", 1), (".123456789", 123_456)]
)
def test_a_time_may_have_parts_of_a_second(fraction: str, micros: int) -> None:
    answer = granted(IMPRINT, 1, Says(at=NOW, fraction=fraction))
    assert read_stamp(answer).at == NOW.replace(microsecond=micros)
    assert verified(answer, NOTE, [ROOT.certificate]).at == read_stamp(answer).at


@given(st.data())
def test_whatever_is_altered_in_a_stamp_it_is_refused_or_says_the_same(data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(ANSWER) - 1))
    altered = bytearray(ANSWER)
    altered[place] ^= data.draw(st.integers(1, 255))
    try:
        found = verified(bytes(altered), NOTE, [ROOT.certificate], nonce=7)
    except Malformed:
        return
    except NotConfirmed:
        pytest.fail("nothing is asked")
    assert found == read_stamp(ANSWER)


@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_to_be_refused(raw: bytes) -> None:
    for read in (read_stamp, in_order):
        with pytest.raises(Malformed):
            read(raw)


OPENSSL = shutil.which("openssl")


@pytest.mark.skipif(OPENSSL is None, reason="there is no openssl here")
def test_openssl_believes_what_we_believe_and_makes_what_we_read(tmp_path: Path) -> None:
    """The command that a dossier's reader is given is right; and a real authority's form is read."""
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "a.tsr").write_bytes(granted(IMPRINT, 1, Says(at=NOW)))
    command = f"openssl ts -verify -digest {IMPRINT.hex()} -in a.tsr -CAfile root.pem"
    epoch = f"-attime {int(NOW.timestamp())}"
    done = subprocess.run(
        [*command.split(), *epoch.split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in done.stdout, done.stderr
    _openssl_signs(tmp_path)
    made = (tmp_path / "b.tsr").read_bytes()
    assert verified(made, NOTE, [ROOT.certificate]).is_of(NOTE)
    with pytest.raises(Malformed):
        verified(made, NOTE, [OTHER_ROOT.certificate])


def _openssl_signs(folder: Path) -> None:
    (folder / "note").write_bytes(NOTE)
    (folder / "serial").write_text("01")
    (folder / "signer.pem").write_bytes(SIGNER.pem)
    (folder / "chain.pem").write_bytes(BETWEEN.pem)
    (folder / "signer.key").write_bytes(
        SIGNER.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_digest = sha256\n"
        f"default_policy = {POLICY}\ndigests = sha256\ness_cert_id_alg = sha256\n"
    )
    files = "-signer signer.pem -inkey signer.key -chain chain.pem"
    for command in (
        "openssl ts -query -data note -sha256 -cert -out q.tsq",
        "openssl ts -reply -config tsa.cnf -queryfile q.tsq -out b.tsr {files}",
    ):
        subprocess.run(
            command.format(files=files).split(), cwd=folder, capture_output=True, check=True
        )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "UPPER"}, "authorities.0.id"),
        ({"url": "file:///etc/passwd"}, "authorities.0.url"),
        ({"url": "http://user:word@tsa.example/"}, "authorities.0.url"),
        ({"url": 5}, "authorities.0.url"),
        ({"roots": []}, "authorities.0.roots"),
        ({"roots": ["root.pem"]}, "authorities.0.roots"),
        ({"roots": "root.pem"}, "authorities.0.roots"),
        ({"policy": "one.two"}, "authorities.0.policy"),
        ({"every_s": 1}, "authorities.0.every_s"),
        ({"every_s": True}, "authorities.0.every_s"),
        ({"key": "x"}, "authorities.0.key"),
        ({"roots": ["/nowhere/root.pem"]}, "cannot be read"),
        ({"roots": ["/dev/null"]}, "is no file"),
        ({"roots": [__file__]}, "no certificate in PEM"),
    ],
    ids=[
        "id in capitals", "an address of a file", "a password in the address", "a number",
        "no root", "half a path", "no list", "no policy", "too often", "yes", "a field of no use",
        "a root that is not there", "a device", "a file without a certificate",
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_file_is_said(row: dict[str, Any], said: str) -> None:
    whole = {"id": "tsa", "url": "http://tsa.example/", "roots": ["/dev/null"], **row}
    with pytest.raises(BrokenSetup) as wrong:
        read_authorities({"authorities": [whole]}, Outgoing(Bounds()))
    assert said in wrong.value.sentence


@pytest.mark.parametrize("document", [{"authorities": 5}, {"tsa": []}, {"authorities": [7]}])
def test_a_file_of_another_shape_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(BrokenSetup, match="time stamp authorities"):
        read_authorities(document, Outgoing(Bounds()))
