"""How busy the stations are."""

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workflow import menu, queries
from workflow.estimates.backlog import load_seconds


def station_loads(connection: sa.Connection, location_id: str, at: datetime) -> list[dict[str, Any]]:
    """Every station with its `open_items`, pieces that are waited for, and `load_seconds`, the work ahead of it."""
    seconds = load_seconds(connection, location_id, at)
    pieces: Counter[str] = Counter()
    for line in queries.all_day(connection, location_id):
        pieces[line["station"]] += int(line["open"])
    stations = menu.stations(connection, location_id)
    return [
        {**asdict(station), "open_items": pieces[station.id], "load_seconds": seconds.get(station.id, 0)}
        for station in stations
    ]
