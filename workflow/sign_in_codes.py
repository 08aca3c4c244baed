"""Codes that sign a browser in once, for the links that are printed on the machine itself."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from workflow.schema import sign_in_codes

LASTS = timedelta(hours=12)


def issue(connection: sa.Connection, key_id: str, at: datetime) -> str:
    """A new code in the name of that key; the codes that are over are forgotten."""
    connection.execute(sa.delete(sign_in_codes).where(sign_in_codes.c.expires_at < at))
    code = secrets.token_urlsafe(18)
    row = {"digest": _digest(code), "key_id": key_id, "expires_at": at + LASTS}
    connection.execute(sa.insert(sign_in_codes).values(row))
    return code


def redeem(connection: sa.Connection, code: str, at: datetime) -> str | None:
    """The id of the key in whose name *code* was issued, the first time; None ever after."""
    codes = sign_in_codes.c
    usable = (codes.digest == _digest(code)) & codes.used_at.is_(None) & (codes.expires_at > at)
    used = sa.update(sign_in_codes).where(usable).values(used_at=at).returning(codes.key_id)
    found: str | None = connection.execute(used).scalar_one_or_none()
    return found


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
