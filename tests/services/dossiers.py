"""A record to make dossiers of: people, private texts, open and closed files, signed heads.

What belongs here: putting it together and opening what was made. What never does: an assertion.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from activities.heads import HeadActivities
from domain.canonical import canonical, sha256_hex
from domain.people import Access, Actor, Role
from domain.values import PrivateText
from domain.wire import instant_text
from integrations.key_ring import KeyRing
from integrations.seal import commitment, salt_for, seal
from services import evidence, vaulting
from services.dossier import Asked, Chunks, Made, Telling, Words, make
from services.evidence import Brought
from services.house import House
from services.settings import Settings
from services.signing_keys import signing_of
from services.vaulting import Sealed
from storage import people, rules
from storage.ledger import record
from storage.streams import entry_row
from tests.storage.streams import NOON, fold, new_incident

SECRET = "she-told-us-of-her-rash"
"""Stands in every private text and closed file, and nowhere else."""

NAME_EN, NAME_ZH = "Xiaolan Ouyang", "欧阳晓岚"
OPEN_FILE = b"%PDF-1.7 a photograph of the shelf"
AUDITOR = Actor(id="the.auditor", roles=(Role.AUDITOR,))
LAWYER = Actor(id="the.lawyer", roles=(Role.LEGAL,))
HEALTH, PLAIN = "subject-health", "subject-plain"


def timeline(telling: Telling) -> Iterator[tuple[str, Chunks]]:
    """Tell next to nothing: the real one is the edge's (tests/api/test_dossier.py)."""
    yield "timeline.html", [f"<p>{telling.pinned.row.id}</p>".encode()]


WHOLE = Asked()
WORDS = Words(timeline=timeline, viewer=lambda _telling, _rules: {}, tell=lambda _event: "")


@dataclass
class Record:
    """A house with one incident; `private` are its texts by subject, `files` addresses by class."""

    house: House
    incident: str
    private: dict[str, PrivateText]
    files: dict[str, str]

    def sign(self) -> None:
        """Sign what has grown."""
        HeadActivities(self.house.engine, lambda: signing_of(self.house)).sign_all()

    def made(self, actor: Actor = AUDITOR, asked: Asked = WHOLE) -> "Opened":
        """Make a dossier and open it."""
        file = io.BytesIO()
        made = make(self.house, actor, self.incident, asked, WORDS, file)
        return Opened(made, file.getvalue())


@dataclass(frozen=True)
class Opened:
    """A dossier: what was said of it, and its bytes."""

    made: Made
    zipped: bytes

    @property
    def members(self) -> dict[str, bytes]:
        """Give every member by name, in order."""
        with zipfile.ZipFile(io.BytesIO(self.zipped)) as found:
            return {name: found.read(name) for name in found.namelist()}

    def text(self, name: str) -> str:
        """Read a member as text."""
        return self.members[name].decode()

    def json(self, name: str) -> Any:
        """Read a member as JSON."""
        return json.loads(self.members[name])


def recorded(engine: Engine, folder: Path) -> Record:
    """Put the record together: nine entries, none of them signed yet."""
    ring = KeyRing.create(folder / "ring.json")
    now = NOON + timedelta(days=1)
    house = House(Settings(home=folder), engine, engine, ring, now=lambda: now)
    rules.keep_rules(engine, "incident", b'{"plan":"none"}', NOON)
    for one in ("li", "the.auditor", "somebody.else"):
        named = people.Person(id=one, name_en=NAME_EN, name_zh=NAME_ZH, roles=("quality",))
        people.save_person(engine, named)
    incident = new_incident(engine)
    private = {
        HEALTH: _sealed(house, HEALTH, Access.HEALTH),
        PLAIN: _sealed(house, PLAIN, Access.RESTRICTED),
    }
    files = {
        "open": _file(house, OPEN_FILE, private=False, access=Access.OPEN),
        "closed": _file(house, f"%PDF-1.7 {SECRET} closed".encode()),
        "health": _file(house, f"%PDF-1.7 {SECRET} health".encode(), access=Access.HEALTH),
    }
    bodies: list[dict[str, Any]] = [
        {"words": {"ref": one.ref, "commitment": one.commitment, "subject": one.subject}}
        for one in private.values()
    ]
    bodies += [{"files": [address]} for address in files.values()]
    bodies += [{"text": f"finding {n}"} for n in range(9 - len(bodies))]
    kept = Record(house, incident, private, files)
    add(kept, 1, bodies)
    return kept


def add(
    kept: Record, first: int, bodies: list[dict[str, Any]], kind: str = "FindingLogged"
) -> None:
    """Record further entries."""
    rows = [
        entry_row(entry(kept.incident, seq, body, kind)) for seq, body in enumerate(bodies, first)
    ]
    record(kept.house.engine, kept.incident, first, rows, [], fold)


def entry(incident: str, seq: int, body: dict[str, Any], kind: str = "FindingLogged") -> bytes:
    """Write an entry as DESIGN, "The entry", has it."""
    at = instant_text(datetime(2026, 11, 22, 12, tzinfo=UTC) + timedelta(minutes=seq))
    return canonical(
        {
            "v": 1,
            "incident": incident,
            "seq": seq,
            "command_id": f"c{seq}",
            "actor": {"id": "li", "roles": ["quality"], "on_behalf_of": None, "method": "password"},
            "stage": "investigation",
            "type": kind,
            "type_version": 1,
            "happened_at": at,
            "at": at,
            "recorded_at": at,
            "plan": "r1",
            "build": "b1",
            "access": "open",
            "refers_to": [],
            "body": body,
        }
    )


def _sealed(house: House, subject: str, access: Access) -> PrivateText:
    words, text_id = f"{SECRET}, as {subject}", f"{subject}-1"
    keys = []

    def seal_it(key: bytes) -> Iterator[Sealed]:
        keys.append(key)
        yield Sealed(text_id, seal(words, key, text_id), access)

    vaulting.keep_under_key(house, subject, seal_it)
    return PrivateText(text_id, commitment(salt_for(keys[-1], text_id), words), subject)


def _file(
    house: House, content: bytes, *, private: bool = True, access: Access = Access.RESTRICTED
) -> str:
    bringer = Actor(id="li", roles=(Role.QUALITY,))
    brought = Brought(
        content=content,
        name=f"{SECRET}.pdf" if private else "shelf.pdf",
        command_id=f"file-{sha256_hex(content)}",
        private=private,
        access=access,
    )
    return evidence.keep(house, bringer, brought).address
