"""Goods on sale that are still held where no order is left to stop them: after an incident ended.

What belongs here: telling people once of each finding, and the lines about it in the company's log.
What never does: looking (activities/looks.py), or what an incident records itself of what sells
after all (domain/drift.py): a sealed one takes nothing, and a channel that may sell others again
has no order that could go out anew.
"""

import json
from collections.abc import Iterable

from sqlalchemy.engine import Engine

from activities import moment
from activities.derived import about_company
from activities.messages import letters, readers_of
from activities.speaking import Speeches
from activities.team_outbox import TeamOutbox
from domain.drift import SeenChannel
from domain.envelope import Told
from domain.people import Role
from integrations.team_mail import TeamMail
from storage import company, held_goods, incidents, people
from storage.incidents import IncidentRow

TOLD = (Role.CHANNEL_LEAD, Role.INCIDENT_COMMANDER, Role.DUTY_OFFICER)
"""Who makes a channel stop, who may open the incident again, and who is awake."""


class HeldGoods:
    """What is told of held goods on sale; `console` is where the pages stand."""

    def __init__(
        self, engine: Engine, bulk: Engine, console: str, mail: TeamMail | None = None
    ) -> None:
        """Keep the engines, where the console's pages stand, and the way of letters."""
        self._engine = engine
        self._outbox = TeamOutbox(bulk, mail)
        self._console = console
        self._speeches = Speeches(engine)

    def note(self, seen: Iterable[tuple[SeenChannel, str]]) -> None:
        """Tell what looks found, each with the incident that holds those goods; each once.

        The same sight again is no news. Letters go first: who is cut off tells under the same key.
        """
        before = held_goods.last_lines(self._engine)
        for one, incident in seen:
            if not one.is_seen:
                continue
            row = incidents.incident(self._engine, incident)
            last = before.get((incident, one.channel))
            if one.is_clean:
                self._gone(row, one, last)
            elif is_past_orders(self._engine, row, one.channel):
                self._found(row, one, last)

    def _found(self, row: IncidentRow, one: SeenChannel, last: company.LogLine | None) -> None:
        counted = {"offers": one.offers, "units": one.units, "unshipped": one.unshipped}
        named = {"incident": row.id, "channel": one.channel}
        body = {**named, **counted}
        if last is not None and last.type == held_goods.SEEN and last.body == body:
            return
        key = f"held:{row.id}:{one.channel}:{last.seq if last else 0}"
        told = Told(
            key, row.id, row.drill,
            {"kind": "held_goods_seen", "roles": [str(role) for role in TOLD], **body},
        )  # fmt: skip
        everybody = people.list_people(self._engine)
        bound = about_company(self._engine).get("markets", {})
        readers = readers_of(told.body, everybody, bound)
        self._outbox.keep(letters(told, readers, self._speeches, self._console))
        company.log(self._engine, moment.now(), held_goods.SEEN, body)

    def _gone(self, row: IncidentRow, one: SeenChannel, last: company.LogLine | None) -> None:
        if last is not None and last.type == held_goods.SEEN:
            body = {"incident": row.id, "channel": one.channel}
            company.log(self._engine, moment.now(), held_goods.GONE, body)


def is_past_orders(engine: Engine, row: IncidentRow, channel: str) -> bool:
    """Say whether an incident has no order left that stops a channel at which it holds goods.

    One that joined when all was over never had one.
    """
    if not row.is_open:
        return True
    stored = incidents.load_state(engine, row.id)
    now = json.loads(stored.state)["halt"]["channels"].get(channel) if stored else None
    return now is None or now["state"] == "resumed"
