"""What a run has come to: everything promised, done or owed against what is there."""

import json
import os
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from workflow.audit import audit
from workflow.schema import events, job_attempts, jobs, orders
from workflow.state_machine.tables import BEFORE_READY

PATIENCE = 60


@dataclass
class Counts:
    """Orders and commands promised, requests whose end is unknown, and what must be nothing."""

    run: str
    accepted: int = 0
    commands: int = 0
    uncertain: int = 0
    replayed: int = 0
    mails: int = 0
    hits: int = 0
    lost: dict = field(default_factory=dict)
    doubled: dict = field(default_factory=dict)
    out_of_order: int = 0
    stuck: int = 0
    dead: int = 0
    audit: list = field(default_factory=list)
    refused: list = field(default_factory=list)

    def line(self):
        return json.dumps(asdict(self))


def settle(house, seconds=PATIENCE):
    """Waits until all is done that is due; how many jobs and events still wait after so many *seconds*."""
    try:
        house.until(lambda: _waiting(house.store) == 0, seconds)
    except AssertionError:
        return _waiting(house.store)
    return 0


def judge(house, run):
    """What *house* has come to when it has come to rest; prints it in one line."""
    stuck = settle(house)
    promises, answers = house.ledger.promises, house.ledger.counts
    with house.store.snapshot() as connection:
        facts = Facts(connection)
    counts = Counts(
        run,
        accepted=len(house.ledger.accepted),
        commands=sum(promise.asked != "place" for promise in promises),
        uncertain=answers["uncertain"] + sum(answers[code] for code in ("500", "502", "503", "504")),
        replayed=sum(promise.replayed for promise in promises),
        mails=len(house.mailbox.mails),
        hits=house.hits,
        lost=_lost(facts, house),
        doubled=_doubled(facts, house),
        out_of_order=_out_of_order(facts, house),
        stuck=stuck,
        dead=sum(job.state == "dead" for job in facts.jobs.values()),
        audit=_audited(house.store),
        refused=sorted(what for what in answers if not what.isdigit() and what != "uncertain"),
    )
    publish(counts.line())
    return counts


class Facts:
    """What the database has, read in one snapshot."""

    def __init__(self, connection):
        self.orders = {row.id: row for row in connection.execute(sa.select(orders))}
        self.events = connection.execute(sa.select(events).order_by(events.c.order_id, events.c.version)).all()
        self.jobs = {row.id: row for row in connection.execute(sa.select(jobs))}
        self.attempts = connection.execute(sa.select(job_attempts)).all()


def _waiting(store):
    """Jobs that should be done by now (a timer may wait for its hour) and events without a place in the feed."""
    due = sa.or_(jobs.c.lane != "timers", jobs.c.due_at <= store.now())
    pending = sa.select(sa.func.count()).select_from(jobs).where(jobs.c.state == "pending", due)
    unnumbered = sa.select(sa.func.count()).select_from(events).where(events.c.position.is_(None))
    with store.reading() as connection:
        return connection.execute(pending).scalar_one() + connection.execute(unnumbered).scalar_one()


def _lost(facts, house):
    versions = {(event.order_id, event.version) for event in facts.events}
    copies = house.mailbox.copies()
    told = [job for job in facts.jobs.values() if job.kind == "notify_customer" and job.state == "done"]
    unestimated = [o for o in facts.orders.values() if o.status in BEFORE_READY and o.estimate_ready_at is None]
    return {
        "orders": sum(order_id not in facts.orders for order_id in house.ledger.accepted.values()),
        "commands": sum((promise.order_id, promise.version) not in versions for promise in house.ledger.promises),
        "mails": sum(job.id not in copies for job in told),
        "estimates": len(unestimated),
    }


def _doubled(facts, house):
    names = Counter(order.notes for order in facts.orders.values())
    payments = Counter(event.order_id for event in facts.events if event.type == "payment.taken")
    done = Counter(attempt.job_id for attempt in facts.attempts if attempt.outcome == "done")
    mails = sum(copies - 1 for copies in house.mailbox.copies().values())
    return {
        "orders": sum(times - 1 for times in names.values()),
        "payments": sum(times - 1 for times in payments.values()),
        "jobs": sum(times - 1 for times in done.values()),
        "estimates": _repeated_estimates(facts),
        "mails": max(0, mails - house.hits),
    }


def _repeated_estimates(facts):
    """Estimates that say what the one before them said: what one job makes of an order, it makes once."""
    last, repeated = {}, 0
    for event in facts.events:
        if event.type == "order.estimated":
            said = json.dumps({name: event.data[name] for name in ("ready_at", "ready_by")})
            repeated += last.get(event.order_id) == said
            last[event.order_id] = said
    return repeated


def _out_of_order(facts, house):
    """Mails that came after one about a later version of their order."""
    told = defaultdict(int)
    wrong = 0
    for mail in house.mailbox.mails:
        job = facts.jobs[mail.job]
        wrong += job.version < told[job.subject]
        told[job.subject] = max(told[job.subject], job.version)
    return wrong


def _audited(store):
    *_, found = audit(store, jobs_since=store.now() - timedelta(days=1))
    return [f"{finding.subject}: {finding.detail}" for finding in found.findings]


def publish(line):
    """Prints *line*, and adds it to the file PASSLINE_FAULT_COUNTS where that is set."""
    print(line)
    if collected := os.environ.get("PASSLINE_FAULT_COUNTS"):
        with Path(collected).open("a") as file:
            file.write(line + "\n")


def expect_nothing_wrong(counts, *, accepted):
    """Nothing lost, doubled, out of order, stuck or dead; and so many orders *accepted* that it proves something."""
    assert counts.accepted >= accepted, counts.line()
    assert not any(counts.lost.values()), counts.line()
    assert not any(counts.doubled.values()), counts.line()
    assert (counts.out_of_order, counts.stuck, counts.dead) == (0, 0, 0), counts.line()
    assert (counts.audit, counts.refused) == ([], []), counts.line()
