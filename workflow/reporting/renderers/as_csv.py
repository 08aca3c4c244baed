"""The report as comma-separated sections (RFC 4180, UTF-8): a title line, a head, rows, an empty line."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

TABLES = {
    "Orders by channel": ("orders", "by_channel"),
    "Voids by reason": ("voids", "by_reason"),
    "Cancellations by reason": ("cancellations", "by_reason"),
    "Rejections by reason": ("rejections", "by_reason"),
    "Discounts by name": ("discounts", "by_name"),
    "Payments by tender": ("payments", "by_tender"),
    "By hour": ("by_hour",),
    "By item": ("by_item",),
    "By station": ("by_station",),
    "Adjustments": ("adjustments", "orders"),
    "Open orders": ("exceptions", "open_orders"),
    "Unsettled orders": ("exceptions", "unsettled_orders"),
    "Unknown stations": ("exceptions", "unknown_stations"),
}
# A spreadsheet takes text that begins so for a formula (OWASP, CSV Injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(body: bytes) -> bytes:
    """Amounts are in minor units. Text that a spreadsheet would take for a formula gets an apostrophe."""
    report = msgspec.json.decode(body)
    out = io.StringIO()
    writer = csv.writer(out)
    _section(writer, "Report", ("line", "value"), _lines(report))
    for title, path in TABLES.items():
        rows = [dict(_lines(row, apart=".")) for row in _at(report, path)]
        head = list(rows[0]) if rows else []
        _section(writer, title, head, (row.values() for row in rows))
    return out.getvalue().encode()


def safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _section(writer: Any, title: str, head: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    writer.writerow([title])
    if head:
        writer.writerow(head)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    writer.writerow([])


def _lines(values: Mapping[str, Any], within: str = "", apart: str = " / ") -> Iterable[tuple[str, Any]]:
    """Every single value with its name; tables are sections of their own."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{within}{name}{apart}", apart)
        elif not isinstance(value, list):
            yield f"{within}{name}", value
        elif all(isinstance(one, str) for one in value) and value:
            yield f"{within}{name}", " ".join(value)


def _at(report: Mapping[str, Any], path: Iterable[str]) -> Sequence[Mapping[str, Any]]:
    found: Any = report
    for name in path:
        found = found[name]
    rows: Sequence[Mapping[str, Any]] = found
    return rows
