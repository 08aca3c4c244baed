"""The tracking page: it says what is going on, at once, also with a bad line, and calls whoever looks away."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SMALL_PHONE
from tests.browser.place import until

# What the page would show, ring and buzz, kept instead.
LISTENING = """
window.shown = [];
window.buzzed = 0;
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return (this.permission = "granted"); }
  constructor(title, options) { window.shown.push([title, options.body]); }
  close() {}
};
navigator.vibrate = () => { window.buzzed += 1; return true; };
"""
# Whether the page has put away what it shows for a reload without a connection.
KEPT = """(key) => new Promise((tell) => {
  const opening = indexedDB.open("passline");
  opening.onsuccess = () => {
    const cache = opening.result.transaction("cache").objectStore("cache");
    cache.get(key).onsuccess = (found) => { opening.result.close(); tell(!!found.target.result); };
  };
})"""
AT_ONCE = 1.0
STREAM = "**/v1/track/*/stream"


class Tracker:
    """Somebody who follows an order."""

    def __init__(self, page):
        self.page = page

    def open(self, order):
        self.page.goto(order["tracking_url"])
        expect(self.headline).to_be_visible()

    def open_live(self, order):
        self.open(order)
        expect(self.page.get_by_text("Live", exact=True)).to_be_visible()

    @property
    def headline(self):
        return self.page.locator("h1#status")

    @property
    def history(self):
        return self.page.get_by_role("region", name="What happened so far").get_by_role("listitem")

    def item(self, name):
        return self.page.get_by_role("region", name="Your order").get_by_role("listitem").filter(has_text=name)

    def sees_at_once(self, text, since):
        expect(self.headline).to_contain_text(text)
        assert time.monotonic() - since < AT_ONCE


@pytest.fixture
def tracker(phone_page):
    return Tracker(phone_page)


def estimated(place, order):
    """The order once the kitchen has worked out a time for it."""
    return until(lambda: (found := place.look(order))["estimate"] and found)


def test_each_step_is_seen_in_under_a_second(place, tracker):
    order = place.order("MARGHERITA", "HOUSE-SALAD")
    tracker.open_live(order)
    expect(tracker.headline).to_contain_text("The kitchen said yes")
    for action, headline in [("start", "Cooking now"), ("bump", "Ready. Come and get it"), ("complete", "Picked up")]:
        since = time.monotonic()
        place.move(order, action)
        tracker.sees_at_once(headline, since)
    expect(tracker.page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")


def test_items_and_history_follow(place, tracker):
    order = place.order("MARGHERITA", "HOUSE-SALAD")
    tracker.open_live(order)
    place.move_item(order, 0, "start")
    place.move_item(order, 1, "bump")
    expect(tracker.item("Margherita")).to_contain_text("Cooking")
    expect(tracker.item("House salad")).to_contain_text("Done")
    expect(tracker.page.locator(".detail")).to_have_text("Margherita is cooking. House salad is already done.")
    expect(tracker.history).to_contain_text(["Received", "Confirmed", "Cooking", "Ready for pickup"])
    expect(tracker.history.nth(2)).to_contain_text("House salad done at")
    expect(tracker.history.nth(2)).to_have_attribute("aria-current", "step")
    place.move_item(order, 0, "void", reason="The dough is out")
    expect(tracker.item("Margherita")).to_contain_text("The dough is out")


def test_the_promised_range_is_shown_and_counts_down(place, tracker):
    order = estimated(place, place.order("MARGHERITA"))
    tracker.page.clock.install()
    tracker.open(order)
    rest = tracker.page.locator(".eta .rest")
    expect(tracker.page.locator(".eta .label")).to_have_text("Ready for pickup")
    expect(rest).to_have_text(re.compile(r"about \d+ minutes"))
    minutes = int(re.search(r"\d+", rest.inner_text()).group())
    tracker.page.clock.fast_forward("03:00")
    expect(rest).to_have_text(re.compile(f"about ({minutes - 4}|{minutes - 3}) minutes"))


def test_a_delay_is_said_with_the_old_and_the_new_time(place, tracker, axe):
    order = estimated(place, place.order("MARGHERITA"))
    tracker.open_live(order)
    old = tracker.page.locator(".eta .sr").inner_text()
    place.move(order, "delay", seconds=1500)
    expect(tracker.headline).to_have_text("Taking a little longer")
    expect(tracker.page.locator(".eta .label")).to_have_text(f"New estimate, was {old}")
    expect(tracker.page.locator(".delay")).to_contain_text("We are sorry. You were promised")
    axe(tracker.page)


def test_a_recall_is_said_and_called_out(place, open_page):
    page = open_page()
    page.add_init_script(LISTENING)
    tracker, order = Tracker(page), place.order("MARGHERITA")
    tracker.open_live(order)
    page.get_by_role("button", name="Notify me").click()
    expect(page.get_by_text("We will call you")).to_be_visible()
    icon = page.locator("link[rel=icon]").get_attribute("href")

    place.move(order, "bump")
    expect(tracker.headline).to_contain_text("Ready")
    expect(page).to_have_title(re.compile(r"^\(Ready\) Order"))
    assert page.evaluate("window.shown") == [[f"Order {order['number']} is ready", "Come and get it."]]
    assert page.evaluate("window.buzzed") == 1
    assert page.locator("link[rel=icon]").get_attribute("href") != icon

    place.move(order, "recall", reason="It went cold")
    expect(tracker.headline).to_have_text("Not quite ready after all")
    expect(page.get_by_text("Back in the kitchen", exact=True)).to_be_visible()
    expect(tracker.history.filter(has_text="Taken back to the kitchen")).to_contain_text("It went cold")
    expect(page).to_have_title(re.compile("back in the kitchen"))
    assert page.evaluate("window.shown.length") == 2
    assert page.evaluate("window.shown[1][0]") == f"Order {order['number']} is not ready after all"

    place.move(order, "bump")
    expect(tracker.headline).to_contain_text("Ready")
    assert page.evaluate("window.shown.length") == 3


def test_whoever_asked_is_called_while_the_page_is_paused(place, open_page):
    page = open_page()
    page.add_init_script(LISTENING)
    tracker, order = Tracker(page), place.order("MARGHERITA")
    tracker.open_live(order)
    page.get_by_role("button", name="Notify me").click()
    page.get_by_role("button", name="Pause").click()
    place.move(order, "bump")
    until(lambda: page.evaluate("window.shown.length === 1"))
    expect(tracker.headline).to_have_text("The kitchen said yes")
    page.get_by_role("button", name="Resume").click()
    expect(tracker.headline).to_contain_text("Ready")
    assert page.evaluate("window.shown.length") == 1


def test_nobody_is_called_who_did_not_ask(place, open_page):
    page = open_page()
    page.add_init_script(LISTENING)
    tracker, order = Tracker(page), place.order()
    tracker.open_live(order)
    place.move(order, "bump")
    expect(tracker.headline).to_contain_text("Ready")
    assert page.evaluate("[window.shown.length, window.buzzed]") == [0, 0]


@pytest.mark.full_chromium
def test_a_real_notification_is_shown(place, open_page):
    page = open_page(service_workers="allow")
    tracker, order = Tracker(page), place.order()
    page.add_init_script(
        "const Real = Notification; window.made = []; window.Notification = "
        "class extends Real { constructor(...told) { super(...told); window.made.push(this.title); } };"
    )
    tracker.open_live(order)
    page.get_by_role("button", name="Notify me").click()
    place.move(order, "bump")
    expect(tracker.headline).to_contain_text("Ready")
    assert page.evaluate("window.made") == [f"Order {order['number']} is ready"]


def test_pausing_holds_the_page_and_resuming_catches_up(place, tracker):
    order = place.order("MARGHERITA", "HOUSE-SALAD")
    tracker.open_live(order)
    tracker.page.get_by_role("button", name="Pause").click()
    expect(tracker.page.get_by_text("Paused")).to_be_visible()
    place.move_item(order, 0, "start")
    place.move_item(order, 1, "bump")
    expect(tracker.page.get_by_text(re.compile(r"\d+ updates? waits?"))).to_be_visible()
    expect(tracker.headline).to_have_text("The kitchen said yes")
    expect(tracker.item("House salad")).to_contain_text("Waiting")
    tracker.page.get_by_role("button", name="Resume").click()
    expect(tracker.headline).to_have_text("Cooking now")
    expect(tracker.item("House salad")).to_contain_text("Done")


def test_without_a_stream_it_asks_every_three_seconds(place, tracker):
    order = place.order()
    tracker.page.route(STREAM, lambda route: route.abort())
    tracker.open(order)
    expect(tracker.page.get_by_text("Checking every 3 s")).to_be_visible()
    since = time.monotonic()
    place.move(order, "start")
    expect(tracker.headline).to_have_text("Cooking now")
    assert time.monotonic() - since < 5


def test_without_a_server_it_keeps_what_it_knew_and_comes_back(place, tracker, axe, said):
    order = estimated(place, place.order("MARGHERITA"))
    place.move(order, "start")
    tracker.open_live(order)
    place.kill("web")
    expect(tracker.page.get_by_text("No connection.")).to_be_visible(timeout=20_000)
    expect(tracker.headline).to_have_text("Last seen: cooking")
    expect(tracker.item("Margherita")).to_contain_text("Cooking")
    expect(tracker.page.locator(".eta .rest")).to_contain_text("as of")
    axe(tracker.page)
    place.start("web")
    place.move(order, "bump")
    expect(tracker.headline).to_contain_text("Ready", timeout=40_000)
    expect(tracker.page.get_by_text("No connection.")).to_have_count(0)
    said.clear()


def test_whoever_does_not_want_to_wait_tries_now(place, tracker, said):
    """With the page's clock stopped it tries nothing by itself."""
    order = place.order("MARGHERITA")
    tracker.page.clock.install()
    tracker.open_live(order)
    place.kill("web")
    expect(tracker.page.get_by_text("No connection.")).to_be_visible(timeout=20_000)
    tracker.page.clock.pause_at(tracker.page.evaluate("Date.now()") + 1000)
    place.start("web")
    place.move(order, "bump")
    tracker.page.get_by_role("button", name="Try now").click()
    expect(tracker.headline).to_contain_text("Ready")
    expect(tracker.page.get_by_text("No connection.")).to_have_count(0)
    said.clear()


