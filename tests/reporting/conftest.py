"""A restaurant on a real database, with a clock that waits to be told."""

import pytest
import sqlalchemy as sa

from tests import servers
from tests.reporting.restaurant import Restaurant
from workflow.migrating import upgrade


@pytest.fixture(scope="session")
def report_databases():
    with servers.postgresql() as databases:
        yield databases


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def restaurant(request, tmp_path):
    if request.param == "sqlite":
        address = servers.sqlite_url(tmp_path)
        upgrade(address)
        yield from opened(address)
        return
    databases = request.getfixturevalue("report_databases")
    address = databases.migrated()
    yield from opened(address)
    databases.drop(address)


@pytest.fixture
def restaurant_on_postgresql(report_databases):
    address = report_databases.migrated()
    yield from opened(address)
    report_databases.drop(address)


def opened(address):
    house = Restaurant(sa.make_url(address).render_as_string(hide_password=False))
    yield house
    house.store.close()
