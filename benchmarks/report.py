"""The figures as a table to read."""

from collections.abc import Iterable, Mapping
from typing import Any

from benchmarks.figures import Figure

#: What PERFORMANCE calls a ratio, what it is of, and the first and the later goal; for times, milliseconds below which.
RATIOS = {
    "postgresql.orders": ("orders ÷ pgbench, one transaction of six statements each", 1.5, 2.4),
    "postgresql.orders_to_one_statement": ("orders ÷ pgbench, one statement each", None, None),
    "postgresql.transitions": ("commands ÷ pgbench, one transaction of six statements each", 1.5, 2.0),
    "postgresql.growth": ("orders with many in the table ÷ with few", 0.9, 0.95),
    "postgresql.growth_transitions": ("commands with many orders in the table ÷ with few", None, None),
    "postgresql.unchanged_to_trivial": ("304 for an unchanged order ÷ GET /livez", 0.5, 0.9),
    "postgresql.unchanged_to_version_select": ("304 for an unchanged order ÷ pgbench's version select", None, None),
    "postgresql.orders_p99_at_half": ("ms, p99 of orders at half of the highest rate", 50, 20),
    "postgresql.transitions_p99_at_half": ("ms, p99 of commands at half of the highest rate", 50, 20),
    "sqlite.orders": ("orders ÷ plain sqlite3, one transaction each", 1.0, 1.5),
    "sqlite.unchanged_to_trivial": ("304 for an unchanged order ÷ GET /livez", 0.5, 0.9),
    "sqlite.orders_p99_at_half": ("ms, p99 of orders at half of the highest rate", 50, 20),
    "sqlite.transitions_p99_at_half": ("ms, p99 of commands at half of the highest rate", 50, 20),
}
SIDES = ("web", "database", "load")


def report(result: Mapping[str, Any]) -> str:
    """Every figure with its company, the ratios with their goals, and the conditions."""
    return "\n".join(
        [
            *_figures(result["figures"]),
            "",
            *_ratios(result),
            "",
            *_conditions(result["conditions"]),
            *(f"FAILED: {failure}" for failure in result["findings"]["failures"]),
            *(f"Note: {note}" for note in result["findings"]["notes"]),
        ]
    )


def _figures(figures: Mapping[str, Mapping[str, Figure]]) -> Iterable[str]:
    yield f"{'medians':<34}{'/s':>9}{'spread':>8}{'p50 ms':>9}{'p99 ms':>9}   CPU µs each: web, database, load"
    for part, rows in figures.items():
        for name, row in rows.items():
            cpu = "".join(
                f"{row.cpu_microseconds[side]:9.0f}" if side in row.cpu_microseconds else f"{'–':>9}" for side in SIDES
            )
            yield f"{part + ' ' + name:<34}{row.rate:9,.0f}{row.spread:8.0%}{row.p50:9.2f}{row.p99:9.2f}   {cpu}"


def _ratios(result: Mapping[str, Any]) -> Iterable[str]:
    for name, (meaning, first, then) in RATIOS.items():
        part, _, key = name.partition(".")
        goals = f"(first goal {first:g}, then {then:g})" if first else ""
        yield f"{name:<40}{result[part][key]:8.2f}  {meaning} {goals}".rstrip()


def _conditions(conditions: Mapping[str, Any]) -> Iterable[str]:
    for name, value in conditions.items():
        told = ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value
        yield f"{name.replace('_', ' ')}: {told}"
