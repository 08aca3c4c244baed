"""How many streams are open in this process, and how many were cut off, for Prometheus."""

from collections.abc import Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from web.live.hub import Hub
from web.live.watcher import KINDS


class Streams:
    """A `Collector` of prometheus_client."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterable[Metric]:
        opened, counts = (
            GaugeMetricFamily("passline_streams", "Streams that are open.", labels=["kind"]),
            self._hub.counts(),
        )
        for kind in KINDS:
            opened.add_metric([kind], counts[kind])
        yield opened
        cut_off = "Streams that were cut off because their client did not take what waited."
        yield CounterMetricFamily("passline_streams_cut_off", cut_off, value=self._hub.given_up)
