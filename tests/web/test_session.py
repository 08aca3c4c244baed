"""Browsers sign in with a key, a PIN or a code that works once; their cookie opens what a key does."""

import re

import pytest

from tests.web.test_conventions import assert_problem
from workflow import api_keys, sign_in_codes
from workflow.sessions import LASTS, Sessions

OWN = {"Sec-Fetch-Site": "same-origin"}
DISH = "/v1/menu/items/CAESAR"


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


class Browser:
    """Keeps the cookie that it is given, and says of each request that it comes from a page of ours."""

    def __init__(self, house, **headers):
        self.caller, self.cookie, self.said = house.guest, None, headers or OWN

    async def ask(self, method, address, body=None, **headers):
        cookie = {"Cookie": f"passline_session={self.cookie}"} if self.cookie else {}
        answer = await self.caller.ask(method, address, body, headers={**self.said, **cookie, **headers})
        if told := answer.headers.get("set-cookie"):
            self.cookie = re.match(r"passline_session=([^;]*)", told)[1].strip('"')
        return answer

    async def sign_in(self, **how):
        return await self.ask("POST", "/v1/session", how)


async def set_pin(house, pin="2580"):
    return await house.manager.patch("/v1/stations/grill", {"pin": pin})


async def test_a_key_signs_a_browser_in_for_half_a_day(house):
    browser = Browser(house)
    answer = await browser.sign_in(api_key=house.keys["kitchen"])
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"} <= set(cookie.split("; "))
    assert "Secure" not in cookie
    expected = {"role": "kitchen", "location": "main", "name": "demo", "station": None}
    assert answer.json.items() >= expected.items()
    assert (await browser.ask("GET", "/v1/session")).json == answer.json
    assert (await browser.ask("GET", "/v1/kitchen/tickets")).status_code == 200
    assert_problem(await browser.ask("GET", "/v1/dead-letters"), 403, "forbidden")
    house.clock.advance(LASTS.total_seconds() + 1)
    assert_problem(await browser.ask("GET", "/v1/kitchen/tickets"), 401, "unauthorized")


async def test_the_cookie_is_for_https_where_the_page_is(house):
    answer = await Browser(house, **OWN, **{"X-Forwarded-Proto": "https"}).sign_in(api_key=house.keys["pos"])
    assert "Secure" in answer.headers["set-cookie"]


async def test_what_opens_nothing_signs_nobody_in(house):
    browser = Browser(house)
    for how in [{"api_key": "pl_kitchen_x_y"}, {"location": "main", "station": "grill", "pin": "2580"}, {"code": "x"}]:
        assert_problem(await browser.sign_in(**how), 401, "unauthorized")
    for how in [
        {},
        {"pin": "2580"},
        {"api_key": "x", "code": "y"},
        {"location": "main", "station": "grill", "pin": "1"},
    ]:
        assert_problem(await browser.sign_in(**how), 422, "invalid-request")
    assert browser.cookie is None
    assert_problem(await browser.ask("GET", "/v1/session"), 401, "unauthorized")


async def test_whoever_sends_a_key_is_told_about_it(house):
    told = (await house.manager.get("/v1/session")).json
    assert told == {"role": "manager", "location": "main", "name": "demo", "station": None, "expires_at": None}


async def test_signing_out_ends_it_here(house):
    browser = Browser(house)
    await browser.sign_in(api_key=house.keys["kitchen"])
    answer = await browser.ask("DELETE", "/v1/session")
    assert (answer.status_code, browser.cookie) == (204, "")
    assert "expires=" in answer.headers["set-cookie"]
    assert_problem(await browser.ask("GET", "/v1/session"), 401, "unauthorized")
    assert (await browser.ask("DELETE", "/v1/session")).status_code == 204


async def test_a_session_ends_with_its_key(house):
    issued = (await house.admin.post("/v1/api-keys", {"role": "kitchen", "location": "main", "name": "wall"})).json
    browser = Browser(house)
    assert (await browser.sign_in(api_key=issued["key"])).json["name"] == "wall"
    await house.admin.delete(f"/v1/api-keys/{issued['id']}")
    assert_problem(await browser.ask("GET", "/v1/session"), 401, "unauthorized")


async def test_a_key_in_the_header_counts_more_than_the_cookie(house):
    browser = Browser(house)
    await browser.sign_in(api_key=house.keys["kitchen"])
    answer = await browser.ask("GET", "/v1/session", Authorization=f"Bearer {house.keys['manager']}")
    assert answer.json["role"] == "manager"


async def test_a_cookie_that_was_not_made_here_is_nobodys(house, settings):
    browser = Browser(house)
    await browser.sign_in(api_key=house.keys["manager"])
    facts, _, digest = browser.cookie.partition(".")
    session = Sessions(settings.secret).opened(browser.cookie, house.clock())
    forged = Sessions("another secret of someone else").sealed(session)
    for cookie in (forged, f"{facts}.", f"{facts[:-4]}AAAA.{digest}", "x", "ä.ö", "." + digest):
        browser.cookie = cookie
        assert_problem(await browser.ask("GET", "/v1/session"), 401, "unauthorized")


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "http://falconframework.org"}, True),
        ({"Origin": "http://falconframework.org.evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"X-Nothing": "at all"}, False),
    ],
)
async def test_a_session_changes_things_from_our_own_pages_only(house, said, may):
    browser = Browser(house)
    await browser.sign_in(api_key=house.keys["kitchen"])
    browser.said = said
    answer = await browser.ask("PATCH", DISH, {"available": False})
    if may:
        assert answer.status_code == 200
    else:
        assert_problem(answer, 403, "forbidden")
    assert (await browser.ask("GET", "/v1/kitchen/tickets")).status_code == 200


