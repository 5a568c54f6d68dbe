"""`andon plan check`: what is wrong in the plan's files, what they lack, what they would change.

What belongs here: words on the terminal. What never does: a check (services/plan_checks.py), a gap
(services/duty_gaps.py) or a comparison (services/duty_changes.py).
"""

from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.setting_up import TERMINAL, plain_refusals, show_json, stores

if TYPE_CHECKING:
    from services.duty_changes import Difference, IncidentDifference, KeptDuty, RuleDifference
    from services.house import House
    from services.plan_checks import Checked, Problem


def check(
    file: Annotated[
        Path | None,
        typer.Argument(help="A plan file, a rule file or a folder; all files under plan/."),
    ] = None,
    *,
    company: Annotated[
        Path | None,
        typer.Option(help="A company file: are all roles, channels and markets filled?"),
    ] = None,
    adopted: Annotated[
        bool, typer.Option("--adopted", help="Do the duties reach where this company sells?")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(help="What would change for duties: 'adopted', a hash, or a folder."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check the plan, its wording rules and its duties; name file, line and field of what is wrong.

    Exit status 0 when they can be adopted, 1 when not, 2 when a file is unreadable. Warnings (a
    market without rules, a rule that ends, an old check) change no status. Nothing is adopted.
    """
    with plain_refusals(), ExitStack() as opened:
        from services.company import PLANS
        from services.plan_checks import check_paths

        checked = check_paths(file, company)
        house = opened.enter_context(stores()) if adopted or against else None
        warnings = _warnings(checked, house if adopted else None)
        changes = None
        if against and house is not None and not checked.problems:
            from services.duty_changes import difference, rules_in, rules_named

            before = rules_named(house, against)
            changes = difference(house, TERMINAL, before, rules_in(checked, file))
        shown = file or PLANS
        if as_json:
            show_json(_document(shown, checked, warnings, changes))
        else:
            _tell(shown, checked, warnings, changes)
        if checked.problems:
            raise typer.Exit(1 if checked.is_readable else 2)


def _warnings(checked: "Checked", house: "House | None") -> "list[Problem]":
    from datetime import UTC, datetime

    from services.channel_reach import unreached_of_file, unreached_of_house
    from services.duty_gaps import gaps, sold_by_adopted, sold_by_file
    from services.plan_checks import Kind
    from services.settings import load_settings

    files = checked.of_kind(Kind.COMPANY)
    sold = None if house is None else sold_by_adopted(house)
    for each in files:
        sold = {**(sold or {}), **sold_by_file(each)}
    found = gaps(checked, sold, datetime.now(UTC).date())
    for each in files:
        found += unreached_of_file(each, load_settings())
    if house is not None:
        found += map(_unplaced, unreached_of_house(house))
    return found


def _unplaced(sentence: str) -> "Problem":
    from services.plan_checks import Problem

    return Problem(file=None, line=0, column=0, field="", found="", detail=sentence, expected="")


# ---------------------------------------------------------------- for programs


def _document(
    shown: Path, checked: "Checked", warnings: "list[Problem]", changes: "Difference | None"
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": str(shown),
        "files": [str(each.path) for each in checked.files],
        "problems": [_plain(each) for each in checked.problems],
        "warnings": [_plain(each) for each in warnings],
    }
    return told if changes is None else {**told, "changes": asdict(changes)}


def _plain(problem: "Problem") -> dict[str, Any]:
    return {**asdict(problem), "file": "" if problem.file is None else str(problem.file)}


# ---------------------------------------------------------------- for people


def _tell(
    shown: Path, checked: "Checked", warnings: "list[Problem]", changes: "Difference | None"
) -> None:
    if checked.problems:
        typer.echo(f"{shown}: {len(checked.problems)} problem(s).", err=True)
    else:
        count = f"{len(checked.files)} files " if len(checked.files) > 1 and shown.is_dir() else ""
        typer.echo(f"{shown}: {count}in order.")
    for each in checked.problems:
        typer.echo(f"  {_placed(each)}\n    {_expected(each)}", err=True)
    for each in warnings:
        typer.echo(f"  warning: {_placed(each)}", err=True)
    for line in () if changes is None else _changes(changes):
        typer.echo(line)


def _placed(problem: "Problem") -> str:
    place = "" if problem.file is None else str(problem.file)
    if problem.line:
        place += f":{problem.line}:{problem.column}"
    return ": ".join(filter(None, (place, problem.field, problem.detail)))


def _expected(problem: "Problem") -> str:
    if not problem.field:
        return problem.expected
    expected = f"; expected: {problem.expected}" if problem.expected else ""
    return f"stands there: {problem.found}{expected}"


def _changes(changes: "Difference") -> list[str]:
    lines = [f"Against {changes.before:.12}, {len(changes.rules)} rule(s) would be others."]
    for rule in changes.rules:
        lines += _rule(rule)
    if changes.other:
        lines.append(f"{changes.other} other line(s) of plan, wording rules or calendar differ.")
    lines.append(
        "Running incidents go on by their own rules until two people adopt the new ones there."
    )
    if not changes.incidents:
        lines.append("No open incident here would get another duty, or has one by a changed rule.")
    for incident in changes.incidents:
        lines += _incident(incident)
    lines += [f"{each} cannot be read: verify its record." for each in changes.unread]
    return lines


def _rule(rule: "RuleDifference") -> list[str]:
    lines = [f"  {rule.what}  {rule.rule}  {rule.title}"]
    for each in rule.fields:
        name = each.field.replace("_", " ")
        lines.append(f"    {name}: {each.old or 'nothing'} → {each.new or 'nothing'}")
    if rule.keeps_version:
        lines.append(
            "    Warning: its time is another and its version is the same. Raise its version, so "
            "that the record tells both apart."
        )
    return lines


def _incident(incident: "IncidentDifference") -> list[str]:
    drill = ", a drill" if incident.drill else ""
    lines = [f"{incident.incident} (version {incident.version}{drill}):"]
    for new in incident.new:
        sure = "possible, " if new.possible else ""
        since = f", counted from {new.start_at}" if new.start_at else ""
        lines.append(f"  {new.what}: {new.rule} to {new.recipient}, {sure}{new.limit}{since}")
    return [*lines, *map(_kept, incident.kept)]


def _kept(duty: "KeptDuty") -> str:
    return f"  {duty.duty} ({duty.rule}) keeps the terms it arose with: {duty.limit}"
