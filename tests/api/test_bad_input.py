"""One table of bad input: over JSON, by the plain form in both languages, and at the terminal.

Each row says what is sent and what must be answered: the status or exit code, the problem's code,
and the words that say what was wrong and what to do. Whatever the edge, everything that is kept is
the same before and after, on SQLite and on PostgreSQL, and what was typed is in the page that
answers. A refusal by the plan is itself an entry: then that entry is all that came.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx2
import pytest
from typer.testing import CliRunner, Result

from api.routes.acts import path_of
from api.typed import raw_of
from cli.main import app
from domain.message import COMMANDS, CommandSpec
from tests import figures
from tests.api.browsing import Browser, Seen, browser, read_page
from tests.api.markup import faults_of
from tests.api.nonsense import sent_form
from tests.api.serving import Served, serving
from tests.api.test_incidents import problem, reported
from tests.database import BACKENDS, new_database

pytestmark = [pytest.mark.slow]
if not figures.FULL:  # at full counts every processor takes part, each with an installation
    pytestmark.append(pytest.mark.xdist_group("hostile"))

REPORT: Final = "report_problem"
MEGABYTES: Final = "x" * 10_000_000


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A row: what is sent, and what is answered.

    `sent` replaces fields of a sound body; `odd` is what its mark `@@` becomes on the way, for
    what no text can hold. `says` stands in the answer of programs and terminal, `zh` in Chinese.
    """

    act: str = "accept_report"
    by: str = "gao.yuan"
    sent: dict[str, Any] = field(default_factory=dict)
    left_out: str = ""
    odd: bytes = b""
    incident: str = ""
    key_used: bool = False
    status: int = 422
    code: str = "malformed"
    form_status: int = 0
    exit: int = 2
    says: tuple[str, ...]
    terminal: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    zh: tuple[str, ...]

    @property
    def spec(self) -> CommandSpec:
        """The command that is sent."""
        return COMMANDS[self.act]

    @property
    def body(self) -> dict[str, Any]:
        """The sound body with what is bad in it."""
        whole = {**SOUND[self.act], **self.sent}
        return {name: value for name, value in whole.items() if name != self.left_out}

    @property
    def typed(self) -> dict[str, list[str]]:
        """The same as somebody types it into the form."""
        typed = typed_of(self.spec, SOUND[self.act])
        for name, value in self.sent.items():
            rows = isinstance(value, list) and value and isinstance(value[0], dict)
            told = value if isinstance(value, list) else [value]
            typed.update(typed_of(self.spec, {name: value}) if rows else {name: told})
        return {name: texts for name, texts in typed.items() if name != self.left_out}

    @property
    def json(self) -> bytes:
        """The body as a program sends it; half a character is written as an escape."""
        return json.dumps(self.body).encode().replace(b"@@", self.odd or b"@@")


SOUND: Final[dict[str, dict[str, Any]]] = {
    REPORT: problem(words="My cheeks burned for an hour.", first_known_by="Wang at the till"),
    "accept_report": {"reason": "Two calls within the hour."},
    "add_report": {
        "first_known_at": "2026-11-20T01:00:00Z", "first_known_country": "CN",
        "words": "The same rash, told by phone.",
    },
    "close_incident": {"summary": "Everything is done.", "reason_for_open_items": "None is open."},
    "set_scope": {
        "products": ["dew-cream"], "lots": [], "markets": ["CN"], "reason": "One batch tank.",
    },
}  # fmt: skip

