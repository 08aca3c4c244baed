"""A real RabbitMQ for the tests, where this machine has one: no package index carries it (Debian: rabbitmq-server)."""

import os
import shutil
import socket
from pathlib import Path

from kombu import Connection

from workflow.embedded.server import Server, free_port

# Debian's command on PATH becomes another user and forgets its environment; this is what that one runs.
OF_DEBIAN = "/usr/lib/rabbitmq/bin/rabbitmq-server"


def binary():
    """rabbitmq-server; None where there is none."""
    return OF_DEBIAN if Path(OF_DEBIAN).exists() else shutil.which("rabbitmq-server")


class Names(Server):
    """Erlang's register of names, without which no node starts; one of its own outlives the node that needed it."""

    def __init__(self, root):
        super().__init__(root)
        self.port = free_port()

    def start(self):
        self._launch(["epmd", "-address", "127.0.0.1", "-port", str(self.port)], self._answers)

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False


class RabbitMQ(Server):
    """One node with its memory in *root*. It starts again on the same address, with what it had on its disk."""

    def __init__(self, root):
        super().__init__(root)
        (self.root / "names").mkdir(parents=True, exist_ok=True)
        self._names = Names(self.root / "names")
        self._port, self._distribution = free_port(), free_port()
        self.url = f"amqp://guest:guest@127.0.0.1:{self._port}//"

    def start(self):
        self._names.kill()
        self._names.start()
        self._launch([binary()], self._answers, env=os.environ | self._environment())
        return self

    def kill(self):
        super().kill()
        self._names.kill()

    def _environment(self):
        return {
            "HOME": str(self.root),
            "ERL_EPMD_PORT": str(self._names.port),
            "RABBITMQ_NODENAME": "passline@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self._port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_MNESIA_BASE": str(self.root / "memory"),
            "RABBITMQ_LOG_BASE": str(self.root / "logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.root / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.root / "none"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            # It is one process then, which can be killed and frozen.
            "RUNNING_UNDER_SYSTEMD": "1",
        }

    def _answers(self):
        try:
            with Connection(self.url, connect_timeout=1) as connection:
                connection.connect()
                return True
        except OSError:
            return False
