"""One order's whole way: from the guest's phone to the kitchen's wall and back, on lines that break."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WALL
from tests.browser.place import until

# Each step is to be on the guest's screen within a second.
SOON = 1_000


@pytest.fixture
def guest(open_page):
    return open_page("/menu", PHONE, has_touch=True)


@pytest.fixture
def cook(open_page):
    return open_page("/kitchen", WALL, role="kitchen")


@pytest.fixture
def placed(guest, cook, place):
    """The guest has ordered; the button was pressed again and again. The order, as the house has it."""
    take(guest, "Margherita", "extra basil")
    take(guest, "House salad")
    guest.get_by_role("button", name="View basket").tap()
    guest.get_by_label("Your name").fill("Ada")
    guest.get_by_role("button", name=re.compile("^Place")).evaluate(
        "button => { for (let i = 0; i < 5; i++) button.click() }"
    )
    expect(guest).to_have_url(re.compile("/order-tracking/"))
    (order,) = place.ask("GET", "/v1/orders?active=true")["data"]
    return order


def take(guest, dish, *choices):
    guest.get_by_role("button", name=re.compile(f"^Add {dish}")).tap()
    dialog = guest.get_by_role("dialog", name=dish)
    for choice in choices:
        dialog.get_by_role("checkbox", name=re.compile(choice)).tap()
    dialog.get_by_role("button", name=re.compile("^Add ")).tap()


def ticket(cook, order):
    return cook.get_by_role("article", name=re.compile(f"Order {order['number']}"))


def line(cook, order, dish):
    return ticket(cook, order).get_by_role("button", name=re.compile(dish))


def touch(cook, order, dish, becomes):
    """As a cook does: once more if nothing came of it, as the board takes no touch of what has just slid there."""
    touched = line(cook, order, dish)
    until(lambda: touched.click() or becomes in touched.get_attribute("aria-label"))


def off_the_board(cook, order):
    ticket(cook, order).get_by_role("button", name=re.compile("All done")).click()
    expect(ticket(cook, order)).to_have_count(0)


def hand_out(cook, order):
    cook.get_by_role("button", name=f"Hand out order {order['number']}").click()


def test_from_the_menu_to_the_pass_and_back(guest, cook, placed, place):
    headline = guest.get_by_role("heading", level=1)
    expect(headline).to_have_text("The kitchen said yes")
    expect(ticket(cook, placed)).to_contain_text("extra basil")

    # The pizza is begun; the second tap of wet fingers does not finish it.
    line(cook, placed, "Margherita").dblclick()
    expect(headline).to_have_text("Cooking now", timeout=SOON)
    assert [item["status"] for item in place.look(placed)["items"]] == ["preparing", "pending"]

    # The wall's line breaks. What is tapped is kept, shown as such, and sent when the line is back.
    cook.context.set_offline(True)
    expect(cook.get_by_role("alert")).to_contain_text("No connection")
    line(cook, placed, "House salad").click()
    line(cook, placed, "Margherita").click()
    expect(cook.get_by_role("alert")).to_contain_text("2 taps")
    assert place.look(placed)["items"][0]["status"] == "preparing"
    cook.context.set_offline(False)
    expect(guest.get_by_role("status").filter(has_text="Margherita is already done")).to_be_attached()
    touch(cook, placed, "House salad", "done")
    expect(headline).to_have_text("Ready. Come and get it", timeout=SOON)

    # It is handed out on a wall that does not know yet that the salad was taken back.
    off_the_board(cook, placed)
    cook.context.set_offline(True)
    expect(cook.get_by_role("alert")).to_contain_text("No connection")
    hand_out(cook, placed)
    place.move_item(placed, 1, "recall")
    expect(headline).to_have_text("Not quite ready after all", timeout=SOON)
    cook.context.set_offline(False)
    refusal = cook.get_by_role("alert").filter(has_text="not ready yet")
    expect(refusal).to_contain_text("House salad")
    refusal.get_by_role("button", name="Read").click()

    touch(cook, placed, "House salad", "done")
    expect(headline).to_have_text("Ready. Come and get it", timeout=SOON)
    off_the_board(cook, placed)
    hand_out(cook, placed)
    expect(headline).to_have_text("Picked up", timeout=SOON)
    assert place.look(placed)["status"] == "completed"
