"""``passline up`` as an operator meets it: the real thing, in a process of its own."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import urllib.request

import pytest

from tests.processes import lives, until
from workflow.settings import Settings, variables

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.broker]

PATIENCE = 60


class Up:
    """A running ``passline up``."""

    def __init__(self, data, *words):
        ours = {variable for name in Settings.model_fields for variable in variables(name)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "workflow", "up", "--port", "0", "--data", str(data), *words],
            env={name: value for name, value in os.environ.items() if name not in ours},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.shown = ""
        self.url = self._read(r"API +(http://[\d.:]+)/v1")[1]

    def _read(self, pattern):
        while not (found := re.search(pattern, self.shown)):
            line = self.process.stdout.readline()
            assert line, self.shown
            self.shown += line
        return found

    def children(self):
        """The processes that it started, by what they run."""
        shown = subprocess.run(
            [sys.executable, "-c", CHILDREN, str(self.process.pid)], capture_output=True, text=True, check=True
        )
        return json.loads(shown.stdout)

    def answers(self, path="/readyz"):
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        # Not communicate(): it would miss what readline() has read ahead.
        self.shown += self.process.stdout.read()
        return self.process.wait(PATIENCE)


# Reads /proc: ps is not on every machine.
CHILDREN = """
import json, pathlib, sys
found = {}
for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
    try:
        parent = stat.read_text().rpartition(")")[2].split()[1]
        words = (stat.parent / "cmdline").read_text()
    except OSError:
        continue
    if parent == sys.argv[1]:
        for name in "valkey-server", "celery", "dispatcher", "gunicorn":
            if name in words:
                found[name] = int(stat.parent.name)
print(json.dumps(found))
"""


@pytest.fixture
def up(tmp_path):
    runs = []

    def start(*words):
        runs.append(Up(tmp_path / "var", *words))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
        run.process.communicate()


def orders(run, key):
    request = urllib.request.Request(f"{run.url}/v1/orders", headers={"Authorization": f"Bearer {key}"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)["data"]


def place(run, key):
    body = {"channel": "takeaway", "items": [{"sku": "MARGHERITA", "quantity": 1}]}
    request = urllib.request.Request(
        f"{run.url}/v1/orders",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)["id"]


def test_it_brings_up_a_restaurant_that_takes_orders_and_finds_them_again(up, tmp_path):
    run = up("--demo")
    file = tmp_path / "var" / "keys.json"
    keys = json.loads(file.read_text())

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(keys) == {"pos", "kitchen", "manager", "admin"}
    assert run.answers()
    order = place(run, keys["pos"])
    assert run.stop() == 0
    assert all(key in run.shown for key in keys.values())

    again = up("--demo")
    assert json.loads(file.read_text()) == keys
    assert order in [found["id"] for found in orders(again, keys["pos"])]
    assert again.stop(signal.SIGTERM) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="finds its processes in /proc")
def test_whatever_is_killed_comes_back(up):
    run = up("--demo")
    before = run.children()
    assert set(before) == {"valkey-server", "celery", "dispatcher", "gunicorn"}

    for pid in before.values():
        os.kill(pid, signal.SIGKILL)

    after = until(lambda: (now := run.children()).keys() == before.keys() and now, PATIENCE)
    assert not set(before.values()) & set(after.values())
    until(run.answers, PATIENCE)
    assert run.stop() == 0
    assert not any(map(lives, after.values()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_when_it_is_killed_nothing_stays(up):
    run = up("--demo")
    children = run.children()

    run.process.kill()

    until(lambda: not any(map(lives, children.values())), PATIENCE)
    assert not run.answers()


def test_it_works_without_a_broker(up):
    run = up("--no-broker", "--demo")
    assert run.answers()
    assert run.children().keys() <= {"dispatcher", "gunicorn"}
    assert run.stop() == 0
