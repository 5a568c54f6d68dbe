"""What changes for duties if files of plan/ are adopted: rule by rule, incident by incident.

What belongs here: comparing what files say with what is adopted, and asking the real triggers what
open incidents would owe. What never does: adopting (services/company.py), or a trigger
(domain/triggers.py). Nothing is changed by looking.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from domain.arising import duties_follow_facts
from domain.dispatch import Act
from domain.duties import DutyArisen, DutyMoved, DutyReopened
from domain.duty_verified import DutyVerified
from domain.errors import BrokenSetup, NotFound, NotWhole
from domain.people import Actor
from domain.regulations import RegulationFile, Rule
from domain.rule_changes import changes_between
from domain.rules import Rules
from domain.state import Incident
from domain.wire import instant_text
from domain.wording import read_wording
from services import company
from services.house import House
from services.plan_checks import Checked, Kind, check_paths
from services.reading import see
from services.toml_files import read_toml
from storage import incidents
from storage.rules import kept_rules

ADOPTED: Final = "adopted"
"""The word for what new incidents start with."""

OF_DUTIES: Final = "regulations."

CLOCK_FIELDS: Final = frozenset({"limit", "counting", "calendar", "clock_start", "force", "when"})
"""What a due time hangs on: a rule in which it changes gets a new version."""

EVERY: Final = 100_000
"""More open incidents than any company has: none is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field of a rule that is another; "" where nothing stood, or stands."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDifference:
    """A rule that is `added`, `removed` or `changed`, and its fields where it is changed."""

    rule: str
    title: str
    what: str
    fields: tuple[FieldChange, ...] = ()

    @property
    def keeps_version(self) -> bool:
        """Say whether what a clock hangs on is another, but the version of the rule is the same."""
        changed = {one.field.partition(".")[0] for one in self.fields}
        return bool(changed & CLOCK_FIELDS) and "version" not in changed


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDuty:
    """A duty that an open incident would get: `what` is arises, reopens, moves or verified.

    `start_at` is when its clock starts, "" where that stays as it is.
    """

    what: str
    rule: str
    recipient: str
    subject: str
    start_at: str
    limit: str
    possible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDuty:
    """An open duty whose rule is another, or gone, and that keeps the terms it arose with."""

    duty: str
    rule: str
    rule_version: str
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDifference:
    """What an open incident would get once two people adopt the rules there, and what it keeps."""

    incident: str
    version: str
    drill: bool
    new: tuple[NewDuty, ...]
    kept: tuple[KeptDuty, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What adopting would change; `other` counts lines of plan, wording and calendar.

    `unread` names open incidents whose record cannot be read.
    """

    before: str
    after: str
    rules: tuple[RuleDifference, ...]
    other: int
    incidents: tuple[IncidentDifference, ...]
    unread: tuple[str, ...]


def difference(house: House, actor: Actor, before: Rules, after: Rules) -> Difference:
    """Say what changes if `after` is adopted where `before` was."""
    changes = changes_between(before, after)
    found, unread = _of_incidents(house, actor, after)
    return Difference(
        before=before.hash,
        after=after.hash,
        rules=tuple(_rules(before, after)),
        other=sum(not change.path.startswith(OF_DUTIES) for change in changes),
        incidents=tuple(found),
        unread=tuple(unread),
    )


# ---------------------------------------------------------------- which rules


def rules_in(checked: Checked, path: Path | None) -> Rules:
    """Pin what files that are in order say; what was not among them is that of plan/.

    A single rule file takes the place of the one of its market. Raises BrokenSetup.
    """
    _require_order(checked)
    plans = checked.values(Kind.PLAN) or [company.read_plan_file(company.PLAN_FILE)]
    tables = [file.value for file in checked.of_kind(Kind.WORDING)
              if path == file.path or file.path.name == company.WORDING_FILE.name]  # fmt: skip
    wording = tables or [read_wording(read_toml(company.WORDING_FILE, "table of wording rules"))]
    files: list[RegulationFile] = checked.values(Kind.REGULATIONS)
    if not files or (path is not None and not path.is_dir()):
        markets = {file.market for file in files}
        others = check_paths(company.REGULATIONS)
        _require_order(others)
        beside: list[RegulationFile] = others.values(Kind.REGULATIONS)
        files = [*files, *(file for file in beside if file.market not in markets)]
    return company.pinned(plans[0], wording[0], tuple(files))


def _require_order(checked: Checked) -> None:
    """Refuse files that are broken: without them duties would seem to be gone."""
    if checked.problems:
        first = checked.problems[0]
        raise BrokenSetup(
            f"{first.file}:{first.line} is broken, so nothing can be compared with it.",
            f"`andon plan check {first.file}` says what is wrong.",
        )


def rules_named(house: House, against: str) -> Rules:
    """Give what a word, a hash (or its beginning) or a folder stands for. Raises NotFound."""
    if against == ADOPTED:
        return house.current_rules()
    folder = Path(against)
    if folder.is_dir():
        return rules_in(check_paths(folder), folder)
    kept = [one for one, _ in kept_rules(house.engine, "incident") if one.startswith(against)]
    if len(kept) != 1:
        raise NotFound(
            f"{against!r:.80} names {len(kept) or 'no'} version of the plan that is kept here.",
            f"Write '{ADOPTED}', a folder, or a hash of `andon plan list` "
            "with enough of its letters.",
        )
    return house.rules(kept[0])


# ---------------------------------------------------------------- rule by rule


def _rules(before: Rules, after: Rules) -> Iterator[RuleDifference]:
    old, new = _by_id(before.regulations), _by_id(after.regulations)
    fields = dict[str, list[FieldChange]]()
    for change in changes_between(before, after):
        if change.path.startswith(OF_DUTIES):
            rule, _, name = change.path.removeprefix(OF_DUTIES).partition(".")
            fields.setdefault(rule, []).append(
                FieldChange(field=name, old=change.old, new=change.new)
            )
    for rule in sorted(fields):
        title = (new.get(rule) or old[rule]).title_en
        what = "changed" if rule in old and rule in new else "added" if rule in new else "removed"
        told = tuple(fields[rule]) if what == "changed" else ()
        yield RuleDifference(rule=rule, title=title, what=what, fields=told)


def _by_id(rules: Iterable[Rule]) -> dict[str, Rule]:
    return {rule.id: rule for rule in rules}


# ---------------------------------------------------------------- incident by incident


def _of_incidents(
    house: House, actor: Actor, after: Rules
) -> tuple[list[IncidentDifference], list[str]]:
    found, unread = list[IncidentDifference](), list[str]()
    for row in incidents.board(house.engine, limit=EVERY):
        try:
            state = see(house, actor, row.id).state
        except NotWhole:
            unread.append(row.id)
            continue
        if state is None or not row.is_open:
            continue
        new, kept = tuple(_new(house, actor, state, after)), tuple(_kept(state, after))
        if new or kept:
            found.append(
                IncidentDifference(
                    incident=row.id, version=state.rules.plan.version, drill=bool(row.drill),
                    new=new, kept=kept,
                )
            )  # fmt: skip
    return found, unread


def _new(house: House, actor: Actor, state: Incident, after: Rules) -> Iterator[NewDuty]:
    """Ask the triggers what would follow if the incident ran by other rules from now on."""
    now = house.now()
    act = Act(command_id="", actor=actor, at=now, happened_at=now, command=None)
    for event in duties_follow_facts(replace(state, rules=after), act):
        if isinstance(event, DutyArisen):
            yield NewDuty(
                what="arises", rule=event.rule, recipient=event.recipient, subject=event.subject,
                start_at=instant_text(event.start_at), limit=event.limit, possible=event.possible,
            )  # fmt: skip
        elif isinstance(event, DutyVerified):
            duty = state.notice.duties[event.duty]
            yield NewDuty(
                what="verified", rule=duty.rule, recipient=duty.recipient, subject=duty.subject,
                start_at=instant_text(duty.start_at), limit=event.limit, possible=duty.possible,
            )  # fmt: skip
        elif isinstance(event, DutyMoved | DutyReopened):
            duty, start_at = state.notice.duties[event.duty], event.start_at
            yield NewDuty(
                what="moves" if isinstance(event, DutyMoved) else "reopens", rule=duty.rule,
                recipient=duty.recipient, subject=duty.subject,
                start_at="" if start_at is None else instant_text(start_at), limit=duty.limit,
                possible=duty.possible,
            )  # fmt: skip


def _kept(state: Incident, after: Rules) -> Iterator[KeptDuty]:
    old, new = _by_id(state.rules.regulations), _by_id(after.regulations)
    for duty in state.notice.duties.values():
        rule = new.get(duty.rule)
        takes_over = rule is not None and rule.verified and not duty.verified
        if duty.is_open and old.get(duty.rule) != rule and not takes_over:
            yield KeptDuty(
                duty=duty.id, rule=duty.rule, rule_version=duty.rule_version, limit=duty.limit
            )
