"""What templates of public texts need: variables with their meaning, per kind of text.

What belongs here: the shapes and reading them. What never does: a template, rendering it
(activities/press_templates.py), or a value.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain.errors import FieldError, NotFound
from domain.plan_reading import read_file
from domain.plan_terms import STATEMENT_KINDS

Value = str | tuple[str, ...]
"""A variable's value: a text, or a list of texts."""


class ValueKind(StrEnum):
    """What a variable holds."""

    TEXT = "text"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """One thing that templates may speak of, told in both languages, with an example."""

    name: str
    kind: ValueKind
    meaning_en: str
    meaning_zh: str
    example_en: tuple[str, ...]
    example_zh: tuple[str, ...]

    def meaning(self, language: str) -> str:
        """Say what it is in Chinese or English."""
        return self.meaning_zh if language.startswith("zh") else self.meaning_en

    def example(self, language: str) -> Value:
        """Give an example value in Chinese or English."""
        parts = self.example_zh if language.startswith("zh") else self.example_en
        return parts if self.kind is ValueKind.LIST else parts[0]

    def gap(self, language: str) -> Value:
        """Give what stands in a draft where nobody knows the value yet; a rule blocks it later."""
        chinese = language.startswith("zh")
        words = f"【待填写：{self.meaning_zh}】" if chinese else f"[to fill in: {self.meaning_en}]"
        return (words,) if self.kind is ValueKind.LIST else words


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
class Contract:
    """What the templates of one kind need, in every language the same.

    `elements` are what readers and law expect of the text (reference 6.1), for the editor.
    """

    kind: str
    needs: tuple[str, ...]
    elements: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """List the needed variables and then the optional ones."""
        return (*self.needs, *self.optional)


def needed_variables(catalogue: Catalogue, contract: Contract) -> tuple[Variable, ...]:
    """Describe what a kind of text needs, in the order of the text. Raises NotFound."""
    return tuple(catalogue.variable(name) for name in contract.needs)


def read_catalogue(document: Mapping[str, Any]) -> Catalogue:
    """Read the file of variables; raises BrokenSetup with one sentence per problem."""
    return read_file(Catalogue, document, what="The list of variables", checks=_unique)


def read_contract(document: Mapping[str, Any], catalogue: Catalogue) -> Contract:
    """Read a contract and hold it to the list of variables; raises BrokenSetup."""

    def known(contract: Contract) -> Iterator[FieldError]:
        names = {variable.name for variable in catalogue.variables}
        if contract.kind not in STATEMENT_KINDS:
            yield FieldError("kind", f"There is no text called {contract.kind!r}.")
        for name in contract.names:
            if name not in names:
                yield FieldError("needs", f"variables.toml has no {name!r}.")
        for name in set(contract.needs) & set(contract.optional):
            yield FieldError("optional", f"{name!r} is needed; it cannot be optional too.")

    return read_file(Contract, document, what="The contract", checks=known)


def _unique(catalogue: Catalogue) -> Iterable[FieldError]:
    seen: set[str] = set()
    for number, variable in enumerate(catalogue.variables):
        path = f"variables.{number}"
        if variable.name in seen or not variable.name.isidentifier():
            yield FieldError(f"{path}.name", f"{variable.name!r} is taken or no name.")
        seen.add(variable.name)
        for name in ("example_en", "example_zh"):
            count = len(getattr(variable, name))
            if not count or (variable.kind is ValueKind.TEXT and count > 1):
                yield FieldError(f"{path}.{name}", "Give one example; of a list, its entries.")
