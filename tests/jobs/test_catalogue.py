"""What an event owes must be somebody's to do."""

from workflow.jobs.catalogue import KINDS
from workflow.notifications.messages import is_known
from workflow.subscriptions import SUBSCRIPTIONS


def test_every_kind_that_an_event_owes_is_known_in_its_lane():
    known = {(kind.name, kind.lane) for kind in KINDS}
    owed = {(owed.kind, owed.lane) for all_owed in SUBSCRIPTIONS.values() for owed in all_owed}

    assert owed | {("close_day", "reports")} == known
    assert len(known) == len(KINDS)


def test_there_are_words_for_every_event_that_is_told():
    told = {event for event, all_owed in SUBSCRIPTIONS.items() if any(o.kind == "notify_customer" for o in all_owed)}

    assert [event for event in told if not is_known(event)] == []
