"""The contract's tables, said a second time in the restaurant's own words, so that a slip of the server is seen.

An outcome is `done`, `nothing` (its effect was there already), or the code of a refusal.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.simulation.books import OrderBook

DONE, NOTHING = "done", "nothing"

KITCHEN = frozenset({"confirmed", "preparing", "ready"})
CLOSED = frozenset({"completed", "cancelled", "rejected"})
UNFINISHED = frozenset({"held", "pending", "preparing"})
COOKED = frozenset({"ready", "served"})
BEFORE_READY = frozenset({"scheduled", "pending", "confirmed", "preparing"})

ORDER_MOVES: Mapping[str, frozenset[str]] = {
    "confirm": frozenset({"pending"}),
    "reject": frozenset({"pending"}),
    "start": frozenset({"confirmed"}),
    "bump": frozenset({"confirmed", "preparing"}),
    "complete": frozenset({"ready"}),
    "cancel": BEFORE_READY | {"ready"},
    "recall": frozenset({"ready", "completed"}),
    "fire": KITCHEN | {"pending"},
    "hold": KITCHEN | {"pending"},
    "rush": BEFORE_READY,
    "unrush": BEFORE_READY,
    "delay": BEFORE_READY,
}
ORDER_TARGETS = {
    "confirm": "confirmed",
    "reject": "rejected",
    "start": "preparing",
    "bump": "ready",
    "complete": "completed",
    "cancel": "cancelled",
}
ITEM_MOVES: Mapping[str, frozenset[str]] = {
    "start": frozenset({"pending"}),
    "bump": frozenset({"pending", "preparing"}),
    "recall": COOKED,
    "serve": frozenset({"ready"}),
    "void": UNFINISHED | {"ready"},
    "acknowledge": frozenset({"voided"}),
}
ITEM_TARGETS = {"start": "preparing", "bump": "ready", "recall": "preparing", "serve": "served", "void": "voided"}
LEGACY = {
    "confirmed": "confirm",
    "preparing": "start",
    "ready": "bump",
    "completed": "complete",
    "cancelled": "cancel",
}


@dataclass(frozen=True, slots=True)
class Move:
    """A command to one order, to one of its items, or to one station's share of it.

    `status` makes it a call of the endpoint for clients that know statuses only; `action` is what that amounts to.
    """

    action: str
    item: str | None = None
    station: str | None = None
    course: int | None = None
    reason: str | None = None
    seconds: int | None = None
    status: str | None = None

    @property
    def body(self) -> dict[str, Any]:
        if self.status is not None:
            return {"new_status": self.status, **({"notes": self.reason} if self.reason else {})}
        members = {"reason": self.reason, "course": self.course, "seconds": self.seconds}
        return {name: value for name, value in members.items() if value is not None}

    def path(self, order_id: str) -> str:
        if self.status is not None:
            return f"/orders/{order_id}/update_status/"
        base = f"/v1/orders/{order_id}"
        if self.item is not None:
            return f"{base}/items/{self.item}/{self.action}"
        return f"{base}/stations/{self.station}/{self.action}" if self.station else f"{base}/{self.action}"

    @property
    def what(self) -> str:
        """The kind of request that it is, for the report."""
        kind = "item" if self.item else "ticket" if self.station else "order"
        return f"update_status {self.status}" if self.status else f"{kind} {self.action}"


def outcomes(order: OrderBook, move: Move) -> frozenset[str]:
    """What the contract lets the server answer to *move* now."""
    if move.item is not None:
        return frozenset(_of_item(order, move))
    if move.station is not None:
        return frozenset(_of_ticket(order, move))
    return frozenset(_of_order(order, move))


def effect(order: OrderBook, move: Move) -> dict[str, str] | None:
    """The statuses of the order's items after *move*; None where the contract leaves that to the server."""
    if move.item is None and move.action in ("recall", "cancel", "reject"):
        return None
    target = COURSE_TARGETS.get(move.action) or ITEM_TARGETS.get(move.action)
    concerned = set(_concerned(order, move))
    return {line.id: target if target and line.id in concerned else line.status for line in order.lines.values()}


def order_statuses(order: OrderBook, move: Move) -> frozenset[str]:
    """The statuses that *order*, whose lines are as they are after *move*, can have."""
    if move.item is None and move.station is None:
        if move.action in ("confirm", "reject", "complete", "cancel"):
            return frozenset({ORDER_TARGETS[move.action]})
        if move.action == "recall":
            return frozenset({"preparing"})
    return roll_up(order.status, (line.status for line in order.lines.values()))


