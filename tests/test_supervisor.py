"""The supervisor on real processes: small ones that behave, or misbehave, as they are told."""

import json
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from tests.processes import lives, until
from workflow.data_lock import InUse, locked
from workflow.supervisor import LONGEST_LOG, Child, Context, Program

pytestmark = pytest.mark.faults

PATIENCE = 20

# What a supervised process does: says who it is, starts a process of its own, and notes when it is asked to stop.
PROGRAM = """
import os, signal, subprocess, sys, time
name, manner = sys.argv[1:3]
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
def note(word):
    with open("notes", "a") as notes:
        notes.write(f"{name} {word} {os.getpid()} {child.pid}\\n")
def stop(*_):
    note("stopped")
    if manner != "deaf":
        child.kill()
        sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("started")
if manner == "broken":
    sys.exit("I am broken")
while True:
    time.sleep(600)
"""

SUPERVISOR = """
import json, os, sys
from pathlib import Path
from workflow.data_lock import locked
from workflow.supervisor import Context, Program, StartFailed, Supervisor
here = Path.cwd()
def started(name):
    return lambda: (here / "notes").exists() and f"{name} started" in (here / "notes").read_text()
def program(name, manner="good"):
    ready = None if manner == "unready" else started(name) if manner != "broken" else lambda: False
    grace_seconds = 1 if manner == "deaf" else 10
    return Program(name, [sys.executable, "program.py", name, manner], ready, grace_seconds)
def say(sentence):
    print(sentence, flush=True)
with locked(here / "data", 10) as lock:
    supervisor = Supervisor(Context(dict(os.environ), here, here / "logs", (lock,)), say)
    try:
        with supervisor.watching():
            for words in json.loads(sys.argv[1]):
                supervisor.start(program(*words))
            say("all started")
            supervisor.keep_running()
    except StartFailed as error:
        sys.exit(f"StartFailed: {error}")
"""


class Notes:
    """What the supervised processes wrote down."""

    def __init__(self, file):
        self._file = file

    def lines(self):
        return [line.split() for line in self._file.read_text().splitlines()] if self._file.exists() else []

    def of(self, name, word):
        return [(int(pid), int(child)) for who, what, pid, child in self.lines() if (who, what) == (name, word)]

    def pids(self):
        return {int(pid) for _, _, *pids in self.lines() for pid in pids}


class Run:
    """A supervisor in a process of its own."""

    def __init__(self, directory, programs):
        (directory / "program.py").write_text(textwrap.dedent(PROGRAM))
        self.notes = Notes(directory / "notes")
        self.directory = directory
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, json.dumps(programs)],
            cwd=directory,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )

    def until_started(self):
        assert self.process.stdout.readline() == "all started\n"
        return self

    def end(self, *signals):
        for number in signals:
            self.process.send_signal(number)
        output, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, output, errors


@pytest.fixture
def supervise(tmp_path):
    runs = []

    def start(*programs):
        runs.append(Run(tmp_path, programs))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.process.kill()
        run.process.communicate()
        until(lambda run=run: not any(map(lives, run.notes.pids())))


def test_programs_start_in_order_and_stop_in_the_opposite_one(supervise):
    run = supervise(["broker"], ["worker"], ["web"]).until_started()

    code, _, _ = run.end(signal.SIGINT)

    assert code == 0
    assert [line[:2] for line in run.notes.lines()] == [
        ["broker", "started"],
        ["worker", "started"],
        ["web", "started"],
        ["web", "stopped"],
        ["worker", "stopped"],
        ["broker", "stopped"],
    ]
    assert not any(map(lives, run.notes.pids()))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals_stop_it_as_well(supervise, number):
    code, _, _ = supervise(["web"]).until_started().end(number)
    assert code == 0


def test_a_killed_child_is_started_again_and_what_it_left_behind_is_gone(supervise):
    run = supervise(["broker"], ["worker"]).until_started()
    (pid, orphan) = run.notes.of("worker", "started")[0]

    os.kill(pid, signal.SIGKILL)

    again = until(lambda: run.notes.of("worker", "started")[1:])
    assert again[0][0] != pid
    assert not lives(orphan)
    assert len(run.notes.of("broker", "started")) == 1
    _, output, _ = run.end(signal.SIGINT)
    assert "worker was ended by SIGKILL; it starts again in 0.2 s." in output


def test_a_child_that_keeps_ending_is_tried_again_later_and_later(supervise):
    run = supervise(["worker", "unready"]).until_started()
    for time_ in range(4):
        pid, _ = until(lambda time_=time_: run.notes.of("worker", "started")[time_:])[0]
        os.kill(pid, signal.SIGKILL)
    until(lambda: run.notes.of("worker", "started")[4:])

    _, output, _ = run.end(signal.SIGINT)

    assert "3 times in a row; it starts again in 0.8 s" in output
    assert "4 times in a row; it starts again in 1.6 s" in output


def test_a_child_that_never_gets_ready_fails_the_start_with_its_last_words(supervise):
    code, _, errors = supervise(["broker"], ["web", "broken"], ["never"]).end()

    assert code == 1
    assert "StartFailed: web does not start." in errors
    assert "I am broken" in errors


def test_a_failed_start_stops_what_had_started(supervise):
    run = supervise(["broker"], ["web", "broken"])
    run.end()

    assert len(run.notes.of("broker", "stopped")) == 1
    assert not any(map(lives, run.notes.pids()))


def test_a_child_that_is_deaf_is_killed_after_its_grace(supervise):
    run = supervise(["worker", "deaf"]).until_started()

    code, _, _ = run.end(signal.SIGINT)

    assert code == 0
    assert not any(map(lives, run.notes.pids()))


def test_a_second_signal_kills_at_once(supervise):
    run = supervise(["worker", "deaf"], ["web", "deaf"]).until_started()
    run.process.send_signal(signal.SIGINT)
    until(lambda: run.notes.of("web", "stopped"))

    code, _, _ = run.end(signal.SIGINT)

    assert code == 0
    assert not any(map(lives, run.notes.pids()))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_killed_supervisor_leaves_no_process(supervise):
    run = supervise(["broker"], ["worker"], ["web"]).until_started()

    run.process.kill()

    until(lambda: not any(map(lives, run.notes.pids())))


def test_a_second_run_on_the_same_data_is_refused(supervise):
    run = supervise(["web"]).until_started()

    with (
        pytest.raises(InUse, match=f"in use by another passline up, process {run.process.pid}"),
        locked(run.directory / "data"),
    ):
        pass


def test_a_run_after_a_killed_one_waits_for_the_last_of_its_processes(supervise):
    first = supervise(["broker"]).until_started()
    pids = first.notes.pids()
    first.process.kill()
    first.process.wait()

    second = supervise(["broker"]).until_started()

    assert not any(map(lives, pids))
    assert second.end(signal.SIGINT)[0] == 0


def test_a_log_that_has_grown_long_is_moved_aside(tmp_path):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (LONGEST_LOG + 1))

    Child(Program("web", []), log, Context({}, tmp_path, tmp_path)).shorten_log()

    assert log.stat().st_size == 0
    assert (tmp_path / "web.log.1").stat().st_size == LONGEST_LOG + 1
