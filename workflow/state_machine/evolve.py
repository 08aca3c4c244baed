"""What an event makes of an order; total on every event that `decide` can produce, and on nothing else."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from workflow.state_machine.model import (
    IN_THE_KITCHEN,
    ORDER_STATUSES,
    PENDING,
    Event,
    Item,
    ItemStatus,
    Order,
    OrderStatus,
    Payment,
    Recorded,
)
from workflow.state_machine.roll_up import progress

ESTIMATES = frozenset({"order.estimated"})
FALLS = frozenset({"item.recalled", "order.recalled"})
NO_PROGRESS, NO_PRIORITY, NO_DELAY = 0, False, 0
FEW = 8
Change = dict[str, Any]


class UnknownEvent(Exception):
    """The history holds an event that this version does not know."""


def evolve(order: Order | None, event: Event, order_id: str = "") -> Order:
    """*order* after *event*; the first event, `order.placed`, makes one under *order_id*."""
    if order is None:
        return placed(order_id, event)
    change = _effect(order, event)
    version = order.version + 1
    change["version"], change["updated_at"] = version, event.at
    if event.type not in ESTIMATES:
        change["acted_version"] = version
    now = progress(change.get("status", order.status), change.get("items", order.items))
    if now > order.progress or event.type in FALLS:
        change["progress"] = now
    return replace(order, **change)


def affected(order: Order, event: Event) -> Order:
    """*order* after *event*, but not counted yet: its status and its items, for judging what follows from them."""
    return replace(order, **_effect(order, event))


def fold(history: Iterable[Recorded]) -> Order:
    """The order that a whole history makes; the first event must be its placing."""
    order: Order | None = None
    for recorded in history:
        order = evolve(order, recorded.event, recorded.order_id)
    if order is None:
        raise UnknownEvent("an empty history")
    return order


def placed(order_id: str, event: Event) -> Order:
    if event.type != "order.placed":
        raise UnknownEvent(f"{event.type} before order.placed")
    data, at, version = event.data, event.at, 1
    # By place, as names would take three times as long.
    return Order(
        order_id,
        data["location"],
        data["number"],
        data["business_day"],
        data["channel"],
        data["currency"],
        at,
        at,
        data["recall_seconds"],
        ORDER_STATUSES[data["to"]],
        version,
        version,
        NO_PROGRESS,
        NO_PRIORITY,
        data["discounts"],
        data["payments"],
        NO_DELAY,
        data["external_id"],
        data["fingerprint"],
        data["table"],
        data["guests"],
        data["customer"],
        data["notes"],
        scheduled_for=data["scheduled_for"],
        accept_by=data["accept_by"],
        items=data["items"],
    )


def _effect(order: Order, event: Event) -> Change:
    effect = EFFECTS.get(event.type)
    if effect is None:
        raise UnknownEvent(event.type)
    return effect(order, event)


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _items(order: Order, event: Event, change: Change) -> tuple[Item, ...]:
    """The order's items, those that the event names changed alike."""
    named = _named(event)
    return tuple([replace(item, **change) if item.id in named else item for item in order.items])


def _each(order: Order, event: Event, change: Callable[[Item], Change]) -> tuple[Item, ...]:
    """The order's items, those that the event names changed by what they are."""
    named = _named(event)
    return tuple([replace(item, **change(item)) if item.id in named else item for item in order.items])


def _named(event: Event) -> Collection[str]:
    """The ids of the items that the event names; most name one."""
    named: Sequence[str] = event.data["items"]
    return named if len(named) < FEW else set(named)


def _status(event: Event) -> OrderStatus:
    return ORDER_STATUSES[event.data["to"]]


def _confirmed(order: Order, event: Event) -> Change:
    at = event.at
    items = tuple([replace(item, fired_at=at) if item.status == PENDING else item for item in order.items])
    return {"status": _status(event), "confirmed_at": event.at, "accept_by": None, "items": items}


def _released(order: Order, event: Event) -> Change:
    return {"status": _status(event), "accept_by": moment(event.data["accept_by"])}


def _started(order: Order, event: Event) -> Change:
    return {"status": _status(event), "started_at": order.started_at or event.at}


def _bumped(order: Order, event: Event) -> Change:
    return {"status": _status(event), "ready_at": event.at}


