"""The kitchen's board: a cook's evening, with wet hands and a bad line."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SMALL_PHONE, TABLET, WALL
from tests.browser.place import until

KEEP_SOUNDS = """
window.sounds = [];
addEventListener("passline:sound", (event) => window.sounds.push(event.detail.name));
"""


class Board:
    """A page of the kitchen, as a cook sees it."""

    def __init__(self, page):
        self.page = page

    def ticket(self, order):
        return self.page.locator(f"[data-number='{order['number']}']")

    def item(self, order, name):
        return self.ticket(order).locator(".ln").filter(has_text=name)

    def bump(self, order):
        return self.ticket(order).locator(".bump")

    def menu(self, order):
        self.ticket(order).get_by_role("button", name=f"More for order {order['number']}").click()
        return self.page.get_by_role("dialog")

    def pause(self):
        """Longer than a finger bounces."""
        self.page.wait_for_timeout(500)

    def sounds(self):
        return self.page.evaluate("window.sounds")

    def expect_state(self, order, name, word):
        """The state that the item says of itself."""
        label = re.compile(rf"{re.escape(name)}, {word}")
        expect(self.ticket(order).get_by_role("button", name=label)).to_be_visible()


@pytest.fixture
def open_board(open_page):
    def open_one(query="", size=WALL, role="kitchen", **options):
        page = open_page(None, size, role, **options)
        page.add_init_script(KEEP_SOUNDS)
        page.goto(f"/kitchen{query}")
        expect(page.locator(".state")).to_have_text("Live")
        return Board(page)

    return open_one


def test_a_new_order_is_there_within_a_second_and_is_heard(place, open_board):
    board = open_board()
    board.page.get_by_role("button", name="Start shift").click()
    order = place.order("MARGHERITA")
    expect(board.ticket(order)).to_be_visible(timeout=1000)
    expect(board.ticket(order)).to_contain_text("NEW")
    until(lambda: board.sounds().count("new") == 1)


def test_an_item_is_started_done_and_brought_back_by_one_touch_each(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    board.item(order, "Margherita").click()
    board.expect_state(order, "Margherita", "cooking")
    until(lambda: place.look(order)["items"][0]["status"] == "preparing")
    board.pause()
    board.item(order, "Margherita").click()
    board.expect_state(order, "Margherita", "done")
    until(lambda: place.look(order)["items"][0]["status"] == "ready")
    board.pause()
    board.item(order, "Margherita").click()
    board.expect_state(order, "Margherita", "cooking")
    until(lambda: place.look(order)["items"][0]["status"] == "preparing")


def test_a_double_tap_does_one_thing(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    board.item(order, "Margherita").dblclick()
    board.expect_state(order, "Margherita", "cooking")
    board.pause()
    assert [item["status"] for item in place.look(order)["items"]] == ["preparing", "pending"]


def test_a_bump_with_open_items_asks_for_a_second_touch_and_can_be_undone(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    board.bump(order).click()
    expect(board.bump(order)).to_contain_text("Tap again · 2 open")
    board.pause()
    board.bump(order).click()
    expect(board.ticket(order)).to_have_count(0)
    until(lambda: place.look(order)["status"] == "ready")
    board.page.get_by_role("button", name="Undo").click()
    expect(board.ticket(order)).to_be_visible()
    until(lambda: {item["status"] for item in place.look(order)["items"]} == {"preparing"})


def test_a_touch_that_armed_a_bump_is_forgotten_after_a_while(place, open_board):
    order = place.order("MARGHERITA")
    board = open_board()
    board.bump(order).click()
    expect(board.bump(order)).to_contain_text("Tap again")
    expect(board.bump(order)).not_to_contain_text("Tap again")
    expect(board.ticket(order)).to_be_visible()


def test_what_is_all_done_turns_green_and_goes_with_one_touch(place, open_board):
    order = place.order("MARGHERITA")
    place.move(order, "start")
    board = open_board()
    board.item(order, "Margherita").click()
    expect(board.bump(order)).to_contain_text("All done · bump")
    expect(board.ticket(order)).to_have_class(re.compile(r"\bdone\b"))
    board.pause()
    board.item(order, "Margherita").click()
    expect(board.ticket(order)).not_to_have_class(re.compile(r"\bdone\b"))
    board.pause()
    board.item(order, "Margherita").click()
    expect(board.ticket(order)).to_have_class(re.compile(r"\bdone\b"))
    board.pause()
    board.bump(order).click()
    expect(board.ticket(order)).to_have_count(0)
    ready = board.page.get_by_role("button", name=re.compile(f"Hand out order {order['number']}"))
    ready.click()
    until(lambda: place.look(order)["status"] == "completed")
    expect(ready).to_have_count(0)
    board.page.get_by_role("button", name="Undo").click()
    expect(ready).to_be_visible()
    until(lambda: place.look(order)["status"] == "ready")


def test_two_touches_on_the_head_bump_the_ticket(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    board.ticket(order).locator(".head").dblclick()
    expect(board.ticket(order)).to_have_count(0)
    until(lambda: place.look(order)["status"] == "ready")


def test_what_was_bumped_can_be_recalled(place, open_board):
    older, order = place.order("MARGHERITA"), place.order("FRIES")
    place.order("CALZONE")
    place.move(order, "bump")
    board = open_board()
    expect(board.ticket(older)).to_be_visible()
    board.page.keyboard.press("r")
    board.page.get_by_role("button", name=f"Recall order {order['number']}").click()
    expect(board.ticket(order)).to_contain_text("RECALLED")
    until(lambda: place.look(order)["status"] == "preparing")
    numbers = board.page.locator("[data-number]").evaluate_all("all => all.map((one) => one.dataset.number)")
    assert numbers.index(order["number"]) == 1, "it comes back where it stood"


def test_a_void_stays_struck_through_until_a_cook_has_seen_it(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    expect(board.ticket(order)).to_be_visible()
    place.move_item(order, 1, "void", reason="Entered twice")
    expect(board.item(order, "Fries")).to_contain_text("cancelled")
    expect(board.item(order, "Fries")).to_contain_text("Entered twice")
    until(lambda: board.sounds()[-1:] == ["cancelled"])
    board.item(order, "Fries").click()
    expect(board.item(order, "Fries")).to_have_count(0)
    until(lambda: "acknowledge" not in place.look(order)["items"][1]["actions"])


def test_a_cancelled_order_stays_until_it_was_seen(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    expect(board.ticket(order)).to_be_visible()
    place.move(order, "cancel", reason="Guest cancelled")
    expect(board.ticket(order)).to_contain_text("CANCELLED")
    board.bump(order).click()
    expect(board.ticket(order)).to_have_count(0)
    until(lambda: not place.ask("GET", "/v1/kitchen/tickets")["data"])


def test_what_is_added_is_marked_and_heard(place, open_board):
    order = place.order("MARGHERITA")
    board = open_board()
    expect(board.ticket(order)).to_be_visible()
    board.page.wait_for_timeout(1600)  # ids tell what was added by when they were made
    place.ask("POST", f"/v1/orders/{order['id']}/items", {"items": [{"sku": "FRIES", "quantity": 2}]})
    expect(board.item(order, "Fries")).to_contain_text("ADDED")
    until(lambda: board.sounds()[-1:] == ["changed"])


def test_a_dish_is_86ed_from_the_all_day_list(place, open_board):
    place.order(items=[{"sku": "FRIES", "quantity": 3}])
    place.order("FRIES", "MARGHERITA")
    board = open_board()
    side = board.page.get_by_role("complementary", name="All day")
    side.get_by_role("button", name=re.compile("4 Fries")).click()
    side.get_by_role("button", name="86 · sold out").click()
    expect(side).to_contain_text("Fries is out")
    until(lambda: _on_sale(place, "FRIES") is False)
    board.page.keyboard.press("u")
    until(lambda: _on_sale(place, "FRIES"))
    expect(side).to_contain_text("Every dish is on the menu")


def test_a_dish_that_is_86ed_elsewhere_is_out_here_at_once(place, open_board):
    board = open_board()
    expect(board.page.locator(".next")).to_contain_text("Every dish")
    place.sell("TIRAMISU", available=False)
    expect(board.page.locator(".next")).to_contain_text("Tiramisu is out")


def test_a_rushed_order_moves_to_the_front(place, open_board):
    first, second = place.order("MARGHERITA"), place.order("FRIES")
    board = open_board()
    expect(board.ticket(second)).to_be_visible()
    board.menu(second).get_by_role("button", name="Rush").click()
    expect(board.ticket(second)).to_contain_text("RUSH")
    expect(board.page.locator("[data-number]").first).to_have_attribute("data-number", second["number"])
    until(lambda: place.look(second)["priority"])
    expect(board.ticket(first)).to_be_visible()


def test_a_held_course_is_fired_and_held_again(place, open_board):
    order = place.order(items=[{"sku": "BURRATA", "quantity": 1}, {"sku": "TIRAMISU", "quantity": 1, "course": 2}])
    board = open_board()
    expect(board.ticket(order)).to_contain_text("Course 2 · held")
    board.expect_state(order, "Tiramisu", "held")
    board.page.get_by_role("button", name=f"Fire course 2 of order {order['number']}").click()
    board.expect_state(order, "Tiramisu", "to start")
    until(lambda: place.look(order)["items"][1]["status"] == "pending")
    board.pause()
    board.page.get_by_role("button", name=f"Hold course 2 of order {order['number']}").click()
    board.expect_state(order, "Tiramisu", "held")
    until(lambda: place.look(order)["items"][1]["status"] == "held")


def test_allergies_cannot_be_missed(place, open_board):
    items = [{"sku": "MARGHERITA", "quantity": 1, "notes": "milk allergy", "modifiers": [{"name": "extra basil"}]}]
    order = place.order(items=items)
    board = open_board()
    expect(board.ticket(order).locator(".alg")).to_have_text("milk allergy · contains milk")
    spoken = re.compile("1 Margherita, to start, allergy: milk allergy · contains milk, extra basil")
    expect(board.ticket(order).get_by_role("button", name=spoken)).to_be_visible()


def test_a_refused_completion_says_what_is_pending(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    board.menu(order).get_by_role("button", name="Hand out").click()
    card = board.page.get_by_role("alert")
    expect(card).to_contain_text(f"Order {order['number']}")
    expect(card).to_contain_text("Margherita (Pizza, not started)")
    expect(card).to_contain_text("Fries (Fry, not started)")
    card.get_by_role("button", name="Read").click()
    expect(card).to_have_count(0)


def test_an_item_is_voided_and_an_order_cancelled_with_a_reason(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    dialog = board.menu(order)
    dialog.get_by_role("button", name="Fries").click()
    dialog.get_by_role("button", name="Made wrong").click()
    until(lambda: place.look(order)["items"][1]["void_reason"] == "Made wrong")
    board.pause()
    dialog = board.menu(order)
    dialog.get_by_role("button", name="Cancel the order").click()
    dialog.get_by_label("Another reason").fill("The oven is out")
    dialog.get_by_role("button", name="Cancel the order").click()
    until(lambda: place.look(order)["cancel_reason"] == "The oven is out")


def test_a_station_sees_its_share_and_what_the_others_do(place, open_board):
    order = place.order("BURGER", "FRIES")
    place.order("MARGHERITA")
    place.move_item(order, 1, "start")
    board = open_board("?station=grill")
    expect(board.page.locator("[data-ticket]")).to_have_count(1)
    expect(board.ticket(order)).to_contain_text("Also: Fry 1 (cooking)")
    expect(board.item(order, "Fries")).to_have_count(0)
    board.bump(order).click()
    board.pause()
    board.bump(order).click()
    expect(board.ticket(order)).to_have_count(0)
    until(lambda: [item["status"] for item in place.look(order)["items"]] == ["ready", "preparing"])
    board.page.get_by_role("button", name=re.compile("^All, 2 tickets")).click()
    expect(board.page.locator("[data-ticket]")).to_have_count(2)
    expect(board.page).to_have_url(re.compile("/kitchen$"))


def test_a_bump_bar_does_everything(place, open_board):
    first, second = place.order("MARGHERITA", "FRIES"), place.order("CALZONE")
    board = open_board()
    expect(board.ticket(second)).to_be_visible()
    keys = board.page.keyboard
    keys.press("1")
    expect(board.ticket(first)).to_have_class(re.compile(r"\bsel\b"))
    keys.press("ArrowDown")
    keys.press("Space")
    board.expect_state(first, "Fries", "cooking")
    keys.press("ArrowRight")
    expect(board.ticket(second)).to_have_class(re.compile(r"\bsel\b"))
    keys.press("Enter")
    keys.press("Enter")
    expect(board.ticket(second)).to_have_count(0)
    until(lambda: place.look(second)["status"] == "ready")
    keys.press("u")
    expect(board.ticket(second)).to_be_visible()
    keys.press("s")
    expect(board.page.get_by_role("button", name=re.compile("^Grill"))).to_have_attribute("aria-pressed", "true")
    keys.press("a")
    expect(board.page.get_by_role("complementary")).to_have_count(0)
    keys.press("?")
    expect(board.page.get_by_role("dialog")).to_contain_text("Bump the ticket")


def test_touches_are_kept_while_nobody_answers_and_go_out_in_order(place, open_board):
    order = place.order("MARGHERITA", "FRIES")
    board = open_board()
    expect(board.ticket(order)).to_be_visible()
    place.kill("web")
    expect(board.page.get_by_role("alert")).to_contain_text("No connection since")
    board.item(order, "Margherita").click()
    board.pause()
    board.item(order, "Margherita").click()
    board.item(order, "Fries").click()
    expect(board.page.get_by_role("alert")).to_contain_text("3 taps are saved here")
    expect(board.page.get_by_role("alert")).to_contain_text("New orders are not arriving")
    expect(board.ticket(order)).to_contain_text("SAVED")
    waiting = re.compile("Margherita, done, .*waits for the connection")
    expect(board.ticket(order).get_by_role("button", name=waiting)).to_be_visible()

    place.start("web")
    expect(board.page.locator(".state")).to_have_text("Live", timeout=40_000)
    until(lambda: [item["status"] for item in place.look(order)["items"]] == ["ready", "preparing"])
    expect(board.ticket(order)).not_to_contain_text("SAVED")
    types = [one["type"] for one in place.ask("GET", f"/v1/orders/{order['id']}/events")["data"]]
    assert [one for one in types if one.startswith("item.")] == ["item.started", "item.bumped", "item.started"]


def test_what_is_undone_while_nobody_answers_is_never_sent(place, open_board):
    order = place.order("MARGHERITA")
    board = open_board()
    expect(board.ticket(order)).to_be_visible()
    place.kill("web")
    expect(board.page.get_by_role("alert")).to_contain_text("No connection")
    board.ticket(order).locator(".head").dblclick()
    expect(board.ticket(order)).to_have_count(0)
    board.page.get_by_role("button", name="Undo").click()
    board.expect_state(order, "Margherita", "to start")
    place.start("web")
    expect(board.page.locator(".state")).to_have_text("Live", timeout=40_000)
    assert place.look(order)["items"][0]["status"] == "pending"


def test_a_touch_that_came_too_late_is_explained_and_not_dropped(place, open_board):
    order = place.order("MARGHERITA")
    board = open_board()
    expect(board.ticket(order)).to_be_visible()
    board.page.route("**/v1/orders/*/items/**", lambda route: route.abort())
    board.item(order, "Margherita").click()
    board.expect_state(order, "Margherita", "cooking")
    place.move(order, "cancel", reason="Guest cancelled")
    board.page.unroute("**/v1/orders/*/items/**")
    card = board.page.get_by_role("alert").filter(has_text=order["number"])
    expect(card).to_contain_text("The order was cancelled meanwhile.", timeout=20_000)
    expect(card).to_contain_text("Margherita")
    expect(board.ticket(order)).to_contain_text("CANCELLED")


def test_a_quiet_stream_is_not_taken_for_the_truth(place, open_page):
    """A line that is dead without saying so: the page looks at the clock."""
    order = place.order("MARGHERITA")
    page = open_page(None, WALL, "kitchen")
    page.clock.install()
    page.goto("/kitchen")
    expect(page.locator(f"[data-number='{order['number']}']")).to_be_visible()
    page.route("**/v1/**", lambda route: route.abort())
    page.clock.fast_forward("00:26")
    expect(page.get_by_role("alert")).to_contain_text("No connection since")
    expect(page.locator(".state")).to_have_text("Offline")


def test_tickets_turn_yellow_then_red_and_are_heard(place, open_page):
    order = place.order("MARGHERITA")  # eight minutes
    page = open_page(None, WALL, "kitchen")
    page.add_init_script(KEEP_SOUNDS)
    page.clock.install()
    page.goto("/kitchen")
    ticket = page.locator(f"[data-number='{order['number']}']")
    expect(ticket).to_be_visible()
    page.clock.fast_forward("05:30")
    expect(ticket).to_have_class(re.compile(r"\bwarn\b"))
    page.clock.fast_forward("03:00")
    expect(ticket).to_have_class(re.compile(r"\blate\b"))
    expect(ticket).to_contain_text("LATE")
    until(lambda: page.evaluate("window.sounds").count("late") == 1)


def test_what_does_not_fit_is_a_page_further(place, open_board):
    orders = [place.order("MARGHERITA", "FRIES", "COLA") for _ in range(24)]
    board = open_board()
    expect(board.ticket(orders[0])).to_be_visible()
    more = board.page.get_by_role("button", name=re.compile("more ticket"))
    more.click()
    expect(board.ticket(orders[0])).to_have_count(0)
    expect(board.ticket(orders[-1])).to_be_visible()
    board.page.get_by_role("button", name=re.compile("before$")).click()
    expect(board.ticket(orders[0])).to_be_visible()


def test_of_150_open_tickets_only_those_that_change_are_drawn_again(place, open_board):
    orders = [place.order("MARGHERITA", "FRIES", "BURGER", "COLA") for _ in range(150)]
    board = open_board()
    expect(board.page.get_by_role("button", name=re.compile("^All, 150 tickets"))).to_be_visible()
    expect(board.ticket(orders[0])).to_be_visible()
    board.page.evaluate(DRAWN)
    place.move(orders[1], "start")
    board.expect_state(orders[1], "Margherita", "cooking")
    board.item(orders[0], "Margherita").click()
    board.expect_state(orders[0], "Margherita", "cooking")
    drawn = set(board.page.evaluate("[...window.drawn]"))
    assert drawn == {orders[0]["number"], orders[1]["number"]}


# The tickets in which anything has changed but the clocks.
DRAWN = """
window.drawn = new Set();
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const node = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
    const ticket = node?.closest("[data-number]");
    if (ticket && !node.closest("[role=timer], .prog")) window.drawn.add(ticket.dataset.number);
  }
}).observe(document.body, { attributes: true, characterData: true, childList: true, subtree: true });
null
"""


@pytest.mark.parametrize("size", [WALL, TABLET, PHONE], ids=["wall", "tablet", "phone"])
@pytest.mark.parametrize("theme", ["", "?theme=dark"], ids=["paper", "dark"])
def test_the_busy_board_is_readable_by_all(place, open_board, axe, size, theme):
    _busy(place)
    board = open_board(theme, size)
    expect(board.page.locator("[data-ticket]").nth(3)).to_be_attached()
    axe(board.page)


@pytest.mark.parametrize("panel", ["Recall", "Settings", "More for order", "86", "?"])
def test_what_opens_over_the_board_is_readable_and_large(place, open_board, axe, controls_at_least, panel):
    _busy(place)
    board = open_board(size=TABLET)
    if panel == "?":
        board.page.keyboard.press("?")
    else:
        board.page.get_by_role("button", name=re.compile(panel)).first.click()
    expect(board.page.get_by_role("dialog")).to_be_visible()
    axe(board.page)
    controls_at_least(board.page, 56)


@pytest.mark.parametrize("size", [WALL, TABLET, PHONE, SMALL_PHONE], ids=["wall", "tablet", "phone", "small phone"])
def test_gloves_can_hit_everything_and_nothing_is_cut_off(
    place, open_board, controls_at_least, no_sideways_scroll, size
):
    _busy(place)
    board = open_board(size=size)
    expect(board.page.locator("[data-ticket]").nth(3)).to_be_attached()
    controls_at_least(board.page, 56)
    no_sideways_scroll(board.page)


def test_a_reload_without_a_server_shows_what_was_known(place, open_board):
    order = place.order("MARGHERITA")
    board = open_board(service_workers="allow")
    expect(board.ticket(order)).to_be_visible()
    board.page.evaluate("navigator.serviceWorker.ready.then(() => fetch('/kitchen'))")
    board.page.reload()
    expect(board.ticket(order)).to_be_visible()
    board.page.wait_for_timeout(1200)  # the copy on the device follows the board by a second
    place.kill("web")
    board.page.reload()
    expect(board.ticket(order)).to_be_visible()
    expect(board.page.get_by_role("alert")).to_contain_text("No connection")


AWAKE = """
window.locks = [];
Object.defineProperty(navigator, "wakeLock", { value: { request: async (kind) => {
  window.locks.push(kind);
  return { released: false, addEventListener() {} };
} } });
"""


def test_a_shift_begins_with_sound_and_a_screen_that_stays_awake(place, open_page):
    page = open_page(None, WALL, "kitchen")
    page.add_init_script(AWAKE)
    page.goto("/kitchen")
    page.get_by_role("button", name="Start shift").click()
    expect(page.get_by_role("img", name="The screen stays awake")).to_be_visible()
    assert page.evaluate("window.locks") == ["screen"]
    page.get_by_role("button", name="Sound is on").click()
    expect(page.get_by_role("button", name="Sound is off")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Start shift").click()
    expect(page.get_by_role("button", name="Sound is off")).to_be_visible()


def test_a_screen_remembers_how_it_was_set(place, open_board):
    order = place.order("MARGHERITA")
    board = open_board()
    board.page.get_by_role("button", name="Settings").click()
    dialog = board.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Size: more").click()
    dialog.get_by_role("button", name="Dark").click()
    dialog.get_by_role("button", name="Pickup, red: less").click()
    dialog.get_by_role("button", name="Bump the ticket").click()
    board.page.keyboard.press("F4")
    dialog.get_by_role("button", name="Close").click()
    board.page.reload()
    expect(board.ticket(order)).to_be_visible()
    assert board.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "17.6px"
    assert board.page.evaluate("document.documentElement.dataset.theme") == "dark"
    board.page.keyboard.press("1")
    board.page.keyboard.press("F4")
    expect(board.bump(order)).to_contain_text("Tap again")
    board.page.get_by_role("button", name="Settings").click()
    expect(dialog).to_contain_text("95 %")


def test_the_board_of_a_station_that_is_not_there_shows_all_of_them(place, open_board):
    order = place.order("MARGHERITA")
    board = open_board("?station=piza")
    told = board.page.get_by_role("alert").filter(has_text="There is no station “piza”")
    expect(told).to_be_visible()
    expect(board.ticket(order)).to_be_visible()
    assert "station" not in board.page.url
    told.get_by_role("button", name="Read").click()
    expect(told).to_have_count(0)


def test_a_pin_opens_the_board_of_its_station(place, open_context):
    place.ask("PATCH", "/v1/stations/grill", {"pin": "2468"})
    context = open_context(WALL)
    answer = context.request.post("/v1/session", data={"location": "main", "station": "grill", "pin": "2468"})
    assert answer.ok, answer.text()
    order = place.order("BURGER", "FRIES")
    board = Board(context.new_page())
    board.page.goto("/kitchen")
    expect(board.ticket(order)).to_contain_text("Also: Fry 1 (to start)")
    expect(board.page.get_by_role("button", name=re.compile("^Grill"))).to_have_attribute("aria-pressed", "true")


def test_at_most_40_kb_of_script_come_over_the_line(place, open_context):
    context = open_context(WALL, "kitchen")
    page, sizes = context.new_page(), []
    page.on("requestfinished", lambda request: request.resource_type == "script" and sizes.append(request))
    page.goto("/kitchen")
    expect(page.locator(".state")).to_have_text("Live")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert 0 < sum(request.sizes()["responseBodySize"] for request in sizes) <= 40 * 1024


def _on_sale(place, sku):
    return next(dish["available"] for dish in place.ask("GET", "/v1/menu")["items"] if dish["sku"] == sku)


def _busy(place):
    """Every look that a ticket can have."""
    first = place.order("MARGHERITA", "HOUSE-SALAD", "FRIES", notes="nut allergy", channel="dine_in", table="4")
    place.move_item(first, 0, "start")
    place.move_item(first, 1, "bump")
    place.move_item(first, 2, "void", reason="Entered twice")
    place.move(place.order("BURGER", channel="dine_in", table="12", guests=3), "rush")
    place.order(items=[{"sku": "BURRATA", "quantity": 2}, {"sku": "TIRAMISU", "quantity": 1, "course": 2}])
    wishes = [{"name": "no onions"}, {"name": "bacon"}]
    place.order(items=[{"sku": "BURGER", "quantity": 1, "notes": "sesame allergy", "modifiers": wishes}])
    place.move(place.order("CALZONE"), "cancel", reason="Guest cancelled")
    place.move(place.order("RIBEYE"), "bump")
    place.sell("PANNA-COTTA", available=False)