def test_a_reload_without_a_connection_shows_what_was_known(place, open_context, said):
    page = open_context(PHONE, service_workers="allow").new_page()
    tracker, order = Tracker(page), place.order("MARGHERITA")
    place.move(order, "start")
    tracker.open_live(order)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(tracker.history).to_contain_text(["Received", "Confirmed", "Cooking", "Ready for pickup"])
    until(lambda: page.evaluate(KEPT, f"track/{order['tracking_token']}"))
    place.kill("web")
    page.reload()
    expect(tracker.headline).to_have_text("Last seen: cooking", timeout=20_000)
    expect(tracker.item("Margherita")).to_contain_text("Cooking")
    expect(tracker.history).to_contain_text(["Received", "Confirmed", "Cooking", "Ready for pickup"])
    said.clear()


def test_a_cancelled_order_says_why(place, tracker, axe):
    order = place.order("MARGHERITA")
    tracker.open_live(order)
    place.move(order, "cancel", reason="The oven broke down")
    expect(tracker.headline).to_have_text("Order cancelled")
    expect(tracker.page.locator(".detail")).to_contain_text("The oven broke down")
    expect(tracker.history.last).to_contain_text("The oven broke down")
    expect(tracker.page.get_by_role("link", name="Back to the menu")).to_be_visible()
    expect(tracker.page.get_by_role("progressbar")).to_have_count(0)
    axe(tracker.page)


