"""Who may do what: each address and method once. Whatever is not here, nobody may."""

from dataclasses import dataclass

from web.refusals import Forbidden, Unauthorized
from workflow.api_keys import Principal


@dataclass(frozen=True, slots=True)
class Access:
    """The roles that may, and whether somebody without a key may as well."""

    roles: frozenset[str]
    guests: bool = False

    def check(self, principal: Principal | None) -> None:
        """Raises Unauthorized for a guest, Forbidden for a role that may not."""
        if principal is None:
            if not self.guests:
                raise Unauthorized("Send `Authorization: Bearer` and an API key, or sign in.")
        elif principal.role not in self.roles:
            allowed = sorted(self.roles)
            detail = f"A key of role {principal.role} may not do this; {' or '.join(allowed)} may."
            raise Forbidden(detail, role=principal.role, allowed=allowed)


def _only(*roles: str) -> Access:
    """*roles* and the admin, who may do everywhere what a location's own people may."""
    return Access(frozenset({*roles, "admin"}))


EVERYBODY = Access(frozenset({"pos", "kitchen", "manager", "admin"}), guests=True)
TILL_OR_GUEST = Access(frozenset({"pos", "manager", "admin"}), guests=True)
STAFF = _only("pos", "kitchen", "manager")
TILL = _only("pos", "manager")
KITCHEN = _only("kitchen", "manager")
MANAGER = _only("manager")
ADMIN = _only()

ACCESS: dict[str, dict[str, Access]] = {
    "/v1/orders": {"GET": STAFF, "POST": TILL_OR_GUEST},
    "/v1/orders/{order_id}": {"GET": STAFF},
    "/v1/orders/{order_id}/events": {"GET": STAFF},
    "/v1/orders/{order_id}/stream": {"GET": STAFF},
    "/v1/orders/{order_id}/items": {"POST": TILL},
    "/v1/orders/{order_id}/payments": {"POST": TILL},
    "/v1/orders/{order_id}/update_status/": {"POST": STAFF},
    "/orders/{order_id}/update_status/": {"POST": STAFF},
    "/v1/orders/{order_id}/{action}": {"POST": STAFF},
    "/v1/orders/{order_id}/items/{item_id}/{action}": {"POST": STAFF},
    "/v1/orders/{order_id}/stations/{station}/{action}": {"POST": STAFF},
    "/v1/track/{token}": {"GET": EVERYBODY},
    "/v1/track/{token}/events": {"GET": EVERYBODY},
    "/v1/track/{token}/stream": {"GET": EVERYBODY},
    "/v1/kitchen/tickets": {"GET": KITCHEN},
    "/v1/kitchen/stream": {"GET": KITCHEN},
    "/v1/kitchen/all-day": {"GET": KITCHEN},
    "/v1/kitchen/recent": {"GET": KITCHEN},
    "/v1/dashboard/stream": {"GET": MANAGER},
    "/v1/menu": {"GET": EVERYBODY, "PUT": KITCHEN},
    "/v1/menu/items/{sku}": {"PATCH": KITCHEN},
    "/v1/stations": {"GET": STAFF},
    "/v1/stations/{station}": {"PUT": MANAGER, "PATCH": MANAGER, "DELETE": MANAGER},
    "/v1/session": {"GET": STAFF, "POST": EVERYBODY, "DELETE": EVERYBODY},
    "/v1/locations": {"GET": ADMIN, "POST": ADMIN},
    "/v1/locations/{location}": {"GET": ADMIN, "PATCH": ADMIN},
    "/v1/api-keys": {"GET": ADMIN, "POST": ADMIN},
    "/v1/api-keys/{key_id}": {"DELETE": ADMIN},
    "/v1/workflow": {"GET": EVERYBODY},
    "/v1/workflow/diagram": {"GET": EVERYBODY},
    "/v1/reports/days": {"GET": MANAGER},
    "/v1/reports/days/{business_day}": {"GET": MANAGER},
    "/v1/reports/days/{business_day}.json": {"GET": MANAGER},
    "/v1/reports/days/{business_day}.csv": {"GET": MANAGER},
    "/v1/reports/days/{business_day}/close": {"POST": MANAGER},
    "/v1/reports/runs/{run_id}": {"GET": MANAGER},
    "/v1/dead-letters": {"GET": MANAGER},
    "/v1/dead-letters/{job_id}/retry": {"POST": MANAGER},
    "/v1/dead-letters/{job_id}/discard": {"POST": MANAGER},
    "/problems/{code}": {"GET": EVERYBODY},
    "/livez": {"GET": EVERYBODY},
    "/readyz": {"GET": EVERYBODY},
    "/metrics": {"GET": EVERYBODY},
    "/openapi.json": {"GET": EVERYBODY},
    "/docs": {"GET": EVERYBODY},
    "/docs/{asset}": {"GET": EVERYBODY},
    "/menu": {"GET": EVERYBODY},
    "/order-tracking/{token}": {"GET": EVERYBODY},
    "/kitchen": {"GET": EVERYBODY},
    "/dashboard": {"GET": EVERYBODY},
    "/ui/{file}": {"GET": EVERYBODY},
    "/ui/assets/{file}": {"GET": EVERYBODY},
    "/sw.js": {"GET": EVERYBODY},
}
