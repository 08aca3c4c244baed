"""How many streams one process can hold."""

import resource
from contextlib import suppress

# For the database, Redis, logs, and requests that are no streams.
KEPT_FREE = 256


def places(wanted: int) -> int:
    """*wanted*, or what the limit on open files allows, which is raised as far as it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + KEPT_FREE
    if soft != resource.RLIM_INFINITY and soft < needed:
        raised = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        with suppress(ValueError, OSError):  # macOS has a limit beside this one
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
            soft = raised
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - KEPT_FREE))
