"""Who may do which job, and when."""

from datetime import timedelta

import pytest

from workflow.jobs.claim import claim, due_lanes, still_held
from workflow.jobs.lanes import LANES
from workflow.jobs.outcomes import Done, Retry
from workflow.jobs.settle import Attempt, settle
from workflow.store.store import open_store

LEASE = timedelta(seconds=60)


@pytest.fixture
def take(store):
    """Claims in a transaction of its own."""

    def take(lane="notifications", kinds=("note",)):
        with store.writing() as connection:
            return claim(connection, LANES[lane], kinds, at=store.now(), lease=LEASE)

    return take


@pytest.fixture
def finish(store, bench):
    kind = bench.external()

    def finish(job, outcome=Done()):  # noqa: B008
        with store.writing() as connection:
            return settle(connection, [Attempt(job, kind, outcome, store.now(), store.now())])

    return finish


def versions(jobs):
    return [(job.subject, job.version) for job in jobs]


def test_a_claim_raises_the_attempts_and_holds_the_job_for_its_lease(bench, take, clock):
    owed = bench.owe()

    claimed = take()

    assert versions(claimed) == [("a", 1)]
    assert claimed[0].attempts == bench.row(owed).attempts == 1
    assert bench.row(owed).lease_until == claimed[0].lease_until > clock.at
    assert take() == []


def test_jobs_that_are_not_due_wait(bench, take, clock):
    bench.owe(due_at=clock.at + timedelta(seconds=5))

    assert take() == []
    clock.advance(5)
    assert len(take()) == 1


def test_the_jobs_of_one_subject_go_in_the_order_of_its_versions(bench, take, finish):
    for version in (3, 1, 2):
        bench.owe("a", version)
    bench.owe("b", 7)

    first = take()
    assert sorted(versions(first)) == [("a", 1), ("b", 7)]
    assert take() == []
    finish(next(job for job in first if job.subject == "a"))
    assert versions(take()) == [("a", 2)]


def test_one_that_failed_keeps_those_behind_it_waiting(bench, take, finish, clock):
    bench.owe("a", 1)
    bench.owe("a", 2)

    finish(take()[0], Retry("no"))

    assert take() == []
    clock.advance(6)
    assert versions(take()) == [("a", 1)]


def test_a_dead_one_lets_those_behind_it_pass(bench, take, finish):
    bench.owe("a", 1, max_attempts=1)
    bench.owe("a", 2)

    finish(take()[0], Retry("no"))

    assert versions(take()) == [("a", 2)]


def test_lanes_do_not_wait_for_each_other(bench, take):
    bench.owe("a", 1)
    bench.owe("a", 2, lane="webhooks")

    assert versions(take("webhooks")) == [("a", 2)]


@pytest.mark.parametrize("lane", ["estimates", "timers"])
def test_where_order_means_nothing_nobody_stands_in_line(bench, take, clock, lane):
    bench.owe("a", 1, lane=lane, due_at=clock.at + timedelta(hours=1))
    bench.owe("a", 2, lane=lane)

    assert versions(take(lane)) == [("a", 2)]


def test_an_unknown_kind_is_left_for_a_program_that_knows_it(bench, take, store, clock):
    bench.owe("a", 1, kind="telepathy")
    bench.owe("a", 2)
    bench.owe("b", 1)

    assert versions(take()) == [("b", 1)]  # a's second one stays behind its first
    with store.reading() as connection:
        assert due_lanes(connection, ["note"], clock()) == set()
        assert due_lanes(connection, ["telepathy"], clock()) == {"notifications"}


def test_at_most_a_batch_is_claimed_and_the_longest_due_first(bench, take, clock):
    for number in range(25):
        bench.owe(f"s{number:02}", due_at=clock.at - timedelta(seconds=number))

    assert versions(take()) == [(f"s{number:02}", 1) for number in range(24, 4, -1)]


def test_one_that_was_tried_before_comes_alone(bench, take, clock):
    bench.owe("tried", attempts=1, due_at=clock.at - timedelta(seconds=1))
    bench.owe("new")

    assert versions(take()) == [("tried", 1)]
    assert versions(take()) == [("new", 1)]


def test_when_the_lease_is_over_somebody_else_may_have_it_and_the_first_has_no_say_any_more(bench, take, finish, clock):
    owed = bench.owe()
    (first,) = take()
    clock.advance(61)
    (second,) = take()

    assert (first.attempts, second.attempts) == (1, 2)
    assert not finish(first)
    assert bench.state(owed) == "pending"
    assert finish(second)
    assert bench.state(owed) == "done"
    assert not finish(second)


def test_only_the_latest_claim_is_held(bench, take, store, clock):
    bench.owe()
    (first,) = take()
    clock.advance(61)
    (second,) = take()

    with store.writing() as connection:
        assert not still_held(connection, [first])
        assert still_held(connection, [second])


def test_a_job_that_ends_whoever_does_it_is_dead_in_the_end(bench, take, clock):
    owed = bench.owe()

    for attempt in (1, 2, 3):
        assert [job.attempts for job in take()] == [attempt]
        clock.advance(61)

    assert take() == []
    assert bench.state(owed) == "dead"
    assert "never finished" in bench.row(owed).last_error


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_claims_at_once_share_the_jobs_and_wait_for_nobody(bench, store, database, clock):
    for number in range(30):
        bench.owe(f"s{number:02}")
    other = open_store(database, clock=clock)
    with store.writing() as mine, other.writing() as theirs:
        first = claim(mine, LANES["notifications"], ["note"], at=clock(), lease=LEASE)
        second = claim(theirs, LANES["notifications"], ["note"], at=clock(), lease=LEASE)
    other.close()

    assert (len(first), len(second)) == (20, 10)
    assert len({job.id for job in first + second}) == 30


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_next_in_line_waits_for_an_uncommitted_first(bench, store, database, clock):
    bench.owe("a", 1)
    bench.owe("a", 2)
    other = open_store(database, clock=clock)
    with store.writing() as mine, other.writing() as theirs:
        assert len(claim(mine, LANES["notifications"], ["note"], at=clock(), lease=LEASE)) == 1
        assert claim(theirs, LANES["notifications"], ["note"], at=clock(), lease=LEASE) == []
    other.close()
