"""The sweep: finding what is overdue even when a stream's own workflow cannot say so itself.

What belongs here: reading the read model against the clock, and raising the alarm. What never
does: deciding anything in an incident or a case.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.derived import about_company
from activities.messages import letters, readers_of
from activities.open_erasures import open_erasures
from activities.room_guesses import guessed_rooms
from activities.speaking import Speeches
from activities.team_outbox import TeamOutbox
from activities.unseen_duties import UnseenDuties
from domain.envelope import Told, Watched
from domain.people import Role
from integrations.team_mail import TeamMail
from storage import cases, company, incidents, people

GRACE = timedelta(minutes=10)
"""A due time this long past, in a read model that stood still since, is a stuck incident; so is one
in which a duty passed that long ago and nothing says so, whatever else is recorded."""


class WatchActivities:
    """Activities over the read model and the outbox."""

    def __init__(
        self, engine: Engine, bulk: Engine, console: str, mail: TeamMail | None = None
    ) -> None:
        """Keep the engines, where the console's pages stand, and the way of letters."""
        self._engine = engine
        self._outbox = TeamOutbox(bulk, mail)
        self._console = console
        self._speeches = Speeches(engine)
        self._duties = UnseenDuties(engine)
        self._told: set[str] = set()

    @activity.defn(name="sweep_overdue", no_thread_cancel_exception=True)
    def sweep_overdue(self) -> Watched:
        """Find what was never recorded, and incidents and cases that let a due time pass.

        A duty that passed unseen is told once to the people who own it, and a request to erase to
        those who decide on it; what stands still is told to whoever is on duty, once an hour for as
        long as it does.
        """
        now = moment.now()
        watched = incidents.with_times(self._engine)
        unseen = list(self._duties.find(watched, now - GRACE))
        of_the_house = (*open_erasures(self._engine), *guessed_rooms(self._engine, now))
        self._tell([*(one.told() for one in unseen), *of_the_house])
        found = [
            *(one.incident for one in unseen),
            *(
                row.id
                for row in incidents.unrecorded(self._engine, now - incidents.RECORDED_WITHIN)
            ),
            *(row.id for row in watched if row.is_open and _is_stuck(row, now)),
            *(row.id for row in cases.unrecorded(self._engine, now - incidents.RECORDED_WITHIN)),
            *(row.id for row in cases.standing_still(self._engine, now - GRACE)),
        ]
        found = list(dict.fromkeys(found))
        for incident in found:
            self._alarm(incident, now)
        return Watched(looked_at=len(watched), found=found)

    def _tell(self, found: Iterable[Told]) -> None:
        """Tell of each thing once: whoever was told is not told again, by whichever worker."""
        new = [told for told in found if told.effect_key not in self._told]
        if not new:
            return
        everybody = people.list_people(self._engine)
        bound = about_company(self._engine).get("markets", {})
        for told in new:
            readers = readers_of(told.body, everybody, bound)
            self._outbox.keep(letters(told, readers, self._speeches, self._console))
            if readers:
                self._told.add(told.effect_key)

    def _alarm(self, incident: str, now: datetime) -> None:
        hour = now.strftime("%Y-%m-%dT%H")
        company.log(self._engine, now, "incident_stands_still", {"incident": incident})
        wanted = {str(Role.ADMIN), str(Role.DUTY_OFFICER)}
        told = Told(f"sweep:{incident}:{hour}", incident, "", {"kind": "stands_still"})
        readers = [p for p in people.list_people(self._engine) if wanted & set(p.roles)]
        self._outbox.keep(letters(told, readers, self._speeches, self._console))


def _is_stuck(row: incidents.IncidentRow, now: datetime) -> bool:
    """A due time passed in silence: the clock should have recorded at least its overdue rung."""
    if row.next_due_at is None or row.recorded_at is None:
        return False
    return row.next_due_at < now - GRACE and row.recorded_at < row.next_due_at
