"""Where recordings lie, and how they are written and read.

What belongs here: the files of one story. What never does: playing one (tests/replay/record.py), or
comparing (the tests).

    <release>/<story>/story.json           when, what with, which streams and runs
                      histories.jsonl.gz   every run, messages opened (tests/replay/opened.py)
                      commands.txt         what the workflows asked for (tests/replay/commands.py)
                      <stream>.jsonl       the leaves of a ledger, as the bytes they are
                      <stream>.states.txt  the state after each entry (tests/replay/states.py)
                      <stream>.last.json   the last state as a whole
                      shapes.json.gz       the fields that states had
                      sealed.json.gz       one run as the server kept it, where there is one
    <release>/rules/<hash>.json.gz         the rules that the streams were decided by, adopted too
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from domain.rules import Rules, rules_from_text
from domain.state.stream import UNPINNED, StreamState
from domain.streams import plot_of
from domain.tree import Frontier, leaf_hash
from tests.replay.opened import Json
from tests.replay.states import Folding, Shape, folding, lines_of, shape_of

ROOT = Path(__file__).parent
CHANGELOG = ROOT.parents[1] / "CHANGELOG.md"
LARGE = 100_000
"""Characters from which on a last state is packed."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a workflow, as it was recorded."""

    workflow_id: str
    type: str
    events: list[Json]


@dataclass(frozen=True, slots=True)
class Stream:
    """One ledger, as it was recorded, with the rules it began with; `drill`: no real incident."""

    id: str
    rules: str
    drill: str
    leaves: list[bytes]
    root: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Everything that was taken out of a world in which a story was told.

    `sealed` is the id of one run and its history as a server keeps it.
    """

    streams: list[Stream]
    runs: list[Run]
    rules: dict[str, str]
    sealed: tuple[str, str] | None = None


@dataclass(frozen=True)
class Golden:
    """One recorded story."""

    folder: Path

    @property
    def name(self) -> str:
        """Say which story of which release it is."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @cached_property
    def about(self) -> Json:
        """Give what `story.json` says."""
        about: Json = json.loads((self.folder / "story.json").read_text(encoding="utf-8"))
        return about

    @property
    def again(self) -> str:
        """Say how to record the story anew, while its release is not out."""
        release = self.folder.parent.name
        if is_out(release):
            return ""
        verb = f'`make record ARGS="stories {self.folder.name}"`'
        return f"\n{release} is not out yet: if the change is meant, record it anew, {verb}."

    # ------------------------------------------------------------ ledgers

    @property
    def streams(self) -> list[str]:
        """List the streams."""
        return list(self.about["streams"])

    def stream(self, stream: str) -> Stream:
        """Read a ledger."""
        told = self.about["streams"][stream]
        leaves = (self.folder / f"{stream}.jsonl").read_bytes().splitlines()
        return Stream(stream, told["rules"], told["drill"], leaves, told["root"])

    def states(self, stream: str) -> list[str]:
        """Read the line of each entry."""
        return (self.folder / f"{stream}.states.txt").read_text(encoding="utf-8").splitlines()

    def last(self, stream: str) -> str:
        """Read the last state as it was written, a value a line."""
        packed = self.folder / f"{stream}.last.json.gz"
        if packed.exists():
            return gzip.decompress(packed.read_bytes()).decode()
        return (self.folder / f"{stream}.last.json").read_text(encoding="utf-8")

    def folding(self, stream: str) -> Folding:
        """Begin to fold a ledger, states cut to the shape they had."""
        told = self.about["streams"][stream]
        rules = self.rules(told["rules"])
        return folding(stream, rules, told["drill"], self.shapes[stream], self.rules)

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """Give the shape of each stream's states."""
        packed = (self.folder / "shapes.json.gz").read_bytes()
        shapes: dict[str, Shape] = json.loads(gzip.decompress(packed))
        return {stream: shapes[state_of(stream).__name__] for stream in self.streams}

    # ------------------------------------------------------------ histories

    @cached_property
    def runs(self) -> list[Run]:
        """Read the runs: each begins with a line of its own."""
        runs: list[Run] = []
        packed = (self.folder / "histories.jsonl.gz").read_bytes()
        for line in gzip.decompress(packed).decode().splitlines():
            told = json.loads(line)
            if "$run" in told:
                runs.append(Run(told["$run"], told["type"], []))
            else:
                runs[-1].events.append(told)
        return runs

    def commands(self) -> str:
        """Read what the workflows asked for."""
        return (self.folder / "commands.txt").read_text(encoding="utf-8")

    def sealed(self) -> str:
        """Read the run that is kept as the server kept it; empty where there is none."""
        packed = self.folder / "sealed.json.gz"
        return gzip.decompress(packed.read_bytes()).decode() if packed.exists() else ""

    # ------------------------------------------------------------ rules

    def rules(self, sha256: str) -> Rules:
        """Read the rules that a stream was decided by."""
        return rules_from_text(self.rule_texts[sha256])

    @property
    def rule_texts(self) -> dict[str, str]:
        """Give the text of all rules of the release by hash."""
        return rule_texts(self.folder.parent)


