"""What a command leads to: the events, none when its effect is there already, or a Refusal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from workflow.state_machine.commands import (
    AddItems,
    AddPayment,
    AdvanceItem,
    AdvanceOrder,
    AdvanceTicket,
    Command,
    EstimateOrder,
    MarkOverdue,
    PlaceOrder,
    ReleaseOrder,
    SetStatus,
)
from workflow.state_machine.evolve import evolve
from workflow.state_machine.machine import Ask, Transition
from workflow.state_machine.model import (
    IN_THE_KITCHEN,
    Event,
    Item,
    ItemStatus,
    Order,
    OrderStatus,
)
from workflow.state_machine.options import item_actions, order_actions
from workflow.state_machine.refusals import (
    InvalidTransition,
    OrderClosed,
    TicketNotFound,
    TransitionRefusal,
    unknown_item,
)
from workflow.state_machine.roll_up import status_of_items
from workflow.state_machine.tables import ACTION_TOWARDS, BEFORE_READY, ITEM, ORDER

SHOWN = timedelta(seconds=60)
Decision = list[Event]


def decide(order: Order, command: Command, at: datetime, actor: str) -> Decision:
    """The events *command* leads to. Doing what is done already leads to none.

    Raises a Refusal that says why, what is allowed instead, and which items are in the way.
    """
    return DECISIONS[type(command)](order, command, at, actor)


def place(command: PlaceOrder, at: datetime, actor: str) -> Decision:
    """The birth of an order: placed, and confirmed in the same breath where the location does so by itself."""
    waits = command.scheduled_for is not None
    status = OrderStatus.SCHEDULED if waits else OrderStatus.PENDING
    placed = Event("order.placed", at, actor, _placed_data(command, status))
    if waits or not command.confirm:
        return [placed]
    return [placed, _status_event("order.confirmed", status, OrderStatus.CONFIRMED, at, actor)]


def judge_order(order: Order, action: str, ask: Ask) -> Transition:
    """The row that *action* takes now; raises the refusal otherwise."""
    found = ORDER.find(action, order.status)
    if found is None:
        raise _no_row(order, action)
    _apply_guards(found, ask)
    return found


def judge_item(order: Order, item: Item, action: str, ask: Ask) -> Transition:
    if order.closed and action != "acknowledge":
        raise _refusal(OrderClosed, f"The order is {order.status}.", action, ask)
    found = ITEM.find(action, item.status)
    if found is None or found.internal:
        detail = f"A {item.status} item cannot {action}." if action in ITEM.actions else f"Items have no {action!r}."
        raise _refusal(InvalidTransition, detail, action, ask)
    _apply_guards(found, ask)
    return found


def _advance_order(order: Order, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    action = command.action
    if ORDER.repeats(action, order.status) or _is_so(order, command):
        return []
    found = judge_order(order, action, Ask(order, at, reason=command.reason, course=command.course))
    return ORDER_EFFECTS.get(action, _plain)(order, found, command, at, actor)


def _is_so(order: Order, command: AdvanceOrder) -> bool:
    """The actions that leave the status alone, asked for again."""
    if order.status in BEFORE_READY and command.action in ("rush", "unrush"):
        return order.priority == (command.action == "rush")
    return False


def _plain(order: Order, found: Transition, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    """A move of the order that leaves its items alone."""
    if found.target is None:
        return [_event(found.event, at, actor, command)]
    return [_status_event(found.event, order.status, found.target, at, actor, command)]


def _drop(order: Order, found: Transition, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    """Cancel or reject: the items go with the order, and what a cook had begun is waste."""
    dropped = [item for item in order.items if item.status not in (ItemStatus.VOIDED, ItemStatus.SERVED)]
    waste = [item.id for item in dropped if item.touched]
    data = {"items": [item.id for item in dropped], "waste": waste}
    return [_status_event(found.event, order.status, found.target, at, actor, command, **data)]


def _delay(order: Order, found: Transition, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    return [_event(found.event, at, actor, command, seconds=command.seconds or 0)] if command.seconds else []


def _fire(order: Order, found: Transition, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    return _turn_course(order, found, command, ItemStatus.HELD, at, actor)


def _hold(order: Order, found: Transition, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    return _turn_course(order, found, command, ItemStatus.PENDING, at, actor)


def _turn_course(
    order: Order, found: Transition, command: AdvanceOrder, turned: ItemStatus, at: datetime, actor: str
) -> Decision:
    items = [item.id for item in order.items if item.course == command.course and item.status == turned]
    if not items:
        return []
    event = _event(found.event, at, actor, command, course=command.course, items=items)
    return _with_roll_up(order, [event], at, actor)


def _all_items(order: Order, found: Transition, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    """Start, bump or recall of the whole order is that of every item it concerns; the status follows from them."""
    if order.status == OrderStatus.COMPLETED:
        moved = _recall_completed(order, found, command, at, actor)
    else:
        moved = _move(_concerned(order.items, found.action), found.action, command, at, actor)
    return _with_roll_up(order, moved, at, actor)


def _recall_completed(order: Order, found: Transition, command: AdvanceOrder, at: datetime, actor: str) -> Decision:
    moved = _move(_concerned(order.items, found.action), found.action, command, at, actor)
    return [*moved, _status_event(found.event, order.status, found.target, at, actor, command)]


def _concerned(items: Iterable[Item], action: str) -> list[Item]:
    """The items that an action on many means: a recall brings back what still waits, or else what was served."""
    able = [item for item in items if (found := ITEM.find(action, item.status)) and not found.internal]
    if action == "acknowledge":
        return [item for item in able if item.acknowledged_at is None]
    if action == "recall":
        return [item for item in able if item.status == ItemStatus.READY] or able
    return able


def _advance_item(order: Order, command: AdvanceItem, at: datetime, actor: str) -> Decision:
    item = order.item(command.item_id)
    if item is None:
        raise unknown_item(order, command.item_id)
    if ITEM.repeats(command.action, item.status) and command.action != "void":
        return []
    judge_item(order, item, command.action, Ask(order, at, item=item, reason=command.reason))
    moved = _move(_concerned([item], command.action), command.action, command, at, actor)
    return _with_roll_up(order, moved, at, actor, command.reason)


def _advance_ticket(order: Order, command: AdvanceTicket, at: datetime, actor: str) -> Decision:
    """The action on each item of the station that it concerns; refused where it concerns none and none has it done."""
    share = [item for item in order.items if item.station == command.station]
    if not share:
        stations = sorted({item.station for item in order.items})
        raise TicketNotFound(f"Order {order.number} has nothing for station {command.station}.", stations=stations)
    concerned = _concerned(share, command.action)
    if not concerned and any(ITEM.repeats(command.action, item.status) for item in share):
        return []
    if not concerned and command.action == "acknowledge":
        return []
    for item in concerned or share[:1]:
        judge_item(order, item, command.action, Ask(order, at, item=item, reason=command.reason))
    return _with_roll_up(order, _move(concerned, command.action, command, at, actor), at, actor, command.reason)


def _move(items: Sequence[Item], action: str, command: Any, at: datetime, actor: str) -> Decision:
    """One event per status that the items come from."""
    events = []
    for status in dict.fromkeys(item.status for item in items):
        found = ITEM.find(action, status)
        assert found is not None
        data: dict[str, Any] = {"items": [item.id for item in items if item.status == status], "from": status.value}
        data["to"] = (found.target or status).value
        events.append(_event(found.event, at, actor, command, **data))
    return events


def _with_roll_up(order: Order, events: Decision, at: datetime, actor: str, reason: str | None = None) -> Decision:
    """*events*, and the steps by which the order's status then follows its items."""
    after = order
    for event in events:
        after = evolve(after, event)
    for status in _path(after.status, status_of_items(after)):
        found = next(t for t in ORDER.transitions if after.status in t.sources and t.target == status)
        if found.action == "recall" and not any(event.type == "item.recalled" for event in events):
            found = next(t for t in ORDER.transitions if t.action == "reopen")
        data = {"reason": reason, "items": [], "waste": []} if status == OrderStatus.CANCELLED else {}
        event = _status_event(found.event, after.status, status, at, actor, None, **data)
        events, after = [*events, event], evolve(after, event)
    return events


