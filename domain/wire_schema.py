"""What a typed value looks like on the wire, as JSON Schema.

What belongs here: one schema per type. What never does: reading or writing a value (wire.py).
"""

from dataclasses import MISSING, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from domain.values import REFERENCES, PrivateText
from domain.wire import ID_LIMIT, LIST_LIMIT, TEXT_LIMIT, optional_of, travelling


@cache
def _schema(tp: Any) -> dict[str, Any]:  # noqa: PLR0911 - one line per kind of type
    inner = optional_of(tp)
    if inner is not None:
        return {"anyOf": [_schema(inner), {"type": "null"}]}
    if get_origin(tp) is tuple:
        return {"type": "array", "items": _schema(get_args(tp)[0]), "maxItems": LIST_LIMIT}
    if get_origin(tp) is dict or tp is dict:
        return {"type": "object"}
    if tp is PrivateText:
        return {"type": "string", "maxLength": TEXT_LIMIT, "description": "Stored encrypted."}
    if isinstance(tp, type) and is_dataclass(tp):
        return _dataclass_schema(tp)
    if isinstance(tp, type) and issubclass(tp, StrEnum):
        return {"type": "string", "enum": [member.value for member in tp]}
    plain = {
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        datetime: {"type": "string", "format": "date-time"},
        date: {"type": "string", "format": "date"},
    }
    limit = ID_LIMIT if tp in REFERENCES else TEXT_LIMIT
    return plain.get(tp, {"type": "string", "maxLength": limit})


def _dataclass_schema(tp: type) -> dict[str, Any]:
    hints = get_type_hints(tp)
    properties = {}
    for f in travelling(tp):
        properties[f.name] = part = dict(_schema(hints[f.name]))
        if "max" in f.metadata and part.get("type") == "string":
            part["maxLength"] = min(f.metadata["max"], part.get("maxLength", TEXT_LIMIT))
        for key, name in (("label", "title"), ("help", "description")):
            if f.metadata.get(key):
                part[name] = f.metadata[key]
        if f.metadata.get("some"):
            part["minItems"] = 1
    needed = [
        f.name for f in travelling(tp) if f.default is MISSING and f.default_factory is MISSING
    ]
    return {
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }


def schema(tp: Any) -> dict[str, Any]:
    """Give the JSON Schema of a type (a fresh copy, safe to change at the top)."""
    whole = dict(_schema(tp))
    if "properties" in whole:
        whole["properties"] = dict(whole["properties"])
        whole["required"] = list(whole["required"])
    return whole