CANNOT_BE_STORED = "holds a character that cannot be stored (NUL, control or half a pair)."
CORRECT = "Correct"
KEPT = "Nothing you typed is lost."
KEPT_ZH = "您填写的内容都已保留。"
TABLE: Final[dict[str, Bad]] = {
    "unknown product": Bad(
        act=REPORT, by="an.qi", sent={"products": ["dew-cream", "mousse"]},
        says=("There is no product “mousse” in the company's lists.", CORRECT),
        form=("There is no product “mousse” in the company's lists.", KEPT),
        zh=("公司名录中没有产品“mousse”。", KEPT_ZH),
    ),
    "lot that does not exist": Bad(
        act=REPORT, by="an.qi", sent={"lots": ["DC2603A", "L0"]},
        says=("There is no lot “L0” in the company's lists.", CORRECT),
        form=("There is no lot “L0” in the company's lists.", KEPT),
        zh=("公司名录中没有批次“L0”。", KEPT_ZH),
    ),
    "empty lots": Bad(
        act="set_scope", by="gao.yuan", status=409, code="no_lots", exit=1,
        says=("No lot is named.", "Name the lots, or say that every lot counts."),
        zh=("没有写明批次。", "请写明批次，或选择所有批次都计入。"),
    ),
    "ten megabytes": Bad(
        sent={"reason": MEGABYTES}, status=413, code="too_large",
        says=("1 MB", "Send less"),
        terminal=("One act holds at most 256 KB", "Attach long texts and pictures as files."),
        form=("One act holds at most 256 KB", "Attach long texts and pictures as files."),
        zh=("一次操作的文字最多 256 KB", "请作为文件附上"),
    ),
    "a date at the end of time": Bad(
        act="add_report", sent={"first_known_at": "9999-12-30T00:00:00Z"},
        says=("This date cannot be right: years from 1950 to 2149 are taken.", CORRECT),
        form=("This date cannot be right: years from 1950 to 2149 are taken.",),
        zh=("此日期有误：年份须在 1950 至 2149 之间。",),
    ),
    "too long for its field": Bad(
        sent={"reason": "y" * 20_001},
        says=("This text has 20001 characters; at most 20000 fit. Attach it as a file.", CORRECT),
        form=("This text has 20001 characters; at most 20000 fit. Attach it as a file.",),
        zh=("此文本有 20001 个字符，最多 20000 个。请作为文件附上。",),
    ),
    "invalid UTF-8": Bad(
        sent={"reason": "caf@@ and more"}, odd=b"\xe9", code="not_utf8",
        says=("not UTF-8", "send it again"),
        terminal=("is not UTF-8.", "Save it as UTF-8."),
        form=("it is not UTF-8. Type it again.",), zh=("不是 UTF-8 编码。请重新填写。",),
    ),
    "NUL": Bad(
        sent={"reason": "before\0after"}, says=(CANNOT_BE_STORED, CORRECT),
        form=(CANNOT_BE_STORED, KEPT), zh=("含有无法保存的字符", KEPT_ZH),
    ),
    "NUL in private text": Bad(
        act="add_report", by="an.qi", sent={"words": "before\0after"},
        says=(CANNOT_BE_STORED, CORRECT), form=(CANNOT_BE_STORED, KEPT), zh=("含有无法保存的字符", KEPT_ZH),
    ),
    "half a pair": Bad(
        sent={"reason": "before\ud800after"}, odd=b"", says=(CANNOT_BE_STORED, CORRECT),
        form=("it is not UTF-8. Type it again.",), zh=("不是 UTF-8 编码。请重新填写。",),
    ),
    "no time at all": Bad(
        act="add_report", by="an.qi", sent={"first_known_at": "yesterday"},
        says=("A time with its zone is expected, such as 2026-11-22T14:00+08:00.", CORRECT),
        form=("A time with its zone is expected, such as 2026-11-22T14:00+08:00.", KEPT),
        zh=("2026-11-22T14:00+08:00", KEPT_ZH),
    ),
    "nothing where something is needed": Bad(
        act="close_incident", left_out="summary",
        says=("What happened, and what was done?: this is needed.", CORRECT),
        form=("What happened, and what was done?: this is needed.", KEPT),
        zh=("“发生了什么，做了什么？”为必填项。", KEPT_ZH),
    ),
    "wrong role": Bad(
        act="set_scope", by="an.qi", sent={"lots": [{"lot": "DC2603A", "product": "dew-cream",
                                                     "because": "reported"}]},
        status=403, code="not_allowed", exit=1,
        says=("This act belongs to other roles.", "It can be done by: incident commander"),
        form=("This act belongs to other roles.", "Who can:", "Gao Yuan"),
        zh=("此事项由其他角色办理。", "可办理者：", "高远"),
    ),
    "unknown incident": Bad(
        incident="INC-2026-9999", status=404, code="not_found", exit=1,
        says=("There is no INC-2026-9999.", "Check the number."),
        form=("There is no INC-2026-9999.", "What you typed"), zh=("没有 INC-2026-9999。", "您填写的内容"),
    ),
    "out of order": Bad(
        act="close_incident", status=409, code="not_finished", exit=1,
        says=("The incident cannot close: the report is neither accepted nor closed.",
              "Finish these first."),
        zh=("事件还不能关闭：上报既未受理，也未关闭。", "请先完成这些。"),
    ),
    "same key, another body": Bad(
        act="add_report", by="an.qi", key_used=True, code="key_reused", form_status=409,
        sent={"words": "Another rash."},
        says=("This key was used before with another content.", "new Idempotency-Key"),
        form=("This form was sent before with other content", "press again"), zh=("再按",),
    ),
    "same report key, another body": Bad(
        act=REPORT, by="an.qi", key_used=True, code="key_reused", form_status=409,
        sent={"words": "Other words."},
        says=("with another content.", "Send a new id"),
        form=("This form was sent before with other content", "press again"), zh=("再按",),
    ),
}  # fmt: skip

