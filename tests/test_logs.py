"""A log that cannot be written costs its lines, and nothing else."""

import subprocess
import sys
from pathlib import Path

WORDS = """
import logging, structlog
from web.access_log import AccessLog
from workflow import logs
from workflow.settings import Settings
settings = Settings(data="/nonexistent", secret="a secret for the tests")
logs.configure(settings)
logs.include_standard_library(settings)
structlog.get_logger("passline").error("This is lost.", words="x" * 10_000)
logging.getLogger("a.library").error("This as well." * 10_000)
log = AccessLog(as_json=True)
log._lines._stream.write("x" * 10_000)
log.flush()
print("Nobody failed.")
"""


def test_nobody_fails_because_the_disk_is_full():
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run([sys.executable, "-c", WORDS], stdout=subprocess.PIPE, stderr=full, text=True, check=False)
    assert ran.stdout == "Nobody failed.\n"
