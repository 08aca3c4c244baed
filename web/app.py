"""The application: an engine behind addresses."""

from functools import partial
from typing import Any

import falcon
import falcon.asgi

from web.access_log import AccessLog
from web.answers import write_early
from web.context import Request
from web.contract.document import openapi
from web.figures import Figures
from web.identifiers import CONVERTERS
from web.live import LEAVING
from web.live.live import Live
from web.live.welcome import welcome
from web.middleware import Passage
from web.principals import Principals
from web.problems import failed, refused, refused_by_falcon
from web.quotas import Quota
from web.resources.documentation import OpenApi
from web.routes import every_route
from web.sessions import Cookies
from web.sign_in import SignIn
from workflow.engine import Engine
from workflow.sessions import Sessions
from workflow.settings import Settings
from workflow.state_machine.refusals import Refusal
from workflow.tracking import Tokens

VERSION = "0.1.0"


class Lifespan:
    """The engine lives as long as the server."""

    def __init__(self, engine: Engine, live: Live, log: AccessLog) -> None:
        self._engine = engine
        self._live = live
        self._log = log

    async def process_startup(self, scope: dict[str, Any], _event: dict[str, Any]) -> None:
        # Where the server lets us leave something for its connections, this is called by them when they are to end.
        scope.get("state", {})[LEAVING] = self._live.hub.end
        await self._engine.start()
        await self._live.start()

    async def process_shutdown(self, _scope: dict[str, Any], _event: dict[str, Any]) -> None:
        """What was accepted is committed and answered first."""
        await self._live.stop()
        await self._engine.stop()
        self._log.flush()


def create_app(engine: Engine, settings: Settings, live: Live | None = None) -> falcon.asgi.App[Any, Any]:
    """`live` is for tests that want to look at it."""
    principals, figures, document = Principals(engine), Figures(), OpenApi()
    cookies = Cookies(engine, Sessions(settings.secret))
    sign_in, tokens = SignIn(engine, cookies), Tokens(settings.secret)
    live = live or Live(engine, tokens, settings)
    live.welcome = partial(welcome, principals=principals, cookies=cookies)
    engine.foresee(partial(write_early, tokens=tokens))
    log = AccessLog(as_json=settings.log_json, wanted=settings.log_level in ("DEBUG", "INFO"))
    passage = Passage(
        principals=principals,
        cookies=cookies,
        keys=Quota("key", settings.rate_limit),
        guests=Quota("guest", settings.public_rate_limit),
        log=log,
        figures=figures,
    )
    middleware: list[Any] = [Lifespan(engine, live, log), passage]
    app: falcon.asgi.App[Any, Any] = falcon.asgi.App(request_type=Request, middleware=middleware)
    app.req_options.strip_url_path_trailing_slash = True
    app.router_options.converters.update(CONVERTERS)
    app.add_error_handler(Exception, failed)
    app.add_error_handler(falcon.HTTPError, refused_by_falcon)
    app.add_error_handler(Refusal, refused)
    routes = every_route(
        engine,
        tokens,
        principals=principals,
        sign_in=sign_in,
        live=live,
        figures=figures,
        document=document,
    )
    for template, resource in routes:
        app.add_route(template, resource)
    document.publish(openapi(routes, VERSION))
    return app
