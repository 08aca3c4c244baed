"""The Chromium that the pages are tried in: the one of $CHROMIUM, Debian's, or one that comes from npm.

``python -m tests.browser.chromium`` makes sure that there is one; it fetches only where none is.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
DEBIAN = Path("/usr/bin/chromium")
# Goes with the environment that fetched it.
UNPACKED = Path(sys.prefix) / "chromium"
# By this name the package knows that the machine brings no NSS of its own, and unpacks its own.
BRINGS_NOTHING = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"}


@dataclass(frozen=True)
class Chromium:
    """`full` is one that shows notifications; `environment` is what the program needs to find its own libraries."""

    program: Path
    full: bool
    environment: dict[str, str] = field(default_factory=dict)


def find():
    """The Chromium of this machine. Raises LookupError without one: nobody shall think that the pages were tried."""
    if named := os.environ.get("CHROMIUM"):
        return Chromium(Path(named), full=True)
    if DEBIAN.exists():
        return Chromium(DEBIAN, full=True)
    program = UNPACKED / "chromium"
    if not program.exists():
        raise LookupError(f"There is no {DEBIAN} and no {program}, and CHROMIUM names none: make install")
    libraries = {"LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib"), "FONTCONFIG_PATH": str(UNPACKED / "fonts")}
    return Chromium(program, full=False, environment=libraries)


def fetch():
    """Chromium from npm into the environment: 70 MB to load, 210 MB unpacked."""
    deno = shutil.which("deno", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    shutil.rmtree(UNPACKED, ignore_errors=True)
    project = UNPACKED / "package"
    project.mkdir(parents=True)
    for name in ("package.json", "deno.lock", "unpack.mjs"):
        shutil.copy(HERE / name, project)
    surroundings = os.environ | BRINGS_NOTHING | {"TMPDIR": str(UNPACKED), "DENO_NO_UPDATE_CHECK": "1"}
    for command in (["install", "--quiet", "--frozen"], ["run", "--quiet", "--allow-all", "unpack.mjs"]):
        subprocess.run([deno, *command], cwd=project, env=surroundings, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(project)


def main():
    try:
        found = find()
    except LookupError:
        fetch()
        found = find()
    print(f"The pages are tried in {found.program}.")


if __name__ == "__main__":
    main()
