"""From what was sent to what the engine takes."""

from web.contract.models.orders import NewItem, NewOrder, NewPayment
from workflow.intake import DraftItem, DraftModifier, PlaceDraft
from workflow.state_machine.model import Customer, Discount, Payment


def place_draft(order: NewOrder, fingerprint: str, *, guest: bool) -> PlaceDraft:
    """What the engine takes; a guest's modifiers cost what the menu says."""
    return PlaceDraft(
        channel=order.channel,
        items=items_of(order.items, guest=guest),
        fingerprint=fingerprint,
        external_id=order.external_id,
        table=order.table,
        guests=order.guests,
        customer=Customer(order.customer.name, order.customer.contact) if order.customer else None,
        notes=order.notes,
        scheduled_for=order.scheduled_for,
        discounts=tuple(Discount(discount.name, discount.amount) for discount in order.discounts),
        payments=tuple(payment_of(payment) for payment in order.payments),
    )


def items_of(items: list[NewItem], *, guest: bool = False) -> tuple[DraftItem, ...]:
    return tuple(
        DraftItem(
            quantity=item.quantity,
            sku=item.sku,
            name=item.name,
            unit_price=item.unit_price,
            station=item.station,
            prep_seconds=item.prep_seconds,
            modifiers=tuple(
                DraftModifier(modifier.name, None if guest else modifier.price) for modifier in item.modifiers
            ),
            notes=item.notes,
            course=item.course,
        )
        for item in items
    )


def payment_of(payment: NewPayment) -> Payment:
    return Payment(payment.tender, payment.amount, payment.tip)


def needs_key(order: NewOrder) -> str | None:
    """What of *order* a guest may not say: prices, places and payments are for the staff. None when all is well."""
    if order.channel == "dine_in":
        return "Without a key an order is for takeaway or delivery."
    if order.discounts or order.payments:
        return "Discounts and payments need a key."
    if any(item.sku is None or item.station or item.prep_seconds is not None for item in order.items):
        return "Without a key items are ordered by the sku of the menu, as they stand there."
    return None
