"""Cursors of lists: opaque to clients, so that we may change what is in them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from workflow import ids
from workflow.refusals import InvalidDraft


def cursor_after(position: str) -> str:
    return urlsafe_b64encode(f"1:{position}".encode()).rstrip(b"=").decode()


def position(cursor: str | None) -> str | None:
    """What `cursor_after` was given. Raises InvalidDraft for a cursor that is none of ours."""
    if cursor is None:
        return None
    try:
        version, _, where = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
    except ValueError:
        version, where = "", ""
    if version != "1" or not ids.valid(where):
        told = "Take the next_cursor of the page before."
        raise InvalidDraft(f"cursor: {told}", errors=[{"parameter": "cursor", "detail": told}])
    return where
