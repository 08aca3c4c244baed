"""Named places where a test can make a real process stumble: nothing unless PASSLINE_TESTING=1.

``PASSLINE_FAILPOINT="after_commit:3=kill"`` ends the process with SIGKILL when it passes `after_commit` the third time.
Other faults: ``raise``, ``sleep:SECONDS``.
"""

import os
import signal
import time
from collections import Counter

POINTS = (
    "batch_loaded",
    "before_commit",
    "after_commit",
    "before_answer",
    "job_claimed",
    "job_called",
    "job_marked",
    "sequencer_numbered",
    "bell_rung",
    "report_computed",
)

_passed: Counter[str] = Counter()


class InjectedFault(Exception):
    """What a test asked for."""


def reach(name: str) -> None:
    """Say that the process is at *name*; where a test has set its trap there, the fault happens now."""
    if _TRAP is None or _TRAP[0] != name:
        return
    _passed[name] += 1
    if _passed[name] == _TRAP[1]:
        _stumble(_TRAP[2])


def _stumble(fault: str) -> None:
    if fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if fault.startswith("sleep:"):
        time.sleep(float(fault.removeprefix("sleep:")))
        return
    raise InjectedFault(fault)


def _trap() -> tuple[str, int, str] | None:
    said = os.environ.get("PASSLINE_FAILPOINT")
    if not said or os.environ.get("PASSLINE_TESTING") != "1":
        return None
    where, _, fault = said.partition("=")
    name, _, nth = where.partition(":")
    return name, int(nth or 1), fault


_TRAP = _trap()
