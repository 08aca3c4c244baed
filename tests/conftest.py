"""Fixtures for all: both databases, a store with a clock that waits to be told, and a restaurant on it."""

import pytest

from tests import servers
from tests.restaurant import Restaurant, SetClock
from workflow.migrating import upgrade
from workflow.store.store import open_store


@pytest.fixture(scope="session")
def postgresql():
    with servers.postgresql() as databases:
        yield databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated SQLite file to copy: a migration takes longer than most tests."""
    directory = tmp_path_factory.mktemp("template")
    upgrade(servers.sqlite_url(directory))
    return directory / "passline.db"


@pytest.fixture
def sqlite_database(tmp_path, sqlite_template):
    target = tmp_path / "passline.db"
    target.write_bytes(sqlite_template.read_bytes())
    return servers.sqlite_url(tmp_path)


@pytest.fixture
def postgresql_database(postgresql):
    url = postgresql.migrated()
    yield url
    postgresql.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    """The address of a migrated, empty database, once of each kind."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def clock():
    return SetClock()


@pytest.fixture
def store(database, clock):
    store = open_store(database, clock=clock)
    yield store
    store.close()


@pytest.fixture
def kitchen(store, clock):
    """A restaurant with the demo's menu that confirms by itself."""
    return Restaurant(store, clock)
