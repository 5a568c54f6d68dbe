"""Every file under plan/, held to what it must say: each problem with its file, line and field.

What belongs here: which files there are, and what does not fit together between them. What never
does: what one file must say (domain/), what is only missing (services/duty_gaps.py), or words on
the terminal (cli/).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from activities.calendar_places import ZONES
from domain.company import Company, company_schema, read_company, unfilled
from domain.errors import BrokenSetup, FieldError
from domain.plan import Plan, plan_schema, read_plan
from domain.plan_meaning import undated_halts
from domain.regulations import RegulationFile, read_regulations, regulations_schema, together
from domain.values import Json
from domain.wording import read_wording, wording_schema
from services import company
from services.calendar_codes import unbuilt, unbuilt_in
from services.expecting import expected_at, found_at
from services.toml_files import read_placed
from services.toml_lines import Place, Places, places_in


class Kind(StrEnum):
    """What a file of the plan folder is."""

    PLAN = "plan"
    WORDING = "table of wording rules"
    REGULATIONS = "rule file"
    COMPANY = "company file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: where it stands, what stands there, and what was expected.

    `line` and `column` count from 1; 0 where there is none, as when a file is gone.
    """

    file: Path | None
    line: int
    column: int
    field: str
    found: str
    detail: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file that was looked at; `value` is None where it is broken."""

    path: Path
    kind: Kind
    document: Mapping[str, Any] = field(default_factory=dict)
    places: Places = Places({})
    value: Any = None
    problems: tuple[Problem, ...] = ()
    is_readable: bool = True

    def place(self, path: str) -> Place:
        """Give the line and column of a field."""
        return self.places.of(path)

    def at(self, path: str) -> str:
        """Name the place of a field, as a sentence about another one names it."""
        return f"{self.path.name}:{self.place(path).line}"

    def problem(self, path: str, detail: str, expected: str | None = None) -> Problem:
        """Tell what is wrong with a field of it."""
        line, column = self.place(path)
        name = _NUMBER.sub("", path).rpartition(".")[2]
        if expected is None and (self.kind is Kind.REGULATIONS or path == "calendar"):
            expected = _WRITTEN_SO.get(name)
        return Problem(
            file=self.path,
            line=line,
            column=column,
            field=path,
            found=found_at(self.document, path) if path else "",
            detail=detail,
            expected=expected_at(_schema(self.kind), path) if expected is None else expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was looked at, and what is wrong in it and between it.

    `is_whole`: a folder was looked at, so that a market that is not there has no rules.
    """

    files: tuple[File, ...]
    is_whole: bool
    between: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """List every problem, file by file."""
        own = [problem for file in self.files for problem in file.problems]
        return tuple(sorted([*own, *self.between], key=lambda p: (str(p.file), p.line, p.column)))

    @property
    def is_readable(self) -> bool:
        """Say whether every file could be read as TOML."""
        return all(file.is_readable for file in self.files)

    def values(self, kind: Kind) -> list[Any]:
        """Give what the files of a kind say, where they are in order."""
        return [file.value for file in self.files if file.kind is kind and file.value is not None]

    def of_kind(self, kind: Kind) -> list[File]:
        """List the files of a kind."""
        return [file for file in self.files if file.kind is kind]


_NUMBER: Final = re.compile(r"(\.\d+)+$")
_WRITTEN_SO: Final = {
    "market": "two capital letters, such as CN",
    "id": "a name of its own, such as CN-ADR-SERIOUS",
    "recipient": "a code in small letters, such as us-fda",
    "calendar": f"a country ({', '.join(ZONES)}), or one with a region, such as DE-BE",
    "covers": "ids of other rules of this file",
    "follow_ups": "ids of other rules of this file",
}
"""What fields hold that a schema only knows to be text."""

_READERS: Final[dict[Kind, Callable[[Mapping[str, Any]], Any]]] = {
    Kind.PLAN: read_plan,
    Kind.WORDING: read_wording,
    Kind.REGULATIONS: read_regulations,
    Kind.COMPANY: read_company,
}
_SCHEMAS: Final[dict[Kind, Callable[[], Json]]] = {
    Kind.PLAN: plan_schema,
    Kind.WORDING: wording_schema,
    Kind.REGULATIONS: regulations_schema,
    Kind.COMPANY: company_schema,
}


