"""The till: rings up orders, and now and then gets something wrong, loses an answer, or changes its mind."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from workflow.simulation import basket
from workflow.simulation.agenda import Agenda
from workflow.simulation.books import OrderBook
from workflow.simulation.client import new_key
from workflow.simulation.desk import Desk, detail
from workflow.simulation.menu import Dish
from workflow.simulation.plan import Plan
from workflow.simulation.rules import UNFINISHED, Move

CANCEL_REASONS = ("guest left", "ordered twice", "kitchen out of stock", "wrong address")
VOID_REASONS = ("dropped", "guest changed their mind", "wrong table")
# An answer that takes longer than this is lost by a till that hangs up early.
HANGS_UP_AFTER = 0.002


class Till:
    """Rings up plans at their time; `seat` is called with every order that was accepted."""

    def __init__(
        self, desk: Desk, agenda: Agenda, dishes: Sequence[Dish], run: str, seat: Callable[[OrderBook], None]
    ) -> None:
        self._desk = desk
        self._agenda = agenda
        self._dishes = dishes
        self._run = run
        self._seat = seat

    def ring_up(self, plan: Plan) -> None:
        order = self._written_down(plan)
        if plan.has("misprint"):
            self._misprint(order)
        key = new_key()
        self._desk.books.open(order)
        self._desk.place(order, "pos", key=key, loses=_patience(plan))
        if not order.accepted:
            return
        self._ask_again(order, key)
        self._change_minds(order)
        self._seat(order)

    def _written_down(self, plan: Plan) -> OrderBook:
        external_id = f"{self._run}-{plan.number:05d}"
        body = {"external_id": external_id, **plan.body}
        if plan.has("scheduled"):
            wait = self._agenda.real(900, at_least=5.0)
            at = datetime.now(UTC) + timedelta(seconds=wait)
            body["scheduled_for"] = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return OrderBook(plan, external_id, body, self._pieces(body["items"]))

    def _pieces(self, items: Sequence[Mapping[str, Any]]) -> list[int]:
        return [basket.item_total({**item, "quantity": 1}, self._dishes) for item in items]

    def _ask_again(self, order: OrderBook, key: str) -> None:
        """What a till does that has forgotten what it sent, and what it must not get away with."""
        plan, body = order.plan, order.body
        other = {**body, "notes": "not what was ordered before"}
        if plan.has("rung up again"):
            self._desk.place(order, "pos", key=new_key())
        if plan.has("key reused"):
            self._refused(order, other, 422, "idempotency-key-reused", key=key)
        if plan.has("external id reused"):
            self._refused(order, other, 409, "external-id-conflict")

    def _misprint(self, order: OrderBook) -> None:
        """An order that cannot be: it must be refused for the right reason, and leave nothing behind."""
        rng = order.plan.rng("misprint")
        dish = rng.choice(self._dishes)
        lines: dict[str, dict[str, Any]] = {
            "price-mismatch": {"sku": dish.sku, "quantity": 1, "unit_price": dish.price + 100},
            "unknown-item": {"sku": "NO-SUCH-DISH", "quantity": 1},
            "unknown-station": {"name": "Soup", "unit_price": 500, "quantity": 1, "station": "no-such-station"},
            "invalid-request": rng.choice(({"sku": dish.sku, "quantity": 0}, {"sku": dish.sku, "qty": 1})),
        }
        code = rng.choice(sorted(lines))
        body = {"external_id": f"{order.external_id}-misprint", "channel": "takeaway", "items": [lines[code]]}
        self._refused(order, body, 422, code)

    def _refused(self, order: OrderBook, body: Any, status: int, code: str, *, key: str | None = None) -> None:
        with order.lock:
            answer = self._desk.client.post("/v1/orders", body, what="place order", role="pos", key=key)
        if (answer.status, answer.code) != (status, code):
            said = f"{answer.status} {answer.code} {detail(answer)}".strip()
            self._desk.findings.add("refusal", f"an order that is {code} was answered {said}.", order.external_id)

    def _change_minds(self, order: OrderBook) -> None:
        """What the guests will want later."""
        rng = order.plan.rng("minds")
        later: dict[str, tuple[float, Callable[[OrderBook], None]]] = {
            "cancelled": (rng.uniform(60, 900), self._cancel),
            "item voided": (rng.uniform(30, 400), self._void),
            "items added": (rng.uniform(120, 600), self._add),
            "paid ahead": (rng.uniform(30, 300), self._pay_ahead),
            "rushed": (rng.uniform(60, 400), self._rush),
            "delayed": (rng.uniform(60, 300), self._delay),
        }
        for quirk, (seconds, act) in later.items():
            if order.plan.has(quirk):
                self._agenda.after(seconds, partial(self._unless_closed, order, act))

    def _unless_closed(self, order: OrderBook, act: Callable[[OrderBook], None]) -> None:
        with order.lock:
            if not order.closed:
                act(order)

    def _cancel(self, order: OrderBook) -> None:
        reason = order.plan.rng("cancel").choice(CANCEL_REASONS)
        if order.plan.has("no reason"):
            self._desk.move(order, Move("cancel"), "pos")
        self._desk.move(order, Move("cancel", reason=reason), "pos")
        if order.plan.has("double tap"):
            self._desk.move(order, Move("cancel", reason=reason), "pos")

    def _void(self, order: OrderBook) -> None:
        rng = order.plan.rng("void")
        candidates = order.having(*UNFINISHED, "ready")
        if not candidates:
            return
        line = rng.choice(candidates)
        if order.plan.has("no reason"):
            self._desk.move(order, Move("void", item=line.id), "pos")
        self._desk.move(order, Move("void", item=line.id, reason=rng.choice(VOID_REASONS)), "pos")

    def _add(self, order: OrderBook) -> None:
        self._desk.add_items(order, order.plan.extra, self._pieces(order.plan.extra))

    def _pay_ahead(self, order: OrderBook) -> None:
        if order.due:
            rng = order.plan.rng("pay ahead")
            payment = basket.payment(rng, max(1, order.due // 2))
            self._desk.pay(order, payment, loses=_patience(order.plan))

    def _rush(self, order: OrderBook) -> None:
        self._desk.move(order, Move("rush"), "pos")
        if order.plan.has("double tap"):
            self._desk.move(order, Move("rush"), "pos")

    def _delay(self, order: OrderBook) -> None:
        self._desk.move(order, Move("delay", seconds=300), "pos")


def _patience(plan: Plan) -> float | None:
    """After how many seconds the till sends again what it has sent; None when it waits for the answer."""
    if plan.has("answer ignored"):
        return 30.0
    return HANGS_UP_AFTER if plan.has("answer lost") else None
