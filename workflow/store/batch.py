"""A batch of commands against one open transaction: load what they name, decide each, save all that changed."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain

import msgspec

from workflow.business_day import business_day
from workflow.failpoints import reach
from workflow.intake import AddDraft, House, PlaceDraft, order_number, priced, wanted_at
from workflow.menu import Location
from workflow.refusals import (
    ExternalIdConflict,
    IdempotencyKeyReused,
    LocationNeeded,
    OrderNotFound,
    StaleVersion,
    UnknownLocation,
)
from workflow.state_machine.commands import AddItems, Command, PlaceOrder
from workflow.state_machine.decide import decide, place
from workflow.state_machine.evolve import evolve, fold
from workflow.state_machine.model import Event, Item, Order, Recorded
from workflow.state_machine.refusals import Refusal
from workflow.store.changes import Changes, Kept
from workflow.store.memory import Memory
from workflow.store.numbers import Numbers, Place
from workflow.store.session import Loaded, Session
from workflow.store.spelling import Conversation, Spelling, idle
from workflow.submissions import Idempotency, Outcome, Submission
from workflow.subscriptions import jobs_owed

Result = Outcome | Exception
Foreseen = Callable[[Sequence[Result]], None]


class Placing(msgspec.Struct, frozen=True):
    """A new order that is priced and waits for its number."""

    draft: PlaceDraft
    house: House
    items: tuple[Item, ...]
    business_day: date


def decided(spelling: Spelling, batch: "Batch", memory: Memory) -> Conversation[list[Result]]:
    """The whole conversation of a batch: load what it names, decide it, write what changed."""
    session = Session(spelling, memory)
    expected = batch.prepare(memory.houses.seen, memory.houses.seen)
    loaded = batch.loaded = yield from session.load(batch.submissions, expected, again=batch.again)
    reach("batch_loaded")
    needed = batch.prepare(loaded.houses, loaded.locations)
    more = (yield from session.reserve(short)) if (short := needed - expected) else {}
    batch.results = batch.run([loaded.numbers, more])
    # Who has locked a counter in this transaction must not reach for another one: rather a gap.
    spare = {} if more else loaded.numbers
    meanwhile = partial(batch.foreseen, batch.results) if batch.foreseen else idle
    yield from session.save(batch.changes, spare, needed, meanwhile)
    return batch.results


class Batch:
    """Decides its commands in their order; each sees what those before it did.

    `loaded` is for others to set before they call `run`; `results` is empty until then.
    `again`: an earlier try may have placed its orders, which are looked for. `foreseen` is told what it will have come
    to, while that is being committed.
    """

    def __init__(self, submissions: Sequence[Submission], at: datetime, *, again: bool = False) -> None:
        self.submissions = submissions
        self.again = again
        self.foreseen: Foreseen | None = None
        self.changes = Changes()
        self.loaded = Loaded()
        self.results: list[Result] = []
        self._at = at
        self._placings: dict[int, Placing | Refusal] = {}
        self._days: dict[tuple[datetime, str, int], date] = {}
        self._numbers: dict[Place, Iterator[int]] = {}

    def prepare(self, houses: Mapping[str, House], locations: Collection[str]) -> Counter[Place]:
        """Price the new orders as in *houses*; how many numbers they need, by location and business day.

        It is asked before anything is loaded, by houses as they were known, and again; that costs little where they
        stayed as they were. *locations*: all that may be meant.
        """
        wanted: Counter[Place] = Counter()
        for index, submission in enumerate(self.submissions):
            if isinstance(submission.command, PlaceDraft):
                placing = self._placing(index, submission, submission.command, houses, locations)
                if isinstance(placing, Placing) and not self._known(submission, placing):
                    wanted[placing.house.location.id, placing.business_day] += 1
        return wanted

    def run(self, numbers: Sequence[Numbers] = ()) -> list[Result]:
        """One result a submission, in their order; nothing is written yet. New orders take from *numbers*."""
        places = {place for some in numbers for place in some}
        self._numbers = {place: chain(*[some.get(place, ()) for some in numbers]) for place in places}
        return [self._answer(index, submission) for index, submission in enumerate(self.submissions)]

    def _answer(self, index: int, submission: Submission) -> Result:
        key = submission.idempotency
        if key and (kept := self.loaded.kept.get((key.principal, key.key))):
            return self._replay(kept, key)
        try:
            outcome = self._carry_out(index, submission)
        except OrderNotFound as refusal:
            return refusal
        except Refusal as refusal:
            self._keep(Kept.of_refusal(key, refusal, self._at) if key else None)
            return refusal
        self._keep(Kept.of_outcome(key, outcome) if key else None)
        return outcome

    def _carry_out(self, index: int, submission: Submission) -> Outcome:
        command = submission.command
        if isinstance(command, PlaceDraft):
            return self._place(index, command, submission)
        order = self._order(submission)
        if isinstance(command, AddDraft):
            command = AddItems(priced(command.items, self.loaded.houses[order.location_id]))
        return self._advance(order, command, submission.actor)

    def _order(self, submission: Submission) -> Order:
        order = self.loaded.orders.get(submission.order_id or "")
        if order is None or submission.location_id not in (None, order.location_id):
            raise OrderNotFound(f"There is no order {submission.order_id}.")
        stale = submission.if_match is not None and not order.acted_version <= submission.if_match <= order.version
        if stale:
            told = {"current_version": order.version, "order_status": order.status.value}
            raise StaleVersion(f"Order {order.number} is at version {order.version} by now.", **told)
        return order

    def _advance(self, order: Order, command: Command, actor: str) -> Outcome:
        at = max(self._at, order.updated_at)
        events = decide(order, command, at, actor)
        self.changes.before.setdefault(order.id, order)
        return Outcome(self._record(order.id, order, events), "done", at)

    def _place(self, index: int, draft: PlaceDraft, submission: Submission) -> Outcome:
        placing = self._placings[index]
        if isinstance(placing, Placing):
            house = placing.house
        else:
            house = _ordered_at(submission.location_id, self.loaded.houses, self.loaded.locations)
        # What is in the books stays there, whatever the menu has come to say since.
        if existing := self._existing(draft, house.location.id):
            return existing
        if isinstance(placing, Refusal):
            raise placing
        order_id = draft.order_id
        number = order_number(next(self._numbers[placing.house.location.id, placing.business_day]))
        self.changes.before[order_id] = None
        order = self._record(order_id, None, place(self._place_order(placing, number), self._at, submission.actor))
        if draft.external_id is not None:
            self.loaded.external[order.location_id, draft.external_id] = order.id
        return Outcome(order, "placed", self._at)

    def _existing(self, draft: PlaceDraft, location_id: str) -> Outcome | None:
        """The order that an earlier try placed, or that has the draft's external_id if its content was the same."""
        if placed := self.loaded.orders.get(draft.order_id):
            return Outcome(placed, "placed", max(self._at, placed.updated_at))
        order_id = self.loaded.external.get((location_id, draft.external_id or ""))
        if order_id is None:
            return None
        order = self.loaded.orders[order_id]
        if order.fingerprint == draft.fingerprint:
            return Outcome(order, "existing", max(self._at, order.updated_at))
        detail = f"Order {order.number} has external_id {draft.external_id!r} and another content."
        raise ExternalIdConflict(detail, order_id=order.id, number=order.number)

    def _place_order(self, placing: Placing, number: str) -> PlaceOrder:
        draft, location = placing.draft, placing.house.location
        # By place, as names would take four times as long.
        return PlaceOrder(
            draft.order_id,
            location.id,
            number,
            placing.business_day,
            draft.channel,
            location.currency,
            placing.items,
            location.recall_seconds,
            location.auto_confirm,
            draft.external_id,
            draft.fingerprint,
            draft.table,
            draft.guests,
            draft.customer,
            draft.notes,
            draft.discounts,
            draft.payments,
            draft.scheduled_for,
            None if location.auto_confirm or draft.scheduled_for else location.accept_by(self._at),
        )

    def _known(self, submission: Submission, placing: Placing) -> bool:
        key, draft = submission.idempotency, placing.draft
        replayed = key is not None and (key.principal, key.key) in self.loaded.kept
        external = (placing.house.location.id, draft.external_id or "") in self.loaded.external
        return replayed or external or draft.order_id in self.loaded.orders

    def _placing(
        self,
        index: int,
        submission: Submission,
        draft: PlaceDraft,
        houses: Mapping[str, House],
        locations: Collection[str],
    ) -> Placing | Refusal:
        placing = self._placings.get(index)
        try:
            house = _ordered_at(submission.location_id, houses, locations)
            if isinstance(placing, Placing) and placing.house is house:
                return placing
            day = self._day_at(wanted_at(draft, self._at), house.location)
            placing = Placing(draft, house, priced(draft.items, house), day)
        except Refusal as refusal:
            placing = refusal
        self._placings[index] = placing
        return placing

    def _record(self, order_id: str, order: Order | None, events: Sequence[Event]) -> Order:
        for event in events:
            order = evolve(order, event, order_id)
            recorded = Recorded(order_id, order.version, event)
            day = self._day_at(event.at, self.loaded.houses[order.location_id].location)
            self.changes.events.append((recorded, order.location_id, day))
            self.changes.jobs.extend(jobs_owed(order, recorded))
        assert order is not None
        self.loaded.orders[order_id] = self.changes.after[order_id] = order
        return order

    def _day_at(self, at: datetime, location: Location) -> date:
        """Nearly all events of a batch are of one moment, and of one place."""
        moment = at, location.timezone, location.cut_off_minutes
        if moment not in self._days:
            self._days[moment] = business_day(*moment)
        return self._days[moment]

    def _keep(self, kept: Kept | None) -> None:
        if kept:
            self.changes.kept.append(kept)
            self.loaded.kept[kept.principal, kept.key] = kept

    def _replay(self, kept: Kept, key: Idempotency) -> Result:
        """The stored answer again: the order as it was then, or the same refusal."""
        if kept.fingerprint != key.fingerprint:
            return IdempotencyKeyReused(f"The key {key.key!r} was used for another request; take a new one.")
        if refusal := kept.refused():
            return refusal
        assert kept.order_id is not None
        assert kept.version is not None
        assert kept.outcome is not None
        return Outcome(self._as_of(kept.order_id, kept.version), kept.outcome, kept.created_at, replayed=True)

    def _as_of(self, order_id: str, version: int) -> Order:
        """The order as it was: further back than it was loaded, or in the middle of this batch."""
        order = self.changes.before.get(order_id, self.loaded.orders[order_id])
        if history := [recorded for recorded in self.loaded.histories[order_id] if recorded.version <= version]:
            order = fold(history)
        for recorded, _, _ in self.changes.events:
            if recorded.order_id == order_id and recorded.version <= version:
                order = evolve(order, recorded.event, order_id)
        assert order is not None
        return order


def _ordered_at(location_id: str | None, houses: Mapping[str, House], locations: Collection[str]) -> House:
    if location_id is None:
        if len(locations) != 1:
            raise LocationNeeded("Say which with ?location=.", locations=sorted(locations))
        return next(iter(houses.values()))
    if location_id not in houses:
        raise UnknownLocation(f"There is no location {location_id!r}.", locations=sorted(locations))
    return houses[location_id]
