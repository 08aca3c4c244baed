"""The money that came in on a day, whichever day its order is of."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from workflow.reporting.history import Passage
from workflow.state_machine.model import Event, Payment


def payments(concerned: Iterable[Passage], day: date) -> dict[str, Any]:
    """All payments by tender, and how much of them is for orders of this day, of earlier and of later ones."""
    taken = [(passage.order.business_day, payment) for passage in concerned for payment in taken_in(passage.events)]
    every = [payment for _, payment in taken]
    return {
        **_sums(every),
        "by_tender": [
            {"tender": tender, **_sums([payment for payment in every if payment.tender == tender])}
            for tender in sorted({payment.tender for payment in every})
        ],
        "for_orders_of": {
            "this_day": sum(payment.amount for of, payment in taken if of == day),
            "earlier_days": sum(payment.amount for of, payment in taken if of < day),
            "later_days": sum(payment.amount for of, payment in taken if of > day),
        },
    }


def settlement(net: int, paid: int) -> dict[str, int]:
    """What came in against what was sold, adjustments included."""
    return {"net": net, "paid": paid, "difference": paid - net}


def taken_in(events: Iterable[Event]) -> Iterable[Payment]:
    """The payments that these events took; some are taken as the order is placed."""
    for event in events:
        if event.type == "payment.taken":
            yield Payment(event.data["tender"], event.data["amount"], event.data["tip"])
        if event.type == "order.placed":
            yield from event.data["payments"]


def _sums(payments: Sequence[Payment]) -> dict[str, int]:
    return {
        "count": len(payments),
        "amount": sum(payment.amount for payment in payments),
        "tips": sum(payment.tip for payment in payments),
    }
