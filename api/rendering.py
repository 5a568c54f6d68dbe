"""Pages in the reader's language: one Jinja environment per language, and the object `page`.

What belongs here: how any page is rendered. What never does: what a page shows (api/pages/), or a
text. The catalogues are read from their .po files at start, so that no compiled copy can be old.
"""

import asyncio
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket, BytecodeCache
from starlette.responses import HTMLResponse, Response

from activities.signs import TURNING, numbered
from activities.words import translations
from api.access import forged, is_secure, is_token_of, require_own_origin, settings_of
from domain.in_words import without_brackets
from services.people import Signed
from services.settings import Settings

ROOT: Final = Path(__file__).resolve().parent.parent
TEMPLATES: Final = ROOT / "templates"
LANGUAGES: Final = ("en", "zh_CN")
LANGUAGE_COOKIE: Final = "andon_language"
LANGUAGE_LASTS_S: Final = 365 * 24 * 3600
VISITOR_BYTES: Final = 24


# ---------------------------------------------------------------- languages


def wanted_languages(request: Request) -> list[str]:
    """List the languages that a reader asks for, the dearest first: chosen, then the browser's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    wanted = request.headers.get("accept-language", "")[:200]
    ranked = sorted(_asked(wanted), key=lambda each: -each[0])
    first = [chosen.replace("_", "-").lower()] if chosen in LANGUAGES else []
    return [*first, *(tag for _, tag in ranked)]


def language_of(request: Request) -> str:
    """Choose the reader's language: what they chose, else what the browser asks for."""
    for tag in wanted_languages(request):
        if tag.startswith(("zh", "en")):
            return written_in(tag)
    return "en"


def written_in(tag: str) -> str:
    """Give the language of LANGUAGES that a tag means: zh, zh-CN and zh_CN are one."""
    return "zh_CN" if tag.startswith("zh") else "en"


def _asked(header: str) -> list[tuple[float, str]]:
    """Read Accept-Language (RFC 9110, 12.5.4); what cannot be read counts for nothing."""
    asked = []
    for part in header.split(","):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            quality = 0.0
        if 0 < quality <= 1:
            asked.append((quality, tag.strip().lower()))
    return asked


def keep_language(response: Response, settings: Settings, language: str) -> None:
    """Let the browser remember a language; an unknown one is not kept."""
    if language in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=LANGUAGE_LASTS_S,
            httponly=True,
            samesite="lax",
            secure=is_secure(settings),
        )


# ---------------------------------------------------------------- the environment


_TURNS: Final = re.compile(f"[{''.join(sorted(TURNING))}]")
_TYPED_IN: Final = re.compile(r"(<textarea\b.*?</textarea>|\bvalue=\"[^\"]*\")", re.DOTALL)
"""What a form gives back as it is; quotes and angle brackets inside are always escaped."""


def with_turns_shown(html: str) -> str:
    """Write what turns the reading direction by its number: whoever signs sees what is there.

    What stands in the fields of a form stays as it was typed, or it would be sent as other words.
    """
    if not _TURNS.search(html):
        return html
    parts = _TYPED_IN.split(html)
    return "".join(part if n % 2 else numbered(part) for n, part in enumerate(parts))


class _Template(Template):
    """A page of the console shows every sign of a typed text; a public text stays as approved."""

    def render(self, *args: Any, **values: Any) -> str:
        html = super().render(*args, **values)
        return with_turns_shown(html) if str(self.name).startswith("console/") else html


class _Compiled(BytecodeCache):
    """Templates as compiled, once for all languages: a page asks for its words as it is drawn."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what another language compiled already, if it is of the same text."""
        if kept := self._known.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._known[bucket.key] = bucket.bytecode_to_string()


_COMPILED: Final = _Compiled()


