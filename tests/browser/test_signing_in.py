"""Staff pages ask once who is there."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, SMALL_PHONE, WALL


@pytest.fixture
def form(open_page):
    page = open_page("/kitchen", WALL)
    expect(page.get_by_role("heading", name="Sign in to the kitchen")).to_be_visible()
    return page


def sign_in(page, key):
    page.get_by_label("API key", exact=True).fill(key)
    page.get_by_role("button", name="Sign in").click()


def expect_the_board(page):
    expect(page.get_by_role("heading", name="Sign in")).to_have_count(0)
    expect(page.locator("h1").first).to_be_attached()


def test_a_key_opens_the_page_and_is_not_asked_for_again(form, place):
    sign_in(form, place.keys["kitchen"])
    expect_the_board(form)
    form.reload()
    expect_the_board(form)
    assert place.keys["kitchen"] not in form.evaluate("JSON.stringify({...localStorage}) + document.cookie")


def test_a_wrong_key_is_told_so(form):
    sign_in(form, "pl_kitchen_something_else")
    expect(form.get_by_text("This key opens nothing. Is it complete?")).to_be_visible()


def test_a_key_of_another_role_is_told_so(form, place):
    sign_in(form, place.keys["pos"])
    expect(form.get_by_text("A key of role pos does not open this page.")).to_be_visible()


def test_a_stations_pin_opens_the_kitchen(form, place):
    place.ask("PATCH", "/v1/stations/grill", {"pin": "2580"})
    form.get_by_role("button", name="Station PIN").click()
    form.get_by_label("Station", exact=True).fill("grill")
    form.get_by_label("PIN", exact=True).fill("0000")
    form.get_by_role("button", name="Sign in").click()
    expect(form.get_by_text("That is not the PIN of this station.")).to_be_visible()
    form.get_by_label("PIN", exact=True).fill("2580")
    form.get_by_role("button", name="Sign in").click()
    expect_the_board(form)


def test_a_used_link_says_so(open_page):
    page = open_page("/kitchen?code=used-long-ago")
    expect(page.get_by_text("This sign-in link was used before, or is over.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_is_for_everybody(open_page, axe, no_sideways_scroll, controls_at_least, theme):
    page = open_page("/kitchen", SMALL_PHONE, color_scheme=theme)
    for way in ("API key", "Station PIN"):
        page.get_by_role("button", name=way).click()
        axe(page)
        no_sideways_scroll(page)
        controls_at_least(page, 48)


def test_without_a_server_the_page_says_so_and_tries_again(open_page, place):
    page = open_page("/kitchen", PHONE)
    expect(page.get_by_role("heading", name="Sign in to the kitchen")).to_be_visible()
    page.route("**/v1/session", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    page.unroute("**/v1/session")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Sign in to the kitchen")).to_be_visible()
