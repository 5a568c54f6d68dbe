"""Time stamp authorities (RFC 3161): somebody whose clock and key are not ours, asked over HTTP.

What belongs here: which authorities there are, one request, and whether an answer is theirs. What
never does: choosing what is stamped, or trying again (activities/stamps.py).

Nothing but a hash and a random number goes out. An answer counts when it grants a stamp over that
hash with that number, signed by a certificate for time stamping alone that leads to a root from the
file, at a time that our own clock bears out.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Protocol

from cryptography import x509
from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder

from domain.errors import BrokenSetup, FieldError, NotConfirmed
from domain.timestamp import Stamp
from integrations.outgoing import Outgoing, checked_url, quoted
from integrations.stamp_proofs import decoded, roots_of, unfit, verified

AT_MOST: Final = 5
USUAL_S: Final = 60
"""An authority is asked no more often: each head of the log covers all before it."""

APART: Final = timedelta(minutes=5)
"""How far an authority's clock may be from ours."""

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_POLICY: Final = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,8})){1,30}")
_FIELDS: Final = ("id", "url", "roots", "policy", "every_s")


class Authority(Protocol):
    """Somebody who says when bytes were there."""

    @property
    def id(self) -> str:
        """By which name the file of authorities has it."""

    @property
    def every_s(self) -> int:
        """How often it is asked at most, in seconds."""

    def stamp(self, content: bytes, now: Callable[[], datetime]) -> tuple[bytes, Stamp]:
        """Have bytes stamped; give the answer as it came, and what it says.

        Raises NotConfirmed where none can be had now, Malformed where the answer is not one that
        could be believed.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAuthority:
    """An authority that takes requests over HTTP (RFC 3161, 3.4)."""

    id: str
    outgoing: Outgoing
    url: str = field(repr=False)
    roots: tuple[x509.Certificate, ...]
    policy: str = ""
    every_s: int = USUAL_S

    def stamp(self, content: bytes, now: Callable[[], datetime]) -> tuple[bytes, Stamp]:
        """Ask once. Raises NotConfirmed, Malformed."""
        request = TimestampRequestBuilder(
            data=content, hash_algorithm=HashAlgorithm.SHA256, nonce=True, cert_req=True
        ).build()
        headers = {
            "content-type": "application/timestamp-query",
            "accept": "application/timestamp-reply",
        }
        name, asked_at = f"The time stamp authority {self.id}", now()
        answer = self.outgoing.send(name, "POST", self.url, headers, request.as_bytes())
        if answer.status != 200:
            raise NotConfirmed(f"{name} answered {answer.status}.", "It is asked again.")
        read = decoded(answer.body)
        if read.status != PKIStatus.GRANTED:
            raise NotConfirmed(
                f"{name} refused: {quoted(' '.join(read.status_string) or read.status)}.",
                "It is asked again. Ask its keeper if it stays so.",
            )
        stamp = verified(answer.body, content, self.roots, policy=self.policy, nonce=request.nonce)
        if not asked_at - APART <= stamp.at <= now() + APART:
            raise unfit(
                f"It says {stamp.at:%Y-%m-%d %H:%M:%S} UTC, our clock {now():%Y-%m-%d %H:%M:%S}."
            )
        return answer.body, stamp


# ---------------------------------------------------------------- the file of authorities


def read_authorities(document: Mapping[str, Any], outgoing: Outgoing) -> tuple[HttpAuthority, ...]:
    """Read what the TOML file holds: rows of `[[authorities]]`.

    Raises BrokenSetup with one sentence per problem; no value is quoted.
    """
    rows = document.get("authorities", [])
    wrong = [
        FieldError(name, "Only [[authorities]] may stand here.")
        for name in document
        if name != "authorities"
    ]
    if not isinstance(rows, list) or len(rows) > AT_MOST:
        wrong.append(FieldError("authorities", f"Write at most {AT_MOST} rows [[authorities]]."))
        rows = []
    found: dict[str, HttpAuthority] = {}
    for number, row in enumerate(rows):
        problems = list(_problems(f"authorities.{number}", row, found))
        wrong += problems
        if not problems:
            found[row["id"]] = HttpAuthority(
                id=row["id"],
                outgoing=outgoing,
                url=row["url"],
                roots=roots_of([Path(one) for one in row["roots"]]),
                policy=row.get("policy", ""),
                every_s=row.get("every_s", USUAL_S),
            )
    if wrong:
        raise BrokenSetup(
            f"The file of time stamp authorities cannot be used: {wrong[0].path}. "
            f"{wrong[0].sentence}",
            "Correct what is named here.",
            fields=tuple(wrong),
        )
    return tuple(found.values())


def _problems(path: str, row: Any, taken: Mapping[str, HttpAuthority]) -> Iterator[FieldError]:
    if not isinstance(row, Mapping):
        yield FieldError(path, "Write a row [[authorities]] with id, url and roots.")
        return
    if not isinstance(row.get("id"), str) or not _ID.fullmatch(row["id"]):
        yield FieldError(f"{path}.id", "Write up to 40 small letters, digits and -.")
    elif row["id"] in taken:
        yield FieldError(f"{path}.id", "Another authority has this id.")
    for name in sorted(set(row) - set(_FIELDS)):
        yield FieldError(f"{path}.{name}", f"Only these may stand here: {', '.join(_FIELDS)}.")
    try:
        # A hash and a random number are no secret, and the answer proves itself.
        checked_url(str(row.get("url", "")), plain_allowed=True)
    except BrokenSetup:
        yield FieldError(f"{path}.url", "Write an address such as http://stamps.example/tsa.")
    files = row.get("roots")
    if not isinstance(files, list) or not files or not all(map(_is_path, files)):
        yield FieldError(
            f"{path}.roots", 'Write the whole paths of PEM files: ["/etc/…/root.pem"].'
        )
    policy, every = row.get("policy", ""), row.get("every_s", USUAL_S)
    if not isinstance(policy, str) or (policy and not _POLICY.fullmatch(policy)):
        yield FieldError(f"{path}.policy", 'Write numbers with dots: "1.3.6.1.4.1.4146.2.3".')
    if isinstance(every, bool) or not isinstance(every, int) or not 10 <= every <= 86_400:
        yield FieldError(f"{path}.every_s", "Write a number from 10 to 86400.")


def _is_path(told: object) -> bool:
    return isinstance(told, str) and "\0" not in told and Path(told).is_absolute()
