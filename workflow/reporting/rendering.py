"""In which forms a report can be had."""

from collections.abc import Callable, Mapping

from workflow.reporting.renderers import as_csv, as_json

RENDERERS: Mapping[str, Callable[[bytes], bytes]] = {
    "application/json": as_json.render,
    "text/csv": as_csv.render,
}
EXTENSIONS: Mapping[str, str] = {"json": "application/json", "csv": "text/csv"}
