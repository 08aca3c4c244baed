"""The PIN of a station: what a cook types at its screen in place of an API key."""

import secrets
from datetime import datetime
from hashlib import scrypt, sha256
from hmac import compare_digest

import sqlalchemy as sa

from workflow import menu
from workflow.menu import Station
from workflow.schema import station_pins
from workflow.state_machine.refusals import Refusal

# A PIN has few digits: what guards it where the table is stolen is that each guess takes 30 ms and 16 MB.
COST = {"n": 2**14, "r": 8, "p": 1}


class StationNotFound(Refusal):
    code = "station-not-found"
    title = "There is no such station."


def set_pin(connection: sa.Connection, location_id: str, station: str, pin: str | None, at: datetime) -> Station:
    """Whoever knows *pin* may sign in at *station* from now on, and nobody else; with None nobody at all.

    Ends the sessions that the PIN before it began. Raises StationNotFound.
    """
    found = next((known for known in menu.stations(connection, location_id) if known.id == station), None)
    if found is None:
        raise StationNotFound(f"There is no station {station!r}.")
    connection.execute(sa.delete(station_pins).where(_mine(location_id, station)))
    if pin is not None:
        row = {"location_id": location_id, "station_id": station, "digest": _salted(pin), "set_at": at}
        connection.execute(sa.insert(station_pins).values(row))
    return found


def mark_if_right(connection: sa.Connection, location_id: str, station: str, pin: str) -> str | None:
    """The mark of the station's PIN if it is *pin*. Takes as long where there is no station, or no PIN."""
    kept = _kept(connection, location_id, station)
    salt, _, digest = (kept or _NOBODYS).partition("$")
    right = compare_digest(digest, _digest(pin, bytes.fromhex(salt)))
    return _mark(kept) if kept and right else None


def mark(connection: sa.Connection, location_id: str, station: str) -> str | None:
    """Tells the station's PIN from those before and after it, and nothing else about it; None where it has none."""
    kept = _kept(connection, location_id, station)
    return kept and _mark(kept)


def _kept(connection: sa.Connection, location_id: str, station: str) -> str | None:
    found: str | None = connection.execute(
        sa.select(station_pins.c.digest).where(_mine(location_id, station))
    ).scalar_one_or_none()
    return found


def _mine(location_id: str, station: str) -> sa.ColumnElement[bool]:
    return (station_pins.c.location_id == location_id) & (station_pins.c.station_id == station)


def _salted(pin: str) -> str:
    salt = secrets.token_bytes(16)
    return f"{salt.hex()}${_digest(pin, salt)}"


def _digest(pin: str, salt: bytes) -> str:
    return scrypt(pin.encode(), salt=salt, dklen=32, **COST).hex()


def _mark(kept: str) -> str:
    return sha256(kept.encode()).hexdigest()[:16]


_NOBODYS = f"{bytes(16).hex()}${bytes(32).hex()}"
