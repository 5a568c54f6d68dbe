"""What templates of public texts need: variables with type and meaning, paragraphs, elements.

What belongs here: the shapes, reading them, and which required element lacks what. What never does:
a template, rendering it (activities/press_templates.py), or where a value comes from.

A text is made of paragraphs with names of their own. Every language of a kind has the same ones and
says the same facts in each, so that texts can be compared, commented and corrected by paragraph.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from domain.errors import FieldError, NotFound
from domain.fact_values import SEVERAL, Value, ValueKind
from domain.gap_words import gap_in
from domain.markets import EU, LANGUAGES, base_language
from domain.plan_reading import read_file
from domain.plan_terms import STATEMENT_KINDS, Basis

TITLE = "title"
"""The paragraph that is the headline; every text has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a variable may say in one language; a row or points have one entry a thing."""

    language: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a variable is, in one further language."""

    language: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One thing that templates may speak of, told in both languages, with examples.

    `meanings` tell it in further languages: a gap in a German text is in German.
    """

    name: str
    kind: ValueKind
    meaning_en: str
    meaning_zh: str
    examples: tuple[Example, ...]
    meanings: tuple[Meaning, ...] = ()

    def meaning(self, language: str) -> str:
        """Say what it is, in the language if somebody wrote it there, else in English."""
        said = {each.language: each.said for each in self.meanings}
        base = base_language(language)
        return self.meaning_zh if base == "zh" else said.get(base, self.meaning_en)

    def example(self, language: str) -> Value:
        """Give an example in a language; where there is none, the English one."""
        base = base_language(language)
        said = {each.language: each.said for each in self.examples}
        parts = said.get(base) or said["en"]
        return parts if self.kind in SEVERAL else parts[0]

    def gap(self, language: str, more: str = "") -> Value:
        """Give what stands in a draft where nobody knows the value yet; a rule blocks it later.

        `more` says beside it what is added where.
        """
        words = gap_in(language, " ".join(filter(None, (self.meaning(language), more))))
        return (words,) if self.kind in SEVERAL else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every variable there is (templates/press/variables.toml)."""

    variables: tuple[Variable, ...]

    def variable(self, name: str) -> Variable:
        """Give a variable by name; raises NotFound."""
        for each in self.variables:
            if each.name == name:
                return each
        raise NotFound(f"No template variable is called {name!r:.60}.", "See variables.toml.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing that readers, or the law of a market, expect of a text.

    It stands in `paragraphs`, and is missing while one of `needs` has no value. Without `citation`
    it is practice (reference 6.1).
    """

    id: str
    label_en: str
    label_zh: str
    paragraphs: tuple[str, ...]
    needs: tuple[str, ...] = ()
    basis: Basis = Basis.PRACTICE
    citation: str = ""
    verified: bool = True

    def label(self, language: str) -> str:
        """Name it in Chinese or English."""
        return self.label_zh if language.startswith("zh") else self.label_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the templates of one kind need, in every language the same.

    `market` is set where a market's law gives the text a form of its own (recall notices); a
    `strict` contract is not rendered while an element is missing, but as a draft with gaps.
    """

    kind: str
    paragraphs: tuple[str, ...]
    needs: tuple[str, ...]
    elements: tuple[Element, ...]
    optional: tuple[str, ...] = ()
    market: str = ""
    strict: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """List the needed variables and then the optional ones."""
        return (*self.needs, *self.optional)

    def missing(self, known: Iterable[str]) -> tuple[Element, ...]:
        """List the elements that lack a value; `known` are the variables that have one."""
        there = set(known)
        return tuple(each for each in self.elements if not there.issuperset(each.needs))


def needed_variables(catalogue: Catalogue, contract: Contract) -> tuple[Variable, ...]:
    """Describe what a kind of text needs, in the order of the text. Raises NotFound."""
    return tuple(catalogue.variable(name) for name in contract.needs)


def read_catalogue(document: Mapping[str, Any]) -> Catalogue:
    """Read the file of variables; raises BrokenSetup with one sentence per problem."""
    return read_file(Catalogue, document, what="The list of variables", checks=_variable_checks)


def read_contract(document: Mapping[str, Any], catalogue: Catalogue) -> Contract:
    """Read a contract and hold it to the list of variables; raises BrokenSetup."""
    names = frozenset(variable.name for variable in catalogue.variables)

    def checks(contract: Contract) -> Iterator[FieldError]:
        yield from _contract_checks(contract, names)

    return read_file(Contract, document, what="The contract", checks=checks)


def _contract_checks(contract: Contract, names: frozenset[str]) -> Iterator[FieldError]:
    if contract.kind not in STATEMENT_KINDS:
        yield FieldError("kind", f"There is no text called {contract.kind!r}.")
    if contract.market not in {"", EU, *LANGUAGES}:
        yield FieldError("market", f"There is no market {contract.market!r} here.")
    for name in contract.names:
        if name not in names:
            yield FieldError("needs", f"variables.toml has no {name!r}.")
    for name in sorted(set(contract.needs) & set(contract.optional)):
        yield FieldError("optional", f"{name!r} is needed; it cannot be optional too.")
    if contract.paragraphs[:1] != (TITLE,) or len(set(contract.paragraphs)) < len(
        contract.paragraphs
    ):
        yield FieldError("paragraphs", "Begin with title, and name each paragraph once.")
    yield from _element_checks(contract)


def _element_checks(contract: Contract) -> Iterator[FieldError]:
    seen: set[str] = set()
    for number, element in enumerate(contract.elements):
        path = f"elements.{number}"
        if element.id in seen:
            yield FieldError(f"{path}.id", f"{element.id!r} is taken; each has its own name.")
        seen.add(element.id)
        for name in element.paragraphs:
            if name not in contract.paragraphs:
                yield FieldError(f"{path}.paragraphs", f"There is no paragraph {name!r}.")
        for name in element.needs:
            if name not in contract.names:
                yield FieldError(f"{path}.needs", f"The contract does not name {name!r}.")
        if not element.paragraphs:
            yield FieldError(f"{path}.paragraphs", "Say in which paragraph it stands.")
        if element.basis is not Basis.PRACTICE and not element.citation:
            yield FieldError(f"{path}.citation", "Cite what asks for it.")


def _variable_checks(catalogue: Catalogue) -> Iterator[FieldError]:
    seen: set[str] = set()
    for number, variable in enumerate(catalogue.variables):
        path = f"variables.{number}"
        if variable.name in seen or not variable.name.isidentifier():
            yield FieldError(f"{path}.name", f"{variable.name!r} is taken or no name.")
        seen.add(variable.name)
        languages = [each.language for each in variable.examples]
        if not {"en", "zh"} <= set(languages) or len(set(languages)) < len(languages):
            yield FieldError(f"{path}.examples", "Give one in en and in zh, and one a language.")
        for example in variable.examples:
            count = len(example.said)
            if not count or (variable.kind not in SEVERAL and count > 1):
                yield FieldError(f"{path}.examples", "Give one example; of several, its entries.")
