"""Whether an action is allowed now, and the refusal that explains itself where it is not."""

from typing import Any

from workflow.state_machine.machine import Ask, StateMachine, Transition
from workflow.state_machine.options import item_actions, order_actions
from workflow.state_machine.refusals import InvalidTransition, OrderClosed, TransitionRefusal
from workflow.state_machine.tables import ITEM, ORDER


def judge_order(action: str, ask: Ask) -> Transition:
    """The row that *action* on the order takes now; raises the refusal otherwise."""
    found = ORDER.find(action, ask.order.status)
    if found is None and ask.order.closed:
        raise closed(action, ask)
    return _judge(ORDER, found, action, ask)


def judge_item(action: str, ask: Ask) -> Transition:
    """The row that *action* on the asked item takes now; raises the refusal otherwise."""
    assert ask.item is not None
    if ask.order.closed and action != "acknowledge":
        raise closed(action, ask)
    return _judge(ITEM, ITEM.find(action, ask.item.status), action, ask)


def closed(action: str, ask: Ask) -> TransitionRefusal:
    return refusal(OrderClosed, f"The order is {ask.order.status}.", action, ask)


def refusal(kind: type[TransitionRefusal], detail: str, action: str, ask: Ask, **members: Any) -> TransitionRefusal:
    """A refusal with the members that every one of its kind has."""
    order, item = ask.order, ask.item
    allowed = order_actions(order, ask.at) if item is None else item_actions(order, item, ask.at)
    told: dict[str, Any] = {"action": action, "order_status": order.status.value, "allowed": allowed}
    if item is not None:
        told["item_status"] = item.status.value
    return kind(detail, **told, **members)


def _judge(machine: StateMachine, found: Transition | None, action: str, ask: Ask) -> Transition:
    if found is None or found.internal:
        raise refusal(InvalidTransition, _no_such_move(machine, action, ask), action, ask)
    for guard in found.guards:
        if objection := guard.objection(ask):
            items = {"items": list(objection.items)} if objection.items else {}
            raise refusal(guard.refusal, objection.detail, action, ask, **items)
    return found


def _no_such_move(machine: StateMachine, action: str, ask: Ask) -> str:
    status = (ask.item or ask.order).status
    if action in machine.actions:
        return f"A {status} {machine.name} cannot {action}."
    return f"There is no action {action!r} for an {machine.name}."
