"""CPU seconds of other processes, with all that descends from them."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def used(root: int) -> float:
    """Seconds that the process *root* and its descendants have used, ended ones too. NaN where there is no /proc."""
    if not PROC.is_dir():
        return float("nan")
    spent, parents = {}, {}
    for entry in PROC.iterdir():
        if entry.name.isdigit() and (fields := _fields(entry)):
            pid = int(entry.name)
            parents[pid] = int(fields[1])
            # utime, stime, and those of children that were waited for
            spent[pid] = sum(map(int, fields[11:15])) / TICKS
    return sum(seconds for pid, seconds in spent.items() if _descends(pid, root, parents))


def _fields(process: Path) -> list[str]:
    try:
        # The command's name, in parentheses, may hold anything.
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _descends(pid: int, root: int, parents: dict[int, int]) -> bool:
    while pid not in {root, 0, 1}:
        pid = parents.get(pid, 0)
    return pid == root
