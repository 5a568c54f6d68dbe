"""What every page begins with: who visits, and in which words.

What belongs here: the visit, rendering, forms that came in. What never does: what a page shows, or
a refusal (problems.py).
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from api.access import house_of, signed_or_none
from api.pages.lens import Lens, lens_for
from api.pages.sent_forms import SentForm, sent_form
from api.rendering import language_of, page_of, render, require_form
from api.typed import Raw
from domain.errors import NotFound, NotSignedIn
from domain.message import CommandSpec, field_labels
from domain.wire import text_fault
from services.house import House
from services.people import Signed

SEE_OTHER: Final = 303
NEXT_LIMIT: Final = 500
OPEN_TO_INVITED: Final = ("/opened/", "/incidents/", "/parts/board")
"""Pages for people from outside, beside the board; of an incident they see what is opened."""


@dataclass(frozen=True)
class Visit:
    """One request of a signed-in person: the house, the person, and the lens they read through."""

    request: Request
    house: House
    who: Signed
    lens: Lens

    def show(
        self, template: str, *, status: int = 200, drill: str | None = None, **values: Any
    ) -> HTMLResponse:
        """Render a page of the console."""
        page = page_of(
            self.request,
            self.who,
            roles=self.lens.roles(self.who.actor.roles),
            drill=drill,
            zone=self.lens.zone_name,
        )
        return render(f"console/{template}", page, status=status, **values)

    @property
    def is_fragment(self) -> bool:
        """Say whether the page's script asks for the inside of a live part."""
        return self.request.headers.get("x-fragment") == "1"


def visit(request: Request) -> Visit:
    """Open a visit; NotSignedIn leads to the sign-in page and back (see problems.py).

    Who is here by invitation only finds the board and what is opened to them: NotFound elsewhere.

    That a form came from our own page is shown by its token, where the form is read (`form_of`).
    """
    who = signed_or_none(request)
    if who is None:
        raise NotSignedIn("You are not signed in.", "Sign in.")
    if who.actor.is_from_outside and _is_closed(request.scope["path"]):
        raise NotFound("This page is for people of the company.", "Go back to the board.")
    house = house_of(request)
    return Visit(request, house, who, lens_of(house, who, request))


def lens_of(house: House, who: Signed | None, request: Request) -> Lens:
    """Give the lens of whoever asks, in the language they chose."""
    rules = house.current_rules()
    return lens_for(house, who, language_of(request), now=house.now(), rules=rules)


def _is_closed(path: str) -> bool:
    return path != "/" and not path.startswith(OPEN_TO_INVITED)


async def put_away(request: Request) -> AsyncIterator[None]:
    """Close the files of a form once its answer is made: large ones lie on the disk until then."""
    yield
    form = getattr(request.state, "form", None)
    if form is not None:
        await form.close()


Guest = Annotated[Visit, Depends(visit)]


def see_other(address: str) -> RedirectResponse:
    """Lead on after a form: the browser asks for the next page with GET."""
    return RedirectResponse(address, SEE_OTHER)


def local_address(text: str | None) -> str:
    """Give an address of our own to go back to; anything else is the board."""
    if text and text.startswith("/") and not text.startswith(("//", "/\\")):
        return text[:NEXT_LIMIT] if text_fault(text, NEXT_LIMIT) is None else "/"
    return "/"


# ---------------------------------------------------------------- forms that came in


async def form_of(request: Request, who: Signed | None) -> SentForm:
    """Read a form that was sent from our own page. Raises NotAllowed, and as `sent_form` does."""
    form = request.state.form = await sent_form(request)
    token = form.get("csrf")
    require_form(request, who, token if isinstance(token, str) else "")
    return form


def raw_texts(form: FormData) -> Raw:
    """Give what was typed, by name; files are left out."""
    raw: Raw = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            raw.setdefault(name, []).append(value)
    return raw


def remember(guest: Visit, spec: CommandSpec, raw: Raw) -> None:
    """Keep what was typed into a form at hand: a page that cannot show the form shows this."""
    guest.request.state.typed = typed_in(guest.lens, spec, raw)


def typed_in(lens: Lens, spec: CommandSpec, raw: Raw) -> list[dict[str, Any]]:
    """Give what was typed into the form of a command, field by field, so that it can be copied."""
    labels = field_labels(spec)
    return [
        {"label": lens(labels[field]), "text": "\n".join(texts)}
        for name, texts in raw.items()
        if (field := name.partition("-")[0]) in labels and any(texts)
    ]


def visitor_lens(request: Request) -> Lens:
    """Give the lens of a page that anybody may read."""
    return lens_of(house_of(request), None, request)