async def test_no_page_of_somebody_else_signs_a_browser_in(house):
    browser = Browser(house, **{"Sec-Fetch-Site": "cross-site"})
    assert_problem(await browser.sign_in(api_key=house.keys["kitchen"]), 403, "forbidden")


async def test_a_cook_orders_lunch_like_any_guest(house):
    browser = Browser(house)
    await browser.sign_in(api_key=house.keys["kitchen"])
    lunch = {"channel": "takeaway", "items": [{"sku": "CAESAR", "quantity": 1}]}
    assert (await browser.ask("POST", "/v1/orders", lunch)).status_code == 201
    assert_problem(await browser.ask("POST", "/v1/orders", lunch | {"channel": "dine_in"}), 401, "unauthorized")


# PINs


async def test_a_stations_pin_signs_its_cooks_in(house):
    assert (await set_pin(house)).json == {"id": "grill", "name": "Grill", "has_pin": True}
    browser = Browser(house)
    told = await browser.sign_in(location="main", station="grill", pin="2580")
    assert told.json.items() >= {"role": "kitchen", "location": "main", "name": "Grill", "station": "grill"}.items()
    order = await house.pos.place("BURGER")
    assert (await browser.ask("POST", f"/v1/orders/{order['id']}/stations/grill/bump")).status_code == 200
    history = (await house.pos.get(f"/v1/orders/{order['id']}/events")).json["data"]
    assert history[-1]["actor"] == "kitchen:main/grill"
    assert_problem(await Browser(house).sign_in(location="main", station="fry", pin="2580"), 401, "unauthorized")


async def test_a_new_pin_ends_the_sessions_of_the_old_one(house):
    await set_pin(house)
    browser = Browser(house)
    await browser.sign_in(location="main", station="grill", pin="2580")
    await set_pin(house, "7413")
    assert_problem(await browser.ask("GET", "/v1/session"), 401, "unauthorized")
    assert_problem(await browser.sign_in(location="main", station="grill", pin="2580"), 401, "unauthorized")
    assert (await browser.sign_in(location="main", station="grill", pin="7413")).status_code == 200
    assert (await set_pin(house, None)).json["has_pin"] is False
    assert_problem(await browser.sign_in(location="main", station="grill", pin="7413"), 401, "unauthorized")


async def test_pins_are_of_stations_that_are_there_and_of_digits(house):
    assert_problem(await house.manager.patch("/v1/stations/moon", {"pin": "2580"}), 404, "station-not-found")
    for pin in ("123", "1234567890123", "12a4", 1234):
        assert_problem(await house.manager.patch("/v1/stations/grill", {"pin": pin}), 422, "invalid-request")


async def test_who_guesses_pins_has_to_wait(house):
    await set_pin(house)
    browser = Browser(house)
    codes = [
        (await browser.sign_in(location="main", station="grill", pin=f"{guess:04}")).status_code for guess in range(12)
    ]
    assert codes == [401] * 10 + [429] * 2
    assert_problem(await browser.sign_in(location="main", station="grill", pin="2580"), 429, "rate-limited")
    assert (await browser.sign_in(api_key=house.keys["kitchen"])).status_code == 200


async def test_who_guesses_keys_has_to_wait(house):
    browser = Browser(house)
    codes = [(await browser.sign_in(api_key=f"guess {number}")).status_code for number in range(31)]
    assert codes == [401] * 30 + [429]


# Codes


def issued(house, role="kitchen"):
    with house.store.writing() as connection:
        key = api_keys.find(connection, house.keys[role])
        return sign_in_codes.issue(connection, key.key_id, house.clock())


async def test_a_code_signs_in_once(house):
    code = issued(house)
    browser = Browser(house)
    assert (await browser.sign_in(code=code)).json["role"] == "kitchen"
    assert (await browser.ask("GET", "/v1/kitchen/tickets")).status_code == 200
    assert_problem(await Browser(house).sign_in(code=code), 401, "unauthorized")


async def test_a_code_is_over_after_half_a_day(house):
    code = issued(house)
    house.clock.advance(sign_in_codes.LASTS.total_seconds() + 1)
    assert_problem(await Browser(house).sign_in(code=code), 401, "unauthorized")


async def test_a_code_works_on_this_machine_only(house):
    code = issued(house)
    for forwarded in ("203.0.113.9", "unknown", "127.0.0.1, 203.0.113.9"):
        far = Browser(house, **OWN, **{"X-Forwarded-For": forwarded})
        assert_problem(await far.sign_in(code=code), 401, "unauthorized")
    assert (await Browser(house).sign_in(code=code)).status_code == 200
