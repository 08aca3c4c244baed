"""How long to wait before another try."""

import random
from collections.abc import Callable
from datetime import timedelta


def backoff(
    failures: int, *, base_seconds: float, cap_seconds: float, chance: Callable[[], float] = random.random
) -> timedelta:
    """min(cap, base · 2ⁿ⁻¹), of which a random part up to a half is let off.

    Without chance, all that failed together would come back together (Brooker, Exponential Backoff And Jitter, 2015).
    """
    # Beyond 2³⁰ every cap is reached, and a float would overflow in the end.
    longest = min(cap_seconds, base_seconds * 2 ** min(failures - 1, 30))
    return timedelta(seconds=longest * (1 - chance() / 2))
