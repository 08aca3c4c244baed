"""The contract for programs, and for people: nothing of it is loaded from elsewhere."""

from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from web.answers import say_bytes
from web.conditions import known_already
from web.context import Request, Response
from web.contract import shapes
from web.contract.operation import Answer, operation
from web.refusals import NotFound

STYLE, SCRIPT = "text/css", "text/javascript"
ASSETS = {"swagger_style.css": STYLE, "swagger_bundle.js": SCRIPT}
# Swagger UI puts styles on its elements, and draws its icons from data: addresses.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Passline API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger_style.css">
</head>
<body>
<div id="api"></div>
<script src="/docs/swagger_bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = b"""SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
});
"""


class OpenApi:
    """``/openapi.json``"""

    def __init__(self) -> None:
        self._document = b"{}"
        self._tag = ""

    def publish(self, document: bytes) -> None:
        """What is served from now on; it can only be written once every address is there."""
        self._document = document
        self._tag = f'"{blake2b(document, digest_size=12).hexdigest()}"'

    @operation(
        "This document.",
        tag="Documentation",
        answers={200: Answer("OpenAPI 3.1.", headers=("ETag",)), 304: shapes.UNCHANGED},
        takes=shapes.POLLS,
    )
    async def on_get(self, req: Request, resp: Response) -> None:
        resp.set_headers([("etag", self._tag), ("cache-control", "no-cache")])
        if known_already(req, self._tag):
            resp.status = 304
            return
        say_bytes(resp, self._document, "application/json")


class Docs:
    """``/docs``"""

    @operation(
        "This document, to read.", tag="Documentation", answers={200: Answer("A page.", media_types=("text/html",))}
    )
    async def on_get(self, _req: Request, resp: Response) -> None:
        resp.set_headers([("content-security-policy", POLICY), ("cache-control", "no-cache")])
        say_bytes(resp, PAGE, "text/html; charset=utf-8")


class DocsAsset:
    """``/docs/{asset}``: the parts of Swagger UI, as they were packaged."""

    def __init__(self) -> None:
        self._read: dict[str, bytes] = {"start.js": START}

    @operation(
        "A part of the page.", tag="Documentation", answers={200: Answer("The part.", media_types=(STYLE, SCRIPT))}
    )
    async def on_get(self, _req: Request, resp: Response, asset: str) -> None:
        if asset not in ASSETS and asset not in self._read:
            raise NotFound(f"There is no {asset!r}.")
        resp.set_header("cache-control", "public, max-age=86400")
        say_bytes(resp, self._content(asset), f"{ASSETS.get(asset, SCRIPT)}; charset=utf-8")

    def _content(self, asset: str) -> bytes:
        if asset not in self._read:
            self._read[asset] = (_packaged() / asset).read_bytes()
        return self._read[asset]


def _packaged() -> Path:
    """Where offapi's files are. Importing it would read all nine megabytes of them."""
    spec = find_spec("offapi")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("offapi is not installed")
    return Path(spec.origin).parent
