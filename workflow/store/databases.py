"""Connections to the two databases, set up so that a commit is durable and nothing waits for ever."""

from typing import Any

import msgspec
import sqlalchemy as sa

SQLITE = """
PRAGMA journal_mode = WAL
PRAGMA synchronous = FULL
PRAGMA busy_timeout = 10000
PRAGMA foreign_keys = ON
PRAGMA wal_autocheckpoint = 2000
PRAGMA journal_size_limit = 67108864
PRAGMA cache_size = -65536
PRAGMA temp_store = MEMORY
""".strip().splitlines()

POSTGRESQL = {
    "timezone": "UTC",
    "statement_timeout": "30s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "30s",
    "synchronous_commit": "on",
    # A plan made while a table is small is kept while it grows, until the next analyze: it must not scan the table.
    "enable_seqscan": "off",
}
# A way to the server that has gone silent is given up after about a minute, by the kernel.
SILENCE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}


def connect(database: str, *, pool_size: int = 4) -> sa.Engine:
    """An engine for *database*, a SQLAlchemy URL of SQLite or of PostgreSQL with psycopg.

    SQLite: every transaction is BEGIN IMMEDIATE, unless its connection has the execution option `read_only`.
    """
    url = sa.make_url(database)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, pool_size)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url, pool_size)
    raise ValueError(f"Passline runs on SQLite and PostgreSQL, not on {url.get_backend_name()}.")


def _sqlite(url: sa.URL, pool_size: int) -> sa.Engine:
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        json_serializer=_json,
        connect_args={"check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # sqlite3 would begin by itself, too late for a read that leads to a write
        for pragma in SQLITE:
            connection.execute(pragma)

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        read_only = connection.get_execution_options().get("read_only")
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: sa.URL, pool_size: int) -> sa.Engine:
    options = " ".join(f"-c {name}={value}" for name, value in POSTGRESQL.items())
    return sa.create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=4,
        json_serializer=_json,
        pool_timeout=5,
        pool_pre_ping=False,
        pool_recycle=1800,
        # With a threshold, psycopg would forget our prepared statements at each rollback (workflow/store/pipeline.py).
        connect_args={"options": options, "connect_timeout": 3, "prepare_threshold": None, **SILENCE},
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
