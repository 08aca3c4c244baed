"""What a report says about itself: enough to compute it again from the events alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.business_day import window
from workflow.state_machine.events import instant


@dataclass(frozen=True, slots=True)
class Heading:
    """`number` and the positions are those of a Z report; an X report has none and is drawn `as_of` a moment.

    A Z report knows the events up to `last_position`. Those up to `complete_to` are all in it or in one before it:
    between the two, some are of a later day, as when a day is closed after the next has begun.
    """

    location: str
    location_name: str
    business_day: date
    timezone: str
    cut_off_minutes: int
    currency: str
    stations: tuple[str, ...]
    as_of: datetime
    number: int | None = None
    last_position: int | None = None
    complete_to: int | None = None

    @property
    def window(self) -> tuple[datetime, datetime]:
        return window(self.business_day, self.timezone, self.cut_off_minutes)

    @property
    def closed(self) -> bool:
        return self.number is not None

    def told(self) -> dict[str, Any]:
        opens_at, closes_at = self.window
        return {
            "kind": "Z" if self.closed else "X",
            "number": self.number,
            "status": "closed" if self.closed else "open",
            "location": self.location,
            "location_name": self.location_name,
            "business_day": self.business_day.isoformat(),
            "timezone": self.timezone,
            "cut_off_minutes": self.cut_off_minutes,
            "opens_at": instant(opens_at),
            "closes_at": instant(closes_at),
            "as_of": instant(self.as_of),
            "last_position": self.last_position,
            "complete_to": self.complete_to,
            "currency": self.currency,
            "stations": list(self.stations),
        }


def heading_of(body: Mapping[str, Any]) -> Heading:
    """The heading that a report tells."""
    return Heading(
        location=body["location"],
        location_name=body["location_name"],
        business_day=date.fromisoformat(body["business_day"]),
        timezone=body["timezone"],
        cut_off_minutes=body["cut_off_minutes"],
        currency=body["currency"],
        stations=tuple(body["stations"]),
        as_of=datetime.fromisoformat(body["as_of"]),
        number=body["number"],
        last_position=body["last_position"],
        complete_to=body["complete_to"],
    )
