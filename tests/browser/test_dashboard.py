"""The manager's page: the floor as it is now, the day's books, and the work behind."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SMALL_PHONE, TABLET
from tests.browser.place import Place, until
from tests.restaurant import Restaurant, SetClock, house
from workflow.embedded.server import free_port
from workflow.store.store import open_store

SOON = 1_000


class MailServer:
    """Knows nobody by the name of Ada until told otherwise."""

    def __init__(self):
        self.port, self.knows_ada, self.taken = free_port(), False, []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.startswith("ada@") and not self.knows_ada:
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.taken += envelope.rcpt_tos
        return "250 Taken"


@pytest.fixture(scope="module")
def mail():
    server = MailServer()
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture(scope="module")
def _open_place(tmp_path_factory, sqlite_template, mail):
    """As for the other pages, with a mail server beside it."""
    root = tmp_path_factory.mktemp("place")
    (root / "passline.db").write_bytes(sqlite_template.read_bytes())
    place = Place(root, f"sqlite:///{root / 'passline.db'}", smtp=f"smtp://127.0.0.1:{mail.port}")
    place.start()
    yield place
    place.close()


class Desk:
    """A page of the dashboard, as a manager sees it."""

    def __init__(self, page):
        self.page = page

    def row(self, order):
        return self.page.locator(f"[data-number='{order['number']}']")

    def open(self, order):
        self.row(order).get_by_role("button").click()
        return self.page.get_by_role("dialog")

    def figure(self, name):
        return self.page.get_by_label("Today in numbers").locator("div", has_text=re.compile(f"^{name}"))

    def tab(self, name):
        self.page.get_by_role("tab", name=name).click()
        return self.page.get_by_role("tabpanel", name=name)

    def view(self, name):
        self.page.get_by_role("button", name=re.compile(f"^{name} ")).click()

    def numbers(self):
        return self.page.locator("[data-number]").evaluate_all("rows => rows.map(row => row.dataset.number)")


class SlowTill(Restaurant):
    """Another till of the same restaurant, which tells of its orders late."""

    def __init__(self, database):
        self.clock, self.location = SetClock(), house()
        self.store = open_store(database, clock=self.clock)

    def place_before(self, seconds, *skus, **more):
        self.clock.at = datetime.now(UTC) - timedelta(seconds=seconds)
        return self.place(*skus, **more)


@pytest.fixture
def open_desk(open_page):
    def open_one(query="", size=DESK, role="manager", **options):
        page = open_page(f"/dashboard{query}", size, role, **options)
        expect(page.get_by_role("status").filter(has_text="Live")).to_be_visible()
        return Desk(page)

    return open_one


@pytest.fixture
def long_ago(_open_place):
    """``long_ago(1800, "RIBEYE")``: an order that the kitchen has had for half an hour."""
    till = SlowTill(f"sqlite:///{_open_place.root / 'passline.db'}")
    yield lambda seconds, *skus, **more: _open_place.look({"id": till.place_before(seconds, *skus, **more).id})
    till.store.close()


def test_an_order_appears_within_a_second_and_moves_as_it_moves(open_desk, place):
    desk = open_desk()
    expect(desk.figure("In the kitchen").locator("strong")).to_have_text("0")
    order = place.order("MARGHERITA", "COLA", channel="dine_in", table="12", role="manager")
    expect(desk.row(order)).to_contain_text("Table 12", timeout=SOON)
    expect(desk.figure("In the kitchen").locator("strong")).to_have_text("1", timeout=SOON)

    place.move(order, "start")
    expect(desk.row(order)).to_contain_text("Cooking", timeout=SOON)
    place.move(order, "bump")
    expect(desk.row(order)).to_contain_text("Ready", timeout=SOON)
    place.move(order, "complete")
    expect(desk.row(order)).to_have_count(0, timeout=SOON)
    desk.view("Closed")
    expect(desk.row(order)).to_contain_text("Completed")


def test_sales_and_orders_count_from_the_first_order_of_the_day(open_desk, place):
    before = place.ask("GET", f"/v1/reports/days/{place.order('COLA')['business_day']}")
    desk = open_desk()
    sold = place.order("RIBEYE")
    expect(desk.figure("Orders").locator("strong")).to_have_text(str(before["orders"]["placed"] + 1), timeout=SOON)
    net = (before["net"] + sold["total"]) / 100
    expect(desk.figure("Sales").locator("strong")).to_have_text(f"€{net:,.2f}")


def test_filters_and_search_leave_what_is_looked_for(open_desk, place):
    table = place.order("RIBEYE", channel="dine_in", table="Garden 7", role="manager")
    pickup = place.order("MARGHERITA", external_id="till-7-000123", customer={"name": "Ada"})
    bike = place.order("FRIES", channel="delivery", customer={"name": "Priya"})
    place.move(bike, "bump")
    desk = open_desk()
    expect(desk.row(bike)).to_be_visible()
    page = desk.page

    found = {"garden": table, "table gard": table, "ada": pickup, "000123": pickup, bike["number"].lower(): bike}
    for words, order in found.items():
        page.get_by_role("searchbox").fill(words)
        expect(page.locator("[data-number]")).to_have_count(1)
        expect(desk.row(order)).to_be_visible()
    page.get_by_role("searchbox").fill("nobody")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.get_by_role("button", name="Show all open orders").click()
    assert desk.numbers() == [table["number"], pickup["number"], bike["number"]]

    for name, choice, order in (
        ("Status", "Ready", bike),
        ("Channel", "Pickup", pickup),
        ("Station", "Grill", table),
    ):
        page.get_by_label(name, exact=True).select_option(label=choice)
        expect(page.locator("[data-number]")).to_have_count(1)
        expect(desk.row(order)).to_be_visible()
        page.get_by_label(name, exact=True).select_option(index=0)


def test_who_waits_longest_comes_first_and_is_late_for_a_reason(open_desk, place, long_ago):
    fresh = place.order("MARGHERITA")
    late = long_ago(1800, "RIBEYE", table="12")
    desk = open_desk()
    expect(desk.row(late)).to_contain_text("Late")
    expect(desk.row(late)).to_contain_text(re.compile(r"Grill: Rib eye.* not started, 30:\d\d"))
    assert desk.numbers() == [late["number"], fresh["number"]]
    expect(desk.page).to_have_title("(1 late) Today")

    desk.view("Late")
    expect(desk.page.locator("[data-number]")).to_have_count(1)
    place.move(late, "bump")
    expect(desk.page.get_by_text("Nobody waits too long")).to_be_visible()


def test_an_order_within_its_time_is_not_late(open_desk, place, long_ago):
    early = long_ago(60, "RIBEYE")
    desk = open_desk()
    expect(desk.row(early)).to_contain_text("Confirmed")
    expect(desk.row(early)).not_to_contain_text("Late")


def test_an_order_shows_what_can_be_done_and_what_is_in_the_way(open_desk, place):
    order = place.order("MARGHERITA", "HOUSE-SALAD")
    place.move_item(order, 1, "bump")
    desk = open_desk()
    dialog = desk.open(order)
    expect(dialog.get_by_text("Complete: 1 item is not ready yet.")).to_contain_text("Margherita")
    dialog.get_by_role("button", name="Rush").click()
    expect(desk.row(order).get_by_label("Rush")).to_be_visible()
    dialog.get_by_role("button", name="Bump", exact=True).click()
    dialog.get_by_role("button", name="Complete").click()
    expect(dialog.get_by_text("Completed").first).to_be_visible()
    assert place.look(order)["status"] == "completed"
    for line in ("Placed", "Rushed", "All ready", "Completed"):
        expect(dialog.get_by_role("listitem").filter(has_text=line).first).to_be_visible()


def test_a_completion_that_is_refused_shows_what_is_pending(open_desk, place):
    """The page believes that all is ready, as it is paused; the kitchen knows better."""
    order = place.move(place.order("MARGHERITA", "HOUSE-SALAD"), "bump")
    desk = open_desk()
    expect(desk.row(order)).to_contain_text("Ready")
    desk.page.get_by_role("button", name="Pause").click()
    dialog = desk.open(order)
    place.move_item(order, 1, "recall")
    dialog.get_by_role("button", name="Complete").click()
    expect(dialog.get_by_role("status").filter(has_text="refused")).to_contain_text("House salad")
    assert place.look(order)["status"] == "preparing"


def test_a_cancellation_wants_a_reason(open_desk, place):
    order = place.order("MARGHERITA")
    desk = open_desk()
    desk.open(order).get_by_role("button", name="Cancel").click()
    asked = desk.page.get_by_role("dialog", name=re.compile("^Cancel"))
    asked.get_by_role("button", name="Cancel", exact=True).click()
    expect(asked.get_by_text("Say why, please.")).to_be_visible()
    asked.get_by_role("button", name="Guest left").click()
    asked.get_by_role("button", name="Cancel", exact=True).click()
    expect(desk.page.get_by_role("dialog").get_by_text("Guest left").first).to_be_visible()
    after = place.look(order)
    assert (after["status"], after["cancel_reason"]) == ("cancelled", "Guest left")


def test_what_was_given_up_is_shown_and_tried_again(open_desk, place, mail):
    mail.knows_ada = False
    place.order("MARGHERITA", customer={"name": "Ada", "contact": "mailto:ada@example.com"})
    until(lambda: place.ask("GET", "/v1/dead-letters")["data"], place.last_words)
    desk = open_desk()
    letter = desk.page.get_by_role("listitem").filter(has_text="Write to a guest")
    expect(desk.page.get_by_role("heading", name="1 job given up")).to_be_visible()
    expect(letter).to_contain_text("No such mailbox")

    mail.knows_ada = True
    letter.get_by_role("button", name="Retry").click()
    expect(letter).to_have_count(0)
    expect(desk.page.get_by_role("heading", name="Queues are healthy")).to_be_visible()
    until(lambda: "ada@example.com" in mail.taken, place.last_words)


def test_what_was_given_up_is_discarded_with_a_reason(open_desk, place, mail):
    mail.knows_ada = False
    place.order("MARGHERITA", customer={"name": "Ada", "contact": "mailto:ada@example.com"})
    until(lambda: place.ask("GET", "/v1/dead-letters")["data"], place.last_words)
    desk = open_desk()
    desk.page.get_by_role("button", name="Discard").click()
    asked = desk.page.get_by_role("dialog", name="Discard this job?")
    asked.get_by_role("button", name="Done by hand").click()
    asked.get_by_role("button", name="Discard", exact=True).click()
    expect(desk.page.get_by_text("Write to a guest")).to_have_count(0)
    assert place.ask("GET", "/v1/dead-letters")["data"] == []


def test_a_silent_dispatcher_is_told(open_desk, place):
    desk = open_desk()
    expect(desk.page.get_by_role("heading", name="Queues are healthy")).to_be_visible()
    place.kill("dispatcher")
    expect(desk.page.get_by_role("heading", name="Background work stands still")).to_be_visible(timeout=60_000)
    place.start("dispatcher")
    expect(desk.page.get_by_role("heading", name="Queues are healthy")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("tab", ["End of day", "Days"])
def test_the_books_can_be_read_by_everybody(open_desk, place, axe, no_sideways_scroll, controls_at_least, tab, theme):
    place.move(place.order("MARGHERITA"), "cancel", reason="Guest left")
    place.order("RIBEYE", "COLA")
    desk = open_desk(size=SMALL_PHONE, color_scheme=theme)
    panel = desk.tab(tab)
    expect(panel.get_by_role("heading", level=2).first).to_be_visible()
    axe(desk.page)
    no_sideways_scroll(desk.page)
    controls_at_least(desk.page, 48)


@pytest.mark.parametrize("size", [PHONE, TABLET, DESK], ids=["phone", "tablet", "desk"])
def test_an_open_order_can_be_read_by_everybody(open_desk, place, axe, no_sideways_scroll, controls_at_least, size):
    order = place.order("MARGHERITA", "RIBEYE", "COLA", notes="birthday")
    desk = open_desk(size=size)
    dialog = desk.open(order)
    expect(dialog.get_by_text("Placed")).to_be_visible()
    axe(desk.page)
    no_sideways_scroll(desk.page)
    controls_at_least(desk.page, 48)


def test_hundreds_of_orders_are_drawn_in_parts_and_found_at_once(open_desk, place, long_ago):
    numbers = [long_ago(7200 - index, "COLA")["number"] for index in range(220)]
    desk = open_desk()
    expect(desk.page.get_by_role("button", name=re.compile("^Open 220"))).to_be_visible()
    assert len(desk.numbers()) < 100
    desk.page.get_by_role("searchbox").fill(numbers[-1])
    expect(desk.page.locator("[data-number]")).to_have_count(1, timeout=SOON)


def test_without_a_line_the_page_says_so_and_comes_back(open_desk, place):
    desk = open_desk()
    desk.page.context.set_offline(True)
    expect(desk.page.get_by_text("No connection. What you see is how it was last.")).to_be_visible()
    order = place.order("MARGHERITA")
    desk.page.context.set_offline(False)
    expect(desk.row(order)).to_be_visible()
    expect(desk.page.get_by_text("No connection")).to_have_count(0, timeout=30_000)


def test_what_did_not_come_is_fetched_once_the_line_is_back(open_page, place):
    place.order("MARGHERITA")
    page = open_page(None, DESK, "manager")
    page.route("**/v1/orders?business_day=*", lambda route: route.abort())
    page.goto("/dashboard")
    desk = Desk(page)
    expect(page.get_by_role("button", name="Try now")).to_be_visible()
    expect(desk.figure("Orders").locator("strong")).to_have_count(0)
    page.unroute_all()
    page.context.set_offline(True)
    expect(page.get_by_text("No connection. What you see is how it was last.")).to_be_visible()
    page.context.set_offline(False)
    expect(desk.figure("Orders").locator("strong")).to_be_visible()
    expect(page.get_by_role("button", name="Try now")).to_have_count(0)


def test_a_paused_page_holds_still(open_desk, place):
    desk = open_desk()
    desk.page.get_by_role("button", name="Pause").click()
    order = place.order("MARGHERITA")
    expect(desk.page.get_by_role("button", name=re.compile("Resume, 1 waiting"))).to_be_visible()
    expect(desk.row(order)).to_have_count(0)
    desk.page.get_by_role("button", name="Resume").click()
    expect(desk.row(order)).to_be_visible()


def test_signing_out_shows_the_form_and_ends_the_session(open_desk):
    desk = open_desk()
    desk.page.get_by_role("button", name="Sign out").click()
    expect(desk.page.get_by_role("heading", name="Sign in to the dashboard")).to_be_visible()
    desk.page.reload()
    expect(desk.page.get_by_role("heading", name="Sign in to the dashboard")).to_be_visible()
    assert desk.page.request.get("/v1/session").status == 401


def test_a_cook_does_not_see_the_books(open_page):
    page = open_page("/dashboard", DESK, "kitchen")
    expect(page.get_by_text("A key of role kitchen does not open this page.")).to_be_visible()


def test_tabs_are_walked_with_the_arrow_keys(open_desk):
    desk = open_desk()
    desk.page.get_by_role("tab", name="Live").focus()
    desk.page.keyboard.press("ArrowRight")
    expect(desk.page.get_by_role("tab", name="End of day")).to_be_focused()
    expect(desk.page.get_by_role("tabpanel", name="End of day")).to_be_visible()


# The last ones: what is sold after a day was closed is on the next day's report.
def test_the_report_shows_what_was_sold_and_what_was_taken_off(open_desk, place):
    place.move(place.order("RIBEYE"), "cancel", reason="Guest fell asleep")
    order = place.order("FUNGHI")
    place.ask("POST", f"/v1/orders/{order['id']}/payments", {"tender": "card", "amount": order["total"], "tip": 100})
    desk = open_desk("#end")
    panel = desk.page.get_by_role("tabpanel", name="End of day")
    expect(panel.get_by_text("X report")).to_be_visible()
    expect(panel.get_by_text("Guest fell asleep")).to_be_visible()
    expect(panel.get_by_role("region", name="Payments")).to_contain_text("card")
    with desk.page.expect_download() as file:
        panel.get_by_role("link", name="CSV").click()
    assert "net" in file.value.path().read_text()


def test_the_day_is_closed_and_its_report_filed(open_desk, place):
    order = place.order("RIBEYE")
    desk = open_desk("#end")
    panel = desk.page.get_by_role("tabpanel", name="End of day")
    panel.get_by_role("button", name="Close the day").click()
    asked = desk.page.get_by_role("dialog")
    expect(asked.get_by_text("1 order is still open.")).to_be_visible()
    asked.get_by_role("button", name="Close the day").click()
    expect(panel.get_by_text("Z report No. 1")).to_be_visible(timeout=30_000)
    report = place.ask("GET", f"/v1/reports/days/{order['business_day']}")
    assert (report["kind"], report["number"]) == ("Z", 1)

    days = desk.tab("Days")
    days.get_by_role("link").filter(has_text="Z 1").click()
    expect(desk.page.get_by_text("closed, it never changes")).to_be_visible()
