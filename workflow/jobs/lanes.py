"""How each lane is served."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lane:
    """`batch` jobs are claimed at once. `in_line`: those of one subject go one after the other, by version.

    `until_empty`: a drain goes on while there are jobs; else it leaves those that came meanwhile to the next bell.
    """

    name: str
    batch: int = 20
    in_line: bool = True
    until_empty: bool = True


LANES: Mapping[str, Lane] = {
    lane.name: lane
    for lane in (
        # One look at the kitchen answers for all who asked, so many are answered together, and their order is nothing;
        # not so many that the orders which move would be locked for long.
        Lane("estimates", batch=100, in_line=False, until_empty=False),
        Lane("notifications"),
        Lane("webhooks"),
        Lane("reports"),
        # Each has its own moment: a release in the evening must not keep a deadline of this noon waiting.
        Lane("timers", in_line=False),
    )
}
