"""Reading a case file: what must fit together in it, told at once and by path.

What belongs here: the reader and its checks, down to the bodies of the acts, which are read by the
registry of commands as if they came in by the API. What never does: the shape (domain/case_file.py)
or running a case (services/drilling.py).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from operator import is_
from typing import Any

from domain.case_file import WAIT, CaseChannel, CaseFile, Step
from domain.case_times import is_length, is_moment, minutes_of, moment_of
from domain.errors import FieldError, Malformed
from domain.incident import stage_of  # noqa: F401 - importing the whole completes the registry
from domain.message import COMMANDS, CommandSpec, leaves_of
from domain.people import SYSTEM_ROLES, Role
from domain.plan_reading import read_file
from domain.values import REFERENCES, PrivateText
from domain.wire import decode

OWN_PEOPLE = "drill."
"""How the ids of the people begin that every case has."""

FILE = "$file."
_SEALED = {"ref": "", "commitment": "", "subject": ""}
Wrong = Iterator[FieldError]


def read_case_file(document: Mapping[str, Any]) -> CaseFile:
    """Read a case file. Raises BrokenSetup that names every problem with its path."""
    return read_file(CaseFile, document, what="The case file", checks=_case_faults)


def members_of(channel: CaseChannel) -> Iterator[tuple[str, str]]:
    """Give the id and the number of each channel that a line of a case stands for."""
    if channel.count == 1:
        yield channel.id, ""
        return
    for number in range(1, channel.count + 1):
        yield f"{channel.id}-{number}", str(number)


# ---------------------------------------------------------------- the case as a whole


def _case_faults(case: CaseFile) -> Wrong:
    yield from _taken_twice(case)
    if not case.invented and not case.sources:
        yield FieldError("sources", "A real case names its sources.")
    for number, person in enumerate(case.people):
        if person.id.startswith(OWN_PEOPLE):
            sentence = f"{OWN_PEOPLE!r} begins the ids of the people that every case has."
            yield FieldError(f"people.{number}.id", sentence)
    for number, channel in enumerate(case.channels):
        if channel.count < 1:
            yield FieldError(f"channels.{number}.count", "At least one.")
    known = _Known(case)
    yield from _body_faults("report", COMMANDS["report_problem"], case.report, known)
    yield from _order_faults(case)
    for number, step in enumerate(case.steps):
        yield from _step_faults(f"steps.{number}", step, known)


def _taken_twice(case: CaseFile) -> Wrong:
    for name in ("products", "channels", "consignees", "people", "files"):
        counted = Counter(row.id for row in getattr(case, name))
        for row_id in (one for one, count in counted.items() if count > 1):
            yield FieldError(name, f"{row_id!r} stands here twice.")


def _order_faults(case: CaseFile) -> Wrong:
    before = 0
    timed = [(f"steps.{n}.after", step.after) for n, step in enumerate(case.steps)]
    for path, after in [*timed, ("ends_after", case.ends_after)]:
        yield from _length_faults(path, after)
        if minutes_of(after) < before:
            yield FieldError(path, "Steps stand in the order of time, and the end comes last.")
        before = max(before, minutes_of(after))


def _length_faults(path: str, length: str) -> Wrong:
    if not is_length(length):
        sentence = f"{length!r:.40} is no length of time: write it like '45 min' or '2 d 4 h'."
        yield FieldError(path, sentence)


class _Known:
    """What the bodies of a case may refer to, by the kind of reference."""

    def __init__(self, case: CaseFile) -> None:
        """Collect the ids once."""
        self.ids: dict[str, set[str]] = {
            "product": {product.id for product in case.products},
            "lot": {lot for product in case.products for lot in product.lots},
            "channel": {row[0] for channel in case.channels for row in members_of(channel)},
            "consignee": {consignee.id for consignee in case.consignees},
            "person": {person.id for person in case.people},
            "evidence": set(),
        }
        self.files = {document.id for document in case.files}
        self.people = {person.id: person for person in case.people}


# ---------------------------------------------------------------- one step


def _step_faults(path: str, step: Step, known: _Known) -> Wrong:
    yield from _turn_faults(path, step)
    if step.only_looks:
        acts = (step.by, step.by_each, step.person, step.item, step.each, step.rows, step.body)
        if any(acts) or step.sign or step.refused or step.happened_ago:
            yield FieldError(path, f"Nobody acts in a step that only looks (do = {WAIT!r}).")
        return
    spec = COMMANDS.get(step.do)
    if spec is None or spec.roles <= SYSTEM_ROLES:
        yield FieldError(f"{path}.do", f"There is no act called {step.do!r}.")
        return
    yield from _who_faults(path, step, known)
    if step.do == "report_problem":
        yield FieldError(f"{path}.do", "The first report stands in [report]; then `add_report`.")
    elif spec.item is not None and not step.item:
        yield FieldError(f"{path}.item", f"{step.do} needs an item ({spec.item}).")
    elif spec.item is None and step.item:
        yield FieldError(f"{path}.item", f"{step.do} has no item: its body says all.")
    else:
        named = {spec.item: step.item} if spec.item else {}
        yield from _body_faults(f"{path}.body", spec, {**step.body, **named}, known)
    if _calls_each(step) and not (step.each or step.rows or step.by_each):
        yield FieldError(f"{path}.body", "$each needs `each`, `rows` or `by_each`.")


def _turn_faults(path: str, step: Step) -> Wrong:
    if sum(map(bool, (step.each, step.rows, step.by_each))) > 1:
        yield FieldError(path, "Give one of `each`, `rows` and `by_each`.")
    for name in ("every", "until", "happened_ago"):
        if getattr(step, name):
            yield from _length_faults(f"{path}.{name}", getattr(step, name))
    if step.every and not minutes_of(step.every):
        yield FieldError(f"{path}.every", "A step comes again after some time.")
    if step.every and bool(step.until) == bool(step.rows):
        yield FieldError(f"{path}.every", "Say `until` when, or give a row for each time.")
    if step.until and not step.every:
        yield FieldError(f"{path}.until", "Say how often: `every`.")


def _who_faults(path: str, step: Step, known: _Known) -> Wrong:
    roles: tuple[Role, ...] = step.by_each or ((step.by,) if step.by else ())
    if not roles:
        yield FieldError(f"{path}.by", "Say which role does it.")
    elif step.by and step.by_each:
        yield FieldError(f"{path}.by_each", "Give `by` or `by_each`, not both.")
    if SYSTEM_ROLES.intersection(roles):
        yield FieldError(f"{path}.by", "The clock and the performers act by themselves.")
    if not step.person:
        return
    person = known.people.get(step.person)
    if person is None:
        yield FieldError(f"{path}.person", f"{step.person!r} is not among the people.")
    elif step.by not in (*person.roles, *person.deputy_for):
        sentence = f"{step.person} neither is {step.by} nor stands in for it."
        yield FieldError(f"{path}.person", sentence)


# ---------------------------------------------------------------- bodies


def _body_faults(path: str, spec: CommandSpec, body: Mapping[str, Any], known: _Known) -> Wrong:
    """Read a body as the API would; what a `$` path will fill in is taken on trust."""
    texts: dict[str, str] = {}
    plain = _written(body, "", texts)
    yield from _dollar_faults(path, texts, known)
    sealed = leaves_of(spec.type, plain, lambda leaf: leaf is PrivateText, lambda *_: _SEALED)
    try:
        decode(spec.type, sealed, strict=True)
    except Malformed as malformed:
        for problem in malformed.fields:
            if not _is_filled_in(problem.path, texts):
                yield FieldError(f"{path}.{problem.path}", problem.sentence)
    yield from _reference_faults(path, spec, plain, known)


def _written(value: Any, path: str, texts: dict[str, str]) -> Any:
    """Give a body with its times as texts, and note where `$` texts stand."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith("$"):
        texts[path] = value
    if isinstance(value, Mapping):
        return {
            key: _written(part, f"{path}.{key}".lstrip("."), texts) for key, part in value.items()
        }
    if isinstance(value, list):
        return [_written(part, f"{path}.{n}", texts) for n, part in enumerate(value)]
    return value


