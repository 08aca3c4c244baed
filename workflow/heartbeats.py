"""Signs of life of the processes behind the web: who was well, where, and when."""

import os
import socket
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from workflow.schema import heartbeats

WORKER = "worker.{lane}"
DISPATCHER = "dispatcher"


def beat(connection: sa.Connection, name: str, at: datetime, detail: Mapping[str, Any] | None = None) -> None:
    """This process was well *at* this moment."""
    me = {"name": name, "host": socket.gethostname(), "pid": os.getpid()}
    mine = sa.and_(*(heartbeats.c[column] == value for column, value in me.items()))
    values = {"at": at, "detail": dict(detail or {})}
    if not connection.execute(sa.update(heartbeats).where(mine).values(values)).rowcount:
        connection.execute(sa.insert(heartbeats).values(**me, **values))


def last_beats(connection: sa.Connection) -> dict[str, datetime]:
    """When any process of each name was last well."""
    latest = sa.type_coerce(sa.func.max(heartbeats.c.at), heartbeats.c.at.type)
    rows = connection.execute(sa.select(heartbeats.c.name, latest).group_by(heartbeats.c.name))
    return dict(rows.all())
