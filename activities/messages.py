"""Messages to people of the company: who is told what, in their own language.

What belongs here: from a role to people, and the words. What never does: a word to the outside
(activities/press.py), or deciding whom to tell (the domain's effects).
"""

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.translation import translated
from domain.envelope import Told, Wire
from storage import outbox, people

DRILL_MARK = "DRILL 演练 · "

WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "report_received": {
        "en": (
            "New report",
            "A problem was reported: {products}. Grade it and accept or close it.",
        ),
        "zh": ("新报告", "收到问题报告：{products}。请评定等级，并决定受理或关闭。"),
    },
    "report_accepted": {
        "en": ("Incident accepted", "The report stands as an incident, grade {grade}."),
        "zh": ("事件已受理", "该报告已作为事件受理，事件等级：{grade}。"),
    },
    "report_closed": {
        "en": ("Report closed", "The report was closed without an incident."),
        "zh": ("报告已关闭", "该报告已关闭，未作为事件处理。"),
    },
    "report_linked": {
        "en": ("Report linked", "The report was linked to another incident."),
        "zh": ("报告已并入", "该报告已并入另一事件。"),
    },
    "reminder": {
        "en": ("Due soon: {title}", "{title}: due at {due_at}."),
        "zh": ("即将到期：{title}", "{title}：截止时间 {due_at}。"),
    },
    "overdue": {
        "en": ("Overdue: {title}", "{title} was due at {due_at}. It stays open. Deputies may act."),
        "zh": ("已逾期：{title}", "{title} 应于 {due_at} 前完成，现仍未完成。副职可以代行。"),
    },
    "drift": {
        "en": ("Still on sale", "Channel {channel} still sells: {how_seen}"),
        "zh": ("仍在销售", "渠道 {channel} 仍在销售：{how_seen}"),
    },
}
OTHER = {
    "en": ("News of {incident}", "{title}"),
    "zh": ("{incident} 有新情况", "{title}"),
}


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
