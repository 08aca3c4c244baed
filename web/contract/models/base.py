"""The kinds of members that every shape is made of."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

LARGEST_AMOUNT = 100_000_000
# PostgreSQL's text cannot hold the character zero.
NO_ZERO = r"^[^\x00]*$"

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Strictly(BaseModel):
    """What a client sends: members that nobody asked for are typing errors, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def left_out(**told: Any) -> Any:
    """A member that may be missing, and then stays as it is; null would only look like a change, and is refused."""
    return Field(None, json_schema_extra=_without_default, **told)


def _without_default(schema: JsonDict) -> None:
    del schema["default"]


def _no_other_scalar(value: Any) -> Any:
    """JSON tells 1 from true and "1"; Pydantic does not, and strictly would refuse 1.0, an integer to JSON Schema."""
    if isinstance(value, bool | str):
        raise ValueError("must be a whole number")
    return value


def _written_as_moment(value: Any) -> Any:
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("must be a moment as RFC 3339 writes it: 2026-11-22T18:30:00Z")
    return value


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be between the years 1 and 9999") from None


def as_day(value: Any) -> date:
    """The day that *value* writes as YYYY-MM-DD. Raises ValueError."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day: YYYY-MM-DD")
    return date.fromisoformat(value)


def _as_switch(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError("must be true or false")
    return bool(value == "true")


# It comes after the bounds, as Pydantic documents only those that are nearest to the type.
WHOLE = BeforeValidator(_no_other_scalar)
Amount = Annotated[int, Field(ge=0, le=LARGEST_AMOUNT, description="In minor units of the currency."), WHOLE]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_as_moment), AfterValidator(_in_utc)]
Day = Annotated[date, BeforeValidator(as_day), WithJsonSchema({"type": "string", "format": "date"})]
Switch = Annotated[bool, BeforeValidator(_as_switch), WithJsonSchema({"type": "boolean"})]
Word = Annotated[str, Field(min_length=1, max_length=200, pattern=NO_ZERO)]
Text = Annotated[str, Field(max_length=1000, pattern=NO_ZERO)]
Pin = Annotated[str, Field(pattern=r"^[0-9]{4,12}$", description="Four to twelve digits.", examples=["2580"])]


class Nothing(Strictly):
    """An empty body, or an empty object."""


class Shown(BaseModel):
    """What we send. A client has to live with members and values that it does not know: we may add some."""

    model_config = ConfigDict(extra="allow")
