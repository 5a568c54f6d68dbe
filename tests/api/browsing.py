"""A browser without script: it reads pages, fills forms and presses buttons, as a person would.

What belongs here: parsing our own pages as a reader sees them. What never does: an assertion about
what a page should show.
"""

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

import httpx2

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Form:
    """One form of a page: where it goes, what stands in it, its buttons by their words."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)

    def filled(self, **values: Any) -> dict[str, list[str]]:
        """Give what would be sent with some fields filled in; None empties a field."""
        sent = {name: list(texts) for name, texts in self.values.items()}
        for name, value in values.items():
            key = name.replace("__", "-")
            sent[key] = [] if value is None else value if isinstance(value, list) else [str(value)]
        return sent


class _Reader(HTMLParser):
    """Collects forms, links, ids, words and attributes that our policy forbids."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.forbidden: list[str] = []
        self.open: list[str] = []
        self._select = ""
        self._area: str | None = None
        self._button: tuple[str, str] | None = None
        self._said: list[str] = []
        self._href = ""

    @property
    def _form(self) -> Form | None:
        return self.forms[-1] if self.forms and "form" in self.open else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if "id" in told:
            self.ids.append(told["id"])
        self.forbidden += [name for name in told if name == "style" or name.startswith("on")]
        if tag == "form":
            self.forms.append(Form(told.get("action", ""), told.get("method", "get")))
        elif tag == "a" and "href" in told:
            self._href, self._said = told["href"], []
        elif self._form is not None and "template" not in self.open:
            self._control(tag, told)

    def _control(self, tag: str, told: dict[str, str]) -> None:
        form, name = self._form, told.get("name", "")
        assert form is not None
        kind = told.get("type", "text")
        if tag == "button":
            self._button, self._said = (name, told.get("value", "")), []
        elif tag == "select":
            self._select = name
            form.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            form.choices[self._select].append(told.get("value", ""))
            if "selected" in told:
                form.values[self._select] = [told.get("value", "")]
        elif tag == "textarea":
            self._area, self._said = name, []
        elif tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and kind in ("checkbox", "radio"):
            form.choices.setdefault(name, []).append(told.get("value", ""))
            if "checked" in told:
                form.values.setdefault(name, []).append(told.get("value", ""))
        elif tag == "input" and name:
            form.values.setdefault(name, []).append(told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._href:
            self.links.append((self._words(), self._href))
            self._href = ""
        elif tag == "button" and self._button is not None and self._form is not None:
            self._form.buttons[self._words()] = self._button
            self._button = None
        elif tag == "textarea" and self._area is not None and self._form is not None:
            self._form.values[self._area] = ["".join(self._said).removeprefix("\n")]
            self._area = None
        elif tag == "select":
            self._select = ""
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass

    def _words(self) -> str:
        """Give what stood in the element that ends; asked only where it counts: pages are long."""
        return " ".join("".join(self._said).split())

    def handle_data(self, data: str) -> None:
        self._said.append(data)
        if not {"script", "style", "template"} & set(self.open):
            self.words.append(data)


@dataclass
class Seen:
    """A page as it was answered; read once, and only where somebody looks for a part of it."""

    status: int
    address: str
    html: str

    @cached_property
    def _read(self) -> _Reader:
        reader = _Reader()
        reader.feed(self.html)
        return reader

    @property
    def forms(self) -> list[Form]:
        """Give the forms in their order; they may be filled in."""
        return self._read.forms

    @property
    def links(self) -> list[tuple[str, str]]:
        """Give the links in their order, as words and address."""
        return self._read.links

    @property
    def ids(self) -> list[str]:
        """Give the ids in their order."""
        return self._read.ids

    @cached_property
    def text(self) -> str:
        """Give the words that can be read."""
        return " ".join(" ".join(self._read.words).split())

    @property
    def forbidden(self) -> list[str]:
        """Give the attributes that our policy forbids."""
        return self._read.forbidden

    def form(self, action: str = "") -> Form:
        """Give the form whose address ends so, or the only one that is not the frame's."""
        own = [f for f in self.forms if f.action not in ("/language", "/sign-out")]
        fitting = [f for f in own if f.action.endswith(action)] if action else own
        posts = [f for f in fitting if f.method == "post"] or fitting
        assert posts, f"no form {action!r} on {self.address}"
        return posts[0]

    def link(self, words: str) -> str:
        """Give the address behind some words."""
        for said, href in self.links:
            if words.lower() in said.lower():
                return href
        raise AssertionError(f"no link {words!r} on {self.address}: {[s for s, _ in self.links]}")


def read_page(response: httpx2.Response) -> Seen:
    """Read an answer as a page."""
    return Seen(
        status=response.status_code,
        address=str(response.url.raw_path, "ascii"),
        html=response.text,
    )


@dataclass
class Browser:
    """Somebody at the console without a script."""

    client: httpx2.Client

    def open(self, path: str, **headers: str) -> Seen:
        """Load a page, and follow where it leads."""
        return read_page(self.client.get(path, follow_redirects=True, headers=headers))

    def send(
        self, page: Seen, form: Form, button: str = "", files: Any = None, **values: Any
    ) -> Seen:
        """Press a button of a form (the first one when none is named), and follow."""
        sent = form.filled(**values)
        if button:
            name, value = next(v for words, v in form.buttons.items() if button in words)
            if name:
                sent[name] = [value]
        where = form.action or page.address
        if form.method == "get":
            flat: httpx2.QueryParams = httpx2.QueryParams(
                [(name, value) for name, texts in sent.items() for value in texts]
            )
            return read_page(self.client.get(where, params=flat, follow_redirects=True))
        return read_page(self.client.post(where, data=sent, files=files, follow_redirects=True))

    def sign_in(self, name: str, password: str) -> Seen:
        """Sign in by the page."""
        page = self.open("/sign-in")
        return self.send(page, page.form("/sign-in"), name=name, password=password)


def browser(url: str, language: str = "en") -> Browser:
    """Give a fresh browser that asks for a language."""
    # No line is encrypted here; reading whom to trust costs 50 ms for each of hundreds.
    client = httpx2.Client(base_url=url, timeout=20, trust_env=False, verify=False)
    client.headers["Accept-Language"] = language
    return Browser(client)
