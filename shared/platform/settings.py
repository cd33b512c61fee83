"""The configuration of a process: read once from the environment, every fault named at once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urlsplit

from shared.platform.accounts.secrets import derive

Service = Literal["intake", "review"]

DEFAULT_SECRET = "insecure: only for trying out"  # noqa: S105 - refused outside of a demonstration
SECRET_BYTES = 32
ADDRESS = "http://localhost:8080"  # of the register, where nobody says another
CONFIGURATION = "lessons.env"
SERVICES: tuple[Service, ...] = ("intake", "review")
PEER: Mapping[Service, Service] = {"intake": "review", "review": "intake"}


class BadSettingsError(Exception):
    """The environment does not make sense.

    `faults` says all that is wrong, each with how to mend it.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True)
class Settings:
    """What one service of an installation needs to know. See docs/operations.md for each."""

    service: Service
    data_dir: Path
    database_url: str
    broker_url: str
    broker_namespace: str
    peer_url: str
    public_url: str
    secret_key: str
    smtp_url: str
    mail_from: str
    demonstration: bool
    licence_name: str
    licence_url: str

    @property
    def cookie(self) -> str:
        """The name of the session cookie: bound to this host where the address is https."""
        prefix = "__Host-" if self.public_url.startswith("https://") else ""
        return f"{prefix}lessons_{self.service}"

    @property
    def service_key(self) -> str:
        """The key with which the services read each other's log: made from the secret that both
        have.
        """
        return derive(self.secret_key, "pull events")


def read(service: Service, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the configuration of a service. Raises BadSettingsError."""
    environ = os.environ if environ is None else environ  # noqa: TID251 - the one reader
    data_dir = data_dir_of(environ)
    source = _Environment(_variables(environ))
    if set(str(data_dir)) & set("?#"):
        source.faults.append("LESSONS_DATA_DIR: choose a path without ? and #.")
    public_url = source.url("LESSONS_PUBLIC_URL", ADDRESS).rstrip("/")
    public_host = urlsplit(public_url).hostname if is_web_address(public_url) else "localhost"
    peer = PEER[service]
    own, other = source.database(service, data_dir), source.database(peer, data_dir)
    if own == other:
        source.faults.append(
            "LESSONS_INTAKE_DATABASE_URL and LESSONS_REVIEW_DATABASE_URL: give each its own "
            "database."
        )
    settings = Settings(
        service=service,
        data_dir=data_dir,
        database_url=own,
        broker_url=source.broker("LESSONS_BROKER_URL", f"sqla+sqlite:///{data_dir}/broker.db"),
        broker_namespace=source.get("LESSONS_BROKER_NAMESPACE", "lessons"),
        peer_url=source.url(f"LESSONS_{peer.upper()}_URL", ADDRESS),
        public_url=public_url,
        secret_key=source.get("LESSONS_SECRET_KEY", DEFAULT_SECRET),
        smtp_url=source.smtp("LESSONS_SMTP_URL", f"file://{quote(str(data_dir))}/mail"),
        mail_from=source.get("LESSONS_MAIL_FROM", f"Lessons register <no-reply@{public_host}>"),
        demonstration=source.get("LESSONS_DEMO", "0") == "1",
        licence_name=source.get("LESSONS_LICENCE_NAME", "CC BY 4.0"),
        licence_url=source.url(
            "LESSONS_LICENCE_URL", "https://creativecommons.org/licenses/by/4.0/"
        ),
    )
    source.check_secret(settings)
    if source.faults:
        raise BadSettingsError(source.faults)
    return settings


def database_url_of(service: Service) -> str:
    """Where the database of a service is, before the configuration is complete. Raises
    BadSettingsError when this is no address of one.
    """
    source = _Environment(_variables(dict(os.environ)))  # noqa: TID251 - the one reader
    url = source.database(service, data_dir_of())
    if source.faults:
        raise BadSettingsError(source.faults)
    return url


def is_given(name: str) -> bool:
    """Whether someone set this: in the environment, or in what “lessons init” wrote."""
    variables = _variables(dict(os.environ))  # noqa: TID251 - the one reader
    return name in variables or f"{name}_FILE" in variables


def is_web_address(text: str) -> bool:
    """Whether this is the address of a site: https://host, perhaps with a port."""
    return (
        _is_address(text)
        and urlsplit(text).scheme in ("http", "https")
        and bool(urlsplit(text).hostname)
    )


def _is_address(text: str) -> bool:
    """Whether the parts of an address can be told apart."""
    try:
        port = urlsplit(text).port
    except ValueError:
        return False
    return port is None or port > 0


def data_dir_of(environ: Mapping[str, str] | None = None) -> Path:
    """The folder in which everything is kept that is not on a server."""
    variables = os.environ if environ is None else environ  # noqa: TID251 - the one reader
    return Path(variables.get("LESSONS_DATA_DIR") or "var").resolve()


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    return _written_by_init(data_dir_of(environ)) | dict(environ)


def _written_by_init(data_dir: Path) -> dict[str, str]:
    """What “lessons init” wrote into the data folder: NAME=value lines, below the environment."""
    path = data_dir / CONFIGURATION
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError):
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {
        name.removeprefix("export ").strip(): value.strip().strip("\"'")
        for name, _equals, value in pairs
    }


class _Environment:
    """The variables, each also as NAME_FILE: the path of a file that holds the value, for
    secrets.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.faults: list[str] = []

    def get(self, name: str, default: str) -> str:
        path = self._variables.get(f"{name}_FILE")
        if path:
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "it is no text in UTF-8"
                self.faults.append(
                    f"{name}_FILE: {path} cannot be read ({reason}). Check path and rights."
                )
        return self._variables.get(name) or default

    def url(self, name: str, default: str) -> str:
        value = self.get(name, default)
        if not is_web_address(value):
            self.faults.append(f"{name}: {value!r} is no web address. Write it as https://host.")
        return value

    def database(self, service: Service, data_dir: Path) -> str:
        name = f"LESSONS_{service.upper()}_DATABASE_URL"
        value = self.get(name, f"sqlite:///{data_dir}/{service}.db")
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")) or not _is_address(value):
            self.faults.append(
                f"{name}: use sqlite:///path or postgresql+psycopg://user:password@host/database."
            )
        return value

    def smtp(self, name: str, default: str) -> str:
        value = self.get(name, default)
        if not _is_address(value) or urlsplit(value).scheme not in ("smtp", "smtps", "file"):
            self.faults.append(
                f"{name}: use smtp://user:password@host:port, smtps://… or file:///folder."
            )
        return value

    def broker(self, name: str, default: str) -> str:
        value = self.get(name, default)
        if not value.startswith(("amqp://", "amqps://", "sqla+sqlite:///")) or not _is_address(
            value
        ):
            self.faults.append(
                f"{name}: use amqp://user:password@host:port/vhost or "
                "sqla+sqlite:///path; others lose events."
            )
        return value

    def check_secret(self, settings: Settings) -> None:
        if settings.demonstration:
            return
        if settings.secret_key == DEFAULT_SECRET:
            path = settings.data_dir / CONFIGURATION
            seen = (
                "says nothing of it"
                if os.access(path, os.R_OK)
                else ("is not there or cannot be read")
            )
            self.faults.append(
                f"LESSONS_SECRET_KEY is not set, and {path} {seen}. “lessons init” makes one."
            )
        elif len(settings.secret_key) < SECRET_BYTES:
            self.faults.append(
                f"LESSONS_SECRET_KEY has fewer than {SECRET_BYTES} characters. “lessons "
                "init” makes one."
            )
