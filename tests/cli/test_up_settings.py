"""Settings: what stands in the environment becomes one value or one plain sentence."""

import os
from pathlib import Path

import pytest

from cli.up import api_child
from domain.errors import BrokenSetup
from integrations.key_ring import SHORTEST_SECRET
from services.settings import (
    SECRET_MIN,
    Settings,
    load_settings,
    proxy_arguments,
    settings_table,
    unknown_settings,
    variable_of,
)

ROOT = Path(__file__).resolve().parents[2]
SETTINGS_PAGE = ROOT / "docs" / "reference" / "settings.md"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start each test without any setting, in a directory of its own."""
    for name in os.environ:
        if name.startswith(("ANDON_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.home == tmp_path / ".andon"
    assert settings.sqlalchemy_url == f"sqlite:///{tmp_path}/.andon/andon.db"
    assert settings.console_url == "http://127.0.0.1:8000"
    assert settings.is_embedded
    assert settings.demo_allowed


def test_every_file_lies_in_the_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANDON_HOME", "elsewhere")
    settings = load_settings()
    files = [
        settings.database_file,
        settings.blobs_dir,
        settings.key_ring_file,
        settings.temporal_database_file,
        settings.temporal_port_file,
        settings.lock_file,
        settings.run_state_file,
        settings.logs_dir,
    ]
    assert all(file.is_relative_to(tmp_path / "elsewhere") for file in files)
    assert len(set(files)) == len(files)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        pytest.param(
            "ANDON_PORT",
            "http",
            "ANDON_PORT is 'http', but must be a whole number from 1 to 65535.",
            id="port-not-a-number",
        ),
        pytest.param(
            "ANDON_PORT",
            "70000",
            "ANDON_PORT is '70000', but must be a whole number from 1 to 65535.",
            id="port-too-high",
        ),
        pytest.param(
            "ANDON_LOG_LEVEL",
            "loud",
            "ANDON_LOG_LEVEL is 'loud', but must be debug, info, warning or error.",
            id="log-level",
        ),
        pytest.param(
            "ANDON_PUBLIC_URL",
            "andon.example.com",
            "ANDON_PUBLIC_URL is 'andon.example.com', but must be an address such as "
            "https://andon.example.com, without a path.",
            id="public-url-without-scheme",
        ),
        pytest.param(
            "ANDON_PUBLIC_URL",
            "https://andon.example.com/console",
            "ANDON_PUBLIC_URL is 'https://andon.example.com/console', but must be an address such "
            "as https://andon.example.com, without a path.",
            id="public-url-with-path",
        ),
        pytest.param(
            "ANDON_DEMO", "maybe", "ANDON_DEMO is 'maybe', but must be true or false.", id="demo"
        ),
        pytest.param(
            "ANDON_SECRET_KEY",
            "hunter2",
            "ANDON_SECRET_KEY must be at least 32 characters long.",
            id="secret-is-not-repeated",
        ),
        pytest.param(
            "ANDON_DATABASE_URL",
            "mysql://root:hunter2@db/andon",
            "ANDON_DATABASE_URL must be an address such as postgresql://user:password@host/andon "
            "or sqlite:////file.",
            id="database-password-is-not-repeated",
        ),
        pytest.param(
            "TEMPORAL_CONFIG_FILE",
            "/no/such.toml",
            "TEMPORAL_CONFIG_FILE is /no/such.toml, but there is no such file.",
            id="temporal-file-missing",
        ),
        pytest.param(
            "TEMPORAL_API_KEY",
            "hunter2",
            "TEMPORAL_API_KEY is set, but not TEMPORAL_ADDRESS.",
            id="temporal-key-without-address",
        ),
    ],
)
def test_a_wrong_value_is_one_plain_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BrokenSetup) as refused:
        load_settings()
    assert refused.value.sentence == sentence
    assert "hunter2" not in str(refused.value)


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_PORT", "0")
    monkeypatch.setenv("ANDON_LOG_LEVEL", "loud")
    with pytest.raises(BrokenSetup) as refused:
        load_settings()
    assert {problem.path for problem in refused.value.fields} == {"port", "log_level"}


def test_a_home_under_a_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "note.txt").touch()
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "note.txt" / "andon"))
    with pytest.raises(BrokenSetup, match=r"note\.txt is not a directory"):
        load_settings()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_cannot_be_written_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    monkeypatch.setenv("ANDON_HOME", str(tmp_path / "locked" / "andon"))
    with pytest.raises(BrokenSetup, match="cannot be written"):
        load_settings()


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_PORT", "")
    monkeypatch.setenv("ANDON_DATABASE_URL", "")
    assert load_settings().port == 8000
    assert load_settings().demo_allowed


@pytest.mark.parametrize(
    ("told", "arguments", "believed"),
    [
        ("", ("--no-proxy-headers",), {"proxy_headers": False, "forwarded_allow_ips": ""}),
        (
            "10.0.0.5, 10.1.0.0/24",
            ("--proxy-headers", "--forwarded-allow-ips", "10.0.0.5,10.1.0.0/24"),
            {"proxy_headers": True, "forwarded_allow_ips": "10.0.0.5,10.1.0.0/24"},
        ),
    ],
)
def test_only_a_named_proxy_says_where_a_request_came_from(
    monkeypatch: pytest.MonkeyPatch,
    told: str,
    arguments: tuple[str, ...],
    believed: dict[str, object],
) -> None:
    monkeypatch.setenv("ANDON_TRUSTED_PROXY", told)
    settings = load_settings()
    assert api_child(settings).argv[-len(arguments) :] == arguments
    assert proxy_arguments(settings) == believed


def test_options_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_PORT", "8100")
    assert load_settings(port=8200, demo=False).port == 8200
    assert not load_settings(demo=False).demo_allowed


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("ANDON_HOST", "127.0.0.1", True),
        ("ANDON_HOST", "127.8.8.8", True),
        ("ANDON_HOST", "::1", True),
        ("ANDON_HOST", "localhost", True),
        ("ANDON_PORT", "9000", True),
        ("TEMPORAL_ADDRESS", "temporal.example.com:7233", True),
        ("ANDON_HOST", "0.0.0.0", False),  # noqa: S104 - must not count as loopback
        ("ANDON_HOST", "::", False),
        ("ANDON_HOST", "andon.example.com", False),
        ("ANDON_DATABASE_URL", "sqlite:////srv/andon.db", False),
        ("ANDON_PUBLIC_URL", "http://localhost:8000", False),
        ("ANDON_DEMO", "false", False),
    ],
)
def test_demo_people_exist_only_where_nobody_comes_in(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, allowed: bool
) -> None:
    monkeypatch.setenv(name, value)
    assert load_settings().demo_allowed is allowed


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+pg8000"])
def test_postgresql_is_reached_by_the_driver_we_ship(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("ANDON_DATABASE_URL", f"{scheme}://me:hunter2@db:5432/andon?a=b")
    settings = load_settings()
    assert settings.sqlalchemy_url == "postgresql+pg8000://me:hunter2@db:5432/andon?a=b"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),  # noqa: S104 - the address to listen on
        ("::", "http://[::1]:8000"),
        ("andon.local", "http://andon.local:8000"),
    ],
)
def test_the_console_is_reached_on_this_machine(host: str, url: str) -> None:
    assert Settings(host=host).local_url == url


def test_people_are_sent_to_the_public_address() -> None:
    assert Settings(public_url="https://andon.example.com/").console_url == (
        "https://andon.example.com"
    )


def test_the_secret_is_as_long_as_the_key_ring_demands() -> None:
    assert SECRET_MIN == SHORTEST_SECRET


# ---------------------------------------------------------------------- Temporal


def test_the_embedded_server_is_found_by_its_remembered_port() -> None:
    settings = load_settings()
    with pytest.raises(BrokenSetup, match="No Temporal server is known"):
        settings.temporal_connection()
    settings.home.mkdir()
    settings.temporal_port_file.write_text("17233\n")
    assert settings.temporal_connection() == {
        "target_host": "127.0.0.1:17233",
        "namespace": "default",
    }


def test_temporals_own_variables_are_honoured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ca.pem").write_bytes(b"ca")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.com:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "recalls")
    monkeypatch.setenv("TEMPORAL_API_KEY", "hunter2")
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", str(tmp_path / "ca.pem"))
    settings = load_settings()
    connection = settings.temporal_connection()
    assert not settings.is_embedded
    assert connection["target_host"] == "temporal.example.com:7233"
    assert connection["namespace"] == "recalls"
    assert connection["api_key"] == "hunter2"
    assert not isinstance(connection["tls"], bool)
    assert connection["tls"].server_root_ca_cert == b"ca"


def test_a_named_file_gives_the_address(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "temporal.toml").write_text('[profile.default]\naddress = "cluster:7233"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "temporal.toml")
    settings = load_settings()
    assert not settings.is_embedded
    assert settings.temporal_connection() == {"target_host": "cluster:7233", "namespace": "default"}


def test_a_file_in_the_users_home_directory_is_not_obeyed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "temporalio").mkdir()
    (tmp_path / "temporalio" / "temporal.toml").write_text(
        '[profile.default]\naddress = "someone-else:7233"\n'
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert load_settings().is_embedded


def test_a_certificate_that_is_not_there_is_a_plain_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.com:7233")
    monkeypatch.setenv("TEMPORAL_TLS_SERVER_CA_CERT_PATH", "/no/ca.pem")
    with pytest.raises(BrokenSetup, match=r"/no/ca\.pem"):
        load_settings().temporal_connection()


@pytest.mark.parametrize(
    ("told", "kept"),
    [("1", "true"), ("TRUE", "true"), ("no", "false"), ("10.20.0.0/16, ::1", "10.20.0.0/16, ::1")],
)
def test_what_is_allowed_inside_is_said_as_yes_no_or_networks(
    monkeypatch: pytest.MonkeyPatch, told: str, kept: str
) -> None:
    monkeypatch.setenv("ANDON_ALLOW_INSIDE", told)
    assert load_settings().allow_inside == kept


@pytest.mark.parametrize("told", ["perhaps", "10.20.0.1/16", "warehouse.example", "10.0.0.0/8;"])
def test_what_names_no_network_is_refused(monkeypatch: pytest.MonkeyPatch, told: str) -> None:
    monkeypatch.setenv("ANDON_ALLOW_INSIDE", told)
    with pytest.raises(BrokenSetup, match=r"must be true, false, or networks such as"):
        load_settings()


# ---------------------------------------------------------------------- the page


def test_the_page_lists_every_setting() -> None:
    page = SETTINGS_PAGE.read_text()
    assert settings_table() in page
    assert all(f"`{variable_of(field)}`" in page for field in Settings.model_fields)


def test_a_slip_of_the_pen_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANDON_PROT", "8000")
    monkeypatch.setenv("ANDON_PORT", "8000")
    assert unknown_settings() == ("ANDON_PROT",)