@cache
def rule_texts(release: Path) -> dict[str, str]:
    """Read the rules of a release."""
    return {
        file.name.partition(".")[0]: gzip.decompress(file.read_bytes()).decode()
        for file in sorted((release / "rules").glob("*.json.gz"))
    }


def is_out(release: str) -> bool:
    """Say whether a release is out: what it recorded is then never touched."""
    return f"Unreleased ({release})" not in CHANGELOG.read_text(encoding="utf-8")


def goldens() -> list[Golden]:
    """List every recorded story, the oldest release first."""
    return [Golden(file.parent) for file in sorted(ROOT.glob("*/*/story.json"))]


def state_of(stream: str) -> type[StreamState]:
    """Give the kind of state that a stream has."""
    return type(plot_of(stream).new(stream, UNPINNED))


# ---------------------------------------------------------------- writing


def write(folder: Path, taken: Taken, about: Json) -> Golden:
    """Write what was taken; the commands come later, from a replay of what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    _write_rules(folder.parent / "rules", taken.rules)
    streams = {
        each.id: {
            "rules": each.rules,
            "drill": each.drill,
            "entries": len(each.leaves),
            "root": each.root,
        }
        for each in taken.streams
    }
    runs = [f"{run.type} {run.workflow_id}: {len(run.events)} events" for run in taken.runs]
    if taken.sealed is not None:
        about = {**about, "sealed": taken.sealed[0]}
        _packed(folder / "sealed.json.gz", [taken.sealed[1]])
    _text(folder / "story.json", _pretty({**about, "streams": streams, "runs": runs}))
    shapes = {state_of(each.id).__name__: shape_of(state_of(each.id)) for each in taken.streams}
    _packed(folder / "shapes.json.gz", [_line(shapes)])
    for stream in taken.streams:
        (folder / f"{stream.id}.jsonl").write_bytes(b"".join(b"%s\n" % x for x in stream.leaves))
    _packed(folder / "histories.jsonl.gz", _history_lines(taken.runs))
    golden = Golden(folder)
    write_states(golden)
    return golden


def write_states(golden: Golden) -> None:
    """Fold the recorded ledgers and write the states they come to."""
    for stream in golden.streams:
        fold = golden.folding(stream)
        lines = list(lines_of(fold, golden.stream(stream).leaves))
        _text(golden.folder / f"{stream}.states.txt", "".join(f"{line}\n" for line in lines))
        last = last_state(fold)
        name = f"{stream}.last.json"
        if len(last) > LARGE:
            _packed(golden.folder / f"{name}.gz", [last])
        else:
            _text(golden.folder / name, last)


def last_state(fold: Folding) -> str:
    """Write a state a value a line, as far as its shape was known."""
    return _pretty(fold.document())


def root_of(leaves: Iterable[bytes]) -> str:
    """Work out the head of the tree over leaves."""
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf_hash(leaf))
    return frontier.root().hex()


def _write_rules(folder: Path, rules: dict[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    for sha256, text in rules.items():
        _packed(folder / f"{sha256}.json.gz", [text])
    rule_texts.cache_clear()


def _history_lines(runs: Iterable[Run]) -> Iterator[str]:
    for run in runs:
        yield _line({"$run": run.workflow_id, "type": run.type}) + "\n"
        for event in run.events:
            yield _line(event) + "\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def _text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _packed(file: Path, parts: Iterable[str]) -> None:
    """Pack without a time or name inside, so that the same content is the same file."""
    file.write_bytes(gzip.compress("".join(parts).encode(), 9, mtime=0))
