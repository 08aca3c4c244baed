"""One part of Passline: a real process, with a fail point set in it or not, that is started again when it dies."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from workflow import processes
from workflow.embedded.server import dying_with_parent


@dataclass(frozen=True)
class Trap:
    """A fail point, and the file that is there once it was reached: no process stumbles over it a second time."""

    where: str
    sign: Path

    @property
    def sprung(self):
        return self.sign.exists()

    def environment(self):
        return {"PASSLINE_FAILPOINT": self.where, "PASSLINE_FAILPOINT_HIT": str(self.sign)}


class Part:
    """A process and all that it starts, which are its process group."""

    def __init__(self, name, command, environment, log):
        self.name, self.log, self.deaths = name, log, 0
        self._log_from = 0
        self._command, self._environment = command, environment
        self._process = None
        self.start()

    def start(self):
        with self.log.open("ab") as log:
            self._log_from = log.tell()
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=processes.DIRECTORY,
                env=self._environment,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGKILL),
            )

    def tend(self):
        """Starts it again if it has died."""
        if self._process.poll() is not None:
            self.deaths += 1
            self.kill()
            self.start()

    def kill(self):
        """``kill -9`` of all of it."""
        self.signal(signal.SIGKILL)
        self._process.wait(10)

    def signal(self, number):
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            assert self._process.poll() is not None

    def pids(self):
        """Of all processes in its group; Linux only."""
        stats = [(stat.parent.name, stat.read_text()) for stat in Path("/proc").glob("[0-9]*/stat") if stat.exists()]
        return [int(pid) for pid, text in stats if text.rpartition(")")[2].split()[2] == str(self._process.pid)]

    def has_said(self, words):
        """Whether *words* are in its log, since it was started last."""
        with self.log.open("rb") as log:
            log.seek(self._log_from)
            return words.encode() in log.read()

    def last_words(self):
        lines = self.log.read_text(errors="replace").splitlines()[-25:]
        return "\n".join([f"--- {self.name}, died {self.deaths} ×", *lines])
