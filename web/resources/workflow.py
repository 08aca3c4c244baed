"""The state machines, as data and as a picture."""

from web.answers import say_bytes, say_tagged
from web.context import Request, Response
from web.contract import shapes
from web.contract.models import service as shown
from web.contract.models.service import DiagramQuery
from web.contract.operation import Answer, operation
from workflow.state_machine.diagram import MACHINES, described, mermaid

MERMAID = "text/vnd.mermaid"


class Workflow:
    """``/v1/workflow``"""

    def __init__(self) -> None:
        self._told = {"machines": [{**described(machine), "actions": machine.actions} for machine in MACHINES]}

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

    def __init__(self) -> None:
        self._drawn = {machine.name: mermaid(machine).encode() for machine in MACHINES}

    @operation(
        "A machine as a Mermaid diagram; the order's where none is named.",
        tag="Workflow",
        query=DiagramQuery,
        answers={200: Answer("Mermaid.", media_types=(MERMAID,))},
    )
    async def on_get(self, _req: Request, resp: Response, query: DiagramQuery) -> None:
        say_bytes(resp, self._drawn[query.machine], MERMAID)
