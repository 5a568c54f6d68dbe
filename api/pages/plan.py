"""The plan that an incident runs by, and what another version of it would change here.

What belongs here: telling rules to a reader, two versions line by line. What never does: adopting
(domain/adopting.py), or a word for a line (api/plan_words.py).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.field_words import FIELDS
from api.pages import blocks
from api.pages.adopted_words import adopted_in_text, in_use_since
from api.pages.lens import Drawn, Lens
from api.pages.looking import View, stage_address
from api.pages.possible import act_link
from api.plan_words import PARTS, PLAN_FIELDS, PLAN_LISTS, TABLES
from api.word_lists import LISTS
from api.words import humanised
from domain.adopting import ADOPT, is_newer
from domain.clock import parse_limit
from domain.people import Role
from domain.plan_reading import LIMIT_PATTERN
from domain.rule_changes import RuleChange, changes_between
from domain.rules import Rules
from domain.severity import Grade
from domain.stages import Stage
from domain.state import PendingAct
from services import adoptions

BESIDE: Final = "beside"
SHOWN: Final = 60
"""Lines of a comparison that a page shows; the rest is counted."""

_TIME: Final = re.compile(LIMIT_PATTERN)
_SIDES: Final = ("title", "name", "duty", "stops", "felt_by", "reason", "label")
"""Texts that a plan holds in both languages."""


# ---------------------------------------------------------------- what holds here


def line(view: View) -> Drawn:
    """Say in one line which version holds here, and that there is a newer one."""
    lens, rules = view.lens, view.state.rules
    newer = newer_rules(view)
    told = "" if newer is None else lens("The company has version %(version)s.", version=newer[0])
    return {
        "text": lens("Runs by version %(version)s of the plan.", version=rules.plan.version),
        "href": f"{stage_address(view, Stage.PEOPLE)}#plan",
        "newer": told,
        "acts": act_link(view, ADOPT),
    }


def newer_rules(view: View) -> tuple[str, Rules] | None:
    """Give the company's rules with their version, where this incident could adopt them."""
    if view.as_of is not None or view.state.review.closed_at is not None:
        return None
    company = view.visit.house.current_rules()
    return (company.plan.version, company) if is_newer(company, view.state) else None


def plan_blocks(view: View) -> list[Drawn]:
    """Give the plan of the incident as blocks: what holds, what held, what a newer one changes."""
    found = [_holding(view), _versions(view)]
    newer = newer_rules(view)
    if newer is not None:
        found.append(changes_block(view, newer[1]))
    return found


def _holding(view: View) -> Drawn:
    lens, plan = view.lens, view.state.rules.plan
    late = plan.review_on < view.lens.now.date()
    review: Drawn = {"label": lens("Review of the plan by"), "text": lens.day(plan.review_on)}
    if late:
        review["note"] = lens("This review is overdue.")
    rows = [
        {
            "label": lens("Version"),
            "text": f"{plan.version} · {lens.words.pick(plan.title_en, plan.title_zh)}",
        },
        {
            "label": lens("Adopted"),
            "text": adopted_in_text(lens, plan.adopted_on, plan.adopted_by),
            "note": _in_use(view),
        },
        review,
        {"label": lens("Hash of the rules"), "text": view.state.rules.hash},
    ]
    left = _left_to_a_decision(view)
    if left:
        rows.append({"label": lens("Without a time at this grade: decide one"), "lines": left})
    return {**blocks.pairs(lens("The plan that holds here"), rows, id="plan")}


def _in_use(view: View) -> str:
    """Say when the version with which the incident began came into use here, and by whom."""
    adopted = view.state.people.adoptions
    began = adopted[0].old_rules if adopted else view.state.rules.hash
    line = adoptions.of_rules(view.visit.house, began)
    at, by = (line.at, str(line.body.get("by", ""))) if line else (None, None)
    used = in_use_since(view.lens, at, by)
    return view.lens("The one it began with: %(used)s", used=used) if adopted else used


def _left_to_a_decision(view: View) -> list[str]:
    """Name the steps whose time the plan leaves to whoever decides, at the grade of now."""
    words, grade = view.lens.words, view.state.report.grade
    return [
        words.pick(step.title_en, step.title_zh)
        for step in view.state.rules.plan.times.values()
        if grade in step.on_decision
    ]


def _versions(view: View) -> Drawn:
    """List the versions that held here, each with the entry from which on, and its page."""
    lens, adopted = view.lens, view.state.people.adoptions
    plan, rules = view.state.rules.plan.version, view.state.rules.hash
    first = (adopted[0].old_version, adopted[0].old_rules) if adopted else (plan, rules)
    rows: list[list[blocks.Cell]] = [["#1", _version(*first), None, "–"]]
    rows += [
        [
            {"text": f"#{each.seq}", "href": f"{view.address}/ledger/{each.seq}"},
            _version(each.version, each.rules),
            lens.moment(each.at),
            lens.listed(map(lens.person, (each.by, *each.seconded))),
        ]
        for each in adopted
    ]
    rows[0][2] = lens.moment(view.row.created_at)
    columns = lens.each("From entry", "Version", "When", "Who signed")
    return blocks.table(lens("Versions that held here"), columns, rows)


def _version(version: str, rules: str) -> blocks.Cell:
    return {"text": version, "href": f"/plan?rules={rules}"}


# ---------------------------------------------------------------- what would change


