"""What a file of the plan folder may say at a path, in a few words: read off its JSON Schema.

What belongs here: the walk over a schema and a document. What never does: what a file must say
(domain/), or where it stands in the text (services/toml_lines.py).
"""

from collections.abc import Mapping
from typing import Any, Final

from domain.plan_reading import EITHER_WAY_PATTERN, LIMIT_PATTERN
from domain.values import Json

LONGEST: Final = 120
"""Characters of a value that are shown."""

NOTHING: Final = "nothing"

_FORMS: Final = {"date": "a date, such as 2026-11-02", "date-time": "a date with its time"}
_TYPES: Final = {
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number from 0",
    "array": "a list",
    "object": "a table",
}


def expected_at(schema: Json, path: str) -> str:
    """Say what may stand at a dotted path; "" where the schema does not say."""
    node: Json | None = schema
    for name in path.split(".") if path else ():
        node = _resolved(schema, node)
        below = _below(node, name)
        if below is None:
            return _names(node)
        node = below
    return _words(schema, _resolved(schema, node))


def found_at(document: Any, path: str) -> str:
    """Show what stands at a dotted path; `NOTHING` where nothing does."""
    rest = path
    while rest:
        name, rest, document = _step(document, rest)
        if name is None:
            return NOTHING
    told = _plain(document)
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def _step(document: Any, path: str) -> tuple[str | None, str, Any]:
    """Go one key on: the longest that is there, for a key may hold dots itself."""
    if isinstance(document, list):
        number, _, rest = path.partition(".")
        if number.isdigit() and int(number) < len(document):
            return number, rest, document[int(number)]
    elif isinstance(document, Mapping):
        for key in sorted(document, key=len, reverse=True):
            if path == key or path.startswith(f"{key}."):
                return key, path[len(key) + 1 :], document[key]
    return None, "", None


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return f"a list of {len(value)} tables"
    if isinstance(value, list):
        return f"[{', '.join(_plain(item) for item in value)}]"
    if isinstance(value, Mapping):
        return f"a table with {', '.join(map(str, value)) or 'nothing'}"
    return repr(value) if isinstance(value, str) else str(value)


def _resolved(schema: Json, node: Json | None) -> Json:
    node = node or {}
    if "anyOf" in node:
        node = node["anyOf"][0]
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def _below(node: Json, name: str) -> Json | None:
    if node.get("type") == "array":
        items: Json = node.get("items", {})
        return items
    if name in node.get("properties", {}):
        found: Json = node["properties"][name]
        return found
    names = node.get("propertyNames", {}).get("enum")
    more = node.get("additionalProperties")
    return more if isinstance(more, dict) and (names is None or name in names) else None


def _names(node: Json) -> str:
    """Name the fields that a table may have."""
    known = node.get("propertyNames", {}).get("enum") or list(node.get("properties", ()))
    return f"one of the fields {', '.join(known)}" if known else ""


def _words(schema: Json, node: Json) -> str:
    if "enum" in node:
        return f"one of {', '.join(map(str, node['enum']))}"
    if node.get("pattern") in (LIMIT_PATTERN, EITHER_WAY_PATTERN):
        return "a time, such as '30 min', '24 h', '15 d', '3 wd', '6 mo' or 'at once'"
    if node.get("type") == "array":
        of = _words(schema, _resolved(schema, node.get("items")))
        return f"a list; each: {of}" if of else "a list"
    if node.get("type") == "object":
        return f"a table with {', '.join(node['required'])}" if node.get("required") else "a table"
    return _FORMS.get(node.get("format", "")) or _TYPES.get(node.get("type", ""), "")
