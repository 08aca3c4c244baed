"""What a client sends about orders."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from web.contract.models.base import NO_ZERO, WHOLE, Amount, Day, Moment, Strictly, Switch, Text, Word

Channel = Literal["dine_in", "takeaway", "delivery"]
OrderStatus = Literal["scheduled", "pending", "confirmed", "preparing", "ready", "completed", "cancelled", "rejected"]
# 128 bits in base64, which leaves the last character four values.
CURSOR = r"^[A-Za-z0-9_-]{21}[AQgw]$"
SHORT_CURSOR = r"^[A-Za-z0-9_-]{5}[AQgw]$"
Course = Annotated[int, Field(ge=1, le=99), WHOLE]
PrepSeconds = Annotated[int, Field(ge=0, le=86_400), WHOLE]


class NewModifier(Strictly):
    name: Word
    price: Amount | None = Field(None, description="What the menu says, where it is left out.")


OF_THE_MENU: JsonDict = {"required": ["sku"], "properties": {"sku": {"type": "string"}}}
OPEN: JsonDict = {
    "required": ["name", "unit_price"],
    "properties": {"name": {"type": "string"}, "unit_price": {"type": "integer"}},
}


class NewItem(Strictly):
    """A `sku` of the menu, or an open item with a `name` and a `unit_price`."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [OF_THE_MENU, OPEN]})

    sku: Word | None = None
    name: Word | None = None
    unit_price: Amount | None = Field(None, description="Of a sku: refused where it is not the menu's.")
    quantity: Annotated[int, Field(ge=1, le=999), WHOLE] = 1
    modifiers: list[NewModifier] = Field(default_factory=list, max_length=50)
    notes: Text | None = None
    course: Course = 1
    station: Word | None = None
    prep_seconds: PrepSeconds | None = None

    @model_validator(mode="after")
    def _is_one_or_the_other(self) -> Self:
        if self.sku is None and (self.name is None or self.unit_price is None):
            raise ValueError("an item needs a sku, or a name and a unit_price")
        return self


class NewDiscount(Strictly):
    name: Word
    amount: Amount


class NewPayment(Strictly):
    tender: Annotated[str, Field(min_length=1, max_length=40, pattern=NO_ZERO, examples=["card", "cash"])]
    amount: Amount
    tip: Amount = 0


class NewCustomer(Strictly):
    name: Word | None = None
    contact: Word | None = Field(None, examples=["mailto:ada@example.com"])


NewItems = Annotated[list[NewItem], Field(min_length=1, max_length=200)]


class NewOrder(Strictly):
    external_id: Word | None = Field(None, description="The sender's own id; unique in the location.")
    channel: Channel
    table: Word | None = None
    guests: Annotated[int, Field(ge=1, le=1000), WHOLE] | None = None
    customer: NewCustomer | None = None
    scheduled_for: Moment | None = None
    notes: Text | None = None
    items: NewItems
    discounts: list[NewDiscount] = Field(default_factory=list, max_length=50)
    payments: list[NewPayment] = Field(default_factory=list, max_length=50)


class MoreItems(Strictly):
    items: NewItems


class ActionBody(Strictly):
    """What goes with an action; a `reason` where something is taken away."""

    reason: Text | None = None
    notes: Text | None = None


class OrderActionBody(ActionBody):
    course: Course | None = Field(None, description="For fire and hold.")
    seconds: Annotated[int, Field(ge=-86_400, le=86_400), WHOLE] | None = Field(
        None, description="For delay: how much later, or earlier when negative."
    )


class StatusBody(Strictly):
    new_status: OrderStatus
    notes: Text | None = None


class PlaceQuery(Strictly):
    location: Word | None = Field(None, description="Without a key, or with an admin's; the only one by default.")


class Page(Strictly):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(pattern=CURSOR)] | None = Field(
        None, description="The next_cursor of the page before."
    )


class Part(Strictly):
    limit: Annotated[int, Field(ge=1, le=200)] | None = Field(None, description="All by default.")
    cursor: Annotated[str, Field(pattern=SHORT_CURSOR)] | None = Field(
        None, description="The next_cursor of the part before."
    )


class OrdersQuery(Page):
    status: OrderStatus | None = None
    channel: Channel | None = None
    station: Word | None = None
    business_day: Day | None = None
    external_id: Word | None = None
    placed_after: Moment | None = None
    active: Switch | None = None
    location: Word | None = None
