"""``python -m tests.browser.screens [NAME …]``: every page in its main states, as pictures in docs/screens.

The restaurant has half an evening behind it (`evening.py`). With names, only those pictures are made anew.
"""

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser import chromium, looking
from tests.browser.conftest import DESK, FLAGS, NODE, PHONE, TABLET, WALL
from tests.browser.evening import Evening
from tests.browser.place import Place
from tests.servers import sqlite_url
from workflow.migrating import upgrade

SCREENS = Path(__file__).parents[2] / "docs" / "screens"


class Studio:
    """Takes the pictures; `orders` are the evening's by name."""

    def __init__(self, browser, place, evening, orders, wanted):
        self.place, self.orders, self._browser = place, orders, browser
        self._zone, self._wanted, self.made = evening.location.timezone, wanted, []

    @contextmanager
    def page(self, path, size=PHONE, role=None, **options):
        standard = {
            "locale": "en-GB",
            "timezone_id": self._zone,
            "reduced_motion": "reduce",
            "service_workers": "block",
        }
        context = self._browser.new_context(base_url=self.place.url, viewport=size, **(standard | options))
        if role:
            context.request.post("/v1/session", data={"api_key": self.place.keys[role]})
        page = context.new_page()
        page.goto(path)
        expect(page.locator("h1").first).to_be_attached()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        yield page
        context.close()

    def take(self, page, name, *, whole=False):
        if self._wanted and name not in self._wanted:
            return
        looking.settled(page)
        page.screenshot(path=SCREENS / f"{name}.png", full_page=whole)
        self.made.append(name)

    def tracking(self, order_id):
        return f"/order-tracking/{self.place.look({'id': order_id})['tracking_token']}"


def guests(studio):
    with studio.page("/menu") as page:
        studio.take(page, "menu-phone")
        page.get_by_role("button", name="Add Margherita").click()
        studio.take(page, "menu-phone-dish")
        page.get_by_role("checkbox", name="extra basil").check()
        page.get_by_role("dialog").get_by_role("button", name="Add").click()
        page.get_by_role("button", name="Add Fries").click()
        page.get_by_role("button", name="View basket").click()
        studio.take(page, "menu-phone-basket")
    studio.place.sell("CALZONE", available=False)
    with studio.page("/menu", DESK, color_scheme="dark") as page:
        page.get_by_role("button", name="Add Fries").click()
        studio.take(page, "menu-desk-dark")
    studio.place.sell("CALZONE", available=True)


def followers(studio):
    for name, order in (("cooking", "soon"), ("ready", "ready"), ("late", "late")):
        with studio.page(studio.tracking(studio.orders[order].id)) as page:
            studio.take(page, f"tracking-phone-{name}", whole=True)
    with studio.page(studio.tracking(studio.orders["soon"].id), color_scheme="dark") as page:
        studio.take(page, "tracking-phone-dark", whole=True)
        page.context.set_offline(True)
        expect(page.get_by_text("No connection")).to_be_visible()
        studio.take(page, "tracking-phone-offline", whole=True)
    with studio.page(studio.tracking(studio.orders["soon"].id), DESK) as page:
        studio.take(page, "tracking-desk")
    order = studio.place.order("MARINARA")
    studio.place.move(order, "bump")
    studio.place.move(order, "recall")
    with studio.page(studio.tracking(order["id"])) as page:
        studio.take(page, "tracking-phone-recalled")
    studio.place.move(order, "cancel", reason="The oven is out of order")
    with studio.page(studio.tracking(order["id"])) as page:
        studio.take(page, "tracking-phone-cancelled")


def cooks(studio):
    with studio.page("/kitchen", WALL, "kitchen") as page:
        studio.take(page, "kitchen-wall")
        page.get_by_role("button", name="Recall", exact=True).click()
        studio.take(page, "kitchen-wall-recall")
    with studio.page("/kitchen?station=pizza", WALL, "kitchen") as page:
        studio.take(page, "kitchen-wall-pizza")
    with studio.page("/kitchen?theme=dark", WALL, "kitchen") as page:
        expect(page.get_by_role("article")).not_to_have_count(0)
        page.context.set_offline(True)
        expect(page.get_by_role("alert")).to_contain_text("No connection")
        studio.take(page, "kitchen-wall-dark-offline")
    for name, size in (("tablet", TABLET), ("phone", PHONE)):
        with studio.page("/kitchen", size, "kitchen", has_touch=True) as page:
            studio.take(page, f"kitchen-{name}")


def managers(studio):
    with studio.page("/dashboard", DESK, "manager") as page:
        expect(page.get_by_text("9 in 10 by")).to_be_visible()
        studio.take(page, "dashboard-desk", whole=True)
        page.get_by_role("tab", name="End of day").click()
        studio.take(page, "dashboard-desk-report", whole=True)
    with studio.page("/dashboard", DESK, "manager", color_scheme="dark") as page:
        expect(page.get_by_text("9 in 10 by")).to_be_visible()
        studio.take(page, "dashboard-desk-dark")
    with studio.page("/dashboard", PHONE, "manager") as page:
        expect(page.get_by_text("9 in 10 by")).to_be_visible()
        studio.take(page, "dashboard-phone")
    with studio.page("/dashboard", PHONE) as page:
        studio.take(page, "sign-in-phone")


def main():
    found = chromium.find()
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    SCREENS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as root, sync_playwright() as playwright:
        database = sqlite_url(Path(root))
        upgrade(database)
        place, evening = Place(Path(root), database), Evening(database)
        evening.whole_evening()
        evening.open_tickets()
        # Before anything runs: a dispatcher would live in another time meanwhile.
        orders = evening.play()
        browser = playwright.chromium.launch(
            executable_path=found.program, args=FLAGS, env=os.environ | found.environment
        )
        try:
            place.start()
            studio = Studio(browser, place, evening, orders, sys.argv[1:])
            for visit in (guests, followers, cooks, managers):
                visit(studio)
        finally:
            browser.close()
            place.close()
            evening.store.close()
    print(f"{len(studio.made)} pictures in {SCREENS}: {', '.join(studio.made)}")


if __name__ == "__main__":
    main()
