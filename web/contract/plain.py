"""A quick way in for orders that are plainly right: read in one pass into what the engine takes.

It takes less than the model does, and never something else. Whatever it does not take, the model judges, and words
its complaints: open items, orders for later, 2.0 for 2.

What has its default is left out where such an order is spelt again: its digest stays when members are added.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from web.contract.models.base import LARGEST_AMOUNT
from web.contract.models.orders import Channel
from workflow.intake import DraftItem, DraftModifier

# The only way in which JSON writes the character zero, which no text may have.
ZERO = b"\\u0000"

Word = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=1000)]
Amount = Annotated[int, Meta(ge=0, le=LARGEST_AMOUNT)]


class PlainModifier(DraftModifier, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    name: Word
    price: Amount | None = None


class PlainItem(DraftItem, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    sku: Word
    name: Word | None = None
    unit_price: Amount | None = None
    quantity: Annotated[int, Meta(ge=1, le=999)] = 1
    modifiers: Annotated[tuple[PlainModifier, ...], Meta(max_length=50)] = ()
    notes: Text | None = None
    course: Annotated[int, Meta(ge=1, le=99)] = 1
    station: Word | None = None
    prep_seconds: Annotated[int, Meta(ge=0, le=86_400)] | None = None


class PlainDiscount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    name: Word
    amount: Amount


class PlainPayment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    tender: Annotated[str, Meta(min_length=1, max_length=40)]
    amount: Amount
    tip: Amount = 0


class PlainCustomer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    name: Word | None = None
    contact: Word | None = None


class PlainOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The members of `NewOrder`, by the same names."""

    channel: Channel
    items: Annotated[tuple[PlainItem, ...], Meta(min_length=1, max_length=200)]
    external_id: Word | None = None
    table: Word | None = None
    guests: Annotated[int, Meta(ge=1, le=1000)] | None = None
    customer: PlainCustomer | None = None
    scheduled_for: None = None
    notes: Text | None = None
    discounts: Annotated[list[PlainDiscount], Meta(max_length=50)] = []
    payments: Annotated[list[PlainPayment], Meta(max_length=50)] = []


_order = msgspec.json.Decoder(PlainOrder)


def plain_order(body: bytes) -> PlainOrder | None:
    """The order that *body* plainly is, None where the model has to look."""
    try:
        return None if ZERO in body else _order.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
