"""Brings a database to the schema of this version."""

from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url


def upgrade(database: str, revision: str = "head") -> None:
    """Runs the migrations that *database* lacks up to *revision*; a SQLite file is made where there is none."""
    file = make_url(database).database
    if database.startswith("sqlite") and file:
        Path(file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    command.upgrade(configured(database), revision)


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
