"""What the clients were promised, on the disk before anything else happens."""

import json
import os
import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """A complete 2xx: what was asked under which name, of which order, and the order's version in the answer."""

    asked: str
    name: str
    order_id: str
    version: int
    replayed: bool


class Ledger:
    """For any number of threads. `counts` has what was answered otherwise, or not at all."""

    def __init__(self, file):
        self.promises, self.counts, self.slowest = [], Counter(), 0.0
        self._file, self._lock = file.open("a"), threading.Lock()

    def promised(self, asked, name, answer):
        promise = Promise(asked, name, answer.body["id"], answer.body["version"], answer.replayed)
        with self._lock:
            self._file.write(json.dumps(vars(promise)) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self.promises.append(promise)
            self.slowest = max(self.slowest, answer.seconds)

    def count(self, what):
        with self._lock:
            self.counts[what] += 1

    @property
    def accepted(self):
        """The ids of the orders that were promised, by their name."""
        return {promise.name: promise.order_id for promise in self.promises if promise.asked == "place"}

    def close(self):
        self._file.close()
