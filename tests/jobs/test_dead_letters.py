"""Jobs that wait for a person, and what a person can do."""

import json

import pytest
from click.testing import CliRunner

from workflow.cli.jobs import command
from workflow.jobs import dead_letters
from workflow.jobs.figures import figures
from workflow.jobs.outcomes import Dead, Done


@pytest.fixture
def dead(bench):
    """Three dead jobs, of two lanes."""
    owed = [bench.owe("a"), bench.owe("b"), bench.owe("c", lane="webhooks")]
    drain = bench.drain(bench.external(Dead("no")), bench.external(Dead("gone"), name="note", lane="webhooks"))
    drain._outer = {"note": bench.external(Dead("no"))}
    drain.drain("notifications")
    bench.drain(bench.external(Dead("gone"), lane="webhooks")).drain("webhooks")
    return owed


@pytest.fixture
def passline(database, tmp_path):
    def passline(*words):
        return CliRunner().invoke(command, [*words, "--database", database, "--data", str(tmp_path)])

    return passline


def test_dead_jobs_are_listed_page_by_page(dead, store):
    with store.reading() as connection:
        ids = [job.id for job in dead_letters.page(connection)]
        assert sorted(job.id for job in dead) == ids
        first = dead_letters.page(connection, limit=2)
        rest = dead_letters.page(connection, limit=2, after=first[-1].id)
        assert [job.id for job in first + rest] == ids
        assert [job.subject for job in dead_letters.page(connection, lane="webhooks")] == ["c"]
        assert dead_letters.page(connection, location_id="elsewhere") == []


def test_a_retried_job_has_new_tries_under_its_old_id(dead, bench, store, clock):
    with store.writing() as connection:
        assert dead_letters.retry(connection, dead[0].id, clock())
        assert not dead_letters.retry(connection, dead[0].id, clock())

    row = bench.row(dead[0])
    assert (row.state, row.attempts, row.max_attempts) == ("pending", 1, 6)
    bench.drain(bench.external(Done())).drain("notifications")
    assert bench.state(dead[0]) == "done"
    with store.reading() as connection:
        assert [one.outcome for one in dead_letters.tries(connection, dead[0].id)] == ["dead", "done"]


def test_a_discarded_job_keeps_the_reason(dead, bench, store, clock):
    with store.writing() as connection:
        assert not dead_letters.discard(connection, dead[0].id, "x", clock(), location_id="elsewhere")
        assert dead_letters.discard(connection, dead[0].id, "The guest has left.", clock(), location_id="main")
        assert not dead_letters.discard(connection, dead[0].id, "again", clock())

    assert bench.state(dead[0]) == "cancelled"
    assert "The guest has left." in bench.row(dead[0]).last_error


def test_the_figures_tell_how_the_lanes_are(dead, bench, store, clock):
    bench.owe("d")
    clock.advance(90)

    with store.reading() as connection:
        found = {lane.lane: lane for lane in figures(connection, clock())}

    assert (found["notifications"].pending, found["notifications"].dead) == (1, 2)
    assert 90 <= found["notifications"].oldest_due_seconds <= 91
    assert (found["webhooks"].pending, found["webhooks"].oldest_due_seconds, found["webhooks"].dead) == (0, 0, 1)
    assert set(found) == {"estimates", "notifications", "webhooks", "reports", "timers"}


def test_passline_jobs_lists_retries_and_discards(dead, bench, passline):
    listed = passline("list")
    assert all(job.id in listed.output for job in dead)
    assert [job["subject"] for job in json.loads(passline("list", "--lane=webhooks", "--json").output)] == ["c"]

    assert passline("retry", dead[0].id).output == "1 job is tried again.\n"
    assert passline("discard", dead[1].id, "--reason=enough").exit_code == 0
    assert passline("retry", "--all", "--lane", "webhooks").output == "1 job is tried again.\n"
    assert [bench.state(job) for job in dead] == ["pending", "cancelled", "pending"]
    assert "There are no dead jobs." in passline("list").stderr
    assert "notifications" in passline("figures").output
    assert len(json.loads(passline("figures", "--json").output)) == 5


def test_passline_jobs_says_what_is_wrong(dead, passline):
    assert passline("retry").exit_code == 2
    unknown = passline("discard", "0193b8a0-0000-7000-8000-000000000000", "--reason=x")
    assert (unknown.exit_code, "There is no dead job" in unknown.stderr) == (1, True)
