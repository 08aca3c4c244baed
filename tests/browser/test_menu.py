"""The menu page: choosing, filling in, and an order that is placed once whatever the line does."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SMALL_PHONE
from tests.browser.place import until

TRACKING = re.compile(r"/order-tracking/[\w-]+$")
ORDERS = "**/v1/orders"


class Guest:
    """Somebody at the menu page, with a phone or at a desk."""

    def __init__(self, page):
        self.page = page

    def open(self):
        self.page.goto("/menu")
        expect(self.page.get_by_role("heading", name="Starters")).to_be_visible()

    def add(self, *names):
        for name in names:
            self.page.get_by_role("button", name=f"Add {name}").click()

    def open_basket(self):
        self.page.get_by_role("button", name=re.compile("View basket")).click()
        expect(self.dialog).to_be_visible()

    def fill(self, **fields):
        labels = {
            "name": "Your name",
            "contact": "E-mail or phone",
            "address": "Where to",
            "notes": "A note for the restaurant",
        }
        for field, text in fields.items():
            self.page.get_by_label(labels[field]).fill(text)

    def ready_to_order(self, *names):
        self.open()
        self.add(*names or ("Tomato soup",))
        self.open_basket()
        self.fill(name="Ada")

    @property
    def dialog(self):
        return self.page.get_by_role("dialog", name="Your basket")

    @property
    def place_button(self):
        return self.page.get_by_role("button", name=re.compile("^(Place order|Placing your order)"))

    def arrives(self):
        expect(self.page).to_have_url(TRACKING)
        expect(self.page.locator("h1#status")).to_be_visible()


@pytest.fixture
def guest(phone_page):
    return Guest(phone_page)


def orders_of_guests(place):
    return [order for order in place.ask("GET", "/v1/orders?active=true&limit=200")["data"] if order["customer"]]


def the_only_order(place):
    [order] = until(lambda: orders_of_guests(place))
    return order


@contextmanager
def menu_with(place, sku, **changes):
    """The menu says something else of *sku*, and what it said before afterwards."""
    before = place.ask("GET", "/v1/menu")["items"]
    place.ask("PUT", "/v1/menu", {"items": [dish | changes if dish["sku"] == sku else dish for dish in before]})
    yield
    place.ask("PUT", "/v1/menu", {"items": before})


def test_an_order_goes_from_the_menu_to_its_tracking_page(place, guest):
    guest.open()
    guest.add("Margherita")
    dish = guest.page.get_by_role("dialog", name="Margherita")
    dish.get_by_label("extra basil").check()
    dish.get_by_role("button", name="One more").click()
    dish.get_by_label("A note for this dish").fill("well done")
    expect(dish.get_by_role("button", name="Add")).to_contain_text("24.00")
    dish.get_by_role("button", name="Add").click()
    guest.add("Tomato soup")
    guest.open_basket()
    guest.fill(name="Ada", contact="ada@example.com", notes="We are hungry")
    expect(guest.place_button).to_contain_text("30.20")
    guest.place_button.click()
    guest.arrives()

    order = the_only_order(place)
    assert (order["channel"], order["total"], order["notes"]) == ("takeaway", 3020, "We are hungry")
    assert order["customer"] == {"name": "Ada", "contact": "mailto:ada@example.com"}
    pizza, soup = order["items"]
    assert (pizza["quantity"], pizza["notes"], pizza["modifiers"]) == (
        2,
        "well done",
        [{"name": "extra basil", "price": 50}],
    )
    assert soup["sku"] == "TOMATO-SOUP"
    expect(guest.page.get_by_text(order["number"]).first).to_be_visible()


def test_five_taps_place_one_order(place, guest):
    held = []
    guest.page.route(ORDERS, lambda route: held.append(route))
    guest.ready_to_order()
    for _ in range(5):
        guest.place_button.dispatch_event("click")
    until(lambda: guest.page.wait_for_timeout(20) or held)
    guest.page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    guest.arrives()
    the_only_order(place)


def test_a_line_that_breaks_at_every_moment_places_it_once(place, guest):
    """It breaks before the order arrives, after it arrived and before the answer does, and then it holds."""
    keys = []

    def broken_line(route):
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 2:
            route.fetch()
        if len(keys) < 3:
            route.abort("connectionreset")
        else:
            route.continue_()

    guest.page.route(ORDERS, broken_line)
    guest.ready_to_order()
    for _ in range(5):
        guest.place_button.dispatch_event("click")
    expect(guest.page.get_by_text("No answer yet.")).to_be_visible()
    for _ in range(2):
        guest.page.get_by_role("button", name="Try now").click()
    guest.arrives()
    assert len(keys) == 3
    assert len(set(keys)) == 1
    the_only_order(place)


def test_a_reload_in_between_goes_on_with_the_same_order(place, guest):
    def arrives_unanswered(route):
        route.fetch()
        route.abort("timedout")

    guest.page.route(ORDERS, arrives_unanswered)
    guest.ready_to_order()
    guest.place_button.click()
    expect(guest.page.get_by_text("No answer yet.")).to_be_visible()
    guest.page.unroute(ORDERS)
    guest.page.reload()
    guest.arrives()
    the_only_order(place)
    guest.page.goto("/menu")
    expect(guest.page.get_by_role("link", name=re.compile("Follow it"))).to_be_visible()
    expect(guest.page.get_by_role("button", name=re.compile("View basket"))).to_have_count(0)


def test_what_was_sent_long_ago_is_asked_about_before_it_is_sent_again(place, guest):
    guest.page.route(ORDERS, lambda route: route.abort())
    guest.ready_to_order()
    guest.place_button.click()
    expect(guest.page.get_by_text("No answer yet.")).to_be_visible()
    guest.page.evaluate("""() => {
      const attempt = JSON.parse(localStorage.getItem("menu::attempt"));
      localStorage.setItem("menu::attempt", JSON.stringify({ ...attempt, at: attempt.at - 3_600_000 }));
    }""")
    guest.page.unroute(ORDERS)
    guest.page.reload()
    expect(guest.page.get_by_text("no answer came")).to_be_visible()
    assert orders_of_guests(place) == []
    guest.page.get_by_role("button", name="Send it again").click()
    guest.arrives()
    the_only_order(place)


def test_a_dish_that_sells_out_meanwhile_is_marked_and_taken_out(place, guest):
    guest.ready_to_order("Tomato soup", "Fries")
    place.sell("FRIES", available=False)
    guest.place_button.click()
    expect(guest.page.get_by_text("This has just sold out.")).to_be_visible()
    expect(guest.page.get_by_role("button", name="Take it out")).to_be_focused()
    guest.page.get_by_role("button", name="Take it out").click()
    guest.place_button.click()
    guest.arrives()
    assert [item["sku"] for item in the_only_order(place)["items"]] == ["TOMATO-SOUP"]


def test_a_refusal_is_past_once_something_is_changed(place, guest):
    told = {"code": "unknown-location", "title": "Closed.", "detail": "The restaurant is closed.", "status": 404}
    guest.page.route(
        ORDERS, lambda route: route.fulfill(status=404, json=told, content_type="application/problem+json")
    )
    guest.ready_to_order()
    guest.place_button.click()
    expect(guest.page.get_by_text("The restaurant is closed.")).to_be_visible()
    guest.fill(name="Ada L.")
    expect(guest.page.get_by_text("The restaurant is closed.")).to_have_count(0)
    guest.page.unroute(ORDERS)
    guest.place_button.click()
    guest.arrives()


def test_going_back_to_the_menu_finds_an_empty_basket(place, guest):
    guest.ready_to_order()
    guest.place_button.click()
    guest.arrives()
    guest.page.go_back()
    expect(guest.page.get_by_role("link", name=re.compile("Follow it"))).to_be_visible()
    guest.add("Fries")
    guest.open_basket()
    guest.fill(name="Ada")
    guest.place_button.click()
    guest.arrives()
    assert len(orders_of_guests(place)) == 2


def test_a_price_that_changed_is_shown_and_agreed_to(place, guest):
    guest.ready_to_order("Tomato soup")
    with menu_with(place, "TOMATO-SOUP", price=690):
        guest.place_button.click()
        expect(guest.page.get_by_text("The price has changed from €6.20 to €6.90.")).to_be_visible()
        assert orders_of_guests(place) == []
        guest.page.get_by_role("button", name="All right").click()
        expect(guest.place_button).to_contain_text("6.90")
        guest.place_button.click()
        guest.arrives()
        assert the_only_order(place)["total"] == 690


def test_the_basket_and_what_was_filled_in_survive_a_reload(place, guest):
    guest.ready_to_order("Tomato soup", "Fries")
    guest.page.reload()
    guest.open_basket()
    expect(guest.dialog.get_by_role("button", name="Change Fries")).to_be_visible()
    expect(guest.page.get_by_label("Your name")).to_have_value("Ada")
    expect(guest.place_button).to_contain_text("10.70")


def test_what_was_ordered_leaves_no_name_behind(place, guest):
    guest.ready_to_order()
    guest.place_button.click()
    guest.arrives()
    guest.page.goto("/menu")
    guest.add("Fries")
    guest.open_basket()
    expect(guest.page.get_by_label("Your name")).to_have_value("")


def test_a_sold_out_dish_is_shown_and_cannot_be_ordered(place, guest):
    place.sell("CAESAR", available=False)
    guest.open()
    dish = guest.page.get_by_role("listitem").filter(has_text="Caesar salad")
    expect(dish.get_by_text("Sold out")).to_be_visible()
    expect(dish.get_by_role("button", name="Add Caesar salad")).to_have_count(0)
    expect(dish.get_by_role("button")).to_be_disabled()


def test_dishes_with_what_somebody_does_not_eat_are_hidden(place, guest):
    guest.open()
    guest.page.get_by_role("button", name="Allergens").click()
    chooser = guest.page.get_by_role("dialog")
    chooser.get_by_role("button", name="gluten").click()
    chooser.get_by_role("button", name="Show the menu").click()
    expect(guest.page.get_by_text("Margherita")).to_have_count(0)
    expect(guest.page.get_by_text(re.compile(r"^\d+ dishes with gluten hidden"))).to_be_visible()
    guest.page.reload()
    expect(guest.page.get_by_role("button", name="No gluten")).to_be_visible()
    guest.page.get_by_role("button", name="Show all").click()
    expect(guest.page.get_by_text("Margherita").first).to_be_visible()


def test_a_search_finds_by_word(place, guest):
    guest.open()
    guest.page.get_by_label("Search the menu").fill("lemon")
    expect(guest.page.locator(".dish")).to_have_count(1)
    guest.page.get_by_label("Search the menu").fill("lemon cake")
    expect(guest.page.get_by_text("Nothing like that here")).to_be_visible()
    guest.page.get_by_role("button", name="Show the whole menu").click()
    expect(guest.page.get_by_role("heading", name="Drinks")).to_be_attached()


def test_an_order_for_later_is_scheduled(place, guest):
    guest.ready_to_order()
    guest.dialog.get_by_role("button", name="Later").click()
    guest.page.get_by_label("What time").select_option(index=3)
    chosen = int(guest.page.get_by_label("What time").input_value())
    guest.place_button.click()
    guest.arrives()
    order = the_only_order(place)
    assert order["status"] == "scheduled"
    assert guest.page.evaluate("(text) => Date.parse(text)", order["scheduled_for"]) == chosen
    expect(guest.page.locator("h1")).to_contain_text("Set for")


def test_what_is_missing_is_said_at_the_field(place, guest):
    guest.open()
    guest.add("Fries")
    guest.open_basket()
    guest.fill(contact="ada@")
    guest.dialog.get_by_role("button", name="Delivery").click()
    guest.place_button.click()
    for label in ("Your name", "E-mail or phone", "Where to"):
        expect(guest.page.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    expect(guest.page.get_by_label("Your name")).to_be_focused()
    expect(guest.page.get_by_label("E-mail or phone")).to_have_accessible_description(re.compile("neither an e-mail"))
    guest.fill(name="Ada", contact="030 123456", address="12 Harbour Street")
    guest.place_button.click()
    guest.arrives()
    order = the_only_order(place)
    assert (order["channel"], order["notes"]) == ("delivery", "Deliver to: 12 Harbour Street")
    assert order["customer"]["contact"] == "tel:030123456"


def test_what_only_the_server_objects_to_is_said_at_the_field_too(place, guest):
    def objects(route):
        errors = [{"pointer": "/customer/contact", "detail": "must be shorter"}]
        told = {"code": "invalid-request", "title": "It does not fit.", "detail": "It does not fit.", "errors": errors}
        route.fulfill(status=422, json=told, content_type="application/problem+json")

    guest.page.route(ORDERS, objects)
    guest.ready_to_order()
    guest.place_button.click()
    expect(guest.page.get_by_label("E-mail or phone")).to_have_accessible_description("must be shorter")


def test_a_line_of_the_basket_can_be_changed_and_taken_out(place, guest):
    guest.ready_to_order("Tomato soup", "Fries")
    guest.dialog.get_by_role("button", name="Change Tomato soup").click()
    dish = guest.page.get_by_role("dialog", name="Tomato soup")
    dish.get_by_label("A note for this dish").fill("hot")
    dish.get_by_role("button", name="Change").click()
    expect(guest.dialog.get_by_text("hot")).to_be_visible()
    guest.dialog.get_by_role("button", name="Take Fries out").click()
    expect(guest.dialog.get_by_text("Fries")).to_have_count(0)
    expect(guest.place_button).to_contain_text("6.20")


def test_whoever_uses_keys_comes_back_to_where_they_were(place, guest):
    guest.open()
    dish = guest.page.get_by_role("button", name="Margherita €11.50")
    dish.focus()
    guest.page.keyboard.press("Enter")
    expect(guest.page.get_by_role("dialog", name="Margherita")).to_be_visible()
    guest.page.keyboard.press("Escape")
    expect(guest.page.get_by_role("dialog")).to_have_count(0)
    expect(dish).to_be_focused()
    guest.add("Fries")
    view = guest.page.get_by_role("button", name=re.compile("View basket"))
    view.focus()
    guest.page.keyboard.press("Enter")
    guest.dialog.get_by_role("button", name="Close").click()
    expect(view).to_be_focused()


def test_without_a_connection_the_menu_says_so_and_comes_back(place, guest):
    guest.page.route("**/v1/menu*", lambda route: route.abort())
    guest.page.goto("/menu")
    expect(guest.page.get_by_text("The menu does not come")).to_be_visible()
    guest.page.unroute("**/v1/menu*")
    guest.page.get_by_role("button", name="Try again").click()
    expect(guest.page.get_by_role("heading", name="Starters")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_basket_and_a_dish_are_for_everybody(place, open_page, axe, no_sideways_scroll, controls_at_least, theme):
    guest = Guest(open_page(size=SMALL_PHONE, color_scheme=theme, has_touch=True))
    guest.open()
    guest.add("House burger")
    axe(guest.page)
    controls_at_least(guest.page, 48)
    guest.page.get_by_role("dialog").get_by_role("button", name="Add").click()
    guest.open_basket()
    guest.dialog.get_by_role("button", name="Delivery").click()
    guest.dialog.get_by_role("button", name="Later").click()
    place.sell("BURGER", available=False)
    guest.place_button.click()
    guest.fill(name="Ada", contact="030123456", address="12 Harbour Street")
    guest.place_button.click()
    expect(guest.page.get_by_text("This has just sold out.")).to_be_visible()
    axe(guest.page)
    controls_at_least(guest.page, 48)
    no_sideways_scroll(guest.page)


def test_at_a_desk_the_basket_stands_beside_the_menu(place, open_page, axe, layout_shift):
    guest = Guest(open_page(size=DESK))
    guest.open()
    guest.add("Fries", "Tomato soup")
    guest.fill(name="Ada")
    axe(guest.page)
    assert layout_shift(guest.page) < 0.1
    guest.place_button.click()
    guest.arrives()
    the_only_order(place)


def test_the_page_is_light(open_page, place):
    """At most 40 KB of script come over the line."""
    page = open_page(size=PHONE)
    sizes = []
    page.on(
        "response",
        lambda answer: answer.url.endswith(".js") and sizes.append(answer.request.sizes()["responseBodySize"]),
    )
    page.goto("/menu")
    expect(page.get_by_role("heading", name="Starters")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) <= 40 * 1024
