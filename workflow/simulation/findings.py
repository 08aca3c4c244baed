"""What was found to be off, in the order it was found."""

import threading
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should not be: `kind` groups, `detail` is a sentence, `order` the external id it is about."""

    kind: str
    detail: str
    order: str | None = None

    def __str__(self) -> str:
        return f"{self.order}: {self.detail}" if self.order else self.detail


class Findings:
    """Collected from many threads; the same finding is kept once."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}
        self._lock = threading.Lock()

    def add(self, kind: str, detail: str, order: str | None = None) -> None:
        with self._lock:
            self._found.setdefault(Finding(kind, detail, order))

    def all(self) -> list[Finding]:
        with self._lock:
            return list(self._found)

    def as_json(self) -> list[dict[str, str | None]]:
        return [asdict(finding) for finding in self.all()]
