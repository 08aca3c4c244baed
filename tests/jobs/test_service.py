"""When a bell is rung, and when the dispatcher does the work."""

from datetime import timedelta

import pytest

from tests.restaurant import NOON
from workflow.service import Service


class Bell:
    def __init__(self):
        self.rung, self.tried, self.broken = 0, 0, False

    def __call__(self, lane):
        self.tried += 1
        if self.broken:
            raise ConnectionError("refused")
        self.rung += 1


class Watch:
    def __init__(self):
        self.at = 1000.0

    def __call__(self):
        return self.at


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def bell():
    return Bell()


@pytest.fixture
def drained():
    return []


@pytest.fixture
def service(bell, watch, drained):
    return Service("timers", lambda lane, seconds: drained.append(lane) or 0, bell, monotonic=watch)


def test_without_a_bell_the_work_is_done_here(watch, drained):
    service = Service("timers", lambda lane, seconds: drained.append(lane) or 0, None, monotonic=watch)

    service.serve(due=True)

    assert drained == ["timers"]
    assert not service.wants_a_knock()


def test_a_bell_is_rung_while_somebody_answers(service, bell, drained):
    service.serve(due=True)

    assert (bell.rung, drained) == (1, [])


def test_a_lane_without_work_is_knocked_at_now_and_then(service, bell, watch, drained):
    assert service.wants_a_knock()
    service.serve(due=False)
    assert not service.wants_a_knock()
    watch.at += 11
    assert service.wants_a_knock()
    assert (bell.rung, drained) == (1, [])


def test_when_nobody_answers_for_long_the_work_is_done_here_until_somebody_does(service, bell, watch, drained):
    watch.at += 31
    service.serve(due=True)
    assert (bell.rung, drained) == (1, ["timers"])

    service.heard_of_worker(NOON - timedelta(seconds=2), NOON)
    service.serve(due=True)
    assert (bell.rung, drained) == (2, ["timers"])


def test_an_old_sign_of_life_is_none(service, watch, drained):
    watch.at += 31
    service.heard_of_worker(NOON - timedelta(seconds=40), NOON)
    service.heard_of_worker(None, NOON)

    service.serve(due=True)

    assert drained == ["timers"]


def test_what_cannot_be_rung_for_is_done_here_at_once(service, bell, drained):
    bell.broken = True

    service.serve(due=True)

    assert drained == ["timers"]


def test_a_bell_that_fails_is_left_alone_for_longer_and_longer(service, bell, watch, drained):
    bell.broken = True
    tried = []
    for second in range(200):
        before = bell.tried
        service.serve(due=True)
        if service.wants_another_try():
            service.try_again()
        if bell.tried > before:
            tried.append(second)
        watch.at += 1

    assert tried == [0, 2, 6, 14, 30, 60, 90, 120, 150, 180]
    assert len(drained) == 200


def test_a_bell_that_failed_is_rung_once_it_rings_again(service, bell, watch, drained):
    bell.broken = True
    service.serve(due=True)
    bell.broken = False
    watch.at += 2
    assert not service.wants_a_knock()
    assert service.wants_another_try()

    service.try_again()
    service.serve(due=True)

    assert not service.wants_another_try()
    assert (bell.rung, len(drained)) == (2, 1)


def test_the_work_does_not_wait_for_another_try_of_a_bell_that_failed(service, bell, watch, drained):
    bell.broken = True
    service.serve(due=True)
    watch.at += 2
    service.serve(due=True)

    assert (bell.tried, len(drained)) == (1, 2)
