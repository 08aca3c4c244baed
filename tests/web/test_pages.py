"""The pages as they are served: what a browser may load, keep, and be sent on to."""

import json
import re
from gzip import compress, decompress

import falcon.asgi
import pytest
from falcon import testing

from tests.web.test_conventions import assert_problem
from web.built_pages import STATIC, BuiltPages, takes_gzip
from web.context import Request
from web.contract.for_pages import FILE, current
from web.problems import refused
from web.resources.pages import MenuPage
from workflow import api_keys, sign_in_codes
from workflow.state_machine.refusals import Refusal

PAGES = {"menu": "/menu", "tracking": "/order-tracking/somebody", "kitchen": "/kitchen", "dashboard": "/dashboard"}
MOST_SCRIPT_BYTES = 40 * 1024


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture(scope="module")
def scripts():
    """For each page the scripts that it loads before anything is touched, as its HTML names them."""
    assert (STATIC / "menu.html").is_file(), "the pages are not built: make ui"
    return {name: loaded(STATIC / f"{name}.html") for name in PAGES}


def loaded(page):
    html = page.read_text()
    return sorted(script for script in (STATIC / "assets").glob("*.js") if f"/ui/assets/{script.name}" in html)


@pytest.mark.parametrize(("name", "address"), PAGES.items())
async def test_every_page_is_served_under_a_policy_that_lets_nothing_in(house, name, address):
    answer = await house.guest.get(address)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.content == (STATIC / f"{name}.html").read_bytes()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert b"<script>" not in answer.content
    assert b"http:" not in answer.content
    assert b"https:" not in answer.content


async def test_a_page_that_is_known_is_not_sent_again(house):
    answer = await house.guest.get("/menu")
    assert (await house.guest.get("/menu", if_none_match=answer.headers["etag"])).status_code == 304


async def test_a_link_may_carry_whatever_others_have_hung_on_it(house):
    assert (await house.guest.get("/menu?utm_source=flyer&theme=dark")).status_code == 200


@pytest.mark.parametrize("name", PAGES)
async def test_assets_are_kept_for_good_and_packed(house, scripts, name):
    for script in scripts[name]:
        answer = await house.guest.get(f"/ui/assets/{script.name}", accept_encoding="br, gzip;q=0.8")
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        body = script.read_bytes()
        packed = answer.headers.get("content-encoding") == "gzip"
        assert packed == (len(compress(body, 9)) < len(body))
        assert (decompress(answer.content) if packed else answer.content) == body
        assert (await house.guest.get(f"/ui/assets/{script.name}")).content == body


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, GZIP;q=0.2", True),
        ("gzip;q=0", False),
        ("gzip; q=0.00, br", False),
        ("x-gzip, br", False),
        ("", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(accepted, takes):
    assert takes_gzip(accepted) is takes


async def test_the_service_worker_stands_where_it_may_look_after_every_page(house):
    answer = await house.guest.get("/sw.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert b"import" not in answer.content
    assert b"/v1/" not in answer.content


@pytest.mark.parametrize("name", PAGES)
async def test_every_manifest_names_icons_that_are_there(house, name):
    answer = await house.guest.get(f"/ui/{name}.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    for icon in json.loads(answer.text)["icons"]:
        assert (await house.guest.get(icon["src"])).headers["content-type"] == icon["type"]


@pytest.mark.parametrize(
    "address", ["/ui/assets/..%2Fmenu.html", "/ui/.hidden.js", "/ui/nothing.js", "/ui/assets/x.py"]
)
async def test_nothing_else_is_served(house, address):
    assert_problem(await house.guest.get(address), 404, "not-found")


async def test_a_code_in_the_link_signs_in_once(house):
    code = code_for(house, "kitchen")

    answer = await house.guest.get(f"/kitchen?code={code}&station=grill")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/kitchen?station=grill"
    assert answer.cookies["passline_session"].http_only

    again = await house.guest.get(f"/kitchen?code={code}")
    assert again.status_code == 200
    assert "passline_session" not in again.cookies


async def test_a_signed_in_person_finds_a_guests_page_by_the_orders_id(house):
    order = await house.pos.place()
    address = f"/order-tracking/{order['id']}"

    assert (await house.guest.get(address)).status_code == 200
    answer = await house.kitchen.get(address)
    assert answer.status_code == 303
    assert answer.headers["location"] == order["tracking_url"]
    assert (await house.kitchen.get(f"/order-tracking/{order['id'][:-12]}000000000000")).status_code == 200


def test_pages_that_were_built_again_are_read_again(tmp_path):
    pages, page = BuiltPages(tmp_path), tmp_path / "menu.html"
    assert pages.find("menu.html") is None
    page.write_text("old")
    before = pages.find("menu.html")
    page.write_text("new")
    assert (before.body, pages.find("menu.html").body) == (b"old", b"new")
    assert pages.find("menu.html") is pages.find("menu.html")


async def test_a_server_without_pages_says_how_to_build_them(tmp_path):
    app = falcon.asgi.App(request_type=Request)
    app.add_error_handler(Refusal, refused)
    app.add_route("/menu", MenuPage(BuiltPages(tmp_path), "menu"))
    async with testing.ASGIConductor(app) as conductor:
        answer = await conductor.simulate_get("/menu")
    assert (answer.status_code, answer.json["code"]) == (503, "pages-not-built")
    assert "`make ui`" in answer.json["detail"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(scripts, name):
    """Scripts as they travel, gzipped; what is loaded later, at a touch, is not in the HTML and not counted."""
    assert scripts[name]
    assert sum(len(compress(script.read_bytes(), 9)) for script in scripts[name]) <= MOST_SCRIPT_BYTES


def test_every_sign_is_in_our_own_fonts():
    """What is not is drawn in whatever the machine has, as a box, or not at all; arrows and ticks are icons."""
    drawn = [drawn_by(face) for face in re.findall(r"@font-face ?{(.*?)}", "".join(texts("*.css")))]
    signs = {sign for text in texts("*.js") for sign in text if not sign.isascii()}
    assert drawn
    assert {sign for sign in signs if not any(ord(sign) in part for face in drawn for part in face)} == set()


def drawn_by(face):
    """The code points of a font's part, as ranges."""
    told = re.search(r"unicode-range:([^;}]*)", face)[1].replace("U+", "").replace(" ", "").split(",")
    ends = [(part.replace("?", "0"), part.replace("?", "F")) if "?" in part else part.split("-") for part in told]
    return [range(int(end[0], 16), int(end[-1], 16) + 1) for end in ends]


def texts(pattern):
    return [file.read_text() for file in (STATIC / "assets").glob(pattern)]


def test_nothing_is_loaded_from_elsewhere():
    for style in texts("*.css"):
        assert "http" not in style.replace("http://www.w3.org", "")


def code_for(house, role):
    """What a start of the demo prints behind an address."""
    with house.store.writing() as connection:
        key = api_keys.find(connection, house.keys[role])
        return sign_in_codes.issue(connection, key.key_id, house.clock())


def test_the_pages_types_are_those_of_the_contract():
    """``make ui-types`` generates them; what is checked in is what the code says now."""
    assert FILE.read_text() == current()
