"""Numbers are reserved by what was known; what comes out otherwise costs no number, and none is given twice."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.restaurant import Restaurant, refused
from workflow.menu import set_available
from workflow.refusals import ItemUnavailable
from workflow.schema import order_numbers
from workflow.store.spelling import Step
from workflow.store.store import open_store


@pytest.fixture
def office(database, clock):
    """Another process on the same database."""
    store = open_store(database, clock=clock)
    yield store
    store.close()


def sell(store, *, available, sku="COLA"):
    with store.writing() as connection:
        set_available(connection, "main", sku, available=available)


def numbers(outcomes):
    return [outcome.order.number for outcome in outcomes]


def interrupted(conversation, *, by):
    """*conversation*, and the step *by* after its first one."""
    found = yield next(conversation)
    yield by
    return (yield from continued(conversation, found))


def continued(conversation, found):
    try:
        while True:
            found = yield conversation.send(found)
    except StopIteration as end:
        return end.value


def test_what_is_sent_again_takes_no_number(kitchen):
    first = kitchen.place(key="k1")
    assert kitchen.place(key="k1") == first
    assert kitchen.place().number == "A-002"


def test_what_is_refused_takes_no_number(kitchen, office):
    kitchen.place("COLA")
    sell(office, available=False)
    drafts = [kitchen.draft("FRIES"), kitchen.draft("COLA"), kitchen.draft("FRIES")]
    first, refusal, second = kitchen.outcomes(*map(kitchen.submission, drafts))
    assert isinstance(refused(refusal), ItemUnavailable)
    assert numbers([first, second]) == ["A-002", "A-003"]
    assert kitchen.place("FRIES").number == "A-004"


def test_what_was_not_known_is_numbered_as_well(kitchen, office):
    """Refused by what this process knew of the menu, sold by what the menu says."""
    sell(office, available=False)
    kitchen.outcomes(kitchen.submission(kitchen.draft("COLA")))
    sell(office, available=True)
    drafts = [kitchen.draft("COLA"), kitchen.draft("FRIES"), kitchen.draft("COLA")]
    assert numbers(kitchen.outcomes(*map(kitchen.submission, drafts))) == ["A-001", "A-002", "A-003"]


def test_the_first_batch_of_a_process_knows_nothing_and_is_numbered(kitchen, office, clock):
    kitchen.place()
    submissions = [kitchen.submission(kitchen.draft()) for _ in range(3)]
    assert numbers(office.run(submissions)) == ["A-002", "A-003", "A-004"]


def test_each_day_counts_for_itself(kitchen, clock):
    for _ in range(3):
        kitchen.place()
    later = clock() + timedelta(days=1)
    drafts = [kitchen.draft(), kitchen.draft(scheduled_for=later), kitchen.draft(), kitchen.draft(scheduled_for=later)]
    assert numbers(kitchen.outcomes(*map(kitchen.submission, drafts))) == ["A-004", "A-001", "A-005", "A-002"]
    assert kitchen.place().number == "A-006"


def test_each_location_counts_for_itself(kitchen, clock):
    annex = Restaurant(kitchen.store, clock, id="annex")
    for _ in range(3):
        kitchen.place()
    both = [place.submission(place.draft()) for place in (kitchen, annex, annex, kitchen)]
    assert numbers(kitchen.outcomes(*both)) == ["A-004", "A-001", "A-002", "A-005"]


def test_numbers_that_others_have_counted_on_from_are_not_given_back(kitchen, office):
    """Between the reservation and the end of the batch, another process takes the next one: a gap, and no double."""
    kitchen.place(key="k1")
    batch = kitchen.store.batch([kitchen.submission(kitchen.draft(), key="k1")])
    taken = Step([office.spelling.take_numbers("main", kitchen.place().business_day, 1)])
    with kitchen.store.writing() as connection:
        kitchen.store.converse(connection, interrupted(kitchen.store.decided(batch), by=taken))
    assert batch.results[0].replayed
    assert kitchen.place().number == "A-005"
    assert kitchen.rows(sa.select(order_numbers.c.last))[0].last == 5
