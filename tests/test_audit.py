"""The audit: silent on honest books, and loud about every kind of damage."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from workflow import schema
from workflow.audit import audit

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def findings(store):
    *_, last = audit(store, jobs_since=LONG_AGO)
    return last


@pytest.fixture
def order(kitchen):
    order = kitchen.place("MARGHERITA", "HOUSE-SALAD")
    kitchen.item(order, 0, "bump")
    kitchen.do(kitchen.place("COLA"), "cancel", reason="left")
    return order


def test_honest_books_have_no_findings(store, order):
    found = findings(store)
    assert found.findings == []
    assert (found.orders, found.lines) == (2, 1)
    assert found.events > 5
    assert found.jobs > 3


@pytest.mark.parametrize(
    ("table", "where", "values", "said"),
    [
        (schema.orders, {}, {"status": "ready"}, "differs from its events in status"),
        (schema.orders, {}, {"total": 1}, "differs from its events in total"),
        (schema.orders, {}, {"live": False}, "is on no board"),
        (schema.order_items, {"line": 2}, {"status": "ready"}, "differs from its events in items"),
        (schema.order_items, {"line": 2}, {"station": "roof"}, "is on no board"),
        (schema.events, {"version": 3}, {"position": 7}, "events are numbered"),
    ],
)
def test_damage_is_found(store, order, table, where, values, said):
    key = table.c.id if table is schema.orders else table.c.order_id
    with store.writing() as connection:
        change = sa.update(table).where(key == order.id).values(values)
        for name, value in where.items():
            change = change.where(table.c[name] == value)
        assert connection.execute(change).rowcount == 1

    assert any(said in finding.detail for finding in findings(store).findings)


def test_a_missing_event_is_found(store, order):
    with store.writing() as connection:
        gone = (schema.events.c.order_id == order.id) & (schema.events.c.version == 2)
        connection.execute(sa.delete(schema.events).where(gone))
    assert any("version 3 where 2 belongs" in finding.detail for finding in findings(store).findings)


def test_a_missing_job_is_found(store, order):
    with store.writing() as connection:
        job = connection.execute(sa.select(schema.jobs.c.id).where(schema.jobs.c.subject == order.id)).scalars().first()
        connection.execute(sa.delete(schema.jobs).where(schema.jobs.c.id == job))
    assert any(job in finding.detail for finding in findings(store).findings)
