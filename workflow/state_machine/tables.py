"""The two machines of the house: what can happen to an order, and to an item of it."""

from workflow.state_machine import guards as g
from workflow.state_machine.machine import StateMachine, row
from workflow.state_machine.model import ItemStatus as I
from workflow.state_machine.model import OrderStatus as S

OPEN = {S.SCHEDULED, S.PENDING, S.CONFIRMED, S.PREPARING, S.READY}
BEFORE_READY = {S.SCHEDULED, S.PENDING, S.CONFIRMED, S.PREPARING}
COURSES = {S.PENDING, S.CONFIRMED, S.PREPARING, S.READY}

ORDER = StateMachine(
    "order",
    statuses=S,
    initial={S.SCHEDULED, S.PENDING},
    final={S.COMPLETED, S.CANCELLED, S.REJECTED},
    transitions=[
        row("release", S.SCHEDULED, S.PENDING, "order.released", internal=True),
        row("confirm", S.PENDING, S.CONFIRMED, "order.confirmed", repeatable=True),
        row("reject", S.PENDING, S.REJECTED, "order.rejected", [g.reason_given], repeatable=True),
        row("start", S.CONFIRMED, S.PREPARING, "order.started", [g.something_fired], repeatable=True),
        row("bump", {S.CONFIRMED, S.PREPARING}, S.READY, "order.bumped", [g.something_fired], repeatable=True),
        row(
            "complete",
            S.READY,
            S.COMPLETED,
            "order.completed",
            [g.nothing_pending],
            explains={S.CONFIRMED, S.PREPARING},
            repeatable=True,
        ),
        row("cancel", OPEN, S.CANCELLED, "order.cancelled", [g.reason_given], repeatable=True),
        row("recall", {S.READY, S.COMPLETED}, S.PREPARING, "order.recalled", [g.within_recall_window]),
        row("reopen", S.READY, S.PREPARING, "order.reopened", internal=True),
        row("fire", COURSES, None, "course.fired", [g.course_on_order]),
        row("hold", COURSES, None, "course.held", [g.course_on_order, g.course_not_begun]),
        row("rush", BEFORE_READY, None, "order.rushed"),
        row("unrush", BEFORE_READY, None, "order.unrushed"),
        row("delay", BEFORE_READY, None, "order.delayed"),
    ],
)

ITEM = StateMachine(
    "item",
    statuses=I,
    initial={I.HELD, I.PENDING},
    final={I.SERVED, I.VOIDED},
    transitions=[
        row("fire", I.HELD, I.PENDING, "course.fired", internal=True),
        row("hold", I.PENDING, I.HELD, "course.held", internal=True),
        row("start", I.PENDING, I.PREPARING, "item.started", [g.order_confirmed], repeatable=True),
        row("bump", {I.PENDING, I.PREPARING}, I.READY, "item.bumped", [g.order_confirmed], repeatable=True),
        row("recall", {I.READY, I.SERVED}, I.PREPARING, "item.recalled", [g.order_confirmed]),
        row("serve", I.READY, I.SERVED, "item.served", [g.order_confirmed]),
        row("void", {I.HELD, I.PENDING, I.PREPARING, I.READY}, I.VOIDED, "item.voided", [g.reason_given]),
        row("acknowledge", I.VOIDED, None, "item.acknowledged"),
    ],
)

# A StrEnum is its text, so a status that came from outside finds its action too.
ACTION_TOWARDS: dict[str, str] = {
    S.CONFIRMED: "confirm",
    S.REJECTED: "reject",
    S.PREPARING: "start",
    S.READY: "bump",
    S.COMPLETED: "complete",
    S.CANCELLED: "cancel",
}
