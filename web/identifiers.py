"""The identifiers in an address: what cannot be one is not found, and never reaches the database."""

import re

from falcon.routing import BaseConverter

from web.refusals import NotFound
from workflow.refusals import OrderNotFound
from workflow.state_machine.refusals import ItemNotFound, Refusal

LONGEST_NAME = 200
# A command has two in its address, and UUID() would take ten times as long to look at each.
_UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class _Uuid(BaseConverter):
    refusal: type[Refusal] = NotFound
    noun = "id"

    def convert(self, value: str) -> str:
        if not _UUID.fullmatch(value):
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
