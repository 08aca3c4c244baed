"""What a command leads to: the events, none when its effect is there already, or a Refusal."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

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
from workflow.state_machine.events import Scribe, instant, order_facts, payment_facts
from workflow.state_machine.follow import followed
from workflow.state_machine.judging import closed, judge_item, judge_order, refusal
from workflow.state_machine.machine import Ask, Transition
from workflow.state_machine.model import IN_THE_KITCHEN, Event, Item, ItemStatus, Order, OrderStatus
from workflow.state_machine.refusals import (
    InvalidTransition,
    OrderFull,
    TicketNotFound,
    TransitionRefusal,
    unknown_item,
)
from workflow.state_machine.tables import ACTION_TOWARDS, BEFORE_READY, ITEM, ORDER

SHOWN = timedelta(seconds=60)
# Each change of an order is told whole, to every screen that shows it.
MOST_ITEMS = 500
Decision = list[Event]


def decide(order: Order, command: Command, at: datetime, actor: str) -> Decision:
    """The events *command* leads to. Doing what is done already leads to none.

    Raises a Refusal that says why, what is allowed instead, and which items are in the way.
    """
    scribe = Scribe(at, actor, getattr(command, "reason", None), getattr(command, "notes", None))
    return DECISIONS[type(command)](order, command, scribe)


def place(command: PlaceOrder, at: datetime, actor: str) -> Decision:
    """The birth of an order: placed, and confirmed in the same breath where the location does so by itself."""
    waits = command.scheduled_for is not None
    status = OrderStatus.SCHEDULED if waits else OrderStatus.PENDING
    placed = Event("order.placed", at, actor, order_facts(command, status))
    if waits or not command.confirm:
        return [placed]
    return [placed, Scribe(at, actor).move("order.confirmed", status, OrderStatus.CONFIRMED)]


def _advance_order(order: Order, command: AdvanceOrder, scribe: Scribe) -> Decision:
    if _is_so(order, command.action):
        return []
    ask = Ask(order, scribe.at, reason=command.reason, course=command.course)
    row = judge_order(command.action, ask)
    return ORDER_EFFECTS.get(command.action, _plain)(order, row, command, scribe)


def _is_so(order: Order, action: str) -> bool:
    """Whether the order has already what *action* would do to it."""
    if action == "rush":
        return order.priority and not order.closed
    if action == "unrush":
        return order.status in BEFORE_READY and not order.priority
    return ORDER.repeats(action, order.status)


def _plain(order: Order, row: Transition, command: AdvanceOrder, scribe: Scribe) -> Decision:
    """A move of the order that leaves its items alone."""
    if row.target is None:
        return [scribe.write(row.event, {})]
    return [scribe.move(row.event, order.status, row.target)]


def _drop(order: Order, row: Transition, command: AdvanceOrder, scribe: Scribe) -> Decision:
    """Cancel or reject: the items go with the order, and what a cook had begun is waste."""
    dropped = [item for item in order.items if item.status not in (ItemStatus.VOIDED, ItemStatus.SERVED)]
    waste = [item.id for item in dropped if item.touched]
    return [scribe.move(row.event, order.status, row.target, items=[item.id for item in dropped], waste=waste)]


def _delay(order: Order, row: Transition, command: AdvanceOrder, scribe: Scribe) -> Decision:
    """Later, or earlier: but for an order that should be ready by now, no earlier than now."""
    seconds = command.seconds or 0
    if seconds < 0 and order.estimate_ready_at:
        left = int((order.estimate_ready_at - scribe.at).total_seconds())
        seconds = max(seconds, min(-left, 0))
    return [scribe.write(row.event, {"seconds": seconds})] if seconds else []


def _turn_course(order: Order, row: Transition, command: AdvanceOrder, scribe: Scribe) -> Decision:
    """Fire or hold: the items of the course that are still the other way."""
    turned = ItemStatus.HELD if row.action == "fire" else ItemStatus.PENDING
    items = [item.id for item in order.items if item.course == command.course and item.status == turned]
    if not items:
        return []
    return followed(order, [scribe.write(row.event, {"course": command.course, "items": items})], scribe)


def _all_items(order: Order, row: Transition, command: AdvanceOrder, scribe: Scribe) -> Decision:
    """Start, bump or recall of the whole order is that of every item it concerns; the status follows from them."""
    moved = _moved(_concerned(order.items, row.action), row.action, scribe)
    if order.closed:
        # The items of a closed order have no say in its status, so it is told here.
        moved.append(scribe.move(row.event, order.status, row.target))
    return followed(order, moved, scribe)


def _advance_item(order: Order, command: AdvanceItem, scribe: Scribe) -> Decision:
    item = order.item(command.item_id)
    if item is None:
        raise unknown_item(order, command.item_id)
    if _is_done(item, command.action):
        return []
    judge_item(command.action, Ask(order, scribe.at, item, command.reason))
    return followed(order, _moved([item], command.action, scribe), scribe)


def _advance_ticket(order: Order, command: AdvanceTicket, scribe: Scribe) -> Decision:
    """The action on each item of the station that it concerns; refused where it concerns none and none has it done."""
    share = [item for item in order.items if item.station == command.station]
    if not share:
        stations = sorted({item.station for item in order.items})
        raise TicketNotFound(f"Order {order.number} has nothing for station {command.station}.", stations=stations)
    concerned = _concerned(share, command.action)
    if not concerned and any(_is_done(item, command.action) for item in share):
        return []
    for item in concerned or share[:1]:
        judge_item(command.action, Ask(order, scribe.at, item, command.reason))
    return followed(order, _moved(concerned, command.action, scribe), scribe)


def _concerned(items: Iterable[Item], action: str) -> list[Item]:
    """The items that an action on many means: a recall brings back what still waits, or else what was served."""
    able = [item for item in items if ITEM.find(action, item.status) and not _is_done(item, action)]
    if action == "recall":
        return [item for item in able if item.status == ItemStatus.READY] or able
    return able


def _is_done(item: Item, action: str) -> bool:
    """Whether the item has already what *action* would do to it."""
    if action == "acknowledge":
        return item.acknowledged_at is not None
    return ITEM.repeats(action, item.status)


def _moved(items: Sequence[Item], action: str, scribe: Scribe) -> Decision:
    """One event per status that the items come from."""
    moving: dict[ItemStatus, list[str]] = {}
    for item in items:
        moving.setdefault(item.status, []).append(item.id)
    events = []
    for status, ids in moving.items():
        row = ITEM.find(action, status)
        assert row is not None
        events.append(scribe.move(row.event, status, row.target or status, items=ids))
    return events


def _set_status(order: Order, command: SetStatus, scribe: Scribe) -> Decision:
    """The one action that leads to the status, the notes being its reason."""
    back = command.status == OrderStatus.PREPARING and order.status in (OrderStatus.READY, OrderStatus.COMPLETED)
    action = "recall" if back else ACTION_TOWARDS.get(command.status)
    if action is None:
        raise _no_way(order, command, scribe)
    return _advance_order(
        order, AdvanceOrder(action, reason=command.notes), Scribe(scribe.at, scribe.actor, command.notes, command.notes)
    )


def _no_way(order: Order, command: SetStatus, scribe: Scribe) -> TransitionRefusal:
    action, ask = f"set {command.status}", Ask(order, scribe.at)
    if order.closed:
        return closed(action, ask)
    return refusal(InvalidTransition, f"No action leads to {command.status}.", action, ask)


def _add_items(order: Order, command: AddItems, scribe: Scribe) -> Decision:
    """More items join the highest course that was fired, or wait with those that are held."""
    if order.closed:
        raise closed("add", Ask(order, scribe.at))
    if len(order.items) + len(command.items) > MOST_ITEMS:
        detail = (
            f"Order {order.number} has {len(order.items)} items, and one may have {MOST_ITEMS}; begin another order."
        )
        raise OrderFull(detail, most_items=MOST_ITEMS)
    courses = (item.course for item in order.items if item.status not in (ItemStatus.HELD, ItemStatus.VOIDED))
    fired = max(courses, default=1)
    line = max(item.line for item in order.items)
    added = []
    for offset, item in enumerate(command.items, start=1):
        status = ItemStatus.PENDING if item.course <= fired else ItemStatus.HELD
        fired_at = scribe.at if status == ItemStatus.PENDING and order.status in IN_THE_KITCHEN else None
        added.append(replace(item, line=line + offset, status=status, fired_at=fired_at))
    return followed(order, [scribe.write("item.added", {"items": tuple(added)})], scribe)


def _add_payment(order: Order, command: AddPayment, scribe: Scribe) -> Decision:
    return [scribe.write("payment.taken", payment_facts(command.payment))]


def _release(order: Order, command: ReleaseOrder, scribe: Scribe) -> Decision:
    if order.status != OrderStatus.SCHEDULED:
        return []
    accept_by = instant(None if command.confirm else command.accept_by)
    released = scribe.move("order.released", order.status, OrderStatus.PENDING, accept_by=accept_by)
    if not command.confirm:
        return [released]
    return [released, scribe.move("order.confirmed", OrderStatus.PENDING, OrderStatus.CONFIRMED)]


def _estimate(order: Order, command: EstimateOrder, scribe: Scribe) -> Decision:
    """An estimate is worth a version when a guest would see it move."""
    if order.status not in BEFORE_READY:
        return []
    shown = order.estimate_ready_at, order.estimate_ready_by
    moved = [abs(new - old) for new, old in zip((command.ready_at, command.ready_by), shown, strict=True) if old]
    if moved and max(moved) < SHOWN:
        return []
    facts = {"ready_at": instant(command.ready_at), "ready_by": instant(command.ready_by), "first": not moved}
    return [scribe.write("order.estimated", facts)]


def _mark_overdue(order: Order, command: MarkOverdue, scribe: Scribe) -> Decision:
    promised = order.estimate_ready_by
    if order.status not in BEFORE_READY or promised is None or scribe.at < promised:
        return []
    return [scribe.write("order.overdue", {"ready_by": instant(promised)})]


ORDER_EFFECTS: dict[str, Callable[[Order, Transition, AdvanceOrder, Scribe], Decision]] = {
    "start": _all_items,
    "bump": _all_items,
    "recall": _all_items,
    "cancel": _drop,
    "reject": _drop,
    "fire": _turn_course,
    "hold": _turn_course,
    "delay": _delay,
}
DECISIONS: dict[type, Callable[[Order, Any, Scribe], Decision]] = {
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
