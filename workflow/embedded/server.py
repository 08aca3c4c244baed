"""A server in a child process that does not outlive us."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any


class Unavailable(Exception):
    """A server that cannot be had or does not come up; the message says what to do."""


def dying_with_parent(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For ``Popen(preexec_fn=…)``: the child gets the signal *how* when this process dies, even by ``kill -9``.

    Linux only, elsewhere it does nothing. The kernel watches the *thread* that started the child: start it from the
    main one.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    parent = os.getpid()

    def tie() -> None:
        if libc is None:
            return
        libc.prctl(1, how)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the tie was made

    return tie


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], what: str, seconds: float = 30) -> None:
    """Returns when *ready*; raises Unavailable if *process* ends before that, or after *seconds*."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise Unavailable(f"{what} ended with code {process.returncode} before it was ready.")
        if time.monotonic() > end:
            raise Unavailable(f"{what} was not ready after {seconds:g} s.")
        time.sleep(0.01)


def free_port(host: str = "127.0.0.1") -> int:
    """A port of *host* that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def package(name: str) -> Path | None:
    """The directory of an installed package, which is not imported."""
    spec = find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


class Server:
    """A server in a child process that dies with this one. Start it from the main thread."""

    #: What is sent first to stop it, and when its parent dies.
    gently = signal.SIGTERM

    def __init__(self, root: Path) -> None:
        self.root = root
        self.log = root / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def _launch(self, command: list[str], ready: Callable[[], bool], **options: Any) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=dying_with_parent(self.gently),
                **options,
            )
        try:
            wait_until(ready, self.process, type(self).__name__)
        except Unavailable as error:
            self.kill()
            raise Unavailable(f"{error}\n{self.log.read_text(errors='replace')[-2000:]}") from None

    def stop(self, seconds: float = 20) -> int:
        """Ends it in good order, by force after *seconds*. The exit code; 0 where it was not running."""
        if self.process is None:
            return 0
        self.process.send_signal(self.gently)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.process.returncode

    def kill(self) -> None:
        """``kill -9``: what it had not written is lost."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def pause(self) -> None:
        """Freezes it: connections stay open, and nothing answers."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
