"""Houses are kept in memory, and yet the next order anywhere is sold what the menu says by then."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa
from alembic import command

from tests.restaurant import Restaurant, refused
from workflow.demo import LOCATION, MENU, STATIONS
from workflow.intake import DraftItem
from workflow.menu import location, replace_menu, replace_stations, save_location, set_available
from workflow.migrating import configured, upgrade
from workflow.refusals import ItemUnavailable, LocationNeeded, UnknownItem, UnknownStation
from workflow.state_machine.model import OrderStatus
from workflow.store.store import open_store
from workflow.submissions import Submission

ROOF = DraftItem(1, name="Soup", unit_price=500, station="roof")
COLA = 380
PRICE = "UPDATE menu_items SET price = {} WHERE sku = 'COLA' AND location_id = '{}'"


@pytest.fixture
def office(database, clock):
    """Another process on the same database."""
    store = open_store(database, clock=clock)
    yield store
    store.close()


def change(store, statement):
    with store.writing() as connection:
        connection.execute(sa.text(statement))


def reprice(store, price, location_id=LOCATION):
    change(store, PRICE.format(price, location_id))


def sell_out(store, sku="COLA"):
    with store.writing() as connection:
        set_available(connection, LOCATION, sku, available=False)


def price(restaurant):
    return restaurant.place("COLA").items[0].unit_price


def asked(restaurant):
    """What placing an order asks the database, and how much it is told."""
    statements, told = [], 0
    with restaurant.store.writing() as connection:
        conversation = restaurant.store.decided(restaurant.store.batch([restaurant.submission(restaurant.draft())]))
        step = next(conversation)
        while not step.last:
            found = restaurant.store.spelling.exchange(connection, step)
            statements += [statement.text for statement in step.statements]
            told += sum(len(row) for rows in found for row in rows)
            step = conversation.send(found)
    return statements, told


def reads_menu(restaurant):
    return any(" menu_items " in statement for statement in asked(restaurant)[0])


def test_the_next_order_elsewhere_costs_what_the_menu_says_now(kitchen, office):
    assert price(kitchen) == COLA
    reprice(office, 399)
    assert price(kitchen) == 399


def test_the_next_order_elsewhere_is_refused_what_is_86(kitchen, office):
    kitchen.place("COLA")
    sell_out(office)
    with pytest.raises(ItemUnavailable):
        kitchen.place("COLA")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE menu_items SET price = price + 1",
        "DELETE FROM menu_items WHERE sku = 'FRIES'",
        "INSERT INTO menu_items SELECT location_id, 'NEW', name, category, description, price, station, prep_seconds,"
        " allergens, modifiers, available, position FROM menu_items WHERE sku = 'COLA'",
        "UPDATE stations SET slots = 9 WHERE id = 'bar'",
        "DELETE FROM stations WHERE id = 'bar'",
        "INSERT INTO stations (location_id, id, name, position, slots) SELECT id, 'roof', 'Roof', 9, 1 FROM locations",
        "UPDATE locations SET recall_seconds = 77",
    ],
)
def test_whoever_changes_a_house_and_however_is_noticed(kitchen, statement):
    kitchen.place()
    assert not reads_menu(kitchen)
    change(kitchen.store, statement)
    assert reads_menu(kitchen)
    assert not reads_menu(kitchen)


def test_a_station_that_is_new_cooks_at_once(kitchen, office):
    assert isinstance(refused(kitchen.outcomes(kitchen.submission(kitchen.draft(ROOF)))[0]), UnknownStation)
    with office.writing() as connection:
        replace_stations(connection, LOCATION, [*STATIONS, replace(STATIONS[0], id="roof")])
    assert kitchen.place(ROOF).items[0].station == "roof"


def test_the_next_order_elsewhere_is_taken_as_the_location_says_now(kitchen, office):
    kitchen.place()
    with office.writing() as connection:
        save_location(connection, replace(location(connection, LOCATION), auto_confirm=False, recall_seconds=77))
    order = kitchen.place()
    assert (order.status, order.recall_seconds) == (OrderStatus.PENDING, 77)


def test_a_location_that_is_new_counts_before_it_has_a_station(kitchen, office):
    anywhere = Submission(kitchen.draft(), None, "pos:test")
    assert kitchen.outcomes(anywhere)[0].order.location_id == LOCATION
    with office.writing() as connection:
        save_location(connection, replace(location(connection, LOCATION), id="annex"))
    needed = refused(kitchen.outcomes(Submission(kitchen.draft(), None, "pos:test"))[0])
    assert isinstance(needed, LocationNeeded)
    assert needed.members["locations"] == ["annex", LOCATION]


def test_a_batch_is_told_no_more_where_the_menu_is_long(kitchen):
    kitchen.place()
    short = asked(kitchen)
    with kitchen.store.writing() as connection:
        replace_menu(connection, LOCATION, [*MENU, *(replace(MENU[0], sku=f"DISH-{n}") for n in range(2000))])
    assert kitchen.place("DISH-1999").items[0].unit_price == MENU[0].price
    assert asked(kitchen) == short


def test_a_change_that_was_taken_back_was_never_there(kitchen):
    """Even where an order was priced with it: inside the transaction that took it back."""
    with kitchen.store.writing() as connection:
        change = connection.begin_nested()
        connection.execute(sa.text(PRICE.format(1, LOCATION)))
        (outcome,) = kitchen.store.run_in(connection, [kitchen.submission(kitchen.draft("COLA"))])
        assert outcome.order.items[0].unit_price == 1
        change.rollback()
    assert price(kitchen) == COLA
    reprice(kitchen.store, 2)
    assert price(kitchen) == 2


def test_orders_and_changes_may_take_turns_in_one_transaction(kitchen):
    with kitchen.store.writing() as connection:
        for wanted in (1, 2):
            connection.execute(sa.text(PRICE.format(wanted, LOCATION)))
            (outcome,) = kitchen.store.run_in(connection, [kitchen.submission(kitchen.draft("COLA"))])
            assert outcome.order.items[0].unit_price == wanted


def test_a_change_between_the_revision_and_the_menu_is_not_lost(kitchen, office):
    """A batch that has seen the old revision may read either menu; the next one must have the new one."""
    batch = kitchen.store.batch([kitchen.submission(kitchen.draft("COLA"))])
    with kitchen.store.reading() as connection:
        conversation = kitchen.store.decided(batch)
        revision = kitchen.store.spelling.exchange(connection, next(conversation))
        menu = conversation.send(revision)
        reprice(office, 399)
        conversation.send(kitchen.store.spelling.exchange(connection, menu))
        conversation.close()

    assert price(kitchen) == 399


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_change_that_is_not_committed_holds_nobody_up(kitchen, office):
    with office.writing() as connection:
        set_available(connection, LOCATION, "COLA", available=False)
        assert price(kitchen) == COLA
    with pytest.raises(ItemUnavailable):
        kitchen.place("COLA")


def test_nobody_is_sold_what_was_on_the_menu_before(kitchen, office):
    """Four tills of two processes, while a third raises the price: none is charged less than when it ordered."""
    raised, sold, done = [COLA], [], threading.Event()

    def till(store):
        while not done.is_set():
            least = raised[-1]
            (outcome,) = store.run([kitchen.submission(kitchen.draft("COLA"))])
            sold.append((least, outcome.order.items[0].unit_price, raised[-1]))

    second = open_store(office._engine.url)
    tills = [threading.Thread(target=till, args=(store,)) for store in (kitchen.store, second) * 2]
    for thread in tills:
        thread.start()
    for n in range(COLA + 1, COLA + 41):
        reprice(office, n)
        raised.append(n)
    done.set()
    for thread in tills:
        thread.join()
    second.close()

    assert sold
    assert [sale for sale in sold if not sale[0] <= sale[1] <= sale[2] + 1] == []


class TestTwoLocations:
    @pytest.fixture
    def annex(self, kitchen, clock):
        return Restaurant(kitchen.store, clock, id="annex", name="Annex")

    def test_each_has_its_own_prices(self, kitchen, annex, office):
        assert (price(kitchen), price(annex)) == (COLA, COLA)
        reprice(office, 399, "annex")
        assert (price(kitchen), price(annex)) == (COLA, 399)

    def test_a_change_in_one_costs_the_other_nothing(self, kitchen, annex):
        kitchen.place()
        annex.place()
        reprice(kitchen.store, 399, "annex")
        assert not reads_menu(kitchen)
        assert reads_menu(annex)

    def test_a_dish_that_moves_leaves_one_and_comes_to_the_other(self, kitchen, annex):
        change(kitchen.store, "DELETE FROM menu_items WHERE location_id = 'annex' AND sku = 'COLA'")
        assert price(kitchen) == COLA
        with pytest.raises(UnknownItem):
            price(annex)
        change(kitchen.store, "UPDATE menu_items SET location_id = 'annex' WHERE sku = 'COLA' ")
        assert price(annex) == COLA
        with pytest.raises(UnknownItem):
            price(kitchen)

    def test_no_menu_is_read_for_an_order_that_does_not_say_where(self, kitchen, annex):
        nowhere = Submission(kitchen.draft(), None, "pos:test")
        batch = kitchen.store.batch([nowhere])
        with kitchen.store.writing() as connection:
            kitchen.store.converse(connection, kitchen.store.decided(batch))
        assert isinstance(batch.results[0], LocationNeeded)
        assert not batch.loaded.houses


@pytest.mark.parametrize("revision", ["0002", "0003"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_went_back_and_came_again_notices_changes(kind, revision, request, clock):
    url = request.getfixturevalue(f"{kind}_database")
    store = open_store(url, clock=clock)
    restaurant = Restaurant(store, clock)
    assert price(restaurant) == COLA
    store.close()
    command.downgrade(configured(url), revision)
    change(store, "UPDATE locations SET recall_seconds = 77")
    store.close()
    upgrade(url)

    assert restaurant.place("COLA").recall_seconds == 77
    reprice(store, 399)
    assert price(restaurant) == 399
    store.close()
