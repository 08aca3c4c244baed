"""What can be set from outside, each thing once: its name, its variable, its default and what it is for."""

import os
import secrets
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import AliasChoices, Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PASSLINE_"

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


def _sqlite_in_data(fields: dict[str, Any]) -> str:
    return f"sqlite:///{fields['data']}/passline.db" if "data" in fields else ""


def _secret_in_data(fields: dict[str, Any]) -> str:
    return kept_secret(fields["data"]) if "data" in fields else ""


class Settings(BaseSettings):
    """The settings of one process: read once, by the entry modules, handed down, and never changed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, populate_by_name=True)

    data: Path = Field(
        default=Path("var"),
        validate_default=True,
        description="The directory that holds everything of this machine: SQLite file, broker, logs, secret, keys.",
    )
    database: str = Field(
        default_factory=_sqlite_in_data,
        validation_alias=AliasChoices("PASSLINE_DATABASE", "DATABASE_URL"),
        repr=False,
        description="postgresql://user:password@host/name, or sqlite:///file; passline.db in the data directory else.",
    )
    broker: str | None = Field(
        default=None,
        validation_alias=AliasChoices("PASSLINE_BROKER", "BROKER_URL"),
        repr=False,
        description="The address of the Redis or RabbitMQ that carries the bells: redis://, rediss://, redis+socket:// "
        "or amqp://. Without one, the dispatcher does the jobs itself.",
    )
    host: str = Field(default="127.0.0.1", description="The address that web listens on; 0.0.0.0 for every interface.")
    port: int = Field(default=8000, ge=0, le=65535, description="The port that web listens on.")
    web_workers: int = Field(default=1, ge=1, le=64, description="Web processes. One gathers the largest batches.")
    worker_processes: int = Field(default=2, ge=1, le=256, description="Processes of one Celery worker.")
    secret: str = Field(
        default_factory=_secret_in_data,
        min_length=16,
        repr=False,
        description="Keys the tracking tokens; by default kept in the file secret of the data directory. "
        "Every machine of one installation needs the same.",
    )
    public_url: str | None = Field(
        default=None, description="How guests reach this server, for links in messages: https://orders.example.com."
    )
    smtp: str | None = Field(
        default=None,
        repr=False,
        description="smtp://user:password@host:port, or smtps://. Without one, messages to customers go to the log.",
    )
    mail_from: str = Field(default="Passline <orders@localhost>", description="The sender of messages to customers.")
    queue_limit: int = Field(
        default=2000, ge=1, description="Commands that may wait in one web process; the next is answered 503."
    )
    batch_limit: int = Field(default=64, ge=1, description="Commands that are committed together at most.")
    rate_limit: int = Field(default=600_000, ge=1, description="Requests a minute that one API key may make.")
    public_rate_limit: int = Field(
        default=60_000, ge=1, description="Requests a minute that one client address may make without a key."
    )
    streams: int = Field(
        default=10_000, ge=1, description="Live streams that one web process may have open; the next is answered 503."
    )
    idempotency_hours: int = Field(default=72, ge=24, description="How long an Idempotency-Key is remembered.")
    lease_seconds: int = Field(
        default=60, ge=1, description="How long a claimed job is its worker's before another may take it."
    )
    job_retention_days: int = Field(default=30, ge=1, description="How long done jobs are kept.")
    log_level: LogLevel = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")
    log_json: bool = Field(default=False, description="Write each log line as one JSON object.")
    testing: bool = Field(default=False, description="Allow what only a test of this program may do.")
    failpoint: str | None = Field(
        default=None, description="Break at the named place, as the fault tests do; ignored unless testing is set."
    )

    @field_validator("data")
    @classmethod
    def _is_absolute(cls, data: Path) -> Path:
        # Child processes run in another directory and must mean the same place.
        return data.expanduser().resolve()

    @field_validator("database")
    @classmethod
    def _names_its_driver(cls, url: str) -> str:
        return normalised(url)

    @field_validator("broker")
    @classmethod
    def _is_a_broker(cls, url: str | None) -> str | None:
        if url and urlsplit(url).scheme not in BROKERS:
            raise ValueError(f"a broker's address begins with one of {', '.join(sorted(BROKERS))} and ://")
        return url or None

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, level: str) -> str:
        return level.upper()

    @field_validator("failpoint")
    @classmethod
    def _only_in_tests(cls, failpoint: str | None, info: ValidationInfo) -> str | None:
        return failpoint if info.data.get("testing") else None

    @property
    def redis(self) -> str | None:
        """The broker as redis-py wants to hear of it, or None where the broker is no Redis."""
        return redis_address(self.broker) if self.broker else None


BROKERS = {"redis", "rediss", "redis+socket", "amqp", "amqps"}
_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}


def normalised(url: str) -> str:
    """*url* with its driver named, and a SQLite file's path made absolute. Raises ValueError for any other database."""
    scheme, separator, rest = url.partition("://")
    if separator and scheme in _POSTGRESQL:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        file, question, query = rest[1:].partition("?")
        return f"sqlite:///{Path(file).expanduser().resolve()}{question}{query}"
    raise ValueError("a database's address begins with postgresql:// or with sqlite:/// and a file's path")


def redis_address(broker: str) -> str | None:
    """Kombu's address of a Redis, as redis-py spells it; None for another kind of broker."""
    parts = urlsplit(broker)
    if parts.scheme in {"redis", "rediss"}:
        return broker
    if parts.scheme != "redis+socket":
        return None
    database = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={database}"


def kept_secret(directory: Path) -> str:
    """The secret in *directory*, made on first use for its owner only. Processes that start together agree on it."""
    file = directory / "secret"
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = directory / f".secret-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as draft:
            draft.write(secrets.token_urlsafe(32) + "\n")
        # A link fails where the name is taken, so the first of several wins, and nobody reads half a file.
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink(missing_ok=True)
    return file.read_text().strip()


def fields() -> dict[str, FieldInfo]:
    """Every setting by its name."""
    return Settings.model_fields


def variables(name: str) -> list[str]:
    """The environment variables of the setting *name*, the first that is set wins."""
    alias = fields()[name].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices]
    return [PREFIX + name.upper()]
