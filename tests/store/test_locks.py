"""Who waits for another writer for longer than two seconds is told what for, and may send it again."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tests.restaurant import refused
from workflow.refusals import DatabaseUnavailable, IdempotencyKeyInUse
from workflow.schema import idempotency_keys, order_numbers, orders
from workflow.state_machine.commands import AdvanceOrder

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@contextmanager
def holding(kitchen, *statements):
    """Another writer that does not come to an end; what it did is undone afterwards."""
    with kitchen.store.writing() as connection:
        for statement in statements:
            connection.execute(statement)
        yield
        connection.rollback()


def a_key_used(kitchen):
    values = {"principal": "test", "key": "k1", "fingerprint": "f", "created_at": kitchen.clock()}
    return sa.insert(idempotency_keys).values(**values)


def test_the_same_key_under_way(kitchen):
    with holding(kitchen, a_key_used(kitchen)):
        (result,) = kitchen.outcomes(kitchen.submission(kitchen.draft(), key="k1"))

    assert isinstance(result, IdempotencyKeyInUse)
    assert "'k1'" in str(result)
    assert kitchen.place(key="k1").number == "A-001"


def test_the_order_itself(kitchen):
    order = kitchen.place()
    with holding(kitchen, sa.select(orders.c.id).with_for_update()):
        (result,) = kitchen.outcomes(kitchen.submission(AdvanceOrder("start"), order, key="k1"))

    assert isinstance(refused(result), DatabaseUnavailable)
    assert "holds the order" in str(result)
    assert kitchen.do(order, "start").status == "preparing"


def test_the_number_at_the_counter(kitchen):
    kitchen.place()
    with holding(kitchen, sa.select(order_numbers).with_for_update()):
        (result,) = kitchen.outcomes(kitchen.submission(kitchen.draft(), key="k1"))

    assert isinstance(refused(result), DatabaseUnavailable)
    assert "numbering" in str(result)
    assert kitchen.place(key="k1").number == "A-002"


def test_the_others_of_a_batch_do_not_wait_in_vain(kitchen):
    order, other = kitchen.place(), kitchen.place()
    with holding(kitchen, sa.select(orders.c.id).where(orders.c.id == order.id).with_for_update()):
        held, free = kitchen.outcomes(
            kitchen.submission(AdvanceOrder("start"), order), kitchen.submission(AdvanceOrder("start"), other)
        )

    assert isinstance(held, DatabaseUnavailable)
    assert free.order.status == "preparing"