def roll_up(status: str, items: Iterable[str]) -> frozenset[str]:
    """What an order in *status* can be, given its items' statuses."""
    active = [item for item in items if item != "voided"]
    if status in CLOSED:
        return frozenset({status})
    if not active:
        return frozenset({"cancelled"})
    if status == "scheduled":
        return frozenset({"scheduled", "pending", "confirmed"})  # its time may have come meanwhile
    if status not in KITCHEN:
        return frozenset({status})
    if all(item in COOKED for item in active):
        return frozenset({"ready"})
    if any(item == "preparing" or item in COOKED for item in active):
        return frozenset({"preparing"})
    return frozenset({"confirmed", "preparing"})


def _of_order(order: OrderBook, move: Move) -> set[str]:
    action, status = move.action, order.status
    if ORDER_TARGETS.get(action) == status:
        return {NOTHING}
    if status not in ORDER_MOVES.get(action, frozenset()):
        return _no_such_move(order, action) | ({NOTHING} if _rushed_already(order, action) else set())
    if action in ("cancel", "reject") and not (move.reason or "").strip():
        return {"reason-required"}
    return ORDER_JUDGES.get(action, _always_done)(order, move)


def _no_such_move(order: OrderBook, action: str) -> set[str]:
    if order.status in CLOSED:
        return {"order-closed"}
    if action == "complete" and order.status in ("confirmed", "preparing"):
        return {"items-pending"}
    return {"invalid-transition"}


def _always_done(order: OrderBook, move: Move) -> set[str]:
    return {DONE}


def _of_start_or_bump(order: OrderBook, move: Move) -> set[str]:
    if _concerned(order, move):
        return {DONE}
    return (
        {NOTHING} if any(line.status not in ("held", "voided") for line in order.lines.values()) else {"nothing-fired"}
    )


def _of_rush(order: OrderBook, move: Move) -> set[str]:
    return {NOTHING} if _rushed_already(order, move.action) else {DONE}


def _rushed_already(order: OrderBook, action: str) -> bool:
    return action in ("rush", "unrush") and order.priority == (action == "rush")


def _of_course(order: OrderBook, move: Move) -> set[str]:
    if not any(line.course == move.course and line.status != "voided" for line in order.lines.values()):
        return {"unknown-course"}
    if _concerned(order, move):
        return {DONE}
    return {NOTHING, "course-under-way"} if move.action == "hold" else {NOTHING}


ORDER_JUDGES: Mapping[str, Callable[[OrderBook, Move], set[str]]] = {
    "start": _of_start_or_bump,
    "bump": _of_start_or_bump,
    "rush": _of_rush,
    "unrush": _of_rush,
    "fire": _of_course,
    "hold": _of_course,
}
COURSE_TARGETS = {"fire": "pending", "hold": "held"}


def _of_item(order: OrderBook, move: Move) -> set[str]:
    line = order.lines.get(move.item or "")
    if line is None:
        return {"item-not-found", "not-found"}
    repeated = {NOTHING} if move.action in ("start", "bump") and ITEM_TARGETS[move.action] == line.status else set()
    if order.status in CLOSED and move.action != "acknowledge":
        return {"order-closed"} | repeated
    if repeated:
        return repeated
    if line.status not in ITEM_MOVES.get(move.action, frozenset()):
        return {"invalid-transition"}
    if move.action == "acknowledge":
        return {DONE, NOTHING}
    if move.action == "void":
        return {DONE} if (move.reason or "").strip() else {"reason-required"}
    return {DONE} if order.status in KITCHEN else {"order-not-confirmed", "invalid-transition"}


def _of_ticket(order: OrderBook, move: Move) -> set[str]:
    share = [line for line in order.lines.values() if line.station == move.station]
    if not share:
        return {"station-not-on-order", "ticket-not-found", "not-found"}
    if _concerned(order, move):
        return {DONE} if order.status in KITCHEN else {"order-closed", "order-not-confirmed", "invalid-transition"}
    if any(line.status == ITEM_TARGETS.get(move.action) for line in share):
        return {NOTHING}
    return {"order-closed"} if order.status in CLOSED else {"invalid-transition"}


def _concerned(order: OrderBook, move: Move) -> list[str]:
    """The ids of the items that *move* changes."""
    if move.action in COURSE_TARGETS:
        turned = {"held"} if move.action == "fire" else {"pending"}
        return [line.id for line in order.lines.values() if line.course == move.course and line.status in turned]
    if move.item is None and move.station is None and move.action not in ("start", "bump"):
        return []
    sources = ITEM_MOVES.get(move.action, frozenset())
    return [
        line.id
        for line in order.lines.values()
        if line.status in sources and move.item in (None, line.id) and move.station in (None, line.station)
    ]