rows = pytest.mark.parametrize("bad", TABLE.values(), ids=TABLE.keys())


# ---------------------------------------------------------------- where it happens


@dataclass
class Scene:
    """An installation with one mild incident that nothing happens to by itself."""

    served: Served
    incident: str
    folder: Path
    browsers: dict[tuple[str, str], Browser] = field(default_factory=dict)
    _keys: int = 0

    def browser(self, name: str, language: str) -> Browser:
        """Give somebody's browser, signed in by the page."""
        if (name, language) not in self.browsers:
            made = browser(self.served.url, language)
            made.sign_in(name, self.served.passwords[name])
            self.browsers[name, language] = made
        return self.browsers[name, language]

    def new_key(self) -> str:
        """Give a key that nobody used."""
        self._keys += 1
        return f"key-{self._keys}"

    def at_home(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Let the terminal work on this installation."""
        settings = self.served.settings
        monkeypatch.setenv("ANDON_HOME", str(settings.home))
        if settings.database_url is not None:
            monkeypatch.setenv("ANDON_DATABASE_URL", settings.database_url.get_secret_value())

    def place(self, bad: Bad) -> str:
        """Give the address of an act below `/api` or the console."""
        if bad.act == REPORT:
            return "/incidents"
        where = path_of(bad.spec).format(incident=bad.incident or self.incident)
        return where.removeprefix("/api")


@pytest.fixture(scope="module", params=BACKENDS)
def scene(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Scene]:
    """Give an installation on each kind of database."""
    home = tmp_path_factory.mktemp("bad-input")
    if request.param == "sqlite":
        with serving(home) as served:
            yield from _set(served, home)
        return
    with (
        new_database(request.getfixturevalue("postgres")) as url,
        serving(home, url.render_as_string(hide_password=False)) as served,
    ):
        yield from _set(served, home)


def _set(served: Served, home: Path) -> Iterator[Scene]:
    incident = reported(served.person("an.qi"))
    served.settled()
    scene = Scene(served, incident, home)
    yield scene
    for there in scene.browsers.values():
        there.client.close()


# ---------------------------------------------------------------- the edges


@rows
def test_over_json(bad: Bad, scene: Scene) -> None:
    client, key = scene.served.person(bad.by).client, scene.new_key()
    place = f"/api{scene.place(bad)}"

    def send(content: bytes) -> httpx2.Response:
        kind = {"Content-Type": "application/json", "Idempotency-Key": key}
        return client.post(place, content=content, headers=kind)

    if bad.key_used:
        assert send(json.dumps(SOUND[bad.act]).encode()).is_success
    answer = scene.served.held(lambda: send(bad.json))
    told = answer.json()
    assert (answer.status_code, told["code"]) == (bad.status, bad.code or told["code"]), told
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["detail"]
    assert told["hint"]
    fields = [one["detail"] for one in told.get("errors", ())]
    said = " ".join([told["detail"], told["hint"], *fields, *map(str, told.get("errors", ()))])
    assert all(words in said for words in bad.says), said


@pytest.mark.parametrize("language", ["en", "zh"])
@rows
def test_by_the_form(bad: Bad, language: str, scene: Scene) -> None:
    there, key = scene.browser(bad.by, language), scene.new_key()
    place = "/report" if bad.act == REPORT else scene.place(bad)
    csrf = there.open("/report").form("/report").values["csrf"]
    beside = {"csrf": csrf, "command_id": [key]}

    def press(typed: dict[str, list[str]]) -> Seen:
        content, kind = sent_form({**typed, **beside}, with_files=True, odd=bad.odd)
        sent = there.client.post(place, content=content, headers={"Content-Type": kind})
        return read_page(sent)

    if bad.key_used:
        assert press(typed_of(bad.spec, SOUND[bad.act])).status == 303
    page = scene.served.held(lambda: press(bad.typed))
    assert page.status == (bad.form_status or bad.status), page.text[:500]
    said = bad.zh if language == "zh" else bad.form or bad.says
    assert all(words in page.text for words in said), page.text[:3000]
    assert faults_of(page.html) == []
    _assert_kept(page, bad.typed)
    _assert_focused(page)


@rows
def test_at_the_terminal(bad: Bad, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    file = scene.folder / "body.json"
    scene.at_home(monkeypatch)
    act = ("report",) if bad.act == REPORT else ("act", bad.incident or scene.incident, bad.act)
    key = scene.new_key()

    def type_in(content: bytes) -> Result:
        file.write_bytes(content)
        named = (str(file),) if bad.act == REPORT else ("--body", str(file))
        return CliRunner().invoke(app, [*act, *named, "--as", bad.by, "--key", key])

    if bad.key_used:
        first = type_in(json.dumps(SOUND[bad.act]).encode())
        assert first.exit_code == 0, first.output
    told = scene.served.held(lambda: type_in(bad.json))
    assert told.exit_code == bad.exit, told.output
    assert told.stdout == ""
    assert all(words in told.stderr for words in bad.terminal or bad.says), told.stderr
    assert "Traceback" not in told.stderr


def test_bytes_that_are_no_text_in_a_word(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.at_home(monkeypatch)
    words = ["act", scene.incident, "accept_report", "reason=caf\udce9", "--as", "gao.yuan"]
    told = scene.served.unchanged_by(lambda: CliRunner().invoke(app, words))
    assert (told.exit_code, told.stdout) == (2, "")
    assert CANNOT_BE_STORED in told.stderr


# ---------------------------------------------------------------- what a form holds


def typed_of(spec: CommandSpec, body: dict[str, Any]) -> dict[str, list[str]]:
    """Give a body as somebody types it."""
    return raw_of(spec.type, body, ZoneInfo("Asia/Shanghai"))


def _assert_kept(page: Seen, typed: dict[str, list[str]]) -> None:
    """Insist that each value that was typed stands in the page, as far as it can be shown."""
    shown = {name: texts for form in page.forms for name, texts in form.values.items()}
    for name, texts in typed.items():
        for text in texts:
            alike = text.replace("@@", "\ufffd").encode("utf-8", "replace").decode()
            alike = alike.replace("?", "")  # half a pair cannot be shown
            found = shown.get(name) or [page.html]
            whole = "".join(found).replace("\ufffd\ufffd\ufffd", "").replace("&#39;", "'")
            assert alike in whole or alike in page.html, (name, text[:80], found[:3])


def _assert_focused(page: Seen) -> None:
    """Insist that the page begins with what is wrong, and that its links lead to the fields."""
    if page.status == 404:
        return
    assert "data-errors autofocus" in page.html
    for _, href in page.links:
        if href.startswith("#f-"):
            assert href[1:] in page.ids, href
