"""Named places where a test can make a real process stumble: nothing unless PASSLINE_TESTING=1.

``PASSLINE_FAILPOINT="after_commit:3=kill"`` ends the process with SIGKILL at its third pass of `after_commit`.
Other faults: ``raise``, ``sleep:SECONDS``. Where ``PASSLINE_FAILPOINT_HIT`` names a file, the fault happens to the
first that comes, and to nobody once that file is there: not to the process that takes the place of the one that died.
"""

import os
import signal
import time
from collections import Counter
from pathlib import Path

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
    _, nth, fault = _TRAP
    happens = _passed[name] == nth if _HIT is None else _passed[name] >= nth and _takes(_HIT)
    if happens:
        _stumble(fault)


def _takes(sign: Path) -> bool:
    """Leaves the *sign* that the fault happens; False where it is there already."""
    try:
        sign.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


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
_HIT = Path(said) if (said := os.environ.get("PASSLINE_FAILPOINT_HIT")) else None
