"""`andon verify` and the one file for everybody as somebody runs them: words and exit status."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from cli.verify_text import FAULTS
from domain.dossier_faults import NAMES
from tests.dossier_building import FOREIGN, INCIDENT, NEW, OLD, build, entries, whole
from tests.dossier_verifiers import VERIFIER
from tests.stamping import OTHER_ROOT, ROOT

WHOLE = whole()
ANOTHER = build(entries(12, incident="INC-2026-0001"), [3, 6, 10], incident="INC-2026-0001")
OTHERWISE = build(
    [*entries(12)[:3], *(one.replace(b"<b>", b"<i>") for one in entries(12)[3:])], [3, 6, 10]
)
Verify = Callable[..., Result]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Give a folder with a dossier, one that was changed, a key, a witness, and a text."""
    (tmp_path / "whole.zip").write_bytes(WHOLE.packed())
    (tmp_path / "changed.zip").write_bytes(WHOLE.altered("README.txt", b"how to verify.\n"))
    (tmp_path / "text.zip").write_text("This is no dossier.")
    (tmp_path / "company.vkey").write_text(f"{OLD.key.text()}\n{NEW.key.text()}\n")
    stamped = build(entries(12), [3, 6, 10], stamped=True)
    (tmp_path / "stamped.zip").write_bytes(stamped.packed())
    (tmp_path / "root.pem").write_bytes(ROOT.pem)
    (tmp_path / "other.pem").write_bytes(OTHER_ROOT.pem)
    (tmp_path / "head.txt").write_bytes(WHOLE.witness.encode().replace(b"\n", b"\r\n"))
    return tmp_path


def andon(place: Path, *words: str) -> Result:
    named = [str(place / word) if (place / word).exists() else word for word in words]
    return CliRunner().invoke(app, ["verify", *named])


def test_a_whole_dossier_is_told_in_both_languages(place: Path) -> None:
    told = andon(place, "whole.zip", "--key", NEW.key.text(), "--witness", "head.txt")
    assert told.exit_code == 0, told.output
    for words in (
        "whole.zip: whole 完整",
        "12 entries, 10 of them signed (3 heads); 2 entries not yet signed",
        "共 12 条，其中 10 条已签名（3 个树头）；2 条尚未签名",
        f"Key held: {NEW.key.name}, id {NEW.key.id.hex()}: {NEW.key.text()}",
        "head.txt, up to entry 6 of INC-",
    ):
        assert words in told.stdout


@pytest.fixture
def folder(place: Path) -> Path:
    """Give a folder as a witness keeps it: heads of two ledgers and of the log, and keys."""
    folder = place / "kept"
    notes = {
        "log/000000000002.note": WHOLE.log_witness,
        "log/000000000009.note": "",
        "keys/0.vkey": f"{NEW.key.text()}\n",
        "INC-2026-0001/000000000003.note": ANOTHER.witness,
        **{
            f"{INCIDENT}/{int(note.splitlines()[1]):012d}.note": note
            for line in WHOLE.members["heads.jsonl"].splitlines()
            for note in [json.loads(line)["note"]]
        },
    }
    for name, note in notes.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(note)
    return folder


def test_a_folder_of_a_witness_is_held_as_a_whole(place: Path, folder: Path) -> None:
    told = andon(place, "whole.zip", "--key", NEW.key.text(), "--witness", "kept")
    assert told.exit_code == 0, told.output
    assert f"3 in {folder}, the last {folder}/{INCIDENT}/" in told.stdout
    assert f"up to entry 10 of {INCIDENT}" in told.stdout
    assert "of the company's log" in told.stdout


def test_of_a_folder_the_first_head_that_disagrees_is_named(place: Path, folder: Path) -> None:
    (place / "anew.zip").write_bytes(OTHERWISE.packed())
    told = andon(place, "anew.zip", "--key", NEW.key.text(), "--witness", "kept", "--json")
    assert told.exit_code == 1, told.output
    [verdict] = json.loads(told.stdout)["dossiers"]
    first, second = sorted(one["member"] for one in verdict["faults"])
    assert {one["name"] for one in verdict["faults"]} == {"witness_diverges"}
    assert Path(first).parent == folder / INCIDENT
    assert first == sorted(map(str, (folder / INCIDENT).iterdir()))[1]
    assert Path(second).parent == folder / "log"


