"""Schemathesis over the whole API, on the real server: whatever it sends, the answers are those of the document."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.processes import until
from workflow import demo, processes
from workflow.embedded.server import free_port
from workflow.settings import Settings
from workflow.store.store import open_store

SECONDS = 40
TOP = Path(__file__).parent.parent.parent
ENOUGH = 1000
STREAMS = "/stream$"
HOOKS = "tests.web.schemathesis_hooks"


@pytest.mark.slow
def test_schemathesis_finds_nothing(tmp_path, sqlite_database):
    settings = Settings(data=tmp_path, database=sqlite_database, host="127.0.0.1", port=free_port())
    store = open_store(settings.database)
    keys = demo.load(store, tmp_path / "keys.json")
    store.close()
    with served(settings) as address:
        found = attacked(address, keys["admin"], f"--max-time={SECONDS}", f"--exclude-path-regex={STREAMS}")
        # A stream has no end: of each answer, what comes within a second is read, and held against the document.
        streams = attacked(
            address, keys["admin"], "--phases=coverage", "--request-timeout=1", f"--include-path-regex={STREAMS}"
        )
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr
    assert int(re.search(r"(\d+) generated", found.stdout)[1]) > ENOUGH, found.stdout
    assert streams.returncode == 0, streams.stdout[-20_000:] + streams.stderr


def attacked(address, key, *options):
    return subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            "run",
            f"{address}/openapi.json",
            f"--header=Authorization: Bearer {key}",
            "--seed=7",
            "--continue-on-failure",
            "--generation-database=none",
            "--no-color",
            *options,
        ],
        cwd=TOP,
        env={**os.environ, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        timeout=SECONDS * 5,
    )


@contextmanager
def served(settings):
    """The server, as `passline web` runs it."""
    log = settings.data / "web.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            processes.web(settings), env=processes.environment(settings), cwd=TOP, stdout=out, stderr=out
        )
        address = f"http://127.0.0.1:{settings.port}"
        try:
            until(lambda: answers(f"{address}/readyz"))
            yield address
        finally:
            server.terminate()
            server.wait(20)
    assert "request.failed" not in log.read_text(errors="replace")


def answers(address):
    try:
        with urlopen(address, timeout=2) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False
