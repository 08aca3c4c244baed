"""A month of business on a real database: what the reports say together is what the orders say."""

import json
import random
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.reporting.restaurant import DAY, FIRST
from workflow.intake import DraftItem, PlaceDraft
from workflow.reporting import closing
from workflow.schema import orders
from workflow.schema import reports as reports_table
from workflow.state_machine.refusals import Refusal
from workflow.submissions import Submission


def some_business(house, chance, placed):
    """One thing that happens, to a new order or to any that there ever was."""
    house.now += timedelta(minutes=chance.choice([1, 20, 300]))
    order = chance.choice(placed) if placed else None
    what = chance.choice(["place", "place", "place ahead", "void", "pay", "cancel", "finish", "bump", "recall"])
    if order is None or what.startswith("place"):
        ahead = house.now + chance.choice([1, 2, 5]) * DAY if what == "place ahead" else None
        paid = chance.choice([(), [("card", 450, 20)]])
        placed.append(house.place(*chance.choices(["BURGER", "BEER"], k=3), scheduled_for=ahead, payments=paid))
    elif what == "void":
        house.void(order, chance.randrange(3))
    elif what == "pay":
        house.pay(order, chance.randrange(2000))
    elif what == "finish":
        house.finish(order)
    else:
        house.do(order, what, reason="because")


def filed(house):
    with house.store.reading() as connection:
        query = sa.select(reports_table).order_by(reports_table.c.number)
        return [row for row in connection.execute(query) if row.status == "closed"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_of_reports_adds_up_and_can_be_computed_again(restaurant, seed):
    chance, placed = random.Random(seed), []
    for _ in range(120):
        with suppress(Refusal):
            some_business(restaurant, chance, placed)
        if chance.random() < 0.15:
            restaurant.number()
        if chance.random() < 0.1 and (today := closing.reports.today(place(restaurant), restaurant.now)) > FIRST:
            restaurant.close(today - chance.choice([0, 1, 2]) * DAY)
    restaurant.now += 7 * DAY
    restaurant.close(closing.reports.today(place(restaurant), restaurant.now))
    rows = filed(restaurant)
    bodies = [json.loads(row.body) for row in rows]
    with restaurant.store.reading() as connection:
        sums = sa.select(*(sa.func.sum(orders.c[name]) for name in ("total", "paid", "tips")))
        total, paid, tips = connection.execute(sums).one()
    assert bodies[-1]["grand_total"] == sum(body["net_total"] for body in bodies) == total
    assert sum(body["payments"]["amount"] for body in bodies) == paid
    assert sum(body["payments"]["tips"] for body in bodies) == tips
    assert [row.business_day for row in rows] == [FIRST + day * DAY for day in range(len(rows))]
    for row in rows:
        assert restaurant.recomputed(row.business_day) == row.body.encode()


def test_a_transaction_that_is_open_while_its_day_is_closed_is_in_the_next_report(restaurant_on_postgresql):
    house = restaurant_on_postgresql
    house.place("BEER")
    draft = PlaceDraft("dine_in", (DraftItem(1, sku="BURGER"),), "slow")
    with house.store.writing() as slow:
        house.store.run_in(slow, [Submission(draft, "main", "pos:1")])
        assert [run.number for run in house.close()] == [1]
    assert house.report()["net"] == 450
    house.now += DAY
    assert house.report(FIRST + DAY)["adjustments"]["net"] == 1200
    house.close(FIRST + DAY)
    assert house.report(FIRST + DAY)["grand_total"] == 1650
    assert house.recomputed() == house.report_bytes()


def place(house):
    with house.store.reading() as connection:
        return closing.reports.location(connection, "main")
