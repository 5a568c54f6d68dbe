"""A small EPCIS 2.0 repository over real HTTP: capture, capture jobs, events by id.

What belongs here: what the REST binding (GS1, openapi.yaml) and the JSON schemas of EPCIS 2.0 say
of these three, as far as an ObjectEvent needs it. What never does: an assertion.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
DISPOSITIONS = frozenset(
    "active available completeness_inferred completeness_verified conformant container_closed "
    "container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit "
    "inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement "
    "no_pedigree_match non_conformant non_sellable_other partially_dispensed recalled reserved "
    "retail_sold returned sellable_accessible sellable_not_accessible stolen unavailable "
    "unknown".split()
)
STEPS = frozenset(
    "accepting arriving assembling collecting commissioning consigning creating_class_instance "
    "cycle_counting decommissioning departing destroying disassembling dispensing encoding "
    "entering_exiting holding inspecting installing killing loading other packing picking "
    "receiving removing repackaging repairing replacing reserving retail_selling sampling "
    "sensor_reporting shipping staging_outbound stock_taking stocking storing transporting "
    "unloading unpacking void_shipping".split()
)
"""All words of CBV 2.0, sections 7.1 and 7.2; JSON takes them bare, never as a URI of the CBV."""

BESIDE = {
    "non_sellable_other": {"holding", "inspecting", "staging_outbound", "storing"},
    "recalled": {"holding", "staging_outbound", "storing"},
    "sellable_accessible": {"stocking", "receiving"},
    "sellable_not_accessible": {"receiving", "storing", "loading", "holding", "inspecting"},
}
"""The business steps that section 7.2 names beside a disposition."""

OFFSET = re.compile(r"[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
URI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
CLASS = re.compile(r"https://id\.gs1\.org/01/\d{14}(/10/[!-~]{1,60})?")
KNOWN = frozenset(
    "@context type eventID eventTime eventTimeZoneOffset action bizStep disposition "
    "persistentDisposition readPoint bizLocation epcList quantityList".split()
)


def document_faults(document: Any) -> Iterator[str]:
    """Say what is wrong with a document by the published schema."""
    if document.get("type") != "EPCISDocument" or document.get("schemaVersion") != "2.0":
        yield "no EPCISDocument 2.0"
    if CONTEXT not in document.get("@context", ()):
        yield "no context"
    if not INSTANT.fullmatch(document.get("creationDate", "")):
        yield "no creationDate"
    if extra := set(document) - {"@context", "type", "schemaVersion", "creationDate", "epcisBody"}:
        yield f"unknown: {extra}"
    for event in document["epcisBody"]["eventList"]:
        yield from event_faults(event)


def event_faults(event: Any) -> Iterator[str]:
    """Say what is wrong with an ObjectEvent."""
    if event.get("type") != "ObjectEvent" or event.get("action") not in (
        "ADD",
        "OBSERVE",
        "DELETE",
    ):
        yield "no ObjectEvent"
    if extra := set(event) - KNOWN:
        yield f"unknown: {extra}"
    if not INSTANT.fullmatch(event["eventTime"]) or not OFFSET.fullmatch(
        event["eventTimeZoneOffset"]
    ):
        yield "no time"
    if event["bizStep"] not in STEPS or event["disposition"] not in DISPOSITIONS:
        yield "no word of CBV 2.0"
    if event["bizStep"] not in BESIDE.get(event["disposition"], STEPS):
        yield "a disposition beside a step that it does not go with"
    yield from _persistent_faults(event.get("persistentDisposition", {}))
    if not event.get("epcList") and not event.get("quantityList"):
        yield "about nothing"
    yield from _goods_faults(event.get("quantityList", ()))
    for place in ("readPoint", "bizLocation"):
        if place in event and not URI.fullmatch(event[place].get("id", "")):
            yield f"{place} without an id"
    if not URI.fullmatch(event["eventID"]):
        yield "no eventID"


def _persistent_faults(told: Any) -> Iterator[str]:
    if not set(told) <= {"set", "unset"} or not all(isinstance(one, list) for one in told.values()):
        yield "persistentDisposition"
    elif not {word for words in told.values() for word in words} <= DISPOSITIONS:
        yield "no word of CBV 2.0 in persistentDisposition"
    elif set(told.get("set", ())) & set(told.get("unset", ())):
        yield "set and unset at once"


def _goods_faults(listed: Any) -> Iterator[str]:
    for one in listed:
        if set(one) - {"epcClass", "quantity", "uom"} or not CLASS.fullmatch(one["epcClass"]):
            yield "no quantity element"
        if "uom" in one and "quantity" not in one:
            yield "a unit of nothing"
    if len({one["epcClass"] for one in listed}) < len(listed):
        yield "a class twice"


@dataclass
class Repository:
    """What was captured, and how it misbehaves.

    `running` is how often a job says that it runs; `trouble` meets the next POSTs: a status, or
    "lost" (captured, and no answer).
    """

    url: str = ""
    token: str = "secret"
    running: int = 1
    fails: bool = False
    elsewhere: str = ""
    trouble: list[int | str] = field(default_factory=list)
    events: dict[str, Any] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)

    def capture(self, document: Any) -> str:
        """Take a document in; give the id of its job."""
        faults = list(document_faults(document))
        number = str(len(self.jobs) + 1)
        failed = bool(faults) or self.fails
        errors = [{"type": "epcisException:ValidationException", "title": one} for one in faults]
        if self.fails:
            errors.append({"type": "epcisException:ValidationException", "title": "No such lot"})
        if not failed:
            self.events |= {one["eventID"]: one for one in document["epcisBody"]["eventList"]}
        self.documents.append(document)
        self.jobs[number] = {
            "captureID": number, "createdAt": "2026-11-30T00:00:00Z", "running": self.running,
            "success": not failed, "captureErrorBehaviour": "rollback", "errors": errors,
        }  # fmt: skip
        return number


class _Answering(BaseHTTPRequestHandler):
    repository: Repository

    def do_POST(self) -> None:
        """Capture."""
        body = self.rfile.read(int(self.headers["content-length"]))
        there = self.repository
        if not self._is_let_in():
            return
        word = there.trouble.pop(0) if there.trouble else 202
        if isinstance(word, int) and word != 202:
            self._say(word, {"type": "epcisException:ImplementationException", "title": "Busy"})
            return
        number = there.capture(json.loads(body))
        if word == "lost":
            self.connection.close()
            return
        self._say(202, None, {"location": there.elsewhere or f"/v2/capture/{number}"})

    def do_GET(self) -> None:
        """Give a job, or an event."""
        there = self.repository
        if not self._is_let_in():
            return
        kind, _, name = urlsplit(self.path).path.removeprefix("/v2/").partition("/")
        found = there.events.get(unquote(name)) if kind == "events" else there.jobs.get(name)
        if found is None:
            self._say(404, {"type": "epcisException:NoSuchResourceException", "title": "None"})
            return
        if kind == "capture":
            left = found["running"]
            found["running"] = max(0, left - 1)
            found = {**found, "running": left > 0}
        self._say(200, found)

    def _is_let_in(self) -> bool:
        there = self.repository
        headers = {name.lower(): value for name, value in self.headers.items()}
        there.requests.append((self.command, self.path, headers))
        if headers.get("authorization") == f"Bearer {there.token}":
            return True
        self._say(401, {"type": "epcisException:SecurityException", "title": "Who are you?"})
        return False

    def _say(self, status: int, told: Any, headers: dict[str, str] | None = None) -> None:
        said = b"" if told is None else json.dumps(told).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def repository() -> Iterator[Repository]:
    """Run one."""
    there = Repository()
    handler = type("Handler", (_Answering,), {"repository": there})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        there.url = f"http://127.0.0.1:{server.server_port}/v2/capture"
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()
