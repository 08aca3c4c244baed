"""An order is what its history makes of it, read back from JSON or not."""

import pytest
from msgspec.structs import replace

from tests.state_machine.scenes import EVENING, NOON, WHY, Life, completed, dish, read_back, scheduled
from workflow.state_machine.commands import AddItems, AddPayment, AdvanceOrder, EstimateOrder, MarkOverdue, ReleaseOrder
from workflow.state_machine.evolve import EVENT_TYPES, UnknownEvent, evolve, fold
from workflow.state_machine.model import Customer, Discount, Event, Modifier, Payment, Recorded
from workflow.state_machine.tables import ITEM, ORDER


def full_life():
    """An order to which everything happens but its end."""
    life = Life(
        *(1, 1, 1, 2),
        scheduled_for=EVENING,
        external_id="till-7",
        fingerprint="f",
        table="12",
        guests=2,
        customer=Customer("Ada", "mailto:ada@example.com"),
        notes="birthday",
        discounts=(Discount("happy hour", 200),),
        payments=(Payment("card", 1000, 100),),
    )
    life.ask(ReleaseOrder(confirm=False, accept_by=EVENING))
    life.advance("confirm")
    life.ask(EstimateOrder(NOON, EVENING))
    life.advance("delay", seconds=60)
    life.advance("rush")
    life.advance("unrush")
    life.item(1, "start")
    life.item(2, "void", reason=WHY)
    life.item(2, "acknowledge")
    life.advance("fire", course=2)
    life.advance("hold", course=2)
    life.advance("fire", course=2)
    life.now = EVENING.replace(hour=22)
    life.ask(MarkOverdue())
    life.advance("bump")
    life.ask(AddItems((replace(dish(5), modifiers=(Modifier("basil", 50),), allergens=("nuts",), sku="P"),)))
    life.advance("bump")
    life.item(1, "serve")
    life.item(1, "recall")
    life.item(1, "bump")
    life.ask(AddPayment(Payment("cash", 500)))
    life.advance("complete")
    return life


def cancelled_life():
    life = completed()
    life.advance("recall")
    life.advance("cancel", reason=WHY)
    return life


def rejected_life():
    life = scheduled()
    life.ask(ReleaseOrder(confirm=False))
    life.advance("reject", reason=WHY)
    return life


LIVES = [full_life, cancelled_life, rejected_life]


@pytest.mark.parametrize("life", LIVES)
def test_a_history_that_was_stored_makes_the_same_order(life):
    life = life()
    assert fold(map(read_back, life.recorded())) == life.order
    assert life.order.version == len(life.history)


def test_every_type_of_event_has_happened_to_some_order():
    assert {event.type for life in LIVES for event in life().history} == set(EVENT_TYPES)


def test_every_row_of_the_tables_has_an_event_that_an_order_can_take():
    assert {row.event for machine in (ORDER, ITEM) for row in machine.transitions} <= set(EVENT_TYPES)


def test_an_event_of_another_version_is_not_passed_over():
    with pytest.raises(UnknownEvent, match=r"order\.eaten"):
        evolve(Life(1).order, Event("order.eaten", NOON, "pos"))


def test_a_history_begins_with_the_placing():
    life = Life(1)
    with pytest.raises(UnknownEvent, match="before order"):
        fold(life.recorded()[1:])
    with pytest.raises(UnknownEvent, match="an empty history"):
        fold([])


def test_a_history_knows_nothing_that_was_not_placed():
    placed = full_life().history[0]
    order = evolve(None, placed, "o1")
    assert (order.external_id, order.table, order.guests, order.notes) == ("till-7", "12", 2, "birthday")
    assert (order.customer, order.scheduled_for) == (Customer("Ada", "mailto:ada@example.com"), EVENING)
    assert (order.subtotal, order.discount, order.total, order.paid, order.tips) == (4000, 200, 3800, 1000, 100)


def test_an_item_enters_an_order_untouched():
    life = Life(1)
    life.ask(AddItems((dish(7),)))
    assert not life.order.items[1].touched
    assert life.order.items[1].line == 2


def test_an_event_stands_for_its_version():
    assert [recorded.version for recorded in Life(1).recorded()] == [1, 2]
    assert isinstance(Life(1).recorded()[0], Recorded)


def test_no_event_is_made_by_what_is_refused():
    life = Life(1, 2)
    life.refusal(AdvanceOrder("complete"))
    assert [event.type for event in life.history] == ["order.placed", "order.confirmed"]
