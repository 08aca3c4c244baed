"""What is sent and answered about who may do what: API keys, and the sessions of browsers."""

from typing import Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from web.contract.models.answers import At
from web.contract.models.base import Pin, Shown, Strictly, Word

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
