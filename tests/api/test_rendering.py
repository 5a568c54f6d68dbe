"""Languages, the object `page`, and forms that come from our own pages."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import Request
from jinja2 import UndefinedError
from starlette.responses import Response

from activities.words import translations
from api.rendering import (
    LANGUAGES,
    TEMPLATES,
    compile_ahead,
    environment,
    keep_visitor,
    language_of,
    page_of,
    render,
    require_form,
    with_turns_shown,
)
from domain.errors import NotAllowed
from domain.people import Actor, Role
from services.people import Signed
from services.settings import Settings

WHO = Signed(
    id="an.qi",
    name_en="An Qi",
    name_zh="安琪",
    language="zh",
    actor=Actor(id="an.qi", roles=(Role.SERVICE_AGENT,)),
    csrf="token of the session",
)


def request(headers: Mapping[str, str] | None = None, path: str = "/", query: str = "") -> Request:
    """Give a request as the server hands it over."""
    house = SimpleNamespace(settings=Settings())
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in (headers or {}).items()],
        "app": SimpleNamespace(state=SimpleNamespace(house=house)),
    }
    return Request(scope)


ASKED = {
    "nothing": ({}, "en"),
    "Chinese": ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "zh_CN"),
    "Traditional Chinese": ({"Accept-Language": "zh-TW"}, "zh_CN"),
    "English before Chinese": ({"Accept-Language": "zh;q=0.3, en-GB;q=0.7"}, "en"),
    "French, then Chinese": ({"Accept-Language": "fr, zh;q=0.5"}, "zh_CN"),
    "Chinese refused": ({"Accept-Language": "zh;q=0, de"}, "en"),
    "nonsense": ({"Accept-Language": ";;q=x,,zh;q=nan,\xff"}, "en"),
    "chosen": ({"Accept-Language": "en", "Cookie": "andon_language=zh_CN"}, "zh_CN"),
    "chosen wrongly": ({"Cookie": "andon_language=../../etc"}, "en"),
}


@pytest.mark.parametrize(("headers", "language"), ASKED.values(), ids=ASKED.keys())
def test_the_readers_language(headers: dict[str, str], language: str) -> None:
    assert language_of(request(headers)) == language


def test_words_come_from_the_catalogue() -> None:
    assert translations("zh_CN").ugettext("Board") == "总览"
    assert translations("en").ugettext("Board") == "Board"


def test_what_is_not_there_is_an_error_and_what_is_there_is_escaped() -> None:
    made = environment("en")
    assert made.from_string("{{ x }}").render(x="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        made.from_string("{{ nowhere.to_be_found }}").render()


@pytest.mark.parametrize(("language", "word"), [("en", "Skip to the page"), ("zh_CN", "跳到正文")])
def test_the_frame_renders_for_people_and_visitors(language: str, word: str) -> None:
    asked = request({"Cookie": f"andon_language={language}"}, "/outbox", "page=2")
    visitor = render("console/base.html", page_of(asked, None))
    person = render("console/base.html", page_of(asked, WHO, roles="service agent"))
    assert word in bytes(visitor.body).decode()
    assert "/outbox?page=2" in bytes(visitor.body).decode()
    assert ("安琪" if language == "zh_CN" else "An Qi") in bytes(person.body).decode()
    assert "token of the session" in bytes(person.body).decode()


def test_a_visitors_form_comes_back_with_the_browsers_token() -> None:
    asked, response = request(), Response()
    token = page_of(asked, None).csrf
    keep_visitor(asked, response)
    cookie = response.headers["set-cookie"].partition(";")[0]
    assert token in cookie
    require_form(request({"Cookie": cookie}), None, token)


@pytest.mark.parametrize(
    ("headers", "who", "token"),
    [
        ({}, None, ""),
        ({}, None, "made up"),
        ({"Cookie": "andon_visitor_8000=real"}, None, "made up"),
        ({}, WHO, "made up"),
        ({"Cookie": "andon_visitor_8000=real"}, WHO, "real"),
        ({"Origin": "https://evil.example.com"}, WHO, WHO.csrf),
    ],
    ids=["nothing", "no cookie", "another token", "person", "a visitor's token", "another site"],
)
def test_a_form_from_elsewhere_is_refused(
    headers: dict[str, str], who: Signed | None, token: str
) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require_form(request(headers), who, token)
    assert refusal.value.code == "forged"


def test_a_persons_form_carries_the_sessions_token() -> None:
    require_form(request({"Origin": "http://here", "Host": "here"}), WHO, WHO.csrf)


@pytest.mark.parametrize(
    ("ticked", "open_ones", "summary"),
    [
        pytest.param([], 8, "32 more to choose from<", id="none ticked"),
        pytest.param(["p38", "p39"], 8, "32 more to choose from<", id="the last two"),
        pytest.param([f"p{n}" for n in range(12)], 12, "28 more to choose from<", id="a dozen"),
        pytest.param(
            [f"p{n}" for n in range(20)],
            8,
            "32 more to choose from · 12 of them ticked<",
            id="more than fit",
        ),
    ],
)
def test_of_many_check_boxes_the_ticked_stand_open_and_the_rest_is_folded(
    ticked: list[str], open_ones: int, summary: str
) -> None:
    field = {
        "kind": "checkboxes",
        "name": "attendees",
        "label": "Who was there?",
        "value": ticked,
        "choices": [{"value": f"p{n}", "label": f"Person {n}"} for n in range(40)],
    }
    asked = "{% import 'console/components.html' as ui %}{{ ui.field(f) }}"
    html = environment("en").from_string(asked).render(f=field)
    shown, _, folded = html.partition("<details")
    assert summary in folded
    assert not folded.startswith(" open")
    assert shown.count('type="checkbox"') == open_ones
    assert shown.count(" checked") == min(len(ticked), open_ones)
    assert html.count(" checked") == len(ticked)


TURNED = "report\u202efdp.exe"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"<p>{TURNED}</p>", "<p>report[U+202E]fdp.exe</p>"),
        (f'<a title="{TURNED}">x</a>', '<a title="report[U+202E]fdp.exe">x</a>'),
        (f'<input name="a" value="{TURNED}">', f'<input name="a" value="{TURNED}">'),
        (f"<textarea>\n{TURNED}</textarea>", f"<textarea>\n{TURNED}</textarea>"),
    ],
    ids=["words", "a title", "a field", "a long field"],
)
def test_what_turns_the_reading_direction_is_seen_except_in_fields(
    written: str, shown: str
) -> None:
    assert with_turns_shown(written) == shown


def test_no_reader_waits_for_a_page_to_be_compiled() -> None:
    async def counted() -> int:
        ahead, between = asyncio.create_task(compile_ahead()), 0
        while not ahead.done():
            between += 1
            await asyncio.sleep(0)
        await ahead
        return between

    between = asyncio.run(counted())
    pages = {str(one.relative_to(TEMPLATES)) for one in TEMPLATES.rglob("*.html")}
    for language in LANGUAGES:
        kept = environment(language).cache or {}
        assert pages == {name for _loader, name in kept if name.endswith(".html")}
    assert between >= len(pages) * len(LANGUAGES), "requests are answered in between"
