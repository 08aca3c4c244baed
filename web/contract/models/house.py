"""What is sent and answered about the house: menu, stations, locations, keys, workflow, reports, dead letters."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from web.contract.models.answers import At
from web.contract.models.base import WHOLE, Amount, Day, Shown, Strictly, Text, Word, left_out
from web.contract.models.orders import Page, Part, PrepSeconds

Minutes = Annotated[int, Field(ge=0, le=1439), WHOLE]
Seconds = Annotated[int, Field(ge=0, le=604_800), WHOLE]


class LocationQuery(Strictly):
    """Which location: only an admin's key, which has none of its own, or a guest has to say."""

    location: Word | None = None


class LocationPart(LocationQuery, Part):
    pass


class BoardQuery(LocationQuery):
    station: Word | None = None


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


class Station(Shown):
    id: str
    name: str
    slots: int
    open_items: int
    load_seconds: int = Field(description="How long its open items take, side by side in its slots.")


class Stations(Shown):
    data: list[Station]
    next_cursor: str | None


Pin = Annotated[str, Field(pattern=r"^[0-9]{4,12}$", description="Four to twelve digits.", examples=["2580"])]


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


OF_AN_ADMIN: JsonDict = {"properties": {"role": {"const": "admin"}, "location": {"type": "null"}}}
OF_A_LOCATION: JsonDict = {
    "required": ["location"],
    "properties": {"role": {"enum": ["pos", "kitchen", "manager"]}, "location": {"type": "string"}},
}


class NewApiKey(Strictly):
    model_config = ConfigDict(json_schema_extra={"anyOf": [OF_AN_ADMIN, OF_A_LOCATION]})

    role: Literal["pos", "kitchen", "manager", "admin"]
    location: Word | None = Field(None, description="Of every role but admin.")
    name: Word

    @model_validator(mode="after")
    def _has_a_location_unless_admin(self) -> Self:
        if (self.role == "admin") != (self.location is None):
            raise ValueError("a key has a location, but an admin's, which has none")
        return self


class ApiKey(Shown):
    id: str
    role: str
    location: str | None
    name: str
    created_at: At
    revoked_at: At | None


class IssuedApiKey(ApiKey):
    key: str | None = Field(description="Shown this once; null when the answer is a replay.")


class ApiKeys(Shown):
    data: list[ApiKey]
    next_cursor: str | None


def _only(*names: str) -> JsonDict:
    """The ways to sign in exclude each other: *names* are there, and no other."""
    every = ("api_key", "location", "station", "pin", "code")
    types: JsonDict = {name: {"type": "string" if name in names else "null"} for name in every}
    return {"required": [*names], "properties": types}


WITH_KEY, WITH_PIN, WITH_CODE = _only("api_key"), _only("location", "station", "pin"), _only("code")


class NewSession(Strictly):
    """One of: an API key; a station with its PIN; a code that was printed on this machine."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [WITH_KEY, WITH_PIN, WITH_CODE]})

    api_key: Word | None = None
    location: Word | None = None
    station: Word | None = None
    pin: Pin | None = None
    code: Word | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = {name for name, value in self if value is not None}
        if given not in ({"api_key"}, {"location", "station", "pin"}, {"code"}):
            raise ValueError("give an api_key, or a location, station and pin, or a code")
        return self


class Session(Shown):
    """`location` is null for an admin, `station` without a PIN, `expires_at` for who sends an API key instead."""

    role: str
    location: str | None
    name: str
    station: str | None
    expires_at: At | None


class Workflow(Shown):
    """The machines as data."""

    machines: list[dict[str, Any]]


class DiagramQuery(Strictly):
    machine: Literal["order", "item"] = "order"


class DaysQuery(LocationPart):
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None


class Report(Shown):
    location: str
    business_day: date


class ReportDays(Shown):
    data: list[dict[str, Any]]
    next_cursor: str | None


class ReportRun(Shown):
    id: str
    status: str
    progress: int = Field(ge=0, le=100)


class DeadLettersQuery(Page):
    location: Word | None = None


class DeadLetter(Shown):
    id: str
    kind: str


class DeadLetters(Shown):
    data: list[DeadLetter]
    next_cursor: str | None


class Health(Shown):
    status: str


class ProblemType(Shown):
    code: str
    title: str
    status: int
    advice: str


class Nothing(Strictly):
    """An empty body, or an empty object."""


class Discarding(Strictly):
    reason: Word