@cache
def environment(language: str) -> Environment:
    """Give the environment of a language: escaping, strict, its words as new-style gettext."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=False,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=_COMPILED,
    )
    made.template_class = _Template
    made.policies["ext.i18n.trimmed"] = True
    made.filters["unbracketed"] = without_brackets
    made.globals["gap"] = "" if language == "zh_CN" else " "
    words = translations(language)
    install: Callable[..., None] = made.install_gettext_callables  # type: ignore[attr-defined]
    install(words.ugettext, words.ungettext, newstyle=True)
    return made


async def compile_ahead() -> None:
    """Compile every page in every language, one between two requests.

    All together take more than a second: without this the first reader waits for it.
    """
    for language in LANGUAGES:
        made = environment(language)
        for name in made.list_templates(extensions=["html"]):
            made.get_template(name)
            await asyncio.sleep(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePerson:
    """Who is signed in, in the reader's words."""

    id: str
    name: str
    roles: str
    from_outside: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the frame of every page needs (templates/console/base.html)."""

    language: str
    path: str
    person: PagePerson | None
    csrf: str
    drill: str | None = None
    zone: str = ""
    served: str = ""
    """When the answer was made, for a device whose clock is wrong."""


def page_of(
    request: Request,
    who: Signed | None,
    *,
    roles: str = "",
    drill: str | None = None,
    zone: str = "",
) -> Page:
    """Make the object `page`; `roles` is the person's roles as text in the reader's language."""
    language = language_of(request)
    person = None
    if who is not None:
        name = who.name_zh if language == "zh_CN" else who.name_en
        person = PagePerson(
            id=who.id,
            name=name or who.id,
            roles=roles,
            from_outside=who.actor.is_from_outside,
        )
    query = request.scope.get("query_string", b"").decode("latin-1")
    path = request.scope["path"] + (f"?{query}" if query else "")
    return Page(
        served=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        language=language,
        path=path,
        person=person,
        csrf=csrf_of(request, who),
        drill=drill,
        zone=zone,
    )


def render(template: str, page: Page, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Render a template of `templates/` with `page` and what it shows."""
    text = environment(page.language).get_template(template).render(page=page, **values)
    return HTMLResponse(text, status)


# ---------------------------------------------------------------- forms of visitors and people


def visitor_cookie(settings: Settings) -> str:
    """Name the cookie that stands for a browser before anybody signed in."""
    return "__Host-andon-visitor" if is_secure(settings) else f"andon_visitor_{settings.port}"


def csrf_of(request: Request, who: Signed | None) -> str:
    """Give the token for the forms of a page: the session's, or one for this browser.

    A new visitor's token stands in `request.state.visitor` until `keep_visitor` sets the cookie.
    """
    if who is not None and who.csrf:
        return who.csrf
    known = request.cookies.get(visitor_cookie(settings_of(request)), "")
    if not known:
        known = getattr(request.state, "visitor", "") or secrets.token_urlsafe(VISITOR_BYTES)
        request.state.visitor = known
    return known


def keep_visitor(request: Request, response: Response) -> None:
    """Set the visitor's cookie when this request made one; a page with a form calls it last."""
    made = getattr(request.state, "visitor", "")
    if made:
        settings = settings_of(request)
        response.set_cookie(
            visitor_cookie(settings),
            made,
            httponly=True,
            samesite="lax",
            secure=is_secure(settings),
            path="/",
        )


def require_form(request: Request, who: Signed | None, token: str) -> None:
    """Refuse a form that did not come from our own page. Raises NotAllowed (`forged`).

    The token must be the session's, or this browser's; where the browser says which site the page
    stood on, that must be ours too.
    """
    if request.headers.get("origin") is not None:
        require_own_origin(request, who)
    known = request.cookies.get(visitor_cookie(settings_of(request)), "")
    if who is not None and who.csrf:
        is_ours = is_token_of(who, token)
    else:
        is_ours = bool(known) and hmac.compare_digest(token.encode(), known.encode())
    if not is_ours:
        raise forged()