def _path(here: OrderStatus, there: OrderStatus) -> list[OrderStatus]:
    """The statuses to pass through; an order that is ready at once was started too."""
    if here == there:
        return []
    if (here, there) == (OrderStatus.CONFIRMED, OrderStatus.READY):
        return [OrderStatus.PREPARING, OrderStatus.READY]
    return [there]


def _set_status(order: Order, command: SetStatus, at: datetime, actor: str) -> Decision:
    status = OrderStatus(command.status)
    back = status == OrderStatus.PREPARING and order.status in (OrderStatus.READY, OrderStatus.COMPLETED)
    action = "recall" if back else ACTION_TOWARDS.get(status)
    if action is None:
        detail = f"No action leads to {status}."
        raise _refusal(InvalidTransition, detail, f"set {status}", Ask(order, at))
    return _advance_order(order, AdvanceOrder(action, reason=command.notes, notes=command.notes), at, actor)


def _add_items(order: Order, command: AddItems, at: datetime, actor: str) -> Decision:
    """More items join the highest course that was fired, or wait with those that are held."""
    if order.closed:
        raise _refusal(OrderClosed, f"The order is {order.status}; place a new one.", "add", Ask(order, at))
    fired = max(
        (item.course for item in order.items if item.status not in (ItemStatus.HELD, ItemStatus.VOIDED)), default=1
    )
    line = max(item.line for item in order.items)
    added = []
    for offset, item in enumerate(command.items, start=1):
        status = ItemStatus.PENDING if item.course <= fired else ItemStatus.HELD
        fired_at = at if status == ItemStatus.PENDING and order.status in IN_THE_KITCHEN else None
        added.append(_item_data(replace(item, line=line + offset, status=status, fired_at=fired_at)))
    return _with_roll_up(order, [Event("item.added", at, actor, {"items": added})], at, actor)


