"""Messages to people of the company: who is told what, in their own language.

What belongs here: from a role to people, and the letter. What never does: a word to the outside
(activities/press.py), or deciding whom to tell (the domain's effects).

A letter begins with what its reader has to do now and the address where it is done; what happened
stands below.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from sqlalchemy.engine import Engine
from temporalio import activity

from activities import moment
from activities.derived import about_company
from activities.duty_mail import told_of_duty, with_due
from activities.message_pages import OF_HOUSE, PAGES
from activities.message_words import MARKED, OTHER, WORDS
from activities.speaking import Speech, Speeches
from activities.team_outbox import TEAM, TeamOutbox
from activities.translation import translated
from activities.unseen_duties import told_by_sweep
from domain.envelope import Told, Wire
from domain.errors import AndonError, NotConfirmed
from domain.in_words import with_single_stops
from domain.markets import answers_in, asked_in
from domain.message import COMMANDS
from domain.values import CASE_MARK
from domain.wire import read_instant
from integrations.team_mail import TeamMail
from storage import outbox, people

DRILL_MARK = "DRILL 演练 · "


class _Named(dict[str, object]):
    """Words of a message; a name that is not there is left empty, never an error at 3 a.m."""

    def __missing__(self, _key: str) -> str:
        return ""


class MessageActivities:
    """Activities over the directory of people and the outbox; `console` is the pages' address."""

    def __init__(
        self, engine: Engine, bulk: Engine, console: str, mail: TeamMail | None = None
    ) -> None:
        """Keep the engines of the directory and of the outbox, and where pages stand.

        Letters go out by `mail` (team_letters.py); without it they are shown.
        """
        self._engine = engine
        self._bulk = bulk
        self._outbox = TeamOutbox(bulk, mail)
        self._console = console
        self._speeches = Speeches(engine)

    @activity.defn(name="tell", no_thread_cancel_exception=True)
    def tell(self, messages: list[Told]) -> int:
        """Tell everyone who holds one of the roles, once each; gives how many letters there are.

        Of a thing in a market, whoever answers for that market is told; all where nobody does. A
        message that cannot be written keeps none of the others back: it fails at the end, and what
        is tried again is not sent twice.
        """
        with translated():
            everybody = people.list_people(self._engine)
            bound = about_company(self._engine).get("markets", {})
            written: list[outbox.Message] = []
            faults: list[Exception] = []
            for told in messages:
                try:
                    asked = self._unaware(told, readers_of(told.body, everybody, bound))
                    written += letters(told, asked, self._speeches, self._console)
                except Exception as fault:  # noqa: BLE001 - raised once the others are kept
                    faults.append(fault)
            self._outbox.keep(written)
            if faults:
                # What is worth another try before what is final (activities/translation.py).
                raise min(faults, key=_is_final)
            return len(written)

    def _unaware(self, told: Told, asked: list[people.Person]) -> list[people.Person]:
        """Leave out whom the sweep told since then that this very time is over.

        So it is when an incident that stood still moves again: nobody hears the same twice.
        """
        key = told_by_sweep(told)
        if not key:
            return asked
        kept = outbox.kept_at(self._bulk, [f"{key}:{one.id}" for one in asked])
        since = read_instant(str(told.body["reached_at"]))
        return [one for one in asked if not _is_since(kept.get(f"{key}:{one.id}"), since)]


def _is_since(kept_at: datetime | None, since: datetime) -> bool:
    return kept_at is not None and kept_at >= since


def _is_final(fault: Exception) -> bool:
    return isinstance(fault, AndonError) and not isinstance(fault, NotConfirmed)


def readers_of(
    body: Wire, everybody: Iterable[people.Person], bound: Mapping[str, Sequence[str]]
) -> list[people.Person]:
    """Give who is told, once each: of every role, its holders of the market, or else all of them.

    `bound` names by person the markets that are theirs; who has none answers for all.
    """
    listed, market = list(everybody), str(body.get("in_market") or "")
    chosen = {str(body.get("person") or "")}
    for role in map(str, body.get("roles", [])):
        chosen |= _of_market([one.id for one in listed if role in one.roles], bound, market)
        if body.get("deputies"):
            standing_in = [one.id for one in listed if role in one.deputy_for]
            chosen |= _of_market(standing_in, bound, market)
    return [one for one in listed if one.id in chosen]


def _of_market(names: list[str], bound: Mapping[str, Sequence[str]], market: str) -> set[str]:
    """Leave those of other markets out; where nobody of the market is left, all stay."""
    for where in asked_in(market):
        own = {one for one in names if answers_in(where, bound.get(one, ()))}
        if own:
            return own
    return set(names)


def letters(
    told: Told,
    readers: Iterable[people.Person],
    speeches: Speeches,
    console: str,
    now: datetime | None = None,
) -> Iterable[outbox.Message]:
    """Give the letter to each reader, in their language; `console` is where the pages stand.

    What is told, and the moment it is written at (`now`, else this one), make every word of it.
    """
    written_at = now or moment.now()
    written: dict[str, tuple[str, str]] = {}
    for reader in readers:
        language = reader.language if reader.language in ("en", "zh") else "en"
        if language not in written:
            written[language] = _written(told, speeches.to(language, written_at), language, console)
        subject, body = written[language]
        yield outbox.Message(
            effect_key=f"{told.effect_key}:{reader.id}",
            incident=told.incident,
            audience=TEAM,
            channel="email",
            recipient=reader.email or reader.id,
            language=language,
            created_at=written_at,
            subject=subject,
            body=body,
        )


def _written(told: Told, speech: Speech, language: str, console: str) -> tuple[str, str]:
    """Write subject and body: what to do now and where, then what happened."""
    body = with_due(told.body)
    words = _Named(speech.told(body) | told_of_duty(speech, body), incident=told.incident)
    if words["statement"]:
        words["text"] = f"{words['text']} {words['statement']}".strip()
    if str(words["link"]).startswith("/"):
        words["link"] = f"{console}{words['link']}"
    subject, ask, happened = (
        with_single_stops(part.format_map(words))
        for part in WORDS.get(_kind(told.body), OTHER)[language]
    )
    mark, about = DRILL_MARK if told.drill else "", told.incident or str(words["request"])
    first = "\n".join(part for part in (f"{mark}{ask}", _address(told, console)) if part)
    return f"{mark}{about} · {subject}", f"{first}\n\n{happened.strip()}\n{about}"


def _kind(body: Wire) -> str:
    """Give the kind of message: some are said otherwise where one of their values is set."""
    kind = str(body["kind"])
    if kind == "recall_decided" and not body.get("depth"):
        return "recall_not_decided"
    value, said = MARKED.get(kind, ("", kind))
    return said if body.get(value) else kind


def _address(told: Told, console: str) -> str:
    """Say on which page it is done; after-sales cases have no pages yet."""
    if told.incident.startswith(CASE_MARK):
        return ""
    body, page = told.body, f"{console}/incidents/{told.incident}"
    if body["kind"] in OF_HOUSE:
        return console + OF_HOUSE[str(body["kind"])].format_map(body)
    spec = COMMANDS.get(str(body.get("asks", "")))
    if spec is not None:
        item = f"/{quote(str(body['about']), safe='')}" if spec.item and body["about"] else ""
        return f"{page}/{spec.stage}{item}/{spec.name}"
    return page + PAGES.get(str(body["kind"]), "").format_map(body)
