"""Proving in processes of their own, with limits: what a stranger gives cannot hang or harm.

What belongs here: those processes, what they are given and answer, and the verdict on all runs
together. What never does: replaying (services/history_proof.py), reading our own record
(services/histories.py), words (services/proof_words.py).

A process gets bytes on standard input and says lines of JSON; it opens no file, starts nothing and
reaches no network. It is limited in memory and processor time, and killed with all it has when the
time is over. What it had said until then counts, and the run that it was at is named.
"""

import gc
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Final

import uvloop

from services.history_bundle import (
    HISTORIES,
    INDEX,
    LEDGER,
    LIVE,
    RULES,
    Bundle,
    Fault,
    IndexRow,
    Unreadable,
    read_bundle,
)
from services.history_fold import Folded
from services.history_proof import DECIDING, Proved, Proving

WITHIN_S: Final = 120.0
"""How long a proof may take: the longest recorded drill takes under ten seconds."""

MEMORY: Final = 4 * 1024**3
"""Bytes of addresses that a process may have; the SDK's core alone names more than one GB."""

ALONE_UP_TO: Final = 1_500_000
"""Bytes of histories that one process proves sooner than two begin."""

PROCESSES: Final = 2
SELDOM: Final = (50_000, 20, 100)
"""New objects before Python looks for garbage among them, and how often among the older ones."""

SAID_AT_MOST: Final = 64 * 1024 * 1024
FAULTS_AT_MOST: Final = 200
"""Faults that are told of one run and in all; more would help nobody."""


@dataclass(kw_only=True)
class Proof:
    """What a proof came to: every run, every fault, and how long it took in seconds.

    It holds when there is no fault and nothing is left: fold of the ledger == replayed histories
    after each of `entries` entries, and, where the record is our own, == stored and live state.
    `goes_on_from` is the first entry that the run decided which still goes on, where its history is
    not among the members; 0 where there is no such entry. That is no fault, and no proof either.
    """

    stream: str
    entries: int
    proved: int = 0
    goes_on_from: int = 0
    runs: list[Proved] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    took_s: float = 0.0

    @property
    def holds(self) -> bool:
        """Say whether everything agreed, up to the last entry."""
        return not self.faults and not self.goes_on_from

    def document(self) -> dict[str, Any]:
        """Give it as plain JSON."""
        return {**asdict(self), "holds": self.holds}


def prove(
    members: Mapping[str, bytes], *, within_s: float = WITHIN_S, processes: int = PROCESSES
) -> Proof:
    """Prove a record by its members (services/history_bundle.py); never raises for what they say.

    It takes no longer than `within_s` and a moment.
    """
    began = time.monotonic()
    needed = {name: each for name, each in members.items() if _is_needed(name)}
    heavy = sum(len(each) for name, each in needed.items() if name.startswith(HISTORIES))
    parts = processes if heavy > ALONE_UP_TO else 1
    with ThreadPoolExecutor(parts) as threads:
        said = list(threads.map(lambda part: _asked(needed, (part, parts), within_s), range(parts)))
    proof = _together(said)
    proof.took_s = round(time.monotonic() - began, 2)
    return proof


def _is_needed(name: str) -> bool:
    return name.startswith((HISTORIES, RULES)) or name in (LEDGER, INDEX, LIVE)


# ---------------------------------------------------------------- the verdict


@dataclass
class _Said:
    """What one process said."""

    stream: str = ""
    entries: int = 0
    goes_on: bool = False
    runs: list[Proved] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def _together(said: Sequence[_Said]) -> Proof:
    """Put together what the processes said, and hold the runs against each other."""
    proof = Proof(
        stream=next((each.stream for each in said if each.stream), ""),
        entries=max((each.entries for each in said), default=0),
    )
    for each in said:
        proof.runs += each.runs
        proof.faults += [one for one in each.faults if one not in proof.faults]
    proof.runs.sort(key=lambda run: (not run.decides, run.start, _number(run.name)))
    proof.faults += [fault for run in proof.runs for fault in run.faults]
    if not any(_is_general(fault) for fault in proof.faults):
        proof.faults += list(_gaps(proof))
        last = proof.faults[-1] if proof.faults else None
        if last == _left_at_the_end(proof) and any(each.goes_on for each in said):
            proof.faults.pop()
            proof.goes_on_from = _reached(proof) + 1
    proof.proved = _proved(proof)
    proof.faults = proof.faults[:FAULTS_AT_MOST]
    return proof


