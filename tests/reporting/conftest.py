"""A restaurant on a real database, with a clock that waits to be told."""

import pytest

from tests.reporting.restaurant import Restaurant


@pytest.fixture
def restaurant(database):
    yield from opened(database)


@pytest.fixture
def restaurant_on_postgresql(postgresql_database):
    yield from opened(postgresql_database)


def opened(address):
    house = Restaurant(address)
    yield house
    house.store.close()
