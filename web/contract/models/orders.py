"""What a client sends about orders."""

from typing import Annotated, Literal

from pydantic import Field

from web.contract.models.base import NO_ZERO, Amount, Day, Moment, Strictly, Switch, Text, Whole, Word

Channel = Literal["dine_in", "takeaway", "delivery"]
OrderStatus = Literal["scheduled", "pending", "confirmed", "preparing", "ready", "completed", "cancelled", "rejected"]
Course = Annotated[Whole, Field(ge=1, le=99)]
PrepSeconds = Annotated[Whole, Field(ge=0, le=86_400)]


class NewModifier(Strictly):
    name: Word
    price: Amount | None = Field(None, description="What the menu says, where it is left out.")


class NewItem(Strictly):
    """A `sku` of the menu, or an open item with a `name` and a `unit_price`."""

    sku: Word | None = None
    name: Word | None = None
    unit_price: Amount | None = Field(None, description="Of a sku: refused where it is not the menu's.")
    quantity: Annotated[Whole, Field(ge=1, le=999)] = 1
    modifiers: list[NewModifier] = Field(default_factory=list, max_length=50)
    notes: Text | None = None
    course: Course = 1
    station: Word | None = None
    prep_seconds: PrepSeconds | None = None


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
    guests: Annotated[Whole, Field(ge=1, le=1000)] | None = None
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
    seconds: Annotated[Whole, Field(ge=-86_400, le=86_400)] | None = Field(
        None, description="For delay: how much later, or earlier when negative."
    )


class StatusBody(Strictly):
    new_status: OrderStatus
    notes: Text | None = None


class PlaceQuery(Strictly):
    location: Word | None = Field(None, description="Without a key, or with an admin's; the only one by default.")


class Page(Strictly):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=500)] | None = None


class OrdersQuery(Page):
    status: OrderStatus | None = None
    channel: Channel | None = None
    station: Word | None = None
    business_day: Day | None = None
    external_id: Word | None = None
    placed_after: Moment | None = None
    active: Switch | None = None
    location: Word | None = None
