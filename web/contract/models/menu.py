"""What is sent and answered about the menu."""

from typing import Annotated, Any

from pydantic import Field

from web.contract.models.base import Amount, Shown, Strictly, Text, Word
from web.contract.models.orders import PrepSeconds


class MenuModifier(Strictly):
    name: Word
    price: Amount = 0


class NewMenuItem(Strictly):
    sku: Word
    name: Word
    category: Word
    price: Amount
    station: Word
    prep_seconds: PrepSeconds
    description: Text | None = None
    allergens: list[Word] = Field(default_factory=list, max_length=50)
    modifiers: list[MenuModifier] = Field(default_factory=list, max_length=50)
    available: bool = Field(True, strict=True)


class NewMenu(Strictly):
    items: Annotated[list[NewMenuItem], Field(max_length=1000)]


class Availability(Strictly):
    available: bool = Field(strict=True, description="false: the item is out (86).")


class MenuItem(Shown):
    sku: str
    name: str
    category: str
    description: str | None
    price: int
    station: str
    prep_seconds: int
    allergens: list[str]
    modifiers: list[dict[str, Any]]
    available: bool


class Menu(Shown):
    location: str
    name: str = Field(description="Of the location, as guests know it.")
    currency: str
    items: list[MenuItem]
