"""Why a command is refused: one class a reason, each with what is allowed instead."""

from collections.abc import Sequence
from typing import Any, ClassVar

from workflow.state_machine.model import Order


class Refusal(Exception):
    """A command was understood and refused; nothing has changed.

    `code` is the machine-readable reason, `detail` a sentence for people, `members` the facts that go with it;
    `replayed` when it is told again under an idempotency key.
    """

    replayed = False

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "The command was refused."

    def __init__(self, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.members = members


class TransitionRefusal(Refusal):
    """A move that is not allowed now; members: action, order_status, allowed (and item_status, items)."""

    title = "The order does not allow this now."


class InvalidTransition(TransitionRefusal):
    code = "invalid-transition"
    title = "There is no such move from here."


class OrderClosed(TransitionRefusal):
    code = "order-closed"
    title = "The order is closed."


class ItemsPending(TransitionRefusal):
    code = "items-pending"
    title = "Some items are not ready yet."


class ReasonRequired(TransitionRefusal):
    code = "reason-required"
    title = "This needs a reason."


class RecallWindowPassed(TransitionRefusal):
    code = "recall-window-passed"
    title = "It is too late to recall this order."


class OrderNotConfirmed(TransitionRefusal):
    code = "order-not-confirmed"
    title = "The order has not been confirmed yet."


class NothingFired(TransitionRefusal):
    code = "nothing-fired"
    title = "Every item of the order is held."


class UnknownCourse(TransitionRefusal):
    code = "unknown-course"
    title = "The order has no such course."


class CourseUnderWay(TransitionRefusal):
    code = "course-under-way"
    title = "The course is being cooked already."


class OrderFull(Refusal):
    """members: most_items."""

    code = "order-full"
    title = "The order has as many items as one can have."


class ItemNotFound(Refusal):
    code = "item-not-found"
    title = "The order has no such item."


class TicketNotFound(Refusal):
    code = "ticket-not-found"
    title = "The order has nothing for this station."


def counted(items: Sequence[object], rest: str) -> str:
    """A sentence about so many items: ``counted(x, "not ready yet")`` → ``2 items are not ready yet.``"""
    return f"{len(items)} item{' is' if len(items) == 1 else 's are'} {rest}."


def unknown_item(order: Order, item_id: str) -> ItemNotFound:
    return ItemNotFound(f"Order {order.number} has no item {item_id}.", items=[item.id for item in order.items])