@cache
def _schema(kind: Kind) -> Json:
    return _SCHEMAS[kind]()


# ---------------------------------------------------------------- which files


def check_paths(path: Path | None = None, company_file: Path | None = None) -> Checked:
    """Check a file or a folder; without one, everything under plan/ that a start reads."""
    looked_at = [_read(each, kind) for each, kind in _files_of(path)]
    if company_file is not None:
        looked_at.append(_read(company_file, Kind.COMPANY))
    between = [*_markets_twice(looked_at), *_rules_twice(looked_at), *_of_the_folder(looked_at)]
    between += _unfilled(looked_at)
    files = (_with_neighbours(looked_at, each) for each in looked_at)
    is_whole = path is None or path.is_dir()
    return Checked(files=tuple(files), is_whole=is_whole, between=tuple(between))


def _files_of(path: Path | None) -> list[tuple[Path, Kind | None]]:
    if path is None:
        rules = [(each, Kind.REGULATIONS) for each in _toml_in(company.REGULATIONS)]
        wording = [(each, Kind.WORDING) for each in _toml_in(company.WORDING_FILE.parent)]
        return [(company.PLAN_FILE, Kind.PLAN), *wording, *rules]
    if not path.is_dir():
        return [(path, None)]
    default = path / company.PLAN_FILE.name
    if default.exists() or (path / "regulations").is_dir():
        wording = [(each, Kind.WORDING) for each in _toml_in(path / "wording")]
        rules = [(each, Kind.REGULATIONS) for each in _toml_in(path / "regulations")]
        return [(default, Kind.PLAN), *wording, *rules]
    return [(each, None) for each in _toml_in(path)]


def _toml_in(folder: Path) -> list[Path]:
    """List the files of a folder. Raises BrokenSetup when there are none."""
    found = sorted(folder.glob("*.toml"))
    if not found:
        raise BrokenSetup(
            f"{folder} cannot be read: Is a directory. There is no TOML file in it.",
            "Name a file that is there, or a folder with such files.",
        )
    return found


def kind_of(path: Path, document: Mapping[str, Any]) -> Kind:
    """Say what a file is meant to be: by its folder, else by the fields that stand in it."""
    by_folder = {"regulations": Kind.REGULATIONS, "wording": Kind.WORDING}
    if path.parent.name in by_folder:
        return by_folder[path.parent.name]
    known = {kind: set(_schema(kind)["properties"]) & document.keys() for kind in _BY_FIELDS}
    return max(_BY_FIELDS, key=lambda kind: len(known[kind]))


_BY_FIELDS: Final = (Kind.PLAN, Kind.REGULATIONS, Kind.WORDING, Kind.COMPANY)


# ---------------------------------------------------------------- one file


def _read(path: Path, kind: Kind | None) -> File:
    try:
        document, text = read_placed(path, kind or "file")
    except BrokenSetup as broken:
        return _unreadable(path, kind or Kind.PLAN, broken)
    kind = kind or kind_of(path, document)
    whole = File(path=path, kind=kind, document=document, places=places_in(text))
    try:
        value = _READERS[kind](document)
    except BrokenSetup as broken:
        told = broken.fields or (FieldError("", broken.sentence),)
        return replace(whole, problems=tuple(p for each in told for p in _told(whole, each)))
    return replace(whole, value=value, problems=tuple(_calendars(whole, value)))


def _told(file: File, wrong: FieldError) -> Iterator[Problem]:
    """Give a problem its place; an id that stands twice is told at each of its places."""
    named = _TWICE.match(wrong.sentence)
    rows = [path for path, rule in _rows(file) if named and rule == named[1]]
    for path in rows or [wrong.path]:
        yield file.problem(path, wrong.sentence)


_TWICE: Final = re.compile(r"'(.+)' stands here twice;")
_LINE: Final = re.compile(r"\(at line (\d+), column (\d+)\)")


