"""Messages to people of the company: who is told what, in their own language.

What belongs here: from a role to people, and the words. What never does: a word to the outside
(activities/press.py), or deciding whom to tell (the domain's effects).
"""

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.message_words import OTHER, WORDS
from activities.translation import translated
from domain.envelope import Told, Wire
from storage import outbox, people

DRILL_MARK = "DRILL 演练 · "


class _Named(dict[str, object]):
    """Words of a message; a name that is not there is left empty, never an error at 3 a.m."""

    def __missing__(self, _key: str) -> str:
        return ""


class MessageActivities:
    """Activities over the directory of people and the outbox."""

    def __init__(self, engine: Engine, bulk: Engine) -> None:
        """Keep the engines of the directory and of the outbox."""
        self._engine = engine
        self._bulk = bulk

    @activity.defn(name="tell")
    def tell(self, told: Told) -> int:
        """Tell everyone who holds one of the roles, once each; gives how many."""
        with translated():
            wanted = {str(role) for role in told.body.get("roles", [])}
            asked = [
                person
                for person in people.list_people(self._engine)
                if wanted & set(person.roles)
                or (told.body.get("deputies") and wanted & set(person.deputy_for))
                or person.id == (told.body.get("person") or None)
            ]
            outbox.keep_messages(self._bulk, [_message(told, person) for person in asked])
            return len(asked)


def _message(told: Told, person: people.Person) -> outbox.Message:
    language = person.language if person.language in ("en", "zh") else "en"
    subject, body = WORDS.get(told.body["kind"], OTHER)[language]
    words = _Named(_plain(told.body), incident=told.incident)
    mark = DRILL_MARK if told.drill else ""
    return outbox.Message(
        effect_key=f"{told.effect_key}:{person.id}",
        incident=told.incident,
        audience="team",
        channel="email",
        recipient=person.email or person.id,
        language=language,
        created_at=moment.now(),
        subject=f"{mark}{told.incident} · {subject.format_map(words)}",
        body=f"{mark}{body.format_map(words)}\n{told.incident}",
    )


def _plain(body: Wire) -> dict[str, object]:
    return {
        key: ", ".join(map(str, value)) if isinstance(value, list) else value
        for key, value in body.items()
    }
