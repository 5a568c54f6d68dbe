"""The hash over the clear bytes of a file, put into the acts that say what was sent.

What belongs here: filling in what `ask_content` declares, and refusing another hash. What never
does: opening a file, or who may name it (`decide`). A kept file is named by its address, which of
a closed one is over the encrypted bytes: an authority that holds the report could not compare it,
and after an erasure nothing would prove it (docs/decisions/0019).
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from domain.errors import FieldError, Malformed
from domain.message import CONTENT_OF, CommandSpec
from domain.people import Actor
from services import evidence
from services.house import House
from services.sending import Sent


def with_content_hashes(house: House, actor: Actor, spec: CommandSpec, sent: Sent) -> Sent:
    """Give an act with the hashes over the clear bytes of the files it names. Raises Malformed.

    The same act sent again names the same file, and comes out the same. Whoever never may act so
    is refused for the role by `decide`, and learns nothing here of what a file holds.
    """
    if not (actor.holds(spec.roles) or actor.stands_in_for(spec.roles)):
        return sent
    found = {
        one.name: _hash_of(house, one.metadata[CONTENT_OF], sent.body)
        for one in fields(spec.type)
        if CONTENT_OF in one.metadata
    }
    for name, sha256 in found.items():
        _require_same(name, str(sent.body.get(name) or ""), sha256)
    known = {name: sha256 for name, sha256 in found.items() if sha256}
    return replace(sent, body={**sent.body, **known}) if known else sent


def _hash_of(house: House, files: tuple[str, ...], body: Mapping[str, Any]) -> str:
    address = next((body[name] for name in files if body.get(name)), None)
    return evidence.content_hash(house, address) if address else ""


def _require_same(name: str, told: str, known: str) -> None:
    """Refuse a hash that is not the kept file's: the signatures would stand under other bytes."""
    if told and told != known:
        sentence = "This is not the SHA-256 of the file that is kept here."
        raise Malformed(
            sentence,
            "Attach the very file that was sent; the hash may be left out.",
            fields=(FieldError(name, sentence),),
        )
