"""The lanes' figures for Prometheus."""

from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from workflow.jobs.figures import Figures

GAUGES = {
    "pending": ("passline_jobs_pending", "Jobs that are not done yet."),
    "oldest_due_seconds": ("passline_jobs_oldest_due_seconds", "How long the oldest job is overdue."),
    "dead": ("passline_jobs_dead", "Jobs that were given up, and wait for a person."),
}


def job_figures(lanes: Sequence[Figures]) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Lanes(lanes))
    return generate_latest(registry)


class _Lanes:
    def __init__(self, lanes: Sequence[Figures]) -> None:
        self._lanes = lanes

    def collect(self) -> Iterable[Metric]:
        for figure, (name, explanation) in GAUGES.items():
            gauge = GaugeMetricFamily(name, explanation, labels=["lane"])
            for lane in self._lanes:
                gauge.add_metric([lane.lane], getattr(lane, figure))
            yield gauge
