import json
import threading
import time

import pytest
from click.testing import CliRunner

from workflow.cli import simulate
from workflow.simulation import summary
from workflow.simulation.agenda import Agenda
from workflow.simulation.evening import Evening, read_keys
from workflow.simulation.traffic import percentile

KEYS = {"pos": "a", "kitchen": "b", "manager": "c", "admin": "d"}


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(KEYS))
    return path


def run(*words):
    return CliRunner().invoke(simulate.command, [str(word) for word in words])


def test_without_a_server_there_is_no_evening(keys):
    played = run("--url", "http://127.0.0.1:9", "--keys", keys)
    assert played.exit_code == 2
    assert played.output == "Error: No server answers at http://127.0.0.1:9. Start one with `passline up --demo`.\n"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pos": "a"}'])
def test_a_file_without_keys_is_refused(tmp_path, text):
    path = tmp_path / "keys.json"
    path.write_text(text)
    played = run("--keys", path)
    assert played.exit_code == 2
    assert "is not a file of API keys" in played.output


@pytest.mark.parametrize("words", [["--orders", "0"], ["--speed", "0"], ["--seed", "x"], ["--url", "ftp://x"]])
def test_an_option_that_makes_no_sense_is_refused(keys, words):
    assert run("--keys", keys, *words).exit_code == 2


def test_the_keys_are_read():
    assert read_keys(json.dumps(KEYS)) == KEYS


def test_the_summary_lists_what_is_off():
    evening = Evening("http://127.0.0.1:9", KEYS, orders=3, speed=60, seed=5)
    assert summary.as_text(evening).endswith("The server's books agree with our own.")
    evening.findings.add("disagreement", "total is 1, not 2.", "sim-1")
    evening.findings.add("disagreement", "total is 1, not 2.", "sim-1")
    assert summary.as_text(evening).endswith("1 thing is off:\n  [disagreement] sim-1: total is 1, not 2.")
    told = summary.as_json(evening)
    assert (told["seed"], told["agree"], len(told["findings"])) == (5, False, 1)
    json.dumps(told)


def test_the_agenda_keeps_its_times_and_survives_an_act_that_fails():
    complaints, done, finished = [], [], threading.Event()
    agenda = Agenda(100, threads=2, complain=complaints.append)
    agenda.after(20, lambda: done.append("later"))
    agenda.after(5, lambda: done.append("sooner"))
    agenda.after(10, lambda: 1 / 0)
    agenda.after(1000, finished.set, owed=False)
    agenda.start()
    end = time.monotonic() + 5
    while agenda.owed and time.monotonic() < end:
        time.sleep(0.01)
    agenda.close()
    assert done == ["sooner", "later"]
    assert [type(each) for each in complaints] == [ZeroDivisionError]
    assert agenda.owed == 0
    assert not finished.is_set()


def test_simulated_time_is_real_time_by_the_speed():
    agenda = Agenda(60, threads=1, complain=print)
    assert agenda.real(600) == 10
    assert agenda.real(6, at_least=0.5) == 0.5


def test_a_percentile_is_a_value_that_was_measured():
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert percentile([1, 2, 3, 4], 0.99) == 4
    assert percentile([7], 0.5) == 7
