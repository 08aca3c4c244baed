"""The quick way in takes no order that its model would refuse, and understands the same."""

import json

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from web.bodies import digest_of
from web.contract.models.orders import NewOrder
from web.contract.plain import plain_order
from web.drafts import place_draft

MODEL = TypeAdapter(NewOrder)
ORDER = {
    "external_id": "till-7-000123",
    "channel": "dine_in",
    "table": "12",
    "guests": 2,
    "customer": {"name": "Ada", "contact": "mailto:ada@example.com"},
    "scheduled_for": None,
    "notes": "birthday",
    "items": [
        {"sku": "MARGHERITA", "quantity": 2, "modifiers": [{"name": "extra basil", "price": 50}], "course": 1},
        {"sku": "FRIES", "notes": "no salt", "station": "fry", "prep_seconds": 60, "unit_price": 400},
    ],
    "discounts": [{"name": "happy hour", "amount": 200}],
    "payments": [{"tender": "card", "amount": 3000, "tip": 200}, {"tender": "cash", "amount": 1}],
}
TEXTS = "", "x", "y" * 200, "z" * 201, "\x00", "é\x00", "\ud800", "2026-11-25T20:00:00Z", "delivery"
NUMBERS = -1, 0, 1, 99, 100, 999, 1000, 1001, 86_400, 86_401, 100_000_000, 100_000_001, 10**30, 1.0, 2.5
ODD = st.sampled_from([*TEXTS, *NUMBERS, True, None, [], {}, [{}]])


def places(value, here=()):
    """The path to every member and element of *value*."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, one in inside:
        yield (*here, name)
        yield from places(one, (*here, name))


def changed(path, to):
    order = json.loads(json.dumps(ORDER))
    *way, last = path
    inner = order
    for step in way:
        inner = inner[step]
    inner[last] = to
    return order


def understood(order):
    for guest in (False, True):
        draft = members(place_draft(order, "f", guest=guest))
        yield {name: value for name, value in draft.items() if name != "order_id"}


def members(value):
    """*value* in full, its defaults as well."""
    if isinstance(value, msgspec.Struct):
        return {name: members(one) for name, one in msgspec.structs.asdict(value).items()}
    return [members(one) for one in value] if isinstance(value, tuple) else value


def test_an_order_as_tills_send_it_goes_the_quick_way():
    assert plain_order(json.dumps(ORDER).encode()) is not None


@given(path=st.sampled_from([*places(ORDER), ("unknown",), ("items", 0, "unknown")]), value=ODD)
@example(path=("items", 0, "sku"), value="\x00")
@example(path=("guests",), value=1.0)
@example(path=("scheduled_for",), value="2026-11-25T20:00:00Z")
def test_what_goes_the_quick_way_the_model_takes_as_well(path, value):
    body = json.dumps(changed(path, value)).encode()

    if (plain := plain_order(body)) is not None:
        assert list(understood(plain)) == list(understood(MODEL.validate_json(body)))


@given(path=st.sampled_from([*places(ORDER)]), value=ODD)
@example(path=("items", 0, "course"), value=2)
@example(path=("items", 1, "unit_price"), value=None)
@example(path=("table",), value=None)
def test_orders_have_the_same_digest_when_they_say_the_same(path, value):
    first, second = json.dumps(ORDER), json.dumps(changed(path, value), indent=1, sort_keys=True)

    if (plain := plain_order(second.encode())) is not None:
        said = plain_order(first.encode())
        assert (digest_of(plain) == digest_of(said)) == (list(understood(plain)) == list(understood(said)))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"channel": "dine_in", "items": []}'])
def test_what_is_no_order_is_left_to_the_model(body):
    assert plain_order(body) is None
