"""Whether this process can do its work."""

from functools import cache

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from workflow.engine import Engine
from workflow.migrating import scripts
from workflow.refusals import DatabaseUnavailable


async def obstacle(engine: Engine) -> str | None:
    """What is in the way of taking orders, in a sentence; None when all is well."""
    try:
        migrated = await engine.read(at_head)
    except DatabaseUnavailable as refusal:
        return refusal.detail
    return None if migrated else "The database is not at this version's schema: run passline migrate."


def at_head(connection: sa.Connection) -> bool:
    """Whether the database has every migration of this version."""
    return set(MigrationContext.configure(connection).get_current_heads()) == _heads()


@cache
def _heads() -> frozenset[str]:
    return frozenset(ScriptDirectory(str(scripts())).get_heads())
