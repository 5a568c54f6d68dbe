"""Take the pictures of docs/screenshots from a play in the real browser: `make screenshots`.

What belongs here: which page is shown at which moment of the play, on which device, in which
language and light. What never does: the play itself (play.py). The people and everything they type
are invented; the console runs as `make up` starts it.
"""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from services.previews import PREVIEWS
from tests.browser.installation import ROOT, Installation, browsing, installed
from tests.browser.people import DESKTOP, PHONE, Device, People
from tests.browser.person import in_days
from tests.browser.play import Play
from tests.browser.public_pictures import lot_check

PLACE = ROOT / "docs" / "screenshots"
SHARING = "Share it before publication"
SIZES = {"desktop": DESKTOP, "phone": PHONE}
EVERY_WAY = tuple(product(SIZES, ("light", "dark"), ("en", "zh")))
ONE_OF_EACH = (("desktop", "light", "en"), ("phone", "light", "zh"))


@dataclass(frozen=True)
class Picture:
    """A page as one person sees it; `{}` in its address stands for the incident."""

    name: str
    person: str
    address: str
    ways: tuple[tuple[str, str, str], ...] = ONE_OF_EACH
    whole: bool = False
    """Whether the page is shown to its end, or as much of it as the device shows."""
    follow: str = ""
    """What is opened from there."""


BEFORE = (Picture("report", "an.qi", "/report", EVERY_WAY),)
FIRST_HOUR = (
    Picture("incident", "gao.yuan", "{}", EVERY_WAY),
    Picture("board", "gao.yuan", "/"),
    Picture("halt", "cheng.bo", "{}/halt"),
    Picture("shop", "cheng.bo", "/demo-shop"),
)
HALF_WAY = (
    Picture("investigation", "qiu.ning", "{}/investigation"),
    Picture("recall", "gao.yuan", "{}/recall", whole=True),
    Picture("public-recall", "gao.yuan", "/recalls", follow="main li a"),
    Picture("statement", "su.ran", "{}/statement/texts/S1"),
    Picture("notice", "bai.lu", "{}/notice"),
    Picture("duties", "bai.lu", "/duties"),
    Picture("duties-month", "bai.lu", "/duties?view=month"),
    Picture("duty", "bai.lu", "{}/notice/D1", whole=True),
    Picture("packet", "bai.lu", "{}/notice/D1/packet"),
    Picture("what-if", "bai.lu", "{}/notice/what-if"),
    Picture("outbox", "su.ran", "/outbox"),
)
EMBARGOED = (Picture("preview", "gao.yuan", "{}"),)
AT_THE_END = (
    Picture("review", "gao.yuan", "{}/review"),
    Picture("audit", "xu.lan", "{}/audit"),
    Picture("replay", "xu.lan", "{}/at/60"),
)


DEVICES = {way: Device(SIZES[way[0]], way[2], dark=way[1] == "dark") for way in EVERY_WAY}


class Camera:
    """Whoever looks on: the same people, signed in once on every device they are pictured with."""

    def __init__(self, stack: ExitStack, installation: Installation, browser: Browser) -> None:
        self._onlookers = {
            way: stack.enter_context(People(installation, browser, DEVICES[way]))
            for way in EVERY_WAY
        }

    def take(self, incident: str, pictures: tuple[Picture, ...]) -> None:
        """Take pictures of this moment."""
        for picture in pictures:
            for way in picture.ways:
                page = self._onlookers[way](picture.person).page
                page.goto(picture.address.format(incident))
                if picture.follow:
                    page.locator(picture.follow).first.click()
                page.screenshot(
                    path=PLACE / f"{picture.name}-{'-'.join(way)}.png", full_page=picture.whole
                )


@dataclass
class Pictured(Play):
    """The play, with a text that a newsroom reads under embargo before it is published."""

    camera: Camera

    def is_published(self) -> None:
        """Share the approved text first, and take the picture of what the newsroom reads."""
        lead = self.people("su.ran")
        lead.opens_the_incident("Statement")
        lead.follows("S1")
        lead.opens_part("Everything that can be done with it")
        lead.follows(SHARING)
        until = f"{in_days(2)}T18:00"
        lead.fills_in(SHARING, {"To whom": "An invented newsroom", "Embargo until": until})
        lead.opens_the_incident("Statement")
        lead.follows("S1")
        link = lead.page.locator(f"a[href^='{PREVIEWS}']").first.get_attribute("href")
        self.camera.take(link or "", EMBARGOED)
        super().is_published()


def played(installation: Installation, browser: Browser, paper: Path) -> None:
    """Play an incident from the report to the seal, and take the pictures on the way."""
    with ExitStack() as stack:
        camera = Camera(stack, installation, browser)
        people = stack.enter_context(People(installation, browser))
        play = Pictured(people, paper, camera)
        camera.take("", BEFORE)
        play.is_reported()
        play.is_accepted()
        play.is_registered()
        camera.take(people.incident, FIRST_HOUR)
        play.is_half_played()
        camera.take(people.incident, HALF_WAY)
        play.is_ended()
        camera.take(people.incident, AT_THE_END)


def main() -> None:
    """Take them all, anew."""
    PLACE.mkdir(parents=True, exist_ok=True)
    for old in PLACE.glob("*.png"):
        old.unlink()
    with TemporaryDirectory() as home, installed(Path(home) / "home") as running:
        paper = Path(home) / "paper.txt"
        paper.write_text("A letter, invented for a picture.", encoding="utf-8")
        with browsing() as browser:
            played(running, browser, paper)
            lot_check(browser, PLACE, {"-".join(way): DEVICES[way] for way in ONE_OF_EACH})
    sys.stdout.write(f"{len(list(PLACE.glob('*.png')))} pictures in {PLACE.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
