"""Erasing what people told us: asked for by one person, confirmed by another, and for ever.

What belongs here: the act, from its request to the destroyed key, and its lines in the company's
log. What never does: a rule (domain/erasure.py), who is kept where (services/subjects.py), or what
an older copy brings back (services/erased_again.py).

Why something is erased, and whose addresses are emptied, is about a person: both lie in the vault.
The log holds pseudonyms, a ground, and the number of a request.
"""

import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from domain.canonical import sha256_hex
from domain.erasure import (
    ASKED,
    DONE,
    ENDS,
    READS,
    WITHDRAWN,
    Basis,
    Request,
    require_asker,
    require_confirmer,
    require_reference,
)
from domain.errors import NotAllowed, NotFound, Refused
from domain.people import PERFORMER, Access, Actor
from domain.retention import Keeps
from domain.values import PrivateText
from domain.wire import instant_text
from integrations.erasure_register import ErasedLine, ErasureRegister, Of
from integrations.seal import commitment, salt_for, seal, sealed_id
from services import erased_files, erasure_proof, link_marks, subjects, vaulting
from services.erasing_wish import (
    Wish,
    check_words,
    places_of,
    require_nothing_keeps,
    require_sent,
)
from services.house import House
from services.read_log import Read
from services.vaulting import Sealed
from storage import company, erasing, outbox
from storage.company import LogLine
from storage.erasing import Guard, LogLineToCome

UNSWEPT: Final = "vault.unswept"
"""Under this fact stands "yes" while the old bytes of a destroyed key may still be on the disk."""

