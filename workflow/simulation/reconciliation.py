"""The end of the evening: every order of the server held against the restaurant's own books."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

from workflow.simulation import history
from workflow.simulation.books import Books, OrderBook, differences
from workflow.simulation.client import Client, Unanswered
from workflow.simulation.findings import Findings

ROLE = "manager"
READERS = 8


class Reconciliation:
    """Reads what the server has of one run and notes every disagreement."""

    def __init__(self, client: Client, books: Books, findings: Findings, run: str, since: str) -> None:
        self._client = client
        self._books = books
        self._findings = findings
        self._run = run
        self._since = since

    def check(self, tick: Callable[[], None]) -> None:
        """Compare everything; *tick* is called after each order."""
        accepted = self._books.accepted()
        listed = [told for day in sorted({order.business_day for order in accepted}) for told in self._listed(day)]
        for detail in listing_flaws(self._run, accepted, listed):
            self._findings.add("reconciliation", detail)
        with ThreadPoolExecutor(READERS) as readers:
            for _ in readers.map(self._check_order, accepted):
                tick()

    def _listed(self, day: str) -> Iterator[Mapping[str, Any]]:
        return self._pages("/v1/orders", {"business_day": day, "placed_after": self._since})

    def _check_order(self, order: OrderBook) -> None:
        try:
            self._compare(order)
        except (Unanswered, LookupError, TypeError) as problem:
            self._wrong(order, f"could not be compared: {problem!r}")

    def _compare(self, order: OrderBook) -> None:
        answer = self._client.get(f"/v1/orders/{order.id}", what="read order", role=ROLE)
        if not answer.ok:
            self._wrong(order, f"was accepted, and is now answered {answer.status} {answer.code}.")
            return
        events = self._read(f"/v1/orders/{order.id}/events")["data"]
        for detail in order_flaws(order, answer.body, events):
            self._wrong(order, detail)
        found = list(self._pages("/v1/orders", {"external_id": order.external_id}))
        if [told["id"] for told in found] != [order.id]:
            self._wrong(order, f"its external id leads to {len(found)} orders: {[told['id'] for told in found]}.")

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        cursor: str | None = None
        while True:
            asked = {**query, "limit": "200", **({"cursor": cursor} if cursor else {})}
            page = self._read(f"{path}?{urlencode(asked)}")
            yield from page["data"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _read(self, address: str) -> Mapping[str, Any]:
        answer = self._client.get(address, what="read lists", role=ROLE)
        if not answer.ok:
            raise LookupError(f"{address} was answered {answer.status} {answer.code}")
        found: Mapping[str, Any] = answer.body
        return found

    def _wrong(self, order: OrderBook, detail: str) -> None:
        self._findings.add("reconciliation", detail, order.external_id)


def listing_flaws(run: str, accepted: Iterable[OrderBook], listed: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is lost, doubled or made up in the server's list, and numbers that two orders of a day share."""
    ours = {order.external_id: order for order in accepted}
    everything = list(listed)
    counts = Counter(told["external_id"] for told in everything if (told["external_id"] or "").startswith(run))
    found = [f"{external_id}: accepted, and lost from the list." for external_id in ours if not counts[external_id]]
    found += [f"{external_id}: {times} orders." for external_id, times in counts.items() if times > 1]
    found += [f"{external_id}: an order that was never accepted." for external_id in counts if external_id not in ours]
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for told in everything:
        numbers[told["business_day"], told["number"]].add(told["id"])
    found += [
        f"Number {number} of {day} is on {len(ids)} orders." for (day, number), ids in numbers.items() if len(ids) > 1
    ]
    return found


def order_flaws(order: OrderBook, told: Mapping[str, Any], events: list[Mapping[str, Any]]) -> list[str]:
    """Everything in which the server's order and its history differ from the books; sentences."""
    found = [f"{difference}." for difference in differences(order, told)]
    if told["version"] < order.version:
        found.append(f"its version fell from {order.version} to {told['version']}.")
    if not order.closed:
        hidden = [line.id for line in order.having("pending") if not line.shown]
        found.append(f"was left {order.status}" + (f"; no screen ever showed {hidden}." if hidden else "."))
    return found + [f"{flaw}." for flaw in history.flaws(order, told["version"], events)]
