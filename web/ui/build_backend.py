"""Setuptools' build backend, which builds the pages first. Node is not needed: Deno comes from PyPI.

With PASSLINE_SKIP_UI=1 nothing is built, and neither Deno nor npm's registry is asked for.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from setuptools import build_meta

UI = Path(__file__).parent
DENO = "deno==2.9.8"
COMMANDS = (("install", "--quiet", "--frozen"), ("task", "--quiet", "build", "--logLevel", "warn"))

build_sdist = build_meta.build_sdist
get_requires_for_build_sdist = build_meta.get_requires_for_build_sdist
prepare_metadata_for_build_wheel = build_meta.prepare_metadata_for_build_wheel
prepare_metadata_for_build_editable = build_meta.prepare_metadata_for_build_editable

Config = dict[str, Any] | None


def get_requires_for_build_wheel(config: Config = None) -> list[str]:
    return [*build_meta.get_requires_for_build_wheel(config), *_tools()]


def get_requires_for_build_editable(config: Config = None) -> list[str]:
    return [*build_meta.get_requires_for_build_editable(config), *_tools()]


def build_wheel(directory: str, config: Config = None, metadata: str | None = None) -> str:
    build_pages()
    name: str = build_meta.build_wheel(directory, config, metadata)
    return name


def build_editable(directory: str, config: Config = None, metadata: str | None = None) -> str:
    build_pages()
    name: str = build_meta.build_editable(directory, config, metadata)
    return name


def build_pages() -> None:
    """``web/static`` from ``web/ui``."""
    if _skipped():
        return
    deno = shutil.which("deno")
    if deno is None:
        raise SystemExit("Building the pages needs Deno on the PATH; PASSLINE_SKIP_UI=1 leaves them out.")
    quiet = os.environ | {"DENO_NO_UPDATE_CHECK": "1", "DENO_NO_PROMPT": "1"}
    for command in COMMANDS:
        subprocess.run([deno, *command], cwd=UI, env=quiet, check=True)


def _skipped() -> bool:
    return os.environ.get("PASSLINE_SKIP_UI", "0") not in ("", "0")


def _tools() -> list[str]:
    return [] if _skipped() else [DENO]
