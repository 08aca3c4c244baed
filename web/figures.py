"""What this process has answered, kept in plain numbers until Prometheus asks."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Figures:
    """Requests by method, route and status, and how long they took. A `Collector` of prometheus_client."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        self._requests[method, route, status] += 1
        self._buckets[route][bisect_left(BOUNDS, seconds)] += 1
        self._seconds[route] += seconds

    def collect(self) -> Iterable[Metric]:
        requests = CounterMetricFamily(
            "passline_requests", "Requests that were answered.", labels=["method", "route", "status"]
        )
        for (method, route, status), number in sorted(self._requests.items()):
            requests.add_metric([method, route, str(status)], number)
        yield requests
        yield self._durations()

    def _durations(self) -> Metric:
        durations = HistogramMetricFamily("passline_request_seconds", "How long answers took.", labels=["route"])
        for route, counts in sorted(self._buckets.items()):
            so_far, buckets = 0, []
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                so_far += count
                buckets.append((bound, float(so_far)))
            durations.add_metric([route], buckets, sum_value=self._seconds[route])
        return durations
