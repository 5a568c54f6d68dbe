"""Dossiers that earlier releases made are verified and replayed by this one."""

import subprocess
import sys
from pathlib import Path

import pytest

from cli.replay_proof import read_members
from domain.checkpoint import read_key
from domain.witness import Witness
from services.dossier_folding import Follower
from services.dossier_verifying import verify_dossier
from services.history_proving import prove
from tests.replay import dossiers

KEPT = dossiers.kept()
KEPT_BY_RELEASE = pytest.mark.parametrize("dossier", KEPT, ids=[one.stem for one in KEPT])
VERIFIER = Path(__file__).parents[2] / "templates" / "dossier" / "verify.py"


def test_there_is_one_of_a_release() -> None:
    assert KEPT, 'make record ARGS="dossier"'


@KEPT_BY_RELEASE
def test_it_is_whole_by_the_key_and_by_what_a_witness_kept(dossier: Path) -> None:
    key = read_key(dossiers.key_of(dossier).read_text(encoding="utf-8"))
    witness = Witness("kept", dossiers.head_of(dossier).read_text(encoding="utf-8"))
    verdict = verify_dossier(dossier, [key], [witness], Follower(None))
    assert verdict.counts == {}
    assert (verdict.is_trusted, verdict.witnessed, verdict.left_out) == (True, ("kept",), ())


@KEPT_BY_RELEASE
def test_the_small_verifier_of_today_takes_it_too(dossier: Path) -> None:
    words = ["--key", str(dossiers.key_of(dossier)), "--witness", str(dossiers.head_of(dossier))]
    told = subprocess.run(
        [sys.executable, str(VERIFIER), str(dossier), *words], capture_output=True, check=False
    )
    assert told.returncode == 0, told.stdout.decode()


@KEPT_BY_RELEASE
def test_its_histories_replay_to_its_entries(dossier: Path) -> None:
    proof = prove(read_members(dossier), within_s=120)
    assert proof.faults == []
    assert proof.proved == proof.entries > 0