def _completed(order: Order, event: Event) -> Change:
    return {"status": _status(event), "completed_at": event.at}


def _reopened(order: Order, event: Event) -> Change:
    return {"status": _status(event), "ready_at": None, "completed_at": None}


def _dropped(order: Order, event: Event) -> Change:
    """Cancelled or rejected: what was not served is voided with the same reason."""
    return {
        "status": _status(event),
        "cancelled_at": event.at,
        "cancel_reason": event.data["reason"],
        "accept_by": None,
        "items": _each(order, event, lambda item: _void(order, item, event)),
    }


def _item_started(order: Order, event: Event) -> Change:
    return {"items": _items(order, event, {"status": ItemStatus.PREPARING, "started_at": event.at})}


def _item_bumped(order: Order, event: Event) -> Change:
    return {"items": _items(order, event, {"status": ItemStatus.READY, "ready_at": event.at})}


def _item_served(order: Order, event: Event) -> Change:
    return {"items": _items(order, event, {"status": ItemStatus.SERVED, "served_at": event.at})}


def _item_recalled(order: Order, event: Event) -> Change:
    def back(item: Item) -> Change:
        begun_at = item.started_at or event.at
        return {"status": ItemStatus.PREPARING, "started_at": begun_at, "ready_at": None, "served_at": None}

    return {"items": _each(order, event, back)}


def _void(order: Order, item: Item, event: Event) -> Change:
    """What no screen has shown needs nobody's acknowledgement."""
    shown = order.status in IN_THE_KITCHEN and item.status != ItemStatus.HELD
    return {
        "status": ItemStatus.VOIDED,
        "voided_at": event.at,
        "void_reason": event.data["reason"],
        "acknowledged_at": None if shown else event.at,
    }


def _item_voided(order: Order, event: Event) -> Change:
    return {"items": _each(order, event, lambda item: _void(order, item, event))}


def _item_acknowledged(order: Order, event: Event) -> Change:
    return {"items": _items(order, event, {"acknowledged_at": event.at})}


def _item_added(order: Order, event: Event) -> Change:
    return {"items": (*order.items, *event.data["items"])}


def _course_fired(order: Order, event: Event) -> Change:
    fired_at = event.at if order.status in IN_THE_KITCHEN else None
    return {"items": _items(order, event, {"status": ItemStatus.PENDING, "fired_at": fired_at})}


def _course_held(order: Order, event: Event) -> Change:
    return {"items": _items(order, event, {"status": ItemStatus.HELD, "fired_at": None})}


def _delayed(order: Order, event: Event) -> Change:
    shift = timedelta(seconds=event.data["seconds"])
    return {
        "delay_seconds": order.delay_seconds + event.data["seconds"],
        "estimate_ready_at": order.estimate_ready_at and order.estimate_ready_at + shift,
        "estimate_ready_by": order.estimate_ready_by and order.estimate_ready_by + shift,
    }


def _estimated(order: Order, event: Event) -> Change:
    return {
        "estimate_ready_at": moment(event.data["ready_at"]),
        "estimate_ready_by": moment(event.data["ready_by"]),
        "estimate_computed_at": event.at,
    }


def _paid(order: Order, event: Event) -> Change:
    payment = Payment(event.data["tender"], event.data["amount"], event.data["tip"])
    return {"payments": (*order.payments, payment)}


EFFECTS: Mapping[str, Callable[[Order, Event], Change]] = {
    "order.released": _released,
    "order.confirmed": _confirmed,
    "order.rejected": _dropped,
    "order.started": _started,
    "order.bumped": _bumped,
    "order.completed": _completed,
    "order.cancelled": _dropped,
    "order.recalled": _reopened,
    "order.reopened": _reopened,
    "order.rushed": lambda order, event: {"priority": True},
    "order.unrushed": lambda order, event: {"priority": False},
    "order.delayed": _delayed,
    "order.estimated": _estimated,
    "order.overdue": lambda order, event: {},
    "course.fired": _course_fired,
    "course.held": _course_held,
    "item.started": _item_started,
    "item.bumped": _item_bumped,
    "item.recalled": _item_recalled,
    "item.served": _item_served,
    "item.voided": _item_voided,
    "item.acknowledged": _item_acknowledged,
    "item.added": _item_added,
    "payment.taken": _paid,
}
EVENT_TYPES = ("order.placed", *EFFECTS)
