"""What goes through a stream, as Server-Sent Events write it."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from workflow.state_machine.events import instant
from workflow.state_machine.model import Order
from workflow.tracking import Tokens
from workflow.views import encode, order_view, public_view

RETRY = b"retry: 1000\n\n"


def event(name: str, body: bytes, position: int) -> bytes:
    """One event; *body* is JSON in one line, *position* how far in the feed the stream has come with it."""
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (position, name.encode(), body)


def snapshot(orders: Iterable[bytes], position: int) -> bytes:
    """*orders*, each as JSON, are all that the screen has to show."""
    return event("snapshot", b'{"data":[' + b",".join(orders) + b"]}", position)


def beat(at: datetime, position: int) -> bytes:
    return event("beat", encode({"at": instant(at)}), position)


def told(name: str, view: Any, position: int) -> bytes:
    return event(name, encode(view), position)


class OrderEvents:
    """One order's event for each audience, written once however many watch, and not at all if nobody does."""

    def __init__(self, order: Order, at: datetime, tokens: Tokens, position: int) -> None:
        self._order = order
        self._at = at
        self._tokens = tokens
        self._position = position

    @cached_property
    def for_staff(self) -> bytes:
        return event("order", encode(order_view(self._order, self._at, self._tokens)), self._position)

    @cached_property
    def for_guest(self) -> bytes:
        return event("order", encode(public_view(self._order, self._at, self._tokens)), self._position)
