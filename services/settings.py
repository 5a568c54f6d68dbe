"""The settings of one installation, read from the environment once and passed on as one value.

Every name that Andon reads from the environment stands here; no other module reads it. What never
belongs here: a setting nobody uses yet, a rule of the emergency plan (that is data under plan/).
The table for people is docs/reference/settings.md; a test keeps it equal to `settings_table()`.
"""

import os
import sys
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.errors import BrokenSetup, FieldError
from integrations.inside import inside_of

if TYPE_CHECKING:
    from temporalio.envconfig import ClientConnectConfig

PREFIX: Final = "ANDON_"
"""What every name of ours begins with."""

PORT_MIN: Final = 1
PORT_MAX: Final = 65_535
SECRET_MIN: Final = 32
"""Fewest characters of the secret that all keys are derived from (integrations/key_ring.py)."""

_SEE: Final = "All settings stand in docs/reference/settings.md."
_SECRETS: Final = frozenset({"secret_key", "database_url"})

# Temporal's names that say how to reach a server; without an address they would be ignored.
_TEMPORAL_ACCESS: Final = ("TEMPORAL_API_KEY", "TEMPORAL_TLS")

_TRUTHS: Final = {
    **dict.fromkeys(("true", "1", "yes", "on"), "true"),
    **dict.fromkeys(("false", "0", "no", "off"), "false"),
}
"""How yes and no may be written."""

_DRIVERS: Final = {
    "sqlite": "sqlite",
    # SQLAlchemy takes plain `postgresql` for psycopg, which is not among our requirements.
    "postgres": "postgresql+pg8000",
    "postgresql": "postgresql+pg8000",
    "postgresql+pg8000": "postgresql+pg8000",
}


def _absolute(path: Path) -> Path:
    """Bind a path to the directory we were started in, so that children agree on it."""
    return path.expanduser().absolute()


def _known_database(url: SecretStr) -> SecretStr:
    """Accept the databases that the storage is tested on."""
    scheme, found, _rest = url.get_secret_value().partition("://")
    if not found or scheme not in _DRIVERS:
        raise ValueError(scheme)
    return url