def _add_payment(order: Order, command: AddPayment, at: datetime, actor: str) -> Decision:
    payment = command.payment
    data = {"tender": payment.tender, "amount": payment.amount, "tip": payment.tip}
    return [Event("payment.taken", at, actor, data)]


def _release(order: Order, command: ReleaseOrder, at: datetime, actor: str) -> Decision:
    if order.status != OrderStatus.SCHEDULED:
        return []
    data = {"accept_by": instant(None if command.confirm else command.accept_by)}
    released = _status_event("order.released", order.status, OrderStatus.PENDING, at, actor, None, **data)
    if not command.confirm:
        return [released]
    return [released, _status_event("order.confirmed", OrderStatus.PENDING, OrderStatus.CONFIRMED, at, actor)]


def _estimate(order: Order, command: EstimateOrder, at: datetime, actor: str) -> Decision:
    """An estimate is worth a version when a guest would see it move."""
    if order.status not in BEFORE_READY:
        return []
    shown = order.estimate_ready_at, order.estimate_ready_by
    moved = [abs(new - old) for new, old in zip((command.ready_at, command.ready_by), shown, strict=True) if old]
    if moved and max(moved) < SHOWN:
        return []
    data = {"ready_at": instant(command.ready_at), "ready_by": instant(command.ready_by), "first": not moved}
    return [Event("order.estimated", at, actor, data)]


def _mark_overdue(order: Order, command: MarkOverdue, at: datetime, actor: str) -> Decision:
    promised = order.estimate_ready_by
    if order.status not in BEFORE_READY or promised is None or at < promised:
        return []
    return [Event("order.overdue", at, actor, {"ready_by": instant(promised)})]


