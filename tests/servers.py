"""Real servers for the tests: each starts in a moment, listens on this machine only, and ends with its test."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from workflow.embedded.postgres import running_postgres
from workflow.migrating import upgrade


class Databases:
    """Databases of one PostgreSQL server, each a copy of one that was migrated once."""

    def __init__(self, admin_url):
        self._url = sa.make_url(admin_url)
        self._admin = sa.create_engine(admin_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        self._numbers = itertools.count(1)
        self._prefix = f"passline_{os.getpid()}"
        self._template = None

    def empty(self):
        """The address of a new database without a table."""
        return self._create()

    def migrated(self):
        """The address of a new database with this version's schema and no rows."""
        if self._template is None:
            template = self._create()
            upgrade(template)
            self._template = sa.make_url(template).database
        return self._create(f"template {self._template} strategy file_copy")

    def drop(self, url):
        """Ends every connection to the database of *url*, and removes it."""
        self._run(f"drop database if exists {sa.make_url(url).database} with (force)")

    def _create(self, how=""):
        name = f"{self._prefix}_{next(self._numbers)}"
        self._run(f"create database {name} {how}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def _run(self, statement):
        with self._admin.connect() as connection:
            connection.execute(sa.text(statement))


@contextmanager
def postgresql() -> Iterator[Databases]:
    """Databases on the server that PASSLINE_TEST_POSTGRES names (its superuser's address), else on one of our own."""
    if admin_url := os.environ.get("PASSLINE_TEST_POSTGRES"):
        yield Databases(admin_url)
        return
    with running_postgres() as server:
        yield Databases(server.url())


def sqlite_url(directory, name="passline.db"):
    """The address of a SQLite file in *directory*, which need not exist yet."""
    return f"sqlite:///{directory / name}"
