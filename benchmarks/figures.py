"""What measured slices gave, one by one and as a whole."""

import math
import statistics
from collections.abc import Sequence

import msgspec


class Slice(msgspec.Struct, frozen=True):
    """One measured stretch of time: what was done per second and in all, milliseconds until the answer, CPU seconds."""

    rate: float
    count: int
    p50: float
    p99: float
    cpu: dict[str, float] = {}


class Figure(msgspec.Struct, frozen=True):
    """The medians of the slices of one kind, and how far they spread: (highest - lowest) / median."""

    rate: float
    spread: float
    p50: float
    p99: float
    cpu_microseconds: dict[str, float]
    rates: list[float]


def figure(slices: Sequence[Slice]) -> Figure:
    rates = [each.rate for each in slices]
    middle = statistics.median(rates)
    sides = {side for each in slices for side in each.cpu}
    return Figure(
        rate=round(middle, 1),
        spread=round((max(rates) - min(rates)) / middle, 3) if middle else math.nan,
        p50=round(statistics.median(each.p50 for each in slices), 3),
        p99=round(statistics.median(each.p99 for each in slices), 3),
        cpu_microseconds={side: round(_microseconds(slices, side), 1) for side in sorted(sides)},
        rates=[round(rate, 1) for rate in rates],
    )


def _microseconds(slices: Sequence[Slice], side: str) -> float:
    return statistics.median(each.cpu.get(side, math.nan) / max(each.count, 1) * 1e6 for each in slices)


def ratio(those: Sequence[Slice], these: Sequence[Slice]) -> float:
    """*those* ÷ *these*: the median of what each round gave, since rounds differ more than their ratios do."""
    return round(statistics.median(a.rate / b.rate for a, b in zip(those, these, strict=True)), 3)


def percentile(ascending: Sequence[float], share: float) -> float:
    """The value that *share* of the values do not exceed; NaN of none."""
    return ascending[min(len(ascending) - 1, int(len(ascending) * share))] if ascending else math.nan
