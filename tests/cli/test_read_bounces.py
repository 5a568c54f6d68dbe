"""`andon read-bounces` before it reaches anybody: what it needs, said in a sentence."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

LIST = """
[press_list]
host = "127.0.0.1"
tls = "none"
from = "press@qinglan.example"
name = "Press office"
[[press_list.newsrooms]]
id = "daily"
name = "Daily"
address = "desk@news.example"
languages = ["en"]
"""


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [("", "No mail goes out from here"), (LIST, "cannot be read")],
    ids=["no list", "no mail"],
)
def test_what_is_missing_is_said_before_anything_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: str, sentence: str
) -> None:
    file = tmp_path / "outlets.toml"
    file.write_text(listed)
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANDON_OUTLETS", str(file))
    told = CliRunner().invoke(app, ["read-bounces", str(tmp_path / "nowhere")])
    assert (told.exit_code, sentence in told.stderr) == (2, True)
    assert "desk@" not in told.stderr
