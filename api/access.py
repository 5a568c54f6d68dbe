"""Who asks: a person's session cookie, or a program's bearer token; and that they mean it.

What belongs here: headers and cookies, and the defence against forged requests. What never does:
who may do what (`decide`), or who may see an incident (services/reading.py).

A browser sends the cookie whoever made the page, so a request that changes something must come
from our own pages: JSON is checked by `Origin` (or `Sec-Fetch-Site`), a form by the token of its
session. A bearer token is sent by nobody unasked and needs neither.
"""

import hmac
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from api.bodies import BEHALF_HEADER
from domain.errors import NotAllowed, NotSignedIn
from services import people
from services.house import House
from services.people import Opened, Signed
from services.settings import Settings

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER: Final = "X-CSRF-Token"


def house_of(request: Request) -> House:
    """Give what the application was opened with."""
    house: House = request.app.state.house
    return house


async def the_house(request: Request) -> House:
    """Give it to a route; async, for what waits for nothing needs no thread of its own."""
    return house_of(request)


def settings_of(request: Request) -> Settings:
    """Give the settings of this installation."""
    return house_of(request).settings


def is_secure(settings: Settings) -> bool:
    """Say whether people reach the console by https."""
    return (settings.public_url or "").startswith("https:")


def cookie_name(settings: Settings) -> str:
    """Name the session cookie; cookies do not know ports, and one machine may run two homes."""
    return "__Host-andon" if is_secure(settings) else f"andon_{settings.port}"


def set_session(response: Response, settings: Settings, opened: Opened) -> None:
    """Give the browser its session: not for scripts, not for other sites."""
    response.set_cookie(
        cookie_name(settings),
        opened.secret,
        httponly=True,
        samesite="lax",
        secure=is_secure(settings),
        path="/",
        max_age=int(people.SESSION_LASTS.total_seconds()),
    )


def drop_session(response: Response, settings: Settings) -> None:
    """Let the browser forget its session."""
    response.delete_cookie(
        cookie_name(settings), path="/", httponly=True, secure=is_secure(settings), samesite="lax"
    )


# ---------------------------------------------------------------- who


def signed_or_none(request: Request) -> Signed | None:
    """Give who asks, or None for a visitor. A wrong token or a session that is over is refused."""
    house = house_of(request)
    authorization = request.headers.get("authorization")
    if authorization is not None:
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise NotSignedIn("Only bearer tokens are taken here.", "Authorization: Bearer andon_…")
        return people.who_by_token(house, secret.strip())
    secret = request.cookies.get(cookie_name(house.settings), "")
    if not secret:
        return None
    return people.who_by_session(house, secret, by_hand=is_by_hand(request))


def is_by_hand(request: Request) -> bool:
    """Say whether a person did something; a page that keeps itself fresh prolongs no session."""
    return "x-fragment" not in request.headers and not request.scope["path"].endswith("/stream")


def signed(request: Request) -> Signed:
    """Give who asks. Raises NotSignedIn; NotAllowed for a change another site asked for."""
    who = signed_or_none(request)
    if who is None:
        raise NotSignedIn(
            "You are not signed in.", "Sign in with POST /api/sessions, or send a bearer token."
        )
    if who.session and request.method not in SAFE:
        require_own_origin(request, who)
    return who


def acting(request: Request) -> Signed:
    """Give who acts: the person, or a scribe on behalf of a principal."""
    who = signed(request)
    principal = request.headers.get(BEHALF_HEADER)
    if principal is None:
        return who
    return people.on_behalf_of(house_of(request), who, principal)


TheHouse = Annotated[House, Depends(the_house)]
Reader = Annotated[Signed, Depends(signed)]
ActingPerson = Annotated[Signed, Depends(acting)]


# ---------------------------------------------------------------- that they mean it


def require_own_origin(request: Request, who: Signed | None) -> None:
    """Refuse what another site's page made a browser send. Raises NotAllowed.

    A browser says where the page stands; a client that says nothing is no browser of today, and
    shows the session's own token instead.
    """
    origin = request.headers.get("origin")
    if origin is not None:
        is_own = origin in own_origins(request)
    else:
        is_own = request.headers.get("sec-fetch-site") in ("same-origin", "none")
        token = request.headers.get(CSRF_HEADER, "")
        is_own = is_own or (who is not None and is_token_of(who, token))
    if not is_own:
        raise forged()


def own_origins(request: Request) -> frozenset[str]:
    """List the addresses of our own pages."""
    settings = house_of(request).settings
    if settings.public_url:
        return frozenset({settings.public_url})
    host = request.headers.get("host", "")
    return frozenset({f"http://{host}", f"https://{host}"})


def is_token_of(who: Signed, token: str) -> bool:
    """Say whether a form's token is the session's."""
    return bool(who.csrf) and hmac.compare_digest(token.encode(), who.csrf.encode())


def forged() -> NotAllowed:
    """Make the refusal of a request that did not come from our own pages."""
    return NotAllowed(
        "This request did not come from a page of this console.",
        "Load the page again and press once more; what you typed is kept.",
        code="forged",
    )


def address_of(request: Request) -> str:
    """Say where a request came from, for counting guesses."""
    return request.client.host if request.client else "unknown"
