"""The day on a restaurant's books: a date that rolls over at the location's cut-off, not at midnight."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def business_day(at: datetime, timezone: str, cut_off_minutes: int) -> date:
    """The business day that the aware moment *at* belongs to; every moment belongs to exactly one.

    `cut_off_minutes` after local midnight (0 to 1439) the next day begins.
    """
    local = at.astimezone(_zone(timezone))
    day = local.date() if local.hour * 60 + local.minute >= cut_off_minutes else local.date() - ONE_DAY
    # On days when clocks change the wall clock is a guess only: it may show the cut-off twice or not at all.
    while at < _opens_at(day, timezone, cut_off_minutes):
        day -= ONE_DAY
    while at >= _opens_at(day + ONE_DAY, timezone, cut_off_minutes):
        day += ONE_DAY
    return day


def window(day: date, timezone: str, cut_off_minutes: int) -> tuple[datetime, datetime]:
    """The UTC moments between which *day* lasts, the second not included; 23 or 25 hours when clocks change.

    Windows follow each other without gap or overlap. A date that a zone skipped altogether (Apia, 30 December 2011)
    has an empty one.
    """
    return _opens_at(day, timezone, cut_off_minutes), _opens_at(day + ONE_DAY, timezone, cut_off_minutes)


@lru_cache(maxsize=1024)
def _zone(timezone: str) -> ZoneInfo:
    return ZoneInfo(timezone)


@lru_cache(maxsize=4096)
def _opens_at(day: date, timezone: str, cut_off_minutes: int) -> datetime:
    """The first time the wall clock shows the cut-off; where clocks jump over it, PEP 495 with fold 0."""
    cut_off = time(*divmod(cut_off_minutes, 60), tzinfo=_zone(timezone))
    return datetime.combine(day, cut_off).astimezone(UTC)
