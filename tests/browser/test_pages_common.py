"""What holds for every page, in its ordinary state: an order is under way."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, SMALL_PHONE, TABLET, WALL

# Address, who looks at it, how large its controls are at least.
PAGES = {
    "menu": ("/menu", None, 48),
    "tracking": ("/order-tracking/{token}", None, 48),
    "kitchen": ("/kitchen", "kitchen", 56),
    "dashboard": ("/dashboard", "manager", 48),
}
SIZES = {"small phone": SMALL_PHONE, "phone": PHONE, "tablet": TABLET, "desk": DESK, "wall": WALL}


@pytest.fixture
def busy(place):
    """Three orders in different states; the first of them."""
    first = place.order("MARGHERITA", "HOUSE-SALAD", "FRIES")
    place.move(first, "start")
    place.order("BURGER", "FRIES", "COLA", channel="dine_in", table="12", guests=3, notes="nut allergy", role="manager")
    place.move(place.order("RIBEYE"), "bump")
    return place.look(first)


@pytest.fixture(params=PAGES)
def shown(request, busy, open_page, settled):
    """``shown(size)`` opens the page that this test is for, and waits until it has drawn itself."""
    address, role, least = PAGES[request.param]

    def open_it(size=PHONE, **options):
        page = open_page(address.format(token=busy["tracking_token"]), size, role, **options)
        expect(page.locator("h1").first).to_be_attached()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        if request.param in ("tracking", "kitchen", "dashboard"):
            expect(page.locator("body")).to_contain_text(re.compile(re.escape(busy["number"].lstrip("A-0") or "1")))
        settled(page)
        page.least = least
        return page

    return open_it


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(shown, axe, theme):
    axe(shown(PHONE, color_scheme=theme))


def test_axe_finds_nothing_on_a_large_screen(shown, axe):
    axe(shown(WALL))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_nothing_is_wider_than_the_screen(shown, no_sideways_scroll, size):
    no_sideways_scroll(shown(size))


@pytest.mark.parametrize("size", [SMALL_PHONE, TABLET, WALL], ids=["small phone", "tablet", "wall"])
def test_controls_are_large_enough(shown, controls_at_least, size):
    page = shown(size)
    controls_at_least(page, page.least)


@pytest.mark.parametrize("size", [PHONE, WALL], ids=["phone", "wall"])
def test_nothing_jumps_while_the_page_appears(shown, layout_shift, size):
    assert layout_shift(shown(size)) < 0.1


def test_nothing_goes_wrong_while_the_page_appears(busy, open_context, settled):
    """Not even a request of its own that is refused: signed in, everything that a page asks for is there."""
    for address, role, _ in PAGES.values():
        page, refused = open_context(WALL, role).new_page(), []
        page.on("response", lambda answer, refused=refused: answer.status >= 400 and refused.append(answer.url))
        page.goto(address.format(token=busy["tracking_token"]))
        expect(page.locator("h1").first).to_be_attached()
        settled(page)
        assert refused == []
