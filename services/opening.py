"""Opening a house: databases, keys, Temporal; and closing it in order.

What belongs here: how one process gets what it needs from the settings. What never does: making a
company (services/company.py) or a rule.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.engine import Engine

from domain.errors import BrokenSetup
from integrations.key_ring import KeyRing, Purpose
from integrations.temporal_plugin import andon_plugin, connect
from services.erased_again import erase_again
from services.house import House
from services.settings import Settings
from storage import company
from storage.database import open_database

RING = "ring.vault"
"""Under this fact stands the id of a vault key that the installation's ring must hold."""


def open_ring(settings: Settings) -> KeyRing:
    """Give the key ring of the installation. Raises BrokenSetup when it is missing or damaged."""
    if settings.secret_key is not None:
        return KeyRing.from_secret(settings.secret_key.get_secret_value())
    return KeyRing.load(settings.key_ring_file)


def open_stores(settings: Settings) -> House:
    """Open databases and keys, without Temporal: enough to read."""
    database = open_database(settings.sqlalchemy_url)
    return House(settings, database.ledger, database.bulk, open_ring(settings))


def check_ring(engine: Engine, ring: KeyRing) -> None:
    """Refuse to work with keys that are not this database's. Raises BrokenSetup.

    With another ring every honest message would be refused as forged, and the vault stay shut.
    """
    known = company.fact(engine, RING)
    if known is not None and ring.find(Purpose.VAULT, known) is None:
        raise BrokenSetup(
            "The key ring does not belong to this database.",
            "Put back the ring this installation was made with (keys/ring.json, or the secret).",
            code="wrong_ring",
        )
    if known is None:
        company.set_fact_once(engine, RING, ring.current(Purpose.VAULT).id)


@asynccontextmanager
async def open_house(settings: Settings, *, identity: str) -> AsyncIterator[House]:
    """Open everything; databases are closed at the end. Raises BrokenSetup."""
    house = open_stores(settings)
    try:
        check_ring(house.engine, house.ring)
        erase_again(house)
        connection = settings.temporal_connection()
        address = connection.get("target_host")
        if not address:
            raise BrokenSetup("No Temporal address is known.", "Start with `andon up`.")
        house.client = await connect(
            address,
            connection.get("namespace", "default"),
            andon_plugin(house.ring),
            identity=f"andon-{identity}",
            api_key=connection.get("api_key"),
            tls=connection.get("tls"),
        )
        yield house
    finally:
        house.engine.dispose()
        house.bulk.dispose()
