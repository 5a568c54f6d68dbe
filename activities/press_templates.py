"""Templates of public texts: found, rendered in a closed room, their faults told to an editor.

What belongs here: from a template and values to headline and text. What never does: where values
come from (services/drafting.py), or whether the text may go out. Templates run in Jinja's immutable
sandbox and a variable that is not there is an error: it names template, line and variable.
"""

import re
import tomllib
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.errors import BrokenSetup, NotFound
from domain.press_contract import (
    Catalogue,
    Contract,
    Value,
    Variable,
    needed_variables,
    read_catalogue,
    read_contract,
)

PRESS: Final = Path(__file__).resolve().parents[1] / "templates" / "press"
SUFFIX: Final = ".txt.j2"
_UNDEFINED = re.compile(r"'([^']+)' is undefined")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedText:
    """A text as a template gives it: the first line is its headline."""

    title: str
    body: str


@dataclass(frozen=True)
class PressTemplates:
    """A folder of templates: `<kind>/contract.toml` and `<kind>/<language>.txt.j2`."""

    root: Path = PRESS

    def kinds(self) -> tuple[str, ...]:
        """List the kinds that have templates."""
        return tuple(sorted(path.parent.name for path in self.root.glob("*/contract.toml")))

    def languages(self, kind: str) -> tuple[str, ...]:
        """List the languages a kind has templates in."""
        files = (self.root / kind).glob(f"*{SUFFIX}")
        return tuple(sorted(path.name.removesuffix(SUFFIX) for path in files))

    def catalogue(self) -> Catalogue:
        """Give every variable there is. Raises BrokenSetup."""
        return _catalogue(self.root)

    def contract(self, kind: str) -> Contract:
        """Give what the templates of a kind need. Raises NotFound, BrokenSetup."""
        if kind not in self.kinds():
            raise NotFound(
                f"There is no template for {kind!r:.40}.",
                f"There are templates for: {', '.join(self.kinds())}. Write this text by hand.",
            )
        return read_contract(_toml(self.root / kind / "contract.toml"), self.catalogue())

    def variables(self, kind: str) -> tuple[Variable, ...]:
        """Describe what a kind of text needs. Raises NotFound, BrokenSetup."""
        return needed_variables(self.catalogue(), self.contract(kind))

    def render(self, kind: str, language: str, values: Mapping[str, Value]) -> RenderedText:
        """Render a text; what the contract calls optional may be left out.

        Raises:
            NotFound: there is no such template.
            BrokenSetup: a variable is missing or the template is wrong; says where.
        """
        optional: dict[str, Value] = dict.fromkeys(self.contract(kind).optional, "")
        name = f"{kind}/{language}{SUFFIX}"
        try:
            whole = _environment(self.root).get_template(name).render({**optional, **values})
        except TemplateNotFound as error:
            raise NotFound(
                f"There is no {language!r:.10} template for {kind}.",
                f"There is: {', '.join(self.languages(kind))}.",
            ) from error
        except TemplateError as error:
            raise _fault(name, error) from error
        title, _, body = whole.strip().partition("\n")
        return RenderedText(title=title.strip(), body=_BLANK_LINES.sub("\n\n", body.strip("\n")))


@cache
def _environment(root: Path) -> ImmutableSandboxedEnvironment:
    # Plain text: what is typed into it is escaped where it is shown, never here.
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _catalogue(root: Path) -> Catalogue:
    return read_catalogue(_toml(root / "variables.toml"))


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BrokenSetup(f"{path.name} of {path.parent.name} cannot be read: {error}.") from error


def _fault(name: str, error: TemplateError) -> BrokenSetup:
    """Say in an editor's words what is wrong: template, line, variable."""
    place = f"Template {name}, line {_line(error)}"
    missing = _UNDEFINED.search(str(error))
    if missing:
        return BrokenSetup(
            f"{place}: the variable '{missing.group(1)}' has no value.",
            "Give it one, or correct its name; contract.toml and variables.toml list them.",
            code="template_variable",
        )
    return BrokenSetup(
        f"{place}: {error}.", "Correct the template; nothing was written.", code="template_wrong"
    )


def _line(error: TemplateError) -> int:
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(SUFFIX)]
    return (frames[-1].lineno or 0) if frames else 0
