"""The state machines, as data and as a picture."""

from typing import Any

from web.answers import say_bytes, say_tagged
from web.context import Request, Response
from web.contract import shapes
from web.contract.models import house as shown
from web.contract.operation import Answer, operation
from workflow.state_machine.machine import Guard, StateMachine, Transition

MERMAID = "text/vnd.mermaid"


class Workflow:
    """``/v1/workflow``"""

    def __init__(self, machines: tuple[StateMachine, ...]) -> None:
        self._told = {"machines": [machine_view(machine) for machine in machines]}

    @operation(
        "Statuses, actions and guards.",
        tag="Workflow",
        answers={200: Answer("The machines.", shown.Workflow, headers=("ETag",)), 304: shapes.UNCHANGED},
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response) -> None:
        say_tagged(req, resp, self._told)


class Diagram:
    """``/v1/workflow/diagram``"""

    def __init__(self, diagram: str) -> None:
        self._diagram = diagram.encode()

    @operation(
        "The machines as a Mermaid diagram.",
        tag="Workflow",
        answers={200: Answer("Mermaid.", media_types=(MERMAID,))},
    )
    async def on_get(self, _req: Request, resp: Response) -> None:
        say_bytes(resp, self._diagram, MERMAID)


def machine_view(machine: StateMachine) -> dict[str, Any]:
    return {
        "name": machine.name,
        "statuses": [status.value for status in machine.statuses],
        "initial": sorted(machine.initial),
        "final": sorted(machine.final),
        "actions": list(machine.actions),
        "transitions": [transition_view(row) for row in machine.transitions],
    }


def transition_view(row: Transition) -> dict[str, Any]:
    """`to` is null where the status stays or follows from the items; an `internal` row cannot be asked for."""
    return {
        "action": row.action,
        "from": sorted(row.sources),
        "to": row.target,
        "event": row.event,
        "guards": [guard_view(guard) for guard in row.guards],
        "repeatable": row.repeatable,
        "internal": row.internal,
    }


def guard_view(guard: Guard) -> dict[str, str]:
    return {"name": guard.name, "rule": guard.doc, "code": guard.refusal.code}
