"""The locks say name, version and hash, nothing else; what runs is permissively licensed."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements" / f"{name}.lock" for name in ("runtime", "dev")]

PERMISSIVE = frozenset(
    "Apache-2.0 0BSD BSD-2-Clause BSD-3-Clause ISC MIT MIT-0 PSF-2.0 Unlicense Zlib".split()
)
# How distributions without an SPDX expression say the same thing.
SAID_AS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
}
# Distribution -> why it may run although its metadata does not say a permissive licence.
EXCEPTIONS: dict[str, str] = {
    "certifi": "MPL 2.0 of one data file, Mozilla's list of authorities, which Apprise asks for; it"
    " is used unchanged and asks nothing of what uses it.",
}


def locked(lock: Path) -> dict[str, Requirement]:
    """Return name -> pinned requirement with its marker."""
    lines = re.findall(r"^[a-z0-9][^\s#]*==[^\\\n]+", lock.read_text(), re.MULTILINE)
    pins = [Requirement(line.strip()) for line in lines]
    return {canonicalize_name(pin.name): pin for pin in pins}


def licences(installed: Distribution) -> set[str]:
    """Return what the metadata says: the expression, else the classifiers, else the free text."""
    metadata = installed.metadata
    for expression in metadata.get_all("License-Expression", []):
        return set(re.split(r"\s+(?:AND|OR|WITH)\s+|[()]", expression)) - {""}
    classifiers = [c for c in metadata.get_all("Classifier", []) if c.startswith("License ::")]
    said = [c.rpartition(" :: ")[2] for c in classifiers]
    said = said or metadata.get_all("License", ["unknown"])
    return {SAID_AS.get(name, name) for name in said}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_holds_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert not re.findall(r"^\s*(?:--(?!hash=)|-[a-z] )\S+", text, re.MULTILINE)
    assert " @ " not in text


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_pin_has_a_hash(lock: Path) -> None:
    pins = re.split(r"\n(?=[a-z0-9])", lock.read_text())
    assert len(pins) == len(locked(lock))
    assert [pin.split(" ")[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_both_locks_agree() -> None:
    runtime, dev = (locked(lock) for lock in LOCKS)
    assert {name: str(pin) for name, pin in dev.items() if name in runtime} == {
        name: str(pin) for name, pin in runtime.items()
    }


def test_what_is_asked_for_is_locked() -> None:
    for lock in LOCKS:
        lines = lock.with_suffix(".in").read_text().splitlines()
        asked = [Requirement(line) for line in lines if line[:1].isalpha()]
        pins = locked(lock)
        for requirement in asked:
            pin = pins[canonicalize_name(requirement.name)]
            version = str(pin.specifier).removeprefix("==")
            assert requirement.specifier.contains(version), f"run `make lock`: {requirement}"


def test_what_is_installed_is_what_is_locked() -> None:
    pins = locked(LOCKS[1])
    for installed in distributions():
        name = canonicalize_name(installed.metadata["Name"])
        if name in pins:
            assert pins[name].specifier.contains(installed.version), f"run `make setup`: {name}"


@pytest.mark.parametrize("name", sorted(locked(LOCKS[0])))
def test_what_runs_is_permissively_licensed(name: str) -> None:
    marker = locked(LOCKS[0])[name].marker
    if (marker and not marker.evaluate()) or name in EXCEPTIONS:
        return  # not for this platform, or let in with a reason
    foreign = licences(distribution(name)) - PERMISSIVE
    assert not foreign, f"{name}: {foreign}; choose another, or give a reason in EXCEPTIONS"


@pytest.mark.parametrize(
    ("metadata", "foreign"),
    [
        pytest.param("License-Expression: MIT", set(), id="expression"),
        pytest.param("License-Expression: MIT AND GPL-3.0-only", {"GPL-3.0-only"}, id="both"),
        pytest.param("Classifier: License :: OSI Approved :: MIT License", set(), id="classifier"),
        pytest.param("License: LGPLv3", {"LGPLv3"}, id="text"),
        pytest.param("Summary: nothing said", {"unknown"}, id="silent"),
    ],
)
def test_a_foreign_licence_is_seen(tmp_path: Path, metadata: str, foreign: set[str]) -> None:
    folder = tmp_path / "planted-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: planted\n{metadata}\n")
    assert licences(Distribution.at(folder)) - PERMISSIVE == foreign
