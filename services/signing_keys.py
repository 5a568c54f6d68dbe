"""The keys that sign this installation's heads, and the name that its ledgers are known by.

What belongs here: choosing name and keys. What never does: signing (integrations/note_keys.py), or
when (activities/heads.py).

The name is made once and never changes: it stands in every head, and a verifier that knows a key
knows it by this name.
"""

import secrets
from typing import Final
from urllib.parse import urlsplit

from activities.heads import Signing
from domain.checkpoint import VerifierKey
from integrations.key_ring import Purpose
from integrations.newest_head import NewestHead
from integrations.note_keys import NoteSigner
from services.house import House
from services.settings import Settings
from storage import company

ORIGIN: Final = "record.origin"
"""Under this fact stands the name."""

NOBODYS: Final = "andon.invalid"
"""What stands for the host where the installation has no public address (RFC 2606)."""


def origin_of(house: House) -> str:
    """Give the name that every head of this installation begins with; made at the first question.

    Two installations of one host have two names: random digits stand behind it.
    """
    known = company.fact(house.engine, ORIGIN)
    if known is not None:
        return known
    host = urlsplit(house.settings.public_url or "").hostname or NOBODYS
    return company.set_fact_once(house.engine, ORIGIN, f"{host}/{secrets.token_hex(4)}")


def signing_of(house: House) -> Signing:
    """Give the name and the keys, the newest last."""
    origin = origin_of(house)
    keys = house.ring.all(Purpose.HEAD)
    signers = [NoteSigner(origin, key.secret) for key in keys]
    return Signing(origin, signers, newest_of(house.settings, origin))


def newest_of(settings: Settings, origin: str) -> NewestHead:
    """Say where the newest head of the log of a record is kept, beside the key ring."""
    return NewestHead(settings.newest_heads_dir, origin)


def keys_of(house: House) -> tuple[VerifierKey, ...]:
    """Give what verifiers are handed: every key that ever signed, the newest last."""
    return tuple(signer.key for signer in signing_of(house).signers)
