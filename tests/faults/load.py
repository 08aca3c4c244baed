"""Tills that place orders and take payments, cooks that start, bump and complete them, all over HTTP.

Whoever gets no answer, or a 5xx, asks again with the same Idempotency-Key. Walk-in guests have no key, and ask once.
"""

import itertools
import queue
import threading
import time
import uuid
from collections import Counter
from contextlib import contextmanager

from tests.faults.client import Client, Unanswered

TILLS, COOKS = 3, 3
PAUSE = 0.05
PATIENCE = 60.0
MAIL_PATIENCE = 3.0
DISHES = ("MARGHERITA", "HOUSE-SALAD", "FRIES", "BURGER", "COLA")
AGAIN = {"idempotency-key-in-use", "rate-limited"}


class Load:
    """Goes on for so many *orders*, or until it is told to stop. A till waits *pause* seconds before each."""

    def __init__(self, house, orders=None, pause=0.0):
        self._pause = pause
        self._house, self._ledger = house, house.ledger
        self._numbers = itertools.count() if orders is None else iter(range(orders))
        self._told = Counter()
        self._lock, self._ordered, self._stopped = threading.Lock(), queue.Queue(), threading.Event()
        self._tills = [threading.Thread(target=self._guarded, args=(self._till,)) for _ in range(TILLS)]
        self._cooks = [threading.Thread(target=self._guarded, args=(self._cook,)) for _ in range(COOKS)]

    def start(self):
        for thread in self._tills + self._cooks:
            thread.start()
        return self

    def finished(self):
        """Whether all orders are placed and cooked."""
        if any(till.is_alive() for till in self._tills):
            return False
        self._stopped.set()
        return not any(cook.is_alive() for cook in self._cooks)

    def stop(self):
        self._numbers = iter(())

    def abandon(self):
        """Ends every thread, with its work done or not."""
        self.stop()
        self._stopped.set()
        self._ordered.queue.clear()
        for thread in self._tills + self._cooks:
            thread.join(PATIENCE + 10)

    def _guarded(self, work):
        client = Client(self._house.settings.port, self._house.keys["manager"])
        try:
            work(client)
        except Exception as error:
            self._ledger.count(f"gave up: {error!r}")
        finally:
            client.close()

    def _till(self, client):
        while (number := self._next()) is not None:
            walk_in = number % 4 == 3
            name = str(uuid.uuid4())
            self._stopped.wait(self._pause)
            order = self._place(client, number, name, walk_in=walk_in)
            if order is None:
                continue
            self._insist(client, "pay", f"/v1/orders/{order}/payments", {"tender": "card", "amount": 1000})
            if number % 2 == 0:
                # A second mail that does not make the first untrue, so that their order can be wrong.
                self._insist(client, "delay", f"/v1/orders/{order}/delay", {"seconds": 300})
            # One of four stays on the boards.
            if number % 4 != 2:
                self._ordered.put((number, name, order))

    def _place(self, client, number, name, *, walk_in):
        body = {
            "channel": "takeaway",
            "notes": name,
            "customer": {"name": "Ada", "contact": f"mailto:{name}@example.com"},
            "items": [{"sku": DISHES[(number + each) % len(DISHES)], "quantity": 1} for each in range(2)],
        }
        if walk_in:
            return self._ask_once(client, "place", "/v1/orders", body, name)
        if number % 2 == 0:
            body["external_id"] = name
        return self._insist(client, "place", "/v1/orders", body, name)

    def _cook(self, client):
        while not (self._stopped.is_set() and self._ordered.empty()):
            try:
                number, name, order = self._ordered.get(timeout=PAUSE)
            except queue.Empty:
                continue
            told = number % 4 == 0
            for move in ("start", "bump", "recall", "bump", "complete") if told else ("start", "bump", "complete"):
                if told and move in ("bump", "recall"):
                    self._wait_for_mail(f"{name}@example.com")
                self._insist(client, move, f"/v1/orders/{order}/{move}", {})

    def _wait_for_mail(self, address):
        """Until the guest has heard something new, so that there are mails whose order can be wrong."""
        before, end = self._told[address], time.monotonic() + MAIL_PATIENCE
        while (now := self._house.mailbox.received(address)) == before and time.monotonic() < end:
            time.sleep(PAUSE)
        self._told[address] = now

    def _ask_once(self, client, asked, path, body, name):
        try:
            answer = client.post(path, body)
        except Unanswered:
            self._ledger.count("uncertain")
            return None
        return self._noted(asked, name, answer)

    def _insist(self, client, asked, path, body, name=None):
        """The order's id once it is promised; None where it was refused."""
        key, end = name or str(uuid.uuid4()), time.monotonic() + PATIENCE
        while True:
            try:
                answer = client.post(path, body, key)
            except Unanswered:
                self._ledger.count("uncertain")
            else:
                if answer.status < 500 and answer.body.get("code") not in AGAIN:
                    return self._noted(asked, key, answer)
                self._noted_trouble(answer)
            assert time.monotonic() < end, f"{asked} was not answered within {PATIENCE} s"
            time.sleep(PAUSE)

    def _noted(self, asked, name, answer):
        if answer.good:
            self._ledger.promised(asked, name, answer)
            return answer.body["id"]
        if answer.status >= 500:
            self._noted_trouble(answer)
        else:
            self._ledger.count(f"refused: {asked} {answer.body['code']}")
        return None

    def _noted_trouble(self, answer):
        self._ledger.count(str(answer.status))
        if answer.status == 503 and "Retry-After" not in answer.headers:
            self._ledger.count("503 without Retry-After")

    def _next(self):
        with self._lock:
            return next(self._numbers, None)


@contextmanager
def load(house, orders=None, pause=0.0):
    """A load that has begun, and that has ended with the block."""
    running = Load(house, orders, pause).start()
    try:
        yield running
    finally:
        running.abandon()
