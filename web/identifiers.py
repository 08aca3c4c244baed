"""The identifiers in an address: what cannot be one is not found, and never reaches the database."""

from falcon.routing import BaseConverter

from web.refusals import NotFound
from workflow import ids
from workflow.refusals import OrderNotFound
from workflow.state_machine.refusals import ItemNotFound, Refusal

LONGEST_NAME = 200


class _Uuid(BaseConverter):
    refusal: type[Refusal] = NotFound
    noun = "thing"

    def convert(self, value: str) -> str:
        if not ids.valid(value):
            raise self.refusal(f"There is no {self.noun} {value!r}.")
        return value.lower()


class OrderId(_Uuid):
    refusal = OrderNotFound
    noun = "order"


class ItemId(_Uuid):
    refusal = ItemNotFound
    noun = "item"


class Name(BaseConverter):
    """A word that a person chose: a station, a sku, a key's id."""

    def convert(self, value: str) -> str | None:
        return value if len(value) <= LONGEST_NAME and value.isprintable() else None


CONVERTERS: dict[str, type[BaseConverter]] = {"order": OrderId, "item": ItemId, "id": _Uuid, "name": Name}
