"""Where every write to an order goes out, is judged by the rules, and is entered in the books."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from workflow.simulation import rules
from workflow.simulation.books import Books, OrderBook, Step, differences
from workflow.simulation.client import Answer, Client, Unanswered, new_key
from workflow.simulation.findings import Findings
from workflow.simulation.rules import DONE, NOTHING, Move

# What of an order's JSON the books cannot do without.
NEEDED = ("id", "number", "status", "version", "progress", "priority", "items", "business_day", "tracking_token")


class Desk:
    """Sends for the people of the restaurant; what the server should not have answered becomes a finding."""

    def __init__(self, client: Client, books: Books, findings: Findings) -> None:
        self.client = client
        self.books = books
        self.findings = findings

    def move(self, order: OrderBook, move: Move, role: str, *, if_match: int | None = None) -> Answer:
        """Send *move* and enter what came of it."""
        with order.lock:
            expected = rules.outcomes(order, move)
            answer = self._send(order, move, role, if_match)
            if answer.status == 412 and if_match is not None:
                return self._stale(order, if_match, answer)
            self._enter(order, move, expected, answer)
            return answer

    def double_tap(self, order: OrderBook, move: Move, role: str) -> None:
        """Two hands do the same at once: both are told yes, and it happens once."""
        with order.lock:
            expected = rules.outcomes(order, move)
            answers: list[Answer] = []
            hands = [threading.Thread(target=self._tap, args=(order, move, role, answers)) for _ in range(2)]
            for hand in hands:
                hand.start()
            for hand in hands:
                hand.join()
            if len(answers) < 2:
                raise Unanswered(f"{move.what}: a double tap was not answered.")
            answers.sort(key=lambda answer: answer.body.get("version", 0) if isinstance(answer.body, dict) else 0)
            self._enter(order, move, expected, answers[1])
            if not answers[0].ok:
                self._wrong(order, f"{move.what} twice at once: one was answered {answers[0].code}.")

    def place(self, order: OrderBook, role: str, *, key: str, loses: float | None = None) -> Answer:
        with order.lock:
            answer = self.client.post("/v1/orders", order.body, what="place order", role=role, key=key, loses=loses)
            if answer.status not in (200, 201):
                self._wrong(order, f"a valid order was answered {answer.status} {answer.code}: {detail(answer)}")
            elif self._readable(order, answer):
                self._open(order, answer)
            return answer

    def add_items(self, order: OrderBook, items: Sequence[Mapping[str, Any]], prices: Sequence[int]) -> None:
        with order.lock:
            known = set(order.lines)
            answer = self._post(order, "items", {"items": list(items)})
            if not self._accepted(order, "add items", answer):
                return
            fresh = [item for item in answer.body["items"] if item["id"] not in known]
            if len(fresh) != len(items):
                self._wrong(order, f"{len(items)} items were added and {len(fresh)} appeared.")
                return
            order.add(fresh, prices)
            self._absorb(order, "add items", answer, rules.roll_up(order.status, statuses(order)))

    def pay(self, order: OrderBook, payment: Mapping[str, Any], *, loses: float | None = None) -> None:
        with order.lock:
            answer = self._post(order, "payments", payment, loses=loses)
            if self._accepted(order, "pay", answer):
                order.take(payment["tender"], payment["amount"], payment["tip"])
                self._absorb(order, "pay", answer, rules.roll_up(order.status, statuses(order)))

    def refresh(self, order: OrderBook) -> None:
        """Look at an order that moves by itself: a scheduled one whose time comes."""
        with order.lock:
            answer = self.client.get(f"/v1/orders/{order.id}", what="read order", role="pos")
            if answer.ok and answer.body["status"] in ("pending", "confirmed"):
                order.status = answer.body["status"]
                self._believe(order, answer.body)

    def _send(self, order: OrderBook, move: Move, role: str, if_match: int | None) -> Answer:
        recall = move.action == "recall"
        # A guest may see the fall before we see the answer, hence both counts.
        order.recalls_sent += recall
        answer = self.client.post(move.path(order.id), move.body, what=move.what, role=role, if_match=if_match)
        order.recalls_answered += recall
        return answer

    def _tap(self, order: OrderBook, move: Move, role: str, answers: list[Answer]) -> None:
        try:
            answers.append(self._send(order, move, role, None))
        except Exception as problem:
            self.findings.add("unanswered", str(problem), order.external_id)

    def _post(self, order: OrderBook, what: str, body: Mapping[str, Any], *, loses: float | None = None) -> Answer:
        path = f"/v1/orders/{order.id}/{what}"
        return self.client.post(path, body, what=f"add {what}", role="pos", key=new_key(), loses=loses)

    def _open(self, order: OrderBook, answer: Answer) -> None:
        """Enter an accepted order; asked for again, it must be the one that is in the books already."""
        told = answer.body
        if order.accepted:
            if told["id"] != order.id:
                self._wrong(order, f"rung up again it became another order: {told['id']} beside {order.id}.")
            return
        order.id, order.number = told["id"], told["number"]
        order.business_day, order.tracking_token = told["business_day"], told["tracking_token"]
        order.discounts = sum(discount["amount"] for discount in order.body.get("discounts", ()))
        for payment in order.body.get("payments", ()):
            order.take(payment["tender"], payment["amount"], payment.get("tip", 0))
        order.add(told["items"], order.prices)
        self.books.accept(order)
        first = {"scheduled"} if order.body.get("scheduled_for") else {"pending", "confirmed"}
        if answer.status == 200:
            first |= {"pending", "confirmed"}
        self._absorb(order, "place", answer, frozenset(first))

    def _enter(self, order: OrderBook, move: Move, expected: frozenset[str], answer: Answer) -> None:
        outcome = _outcome(order, expected, answer)
        if outcome not in expected:
            where = f"{move.what} in {order.status}" + (f"/{order.lines[move.item].status}" if move.item else "")
            wanted = " or ".join(sorted(expected))
            self._wrong(order, f"{where} was answered {outcome!r}, expected {wanted}. {detail(answer)}".strip())
        if answer.ok and self._readable(order, answer):
            self._done(order, move, outcome, answer)
        elif not answer.ok:
            self._check_refusal(order, move, answer)

    def _done(self, order: OrderBook, move: Move, outcome: str, answer: Answer) -> None:
        if outcome == NOTHING:
            self._absorb(order, move.what, answer, rules.roll_up(order.status, statuses(order)), changed=False)
            return
        after = rules.effect(order, move)
        if after is None:
            _adopt(order, answer.body)
        for item_id, status in (after or {}).items():
            order.lines[item_id].status = status
        if move.action in ("rush", "unrush"):
            order.priority = move.action == "rush"
        if move.action in ("cancel", "reject"):
            order.cancel_reason = move.reason
        if move.action == "void" and move.item is not None:
            order.lines[move.item].voided_alone = True
            if not any(status != "voided" for status in statuses(order)):
                order.cancel_reason = move.reason  # the order goes with its last item, for the same reason
        allowed = rules.order_statuses(order, move)
        self._absorb(order, move.what, answer, allowed)

    def _absorb(
        self, order: OrderBook, what: str, answer: Answer, allowed: frozenset[str], *, changed: bool = True
    ) -> None:
        """Compare the order that came with the books; where they disagree, say so once and believe the server."""
        told = answer.body
        if told["status"] not in allowed:
            self._wrong(order, f"after {what} it is {told['status']}, not {' or '.join(sorted(allowed))}.")
        if told["version"] < order.version:
            self._wrong(order, f"after {what} its version fell from {order.version} to {told['version']}.")
        if answer.headers.get("ETag") != f'"{told["version"]}"':
            self._wrong(order, f"after {what} the ETag is {answer.headers.get('ETag')}, its version {told['version']}.")
        order.status = told["status"]
        for difference in differences(order, told):
            self._wrong(order, f"after {what} {difference}.")
        order.steps.append(Step(what, order.version, told["version"], changed))
        self._believe(order, told)

    def _believe(self, order: OrderBook, told: Mapping[str, Any]) -> None:
        order.version, order.progress = told["version"], told["progress"]
        order.priority = told["priority"]
        _adopt(order, told)

    def _check_refusal(self, order: OrderBook, move: Move, answer: Answer) -> None:
        """A refusal says what stands in the way, as the books know it."""
        if answer.code != "items-pending" or not isinstance(answer.body, dict):
            return
        ours = {line.id for line in order.lines.values() if line.status in rules.UNFINISHED}
        theirs = set(answer.body.get("items", []))
        if theirs != ours:
            self._wrong(order, f"{move.what}: pending are {sorted(theirs)}, by our books {sorted(ours)}.")
        status = answer.body.get("order_status")
        if status != order.status:
            self._wrong(order, f"{move.what}: refused in {status}, our books say {order.status}.")
        if "complete" in answer.body.get("allowed", ["complete"]):
            self._wrong(order, f"{move.what}: refused, and not absent from a list of what is allowed.")

    def _stale(self, order: OrderBook, sent: int, answer: Answer) -> Answer:
        current = answer.body.get("current_version") if isinstance(answer.body, dict) else None
        if answer.code != "stale-version" or not isinstance(current, int) or current < order.version:
            self._wrong(order, f"If-Match {sent} was refused as {answer.code}, current_version {current!r}.")
        return answer

    def _accepted(self, order: OrderBook, what: str, answer: Answer) -> bool:
        if answer.ok:
            return self._readable(order, answer)
        if not (order.closed and answer.code == "order-closed"):
            self._wrong(order, f"{what} in {order.status} was answered {answer.status} {answer.code}: {detail(answer)}")
        return False

    def _readable(self, order: OrderBook, answer: Answer) -> bool:
        told = answer.body if isinstance(answer.body, dict) else {}
        missing = [name for name in NEEDED if name not in told]
        if missing:
            self.findings.add("contract", f"an order came without {', '.join(missing)}", order.external_id)
        return not missing

    def _wrong(self, order: OrderBook, detail: str) -> None:
        self.findings.add("disagreement", detail, order.external_id)


def detail(answer: Answer) -> str:
    """The sentence that came with a problem."""
    if not isinstance(answer.body, dict) or answer.ok:
        return ""
    return f"{answer.body.get('detail', '')} {answer.body.get('errors', '')}".strip()


def statuses(order: OrderBook) -> list[str]:
    return [line.status for line in order.lines.values()]


def _outcome(order: OrderBook, expected: frozenset[str], answer: Answer) -> str:
    if not answer.ok:
        return answer.code
    told = answer.body if isinstance(answer.body, dict) else {}
    moved = told.get("version", 0) > order.version
    # An estimate may take a version at any moment, so a no-op can come back with a higher one; the history tells later.
    return DONE if moved and expected != {NOTHING} else NOTHING


def _adopt(order: OrderBook, told: Mapping[str, Any]) -> None:
    for item in told["items"]:
        if line := order.lines.get(item["id"]):
            line.status = item["status"]
