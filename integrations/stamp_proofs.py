"""Whether a time stamp (RFC 3161) is of an authority whose root somebody believes.

What belongs here: holding an answer against bytes and roots, and reading roots. What never does:
asking for a stamp (integrations/timestamps.py): who verifies opens no connection.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import (
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.errors import BrokenSetup, Malformed
from domain.timestamp import Stamp, in_order, read_stamp
from domain.wire import one_line
from integrations.small_files import small_file

SAID: Final = 160
ROOTS_AT_MOST: Final = 1 << 20
"""Signs of what the library says that are quoted."""

_SAYS_NO: Final = (
    VerificationError,
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
)
"""What the library and the certificates that it reads raise."""

_WHY: Final = {
    "Error while verifying certificates": "It is not signed, for time stamps and at that time, by "
    "a certificate that leads to a root which is named.",
    "Nonce mismatch": "It answers another request.",
    "Policy ID mismatch": "It was given under another policy.",
}


def verified(
    answer: bytes,
    content: bytes,
    roots: Sequence[x509.Certificate],
    *,
    policy: str = "",
    nonce: int | None = None,
) -> Stamp:
    """Hold a stamp against the bytes it is over and the roots that are believed.

    Certificates must have been good at the time of the stamp, whatever became of them since.
    Raises Malformed.
    """
    read, stamp = decoded(answer), read_stamp(answer)
    if not stamp.is_of(content):
        raise unfit("It is over other bytes.")
    verifier = VerifierBuilder(
        policy_id=x509.ObjectIdentifier(policy) if policy else None,
        roots=list(roots),
        nonce=nonce,
    ).build()
    try:
        verifier.verify_message(read, content)
    except _SAYS_NO as error:
        raise unfit(_why(str(error))) from None
    return stamp


def decoded(answer: bytes) -> TimeStampResponse:
    """Read an answer. Raises Malformed; what its certificates stand in is put in order first."""
    try:
        return decode_timestamp_response(answer)
    except ValueError:
        pass
    try:
        return decode_timestamp_response(in_order(answer))
    except ValueError:
        raise unfit("It is no answer of RFC 3161.") from None


def _why(said: str) -> str:
    """Say why an answer is not believed; the library's own words name its insides."""
    known = (sentence for word, sentence in _WHY.items() if word in said)
    return next(known, f"It cannot be believed: {one_line(said, SAID)}.")


def unfit(sentence: str) -> Malformed:
    """Give the refusal of an answer that cannot be believed."""
    return Malformed(sentence, "It is asked again. Ask its keeper if it stays so.")


def roots_of(files: Iterable[Path]) -> tuple[x509.Certificate, ...]:
    """Read certificates from PEM files. Raises BrokenSetup."""
    found: list[x509.Certificate] = []
    for one in files:
        try:
            found += x509.load_pem_x509_certificates(small_file(one, ROOTS_AT_MOST))
        except OSError as error:
            raise BrokenSetup(
                f"The certificate {one} cannot be read: {error.strerror}.",
                "Name a file that is there.",
            ) from error
        except Malformed as error:
            raise BrokenSetup(error.sentence, "Name the file with the root itself.") from None
        except ValueError:
            raise BrokenSetup(
                f"{one} holds no certificate in PEM.",
                "Take the authority's root in PEM: it begins with -----BEGIN CERTIFICATE-----.",
            ) from None
    return tuple(found)


def as_pem(roots: Iterable[x509.Certificate]) -> bytes:
    """Write certificates one behind the other, as PEM."""
    return b"".join(one.public_bytes(Encoding.PEM) for one in roots)
