"""Starts processes in order, keeps them running, and stops them in the opposite order."""

import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from workflow.embedded.server import dying_with_parent

FIRST_DELAY, LONGEST_DELAY = 0.2, 5.0
#: A process that has run this long is well; if it ends later, its restart begins with the first delay again.
SETTLED_SECONDS = 10.0
#: Ends before it was ever ready after which it is taken for broken, not for unlucky.
TRIES_TO_START = 3
LONGEST_LOG = 10_000_000


class StartFailed(Exception):
    """A process that does not come up; the message holds the end of its log."""


@dataclass(frozen=True)
class Program:
    """What to run. *ready* tells when those after it may start; None if they need not wait.

    It is stopped with SIGTERM, and by force when that has not ended it within *grace_seconds*.
    """

    name: str
    command: list[str]
    ready: Callable[[], bool] | None = None
    grace_seconds: float = 10.0
    start_seconds: float = 60.0


class Child:
    """One program, and the process that runs it at the moment."""

    def __init__(self, program: Program, log: Path, context: "Context") -> None:
        self.program = program
        self.log = log
        self.ends_in_a_row = 0
        self.due = 0.0
        self._context = context
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._log_from = 0

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        self._started = time.monotonic()
        with open(self.log, "ab", opener=_private) as log:
            self._log_from = log.tell()
            self._process = subprocess.Popen(
                self.program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._context.directory,
                env=self._context.environment,
                pass_fds=self._context.descriptors,
                # A session of its own, so that Ctrl-C reaches the supervisor alone, which then stops all in order.
                start_new_session=True,
                preexec_fn=dying_with_parent(),
            )

    def ended(self) -> int | None:
        """The exit code, once, of a process that has ended since the last call; what it left behind is killed."""
        process = self._process
        if process is None or not _has_ended(process):
            return None
        # Its id cannot be given to another group before it is reaped, which comes after this.
        self._kill_group(process)
        self._process = None
        return process.wait()

    def delay_restart(self) -> None:
        """Sets when to start again: at once after a quiet time, later and later when one end follows the other."""
        now = time.monotonic()
        self.ends_in_a_row = self.ends_in_a_row + 1 if now - self._started < SETTLED_SECONDS else 1
        self.due = now + min(FIRST_DELAY * 2 ** min(self.ends_in_a_row - 1, 10), LONGEST_DELAY)

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        if self._process is not None:
            self._kill_group(self._process)

    def last_words(self, lines: int = 15) -> str:
        """The end of what it wrote to its log since it was last started."""
        with self.log.open("rb") as log:
            log.seek(max(self._log_from, self.log.stat().st_size - 8000))
            return "\n".join(log.read().decode(errors="replace").rstrip().splitlines()[-lines:])

    def shorten_log(self) -> None:
        """Moves a log that has grown long aside, to NAME.log.1; the process goes on writing to the emptied file."""
        if self.log.stat().st_size > LONGEST_LOG:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)

    @staticmethod
    def _kill_group(process: subprocess.Popen[bytes]) -> None:
        # Nobody may be left, which macOS says with EPERM.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Context:
    """What every process is started with: its environment, its directory, and the *descriptors* that it inherits."""

    environment: dict[str, str]
    directory: Path
    logs: Path
    descriptors: tuple[int, ...] = ()


class Supervisor:
    """Keeps programs running until SIGINT, SIGTERM or SIGHUP. Belongs into the main thread."""

    def __init__(self, context: Context, say: Callable[[str], None]) -> None:
        context.logs.mkdir(parents=True, exist_ok=True)
        self._context = context
        self._say = say
        self._children: list[Child] = []
        self._stops = 0
        self._wakeup = -1

    @property
    def stopping(self) -> bool:
        return self._stops > 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Inside, signals ask for a stop instead of ending this process; at the end all that was started is stopped."""
        self._wakeup, written = os.pipe()
        os.set_blocking(self._wakeup, False)
        os.set_blocking(written, False)
        before = signal.set_wakeup_fd(written, warn_on_full_buffer=False)
        handlers = {number: signal.signal(number, self._on_signal) for number in _WATCHED}
        try:
            yield
        finally:
            self._stop_all()
            for number, handler in handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before)
            os.close(self._wakeup)
            os.close(written)

    def once(self, program: Program) -> None:
        """Runs *program* to its end. Raises StartFailed unless that is a good one, or a stop was asked for."""
        child = self._child(program)
        child.start()
        while (code := child.ended()) is None:
            if self.stopping:
                child.ask_to_stop()
            if self._stops > 1:
                child.kill()
            self._wait(1)
        if code and not self.stopping:
            raise StartFailed(f"{program.name} failed.\n{child.last_words()}")

    def start(self, program: Program) -> None:
        """Starts *program*; returns when it is ready, or a stop was asked for. Raises StartFailed if it never is."""
        child = self._child(program)
        self._children.append(child)
        child.start()
        until = time.monotonic() + program.start_seconds
        while program.ready and not self.stopping and not (child.running and program.ready()):
            self._tend()
            if child.ends_in_a_row >= TRIES_TO_START or time.monotonic() > until:
                raise StartFailed(f"{program.name} does not start. The end of {child.log}:\n{child.last_words()}")
            self._wait(0.1)

    def keep_running(self) -> None:
        """Restarts whatever ends, until a stop is asked for."""
        while not self.stopping:
            self._tend()
            self._wait(self._seconds_to_next_start())

    def _tend(self) -> None:
        for child in self._children:
            child.shorten_log()
            if (code := child.ended()) is not None:
                child.delay_restart()
                self._tell_of_end(child, code)
            if not child.running and child.due <= time.monotonic():
                child.start()

    def _tell_of_end(self, child: Child, code: int) -> None:
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        times = f", {child.ends_in_a_row} times in a row" if child.ends_in_a_row > 1 else ""
        delay = max(child.due - time.monotonic(), 0)
        self._say(f"{child.name} {how}{times}; it starts again in {delay:.1f} s. Its log: {child.log}")

    def _seconds_to_next_start(self) -> float:
        now = time.monotonic()
        return min([LONGEST_DELAY, *(max(child.due - now, 0) for child in self._children if not child.running)])

    def _stop_all(self) -> None:
        for child in reversed(self._children):
            self._stop(child)
        self._children.clear()

    def _stop(self, child: Child) -> None:
        until = time.monotonic() + child.program.grace_seconds
        child.ask_to_stop()
        while child.running and child.ended() is None:
            if time.monotonic() > until or self._stops > 1:
                child.kill()
            self._wait(0.2)

    def _child(self, program: Program) -> Child:
        return Child(program, self._context.logs / f"{program.name}.log", self._context)

    def _wait(self, seconds: float) -> None:
        """Sleeps until a signal comes, a child's end among them, but no longer than *seconds*."""
        if select.select([self._wakeup], [], [], seconds)[0]:
            os.read(self._wakeup, 512)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGCHLD:
            return
        self._stops += 1
        if self._stops == 1:
            self._say("Stopping; once more to stop at once.")


def _private(file: str, flags: int) -> int:
    """For ``open(opener=…)``: a log names guests, so it is its owner's only."""
    return os.open(file, flags, 0o600)


_WATCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether *process* has ended; it is not reaped yet where the system can tell without."""
    if hasattr(os, "waitid"):
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return process.poll() is not None
