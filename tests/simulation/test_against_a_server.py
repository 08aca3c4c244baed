"""A whole evening against everything that `passline up` starts; the database's own audit has the last word."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from tests.test_up import Up

pytestmark = [pytest.mark.slow, pytest.mark.broker]


@pytest.fixture
def up(tmp_path):
    runs = []

    def start(*words):
        runs.append(Up(tmp_path / "var", "--demo", *words))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.stop()
        run.process.communicate()


def passline(*words):
    command = [sys.executable, "-m", "workflow", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)


def play(run, data, **options):
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    played = passline("simulate", "--url", run.url, "--keys", data / "keys.json", "--json", *words)
    assert played.stderr == ""
    told = json.loads(played.stdout)
    off = [f"{each['order']}: {each['detail']}" for each in told["findings"]]
    assert (played.returncode, off) == (0, []), "\n".join(off)
    return told


def audit(*words):
    audited = passline("audit", *words)
    assert audited.returncode == 0, audited.stdout


def expect_an_eventful_evening(told):
    assert told["orders"]["accepted"] == told["orders"]["planned"]
    assert told["orders"]["by_status"].keys() <= {"completed", "cancelled", "rejected"}
    assert {"items-pending", "idempotency-key-reused", "external-id-conflict"} <= told["refusals"].keys()
    assert told["events"]["304 not modified"] > 0
    assert told["events"]["replayed"] > 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_after_an_evening_both_books_agree(up, tmp_path, database, request):
    url = request.getfixturevalue(f"{database}_database")
    told = play(up("--database", url), tmp_path / "var", orders=60, speed=600, seed=11)
    expect_an_eventful_evening(told)
    audit("--database", url)


@pytest.mark.faults
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_killing_the_web_process_again_and_again_loses_and_doubles_nothing(up, tmp_path, database, request):
    url = request.getfixturevalue(f"{database}_database")
    run = up("--database", url)
    over = threading.Event()
    killer = threading.Thread(target=kill_now_and_then, args=(run, over))
    killer.start()
    try:
        told = play(run, tmp_path / "var", orders=50, speed=480, seed=12)
    finally:
        over.set()
        killer.join()
    assert told["events"]["no answer"] > 0
    expect_an_eventful_evening(told)
    audit("--database", url)


def kill_now_and_then(run, over):
    """A few times only: what keeps ending is started again after longer and longer pauses."""
    kills = 0
    while kills < 3 and not over.wait(2):
        if run.answers():
            with contextlib.suppress(ProcessLookupError, KeyError):
                os.kill(run.children()["gunicorn"], signal.SIGKILL)
                kills += 1
