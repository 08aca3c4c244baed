"""The words of each message, and whether they are still true."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import jinja2

from workflow.menu import Location
from workflow.state_machine.model import CLOSED, IN_THE_KITCHEN, Order, OrderStatus
from workflow.state_machine.tables import BEFORE_READY

EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Message:
    subject: str
    text: str
    html: str


def accepted_by_somebody(order: Order) -> bool:
    """Accepted after it was placed, of which there is a message of its own."""
    return order.confirmed_at is not None and order.confirmed_at != order.placed_at


STILL_TRUE: Mapping[str, Callable[[Order], bool]] = {
    "order.placed": lambda order: (
        not (order.closed or order.status == OrderStatus.READY or accepted_by_somebody(order))
    ),
    "order.confirmed": lambda order: order.status in IN_THE_KITCHEN - {OrderStatus.READY},
    "order.rejected": lambda order: order.status == OrderStatus.REJECTED,
    "order.cancelled": lambda order: order.status == OrderStatus.CANCELLED,
    "order.bumped": lambda order: order.status == OrderStatus.READY,
    "order.recalled": lambda order: order.status not in CLOSED | {OrderStatus.READY},
    "order.delayed": lambda order: order.status in BEFORE_READY,
    "order.overdue": lambda order: order.status in BEFORE_READY,
}


def is_known(event: str) -> bool:
    """Whether there are words for *event*."""
    return event in STILL_TRUE


def still_true(event: str, order: Order) -> bool:
    """Whether the message about *event* would be right now: the order may have moved on since."""
    return STILL_TRUE[event](order)


def message(event: str, order: Order, location: Location, *, link: str | None) -> Message:
    """The message about *event*; times are the restaurant's. The template's first line is the subject."""
    zone = ZoneInfo(location.timezone)
    told = {"order": order, "location": location, "zone": zone, "link": link}
    subject, _, text = _templates().get_template(f"{event}.txt").render(told).strip().partition("\n")
    text = EMPTY_LINES.sub("\n\n", text.strip())
    paragraphs = [paragraph for paragraph in text.split("\n\n") if paragraph != link]
    html = _templates().get_template("message.html").render(subject=subject, paragraphs=paragraphs, link=link)
    return Message(subject, f"{text}\n", html)


def clock_time(at: datetime, zone: ZoneInfo) -> str:
    """As on the restaurant's wall: 19:05."""
    return at.astimezone(zone).strftime("%H:%M")


def weekday(at: datetime, zone: ZoneInfo) -> str:
    """Monday 7 December."""
    local = at.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B}"


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("workflow.notifications"),
        autoescape=jinja2.select_autoescape(["html"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"clock_time": clock_time, "weekday": weekday}
    return environment
