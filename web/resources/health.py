"""Whether we live, whether we can work, and how it goes."""

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from web.answers import say, say_bytes
from web.context import Request, Response
from web.contract.models import service as shown
from web.contract.operation import Answer, operation
from web.figures import Figures
from web.job_figures import job_figures
from web.live.figures import Streams
from web.refusals import NotReady
from workflow.engine import Engine
from workflow.heartbeats import last_beats
from workflow.jobs.figures import figures
from workflow.readiness import obstacle


class Live:
    """``/livez``"""

    @operation("Whether the process answers.", tag="Health", answers={200: Answer("It does.", shown.Health)})
    async def on_get(self, _req: Request, resp: Response) -> None:
        say(resp, {"status": "ok"})


class Ready:
    """``/readyz``"""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @operation(
        "Whether orders can be taken: the database answers and is migrated.",
        tag="Health",
        answers={200: Answer("They can.", shown.Health)},
        refusals=(NotReady,),
    )
    async def on_get(self, _req: Request, resp: Response) -> None:
        if reason := await obstacle(self._engine):
            raise NotReady(reason, retry_after_seconds=1)
        say(resp, {"status": "ok"})


class Metrics:
    """``/metrics``: this process's requests and streams, and the jobs of the whole installation."""

    def __init__(self, engine: Engine, requests: Figures, streams: Streams) -> None:
        self._engine = engine
        self._registry = CollectorRegistry()
        self._registry.register(requests)
        self._registry.register(streams)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    @operation(
        "Figures for Prometheus.",
        tag="Health",
        answers={200: Answer("Prometheus's text format.", media_types=("text/plain",))},
    )
    async def on_get(self, _req: Request, resp: Response) -> None:
        at = self._engine.store.now()
        lanes, beats = await self._engine.read(figures, at), await self._engine.read(last_beats)
        say_bytes(resp, generate_latest(self._registry) + job_figures(lanes, beats, at), CONTENT_TYPE_LATEST)
