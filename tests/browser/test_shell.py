"""The service worker: pages are there without a network, and what the API answered is never kept."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

# The pages' policy forbids what Playwright's wait_for_function does.
CONTROLLED = """() => new Promise((done) => {
  if (navigator.serviceWorker.controller) done();
  else navigator.serviceWorker.addEventListener("controllerchange", () => done());
})"""
KEPT = """async () => {
  const keys = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) keys.push(new URL(url).pathname);
  }
  return keys;
}"""


@pytest.fixture
def page(open_page):
    """The menu, looked after by the worker, and everything that it is made of kept."""
    page = open_page("/menu", PHONE, service_workers="allow")
    page.evaluate(CONTROLLED)
    page.reload()
    expect(page.locator("h1").first).to_be_visible()
    return page


def test_a_page_is_there_when_the_server_is_not(page, place):
    place.kill("web")
    page.reload()
    expect(page.locator("h1").first).to_be_visible()


def test_only_the_shell_is_kept(page):
    kept = page.evaluate(KEPT)
    assert "/menu" in kept
    assert [path for path in kept if path != "/menu" and not path.startswith("/ui/")] == []
    assert not any(path.startswith("/v1/") for path in kept)


def test_every_order_is_followed_on_one_page(open_page, place):
    """The shell is kept once, not once an order; a token never becomes a name in the cache."""
    page = open_page(size=PHONE, service_workers="allow")
    for order in (place.order("FRIES"), place.order("COLA")):
        page.goto(order["tracking_url"])
        page.evaluate(CONTROLLED)
        page.reload()
        expect(page.locator("h1").first).to_be_visible()
    assert [path for path in page.evaluate(KEPT) if "order-tracking" in path] == ["/order-tracking"]