KEY_OF_ADDRESSES: Final = b"andon/erased-address/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What was erased; `swept` False: the old bytes of keys go from the disk a little later.

    `files_kept` counts open files whose bytes stay, because others name them too.
    """

    request: Request
    keys: int
    files: int
    files_kept: int = 0
    letters: int
    swept: bool


# ---------------------------------------------------------------- asking


def ask(house: House, actor: Actor, wish: Wish, key: str) -> Request:
    """Record a request; sent again with the same key it counts once.

    Raises NotAllowed, Malformed, NotFound for a subject that is not of that stream, Refused where
    it must be kept, or is asked for already.
    """
    require_asker(actor)
    key = sha256_hex(f"{actor.id}|{key}".encode())[:32]
    known = next((one for one, body in _all(house) if body.get("key") == key), None)
    if known is not None:
        return known
    reference = require_reference(wish.reference)
    check_words(wish)
    _check_subjects(house, wish)
    require_nothing_keeps(house, wish)
    told: dict[str, Any] = {
        "stream": wish.stream,
        "subjects": sorted(set(wish.subjects)),
        "basis": str(wish.basis),
        "reference": reference,
        "despite": sorted(map(str, wish.despite)),
        "by": actor.id,
        "method": actor.method,
        "key": key,
        "reason": _sealed(house, f"{key}:reason", wish.reason),
        "addresses": _sealed(house, f"{key}:addresses", json.dumps(wish.addresses)),
        "letters": outbox.count_for(house.bulk, wish.addresses)[0],
    }
    return _written(house, wish, key, told)


def _written(house: House, wish: Wish, key: str, told: dict[str, Any]) -> Request:
    """Write the request, unless the same was asked a moment ago. Raises Refused."""

    def still() -> bool:
        if any(body.get("key") == key for _, body in _all(house)):
            return False
        _check_subjects(house, wish)
        return True

    company.log_if(house.engine, house.now(), ASKED, told, still)
    return next(one for one, body in _all(house) if body.get("key") == key)


def _check_subjects(house: House, wish: Wish) -> None:
    if not wish.subjects:
        return
    if wish.stream:
        here = {one.id: one for one in subjects.of_stream(house, wish.stream)}
    else:
        found = [one for name in wish.subjects for one in subjects.find(house, name)]
        here = {one.id: one for one in found if not one.stream}
    for name in wish.subjects:
        if name not in here and wish.stream:
            raise NotFound(f"{name:.60} does not stand in {wish.stream:.60}.", "Look again.")
        if name not in here:
            raise Refused(f"Entries name {name:.60}.", "Ask for it where they stand.")
        if here[name].erased_at is not None:
            raise Refused(f"{name} was erased already.", "Leave it out.", code="subject_erased")
    asked = {name for one in requests(house) if one.state == "asked" for name in one.subjects}
    if both := asked & set(wish.subjects):
        raise Refused(
            f"{min(both)} is asked for already, in another request.",
            "Confirm or withdraw that one.",
            code="asked_already",
        )


def _sealed(house: House, key: str, text: str) -> dict[str, str]:
    """Keep words of a request in the vault, under a key of their own; give the reference."""
    subject = vaulting.new_subject("erasure", key)

    def seal_it(secret: bytes) -> list[Sealed]:
        text_id = sealed_id(secret, key, "erasure")
        return [Sealed(text_id, seal(text, secret, text_id), Access.RESTRICTED)]

    secret = vaulting.keep_under_key(house, subject, seal_it)
    text_id = sealed_id(secret, key, "erasure")
    shown = commitment(salt_for(secret, text_id), text)
    return {"ref": text_id, "commitment": shown, "subject": subject}


# ---------------------------------------------------------------- withdrawing, confirming


def withdraw(house: House, actor: Actor, name: str) -> None:
    """Withdraw a request that is not confirmed. Raises NotAllowed, NotFound, Refused.

    What the register names was confirmed, even where a power cut came before the log had it.
    """
    require_asker(actor)
    one = _open_request(house, name)

    def still() -> bool:
        _open_request(house, name)
        _require_unconfirmed(house, one)
        return True

    still()
    told = {"erasure": one.id, "by": actor.id}
    company.log_if(house.engine, house.now(), WITHDRAWN, told, still)


def _require_unconfirmed(house: House, one: Request) -> None:
    known = ErasureRegister(house.settings.erasure_register_file).read().named(Of.SUBJECT)
    if _proofs(house, one, _body_of(house, one.id), known):
        raise Refused(
            f"{one.id} was confirmed: the register of erasures names it.",
            "Start Andon again: it is completed then.",
            code="ended",
        )


def confirm(house: House, actor: Actor, name: str) -> Confirmed:
    """Erase what was asked for: the second person's word, and then nobody can undo it.

    The register has it before the first key goes, so that a power cut ends with everything
    erased at the next start. Raises NotAllowed, NotFound, Refused, BrokenSetup.
    """
    one = _open_request(house, name)
    require_confirmer(actor, one.by)
    body = _body_of(house, one.id)
    if not _opens(house, body):
        raise Refused(
            f"The addresses that {one.id} is about cannot be opened.",
            "Withdraw it and ask anew; verify the record, since the vault was altered.",
            code="addresses_closed",
        )
    addresses = _addresses(house, body)
    wish = _wish_of(one, addresses)

    def check() -> None:
        _open_request(house, name)
        require_nothing_keeps(house, wish)
        require_sent(house, addresses)

    check()
    at, by = house.now(), {"by": actor.id, "method": actor.method}
    return _carry_out(house, one, addresses, _Word(at=at, by=by, check=check))


def complete(house: House, known: Mapping[str, ErasedLine]) -> list[Confirmed]:
    """Complete the requests that the register (`known`, its subjects) has and the log has not.

    A power cut came in between, or an older copy was put back. Who confirmed is not known any more:
    the line names the machine, and says that it completed (`completed`). When is: the register
    has it. What the database alone told the register of confirms nothing.
    """
    done = []
    for one, body in _all(house):
        proofs = _proofs(house, one, body, known) if one.state == "asked" else []
        if proofs:
            at = max(line.erased_at for line in proofs)
            by = {"by": PERFORMER.id, "method": PERFORMER.method, "completed": True}
            word = _Word(at=at, by=by, check=partial(_open_request, house, one.id))
            # Another process that starts at the same moment may have completed it.
            with suppress(Refused):
                done.append(_carry_out(house, one, _addresses(house, body), word))
    return done


def _proofs(
    house: House, one: Request, body: Mapping[str, Any], known: Mapping[str, ErasedLine]
) -> list[ErasedLine]:
    """Give the lines of the register that prove a request confirmed; none where it is not.

    Its own line does: it goes in first, and no other request has it. That all its subjects stand
    there does, where it names no address. Some of them prove nothing: another request may have
    named them, and what nobody confirmed must not be destroyed.
    """
    told = {name: line for name, line in known.items() if not line.untold}
    own = told.get(str(body["addresses"]["subject"]))
    if own is not None:
        return [own]
    theirs = [told[name] for name in one.subjects if name in told]
    if not theirs or len(theirs) < len(one.subjects) or _addresses(house, body):
        return []
    return theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """The second word under a request: when, by whom, and what must be so at that moment."""

    at: datetime
    by: Mapping[str, Any]
    check: Callable[[], object]


def _carry_out(house: House, one: Request, addresses: Collection[str], word: _Word) -> Confirmed:
    """Destroy what a confirmed request names: the register first, then keys with their line.

    Both while nobody else records: a hold that came before the register was written stops it, and
    one that comes after it waits, and finds the keys gone. Raises what the word's check raises.
    """
    at, by = word.at, word.by
    own = str(_body_of(house, one.id)["addresses"]["subject"])
    every = (own, *one.subjects)  # its own line is the first: it proves all others confirmed

    def check() -> None:
        word.check()
        _register(house, every, addresses, at, one.basis)

    files = erased_files.part(house, one.subjects)
    letters = outbox.count_for(house.bulk, addresses)[0]
    told = _told_of(one) | {
        **by,
        "files": len(files.gone),
        "letters": letters,
        "erased_at": instant_text(at),
    }
    if files.gone:
        told["file_addresses"] = sorted(files.gone)
    if files.kept:
        told["files_kept"] = len(files.kept)
    gone = erasing.erase_all(
        house.engine,
        every,
        at,
        one.basis,
        LogLineToCome(kind=DONE, body=erasure_proof.marked(house, told, every)),
        Guard(check=check, streams=places_of(house, one, addresses)),
    )
    swept = sweep_keys(house)
    erased_files.remove(house, one.subjects)
    empty_letters(house, addresses, at)
    return Confirmed(
        request=replace(one, state="done", ended_at=at, ended_by=by["by"]),
        keys=len(set(gone) & set(one.subjects)),
        files=len(files.gone),
        files_kept=len(files.kept),
        letters=letters,
        swept=swept,
    )


def _register(
    house: House, every: Collection[str], addresses: Collection[str], at: datetime, basis: Basis
) -> None:
    lines = [ErasedLine(of=Of.SUBJECT, name=s, erased_at=at, ground=basis) for s in every]
    lines += [
        ErasedLine(of=Of.ADDRESS, name=marks_of(house, each)[-1], erased_at=at, ground=basis)
        for each in addresses
    ]
    ErasureRegister(house.settings.erasure_register_file).add(lines)


def _told_of(one: Request) -> dict[str, Any]:
    """Give what the log says of a request when it is done."""
    return {
        "erasure": one.id,
        "stream": one.stream,
        "subjects": list(one.subjects),
        "basis": str(one.basis),
        "reference": one.reference,
        "despite": sorted(map(str, one.despite)),
        "asked_by": one.by,
    }


def _wish_of(one: Request, addresses: tuple[str, ...]) -> Wish:
    return Wish(
        stream=one.stream,
        subjects=one.subjects,
        basis=one.basis,
        reason="",
        despite=one.despite,
        addresses=addresses,
    )


def sweep_keys(house: House) -> bool:
    """Take the old bytes of keys off the disk; where others are in the way, the next start does."""
    swept = erasing.sweep(house.engine)
    company.set_fact(house.engine, UNSWEPT, "" if swept else "yes")
    return swept


def empty_letters(house: House, addresses: Collection[str], until: datetime) -> int:
    """Empty the messages that were written for readers until an instant."""
    if not addresses:
        return 0
    emptied = outbox.erase_for(house.bulk, addresses, until)
    if emptied:
        erasing.sweep(house.bulk, outbox.TABLE)
    return emptied


def marks_of(house: House, address: str) -> list[str]:
    """Give the marks by which the register may know an address without holding it, today's last."""
    keys = link_marks.every_key(house.ring, KEY_OF_ADDRESSES)
    return [link_marks.mark(key, outbox.folded(address)) for key in keys]


