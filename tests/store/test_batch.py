"""Commands that share a transaction: each counts, a refusal costs its neighbours nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from psycopg import OperationalError

from tests.restaurant import refused
from workflow.intake import AddDraft, DraftItem, DraftModifier
from workflow.menu import replace_menu, set_available
from workflow.refusals import (
    DatabaseUnavailable,
    ExternalIdConflict,
    IdempotencyKeyReused,
    ItemUnavailable,
    OrderNotFound,
    PriceMismatch,
    StaleVersion,
    TimeOutOfReach,
    UnknownItem,
    UnknownStation,
)
from workflow.schema import jobs, orders
from workflow.state_machine.commands import AddPayment, AdvanceItem, AdvanceOrder, EstimateOrder
from workflow.state_machine.evolve import fold
from workflow.state_machine.model import OrderStatus, Payment
from workflow.state_machine.refusals import ItemsPending, OrderFull
from workflow.store.store import open_store
from workflow.submissions import Submission
from workflow.subscriptions import jobs_owed


def test_an_order_is_stored_as_its_history_folds(kitchen):
    salad = DraftItem(2, sku="HOUSE-SALAD", modifiers=(DraftModifier("dressing on the side"),), notes="quick", course=2)
    order = kitchen.place("MARGHERITA", salad, guests=2, table="12", payments=(Payment("card", 500, 50),))
    kitchen.ticket(order, "pizza", "bump")
    kitchen.do(order, "fire", course=2)
    kitchen.item(order, 1, "void", reason="no lettuce")

    stored = kitchen.stored(order)

    assert stored == fold(kitchen.history(order))
    assert stored.status == OrderStatus.READY
    assert [event.version for event in kitchen.history(order)] == list(range(1, stored.version + 1))


def test_two_commands_on_one_order_in_one_batch_both_count(kitchen):
    order = kitchen.place("MARGHERITA", "HOUSE-SALAD")
    bumps = [kitchen.submission(AdvanceItem(item.id, "bump"), order) for item in order.items]

    first, second = kitchen.outcomes(*bumps)

    assert first.order.status == OrderStatus.PREPARING
    assert second.order.status == OrderStatus.READY
    assert kitchen.stored(order) == second.order


def test_a_refusal_costs_its_neighbours_nothing(kitchen):
    order = kitchen.place()
    refusal, outcome = kitchen.outcomes(
        kitchen.submission(AdvanceOrder("complete"), order), kitchen.submission(AdvanceOrder("start"), order)
    )

    assert refused(refusal).members["items"] == [order.items[0].id]
    assert kitchen.stored(order) == outcome.order


def test_a_no_op_leaves_no_trace(kitchen):
    order = kitchen.do(kitchen.place(), "start")

    assert kitchen.do(order, "start") == order
    assert len(kitchen.history(order)) == order.version


def test_every_event_has_its_jobs(kitchen):
    order = kitchen.place("MARGHERITA", scheduled_for=None)
    kitchen.do(order, "bump")

    folded, owed = None, []
    for recorded in kitchen.history(order):
        folded = fold(kitchen.history(order)[: recorded.version])
        owed += [job.id for job in jobs_owed(folded, recorded)]

    assert owed
    assert sorted(owed) == sorted(row.id for row in kitchen.rows(sa.select(jobs.c.id)))


def test_numbers_count_within_the_business_day(kitchen, clock):
    assert [kitchen.place().number for _ in range(3)] == ["A-001", "A-002", "A-003"]
    clock.advance(24 * 3600)
    assert kitchen.place().number == "A-001"


def test_orders_placed_in_one_batch_are_numbered_in_their_order(kitchen):
    outcomes = kitchen.outcomes(*(kitchen.submission(kitchen.draft()) for _ in range(4)))
    assert [outcome.order.number for outcome in outcomes] == ["A-001", "A-002", "A-003", "A-004"]


class TestIdempotency:
    def test_the_same_request_again_is_answered_again_and_done_once(self, kitchen):
        first = kitchen.outcome(kitchen.draft(), key="k1")
        kitchen.do(first.order, "bump")

        again = kitchen.outcome(kitchen.draft(), key="k1")

        assert again.replayed
        assert (again.order, again.at) == (first.order, first.at)
        assert len(kitchen.rows(sa.select(orders.c.id))) == 1

    def test_in_one_batch_too(self, kitchen):
        first, again = kitchen.outcomes(*(kitchen.submission(kitchen.draft(), key="k1") for _ in range(2)))
        assert (again.replayed, again.order) == (True, first.order)

    def test_a_replay_shows_the_order_as_of_then_even_in_the_batch_that_goes_on(self, kitchen):
        order = kitchen.place("MARGHERITA", "HOUSE-SALAD")
        one, two = (AdvanceItem(item.id, "bump") for item in order.items)
        first, _, again = kitchen.outcomes(
            kitchen.submission(one, order, key="k"),
            kitchen.submission(two, order),
            kitchen.submission(one, order, key="k"),
        )
        assert (again.replayed, again.order) == (True, first.order)

    def test_a_refusal_is_told_again_though_it_would_be_accepted_by_now(self, kitchen):
        order = kitchen.place()
        with pytest.raises(ItemsPending) as first:
            kitchen.outcome(AdvanceOrder("complete"), order, key="k")
        kitchen.do(order, "bump")

        with pytest.raises(ItemsPending) as again:
            kitchen.outcome(AdvanceOrder("complete"), order, key="k")

        assert again.value.replayed
        assert again.value.members == first.value.members

    def test_the_key_of_another_request_is_refused(self, kitchen):
        kitchen.outcome(kitchen.draft(), key="k", fingerprint="one")
        with pytest.raises(IdempotencyKeyReused):
            kitchen.outcome(kitchen.draft(), key="k", fingerprint="other")

    def test_a_payment_under_a_key_is_taken_once(self, kitchen):
        order = kitchen.place()
        for _ in range(3):
            kitchen.outcome(AddPayment(Payment("cash", 1000)), order, key="pay")
        assert kitchen.stored(order).paid == 1000

    def test_fifty_at_once_from_two_stores_place_one_order(self, kitchen, database, clock):
        other = open_store(database, clock=clock)
        results, gate = [], threading.Barrier(8)

        def till(store):
            gate.wait()
            for _ in range(6):
                results.extend(store.run([kitchen.submission(kitchen.draft(external_id="e-1"), key="k")]))

        tills = [threading.Thread(target=till, args=[(kitchen.store, other)[n % 2]]) for n in range(8)]
        for thread in tills:
            thread.start()
        for thread in tills:
            thread.join()
        other.close()

        assert {result.order.id for result in results} == {kitchen.rows(sa.select(orders.c.id))[0].id}
        assert len(kitchen.rows(sa.select(orders.c.id))) == 1
        assert sum(not result.replayed for result in results) == 1


class TestExternalId:
    def test_the_same_content_is_the_same_order(self, kitchen):
        first = kitchen.outcome(kitchen.draft(external_id="till-1"))
        again = kitchen.outcome(kitchen.draft(external_id="till-1"))
        assert (first.kind, again.kind) == ("placed", "existing")
        assert again.order == first.order

    def test_another_content_is_a_conflict(self, kitchen):
        order = kitchen.place(external_id="till-1")
        with pytest.raises(ExternalIdConflict) as refusal:
            kitchen.outcome(kitchen.draft("COLA", external_id="till-1", fingerprint="other content"))
        assert refusal.value.members["order_id"] == order.id

    @pytest.mark.parametrize("since", ["sold out", "off the menu"])
    def test_it_is_the_same_whatever_has_become_of_the_menu(self, kitchen, since):
        """A till that had no answer must not hear that there is none left of what is being cooked for it."""
        order = kitchen.place(external_id="till-1")
        with kitchen.store.writing() as connection:
            set_available(connection, kitchen.location.id, "MARGHERITA", available=False)
            if since == "off the menu":
                replace_menu(connection, kitchen.location.id, [])

        again = kitchen.outcome(kitchen.draft(external_id="till-1"))

        assert (again.kind, again.order) == ("existing", order)
        with pytest.raises(ExternalIdConflict):
            kitchen.outcome(kitchen.draft(external_id="till-1", fingerprint="other content"))
        with pytest.raises(ItemUnavailable if since == "sold out" else UnknownItem):
            kitchen.outcome(kitchen.draft(external_id="till-2"))

    def test_twice_in_one_batch(self, kitchen):
        first, again = kitchen.outcomes(*(kitchen.submission(kitchen.draft(external_id="t")) for _ in range(2)))
        assert (again.kind, again.order) == ("existing", first.order)


class TestOrdersForLater:
    def test_a_time_that_went_by_meanwhile_is_now(self, kitchen, clock):
        """So that a till which was without a line for an hour loses nothing, nor sells on a day that is over."""
        order = kitchen.place(scheduled_for=clock.at - timedelta(hours=23))
        assert (order.status, order.business_day) == (OrderStatus.SCHEDULED, kitchen.place().business_day)

    @pytest.mark.parametrize("year", [1, 1970, 2028, 9999])
    def test_a_time_that_nobody_can_mean_is_refused(self, kitchen, year):
        with pytest.raises(TimeOutOfReach) as refusal:
            kitchen.place(scheduled_for=datetime(year, 12, 31, tzinfo=UTC))
        assert refusal.value.members["errors"][0]["pointer"] == "/scheduled_for"

    def test_even_then_an_order_that_is_there_is_there(self, kitchen, clock):
        at = clock.at + timedelta(hours=1)
        order = kitchen.place(external_id="till-1", scheduled_for=at)
        clock.advance(3 * 86_400)
        assert kitchen.outcome(kitchen.draft(external_id="till-1", scheduled_for=at)).order == order


def test_an_order_does_not_grow_without_end(kitchen):
    order = kitchen.place(*["MARGHERITA"] * 200)
    order = kitchen.add(kitchen.add(order, *["COLA"] * 200), *["COLA"] * 99)
    with pytest.raises(OrderFull) as refusal:
        kitchen.add(order, "COLA", "COLA")
    assert refusal.value.members == {"most_items": 500}
    assert len(kitchen.add(order, "COLA").items) == 500


class TestPricing:
    def test_price_station_and_allergens_come_from_the_menu(self, kitchen):
        item = kitchen.place("MARGHERITA").items[0]
        assert (item.unit_price, item.station, item.prep_seconds) == (1150, "pizza", 480)
        assert item.allergens == ("gluten", "milk")

    @pytest.mark.parametrize(
        ("item", "refusal"),
        [
            (DraftItem(1, sku="NOTHING"), UnknownItem),
            (DraftItem(1, sku="MARGHERITA", unit_price=1), PriceMismatch),
            (DraftItem(1, name="Soup", unit_price=500, station="roof"), UnknownStation),
            (DraftItem(1, sku="MARGHERITA", modifiers=(DraftModifier("extra basil", 1),)), PriceMismatch),
        ],
    )
    def test_what_does_not_fit_is_refused_with_a_pointer(self, kitchen, item, refusal):
        with pytest.raises(refusal) as caught:
            kitchen.place("COLA", item)
        assert caught.value.members["errors"][0]["pointer"].startswith("/items/1/")
        assert kitchen.rows(sa.select(orders.c.id)) == []

    def test_a_sold_out_item_is_refused_from_the_moment_it_is(self, kitchen):
        with kitchen.store.writing() as connection:
            set_available(connection, "main", "COLA", available=False)
        with pytest.raises(ItemUnavailable):
            kitchen.place("COLA")


def test_a_stale_version_is_refused_and_an_estimate_makes_none_stale(kitchen, clock):
    order = kitchen.place()
    kitchen.outcome(EstimateOrder(clock.advance(600), clock.advance(300)), order)
    kitchen.outcome(AdvanceOrder("start"), order, if_match=order.version)
    with pytest.raises(StaleVersion) as refusal:
        kitchen.outcome(AdvanceOrder("bump"), order, if_match=order.version)
    assert refusal.value.members["current_version"] == kitchen.stored(order).version


def test_the_order_of_another_location_does_not_exist(kitchen):
    order = kitchen.place()
    foreign = Submission(AdvanceOrder("start"), "elsewhere", "kitchen:x", order.id)
    assert isinstance(kitchen.outcomes(foreign)[0], OrderNotFound)


def test_added_items_are_priced_and_join_the_order(kitchen):
    order = kitchen.do(kitchen.place("COLA"), "bump")
    order = kitchen.add(order, "MARGHERITA")
    assert order.status == OrderStatus.PREPARING
    assert [(item.line, item.sku) for item in order.items] == [(1, "COLA"), (2, "MARGHERITA")]
    assert kitchen.stored(order) == order


def test_a_command_that_breaks_the_engine_fails_alone(kitchen):
    order = kitchen.place()
    broken = kitchen.submission(AddDraft(items=(DraftItem("three", sku="COLA"),)), order)  # type: ignore[arg-type]

    failed, outcome = kitchen.outcomes(broken, kitchen.submission(AdvanceOrder("start"), order))

    assert isinstance(failed, Exception)
    assert outcome.order.status == OrderStatus.PREPARING
    assert kitchen.stored(order) == outcome.order


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_what_may_have_been_committed_is_not_run_again_unasked(kitchen, database, postgresql):
    """The answer to the commit is lost, and the database cannot be asked what became of it."""
    order = kitchen.place()
    batch = kitchen.store.batch([kitchen.submission(AddPayment(Payment("cash", 500)), order)])
    with kitchen.store.writing() as connection:
        kitchen.store.converse(connection, kitchen.store.decided(batch))
    stored = kitchen.stored(order)
    postgresql.drop(database)

    (result,) = kitchen.store.recover(batch, OperationalError("the connection was lost"))

    assert stored.paid == 500
    assert isinstance(result, DatabaseUnavailable)


@contextmanager
def under_way(kitchen, batch):
    """The transaction of *batch* is open, its COMMIT on its way; committed at the end."""
    with kitchen.store.writing() as connection:
        kitchen.store.converse(connection, kitchen.store.decided(batch))
        yield


def recovered_meanwhile(kitchen, batch):
    """What `recover` says when the commit, of which nobody heard, takes effect only while it looks."""
    with ThreadPoolExecutor(1) as threads:
        with under_way(kitchen, batch):
            recovering = threads.submit(kitchen.store.recover, batch, OperationalError("the connection was lost"))
            until_it_waits(kitchen.store)
        return recovering.result()


def until_it_waits(store):
    waits = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while True:
        with store.reading() as connection:
            if connection.execute(waits).scalar_one():
                return


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_payment_whose_commit_is_still_under_way_counts_once(kitchen):
    order = kitchen.place()
    batch = kitchen.store.batch([kitchen.submission(AddPayment(Payment("cash", 500)), order)])

    (result,) = recovered_meanwhile(kitchen, batch)

    assert result.order == kitchen.stored(order)
    assert result.order.paid == 500


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_order_whose_commit_is_still_under_way_is_placed_once(kitchen):
    batch = kitchen.store.batch([kitchen.submission(kitchen.draft("COLA", table=table)) for table in "12"])

    results = recovered_meanwhile(kitchen, batch)

    assert [result.order.table for result in results] == ["1", "2"]
    assert [result.order for result in results] == [kitchen.stored(result.order) for result in results]
    assert [result.kind for result in results] == ["placed", "placed"]
    assert kitchen.rows(sa.select(sa.func.count()).select_from(orders)) == [(2,)]
