"""The picture of the public lot check: an exported notice, handed out as files to anyone.

What belongs here: a recall notice made of the templates with their examples. What never does: a page
of the console; the play publishes no recall notice (play.py).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from playwright.sync_api import Browser

from api.pages.public_addresses import FILES
from api.pages.public_export import LIST, exported
from domain.statement_text import Rendition
from domain.values import PublicText
from integrations.key_ring import KeyRing
from services.company import prepare
from services.files_swapped import swap_in
from services.opening import open_stores
from services.settings import Settings
from tests.activities.test_templates import rendered_with
from tests.api.test_public import published_in
from tests.browser.people import Device

TYPED = {"en": "lot a2602", "zh": "批号 A26O2"}
"""What is typed: a number of the list, and one that only looks like it."""


class Quiet(SimpleHTTPRequestHandler):
    """Hands out files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def handed_out() -> Iterator[tuple[str, str]]:
    """Export a notice in two languages; give the address of the files, and its name."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        settings = Settings(home=root / "home")
        settings.home.mkdir()
        KeyRing.create(settings.key_ring_file)
        prepare(settings)
        house = open_stores(settings)
        texts = tuple(
            Rendition(language=each, title=PublicText(made.title), body=PublicText(made.body))
            for each in ("en", "zh-CN")
            for made in [rendered_with("recall_notice", "", each)]
        )
        name = published_in(house.engine, "picture", texts=texts)
        swap_in(root / "recalls", exported(house), LIST)
        house.engine.dispose()
        house.bulk.dispose()
        files = partial(Quiet, directory=folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), files)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", name
        server.shutdown()
        server.server_close()


def lot_check(browser: Browser, place: Path, ways: dict[str, Device]) -> None:
    """Take the picture on each of the devices, by the end of its name."""
    with handed_out() as (address, name):
        for way, device in ways.items():
            language = "zh-CN" if device.language == "zh" else "en"
            with browser.new_context() as context:
                page = context.new_page()
                page.set_viewport_size({"width": device.size[0], "height": device.size[1]})
                page.goto(address + FILES.notice(name, language))
                page.locator("[name=lot]").fill(TYPED[device.language])
                page.locator(".check button").click()
                page.locator("[role=status]").filter(visible=True).wait_for()
                page.screenshot(path=place / f"public-lot-check-{way}.png")
