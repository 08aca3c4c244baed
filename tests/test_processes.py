import pytest

from workflow import processes
from workflow.jobs.lanes import LANES
from workflow.settings import Settings
from workflow.tasks.configuration import queue_name


@pytest.fixture
def settings(tmp_path):
    return Settings(data=tmp_path, secret="a secret of the tests", broker="redis://:hunter2@broker")


def test_a_worker_listens_to_every_lane_unless_some_are_named(settings):
    assert not [word for word in processes.worker(settings) if word.startswith("--queues")]
    assert f"--queues={','.join(map(queue_name, LANES))}" in processes.worker(settings, list(LANES))


def test_no_password_shows_among_the_processes(settings):
    for command in processes.web(settings), processes.worker(settings), processes.dispatcher():
        assert not [word for word in command if "hunter2" in word]


def test_a_process_reads_the_same_settings_from_its_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("BROKER_URL", "redis://elsewhere")
    given = Settings(data=tmp_path, broker=None, testing=True, failpoint="after_commit", log_level="debug", port=9000)

    environment = processes.environment(given)

    assert "BROKER_URL" not in environment
    # The secret stays in its file.
    assert "PASSLINE_SECRET" not in environment
    monkeypatch.delenv("BROKER_URL")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Settings() == given