def _plain_origin(url: str) -> str:
    """Accept `https://host[:port]` and drop a closing slash."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise ValueError(url)
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError(url)
    return url.rstrip("/")


def _addresses(text: str) -> str:
    """Accept addresses and networks with commas between; a name or `*` would believe too many."""
    return ",".join(str(ip_network(part.strip())).removesuffix("/32") for part in text.split(","))


def _inside(text: str) -> str:
    """Accept true, false, or networks with commas between."""
    inside_of(_TRUTHS.get(text.strip().lower(), text))
    return _TRUTHS.get(text.strip().lower(), text)


def _long_enough(secret: SecretStr) -> SecretStr:
    """Refuse a secret that could be guessed."""
    if len(secret.get_secret_value()) < SECRET_MIN:
        raise ValueError("short")
    return secret


class Settings(BaseSettings):
    """The settings of one installation; frozen, absolute paths, secrets hidden from `repr`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
        validate_default=True,
    )

    home: Annotated[Path, AfterValidator(_absolute)] = Field(
        default=Path(".andon"),
        description="Directory of everything this installation keeps: database, blobs, keys, logs.",
    )
    database_url: Annotated[SecretStr, AfterValidator(_known_database)] | None = Field(
        default=None,
        description="Database of ledger and read model; a SQLite file in the home if not set.",
    )
    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address the console listens on.",
    )
    port: int = Field(
        default=8000,
        ge=PORT_MIN,
        le=PORT_MAX,
        description="Port the console listens on; if not set and taken, `andon up` takes the next.",
    )
    public_url: Annotated[str, AfterValidator(_plain_origin)] | None = Field(
        default=None,
        description="Address under which others reach the console: used in links and cookies.",
    )
    trusted_proxy: Annotated[str, AfterValidator(_addresses)] | None = Field(
        default=None,
        description="Addresses of the proxies in front, comma between, whose `X-Forwarded-For` and "
        "`X-Forwarded-Proto` are believed; of nobody if not set.",
    )
    secret_key: Annotated[SecretStr, AfterValidator(_long_enough)] | None = Field(
        default=None,
        description="Secret from which all keys are derived, for machines that share a database; "
        "a key ring of random keys in the home if not set.",
    )
    erasure_register: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None,
        description="File that remembers which keys were destroyed, so that no older copy of the "
        "database brings them back; beside the key ring of the home if not set.",
    )
    outlets: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None,
        description="TOML file of outlets (mailing lists, webhooks, social accounts) that take "
        "published texts by themselves, and of the press list; of nobody if not set.",
    )
    channels: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None,
        description="TOML file of connections to shops, warehouses and other systems that take "
        "orders to stop; none but the embedded ones if not set.",
    )
    witnesses: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None,
        description="TOML file of witnesses (folders, mailboxes, webhooks elsewhere) that are "
        "handed every signed head of the record; none if not set.",
    )
    timestamps: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None,
        description="TOML file of time stamp authorities (RFC 3161) that say when a signed head "
        "of the record was there; nobody is asked if not set.",
    )
    allow_inside: Annotated[str, AfterValidator(_inside)] = Field(
        default="false",
        description="Which addresses of this machine and network requests may go to: none, the "
        "networks that are named, or all that are private.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="How much worker and API write into their logs.",
    )
    demo: bool = Field(
        default=True,
        description="Whether an empty database may become the demo company; never when a database "
        "URL, a public URL or a host other than loopback is set.",
    )
    ready_file: Path | None = Field(
        default=None,
        description="File that a worker makes once it takes work; set by `andon up`.",
    )
    temporal_address: str | None = Field(
        default=None,
        validation_alias="TEMPORAL_ADDRESS",
        description="`host:port` of a Temporal service; the embedded server starts if not set.",
    )
    temporal_namespace: str = Field(
        default="default",
        validation_alias="TEMPORAL_NAMESPACE",
        description="Temporal namespace.",
    )
    temporal_config_file: Annotated[Path, AfterValidator(_absolute)] | None = Field(
        default=None,
        validation_alias="TEMPORAL_CONFIG_FILE",
        description="Temporal's own TOML file with address and credentials; never read unless set.",
    )

    # ------------------------------------------------------------------ files of the home

    @property
    def database_file(self) -> Path:
        """The SQLite file of ledger and read model on the embedded default.

        The bulk tables lie in a file beside it (storage/database.py).
        """
        return self.home / "andon.db"

    @property
    def blobs_dir(self) -> Path:
        """Directory of evidence and bundles, addressed by their SHA-256."""
        return self.home / "blobs"

    @property
    def key_ring_file(self) -> Path:
        """The key ring that opens histories, vault and blobs; without it they are lost."""
        return self.home / "keys" / "ring.json"

    @property
    def erasure_register_file(self) -> Path:
        """Which keys of the vault were destroyed for ever; outside the database and its backup."""
        return self.erasure_register or self.home / "keys" / "erased.jsonl"

    @property
    def newest_heads_dir(self) -> Path:
        """Where the newest signed head of the log is kept; outside the database, as the keys."""
        return self.home / "keys" / "newest"

    @property
    def temporal_database_file(self) -> Path:
        """The SQLite file of the embedded Temporal server."""
        return self.home / "temporal.db"

    @property
    def temporal_port_file(self) -> Path:
        """Where the port of the embedded Temporal server is remembered."""
        return self.home / "temporal.port"

    @property
    def lock_file(self) -> Path:
        """Held by the one `andon up` of this home."""
        return self.home / "andon.lock"

    @property
    def run_state_file(self) -> Path:
        """Process ids and start times of the running children."""
        return self.home / "run.json"

    @property
    def refused_mails_file(self) -> Path:
        """Hashes of mails that `andon read-bounces` refused, so that it tells of each once."""
        return self.home / "refused-mails"

    @property
    def logs_dir(self) -> Path:
        """One log per child process."""
        return self.home / "logs"

    # ------------------------------------------------------------------ what follows from them

    @property
    def sqlalchemy_url(self) -> str:
        """The database address as SQLAlchemy takes it, with the driver we ship."""
        if self.database_url is None:
            return f"sqlite:///{self.database_file}"
        scheme, _, rest = self.database_url.get_secret_value().partition("://")
        return f"{_DRIVERS[scheme]}://{rest}"

    @property
    def hosts(self) -> frozenset[str]:
        """Names under which the console is asked for; empty where any may be the right one.

        Names of this machine alone are always among them: no other site can have those.
        """
        local = {"localhost", "127.0.0.1", "[::1]", f"[{self.host}]", self.host}
        if self.public_url:
            name = urlsplit(self.public_url).hostname or ""
            return frozenset({*local, f"[{name}]" if ":" in name else name})
        return frozenset(local) if is_loopback(self.host) else frozenset()

    @property
    def local_host(self) -> str:
        """Where this machine reaches the console, also when it listens on every interface."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def local_url(self) -> str:
        """Address of the console on this machine."""
        host = f"[{self.local_host}]" if ":" in self.local_host else self.local_host
        return f"http://{host}:{self.port}"

    @property
    def console_url(self) -> str:
        """Address of the console for people: the public one if there is one."""
        return self.public_url or self.local_url

    @property
    def demo_allowed(self) -> bool:
        """Whether demo people may exist here: only where nobody from outside can come in."""
        open_to_others = self.database_url or self.public_url or not is_loopback(self.host)
        return self.demo and not open_to_others

    @property
    def is_embedded(self) -> bool:
        """Whether the Temporal server is ours to start."""
        return self.temporal_address is None and self.temporal_config_file is None

    def announce_ready(self) -> None:
        """Tell the supervisor, if there is one, that this process now takes work."""
        if self.ready_file is not None:
            self.ready_file.touch()

    def temporal_connection(self) -> "ClientConnectConfig":
        """Keyword arguments for `temporalio.client.Client.connect`.

        Temporal's own variables are read by the SDK (`temporalio.envconfig`), so that address,
        API key and TLS mean here what they mean to its other tools. Raises `BrokenSetup`.
        """
        if self.is_embedded:
            address = f"127.0.0.1:{self._embedded_port()}"
            return {"target_host": address, "namespace": self.temporal_namespace}
        return self._service_connection()

    def _embedded_port(self) -> int:
        """The port that the running `andon up` of this home remembers."""
        try:
            return int(self.temporal_port_file.read_text())
        except (OSError, ValueError) as error:
            raise BrokenSetup(
                f"No Temporal server is known in {self.home}.",
                "Start `andon up` in this home, or set TEMPORAL_ADDRESS.",
            ) from error

    def _service_connection(self) -> "ClientConnectConfig":
        """What the SDK makes of the TEMPORAL_ variables and, only when named, of its file."""
        from temporalio.envconfig import ClientConfigProfile  # noqa: PLC0415 - half a second

        try:
            # A file in the user's home directory is not ours to obey: only a named one is read.
            profile = ClientConfigProfile.load(disable_file=self.temporal_config_file is None)
            connection = profile.to_client_connect_config()
        except (RuntimeError, OSError) as error:
            raise BrokenSetup(
                f"The settings of Temporal cannot be used: {error}.",
                "Check the variables that begin with TEMPORAL_ and the files they name.",
            ) from error
        if "target_host" not in connection:
            raise BrokenSetup(
                f"{self.temporal_config_file} names no address.",
                "Set TEMPORAL_ADDRESS, or name a file that has one.",
            )
        connection.setdefault("namespace", self.temporal_namespace)
        return connection


def proxy_arguments(settings: Settings) -> dict[str, Any]:
    """Say to uvicorn whose word on where a request came from is believed: else anybody's was."""
    believed = settings.trusted_proxy
    return {"proxy_headers": believed is not None, "forwarded_allow_ips": believed or ""}


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_MUST_BE: Final = {
    "database_url": "an address such as postgresql://user:password@host/andon or sqlite:////file",
    "host": "an address of this machine, such as 127.0.0.1",
    "port": f"a whole number from {PORT_MIN} to {PORT_MAX}",
    "trusted_proxy": "addresses such as 10.0.0.5 or 10.0.0.0/24, comma between",
    "public_url": "an address such as https://andon.example.com, without a path",
    "secret_key": f"at least {SECRET_MIN} characters long",
    "allow_inside": "true, false, or networks such as 10.20.0.0/16, comma between",
    "log_level": "debug, info, warning or error",
    "demo": "true or false",
}


