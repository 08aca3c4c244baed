"""What is asked and answered about business days."""

from datetime import date
from typing import Any

from pydantic import Field

from web.contract.models.base import Day, Shown
from web.contract.models.house import LocationPart


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
