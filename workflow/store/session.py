"""One transaction's view of the tables: what a batch loads at its start, and what it saves at its end."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import astuple

from workflow import schema
from workflow.intake import House, PlaceDraft
from workflow.state_machine.evolve import fold
from workflow.state_machine.model import Order, Recorded
from workflow.store import rows
from workflow.store.changes import Changes, Kept
from workflow.store.houses import revisions_of
from workflow.store.memory import Mark, Memory
from workflow.store.numbers import Numbers, Place, reservations, reserved, returns
from workflow.store.spelling import Conversation, Found, Spelling, Statement, Step
from workflow.submissions import Submission

Pair = tuple[str, str]


@dataclass(slots=True)
class Loaded:
    """What the commands of a batch need to know. Orders whose id a command names are locked.

    `houses` are those that a command names, itself or by its order, or the only one; `locations` all that may be meant.
    """

    orders: dict[str, Order] = field(default_factory=dict)
    kept: dict[Pair, Kept] = field(default_factory=dict)
    external: dict[Pair, str] = field(default_factory=dict)
    houses: dict[str, House] = field(default_factory=dict)
    locations: Sequence[str] = ()
    histories: dict[str, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    numbers: Numbers = field(default_factory=dict)


class Version(msgspec.Struct, frozen=True):
    id: str
    version: int
    location_id: str


class Session:
    """Puts it as conversations: it says what to ask, and somebody else does the waiting."""

    def __init__(self, spelling: Spelling, memory: Memory | None = None) -> None:
        self._spelling = spelling
        self._memory = memory or Memory()

    def load(
        self, submissions: Sequence[Submission], expected: Mapping[Place, int], *, again: bool = False
    ) -> Conversation[Loaded]:
        """Everything that *submissions* name, in one round trip; more for what is remembered wrongly, or came before.

        Reserves the numbers that are *expected* to be needed, ahead of the transaction.
        *again*: the orders too that an earlier try of the same submissions may have placed.
        """
        named = sorted({order_id for submission in submissions if (order_id := _named(submission, again=again))})
        remembered = self._memory.orders.find(named)
        lacking = [order_id for order_id in named if order_id not in remembered]
        questions = {
            "marks": self._marks(named) if remembered else None,
            "orders": self._orders_by_id(lacking, lock=not remembered),
            "order_items": self._items_by_id(lacking),
            "idempotency_keys": self._keys(submissions),
            "external": self._external(submissions),
            "menus": self._revisions(submissions),
        }
        counted, found = yield from self._ask(questions, reservations(self._spelling, expected))
        loaded = Loaded(_orders(found["orders"], found["order_items"]), numbers=reserved(expected, counted))
        loaded.orders |= yield from self._as_they_are(remembered, found["marks"])
        loaded.kept = {(kept.principal, kept.key): kept for kept in map(_kept.decode, found["idempotency_keys"])}
        revisions = revisions_of(found["menus"])
        loaded.locations = sorted(revisions)
        if len(revisions) > 1:
            revisions = {id: revisions[id] for id in revisions.keys() & _concerned(submissions, loaded)}
        loaded.houses = yield from self._memory.houses.read(self._spelling, revisions)
        for row in map(_order_key.decode, found["external"]):
            loaded.external[row.location_id, row.external_id or ""] = row.id
        yield from self._load_known(loaded)
        return loaded

    def _as_they_are(self, remembered: Mapping[str, Order], marks: Sequence[bytes]) -> Conversation[dict[str, Order]]:
        """Those of *remembered* that exist: themselves where their marks are still the same, or else read again."""
        now = {mark.id: mark for mark in map(_mark.decode, marks)}
        same = {
            id: order for id, order in remembered.items() if now.get(id) == Mark(id, order.version, order.updated_at)
        }
        changed = sorted(remembered.keys() & now.keys() - same.keys())
        return same | (yield from self.orders(changed)) if changed else same

    def orders(self, ids: Sequence[str]) -> Conversation[dict[str, Order]]:
        """The orders with these *ids* that exist, as they are, unlocked."""
        _, found = yield from self._ask({"orders": self._orders_by_id(ids), "order_items": self._items_by_id(ids)})
        return _orders(found["orders"], found["order_items"])

    def versions(self, ids: Sequence[str]) -> Conversation[dict[str, Version]]:
        """Where the orders with these *ids* stand, and whose they are."""
        question = self._spelling.select(schema.orders, {"id": ids}, columns=("id", "version", "location_id"))
        (found,) = yield Step([question])
        return {version.id: version for version in map(_version.decode, found)}

    def reserve(self, wanted: Mapping[Place, int]) -> Conversation[Numbers]:
        """So many numbers more, where more orders came to be than was expected."""
        found = yield Step(reservations(self._spelling, wanted))
        return reserved(wanted, found)

    def save(
        self, changes: Changes, numbers: Numbers, needed: Mapping[Place, int], meanwhile: Callable[[], object]
    ) -> Conversation[None]:
        """Write all that changed, in one round trip, and give back of *numbers* what was not *needed*."""
        unneeded = returns(self._spelling, numbers, needed)
        statements = [*unneeded, *self._order_statements(changes), *self._log_statements(changes)]
        if statements:
            yield Step(statements, last=True, meanwhile=meanwhile)

    def _load_known(self, loaded: Loaded) -> Conversation[None]:
        """The orders that are there already under an external_id or an idempotency key, and how they came to be.

        Of an order that is not locked, the row and the items may be of two versions; its history is of one.
        """
        replayed = [kept for kept in loaded.kept.values() if kept.order_id]
        known = {kept.order_id for kept in replayed if kept.order_id} | set(loaded.external.values())
        missing = known - loaded.orders.keys()
        moved_on = {
            kept.order_id
            for kept in replayed
            if kept.order_id and kept.order_id not in missing and kept.version != loaded.orders[kept.order_id].version
        }
        if unsure := sorted(missing | moved_on):
            select = self._spelling.select(schema.events, {"order_id": unsure}, order="order_id, version")
            (found,) = yield Step([select])
            for recorded in map(rows.recorded_from_json, found):
                loaded.histories[recorded.order_id].append(recorded)
        for order_id in missing:
            loaded.orders[order_id] = fold(loaded.histories[order_id])

    def _ask(
        self, questions: Mapping[str, Statement | None], ahead: Sequence[Statement] = ()
    ) -> Conversation[tuple[Found, dict[str, list[bytes]]]]:
        """What is found ahead, and by each question."""
        asked = {name: statement for name, statement in questions.items() if statement}
        answers = (yield Step(list(asked.values()), ahead)) if asked or ahead else []
        nothing: dict[str, list[bytes]] = {name: [] for name in questions}
        return answers[: len(ahead)], nothing | dict(zip(asked, answers[len(ahead) :], strict=True))

    def _orders_by_id(self, ids: Sequence[str], *, lock: bool = False) -> Statement | None:
        if not ids:
            return None
        return self._spelling.select(schema.orders, {"id": ids}, order="id", lock=lock)

    def _marks(self, ids: Sequence[str]) -> Statement:
        return self._spelling.select(schema.orders, {"id": ids}, columns=Mark.__struct_fields__, order="id", lock=True)

    def _items_by_id(self, ids: Sequence[str]) -> Statement | None:
        """A statement of its own: it must see what the owner of the lock that we waited for has written."""
        if not ids:
            return None
        return self._spelling.select(schema.order_items, {"order_id": ids}, order="order_id, line")

    def _keys(self, submissions: Sequence[Submission]) -> Statement | None:
        keys = [s.idempotency for s in submissions if s.idempotency]
        if not keys:
            return None
        wanted = {"principal": sorted({key.principal for key in keys}), "key": sorted({key.key for key in keys})}
        return self._spelling.select(schema.idempotency_keys, wanted)

    def _external(self, submissions: Sequence[Submission]) -> Statement | None:
        drafts = [s.command for s in submissions if isinstance(s.command, PlaceDraft)]
        external = sorted({draft.external_id for draft in drafts if draft.external_id is not None})
        if not external:
            return None
        locations = sorted({s.location_id for s in submissions if s.location_id})
        wanted = {"location_id": locations} if locations else {}
        return self._spelling.select(schema.orders, {**wanted, "external_id": external})

    def _revisions(self, submissions: Sequence[Submission]) -> Statement:
        """Only these: a house is read after its revision, and so is never older."""
        anywhere = any(s.location_id is None for s in submissions)
        ids = sorted({s.location_id for s in submissions if s.location_id})
        return self._spelling.select(schema.menus, {} if anywhere else {"location_id": ids})

    def _order_statements(self, changes: Changes) -> Iterable[Statement]:
        new, old = changes.placed(), changes.advanced()
        items_new = [rows.item_row(order.id, item) for order in new for item in order.items]
        items_new += [rows.item_row(after.id, item) for before, after in old for item in added(before, after)]
        items_old = [rows.item_change(after.id, item) for before, after in old for item in moved(before, after)]
        write = self._spelling.write
        if new:
            yield write(rows.ORDER, [rows.order_row(order) for order in new])
        if old:
            yield write(rows.ORDER_CHANGE, [rows.order_change(after) for _, after in old])
        if items_new:
            yield write(rows.ITEM, items_new)
        if items_old:
            yield write(rows.ITEM_CHANGE, items_old)

    def _log_statements(self, changes: Changes) -> Iterable[Statement]:
        write = self._spelling.write
        if changes.events:
            yield write(rows.EVENT, [rows.event_row(*logged) for logged in changes.events])
        if changes.jobs:
            yield write(rows.JOB, list(map(astuple, changes.jobs)))
        if changes.kept:
            # In the same order for all who keep, as two may meet at one key.
            kept = sorted(changes.kept, key=lambda kept: (kept.principal, kept.key))
            yield write(rows.KEPT, list(map(astuple, kept)))


def _named(submission: Submission, *, again: bool) -> str | None:
    if isinstance(submission.command, PlaceDraft):
        return submission.command.order_id if again else None
    return submission.order_id


def added(before: Order, after: Order) -> Sequence[Any]:
    return after.items[len(before.items) :]


def moved(before: Order, after: Order) -> Sequence[Any]:
    return [new for old, new in zip(before.items, after.items, strict=False) if new is not old]


def _orders(order_rows: Sequence[bytes], item_rows: Sequence[bytes]) -> dict[str, Order]:
    items: dict[str, list[bytes]] = defaultdict(list)
    for text in item_rows:
        items[_item_key.decode(text).order_id].append(text)
    return {(id := _order_key.decode(text).id): rows.order_from(text, items[id]) for text in order_rows}


def _concerned(submissions: Sequence[Submission], loaded: Loaded) -> Set[str | None]:
    """The locations that are named, by themselves or by their orders."""
    return {s.location_id for s in submissions} | {order.location_id for order in loaded.orders.values()}


class _OrderKey(msgspec.Struct):
    id: str
    location_id: str
    external_id: str | None


class _ItemKey(msgspec.Struct):
    order_id: str


_mark = msgspec.json.Decoder(Mark)
_version = msgspec.json.Decoder(Version)
_order_key = msgspec.json.Decoder(_OrderKey)
_item_key = msgspec.json.Decoder(_ItemKey)
_kept = msgspec.json.Decoder(Kept)
