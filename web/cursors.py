"""Cursors of lists: opaque to clients, so that we may change what is in them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID


def cursor_after(last_id: str) -> str:
    """The cursor of what comes after *last_id*."""
    return urlsafe_b64encode(UUID(last_id).bytes).rstrip(b"=").decode()


def position(cursor: str | None) -> str | None:
    """The id that a cursor was made of; its form was checked with the query."""
    return None if cursor is None else str(UUID(bytes=urlsafe_b64decode(f"{cursor}==")))