def changes_block(view: View, new: Rules) -> Drawn:
    """Give what other rules would change here, a line each."""
    lens, changes = view.lens, _changes(view.lens, view.state.rules, new)
    rows = [
        [where(lens, change, view.state.rules, new), *_values(lens, change)]
        for change in changes[:SHOWN]
    ]
    more = len(changes) - len(rows)
    note = lens("%(n)s more lines differ.", n=more) if more > 0 else ""
    title = lens("What version %(version)s would change here", version=new.plan.version)
    return blocks.table(
        title, lens.each("Line of the plan", "As it stands", "Then"), rows, note=note
    )


def proposed_changes(view: View, pending: PendingAct) -> list[Drawn]:
    """Tell those who sign an adoption what it changes; nothing for other acts."""
    if pending.key != ADOPT:
        return []
    new, lens = view.state.find_rules(pending.command["body"]["rules"]), view.lens
    changes = _changes(view.lens, view.state.rules, new)
    lines = [
        lens("%(line)s: %(old)s → %(new)s", line=where(lens, one, view.state.rules, new),
             old=told[0], new=told[1])
        for one in changes[:SHOWN]
        for told in [_values(lens, one)]
    ]  # fmt: skip
    if len(changes) > SHOWN:
        lines.append(lens("%(n)s more lines differ.", n=len(changes) - SHOWN))
    return [{"label": lens("Version"), "text": new.plan.version},
            {"label": lens("What changes"), "lines": lines}]  # fmt: skip


def _changes(lens: Lens, old: Rules, new: Rules) -> list[RuleChange]:
    """List the lines that differ; of a row that stands beside the rules, one line for all of it."""
    found = [
        change for change in changes_between(old, new) if not change.path.startswith(f"{BESIDE}.")
    ]
    before, after = _beside(lens, old), _beside(lens, new)
    names = sorted(before.keys() | after.keys())
    rows = [(f"{BESIDE}.{name}", before.get(name, ""), after.get(name, "")) for name in names]
    return found + [RuleChange(path=p, old=o, new=n) for p, o, n in rows if o != n]


def _beside(lens: Lens, rules: Rules) -> dict[str, str]:
    """Tell what stands beside the rules, by id: why a rule does not apply, what is kept."""
    pick, beside = lens.words.pick, rules.beside
    return {
        **{row.id: pick(row.because_en, row.because_zh) for row in beside.considered},
        **{row.id: pick(row.what_en, row.what_zh) for row in beside.records},
    }


def where(lens: Lens, change: RuleChange, *rules: Rules) -> str:
    """Name a line of the rules: table, row by its title, field."""
    part, *rest = change.path.split(".")
    if part != "plan":
        row = _regulation(lens, rest, rules) if part == "regulations" else []
        return " · ".join([lens(PARTS[part]), *(row or rest[:1]), *_fields(lens, rest[1:])])
    if rest[0] not in TABLES:
        return " · ".join([lens(PARTS[part]), *_fields(lens, rest)])
    titles = [title for each in rules[::-1] if (title := _title(lens, each, rest))]
    if not titles:
        return " · ".join([lens(TABLES[rest[0]]), *_fields(lens, rest[1:])])
    return " · ".join([lens(TABLES[rest[0]]), titles[0], *_fields(lens, rest[2:])])


def _title(lens: Lens, rules: Rules, path: list[str]) -> str:
    """Give the title of a row of the plan in the reader's language, where it has one."""
    table = getattr(rules.plan, path[0])
    if not isinstance(table, Mapping) or len(path) < 2:
        return ""
    row = table.get(path[1])
    for name in ("title", "name"):
        if hasattr(row, f"{name}_en"):
            return str(lens.words.pick(getattr(row, f"{name}_en"), getattr(row, f"{name}_zh")))
    return ""


def _regulation(lens: Lens, path: list[str], rules: Iterable[Rules]) -> list[str]:
    for each in rules:
        for rule in each.regulations:
            if rule.id == path[0]:
                return [f"{path[0]}, {lens.words.pick(rule.title_en, rule.title_zh)}"]
    return []


def _fields(lens: Lens, names: Iterable[str]) -> list[str]:
    return [_field(lens, name) for name in names]


def _field(lens: Lens, name: str) -> str:
    if name in list(Grade):
        return lens.words.of("Grade", name)
    for ending in ("_en", "_zh"):
        if name.removesuffix(ending) in _SIDES:
            name = name.removesuffix(ending)
    return lens(PLAN_FIELDS.get(name) or FIELDS.get(name) or humanised(name))


def _values(lens: Lens, change: RuleChange) -> list[Any]:
    return [told_value(lens, text) or "–" for text in (change.old, change.new)]


_LISTED: Final = ("Counting", *PLAN_LISTS)
"""Closed lists whose codes a file of rules holds; they are told by their words."""


def told_value(lens: Lens, text: str) -> str:
    """Tell a value: roles, times and codes of closed lists in words; the rest as it stands."""
    parts = text.split(", ")
    if _TIME.fullmatch(text):
        return lens.limit(parse_limit(text))
    if all(part in list(Role) for part in parts):
        return lens.listed(map(lens.role, parts))
    if text in ("yes", "no"):
        return lens(humanised(text))
    named = next((name for name in _LISTED if all(part in LISTS[name] for part in parts)), "")
    return lens.listed(lens.words.of(named, part) for part in parts) if named else text
