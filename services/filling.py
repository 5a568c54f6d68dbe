"""Rows of the read model that an earlier release did not write yet: made once, from the states.

What belongs here: making them when an installation starts, before anything runs. What never does:
a row of what is recorded from then on; that is written with its entries (storage/ledger.py).
"""

from typing import Final

from domain.desired import holds
from domain.errors import NotFound, NotWhole
from domain.open_duties import open_duties
from services import reading
from services.house import House
from storage import company, incidents, read_model

FILLED: Final = "duties.filled"
"""Under this fact stands which form of the rows every incident has; a new form makes them anew."""

FORM: Final = "3"
TRIES: Final = 5


def fill_rows(house: House) -> None:
    """Make the rows of incidents that were recorded before there were any, once.

    A state that cannot be read is passed over: verifying the incident says so.
    """
    if company.fact(house.engine, FILLED) == FORM:
        return
    for incident_id in incidents.recorded(house.engine):
        for _ in range(TRIES):
            if _filled(house, incident_id):
                break
    company.set_fact(house.engine, FILLED, FORM)


def _filled(house: House, incident_id: str) -> bool:
    stored = incidents.load_state(house.engine, incident_id)
    if stored is None:
        return True
    try:
        state = reading.read_state(house, incident_id, stored)
    except (NotWhole, NotFound):
        return True
    owed, held = open_duties(state), holds(state)
    return read_model.fill(house.engine, incident_id, stored.version, owed, held)