def variable_of(field: str) -> str:
    """The name in the environment of a field of `Settings`."""
    alias = Settings.model_fields[field].validation_alias
    return alias if isinstance(alias, str) else PREFIX + field.upper()


def load_settings(*, port: int | None = None, demo: bool | None = None) -> Settings:
    """Read the environment; options given on the command line win over it.

    Raises `BrokenSetup` with one plain sentence per wrong setting.
    """
    options: dict[str, Any] = {"port": port, "demo": demo}
    try:
        settings = Settings(**{name: value for name, value in options.items() if value is not None})
    except ValidationError as error:
        problems = tuple(_problems(error))
        raise BrokenSetup(" ".join(p.sentence for p in problems), _SEE, fields=problems) from None
    _check_home(settings.home)
    _check_temporal(settings)
    return settings


def _problems(error: ValidationError) -> Iterator[FieldError]:
    """One sentence per wrong setting; a secret's value is never repeated."""
    names = {variable_of(field): field for field in Settings.model_fields}
    for problem in error.errors(include_url=False):
        place = str(problem["loc"][0])
        field = names.get(place, place)
        shown = "" if field in _SECRETS else f" is {str(problem['input'])!r}, but"
        wanted = _MUST_BE.get(field, "something else")
        yield FieldError(path=field, sentence=f"{variable_of(field)}{shown} must be {wanted}.")


