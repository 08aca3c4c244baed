"""The house rules: each a sentence that is true when all is well, with the reason for its no."""

from collections.abc import Callable
from datetime import timedelta

from workflow.state_machine.machine import Ask, Guard, Objection
from workflow.state_machine.model import IN_THE_KITCHEN, UNFINISHED, ItemStatus
from workflow.state_machine.refusals import (
    CourseUnderWay,
    ItemsPending,
    NothingFired,
    OrderNotConfirmed,
    ReasonRequired,
    RecallWindowPassed,
    TransitionRefusal,
    UnknownCourse,
    counted,
)

NOT_FIRED = frozenset({ItemStatus.HELD, ItemStatus.VOIDED})
Rule = Callable[[Ask], Objection | None]


def guard(refusal: type[TransitionRefusal], *, of_command: bool = False) -> Callable[[Rule], Guard]:
    """Name a rule; `of_command` when it judges what came with the command rather than the order."""
    return lambda rule: Guard(rule.__name__, refusal, rule, of_command)


@guard(ItemsPending)
def nothing_pending(ask: Ask) -> Objection | None:
    """Every item that was not voided is ready or served."""
    waiting = tuple([item.id for item in ask.order.items if item.status in UNFINISHED])
    return Objection(counted(waiting, "not ready yet"), waiting) if waiting else None


@guard(ReasonRequired, of_command=True)
def reason_given(ask: Ask) -> Objection | None:
    """Somebody said why."""
    return None if ask.reason and ask.reason.strip() else Objection("Say why: send a `reason`.")


@guard(RecallWindowPassed)
def within_recall_window(ask: Ask) -> Objection | None:
    """The order was bumped or completed not longer ago than the location recalls."""
    since = ask.order.completed_at or ask.order.ready_at
    if since is None or ask.at - since <= timedelta(seconds=ask.order.recall_seconds):
        return None
    return Objection(f"An order can be recalled for {ask.order.recall_seconds} seconds after it was finished.")


@guard(NothingFired)
def something_fired(ask: Ask) -> Objection | None:
    """At least one item has been sent to its station."""
    for item in ask.order.items:
        if item.status not in NOT_FIRED:
            return None
    held = tuple(item.id for item in ask.order.items if item.status == ItemStatus.HELD)
    return Objection("Every item is held; fire a course first.", held)


@guard(OrderNotConfirmed)
def order_confirmed(ask: Ask) -> Objection | None:
    """The order is in the kitchen."""
    if ask.order.status in IN_THE_KITCHEN:
        return None
    return Objection(f"The order is {ask.order.status}; its items can be worked on once it is confirmed.")


@guard(UnknownCourse, of_command=True)
def course_on_order(ask: Ask) -> Objection | None:
    """The order has items of that course."""
    courses = sorted({item.course for item in ask.order.items if item.status != ItemStatus.VOIDED})
    if ask.course in courses:
        return None
    said = "No course was named" if ask.course is None else f"There is no course {ask.course}"
    return Objection(f"{said}; this order has {', '.join(map(str, courses))}.")


@guard(CourseUnderWay, of_command=True)
def course_not_begun(ask: Ask) -> Objection | None:
    """Something of that course still waits to be started."""
    course = [item for item in ask.order.items if item.course == ask.course and item.status != ItemStatus.VOIDED]
    if any(item.status in (ItemStatus.PENDING, ItemStatus.HELD) for item in course):
        return None
    begun = tuple(item.id for item in course)
    return Objection(f"Course {ask.course} is being cooked already; nothing of it can be held.", begun)
