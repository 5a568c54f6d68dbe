"""Forms of reports to authorities, read from templates/filings/, and the words around them.

What belongs here: finding and reading a form. What never does: filling it (domain/packets.py).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from domain.errors import BrokenSetup
from domain.filing_forms import GENERIC, FilingForm, read_form
from domain.markets import base_language

FILINGS: Final = Path(__file__).resolve().parents[1] / "templates" / "filings"
FORM: Final = "form.toml"
WORDS: Final = "words.toml"


def form_ids() -> tuple[str, ...]:
    """List the forms there are."""
    return tuple(sorted(path.parent.name for path in FILINGS.glob(f"*/{FORM}")))


@cache
def form(form_id: str) -> FilingForm:
    """Give a form; where there is none of that name, the generic one. Raises BrokenSetup."""
    wanted = form_id if form_id in form_ids() else GENERIC
    return read_form(_toml(FILINGS / wanted / FORM), what=f"The form {wanted}")


def words(language: str) -> dict[str, str]:
    """Give the words around a report in a language: its own, else English. Raises BrokenSetup."""
    told = _words()
    own = {name: said.get(language) or said.get(base_language(language)) for name, said in told}
    return {name: own[name] or said["en"] for name, said in told}


@cache
def _words() -> tuple[tuple[str, dict[str, str]], ...]:
    return tuple(_toml(FILINGS / WORDS).items())


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        name = f"{path.parent.name}/{path.name}"
        raise BrokenSetup(f"{name} cannot be read: {error}.") from error
