"""Looking at processes, and waiting for things to happen to them."""

import os
import time
from pathlib import Path


def until(condition, seconds=20):
    """Waits for *condition* to become true, and returns what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"this did not happen within {seconds} s"
        time.sleep(0.02)
    return found


def lives(pid):
    """Whether the process *pid* runs. One that has ended, and that nobody has asked about yet, does not."""
    try:
        os.kill(pid, 0)
        return not Path("/proc/self").exists() or _state(pid) != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _state(pid):
    # The state follows the program's name, which stands in parentheses and may hold anything.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