# ---------------------------------------------------------------- reading


def requests(house: House) -> list[Request]:
    """List every request, the latest first."""
    return [one for one, _ in reversed(_all(house))]


def emptied(house: House) -> set[str]:
    """Name the incidents and cases that were erased because their time was over."""
    return {
        one.stream
        for one in requests(house)
        if one.state == "done" and one.basis is Basis.PERIOD_OVER
    }


def told_of(house: House) -> set[str]:
    """Name the subjects that the company's log proves erased (services/erasure_proof.py)."""
    return {name for line in erasure_proof.proven(house) for name in line.subjects}


def request(house: House, name: str) -> Request:
    """Give one request. Raises NotFound."""
    found = next((one for one, _ in _all(house) if one.id == name), None)
    if found is None:
        raise NotFound(f"There is no request {name:.20}.", "See the page of personal data.")
    return found


def reason_of(house: House, actor: Actor, name: str) -> str:
    """Give why a request was made, for who may read it; or what stands in its place."""
    told = PrivateText(**_body_of(house, name)["reason"])
    return vaulting.open_texts(house, actor, [told], Read(what="privacy", item=name)).get(
        told.ref, ""
    )


def require_reader(actor: Actor) -> None:
    """Let those alone in whose work it is. Raises NotAllowed."""
    if not actor.holds(READS):
        raise NotAllowed(
            "This page is for the privacy officer, legal and auditors.",
            "Ask one of them.",
            who_could=tuple(sorted(map(str, READS))),
        )