def _number(name: str) -> int:
    digits = "".join(each for each in name if each.isdigit())
    return int(digits[:9] or 0)


def _is_general(fault: Fault) -> bool:
    """Say whether a fault stopped all: then nothing is known of what the runs cover."""
    return not fault.workflow or fault.kind == "limit"


def _gaps(proof: Proof) -> Iterable[Fault]:
    """Name the entries that no run here decided. A run with a fault of its own explains its own."""
    reached, explained = 0, False
    for run in (run for run in proof.runs if run.decides):
        if run.start > reached and not explained:
            what = f"{reached + 1}-{run.start}"
            yield Fault(kind="run_missing", workflow=run.workflow, run=run.run, what=what)
        reached, explained = max(reached, run.proved), bool(run.faults)
    if reached < proof.entries and not explained:
        yield _left_at_the_end(proof)


def _reached(proof: Proof) -> int:
    """Say up to which entry the last run came."""
    return max((run.proved for run in proof.runs if run.decides), default=0)


def _left_at_the_end(proof: Proof) -> Fault:
    return Fault(kind="run_missing", what=f"{_reached(proof) + 1}-{proof.entries}")


def _proved(proof: Proof) -> int:
    """Say up to which entry everything agreed, from the first one on."""
    reached = 0
    for run in (run for run in proof.runs if run.decides):
        if run.start > reached:
            break
        reached = max(reached, run.proved)
        if run.faults:
            break
    return reached


# ---------------------------------------------------------------- asking a process


def _asked(members: Mapping[str, bytes], part: tuple[int, int], within_s: float) -> _Said:
    """Have a process prove its part of the runs; what became of it is told in its faults."""
    head = {"part": part, "members": [[name, len(each)] for name, each in members.items()]}
    given = b"".join([json.dumps(head).encode(), b"\n", *members.values()])
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(within_s)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "RUST_LOG": "off"},
        start_new_session=True,
    )
    why = ""
    try:
        told, _ = process.communicate(given, timeout=within_s)
    except subprocess.TimeoutExpired:
        why = f"{within_s:g} s"
        told = _killed(process)
    except BaseException:
        _killed(process)
        raise
    return _heard(told, why or _why(process.returncode))


def _killed(process: subprocess.Popen[bytes]) -> bytes:
    """Kill a process with all that it started; give what it had said."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    told, _ = process.communicate()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    return told


def _why(status: int) -> str:
    """Say how a process ended that did not come to its end; '' for one that did."""
    if status == -signal.SIGXCPU:
        return "processor time"
    return f"exit status {status}" if status else ""


def _heard(told: bytes, why: str) -> _Said:
    """Read what a process said, line by line; one that was cut off says which run it was at."""
    said, begun, done = _Said(), "", False
    rows: dict[str, IndexRow] = {}
    for line in told[:SAID_AT_MOST].splitlines():
        try:
            answer = json.loads(line)
        except ValueError:
            break
        if "bundle" in answer:
            said.stream, said.entries = answer["bundle"]
        said.goes_on = said.goes_on or "goes_on" in answer
        if "begun" in answer:
            begun = answer["begun"]["name"]
            rows[begun] = IndexRow(**answer["begun"])
        if "proved" in answer:
            faults = [Fault(**each) for each in answer["proved"].pop("faults")]
            said.runs.append(Proved(**answer["proved"], faults=faults))
        said.faults += [Fault(**each) for each in answer.get("faults", ())]
        done = done or "done" in answer
    if not done:
        row = rows.get(begun)
        workflow, run = (row.workflow, row.run) if row is not None else ("", "")
        fault = Fault(kind="limit", workflow=workflow, run=run, what=why or "it ended early")
        said.faults.append(fault)
    return said


# ---------------------------------------------------------------- the process


def limit(within_s: float) -> None:
    """Take from this process what it does not need: memory, files, other processes, the network."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    seconds = int(within_s * PROCESSES) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    sys.addaudithook(_refuse)