def _check_home(home: Path) -> None:
    """Refuse a home that is a file or cannot be written; one that is not there yet is fine."""
    there = home
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise BrokenSetup(f"ANDON_HOME is {home}, but {there} is not a directory.", _SEE)
    if not os.access(there, os.W_OK | os.X_OK):
        raise BrokenSetup(
            f"ANDON_HOME is {home}, but {there} cannot be written.",
            "Give the directory to the user who starts Andon, or set ANDON_HOME to another.",
        )


def _check_temporal(settings: Settings) -> None:
    """Refuse half a description of a Temporal service rather than quietly start our own."""
    if settings.temporal_config_file is not None and not settings.temporal_config_file.is_file():
        raise BrokenSetup(
            f"TEMPORAL_CONFIG_FILE is {settings.temporal_config_file}, but there is no such file."
        )
    given = sorted(name for name in os.environ if name.startswith(_TEMPORAL_ACCESS))
    if settings.is_embedded and given:
        raise BrokenSetup(
            f"{given[0]} is set, but not TEMPORAL_ADDRESS.",
            "Set the address of the service as well, or unset it to use the embedded server.",
        )


def unknown_settings() -> tuple[str, ...]:
    """Names in the environment that look like ours and are not: most often a slip of the pen."""
    known = {variable_of(field) for field in Settings.model_fields}
    return tuple(sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known))


def settings_table() -> str:
    """The table of docs/reference/settings.md: name, default, meaning."""
    rows = ["| name | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else f"`{str(field.default).lower()}`"
        must_be = f" Must be {_MUST_BE[name]}." if name in _MUST_BE else ""
        rows.append(f"| `{variable_of(name)}` | {default} | {field.description}{must_be} |")
    return "\n".join(rows)


if __name__ == "__main__":
    sys.stdout.write(settings_table() + "\n")