def test_a_folder_without_a_head_of_this_record_is_no_witness(place: Path, folder: Path) -> None:
    told = andon(place, "whole.zip", "--witness", str(folder / "INC-2026-0001"))
    assert told.exit_code == 0, told.output
    assert "No witness" in told.stdout
    none = andon(place, "whole.zip", "--witness", str(folder / "keys"))
    assert (none.exit_code, "No signed head lies in" in none.output) == (2, True)


def test_a_younger_head_of_the_log_in_a_folder_is_told_and_is_no_fault(
    place: Path, folder: Path
) -> None:
    """The log grows by whatever happens in the house; the ledger by this incident alone."""
    later = json.loads(build(entries(14), [3, 6, 10, 12]).members["log.json"])["head"]
    (folder / "log/000000009999.note").write_text(later)
    told = andon(place, "whole.zip", "--key", NEW.key.text(), "--witness", "kept")
    assert told.exit_code == 0, told.output
    assert "signed after this dossier was made" in told.stdout
    (folder / "log/000000000002.note").unlink()
    alone = andon(place, "whole.zip", "--key", NEW.key.text(), "--witness", "kept")
    assert (alone.exit_code, "witness_beyond" in alone.stdout) == (1, True)


@pytest.mark.parametrize("option", ["--witness", "--key", "--timestamp-root"])
def test_a_pipe_or_a_file_without_end_keeps_nobody_waiting(place: Path, option: str) -> None:
    os.mkfifo(place / "pipe.note")
    told = andon(place, "whole.zip", option, "pipe.note")
    assert (told.exit_code, "is no file" in told.output) == (2, True)
    with (place / "long.note").open("wb") as file:
        file.truncate(1 << 40)
    told = andon(place, "whole.zip", option, "long.note")
    assert (told.exit_code, "is longer than" in told.output) == (2, True)


def test_a_folder_of_nothing_but_empty_heads_is_refused(place: Path) -> None:
    (place / "kept").mkdir()
    (place / "kept/1.note").touch()
    told = andon(place, "whole.zip", "--witness", "kept")
    assert (told.exit_code, "are all empty" in told.output) == (2, True)


