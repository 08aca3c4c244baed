"""How an order, its history and its tickets are shown: the same shape in answers, streams and webhooks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import msgspec

from workflow.state_machine.model import Item, Order, Recorded
from workflow.state_machine.options import Options
from workflow.tracking import Tokens

View = dict[str, Any]
HIDDEN_FROM_GUESTS = ("external_id", "customer", "paid", "tips", "actions", "blocked")
GUESTS_SEE = frozenset({"order", "course", "item"})

encode = msgspec.json.Encoder().encode


def order_view(order: Order, at: datetime, tokens: Tokens) -> View:
    """The order as staff see it; *at* is the moment of the answer."""
    subtotal, token = order.subtotal, tokens.token(order.id)
    discount = min(order.discounted, subtotal)
    options = Options(order, at)
    return {
        "id": order.id,
        "number": order.number,
        "location": order.location_id,
        "business_day": order.business_day,
        "external_id": order.external_id,
        "channel": order.channel,
        "table": order.table,
        "guests": order.guests,
        "customer": order.customer,
        "notes": order.notes,
        "status": order.status,
        "version": order.version,
        "progress": order.progress,
        "priority": order.priority,
        "items": [item_view(item, options.of_item(item)) for item in order.items],
        "currency": order.currency,
        "subtotal": subtotal,
        "discount": discount,
        "total": subtotal - discount,
        "paid": order.paid,
        "tips": order.tips,
        "estimate": estimate_view(order, at),
        "placed_at": order.placed_at,
        "confirmed_at": order.confirmed_at,
        "started_at": order.started_at,
        "ready_at": order.ready_at,
        "completed_at": order.completed_at,
        "cancelled_at": order.cancelled_at,
        "cancel_reason": order.cancel_reason,
        "scheduled_for": order.scheduled_for,
        "accept_by": order.accept_by,
        "actions": options.of_order(),
        "blocked": options.blocked(),
        "tracking_token": token,
        "tracking_url": f"/order-tracking/{token}",
    }


def item_view(item: Item, actions: list[str]) -> View:
    return {
        "id": item.id,
        "line": item.line,
        "sku": item.sku,
        "name": item.name,
        "quantity": item.quantity,
        "unit_price": item.unit_price,
        "modifiers": item.modifiers,
        "notes": item.notes,
        "allergens": item.allergens,
        "station": item.station,
        "course": item.course,
        "prep_seconds": item.prep_seconds,
        "status": item.status,
        "fired_at": item.fired_at,
        "started_at": item.started_at,
        "ready_at": item.ready_at,
        "served_at": item.served_at,
        "voided_at": item.voided_at,
        "void_reason": item.void_reason,
        "actions": actions,
    }


def estimate_view(order: Order, at: datetime) -> View | None:
    """The median and the 90 % promise; nothing until the first estimate was made."""
    if order.estimate_ready_at is None:
        return None
    return {
        "ready_at": order.estimate_ready_at,
        "ready_by": order.estimate_ready_by,
        "remaining_seconds": max(0, round((order.estimate_ready_at - at).total_seconds())),
        "computed_at": order.estimate_computed_at,
    }


def public_view(order: Order, at: datetime, tokens: Tokens) -> View:
    """The order as its customer may see it: no contact, no payments, nothing that can be commanded."""
    view = order_view(order, at, tokens)
    for name in HIDDEN_FROM_GUESTS:
        del view[name]
    for item in view["items"]:
        del item["actions"]
    view["customer"] = {"name": order.customer.name} if order.customer else None
    return view


def event_view(recorded: Recorded) -> View:
    event = recorded.event
    return {"seq": recorded.version, "type": event.type, "at": event.at, "actor": event.actor, "data": event.data}


def public_history(history: Iterable[Recorded]) -> list[View]:
    """What a customer may read of it: moves and their reasons; who did it by role only, and no payments."""
    return [_public_event(recorded) for recorded in history if recorded.event.type.split(".")[0] in GUESTS_SEE]


def ticket_views(lines: Sequence[Mapping[str, Any]]) -> list[View]:
    """Open tickets, one per order and station, from the lines of queries.open_lines, in their order."""
    share = sorted(enumerate(lines), key=lambda line: (_first_of_order(lines, line[1]), line[1]["station"], line[0]))
    groups = groupby((line for _, line in share), key=lambda line: (line["order_id"], line["station"]))
    return [_ticket_view(list(group)) for _, group in groups]


def _public_event(recorded: Recorded) -> View:
    view = event_view(recorded)
    view["actor"] = recorded.event.actor.partition(":")[0]
    if recorded.event.type == "order.placed":
        view["data"] = {name: recorded.event.data[name] for name in ("from", "to", "scheduled_for")}
    return view


def _first_of_order(lines: Sequence[Mapping[str, Any]], line: Mapping[str, Any]) -> tuple[Any, ...]:
    return (not line["priority"], line["placed_at"], line["order_id"])


def _ticket_view(lines: Sequence[Mapping[str, Any]]) -> View:
    head = lines[0]
    fired = [line["fired_at"] for line in lines if line["fired_at"]]
    return {
        "order_id": head["order_id"],
        "number": head["number"],
        "station": head["station"],
        "channel": head["channel"],
        "table": head["table"],
        "order_status": head["order_status"],
        "notes": head["order_notes"],
        "placed_at": head["placed_at"],
        "fired_at": min(fired, default=None),
        "due_at": head["due_at"],
        "priority": head["priority"],
        "version": head["version"],
        "items": [_line_view(line) for line in lines],
    }


LINE = (
    "id",
    "line",
    "sku",
    "name",
    "quantity",
    "modifiers",
    "notes",
    "allergens",
    "course",
    "prep_seconds",
    "status",
    "fired_at",
    "started_at",
    "voided_at",
    "void_reason",
)


def _line_view(line: Mapping[str, Any]) -> View:
    return {name: line[name] for name in LINE}
