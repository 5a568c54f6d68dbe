"""The people of a play: signed in when first asked for, each at a device of their own.

What belongs here: devices, languages, signing in. What never does: what they do.
"""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, BrowserContext

from tests.browser.installation import Installation
from tests.browser.person import Person

DESKTOP = (1280, 900)
PHONE = (360, 760)
LOCALES = {"en": "en-GB", "zh": "zh-CN"}
PATIENCE_MS = 30_000
"""Three browsers and their servers share the two processors of a small machine."""


@dataclass(frozen=True)
class Device:
    """What somebody holds: its size, language, colours, and whether it runs scripts."""

    size: tuple[int, int] = DESKTOP
    language: str = "en"
    dark: bool = False
    script: bool = True


@dataclass
class People:
    """Whoever takes part in a play."""

    installation: Installation
    browser: Browser
    device: Device = field(default_factory=Device)
    incident: str = ""
    _known: dict[str, Person] = field(default_factory=dict)
    _at_work: Person | None = None
    _contexts: list[BrowserContext] = field(default_factory=list)

    def __call__(self, name: str) -> Person:
        """Give a person, signed in by the page when first asked for; the last one looks away."""
        if self._at_work and self._at_work.name != name:
            self._at_work.looks_away()
        if name not in self._known:
            self._known[name] = self._signed_in(name)
        self._at_work = self._known[name]
        self._at_work.incident = self.incident
        return self._at_work

    def _signed_in(self, name: str) -> Person:
        person = Person(name, self.context().new_page(), language=self.device.language)
        person.opens("/sign-in")
        chinese = self.device.language == "zh"
        labels = ("登录名", "密码", "登录") if chinese else ("Sign-in name", "Password", "Sign in")
        person.answers({labels[0]: name, labels[1]: self.installation.passwords[name]})
        person.presses(labels[2])
        person.page.wait_for_url("**/")
        return person

    def context(self) -> BrowserContext:
        """Open a browser profile of its own on the play's device."""
        device = self.device
        context = self.browser.new_context(
            base_url=self.installation.url,
            viewport={"width": device.size[0], "height": device.size[1]},
            locale=LOCALES[device.language],
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if device.dark else "light",
            java_script_enabled=device.script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        return context

    def __enter__(self) -> Self:
        """Begin with nobody."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Close what anybody had open."""
        for context in self._contexts:
            context.close()
