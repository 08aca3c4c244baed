import pytest

from tests.jobs.bench import Bench, settings_for
from workflow.jobs.catalogue import KINDS
from workflow.jobs.drain import Drain


@pytest.fixture
def settings(store, tmp_path):
    return settings_for(store, tmp_path)


@pytest.fixture
def bench(store, clock, settings):
    return Bench(store, clock, settings)


@pytest.fixture
def drain(store, settings):
    """Does the real jobs."""
    return Drain(store, settings, KINDS)
