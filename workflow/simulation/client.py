"""The wire between the restaurant's people and the server: keys, retries, lost answers."""

import json
import random
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from workflow.simulation.findings import Findings
from workflow.simulation.traffic import Traffic

ANSWER_SECONDS = 30.0
RETRY_SECONDS = 0.2
LONGEST_WAIT = 10.0
JSON_TYPE = "application/json"


class Unanswered(Exception):
    """The server gave no usable answer for as long as a till is patient."""


class Stopped(Exception):
    """The evening was ended while an answer was being waited for."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The problem's code; of an answer that is none, its status."""
        told = self.body.get("code") if isinstance(self.body, dict) else None
        return str(told) if told else str(self.status)


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    what: str
    headers: Mapping[str, str]
    content: bytes | None


class Client:
    """Sends as one of the restaurant's roles, and sends again until there is an answer.

    A 503 or 429 is waited out as its Retry-After says. Every POST carries an Idempotency-Key, so that it can be sent
    again safely. `patience` is how many seconds it keeps trying before it raises Unanswered.
    """

    def __init__(
        self,
        url: str,
        keys: Mapping[str, str],
        *,
        traffic: Traffic,
        findings: Findings,
        connections: int = 32,
        patience: float = 45.0,
    ) -> None:
        self.url = url.rstrip("/")
        self.stopping = threading.Event()
        self._keys = keys
        self.traffic = traffic
        self.findings = findings
        self._patience = patience
        self._pool = urllib3.PoolManager(maxsize=connections, retries=False)

    def get(self, path: str, *, what: str, role: str | None = None, etag: str | None = None) -> Answer:
        extra = {"If-None-Match": etag} if etag else {}
        return self._until_answered(self._request("GET", path, what=what, role=role, extra=extra))

    def knock(self, path: str, *, role: str | None = None) -> Answer | None:
        """One GET without patience: the answer, or None when nobody opens."""
        return self._once(self._request("GET", path, what="knock", role=role, extra={}), 10.0)

    def post(
        self,
        path: str,
        body: Any,
        *,
        what: str,
        role: str | None,
        key: str | None = None,
        if_match: int | None = None,
        loses: float | None = None,
    ) -> Answer:
        """The answer to a POST under *key* (a fresh one by default).

        With `loses` the till hangs up after so many seconds, or does not listen, and sends the same again.
        """
        extra = {"Idempotency-Key": key or new_key()}
        if if_match is not None:
            extra["If-Match"] = f'"{if_match}"'
        request = self._request("POST", path, what=what, role=role, extra=extra, body=body)
        unheard = self._once(request, loses) if loses is not None else None
        answer = self._until_answered(request)
        if loses is not None:
            self.traffic.count("sent twice on purpose")
        if unheard is not None and unheard.ok:
            self._compare_replay(request, unheard, answer)
        return answer

    def close(self) -> None:
        self._pool.clear()

    def _request(
        self, method: str, path: str, *, what: str, role: str | None, extra: Mapping[str, str], body: Any = None
    ) -> Request:
        headers = {"Accept": JSON_TYPE, **extra}
        if role is not None:
            headers["Authorization"] = f"Bearer {self._keys.get(role, role)}"
        if body is None:
            return Request(method, path, what, headers, None)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Request(method, path, what, {**headers, "Content-Type": JSON_TYPE}, content)

    def _until_answered(self, request: Request) -> Answer:
        deadline = time.monotonic() + self._patience
        for attempt in range(1, 1000):
            answer = self._once(request)
            wait = _wait_before_retry(answer, attempt)
            if wait is None and answer is not None:
                return self._checked(request, answer)
            self._note_wait(request, answer)
            if time.monotonic() + (wait or 0.0) > deadline:
                break
            if self.stopping.wait(wait):
                raise Stopped
        said = f"answered {answer.status} ({answer.code})" if answer else "gave no answer"
        where = f"{request.method} {_shape(request.path)}"
        raise Unanswered(f"{where}: the server {said} for {self._patience:.0f} s.")

    def _once(self, request: Request, seconds: float = ANSWER_SECONDS) -> Answer | None:
        """The answer, or None when the connection failed or nothing came in time."""
        began = time.perf_counter()
        try:
            response = self._pool.request(
                request.method,
                self.url + request.path,
                body=request.content,
                headers=request.headers,
                timeout=urllib3.Timeout(connect=5.0, read=seconds),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError:
            self.traffic.count("no answer")
            return None
        self.traffic.answered(request.what, response.status, time.perf_counter() - began)
        return Answer(response.status, response.headers, self._parsed(request, response))

    def _parsed(self, request: Request, response: urllib3.BaseHTTPResponse) -> Any:
        if not response.data or "json" not in response.headers.get("Content-Type", ""):
            return None
        try:
            return json.loads(response.data)
        except ValueError:
            self.findings.add("contract", f"{request.method} {_shape(request.path)}: the JSON of the answer is broken.")
            return None

    def _note_wait(self, request: Request, answer: Answer | None) -> None:
        if answer is None:
            return
        self.traffic.refused(answer.code)
        if answer.status in (429, 503) and "Retry-After" not in answer.headers:
            self.findings.add("contract", f"{request.what}: {answer.status} without Retry-After.")

    def _checked(self, request: Request, answer: Answer) -> Answer:
        """*answer*; what no server should say is noted."""
        if answer.status == 304:
            self.traffic.count("304 not modified")
        if answer.headers.get("Idempotent-Replayed"):
            self.traffic.count("replayed")
        if answer.status < 400:
            return answer
        self.traffic.refused(answer.code)
        where = f"{request.method} {_shape(request.path)}"
        if answer.status >= 500:
            told = answer.body if isinstance(answer.body, dict) else {}
            self.findings.add("server error", f"{where}: {answer.status} {answer.code}, {told.get('request_id')}")
        elif flaw := problem_flaw(answer):
            self.findings.add("contract", f"{where}: {answer.status} {flaw}.")
        return answer

    def _compare_replay(self, request: Request, first: Answer, second: Answer) -> None:
        if not second.headers.get("Idempotent-Replayed"):
            self.findings.add("retry", f"{request.what}: sent again under its key, not marked as replayed.")
        if (first.status, first.body) != (second.status, second.body):
            self.findings.add("retry", f"{request.what}: sent again under its key, and answered otherwise.")


def new_key() -> str:
    return str(uuid.uuid4())


def problem_flaw(answer: Answer) -> str | None:
    """What keeps an error from being a problem document as the contract has it; None when nothing does."""
    if not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return "is not application/problem+json"
    if not isinstance(answer.body, dict):
        return "is no object"
    if missing := [name for name in ("type", "title", "status", "code", "request_id") if name not in answer.body]:
        return f"lacks {', '.join(missing)}"
    return None if answer.body["status"] == answer.status else "says another status inside"


def _wait_before_retry(answer: Answer | None, attempt: int) -> float | None:
    """How long to wait before sending again; None when the answer stands."""
    if answer is None:
        return float(min(RETRY_SECONDS * attempt, 2.0) * random.uniform(0.5, 1.0))
    if answer.code == "idempotency-key-in-use":
        return 0.05 * attempt
    if answer.status not in (429, 503):
        return None
    told = answer.headers.get("Retry-After", "1")
    return min(float(told), LONGEST_WAIT) if told.replace(".", "", 1).isdigit() else 1.0


def _shape(path: str) -> str:
    """The path without its ids, so that findings about one address are one."""
    return "/".join("…" if len(part) > 20 else part for part in path.partition("?")[0].split("/"))
