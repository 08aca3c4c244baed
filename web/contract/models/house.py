"""What is sent and answered about the house: its locations and their stations."""

from typing import Annotated

from pydantic import Field

from web.contract.models.base import WHOLE, Pin, Shown, Strictly, Word, left_out
from web.contract.models.orders import Part

Minutes = Annotated[int, Field(ge=0, le=1439), WHOLE]
Seconds = Annotated[int, Field(ge=0, le=604_800), WHOLE]


class LocationQuery(Strictly):
    """Which location: only an admin's key, which has none of its own, or a guest has to say."""

    location: Word | None = None


class LocationPart(LocationQuery, Part):
    pass


class BoardQuery(LocationQuery):
    station: Word | None = None


class Station(Shown):
    id: str
    name: str
    slots: int
    open_items: int
    load_seconds: int = Field(description="How long its open items take, side by side in its slots.")


class Stations(Shown):
    data: list[Station]
    next_cursor: str | None


class StationChange(Strictly):
    pin: Pin | None = Field(description="Signs in at the station's screen; null: nothing does.")


Slots = Annotated[int, Field(ge=1, le=100, description="Dishes that it cooks side by side."), WHOLE]
Slug = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$", description="As it stands in addresses.", examples=["grill"])
]


class NewStation(Strictly):
    name: Word
    slots: Slots = 1
    position: Annotated[int, Field(ge=0, le=1000), WHOLE] | None = Field(
        None, description="Stations stand in this order; where it was, or the last, by default."
    )


class SavedStation(Shown):
    id: str
    name: str
    position: int
    slots: int


class ChangedStation(Shown):
    id: str
    name: str
    has_pin: bool


class LocationChange(Strictly):
    """Members that are left out stay as they are."""

    name: Word = left_out()
    timezone: Word = left_out(description="Of the IANA database.", examples=["Europe/Berlin"])
    cut_off_minutes: Minutes = left_out()
    auto_confirm: Annotated[bool, Field(strict=True)] = left_out()
    accept_seconds: Seconds = left_out()
    recall_seconds: Seconds = left_out()
    default_station: Word = left_out()


class FirstStation(Strictly):
    id: Slug
    name: Word
    slots: Slots = 1


class NewLocation(Strictly):
    id: Slug
    name: Word
    timezone: Word = Field(description="Of the IANA database.", examples=["Europe/Berlin"])
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="ISO 4217. It stays.", examples=["EUR"])]
    stations: Annotated[list[FirstStation], Field(min_length=1, max_length=100)]
    default_station: Word | None = Field(None, description="Of open items; the first by default.")
    cut_off_minutes: Minutes = 240
    auto_confirm: Annotated[bool, Field(strict=True)] = True
    accept_seconds: Seconds = 600
    recall_seconds: Seconds = 900


class Location(Shown):
    id: str
    name: str
    timezone: str
    currency: str
    cut_off_minutes: int
    auto_confirm: bool
    accept_seconds: int
    recall_seconds: int
    default_station: str


class Locations(Shown):
    data: list[Location]
    next_cursor: str | None
