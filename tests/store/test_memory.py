"""Orders are remembered, and believed only as long as the database says so."""

from contextlib import suppress

import pytest
import sqlalchemy as sa

from workflow.schema import orders
from workflow.state_machine.commands import AdvanceItem, AdvanceOrder
from workflow.state_machine.model import OrderStatus
from workflow.store.memory import Orders
from workflow.store.store import open_store


@pytest.fixture
def office(database, clock):
    """Another process on the same database."""
    store = open_store(database, clock=clock)
    yield store
    store.close()


def asked(restaurant, command, order):
    """What a command asks the database before it decides."""
    batch = restaurant.store.batch([restaurant.submission(command, order)])
    statements = []
    with restaurant.store.writing() as connection:
        conversation = restaurant.store.decided(batch)
        step = next(conversation)
        while not step.last:
            statements += [statement.text for statement in step.statements]
            step = conversation.send(restaurant.store.spelling.exchange(connection, step))
    return statements


def reads_items(restaurant, command, order):
    return any("order_items" in statement for statement in asked(restaurant, command, order))


def test_what_this_process_wrote_is_not_read_again(kitchen):
    order = kitchen.place("MARGHERITA", "COLA")
    assert not reads_items(kitchen, AdvanceOrder("start"), order)
    assert kitchen.do(order, "start").status == OrderStatus.PREPARING


def test_what_another_process_wrote_is_read(kitchen, office):
    order = kitchen.place("MARGHERITA", "COLA")
    first, second = order.items
    (elsewhere,) = office.run([kitchen.submission(AdvanceItem(first.id, "bump"), order)])
    assert elsewhere.order.status == OrderStatus.PREPARING
    assert reads_items(kitchen, AdvanceItem(second.id, "bump"), order)
    assert kitchen.item(order, 1, "bump").status == OrderStatus.READY
    assert kitchen.stored(order).status == OrderStatus.READY


def test_a_batch_that_was_not_committed_is_not_remembered(kitchen):
    order = kitchen.place()
    with kitchen.store.writing() as connection:
        kitchen.store.run_in(connection, [kitchen.submission(AdvanceOrder("start"), order)])
        connection.rollback()
    assert kitchen.do(order, "bump").started_at is not None
    assert [event.version for event in kitchen.history(order)] == [1, 2, 3, 4, 5]


def test_the_same_version_of_another_history_is_read(kitchen):
    """As after a failover to a server that had not heard of the last commit."""
    order = kitchen.place()
    with kitchen.store.writing() as connection:
        connection.execute(
            sa.update(orders).where(orders.c.id == order.id).values(updated_at=kitchen.clock(), table="12")
        )
    assert kitchen.do(order, "start").table == "12"


def test_an_order_that_is_gone_is_not_found(kitchen):
    order = kitchen.place()
    kitchen.do(order, "start")
    with kitchen.store.writing() as connection:
        for table in ("idempotency_keys", "jobs", "events", "order_items", "orders"):
            connection.execute(sa.text(f"DELETE FROM {table}"))
    (result,) = kitchen.outcomes(kitchen.submission(AdvanceOrder("bump"), order))
    assert type(result).__name__ == "OrderNotFound"


def test_the_orders_of_longest_ago_are_forgotten_first(kitchen):
    first, second, third = (kitchen.place() for _ in range(3))
    kept = Orders(2)
    kept.keep({first.id: first, second.id: second})
    kept.keep({first.id: first})
    kept.keep({third.id: third})
    assert kept.find([first.id, second.id, third.id]) == {first.id: first, third.id: third}


def torn(conversation, between):
    """*conversation*, in which *between* happens before an order's items or events are read, but after its row was."""
    step = next(conversation)
    with suppress(StopIteration):
        while True:
            found = []
            for statement in step.statements:
                if "events" in statement.text or (found and "order_items" in statement.text):
                    between()
                found += yield step._replace(statements=[statement], ahead=(), last=False)
            step = conversation.send(found)


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_answer_that_is_given_again_is_of_one_version(kitchen, office):
    """Another process commits between the row and the items: the statement for the items finds what came after."""
    draft = kitchen.draft("MARGHERITA", "HOUSE-SALAD")
    order = kitchen.outcome(draft, key="k").order
    # Nothing is known of the house, so nothing is reserved ahead.
    batch = office.batch([kitchen.submission(draft, key="k")])

    def bump():
        kitchen.item(order, 0, "bump")

    with office.writing() as connection:
        office.converse(connection, torn(office.decided(batch), bump))

    (again,) = batch.results
    assert again.replayed
    assert again.order == order
    assert kitchen.stored(order).version > order.version


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_order_that_is_there_already_is_shown_in_one_version(kitchen, office):
    draft = kitchen.draft("MARGHERITA", "HOUSE-SALAD", external_id="till-1")
    order = kitchen.outcome(draft).order
    batch = office.batch([kitchen.submission(kitchen.draft("MARGHERITA", "HOUSE-SALAD", external_id="till-1"))])

    with office.writing() as connection:
        office.converse(connection, torn(office.decided(batch), lambda: kitchen.item(order, 0, "bump")))

    (again,) = batch.results
    assert again.kind == "existing"
    assert again.order == kitchen.stored(order)
    assert again.order.version > order.version
