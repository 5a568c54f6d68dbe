"""A small reader of GraphQL: enough to answer what is asked with the fields asked for, no more.

What belongs here: the language (spec.graphql.org): operations, arguments, variables, selections.
What never does: one system's schema.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|-?\d+|\$\w+|[{}()\[\]:!,=]')


@dataclass
class Field:
    """One field that is asked for."""

    name: str
    arguments: dict[str, Any]
    fields: list["Field"] = field(default_factory=list)


def read(document: str, variables: dict[str, Any]) -> tuple[str, list[Field]]:
    """Give the kind of operation ("query", "mutation") and its fields. Raises ValueError."""
    reader = _Reader(_TOKEN.findall(document), variables)
    kind = reader.take()
    while reader.peek() != "{":  # its name and the declaration of its variables
        reader.take()
    fields = reader.fields()
    if reader.tokens:
        raise ValueError(f"left over: {reader.tokens[:3]}")
    return kind, fields


class _Reader:
    def __init__(self, tokens: list[str], variables: dict[str, Any]) -> None:
        self.tokens = [token for token in tokens if token != ","]
        self._variables = variables

    def peek(self) -> str:
        return self.tokens[0]

    def take(self, wanted: str = "") -> str:
        token = self.tokens.pop(0)
        if wanted and token != wanted:
            raise ValueError(f"{token} where {wanted} was expected")
        return token

    def fields(self) -> list[Field]:
        self.take("{")
        found = []
        while self.peek() != "}":
            one = Field(self.take(), {})
            if self.peek() == "(":
                one.arguments = self._object("(", ")")
            if self.peek() == "{":
                one.fields = self.fields()
            found.append(one)
        self.take("}")
        return found

    def _object(self, opening: str, closing: str) -> dict[str, Any]:
        self.take(opening)
        found = {}
        while self.peek() != closing:
            name = self.take()
            self.take(":")
            found[name] = self._value()
        self.take(closing)
        return found

    def _value(self) -> Any:
        token = self.peek()
        if token == "{":
            return self._object("{", "}")
        self.take()
        if token.startswith("$"):
            return self._variables.get(token[1:])
        if token.startswith('"') or token.lstrip("-").isdigit():
            return json.loads(token)
        return {"true": True, "false": False, "null": None}.get(token, token)


def picked(found: Any, fields: list[Field]) -> Any:
    """Give of an object what is asked for; a connection gives its page. Raises KeyError."""
    if found is None or not fields:
        return found
    if isinstance(found, list):
        return [picked(one, fields) for one in found]
    return {one.name: picked(_of(found[one.name], one), one.fields) for one in fields}


def _of(value: Any, asked: Field) -> Any:
    """A list that is asked for with `first` is a connection: a page of it, by a cursor."""
    if not isinstance(value, list) or "first" not in asked.arguments:
        return value
    return page(value, asked.arguments)


def page(rows: list[Any], arguments: dict[str, Any]) -> dict[str, Any]:
    """Give a page of a connection; the cursor is opaque, and names the row before it."""
    after = arguments.get("after")
    start = int(after.removeprefix("cursor-")) if after else 0
    end = start + int(arguments["first"])
    return {
        "nodes": rows[start:end],
        "pageInfo": {
            "hasNextPage": end < len(rows),
            "endCursor": f"cursor-{min(end, len(rows))}" if rows[start:end] else None,
        },
    }


def cost(fields: list[Field], many: int = 1) -> int:
    """Count the points of a question: an object is one, a connection as many as it may give."""
    total = 0
    for one in fields:
        if not one.fields:
            continue
        if one.name in ("nodes", "pageInfo"):
            total += cost(one.fields, many)
            continue
        rows = many * int(one.arguments.get("first", 1))
        total += rows + cost(one.fields, rows)
    return total