def _open_request(house: House, name: str) -> Request:
    one = request(house, name)
    if one.state == "done":
        raise Refused(f"{name} is confirmed already.", "Nothing was changed.", code="ended")
    if one.state == "withdrawn":
        raise Refused(f"{name} is withdrawn already.", "Ask anew.", code="ended")
    return one


def _all(house: House) -> list[tuple[Request, Mapping[str, Any]]]:
    """Read the requests out of the company's log, in order, each with its first line."""
    found: dict[str, tuple[Request, Mapping[str, Any]]] = {}
    for line in company.lines_of(house.engine, (ASKED, *ENDS)):
        if line.type == ASKED:
            found[f"E{line.seq}"] = (_request_of(line), line.body)
        elif line.body["erasure"] in found:
            one, body = found[line.body["erasure"]]
            ended = replace(
                one, state=ENDS[line.type], ended_at=line.at, ended_by=str(line.body["by"])
            )
            found[one.id] = (ended, body)
    return list(found.values())


def _request_of(line: LogLine) -> Request:
    body = line.body
    return Request(
        id=f"E{line.seq}",
        stream=body["stream"],
        subjects=tuple(body["subjects"]),
        letters=body["letters"],
        basis=Basis(body["basis"]),
        reference=body["reference"],
        despite=tuple(Keeps(one) for one in body["despite"]),
        by=body["by"],
        asked_at=line.at,
    )


def _body_of(house: House, name: str) -> Mapping[str, Any]:
    return next(body for one, body in _all(house) if one.id == name)


def _opens(house: House, body: Mapping[str, Any]) -> bool:
    """Say whether the addresses of a request can be read: each has a list, were it empty."""
    told = PrivateText(**body["addresses"])
    text = vaulting.open_texts(house, PERFORMER, [told], None).get(told.ref, "")
    return bool(text) and vaulting.is_shown(text)


def _addresses(house: House, body: Mapping[str, Any]) -> tuple[str, ...]:
    """Open the addresses of a request; the machine itself reads them."""
    told = PrivateText(**body["addresses"])
    text = vaulting.open_texts(house, PERFORMER, [told], None).get(told.ref, "")
    return tuple(json.loads(text)) if text and vaulting.is_shown(text) else ()