def _unreadable(path: Path, kind: Kind, broken: BrokenSetup) -> File:
    named = _LINE.search(broken.sentence)
    line, column = map(int, named.groups()) if named else (0, 0)
    if "(at end of document)" in broken.sentence:
        line, column = len(path.read_bytes().splitlines()), 1
    problem = Problem(
        file=path, line=line, column=column, field="", found="", detail=broken.sentence,
        expected=broken.hint,
    )  # fmt: skip
    return File(path=path, kind=kind, problems=(problem,), is_readable=False)


def _calendars(file: File, value: Any) -> Iterator[Problem]:
    """Tell what no reading does: calendars that cannot be built, halts nobody is asked about."""
    wrong: tuple[FieldError, ...] = ()
    if isinstance(value, Plan):
        wrong = (*unbuilt("calendar", value.calendar), *undated_halts(value))
    elif isinstance(value, RegulationFile):
        wrong = tuple(unbuilt_in(value))
    for each in wrong:
        yield file.problem(each.path, each.sentence)


# ---------------------------------------------------------------- between files


def _rule_files(files: Iterable[File]) -> list[File]:
    return [file for file in files if file.kind is Kind.REGULATIONS and file.is_readable]


def _rows(file: File) -> Iterator[tuple[str, str]]:
    """Give the path and id of each rule, as it is written."""
    rows = file.document.get("rules")
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, Mapping) and isinstance(row.get("id"), str):
            yield f"rules.{number}.id", row["id"]


def _markets_twice(files: list[File]) -> Iterator[Problem]:
    places = [
        (file.document["market"], file, "market")
        for file in _rule_files(files)
        if isinstance(file.document.get("market"), str)
    ]
    yield from _doubles(places, "{0} stands in more than one file ({1}); one file per market.",
                        "a market of its own in each file")  # fmt: skip


def _rules_twice(files: list[File]) -> Iterator[Problem]:
    places = [(rule, file, path) for file in _rule_files(files) for path, rule in _rows(file)]
    per_file = {(rule, file.path) for rule, file, _ in places}
    several = [rule for rule, _ in per_file]
    over_files = [each for each in places if several.count(each[0]) > 1]
    yield from _doubles(over_files, "{0!r} stands in more than one file ({1}).",
                        "an id of its own for each rule")  # fmt: skip


def _doubles(
    places: list[tuple[str, File, str]], sentence: str, expected: str
) -> Iterator[Problem]:
    for name in dict.fromkeys(name for name, _, _ in places):
        same = [(file, path) for other, file, path in places if other == name]
        where = ", ".join(file.at(path) for file, path in same)
        for file, path in same if len(same) > 1 else ():
            yield file.problem(path, sentence.format(name, where), expected)


def _of_the_folder(files: list[File]) -> Iterator[Problem]:
    """Tell what the reader of the whole folder refuses and no file alone."""
    of_rules = _rule_files(files)
    told_already = [*_markets_twice(files), *_rules_twice(files)]
    if told_already or any(file.value is None for file in of_rules):
        return
    try:
        together(file.value for file in of_rules)
    except BrokenSetup as broken:
        for each in broken.fields:
            yield of_rules[0].problem("", f"{each.path}: {each.sentence}")


def _with_neighbours(files: list[File], file: File) -> File:
    """Say of a reference that leads out of its file where the rule stands that it means."""
    elsewhere = {
        rule: other.at(path)
        for other in _rule_files(files)
        for path, rule in _rows(other)
        if other is not file
    }
    return replace(file, problems=tuple(_placed(each, elsewhere) for each in file.problems))


def _placed(problem: Problem, elsewhere: Mapping[str, str]) -> Problem:
    named = _NO_RULE.search(problem.detail)
    if named is None or named[1] not in elsewhere:
        return problem
    detail = (
        f"{named[1]!r} stands in another file ({elsewhere[named[1]]}); a rule names rules of its "
        "own file."
    )
    return replace(problem, detail=detail)


_NO_RULE: Final = re.compile(r"no rule '(.+)'\.")


def _unfilled(files: list[File]) -> Iterator[Problem]:
    """Tell what the plan asks for and the company lacks."""
    plans = [file.value for file in files if isinstance(file.value, Plan)]
    for file in files:
        if isinstance(file.value, Company):
            for plan in plans:
                for each in unfilled(plan, file.value):
                    yield file.problem(each.path, each.sentence)
