"""A fresh installation as `make up` starts it, in a home of its own, and a browser beside it.

What belongs here: starting and stopping both. What never does: what people do with them.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.api.serving import free_port

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
"""The same engine; the first draws no window for nobody, which is a quarter less work."""
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), "")
MISSING = "Chromium is not on this machine (apt-get install chromium fonts-noto-cjk)"
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
).split()
SIGN_IN_FILE = "demo-people.txt"


@dataclass(frozen=True)
class Installation:
    """Where the console is, and the passwords of the demo people."""

    url: str
    passwords: dict[str, str]


@contextmanager
def installed(home: Path) -> Iterator[Installation]:
    """Start everything in an empty home, wait until it says that it is up, and stop it."""
    port = free_port()
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ANDON_", "TEMPORAL_"))}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("andon"), "up", "--port", str(port)],
        cwd=ROOT,
        env=clean | {"ANDON_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C stops everything" in line:
                break
        else:
            raise AssertionError("".join(said))
        rows = (home / SIGN_IN_FILE).read_text(encoding="utf-8").splitlines()[1:]
        yield Installation(
            url=f"http://127.0.0.1:{port}",
            passwords={row.split()[0]: row.split()[1] for row in rows if row.strip()},
        )
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start the Debian browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
