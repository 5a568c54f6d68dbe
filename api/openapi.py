"""The API described: schemas and words derived from the one registry of commands.

What belongs here: JSON Schemas of what goes in and out, for /api/openapi.json. What never does: a
route, or a second description of a command.
"""

from http import HTTPStatus
from typing import Any, Final

from domain.message import CommandSpec, command_schema
from domain.own_hand import is_own_hand
from domain.people import SYSTEM_ROLES

REPORT: Final = "report_problem"
"""The one command that opens an incident; all others act on one."""

PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "hint"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "What it was, for programs."},
        "detail": {"type": "string", "description": "What was wrong, for people."},
        "hint": {"type": "string", "description": "What to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "who_could": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Roles that may do what was refused.",
        },
        "reference": {
            "type": "string",
            "description": "Of a failure of ours: the number under which it stands in the log.",
        },
    },
}

ANSWER_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["seq", "events", "stage", "pending"],
    "properties": {
        "seq": {"type": "integer", "description": "The last entry this act led to."},
        "events": {"type": "array", "items": {"type": "string"}},
        "stage": {"type": "object", "description": "The stage as recorded after the act."},
        "pending": {"type": "object", "description": "Acts that wait for signatures, by id."},
    },
}

MEANS: Final = {
    401: "No credentials, or none that are good.",
    403: "Your roles may not do this; who_could names those that may.",
    404: "Not there, or not to be seen by you.",
    409: "The plan or the state of the incident forbids it.",
    413: "Too large.",
    422: "It cannot be read; errors names the fields. Also: a key used before for something else.",
    429: "Too many; try again later.",
    503: "Not confirmed yet: send it again with the same Idempotency-Key; it counts once.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the refusals a route may give."""
    return {
        status: {
            "description": MEANS.get(status, HTTPStatus(status).phrase),
            "content": {"application/problem+json": {"schema": PROBLEM_SCHEMA}},
        }
        for status in statuses
    }


def act_extra(spec: CommandSpec) -> dict[str, Any]:
    """Describe a command's body, who may give it, and whether it is signed."""
    body = command_schema(spec)
    return {
        "requestBody": {
            "required": bool(body["required"]),
            "content": {"application/json": {"schema": body}},
        },
        "x-andon-command": spec.name,
        "x-andon-roles": sorted(str(role) for role in spec.roles - SYSTEM_ROLES),
        "x-andon-signed": spec.meaning is not None,
        "x-andon-own-hand": is_own_hand(spec, None),
        **({"x-andon-meaning": spec.meaning} if spec.meaning else {}),
    }


def act_description(spec: CommandSpec) -> str:
    """Tell in words what a command does and who may give it."""
    roles = ", ".join(sorted(str(role) for role in spec.roles - SYSTEM_ROLES))
    lines = [spec.help or (spec.type.__doc__ or "").strip(), f"May be given by: {roles}."]
    if spec.meaning:
        lines.append(f"Signed: “{spec.meaning}”.")
    if is_own_hand(spec, None):
        lines.append("Takes the person's own hand: no scribe records it for them.")
    return "\n\n".join(line for line in lines if line)


def act_responses() -> dict[int | str, dict[str, Any]]:
    """Describe the answers to an act."""
    return {
        200: {
            "description": "Recorded.",
            "content": {"application/json": {"schema": ANSWER_SCHEMA}},
        },
        **problems(401, 403, 404, 409, 413, 422, 503),
    }