def test_what_was_not_looked_at_is_said(place: Path) -> None:
    told = andon(place, "whole.zip")
    assert told.exit_code == 0
    assert "proves only that it is one piece" in told.stdout
    assert "只能证明内容前后一致" in told.stdout
    assert "No witness" in told.stdout


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--timestamp-root", "root.pem"), 0, "10 entries were there"),
        ((), 0, "The stamps were not checked against a root that you hold"),
        (("--timestamp-root", "other.pem"), 1, "stamp_untrusted"),
        (("--timestamp-root", "other.pem", "--timestamp-root", "root.pem"), 0, "whole 完整"),
        (("--timestamp-root", "company.vkey"), 2, "no certificate in PEM"),
        (("--timestamp-root", "nowhere.pem"), 2, "cannot be read"),
    ],
    ids=["its root", "no root", "another root", "two roots", "no certificate", "no file"],
)
def test_time_stamps_are_held_against_the_root_that_is_named(
    place: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    told = andon(place, "stamped.zip", "--key", "company.vkey", *words)
    assert (told.exit_code, said in told.output) == (status, True), told.output
    assert ("--timestamp-root names one" in told.output) == (not words)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("changed.zip", "--key", "company.vkey"), 1, "member_changed: A file was changed."),
        (("whole.zip", "changed.zip"), 1, "changed.zip: NOT WHOLE 不完整"),
        (("whole.zip", "--key", FOREIGN.key.text()), 1, "foreign_key"),
        (("whole.zip", "--witness", "company.vkey"), 1, "witness_signature"),
        (("text.zip",), 2, "no dossier 不是档案包"),
        (("nowhere.zip",), 2, "cannot be read"),
        (("whole.zip", "--key", "nowhere.vkey"), 2, "cannot be read"),
        (("whole.zip", "--key", "a+b+c"), 2, "not a key"),
        (("whole.zip", "--witness", "whole.zip"), 2, "is no text"),
    ],
    ids=lambda one: "" if isinstance(one, int) else str(one)[:40],
)
def test_what_is_wrong_is_named_and_has_a_status(
    place: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    told = andon(place, *words)
    assert (told.exit_code, said in told.output) == (status, True), told.output


def test_programs_are_told_the_same(place: Path) -> None:
    told = andon(place, "changed.zip", "whole.zip", "--json")
    changed, sound = json.loads(told.stdout)["dossiers"]
    assert (changed["whole"], sound["whole"], sound["unsigned"]) == (False, True, 2)
    assert changed["faults"] == [
        {"name": "member_changed", "member": "README.txt", "entry": 0, "what": ""}
    ]


def test_a_hostile_name_does_nothing_to_a_terminal(place: Path) -> None:
    (place / "evil.zip").write_bytes(WHOLE.saying(made_by="\x1b[2Jeve\u202e").packed())
    told = andon(place, "evil.zip")
    assert "\x1b" not in told.stdout
    assert "[U+001B][2Jeve[U+202E]" in told.stdout


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    assert set(FAULTS) == set(NAMES)
    assert all(told.en.endswith(".") and told.zh.endswith("。") for told in FAULTS.values())


# ---------------------------------------------------------------- the one file


def alone(
    place: Path, *words: str, without: str = "", encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    """Run it as somebody does who has Python and nothing of ours."""
    (place / "verify.py").write_bytes(VERIFIER.read_bytes())
    hidden = place / "hidden"
    if without:
        (hidden / without).mkdir(parents=True, exist_ok=True)
        (hidden / without / "__init__.py").write_text("raise ImportError")
    return subprocess.run(
        [sys.executable, "-B", "verify.py", *words],
        cwd=place,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(hidden), "PYTHONIOENCODING": encoding},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("whole.zip", "--key", "company.vkey", "--witness", "head.txt"), 0, "WHOLE 完整"),
        (("whole.zip",), 0, "proves only that it is one piece"),
        (("changed.zip",), 1, "member_changed: A file was changed. 文件被改动。 [README.txt]"),
        (("whole.zip", "--key", FOREIGN.key.text()), 1, "foreign_key"),
        (("text.zip",), 2, "NOT A DOSSIER 不是档案包"),
        (("nowhere.zip",), 2, "Cannot be read 无法读取"),
        (("whole.zip", "--key", "a+b+c"), 2, "Cannot be read 无法读取"),
    ],
    ids="whole no-key changed foreign-key a-text nowhere no-key-at-all".split(),
)
def test_the_one_file_says_so_too(
    place: Path, words: tuple[str, ...], status: int, said: str
) -> None:
    told = alone(place, *words)
    assert (told.returncode, said in told.stdout + told.stderr) == (status, True), told


def test_the_one_file_says_what_it_was_held_against(place: Path) -> None:
    (place / "log.txt").write_text(WHOLE.log_witness)
    told = alone(
        place, "whole.zip", "--key", "company.vkey", "--witness", "head.txt", "--witness", "log.txt"
    )
    for words in (
        f"Signed with the key 签名公钥: {NEW.key.name}, id {NEW.key.id.hex()}",
        "Agrees with 与其一致: head.txt, up to entry 6 至第 6 条",
        "Agrees with 与其一致: log.txt, up to line",
        "12 entries; 2 entries not yet signed. 共 12 条；2 条尚未签名。",
    ):
        assert words in told.stdout


def test_without_cryptography_it_checks_the_rest_and_says_so_loudly(place: Path) -> None:
    told = alone(place, "whole.zip", "--key", "company.vkey", without="cryptography")
    assert told.returncode == 3
    assert "SIGNATURES WERE NOT CHECKED" in told.stdout
    assert "未核验签名" in told.stdout
    changed = alone(place, "changed.zip", without="cryptography")
    assert (changed.returncode, "member_changed" in changed.stdout) == (1, True)


def test_a_terminal_without_chinese_is_told_in_english(place: Path) -> None:
    told = alone(place, "changed.zip", encoding="ascii")
    assert (told.returncode, "NOT WHOLE" in told.stdout) == (1, True), told.stderr


def test_the_one_file_reads_on_python_3_9() -> None:
    ast.parse(VERIFIER.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_the_one_file_imports_nothing_of_ours() -> None:
    source = VERIFIER.read_text(encoding="utf-8")
    imported = {
        line.split()[1].partition(".")[0]
        for line in map(str.strip, source.splitlines())
        if line.startswith(("import ", "from "))
    }
    assert imported - sys.stdlib_module_names == {"cryptography"}
