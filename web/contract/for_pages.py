"""The document as far as the pages need it: their types are generated from ``web/ui/openapi.json``.

``python -m web.contract.for_pages`` writes that file anew.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from falcon import testing

from web.app import create_app
from workflow.engine import Engine
from workflow.settings import Settings
from workflow.store.store import open_store

FILE = Path(__file__).parents[1] / "ui" / "openapi.json"
# What has no bearing on types, or, as with the leave to add members some day, would make them accept any slip.
NEEDLESS = ("title", "description", "examples", "summary", "tags", "security", "additionalProperties")


def for_pages(document: dict[str, Any]) -> str:
    """*document* without its problems, headers and explanations, as text that can be compared line by line."""
    paths = {
        address: {method: _operation(told) for method, told in methods.items()}
        for address, methods in document["paths"].items()
    }
    schemas = document["components"]["schemas"]
    kept = {"openapi": document["openapi"], "info": document["info"], "paths": paths, "components": {}}
    kept["components"] = {"schemas": schemas}
    return (
        json.dumps(_bare(kept) | {"info": {"title": "Passline", "version": "1"}}, indent=1, ensure_ascii=False) + "\n"
    )


def current() -> str:
    """The same for the document of this very code."""
    with TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), database=f"sqlite:///{folder}/none.db", secret="a secret for nobody")
        app = create_app(Engine(open_store(settings.database)), settings)
        return for_pages(testing.simulate_get(app, "/openapi.json").json)


def _operation(told: dict[str, Any]) -> dict[str, Any]:
    answers = {
        status: {name: value for name, value in answer.items() if name != "headers"} | {"description": ""}
        for status, answer in told["responses"].items()
        if status < "400"
    }
    return {**told, "responses": answers}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items() if not _is_needless(name, one)}
    return value


def _is_needless(name: str, value: Any) -> bool:
    """A member of the same name among a shape's properties is a shape itself, and stays."""
    return name in NEEDLESS and not isinstance(value, dict)


if __name__ == "__main__":
    FILE.write_text(current())