def test_a_rejected_order_says_why(place, tracker):
    place.ask("PATCH", "/v1/locations/main", {"auto_confirm": False}, role="admin")
    try:
        order = place.order()
    finally:
        place.ask("PATCH", "/v1/locations/main", {"auto_confirm": True}, role="admin")
    tracker.open_live(order)
    expect(tracker.headline).to_have_text("We have your order")
    expect(tracker.page.locator(".detail")).to_contain_text("The restaurant answers by")
    place.move(order, "reject", reason="The kitchen closes early today")
    expect(tracker.headline).to_have_text("We could not take it")
    expect(tracker.page.locator(".detail")).to_contain_text("The kitchen closes early today")


def test_a_scheduled_order_says_when(place, tracker):
    at = time.strftime("%Y-%m-%dT%H:%M:00Z", time.gmtime(time.time() + 3 * 3600))
    tracker.open_live(place.order(scheduled_for=at))
    expect(tracker.headline).to_contain_text("Set for")
    expect(tracker.page.get_by_text("Scheduled", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("members", "headline", "detail"),
    [
        ({"channel": "dine_in", "table": "12", "guests": 2}, "Ready to be served", "table 12"),
        ({"channel": "delivery"}, "Ready to leave", "waits to be taken out"),
    ],
)
def test_ready_means_what_the_channel_makes_of_it(place, tracker, members, headline, detail):
    order = place.order(**members)
    tracker.open_live(order)
    place.move(order, "bump")
    expect(tracker.headline).to_have_text(headline)
    expect(tracker.page.locator(".detail")).to_contain_text(detail)


def test_a_link_that_leads_nowhere_says_so(place, tracker):
    tracker.page.goto("/order-tracking/" + "A" * 43)
    expect(tracker.page.get_by_text("There is no order here")).to_be_visible()
    expect(tracker.page.get_by_role("link", name="To the menu")).to_be_visible()


@pytest.mark.full_chromium
def test_the_link_is_copied(place, tracker):
    order = place.order()
    tracker.page.add_init_script("delete Navigator.prototype.share")
    tracker.open_live(order)
    tracker.page.get_by_role("button", name="Copy link").click()
    expect(tracker.page.get_by_role("button", name="Copied")).to_be_visible()
    assert tracker.page.evaluate("navigator.clipboard.readText()") == place.url + order["tracking_url"]


def test_the_link_is_shown_as_a_code(place, tracker, axe):
    tracker.open_live(place.order())
    tracker.page.get_by_role("button", name="QR code").click()
    code = tracker.page.get_by_role("dialog").get_by_role("img", name="QR code of this page's address")
    expect(code).to_be_visible()
    box = code.bounding_box()
    assert box["width"] == pytest.approx(box["height"], abs=1)
    axe(tracker.page)
    tracker.page.keyboard.press("Escape")
    expect(code).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("actions", [["start"], ["bump"], ["bump", "recall"], ["bump", "complete"]], ids="-".join)
def test_every_state_is_for_everybody(place, open_page, axe, no_sideways_scroll, controls_at_least, theme, actions):
    order = place.order("MARGHERITA", "BURGER")
    for action in actions:
        order = place.move(order, action, reason="Too cold")
    tracker = Tracker(open_page(size=SMALL_PHONE, color_scheme=theme))
    tracker.open_live(order)
    axe(tracker.page)
    controls_at_least(tracker.page, 48)
    no_sideways_scroll(tracker.page)


@pytest.mark.parametrize("size", [SMALL_PHONE, DESK], ids=["small phone", "desk"])
def test_the_longest_words_stay_on_the_page(place, open_page, no_sideways_scroll, size):
    item = {"name": "Donaudampfschifffahrtspfanne" * 3, "unit_price": 123456, "quantity": 12, "notes": "x" * 80}
    tracker = Tracker(open_page(size=size))
    tracker.open_live(place.order(items=[item], notes="y" * 120))
    no_sideways_scroll(tracker.page)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_little_jumps_while_the_order_moves_on(place, open_page, layout_shift, size):
    tracker, order = Tracker(open_page(size=size)), place.order("MARGHERITA", "HOUSE-SALAD")
    tracker.open_live(order)
    for action, headline in [("start", "Cooking now"), ("bump", "Ready")]:
        place.move(order, action)
        expect(tracker.headline).to_contain_text(headline)
    assert layout_shift(tracker.page) < 0.1


def test_the_page_is_light(open_page, place):
    """At most 40 KB of script come over the line."""
    page, order, sizes = open_page(), place.order(), []
    page.on(
        "response",
        lambda answer: answer.url.endswith(".js") and sizes.append(answer.request.sizes()["responseBodySize"]),
    )
    Tracker(page).open_live(order)
    assert 0 < sum(sizes) <= 40 * 1024
