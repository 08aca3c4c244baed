"""What is asked and answered about the software itself: its machines, its health, and work that waits for a person."""

from typing import Any, Literal

from web.contract.models.base import Shown, Strictly, Word
from web.contract.models.orders import Page


class Workflow(Shown):
    """The machines as data."""

    machines: list[dict[str, Any]]


class DiagramQuery(Strictly):
    machine: Literal["order", "item"] = "order"


class DeadLettersQuery(Page):
    location: Word | None = None


class DeadLetter(Shown):
    id: str
    kind: str


class DeadLetters(Shown):
    data: list[DeadLetter]
    next_cursor: str | None


class Health(Shown):
    status: str


class ProblemType(Shown):
    code: str
    title: str
    status: int
    advice: str


class Discarding(Strictly):
    reason: Word
