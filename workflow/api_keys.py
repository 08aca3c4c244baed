"""Who may do what: keys that are shown once and stored as digests, each of one role and one location."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, cast

import sqlalchemy as sa

from workflow.schema import api_keys

Role = Literal["pos", "kitchen", "manager", "admin"]


@dataclass(frozen=True, slots=True)
class Principal:
    """The bearer of a key. `location_id` None: every location."""

    key_id: str
    role: Role
    location_id: str | None

    @property
    def actor(self) -> str:
        return f"{self.role}:{self.key_id}"


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: str
    location_id: str | None
    role: Role
    name: str
    created_at: datetime
    revoked_at: datetime | None


def issue(
    connection: sa.Connection, role: Role, location_id: str | None, name: str, at: datetime
) -> tuple[ApiKey, str]:
    """A new key, and its secret text ``pl_<role>_<id>_<secret>``, which nobody can show again."""
    key_id, secret = secrets.token_hex(4), secrets.token_urlsafe(24)
    text = f"pl_{role}_{key_id}_{secret}"
    key = ApiKey(key_id, location_id, role, name, at, None)
    values = {"id": key_id, "location_id": location_id, "role": role, "name": name, "created_at": at}
    connection.execute(sa.insert(api_keys).values(**values, digest=_digest(text)))
    return key, text


def find(connection: sa.Connection, text: str) -> Principal | None:
    """Whose key *text* is; None for an unknown or revoked one. A fast hash is enough for 192 random bits."""
    columns = api_keys.c.id, api_keys.c.role, api_keys.c.location_id
    known = (api_keys.c.digest == _digest(text)) & api_keys.c.revoked_at.is_(None)
    found = connection.execute(sa.select(*columns).where(known)).first()
    return Principal(found.id, found.role, found.location_id) if found else None


def revoke(connection: sa.Connection, key_id: str, at: datetime) -> bool:
    """Whether there was such a key. Revoking twice keeps the first moment."""
    mine = api_keys.c.id == key_id
    first = sa.func.coalesce(api_keys.c.revoked_at, sa.literal(at, api_keys.c.revoked_at.type))
    return bool(connection.execute(sa.update(api_keys).where(mine).values(revoked_at=first)).rowcount)


def every_key(connection: sa.Connection) -> Sequence[ApiKey]:
    names = ("id", "location_id", "role", "name", "created_at", "revoked_at")
    query = sa.select(*(api_keys.c[name] for name in names)).order_by(api_keys.c.created_at, api_keys.c.id)
    return [ApiKey(**cast(dict[str, object], dict(row._mapping))) for row in connection.execute(query)]  # type: ignore[arg-type]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