def instant(at: datetime | None) -> str | None:
    """RFC 3339 in UTC with a `Z`, or None."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def _event(type_: str, at: datetime, actor: str, command: Any = None, **data: Any) -> Event:
    for said in ("reason", "notes"):
        if (text := getattr(command, said, None)) is not None:
            data[said] = text
    return Event(type_, at, actor, data)


def _status_event(
    type_: str, old: OrderStatus, new: Any, at: datetime, actor: str, command: Any = None, /, **data: Any
) -> Event:
    return _event(type_, at, actor, command, **{"from": old.value, "to": new.value}, **data)


def _placed_data(command: PlaceOrder, status: OrderStatus) -> dict[str, Any]:
    """Everything that folding needs, so that the history alone rebuilds the order."""
    first = min(item.course for item in command.items)
    customer = command.customer
    return {
        "from": None,
        "to": status.value,
        "location": command.location_id,
        "number": command.number,
        "business_day": command.business_day.isoformat(),
        "external_id": command.external_id,
        "fingerprint": command.fingerprint,
        "channel": command.channel,
        "currency": command.currency,
        "table": command.table,
        "guests": command.guests,
        "customer": {"name": customer.name, "contact": customer.contact} if customer else None,
        "notes": command.notes,
        "recall_seconds": command.recall_seconds,
        "scheduled_for": instant(command.scheduled_for),
        "accept_by": instant(command.accept_by),
        "discounts": [{"name": d.name, "amount": d.amount} for d in command.discounts],
        "payments": [{"tender": p.tender, "amount": p.amount, "tip": p.tip} for p in command.payments],
        "items": [
            _item_data(item, ItemStatus.PENDING if item.course == first else ItemStatus.HELD) for item in command.items
        ],
    }


def _item_data(item: Item, status: ItemStatus | None = None) -> dict[str, Any]:
    return {
        "id": item.id,
        "line": item.line,
        "sku": item.sku,
        "name": item.name,
        "quantity": item.quantity,
        "unit_price": item.unit_price,
        "modifiers": [{"name": m.name, "price": m.price} for m in item.modifiers],
        "notes": item.notes,
        "allergens": list(item.allergens),
        "station": item.station,
        "course": item.course,
        "prep_seconds": item.prep_seconds,
        "status": (status or item.status).value,
        "fired_at": instant(item.fired_at),
    }


def _apply_guards(found: Transition, ask: Ask) -> None:
    for guard in found.guards:
        if objection := guard.objection(ask):
            items = {"items": list(objection.items)} if objection.items else {}
            raise _refusal(guard.refusal, objection.detail, found.action, ask, **items)


def _no_row(order: Order, action: str) -> TransitionRefusal:
    ask = Ask(order, order.updated_at)
    if order.closed:
        return _refusal(OrderClosed, f"The order is {order.status}.", action, ask)
    known = action in ORDER.actions
    detail = f"A {order.status} order cannot {action}." if known else f"Orders have no action {action!r}."
    return _refusal(InvalidTransition, detail, action, ask)


def _refusal(kind: type[TransitionRefusal], detail: str, action: str, ask: Ask, **members: Any) -> TransitionRefusal:
    order, item = ask.order, ask.item
    allowed = order_actions(order, ask.at) if item is None else item_actions(order, item, ask.at)
    told: dict[str, Any] = {"action": action, "order_status": order.status.value, "allowed": allowed}
    if item is not None:
        told["item_status"] = item.status.value
    return kind(detail, **told, **members)


ORDER_EFFECTS: dict[str, Callable[[Order, Transition, AdvanceOrder, datetime, str], Decision]] = {
    "start": _all_items,
    "bump": _all_items,
    "recall": _all_items,
    "cancel": _drop,
    "reject": _drop,
    "fire": _fire,
    "hold": _hold,
    "delay": _delay,
}

DECISIONS: dict[type, Callable[..., Decision]] = {
    AdvanceOrder: _advance_order,
    AdvanceItem: _advance_item,
    AdvanceTicket: _advance_ticket,
    SetStatus: _set_status,
    AddItems: _add_items,
    AddPayment: _add_payment,
    ReleaseOrder: _release,
    EstimateOrder: _estimate,
    MarkOverdue: _mark_overdue,
}
