"""Whoever imports the incident or the service case knows every act and every entry."""

import subprocess
import sys
from pathlib import Path

DOMAIN = Path(__file__).resolve().parents[2] / "domain"
MARKS = ("@decides(", "@evolves(", "@watches(", "@settles(", "@follows(", "@causes(", "@command(")


def test_every_module_with_a_rule_is_brought_in_by_the_streams_themselves() -> None:
    """A module that only a page imports would leave the worker without its acts."""
    asked = (
        "import sys, domain.incident, domain.service_case; "
        "print(*(name for name in sys.modules if name.startswith('domain.')))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True
    ).stdout.split()
    with_rules = {
        f"domain.{file.stem}"
        for file in DOMAIN.glob("*.py")
        if any(mark in file.read_text(encoding="utf-8") for mark in MARKS)
    }
    assert with_rules - set(told) == set()
