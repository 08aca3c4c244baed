"""What the engine refuses beyond the state machine's own reasons."""

from collections.abc import Iterable

from workflow.state_machine.refusals import Refusal


class OrderNotFound(Refusal):
    code = "order-not-found"
    title = "There is no such order."


class InvalidDraft(Refusal):
    """members: errors = [{pointer, detail}]."""

    code = "invalid-request"
    title = "The request does not fit."


class UnknownItem(InvalidDraft):
    code = "unknown-item"
    title = "The menu has no such item."


class ItemUnavailable(InvalidDraft):
    code = "item-unavailable"
    title = "The item is sold out."


class PriceMismatch(InvalidDraft):
    """members: errors, and sku, unit_price (the right one)."""

    code = "price-mismatch"
    title = "The menu says another price."


class UnknownStation(InvalidDraft):
    code = "unknown-station"
    title = "There is no such station."


def no_station(station: str, stations: Iterable[str]) -> str:
    """Says so, and which *stations* there are."""
    return f"There is no station {station!r}; there are {', '.join(stations)}."


class TimeOutOfReach(InvalidDraft):
    code = "time-out-of-reach"
    title = "Nobody orders for such a time."


class SecondsRequired(InvalidDraft):
    code = "seconds-required"
    title = "A delay needs its seconds."


class UnknownLocation(Refusal):
    code = "unknown-location"
    title = "There is no such location."


class LocationNeeded(Refusal):
    code = "location-needed"
    title = "There are several locations; say which."


class StaleVersion(Refusal):
    """members: current_version, order_status."""

    code = "stale-version"
    title = "The order has changed since you read it."


class ExternalIdConflict(Refusal):
    """members: order_id, number of the order that has this external_id."""

    code = "external-id-conflict"
    title = "Another order has this external_id."


class IdempotencyKeyReused(Refusal):
    code = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request."


class IdempotencyKeyInUse(Refusal):
    code = "idempotency-key-in-use"
    title = "A request with this Idempotency-Key is still running."


class Overloaded(Refusal):
    """members: retry_after_seconds."""

    code = "overloaded"
    title = "Too many commands are waiting."


class DatabaseUnavailable(Refusal):
    """members: retry_after_seconds. What became of the request is unknown: send it again with the same key."""

    code = "database-unavailable"
    title = "The database does not answer."


def every_refusal(root: type[Refusal] = Refusal) -> list[type[Refusal]]:
    """All refusals there are, the root last."""
    found = [kind for child in root.__subclasses__() for kind in every_refusal(child)]
    return [*dict.fromkeys(found), root]
