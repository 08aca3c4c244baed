"""The numbers that are called out at the counter, counted by location and business day.

They are reserved ahead of a batch's transaction: a counter that stayed locked until the commit would let one batch
commit at a time. So they are reserved before it is known how many the batch will need; what is left over goes back,
unless others have counted on. A batch that fails as a whole leaves a gap.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from workflow.store.spelling import Found, Spelling, Statement

Place = tuple[str, date]
Numbers = dict[Place, Sequence[int]]


def reservations(spelling: Spelling, wanted: Mapping[Place, int]) -> list[Statement]:
    """In the same order for all who reserve, as each locks its counter."""
    return [spelling.take_numbers(*place, wanted[place]) for place in sorted(wanted)]


def reserved(wanted: Mapping[Place, int], found: Found) -> Numbers:
    """What the `reservations` of as many have found."""
    lasts = zip(sorted(wanted), (int(last) for (last,) in found), strict=True)
    return {place: range(last - wanted[place] + 1, last + 1) for place, last in lasts}


def returns(spelling: Spelling, numbers: Numbers, needed: Mapping[Place, int]) -> list[Statement]:
    """What gives those of *numbers* back that are not *needed*."""
    unneeded = {place: count for place in sorted(numbers) if (count := len(numbers[place]) - needed.get(place, 0)) > 0}
    return [spelling.give_back(*place, count, numbers[place][-1]) for place, count in unneeded.items()]
