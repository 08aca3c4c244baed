"""An HTTP client that knows what it does not know: whether a request without an answer was carried out."""

import http.client
import json
import time
from dataclasses import dataclass

TIMEOUT = 4.0


class Unanswered(Exception):
    """No complete answer came: it may have been carried out, or not."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: object
    body: dict
    seconds: float

    @property
    def good(self):
        return 200 <= self.status < 300

    @property
    def replayed(self):
        return self.headers.get("Idempotent-Replayed") == "true"


class Client:
    """One keep-alive connection with an API key. Not for several threads."""

    def __init__(self, port, api_key):
        self._port, self._api_key, self._connection = port, api_key, None

    def get(self, path):
        return self._ask("GET", path, None, {})

    def post(self, path, body, key=None):
        return self._ask("POST", path, json.dumps(body).encode(), {"Idempotency-Key": key} if key else {})

    def close(self):
        if self._connection:
            self._connection.close()
        self._connection = None

    def _ask(self, method, path, body, headers):
        told = {"Authorization": f"Bearer {self._api_key}", "Content-Type": "application/json"}
        begun = time.monotonic()
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
            self._connection.request(method, path, body, told | headers)
            response = self._connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(repr(error)) from error
        return Answer(response.status, response.headers, json.loads(text), time.monotonic() - begun)
