"""Templates of public texts: found, rendered in a closed room, their faults told to an editor.

What belongs here: from a template and values to headline and text. What never does: where values
come from (activities/derived.py), or whether the text may go out. Templates run in Jinja's
immutable sandbox and a variable that is not there is an error: it names template, line, variable.
"""

import re
import tomllib
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateError, TemplateNotFound
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.canonical import canonical, sha256_hex
from domain.errors import BrokenSetup, NotFound, Refused
from domain.fact_values import Value, written
from domain.in_words import MANNERS
from domain.markets import nearest_language, regimes_of
from domain.press_contract import (
    TITLE,
    Catalogue,
    Contract,
    Variable,
    needed_variables,
    read_catalogue,
    read_contract,
)

PRESS: Final = Path(__file__).resolve().parents[1] / "templates" / "press"
SUFFIX: Final = ".txt.j2"
CONTRACT: Final = "contract.toml"
_UNDEFINED = re.compile(r"'([^']+)' is undefined")
_BLANK_LINES = re.compile(r"\n{2,}")
_SECOND_STOP = re.compile(r"(?<![.。])[.。](\.(?=\s|$)|。)")
"""A value that ends with a full stop, in a sentence that has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph of a text, under the name that it has in every language."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedText:
    """A text as a template gives it: its paragraphs, of which the title is one."""

    paragraphs: tuple[Paragraph, ...]

    @property
    def title(self) -> str:
        """Give the headline, in one line."""
        return " ".join(next(p.text for p in self.paragraphs if p.id == TITLE).split())

    @property
    def body(self) -> str:
        """Give what stands below the headline; paragraphs that say nothing are left out."""
        return "\n\n".join(p.text for p in self.paragraphs if p.id != TITLE and p.text)


@dataclass(frozen=True)
class PressTemplates:
    """A folder of templates: `<kind>/contract.toml` and `<kind>/<language>.txt.j2`.

    Where the law of a market gives a kind its own form, that stands in `<kind>/<market>/`.
    """

    root: Path = PRESS

    def kinds(self) -> tuple[str, ...]:
        """List the kinds that have templates."""
        return tuple(sorted({kind for kind, _ in _forms(self.root)}))

    def forms(self, kind: str) -> tuple[str, ...]:
        """List the markets for which a kind has a form of its own; none for what is no kind."""
        return tuple(sorted(form for of, form in _forms(self.root) if of == kind and form))

    def form_for(self, kind: str, markets: Iterable[str]) -> str:
        """Say which form fits a text for some markets: theirs if they share one, else the general.

        A text for several markets with different forms takes the general one, which cannot say all
        that each of them asks: better is a text of its own for each (`own_forms`).
        """
        wanted = [regimes_of(market) for market in markets]
        fitting = [f for f in self.forms(kind) if wanted and all(f in each for each in wanted)]
        return fitting[0] if fitting else ""

    def own_forms(self, kind: str, markets: Iterable[str]) -> tuple[str, ...]:
        """Name the forms that a text for some markets would need, where one cannot be all."""
        wanted = [regimes_of(market) for market in markets]
        own = tuple(f for f in self.forms(kind) if any(f in each for each in wanted))
        return () if self.form_for(kind, markets) else own

    def languages(self, kind: str, form: str = "") -> tuple[str, ...]:
        """List the languages a kind has templates in, in one form or the general one."""
        if (kind, form) not in _forms(self.root):
            return ()
        files = (self.root / kind / form).glob(f"*{SUFFIX}")
        return tuple(sorted(path.name.removesuffix(SUFFIX) for path in files))

    def written_in(self, kind: str, form: str, language: str) -> str:
        """Give the language whose template a text takes: a region without its own, the bare one's.

        All of Chinese has one. Where there is none, it is the language itself.
        """
        return nearest_language(self.languages(kind, form), [language]) or language

    def version(self, kind: str, language: str, form: str = "") -> str:
        """Give the hash of what a template says: its words, its contract, the phrases it may say.

        Whoever approves a template beforehand approves this version (plan, `pre_approved`).
        Raises BrokenSetup.
        """
        return _version(self.root, f"{kind}/{form}" if form else kind, language)

    def catalogue(self) -> Catalogue:
        """Give every variable there is. Raises BrokenSetup."""
        return _catalogue(self.root)

    def contract(self, kind: str, form: str = "") -> Contract:
        """Give what the templates of a kind need. Raises NotFound, BrokenSetup."""
        if (kind, form) not in _forms(self.root):
            raise NotFound(
                f"There is no template for {kind!r:.40}.",
                f"There are templates for: {', '.join(self.kinds())}. Write this text by hand.",
            )
        return _contract(self.root, f"{kind}/{form}" if form else kind)

    def variables(self, kind: str, form: str = "") -> tuple[Variable, ...]:
        """Describe what a kind of text needs. Raises NotFound, BrokenSetup."""
        return needed_variables(self.catalogue(), self.contract(kind, form))

    def phrase(self, name: str, language: str, **words: object) -> str:
        """Say a sentence of phrases.toml; nothing where nobody wrote it in this language."""
        return _phrases(self.root)[name].get(language, "").format(**words)

    def render(
        self,
        kind: str,
        language: str,
        values: Mapping[str, Value],
        *,
        form: str = "",
        zone: str = "UTC",
        final: bool = False,
    ) -> RenderedText:
        """Render a text; what the contract calls optional may be left out.

        Values are written as the language writes them, moments with the name of `zone`. `final`
        asks for a text without gaps: where the contract is strict, nothing may be missing.

        Raises:
            NotFound: there is no such template.
            Refused: `final`, and required elements lack a value; names them (code `elements`).
            BrokenSetup: a variable is missing or the template is wrong; says where.
        """
        contract = self.contract(kind, form)
        if final and contract.strict:
            _require_elements(contract, [name for name, value in values.items() if _says(value)])
        optional: dict[str, str] = dict.fromkeys(contract.optional, "")
        manner = f"{language}-{contract.market}"
        spoken = manner if manner in MANNERS else language
        written = {name: self._written(name, spoken, said, zone) for name, said in values.items()}
        name = "/".join(part for part in (kind, form, f"{language}{SUFFIX}") if part)
        try:
            template = _environment(self.root).get_template(name)
            found = _paragraphs(template, {**optional, **written})
        except TemplateNotFound as error:
            there = ", ".join(self.languages(kind, form))
            raise NotFound(
                f"There is no {language!r:.10} template for {kind}.", f"There is: {there}."
            ) from error
        except TemplateError as error:
            raise _fault(name, error) from error
        return RenderedText(paragraphs=found)

    def _written(self, name: str, language: str, value: Value, zone: str) -> str:
        return written(self.catalogue().variable(name).kind, language, value, zone)


def _paragraphs(template: Template, values: Mapping[str, str]) -> tuple[Paragraph, ...]:
    """Render block by block, in the order in which they stand."""
    context, found = template.new_context(dict(values)), []
    for name, block in template.blocks.items():
        try:
            said = "".join(block(context)).strip()
        except TemplateError:
            template.environment.handle_exception()  # raises it with lines of the template
        said = _SECOND_STOP.sub(r"\1", _BLANK_LINES.sub("\n", said))
        found.append(Paragraph(id=name, text=said))
    return tuple(found)


def _says(value: Value) -> bool:
    """Say whether a value says anything at all."""
    parts = value if isinstance(value, tuple) else (str(value),)
    return any(part.strip() for part in parts)


def _require_elements(contract: Contract, known: Iterable[str]) -> None:
    missing = contract.missing(known)
    if missing:
        names = "; ".join(f"{e.label('en')} ({e.citation or 'practice'})" for e in missing)
        raise Refused(
            f"This text lacks what it must say: {names}.",
            f"Record: {', '.join(sorted({n for e in missing for n in e.needs} - set(known)))}.",
            code="elements",
        )


@cache
def _environment(root: Path) -> ImmutableSandboxedEnvironment:
    # Plain text: what is typed into it is escaped where it is shown, never here.
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(root),
        undefined=StrictUndefined,
        # A version is a hash of what was read: other words come with the next start.
        auto_reload=False,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _catalogue(root: Path) -> Catalogue:
    return read_catalogue(_toml(root / "variables.toml"))


@cache
def _forms(root: Path) -> frozenset[tuple[str, str]]:
    """List the kinds of a folder with their forms; the general form has no name."""
    general = {(path.parent.name, "") for path in root.glob(f"*/{CONTRACT}")}
    own = {(path.parents[1].name, path.parent.name) for path in root.glob(f"*/*/{CONTRACT}")}
    return frozenset(general | own)


@cache
def _phrases(root: Path) -> Mapping[str, dict[str, str]]:
    return _toml(root / "phrases.toml")


@cache
def _contract(root: Path, folder: str) -> Contract:
    return read_contract(_toml(root / folder / CONTRACT), _catalogue(root))


@cache
def _version(root: Path, folder: str, language: str) -> str:
    phrases = {name: said.get(language, "") for name, said in _phrases(root).items()}
    parts = {
        "words": _read(root / folder / f"{language}{SUFFIX}"),
        "contract": _read(root / folder / CONTRACT),
        "phrases": phrases,
    }
    return sha256_hex(canonical(parts))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenSetup(f"{path.name} of {path.parent.name} cannot be read: {error}.") from error


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as error:
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