def _calls_each(step: Step) -> bool:
    texts: dict[str, str] = {}
    _written({"body": step.body, "item": step.item}, "", texts)
    return any(text == "$each" or text.startswith("$each.") for text in texts.values())


def _is_filled_in(path: str, texts: Mapping[str, str]) -> bool:
    return any(path == place or path.startswith(f"{place}.") for place in texts)


def _dollar_faults(path: str, texts: Mapping[str, str], known: _Known) -> Wrong:
    for place, text in texts.items():
        if text.startswith(FILE) and text.removeprefix(FILE) not in known.files:
            yield FieldError(f"{path}.{place}", f"There is no file {text.removeprefix(FILE)!r}.")
        if is_moment(text) and moment_of(text) is None:
            sentence = f"{text!r:.60}: write it like $now, '$now - 20 min' or '$today + 30 d'."
            yield FieldError(f"{path}.{place}", sentence)


def _reference_faults(
    path: str, spec: CommandSpec, body: Mapping[str, Any], known: _Known
) -> Wrong:
    found: list[tuple[str, str, Any]] = []
    for kind, word in REFERENCES.items():
        leaves_of(spec.type, dict(body), partial(is_, kind), partial(_named, found, word))
    for place, word, value in found:
        if isinstance(value, str) and not _refers(value, word, known):
            hint = f" Write {FILE}NAME, and the file under [[files]]." * (word == "evidence")
            sentence = f"There is no {word} {value!r:.60} in this case.{hint}"
            yield FieldError(f"{path}.{place}", sentence)


def _named(found: list[tuple[str, str, Any]], word: str, value: Any, place: str) -> Any:
    found.append((place, word, value))
    return value


def _refers(value: str, word: str, known: _Known) -> bool:
    own = word == "person" and value.startswith(OWN_PEOPLE)
    return value.startswith("$") or own or value in known.ids[word]
