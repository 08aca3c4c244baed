"""On whose behalf a request acts: where, under which name, and for which idempotency keys."""

from typing import Protocol, TypeVar

from web.conditions import expected_version, idempotency
from web.context import Request
from workflow.engine import Engine
from workflow.intake import AddDraft
from workflow.menu import locations
from workflow.refusals import LocationNeeded, OrderNotFound, UnknownLocation
from workflow.state_machine.commands import Command
from workflow.submissions import Submission

GUEST = "customer"


def location_asked(req: Request, wanted: str | None) -> str | None:
    """The key's own location; of an admin or a guest the one that is *wanted*, None when none is.

    Raises UnknownLocation for another location than the key's: what is not one's own is not there.
    """
    principal = req.context.principal
    own = principal.location_id if principal else None
    if own is not None and wanted not in (None, own):
        raise UnknownLocation(f"There is no location {wanted!r}.")
    return own or wanted


async def one_location(engine: Engine, req: Request, wanted: str | None) -> str:
    """The same, and the only one there is where none was named. Raises LocationNeeded when there are several."""
    asked = location_asked(req, wanted)
    if asked is not None and req.context.principal and req.context.principal.location_id:
        return asked
    known = [location.id for location in await engine.read(locations)]
    if asked in known:
        return str(asked)
    if asked is not None:
        raise UnknownLocation(f"There is no location {asked!r}.")
    if len(known) != 1:
        raise LocationNeeded("Say which with ?location=.", locations=sorted(known))
    return known[0]


class _Placed(Protocol):
    @property
    def location_id(self) -> str: ...


Found = TypeVar("Found", bound=_Placed)


def readable(req: Request, found: Found | None, order_id: str) -> Found:
    """*found*, if the key may see it. Raises OrderNotFound: another location's order is not there either."""
    principal = req.context.principal
    if found is None or principal is None or principal.location_id not in (None, found.location_id):
        raise OrderNotFound(f"There is no order {order_id}.")
    return found


def submission(req: Request, order_id: str, command: Command | AddDraft) -> Submission:
    """*command* on an order that is there already, with the conditions that the request's headers make."""
    principal = req.context.bearer
    return Submission(
        command,
        principal.location_id,
        principal.actor,
        order_id,
        expected_version(req),
        idempotency(req, principal.key_id),
    )
