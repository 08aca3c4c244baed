"""Houses to break things in."""

import pytest

from tests.faults.house import House
from tests.faults.oracle import expect_nothing_wrong, judge

ALL = ("dispatcher", "worker", "web")


class Houses:
    """One house for many tests, as starting one takes seconds; a new one after a test that has failed."""

    def __init__(self, make):
        self._make, self._house, self.sound = make, None, False

    def get(self):
        if not self.sound:
            self.close()
            self._house = self._make().open(*ALL)
        self.sound = False
        return self._house

    def close(self):
        if self._house:
            self._house.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def houses(request, tmp_path_factory, sqlite_template):
    def make():
        root = tmp_path_factory.mktemp("house")
        return House(root, _database(request, root, sqlite_template))

    kept = Houses(make)
    yield kept
    kept.close()


@pytest.fixture
def house(houses):
    """All of Passline, with a broker, on either database."""
    return houses.get()


@pytest.fixture
def all_is_well(request, houses):
    """Judges a house, and says that the next test may have it too."""

    def check(house, *, accepted):
        expect_nothing_wrong(judge(house, request.node.name), accepted=accepted)
        houses.sound = True

    return check


def _database(request, root, sqlite_template):
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql").migrated()
    (root / "passline.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{root / 'passline.db'}"
