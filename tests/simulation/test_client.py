"""The client against a server of its own that misbehaves as it is told."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workflow.simulation.client import Client, Unanswered
from workflow.simulation.findings import Findings
from workflow.simulation.traffic import Traffic

ORDER = (200, {"ETag": '"1"'}, {"id": "o1", "version": 1})
REPLAY = (200, {"ETag": '"1"', "Idempotent-Replayed": "true"}, {"id": "o1", "version": 1})


def problem(status, code, **headers):
    body = {"type": f"/problems/{code}", "title": "No.", "status": status, "code": code, "request_id": "r1"}
    return status, {"Content-Type": "application/problem+json", **headers}, body


class Script(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.keys.append(self.headers["Idempotency-Key"])
        status, headers, body = self.server.answers.pop(0)
        if wait := headers.get("wait"):
            time.sleep(float(wait))
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *told):
        pass


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Script)
    server.keys, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client(server):
    url = f"http://127.0.0.1:{server.server_port}"
    client = Client(url, {"pos": "k"}, traffic=Traffic(), findings=Findings(), patience=1.5)
    yield client
    client.close()


def post(client, **more):
    return client.post("/v1/orders", {"channel": "takeaway"}, what="place order", role="pos", **more)


def test_an_overloaded_server_is_given_the_time_it_asks_for(server, client):
    server.answers = [problem(503, "overloaded", **{"Retry-After": "1"}), ORDER]
    began = time.monotonic()
    assert post(client).status == 200
    assert time.monotonic() - began >= 1
    assert len(set(server.keys)) == 1
    assert client.findings.all() == []


def test_a_503_that_does_not_say_when_is_a_finding(server, client):
    server.answers = [problem(503, "overloaded"), ORDER]
    assert post(client).status == 200
    assert [each.detail for each in client.findings.all()] == ["place order: 503 without Retry-After."]


def test_an_answer_that_was_not_waited_for_is_asked_for_again_under_the_same_key(server, client):
    server.answers = [(200, {"wait": "0.2"}, ORDER[2]), REPLAY]
    assert post(client, loses=0.05).body == ORDER[2]
    assert len(server.keys) == 2
    assert len(set(server.keys)) == 1
    assert client.findings.all() == []


def test_a_repetition_that_is_not_the_answer_again_is_a_finding(server, client):
    server.answers = [ORDER, (200, {}, {"id": "o2", "version": 1})]
    post(client, loses=5)
    assert [each.detail for each in client.findings.all()] == [
        "place order: sent again under its key, not marked as replayed.",
        "place order: sent again under its key, and answered otherwise.",
    ]


def test_a_request_that_still_runs_is_waited_for(server, client):
    server.answers = [problem(409, "idempotency-key-in-use"), REPLAY]
    assert post(client).status == 200


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (problem(500, "internal-error"), "500 internal-error, r1"),
        ((409, {}, {"code": "x"}), "409 is not application/problem+json."),
        (
            (409, {"Content-Type": "application/problem+json"}, {"status": 409}),
            "409 lacks type, title, code, request_id.",
        ),
        ((200, {}, b'{"id": '), "the JSON of the answer is broken."),
    ],
)
def test_what_no_server_should_answer_is_a_finding(server, client, answer, detail):
    server.answers = [answer]
    post(client)
    assert [each.detail for each in client.findings.all()] == [f"POST /v1/orders: {detail}"]


def test_a_problem_inside_that_contradicts_its_status_is_a_finding(server, client):
    status, headers, body = problem(409, "order-closed")
    server.answers = [(status, headers, {**body, "status": 400})]
    post(client)
    assert [each.detail for each in client.findings.all()] == ["POST /v1/orders: 409 says another status inside."]


def test_patience_ends(client, server):
    server.shutdown()
    server.server_close()
    with pytest.raises(Unanswered, match="gave no answer"):
        post(client)


def test_what_was_sent_is_counted(server, client):
    server.answers = [ORDER, problem(409, "order-closed")]
    post(client)
    post(client)
    traffic = client.traffic.as_json()
    assert traffic["answers"] == {"200": 1, "409": 1}
    assert traffic["refusals"] == {"order-closed": 1}
    assert traffic["latency_ms"]["place order"]["count"] == 2
