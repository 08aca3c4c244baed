"""What is promised of every order, each promise a sentence that can be found untrue of what was seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from workflow.state_machine.attempts import ORDER_SUBJECT, Attempt, item_subject
from workflow.state_machine.evolve import FALLS, fold
from workflow.state_machine.model import UNFINISHED, Event, Order, OrderStatus, Recorded
from workflow.state_machine.options import blocked, item_actions, order_actions
from workflow.state_machine.refusals import Refusal
from workflow.state_machine.roll_up import status_of_items

# What these tell is not a condition of the order: that something was paid, put off, or late.
ONLY_TOLD = {"payment.taken", "order.delayed", "order.overdue", "order.estimated"}


@dataclass(frozen=True, slots=True)
class Step:
    """What came of an attempt: events and the orders after each, or a refusal, or an error that nobody foresaw."""

    attempt: Attempt
    events: Sequence[Event] = ()
    orders: Sequence[Order] = ()
    refusal: Refusal | None = None
    error: Exception | None = None


@dataclass(frozen=True)
class Seen:
    """An order as it was come upon, its history as it is read back, and what came of all that was attempted then."""

    order: Order
    history: Sequence[Event]
    at: datetime
    steps: Sequence[Step]

    @cached_property
    def changes(self) -> list[tuple[Step, Event, Order, Order]]:
        """Every event of every step, with the order before and after it."""
        return [
            (step, event, before, after)
            for step in self.steps
            for event, (before, after) in zip(step.events, pairwise((self.order, *step.orders)), strict=True)
        ]

    @cached_property
    def accepted(self) -> dict[str, set[str]]:
        """The actions that made an event, by what they were asked of."""
        accepted: dict[str, set[str]] = {}
        for step in self.steps:
            if step.events and step.attempt.action:
                accepted.setdefault(step.attempt.subject, set()).add(step.attempt.action)
        return accepted


@dataclass(frozen=True, slots=True)
class Broken:
    """How a promise was broken, and by which attempt if it was by one."""

    detail: str
    attempt: Attempt | None = None


Promise = Callable[[Seen], Broken | None]


def only_refusals_are_raised(seen: Seen) -> Broken | None:
    """Deciding raises nothing but refusals, and evolving raises nothing."""
    failed = next((step for step in seen.steps if step.error), None)
    return Broken(f"It raised {failed.error!r}.", failed.attempt) if failed else None


def status_agrees_with_items(seen: Seen) -> Broken | None:
    """The status of an order agrees with its items."""
    status, due = seen.order.status, status_of_items(seen.order)
    return Broken(f"The order is {status}, its items say {due}.") if status != due else None


def completed_means_finished(seen: Seen) -> Broken | None:
    """No completed order has an unfinished item."""
    unfinished = [item.id for item in seen.order.items if item.status in UNFINISHED]
    if seen.order.status == OrderStatus.COMPLETED and unfinished:
        return Broken(f"Completed, while these items are not finished: {', '.join(unfinished)}.")
    return None


def progress_falls_on_recall_only(seen: Seen) -> Broken | None:
    """Progress stays between 0 and 100, and never falls but on a recall."""
    for step, event, before, after in seen.changes:
        if not 0 <= after.progress <= 100 or (after.progress < before.progress and event.type not in FALLS):
            return Broken(f"{event.type} took progress from {before.progress} to {after.progress}.", step.attempt)
    return None


def versions_count_events(seen: Seen) -> Broken | None:
    """An order's version is the number of its events."""
    if seen.order.version != len(seen.history):
        return Broken(f"Version {seen.order.version} after {len(seen.history)} events.")
    for step, event, before, after in seen.changes:
        if after.version != before.version + 1:
            return Broken(f"{event.type} took version {before.version} to {after.version}.", step.attempt)
    return None


def every_event_changes_something(seen: Seen) -> Broken | None:
    """What is so already makes no event."""
    for step, event, before, after in seen.changes:
        if event.type not in ONLY_TOLD and _condition(before) == _condition(after):
            return Broken(f"{event.type} changed nothing.", step.attempt)
    return None


def closed_orders_come_back_by_recall_only(seen: Seen) -> Broken | None:
    """A closed order keeps its status, but for the recall of a completed one."""
    for step, event, before, after in seen.changes:
        recalled = event.type == "order.recalled" and before.status == OrderStatus.COMPLETED
        if before.closed and after.status != before.status and not recalled:
            return Broken(f"{event.type} took the order from {before.status} to {after.status}.", step.attempt)
    return None


def offers_are_exact(seen: Seen) -> Broken | None:
    """What an order and its items offer is exactly what is accepted and changes something."""
    order = seen.order
    offers = {ORDER_SUBJECT: order_actions(order, seen.at)}
    offers |= {item_subject(item.id): item_actions(order, item, seen.at) for item in order.items}
    for subject in {step.attempt.subject for step in seen.steps} & offers.keys():
        if (offered := offers[subject]) != sorted(seen.accepted.get(subject, ())):
            done = ", ".join(sorted(seen.accepted.get(subject, ())))
            return Broken(f"The {subject} offers {', '.join(offered) or 'nothing'}; accepted: {done or 'nothing'}.")
    return None


def refusals_tell_what_is_allowed(seen: Seen) -> Broken | None:
    """What a refusal says is allowed instead is accepted, given a reason and a course."""
    for step in seen.steps:
        if step.refusal:
            allowed = set(step.refusal.members.get("allowed", ()))
            if wrong := allowed - seen.accepted.get(step.attempt.subject, set()):
                return Broken(f"Said to be allowed, yet not so: {', '.join(sorted(wrong))}.", step.attempt)
    return None


def blocked_actions_are_refused(seen: Seen) -> Broken | None:
    """What an order shows as blocked is refused for the reason that it shows."""
    refused = {(step.attempt.action, step.refusal.code) for step in seen.steps if step.refusal}
    accepted = seen.accepted.get(ORDER_SUBJECT, set())
    for block in blocked(seen.order, seen.at):
        if (block.action, block.code) not in refused or block.action in accepted:
            return Broken(f"{block.action} is shown as blocked by {block.code}, and is not.")
    return None


def history_is_the_order(seen: Seen) -> Broken | None:
    """An order's history, written down as JSON and read again, makes the same order."""
    order = seen.order
    recorded = (Recorded(order.id, version, event) for version, event in enumerate(seen.history, start=1))
    return None if fold(recorded) == order else Broken("Folding the history makes another order.")


PROMISES: tuple[Promise, ...] = (
    only_refusals_are_raised,
    status_agrees_with_items,
    completed_means_finished,
    progress_falls_on_recall_only,
    versions_count_events,
    every_event_changes_something,
    closed_orders_come_back_by_recall_only,
    offers_are_exact,
    refusals_tell_what_is_allowed,
    blocked_actions_are_refused,
    history_is_the_order,
)


def _condition(order: Order) -> tuple[object, ...]:
    return order.status, order.priority, order.items
