"""Doing jobs: once, again, later, never, and by several at once."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from workflow.jobs.backoff import backoff
from workflow.jobs.outcomes import Cancelled, Dead, Done, Retry, Snooze
from workflow.schema import heartbeats
from workflow.store.store import open_store


def failing(*subjects):
    def outcome(job):
        if job.subject in subjects:
            raise RuntimeError(f"{job.subject} is rotten")
        return Done()

    return outcome


def test_a_drain_goes_on_until_nothing_is_due(bench):
    for version in (1, 2, 3):
        bench.owe("a", version)
    for number in range(25):
        bench.owe(f"s{number}")

    assert bench.drain(bench.external()).drain("notifications") == 28
    assert [done for done in bench.done if done[0] == "a"] == [("a", 1), ("a", 2), ("a", 3)]
    assert {job.state for job in bench.rows()} == {"done"}


def test_a_drain_begins_nothing_more_when_its_time_is_over(bench):
    for version in (1, 2, 3):
        bench.owe("a", version)

    assert bench.drain(bench.external()).drain("notifications", seconds=0) == 1


@pytest.mark.parametrize("lane", ["notifications", "timers"])
@pytest.mark.parametrize(
    ("outcome", "state", "said"),
    [
        (Done(), "done", None),
        (Retry("engaged"), "pending", "engaged"),
        (Dead("no such number"), "dead", "no such number"),
        (Cancelled("no need"), "cancelled", "no need"),
    ],
)
def test_each_outcome_is_written_down(bench, lane, outcome, state, said):
    owed = bench.owe(lane=lane)
    make = bench.external if lane == "notifications" else bench.internal

    bench.drain(make(outcome, lane=lane)).drain(lane)

    row = bench.row(owed)
    assert (row.state, row.last_error, row.lease_until) == (state, said, None)
    assert (row.done_at is None) == (state == "pending")
    name = type(outcome).__name__.lower()
    kept = lane == "notifications" or name in ("retry", "dead")
    assert bench.tries(owed) == ([(1, name, said)] if kept else [])


@pytest.mark.parametrize("lane", ["notifications", "timers"])
def test_a_snooze_costs_no_try(bench, clock, lane):
    owed = bench.owe(lane=lane, max_attempts=1)
    until = clock.at + timedelta(minutes=5)
    make = bench.external if lane == "notifications" else bench.internal

    bench.drain(make(Snooze(until), lane=lane)).drain(lane)
    row = bench.row(owed)
    assert (row.state, row.due_at, row.max_attempts - row.attempts) == ("pending", until, 1)

    clock.advance(301)
    bench.drain(make(Done(), lane=lane)).drain(lane)
    assert bench.state(owed) == "done"


@pytest.mark.parametrize("lane", ["notifications", "timers"])
def test_what_fails_is_tried_again_with_growing_pauses_and_is_dead_in_the_end(bench, clock, lane):
    owed = bench.owe(lane=lane)
    make = bench.external if lane == "notifications" else bench.internal
    drain = bench.drain(make(failing("a"), lane=lane, base_seconds=10, cap_seconds=60))

    drain.drain(lane)
    pause = bench.row(owed).due_at - clock.at
    assert timedelta(seconds=4.9) <= pause <= timedelta(seconds=10)
    assert drain.drain(lane) == 0
    clock.advance(10)
    drain.drain(lane)
    assert timedelta(seconds=9.9) <= bench.row(owed).due_at - clock.at <= timedelta(seconds=20)
    clock.advance(20)
    drain.drain(lane)

    row = bench.row(owed)
    assert (row.state, row.attempts, row.last_error) == ("dead", 3, "RuntimeError: a is rotten")
    assert [outcome for _, outcome, _ in bench.tries(owed)] == ["retry"] * 3


def test_backoff_doubles_up_to_its_cap_and_lets_up_to_a_half_off_by_chance():
    longest = [backoff(n, base_seconds=5, cap_seconds=60, chance=lambda: 0.0).total_seconds() for n in range(1, 7)]
    shortest = [backoff(n, base_seconds=5, cap_seconds=60, chance=lambda: 1.0).total_seconds() for n in range(1, 7)]

    assert longest == [5, 10, 20, 40, 60, 60]
    assert shortest == [seconds / 2 for seconds in longest]
    assert backoff(5000, base_seconds=5, cap_seconds=60, chance=lambda: 0.0) == timedelta(seconds=60)


def test_one_that_fails_does_not_spoil_its_batch(bench):
    for subject in ("a", "b", "c"):
        bench.owe(subject, lane="timers")

    bench.drain(bench.internal(failing("b"))).drain("timers")

    assert {job.subject: job.state for job in bench.rows()} == {"a": "done", "b": "pending", "c": "done"}
    assert [job.last_error for job in bench.rows() if job.subject == "b"] == ["RuntimeError: b is rotten"]


def test_what_a_failing_job_wrote_is_not_there(bench, store):
    bench.owe(lane="estimates")

    def work(jobs, inside):
        row = {"name": "x", "host": "h", "pid": 1, "at": inside.at, "detail": {}}
        inside.connection.execute(sa.insert(heartbeats).values(row))
        raise RuntimeError("after writing")

    bench.drain(bench.joint(work)).drain("estimates")

    with store.reading() as connection:
        assert connection.execute(sa.select(heartbeats)).all() == []


def test_jobs_that_are_long_due_use_up_a_try_before_they_are_begun(bench, clock, database):
    owed = bench.owe(lane="timers", due_at=clock.at - timedelta(minutes=5))
    seen = []
    outside = open_store(database)

    def look(job):
        with outside.reading() as connection:
            seen.append(connection.execute(sa.text("SELECT attempts FROM jobs")).scalar_one())
        return Done()

    bench.drain(bench.internal(look)).drain("timers")
    outside.close()

    assert seen == [1]
    assert bench.state(owed) == "done"


def test_what_a_claimant_finds_taken_over_it_leaves_alone(bench, clock):
    """Its lease ran out during the call, and another one did the job meanwhile."""
    owed = bench.owe()

    def slow(job):
        if job.attempts == 1:
            clock.advance(61)
            bench.drain(bench.external()).drain("notifications")
            assert bench.state(owed) == "done"
        return Retry("too slow")

    bench.drain(bench.external(slow)).drain("notifications")

    assert bench.state(owed) == "done"
    assert bench.done == [("a", 1), ("a", 1)]


def test_a_batch_is_not_carried_beyond_its_lease(bench, settings):
    for subject in ("a", "b", "c"):
        bench.owe(subject)
    ticks = iter(range(0, 10_000, 20))
    drain = bench.drain(bench.external())
    drain._monotonic = lambda: next(ticks)

    drain.drain("notifications")

    assert len(bench.done) == 1
    waiting = bench.rows(sa.text("state = 'pending'"))
    assert [job.lease_until for job in waiting] == [None, None]


@pytest.mark.parametrize("lane", ["notifications", "timers"])
def test_several_drains_at_once_do_each_job_once_and_in_order(bench, database, settings, lane):
    for number in range(8):
        for version in range(1, 6):
            bench.owe(f"s{number}", version, lane=lane)
    make = bench.external if lane == "notifications" else bench.internal
    kind = make(lane=lane)
    stores = [open_store(database, clock=bench.clock) for _ in range(3)]

    def work(store):
        drain = type(bench)(store, bench.clock, settings).drain(kind)
        while drain.drain(lane):
            pass

    threads = [threading.Thread(target=work, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bench.drain(kind).drain(lane)
    for store in stores:
        store.close()

    assert {job.state for job in bench.rows()} == {"done"}
    assert sorted(bench.done) == sorted(set(bench.done))
    if lane == "notifications":
        for number in range(8):
            assert [v for s, v in bench.done if s == f"s{number}"] == [1, 2, 3, 4, 5]
