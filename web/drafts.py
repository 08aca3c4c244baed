"""From what was sent to what the engine takes."""

from collections.abc import Sequence

from web.contract.models.orders import NewItem, NewOrder, NewPayment
from web.contract.plain import PlainItem, PlainOrder, PlainPayment
from workflow.intake import DraftItem, DraftModifier, PlaceDraft
from workflow.state_machine.model import Customer, Discount, Payment


def place_draft(order: NewOrder | PlainOrder, fingerprint: str, *, guest: bool) -> PlaceDraft:
    """What the engine takes; a guest's modifiers cost what the menu says."""
    ready = order.items if isinstance(order, PlainOrder) and not guest else None
    return PlaceDraft(
        channel=order.channel,
        items=ready or items_of(order.items, guest=guest),
        fingerprint=fingerprint,
        external_id=order.external_id,
        table=order.table,
        guests=order.guests,
        customer=Customer(order.customer.name, order.customer.contact) if order.customer else None,
        notes=order.notes,
        scheduled_for=order.scheduled_for,
        discounts=tuple([Discount(discount.name, discount.amount) for discount in order.discounts]),
        payments=tuple([payment_of(payment) for payment in order.payments]),
    )


def items_of(items: Sequence[NewItem | PlainItem], *, guest: bool = False) -> tuple[DraftItem, ...]:
    return tuple([_item_of(item, guest) for item in items])


def _item_of(item: NewItem | PlainItem, guest: bool) -> DraftItem:
    return DraftItem(
        item.quantity,
        item.sku,
        item.name,
        item.unit_price,
        item.station,
        item.prep_seconds,
        tuple([DraftModifier(one.name, None if guest else one.price) for one in item.modifiers]),
        item.notes,
        item.course,
    )


def payment_of(payment: NewPayment | PlainPayment) -> Payment:
    return Payment(payment.tender, payment.amount, payment.tip)


def needs_key(order: NewOrder | PlainOrder) -> str | None:
    """What of *order* a guest may not say: prices, places and payments are for the staff. None when all is well."""
    if order.channel == "dine_in":
        return "Without a key an order is for takeaway or delivery."
    if order.external_id is not None:
        return "An external_id is a till's, and needs a key: a guest's would stand in the way of the till's own."
    if order.discounts or order.payments:
        return "Discounts and payments need a key."
    if any(item.sku is None or item.station or item.prep_seconds is not None for item in order.items):
        return "Without a key items are ordered by the sku of the menu, as they stand there."
    return None