_REFUSED: Final = frozenset(
    "socket.connect socket.bind socket.getaddrinfo subprocess.Popen os.system os.exec os.fork"
    " os.posix_spawn os.remove os.rename os.rmdir os.mkdir os.kill ctypes.dlopen".split()
)


def _refuse(event: str, told: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise PermissionError(f"{event} is not for a proof")
    if event == "open" and isinstance(told[1], str) and set(told[1]) & set("wax+"):
        raise PermissionError("a proof writes nothing")


def keep_all() -> None:
    """Let Python look for garbage less often: nearly all that a proof makes it keeps to its end."""
    gc.freeze()
    gc.set_threshold(*SELDOM)


def answer(given: IO[bytes], say: IO[str]) -> None:
    """Prove what is given; say what it comes to, line by line."""
    head = json.loads(given.readline())
    members = {name: given.read(size) for name, size in head["members"]}

    def tell(what: Mapping[str, Any]) -> None:
        say.write(json.dumps(what) + "\n")
        say.flush()

    part, parts = head["part"]
    try:
        bundle = read_bundle(members)
        tell({"bundle": [bundle.stream, len(bundle.leaves)]})
        proving = Proving(bundle)
        rows = _dealt(bundle.index, part, parts)
        uvloop.run(
            proving.prove(
                rows,
                lambda row: tell({"begun": row.document()}),
                lambda told: tell({"proved": asdict(told)}),
            )
        )
        if part == 0 and _goes_on(bundle, proving.folded):
            tell({"goes_on": True})
        if part == 0 and LIVE in members:
            folded = Folded(bundle.stream, bundle.leaves, bundle.rules)
            tell({"faults": [asdict(each) for each in _of_live(members[LIVE], folded)]})
    except Unreadable as unread:
        tell({"faults": [asdict(unread.fault)]})
    except MemoryError:
        tell({"faults": [asdict(Fault(kind="limit", what="memory"))]})
    tell({"done": True})


def _goes_on(bundle: Bundle, folded: Folded) -> bool:
    """Say whether a run that decides still goes on, and its history is not among the members.

    So it is with the record of an open incident that was read without Temporal: the archive has
    the runs that ended. Where such a run is here, or the stream is over, no entry may be left.
    """
    if any(row.type in DECIDING and not row.status for row in bundle.index):
        return False
    with suppress(Unreadable):
        return not folded.plot.is_over(folded.at(len(folded)))
    return False


def _dealt(index: Sequence[IndexRow], part: int, parts: int) -> list[IndexRow]:
    """Deal the runs out, so that each process has about as many events to replay."""
    shares: list[list[int]] = [[] for _ in range(parts)]
    weights = [0] * parts
    for number in sorted(range(len(index)), key=lambda number: -index[number].events):
        lightest = weights.index(min(weights))
        weights[lightest] += index[number].events + 1
        shares[lightest].append(number)
    mine = [index[number] for number in sorted(shares[part])]
    return sorted(mine, key=lambda row: row.type not in DECIDING)


def _of_live(content: bytes, folded: Folded) -> Iterable[Fault]:
    """Hold the stored and the live state of our own record against the fold."""
    for kind, told in sorted(json.loads(content).items()):
        size = told["size"]
        if size > len(folded):
            continue  # people go on meanwhile
        if told["sha256"] != folded.sha256_at(size):
            yield Fault(kind=f"{kind}_differs", entry=size)


def main() -> None:
    """Answer on standard output, which the SDK's core must not write its log into."""
    own = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    given = sys.stdin.buffer
    limit(float(sys.argv[1]))
    keep_all()
    answer(given, own)


if __name__ == "__main__":
    main()
