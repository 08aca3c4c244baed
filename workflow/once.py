"""Changes outside the orders that a client may ask for under an idempotency key."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workflow.refusals import IdempotencyKeyInUse, IdempotencyKeyReused
from workflow.schema import idempotency_keys
from workflow.submissions import Idempotency

Answer = dict[str, Any]


def once(
    connection: sa.Connection, key: Idempotency | None, at: datetime, work: Callable[[sa.Connection], Answer]
) -> tuple[Answer, bool]:
    """What *work* answers, JSON-ready, and whether that is the answer that *key* was given before.

    Raises IdempotencyKeyReused for another request under the same key, IdempotencyKeyInUse while the first one runs.
    """
    if key is None:
        return work(connection), False
    names = idempotency_keys.c
    mine = (names.principal == key.principal) & (names.key == key.key)
    kept = connection.execute(sa.select(names.fingerprint, names.refusal).where(mine)).first()
    if kept is None:
        answer = work(connection)
        _keep(connection, key, answer, at)
        return answer, False
    if kept.fingerprint != key.fingerprint:
        raise IdempotencyKeyReused(f"The key {key.key!r} was used for another request; take a new one.")
    return kept.refusal["answer"], True


def _keep(connection: sa.Connection, key: Idempotency, answer: Answer, at: datetime) -> None:
    row = {"principal": key.principal, "key": key.key, "fingerprint": key.fingerprint, "created_at": at}
    try:
        connection.execute(sa.insert(idempotency_keys).values(**row, outcome="done", refusal={"answer": answer}))
    except sa.exc.IntegrityError:
        raise IdempotencyKeyInUse(f"A request with the key {key.key!r} is still running.") from None
