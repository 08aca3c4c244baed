"""Brings a database to the schema of this version."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, make_url, text

#: Any number that nobody else takes in the same database.
LOCK = 5_070_001


def upgrade(database: str, revision: str = "head") -> None:
    """Runs the migrations that *database* lacks up to *revision*; a SQLite file is made where there is none.

    On PostgreSQL several machines may do so at once: the second waits, and finds nothing left to do.
    """
    if database.startswith("sqlite"):
        Path(make_url(database).database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        command.upgrade(configured(database), revision)
        return
    with alone(database):
        command.upgrade(configured(database), revision)


@contextmanager
def alone(database: str) -> Iterator[None]:
    """Holds PostgreSQL's lock for migrations, which goes with the connection, even that of a killed process."""
    engine = create_engine(database, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": LOCK})
        yield


def configured(database: str) -> Config:
    """Alembic's configuration for *database*, with the migrations of the installed distribution, wherever that is."""
    config = Config()
    config.set_main_option("script_location", str(scripts()))
    # Alembic reads its options with interpolation, in which a percent sign (of a password, say) is doubled.
    config.set_main_option("sqlalchemy.url", database.replace("%", "%%"))
    return config


def scripts() -> Path:
    """The directory of the migrations."""
    spec = find_spec("migrations")
    # An editable installation may list places that are no directories.
    for location in spec.submodule_search_locations or [] if spec else []:
        if (Path(location) / "env.py").is_file():
            return Path(location)
    raise FileNotFoundError(2, "the migrations are not installed with this program", "migrations")
