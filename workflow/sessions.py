"""The sessions of browsers: what is signed into a cookie, and whose it is."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from hmac import compare_digest
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from workflow import station_pins
from workflow.api_keys import Principal
from workflow.schema import api_keys, stations

LASTS = timedelta(hours=12)
DIGEST_BYTES = 16


class Session(msgspec.Struct, frozen=True):
    """Who signed in: the bearer of the API key with this id, or whoever knew the station's PIN.

    `expires` is in seconds since 1970. `pin` tells that PIN from those before and after it, but not what it is.
    """

    expires: int
    key_id: str | None = None
    location_id: str | None = None
    station: str | None = None
    pin: str | None = None

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.expires, UTC)


class Person(NamedTuple):
    """Whom a session stands for. `station` None: not bound to one."""

    principal: Principal
    name: str
    station: str | None = None


class SignedIn(NamedTuple):
    """A session, and whom it stands for."""

    session: Session
    person: Person


class Sessions:
    """Sessions as text that only the holder of the secret can make."""

    def __init__(self, secret: str) -> None:
        self._keyed = blake2b(digest_size=DIGEST_BYTES, key=blake2b(secret.encode()).digest(), person=b"session")

    def sealed(self, session: Session) -> str:
        facts = msgspec.json.encode(session)
        return f"{_text(facts)}.{_text(self._digest(facts))}"

    def opened(self, text: str, at: datetime) -> Session | None:
        """The session that *text* is; None when it is over, or was not made here."""
        facts, _, digest = text.partition(".")
        try:
            told = _bytes(facts)
            if not compare_digest(_bytes(digest), self._digest(told)):
                return None
            session = msgspec.json.decode(told, type=Session)
        except ValueError:  # not base64, or the JSON of another version
            return None
        return session if at < session.expires_at else None

    def _digest(self, facts: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(facts)
        return keyed.digest()


def of_key(key_id: str, at: datetime) -> Session:
    return Session(_end(at), key_id=key_id)


def of_station(connection: sa.Connection, location_id: str, station: str, pin: str, at: datetime) -> Session | None:
    """None unless the station is there, has a PIN, and this is it."""
    mark = station_pins.mark_if_right(connection, location_id, station, pin)
    return Session(_end(at), location_id=location_id, station=station, pin=mark) if mark else None


def person(connection: sa.Connection, session: Session) -> Person | None:
    """Who that is; None once the key was revoked, or the PIN changed."""
    return bearer(connection, session.key_id) if session.key_id else _at_station(connection, session)


def bearer(connection: sa.Connection, key_id: str) -> Person | None:
    """Whose key that is; None once it was revoked."""
    columns = api_keys.c.id, api_keys.c.role, api_keys.c.location_id, api_keys.c.name
    mine = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
    found = connection.execute(sa.select(*columns).where(mine)).first()
    return Person(Principal(found.id, found.role, found.location_id), found.name) if found else None


def _at_station(connection: sa.Connection, session: Session) -> Person | None:
    where, which = session.location_id or "", session.station or ""
    here = (stations.c.location_id == where) & (stations.c.id == which)
    name = connection.execute(sa.select(stations.c.name).where(here)).scalar_one_or_none()
    if name is None or station_pins.mark(connection, where, which) != session.pin:
        return None
    return Person(Principal(f"{where}/{which}", "kitchen", where), name, which)


def _end(at: datetime) -> int:
    return int((at + LASTS).timestamp())


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
