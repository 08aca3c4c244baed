"""What went over the wire: counts, refusals and how long the answers took."""

import math
import threading
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any


class Traffic:
    """Counters that many threads write to; times are in seconds."""

    def __init__(self) -> None:
        self.sent: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self.refusals: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self._times: dict[str, list[float]] = defaultdict(list)
        self._lock = threading.Lock()

    def count(self, event: str) -> None:
        """Something worth a number in the report: a lost answer, a replay, a wait."""
        with self._lock:
            self.events[event] += 1

    def answered(self, what: str, status: int, seconds: float) -> None:
        with self._lock:
            self.sent[what] += 1
            self.answers[status] += 1
            self._times[what].append(seconds)

    def refused(self, code: str) -> None:
        with self._lock:
            self.refusals[code] += 1

    def latencies(self) -> dict[str, dict[str, float]]:
        """Per kind of request, in milliseconds: the count and the percentiles."""
        with self._lock:
            times = {what: sorted(taken) for what, taken in self._times.items()}
        everything = sorted(second for taken in times.values() for second in taken)
        return {what: _summary(taken) for what, taken in [*sorted(times.items()), ("all", everything)] if taken}

    def as_json(self) -> dict[str, Any]:
        return {
            "sent": dict(sorted(self.sent.items())),
            "answers": {str(status): count for status, count in sorted(self.answers.items())},
            "refusals": dict(self.refusals.most_common()),
            "events": dict(sorted(self.events.items())),
            "latency_ms": self.latencies(),
        }


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of values in ascending order."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _summary(taken: Sequence[float]) -> dict[str, float]:
    shown = {"p50": 0.50, "p90": 0.90, "p99": 0.99}
    summary = {name: round(percentile(taken, share) * 1000, 1) for name, share in shown.items()}
    return {"count": len(taken), **summary, "max": round(taken[-1] * 1000, 1)}
