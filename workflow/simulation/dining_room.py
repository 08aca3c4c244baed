"""The people in front: they confirm, fire courses, serve, take the money, and complete, sometimes too early."""

from functools import partial

from workflow.simulation import basket
from workflow.simulation.agenda import Agenda
from workflow.simulation.books import OrderBook
from workflow.simulation.desk import Desk
from workflow.simulation.plan import Style
from workflow.simulation.rules import UNFINISHED, Move

ROUND_SECONDS = 20.0
ROUND_REAL_SECONDS = 0.2


class DiningRoom:
    """Comes by every order in rounds until it is closed."""

    def __init__(self, desk: Desk, agenda: Agenda) -> None:
        self._desk = desk
        self._agenda = agenda

    def seat(self, order: OrderBook) -> None:
        self._agenda.after(order.plan.rng("first round").uniform(5, 40), partial(self._round, order, 1))

    def _round(self, order: OrderBook, turn: int) -> None:
        try:
            with order.lock:
                self._tend(order, turn)
        finally:
            if not order.closed:
                self._agenda.after(ROUND_SECONDS, partial(self._round, order, turn + 1), at_least=ROUND_REAL_SECONDS)

    def _tend(self, order: OrderBook, turn: int) -> None:
        if order.closed:
            return
        if order.status == "scheduled":
            self._desk.refresh(order)
            return
        if order.status == "pending":
            self._confirm(order)
        self._err(order, turn)
        self._fire(order)
        self._serve(order, turn)
        if order.status == "ready" and not self._to_be_served(order):
            self._settle(order)

    def _confirm(self, order: OrderBook) -> None:
        rng = order.plan.rng("confirm")
        if order.plan.has("touched before confirmation"):
            line = rng.choice(list(order.lines.values()))
            self._desk.move(order, Move(rng.choice(("start", "bump")), item=line.id), "kitchen")
        confirm = Move("confirm", status="confirmed") if order.plan.style == Style.STATUSES else Move("confirm")
        self._desk.move(order, confirm, "kitchen")
        if order.plan.has("double tap"):
            self._desk.move(order, Move("confirm"), "kitchen")

    def _err(self, order: OrderBook, turn: int) -> None:
        """Mistakes, each once: the server has to refuse them and to say why."""
        plan = order.plan
        if plan.has("completed early") and turn == 2 and order.status in ("confirmed", "preparing"):
            complete = Move("complete", status="completed") if plan.style == Style.STATUSES else Move("complete")
            self._desk.move(order, complete, "pos")
        if plan.has("double tap") and order.status == "confirmed":
            self._desk.move(order, Move("confirm"), "kitchen")
        if plan.has("stray move") and turn == 3:
            self._stray(order)
        if plan.has("stale page") and turn == 2 and len(order.steps) > 1 and order.steps[-1].before:
            answer = self._desk.move(order, Move("rush"), "pos", if_match=order.steps[0].after - 1)
            if answer.status != 412:
                self._desk.findings.add("refusal", f"a stale If-Match was answered {answer.status}.", order.external_id)

    def _stray(self, order: OrderBook) -> None:
        """Something that makes no sense in any kitchen."""
        rng = order.plan.rng("stray")
        line = rng.choice(list(order.lines.values()))
        actions = {"pending": "serve", "preparing": "serve", "held": "bump", "ready": "start", "served": "bump"}
        strays = [
            Move("fire", course=99),
            Move("reject", reason="changed our mind"),
            Move(actions.get(line.status, "serve"), item=line.id),
            Move("recall", item=line.id) if line.status in UNFINISHED else Move("reject", reason="too late"),
        ]
        self._desk.move(order, rng.choice(strays), "kitchen")

    def _fire(self, order: OrderBook) -> None:
        """The next course goes to its stations when what came before is on the table or thrown away."""
        held = order.having("held")
        if held and not order.having("pending", "preparing"):
            course = min(line.course for line in held)
            self._desk.move(order, Move("fire", course=course), "kitchen")

    def _to_be_served(self, order: OrderBook) -> bool:
        return order.plan.body["channel"] == "dine_in" and bool(order.having("ready"))

    def _serve(self, order: OrderBook, turn: int) -> None:
        if not self._to_be_served(order) or order.status not in ("preparing", "ready"):
            return
        rng = order.plan.rng(f"serve {turn}")
        for line in order.having("ready"):
            if rng.random() < 0.7:
                self._desk.move(order, Move("serve", item=line.id), "pos")

    def _settle(self, order: OrderBook) -> None:
        rng = order.plan.rng("settle")
        if order.due:
            self._desk.pay(order, basket.payment(rng, order.due))
        answer = self._desk.move(order, Move("complete"), "pos", if_match=order.version if rng.random() < 0.5 else None)
        if answer.status == 412:
            # Somebody else's event came between: an overdue alarm, or another client of the house.
            self._desk.refresh(order)
            self._desk.move(order, Move("complete"), "pos")
        if order.plan.has("double tap"):
            self._desk.move(order, Move("complete"), "pos")
        if order.plan.has("order recalled") and not order.sent_back:
            order.sent_back = True
            self._agenda.after(rng.uniform(20, 120), partial(self._recall, order))

    def _recall(self, order: OrderBook) -> None:
        """The guest sends it back: the kitchen has it again, and the rounds go on."""
        with order.lock:
            if order.status != "completed":
                return
            by_status = order.plan.style == Style.STATUSES
            self._desk.move(order, Move("recall", status="preparing" if by_status else None), "kitchen")
        if not order.closed:
            self._agenda.after(ROUND_SECONDS, partial(self._round, order, 100))
