"""Stands between Passline and PostgreSQL, and can lose what the server says to a COMMIT."""

import socket
import threading

CHUNK = 65536


class CuttingProxy:
    """Forwards to *port*. After `cut_next_commit` the next COMMIT reaches the server, and its answer nobody."""

    def __init__(self, port):
        self._target, self._armed, self.cuts = port, threading.Event(), 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._wires = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_next_commit(self):
        self._armed.set()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in list(self._wires):
            wire.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._target))
            wire = Wire(self, client, server)
            self._wires.append(wire)
            wire.start()

    def takes_commit(self, said):
        """Whether *said* is the COMMIT that is to be cut off; asks only once for each."""
        if self._armed.is_set() and b"COMMIT" in said:
            self._armed.clear()
            return True
        return False


class Wire:
    """One connection, in both directions."""

    def __init__(self, proxy, client, server):
        self._proxy, self._client, self._server = proxy, client, server
        self._cut = threading.Event()
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._forth, self._back)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def close(self):
        _shut(self._client)
        _shut(self._server)
        for thread in self._threads:
            thread.join()
        self._client.close()
        self._server.close()

    def _forth(self):
        while said := _heard(self._client):
            if self._proxy.takes_commit(said):
                self._cut.set()
            if not _say(self._server, said):
                break
        _shut(self._server)

    def _back(self):
        while said := _heard(self._server):
            if self._cut.is_set():
                self._proxy.cuts += 1
                break
            if not _say(self._client, said):
                break
        _shut(self._server)
        _shut(self._client)


def _heard(end):
    try:
        return end.recv(CHUNK)
    except OSError:
        return b""


def _say(end, said):
    try:
        end.sendall(said)
    except OSError:
        return False
    return True


def _shut(end):
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
