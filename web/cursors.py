"""Cursors of lists: opaque to clients, so that we may change what is in them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from web.contract.models.orders import Part


def cursor_after(last_id: str) -> str:
    """The cursor of what comes after *last_id*."""
    return urlsafe_b64encode(UUID(last_id).bytes).rstrip(b"=").decode()


def position(cursor: str | None) -> str | None:
    """The id that a cursor was made of; its form was checked with the query."""
    return None if cursor is None else str(UUID(bytes=urlsafe_b64decode(f"{cursor}==")))


def part_of(rows: Sequence[Any], part: Part) -> dict[str, Any]:
    """The *part* that is asked for of a list which is short, or only grows at its end."""
    begin = 0 if part.cursor is None else int.from_bytes(urlsafe_b64decode(f"{part.cursor}=="))
    end = len(rows) if part.limit is None else begin + part.limit
    rest = urlsafe_b64encode(end.to_bytes(4)).rstrip(b"=").decode() if end < len(rows) else None
    return {"data": rows[begin:end], "next_cursor": rest}
