"""How the work behind the web is doing, for Prometheus."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from workflow.jobs.figures import Figures

GAUGES = {
    "pending": ("passline_jobs_pending", "Jobs that are not done yet."),
    "oldest_due_seconds": ("passline_jobs_oldest_due_seconds", "How long the oldest job is overdue."),
    "dead": ("passline_jobs_dead", "Jobs that were given up, and wait for a person."),
}


def job_figures(lanes: Sequence[Figures], beats: Mapping[str, datetime], at: datetime) -> bytes:
    """The lanes' figures, and how long ago workers and dispatchers were last heard of."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Lanes(lanes))
    registry.register(_Beats(beats, at))
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


class _Beats:
    def __init__(self, beats: Mapping[str, datetime], at: datetime) -> None:
        self._beats = beats
        self._at = at

    def collect(self) -> Iterable[Metric]:
        gauge = GaugeMetricFamily("passline_silent_seconds", "Since a process was last heard of.", labels=["process"])
        for name, beaten_at in sorted(self._beats.items()):
            gauge.add_metric([name], (self._at - beaten_at).total_seconds())
        yield gauge
