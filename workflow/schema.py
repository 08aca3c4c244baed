"""The tables, as SQLAlchemy Core metadata; Alembic's history leads to exactly this."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from workflow.state_machine.model import ItemStatus, OrderStatus

CHANNELS = ("dine_in", "takeaway", "delivery")
ROLES = ("pos", "kitchen", "manager", "admin")
JOB_STATES = ("pending", "done", "dead", "cancelled")
LANES = ("estimates", "notifications", "webhooks", "reports", "timers")

metadata = sa.MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)


@lru_cache(maxsize=1024)
def sqlite_moment(at: datetime) -> str:
    """Fixed width, so that SQLite's text order is the order of time. A batch has one moment in many columns."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC: `timestamptz` on PostgreSQL, fixed-width RFC 3339 text on SQLite."""

    impl = sa.String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(sa.String(27))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return sqlite_moment(value)

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        return datetime.fromisoformat(value) if isinstance(value, str) else value


Id = sa.String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
Json = sa.JSON()


def one_of(name: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN ({', '.join(repr(str(value)) for value in values)})", name=name)


def table(name: str, *parts: sa.schema.SchemaItem, with_: Mapping[str, Any] | None = None, **options: Any) -> sa.Table:
    """`with_`: PostgreSQL's storage parameters."""
    return sa.Table(name, metadata, *parts, postgresql_with=dict(with_ or {}), **options)


def required(name: str, type_: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False, **options)


locations = table(
    "locations",
    sa.Column("id", sa.Text, primary_key=True),
    required("name", sa.Text),
    required("timezone", sa.Text),
    required("currency", sa.Text),
    required("cut_off_minutes", sa.Integer),
    required("auto_confirm", sa.Boolean),
    required("accept_seconds", sa.Integer),
    required("recall_seconds", sa.Integer),
    required("default_station", sa.Text),
    required("created_at", Moment),
)

stations = table(
    "stations",
    sa.Column("location_id", sa.ForeignKey("locations.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    required("name", sa.Text),
    required("position", sa.Integer),
    required("slots", sa.Integer),
)

menu_items = table(
    "menu_items",
    sa.Column("location_id", sa.ForeignKey("locations.id"), primary_key=True),
    sa.Column("sku", sa.Text, primary_key=True),
    required("name", sa.Text),
    required("category", sa.Text),
    sa.Column("description", sa.Text),
    required("price", sa.BigInteger),
    required("station", sa.Text),
    required("prep_seconds", sa.Integer),
    required("allergens", Json),
    required("modifiers", Json),
    required("available", sa.Boolean),
    required("position", sa.Integer),
)

# A location with its stations and menu items: triggers give them another `revision` with each change.
menus = table(
    "menus",
    sa.Column("location_id", sa.ForeignKey("locations.id"), primary_key=True),
    required("revision", sa.Text),
)

# `live` turns once, at the end. An index on `status`, which every command changes, would forbid heap-only updates.
orders = table(
    "orders",
    sa.Column("id", Id, primary_key=True),
    required("location_id", sa.Text),
    required("number", sa.Text),
    required("business_day", sa.Date),
    sa.Column("external_id", sa.Text),
    sa.Column("fingerprint", sa.Text),
    required("channel", sa.Text),
    sa.Column("table", sa.Text),
    sa.Column("guests", sa.Integer),
    sa.Column("customer", Json),
    sa.Column("notes", sa.Text),
    required("status", sa.Text),
    required("live", sa.Boolean),
    required("version", sa.Integer),
    required("acted_version", sa.Integer),
    required("progress", sa.Integer),
    required("priority", sa.Boolean),
    required("discounts", Json),
    required("payments", Json),
    required("currency", sa.Text),
    required("subtotal", sa.BigInteger),
    required("discount", sa.BigInteger),
    required("total", sa.BigInteger),
    required("paid", sa.BigInteger),
    required("tips", sa.BigInteger),
    required("recall_seconds", sa.Integer),
    required("delay_seconds", sa.Integer),
    sa.Column("estimate_ready_at", Moment),
    sa.Column("estimate_ready_by", Moment),
    sa.Column("estimate_computed_at", Moment),
    required("placed_at", Moment),
    sa.Column("confirmed_at", Moment),
    sa.Column("started_at", Moment),
    sa.Column("ready_at", Moment),
    sa.Column("completed_at", Moment),
    sa.Column("cancelled_at", Moment),
    sa.Column("cancel_reason", sa.Text),
    sa.Column("scheduled_for", Moment),
    sa.Column("accept_by", Moment),
    required("updated_at", Moment),
    one_of("status", tuple(OrderStatus)),
    one_of("channel", CHANNELS),
    with_={"fillfactor": 80},
)
sa.Index("orders_external_id_key", orders.c.location_id, orders.c.external_id, unique=True)
sa.Index(
    "orders_live_idx", orders.c.location_id, orders.c.id, postgresql_where=orders.c.live, sqlite_where=orders.c.live
)
sa.Index("orders_business_day_idx", orders.c.location_id, orders.c.business_day)

order_items = table(
    "order_items",
    sa.Column("order_id", Id, sa.ForeignKey("orders.id"), primary_key=True),
    sa.Column("line", sa.Integer, primary_key=True, autoincrement=False),
    required("id", Id),
    sa.Column("sku", sa.Text),
    required("name", sa.Text),
    required("quantity", sa.Integer),
    required("unit_price", sa.BigInteger),
    required("modifiers", Json),
    sa.Column("notes", sa.Text),
    required("allergens", Json),
    required("station", sa.Text),
    required("course", sa.Integer),
    required("prep_seconds", sa.Integer),
    required("status", sa.Text),
    sa.Column("fired_at", Moment),
    sa.Column("started_at", Moment),
    sa.Column("ready_at", Moment),
    sa.Column("served_at", Moment),
    sa.Column("voided_at", Moment),
    sa.Column("void_reason", sa.Text),
    sa.Column("acknowledged_at", Moment),
    one_of("status", tuple(ItemStatus)),
    with_={"fillfactor": 80},
    sqlite_with_rowid=False,
)

events = table(
    "events",
    sa.Column("order_id", Id, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    required("type", sa.Text),
    required("at", Moment),
    required("actor", sa.Text),
    required("data", Json),
    required("location_id", sa.Text),
    required("business_day", sa.Date),
    sa.Column("position", sa.BigInteger),
    with_={"fillfactor": 90},
)
numbered = events.c.position.is_not(None)
unnumbered = events.c.position.is_(None)
sa.Index("events_position_key", events.c.position, unique=True, postgresql_where=numbered, sqlite_where=numbered)
sa.Index("events_unnumbered_idx", events.c.at, postgresql_where=unnumbered, sqlite_where=unnumbered)

jobs = table(
    "jobs",
    sa.Column("id", Id, primary_key=True),
    required("kind", sa.Text),
    required("lane", sa.Text),
    required("subject", sa.Text),
    required("version", sa.Integer),
    required("location_id", sa.Text),
    required("payload", Json),
    required("state", sa.Text),
    required("due_at", Moment),
    required("attempts", sa.Integer),
    required("max_attempts", sa.Integer),
    sa.Column("lease_until", Moment),
    sa.Column("last_error", sa.Text),
    required("created_at", Moment),
    sa.Column("done_at", Moment),
    one_of("state", JOB_STATES),
    one_of("lane", LANES),
    with_={"fillfactor": 90, "autovacuum_vacuum_scale_factor": 0.05},
)
waiting = jobs.c.state == sa.literal_column("'pending'")
dead = jobs.c.state == sa.literal_column("'dead'")
sa.Index("jobs_due_idx", jobs.c.lane, jobs.c.due_at, postgresql_where=waiting, sqlite_where=waiting)
sa.Index(
    "jobs_head_of_line_idx", jobs.c.subject, jobs.c.lane, jobs.c.version, postgresql_where=waiting, sqlite_where=waiting
)
sa.Index("jobs_dead_idx", jobs.c.location_id, jobs.c.id, postgresql_where=dead, sqlite_where=dead)

job_attempts = table(
    "job_attempts",
    sa.Column("job_id", Id, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True, autoincrement=False),
    required("started_at", Moment),
    required("ended_at", Moment),
    required("outcome", sa.Text),
    sa.Column("error", sa.Text),
)

idempotency_keys = table(
    "idempotency_keys",
    sa.Column("principal", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    required("fingerprint", sa.Text),
    sa.Column("outcome", sa.Text),
    sa.Column("order_id", Id),
    sa.Column("version", sa.Integer),
    sa.Column("refusal", Json),
    required("created_at", Moment),
)
sa.Index("idempotency_keys_created_at_idx", idempotency_keys.c.created_at)

order_numbers = table(
    "order_numbers",
    sa.Column("location_id", sa.Text, primary_key=True),
    sa.Column("business_day", sa.Date, primary_key=True),
    required("last", sa.Integer),
)

api_keys = table(
    "api_keys",
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("location_id", sa.ForeignKey("locations.id")),
    required("role", sa.Text),
    required("name", sa.Text),
    required("digest", sa.Text, unique=True),
    required("created_at", Moment),
    sa.Column("revoked_at", Moment),
    one_of("role", ROLES),
)

# How browsers are let in: whoever knows a station's PIN, and whoever has a code that works once.
station_pins = table(
    "station_pins",
    sa.Column("location_id", sa.ForeignKey("locations.id"), primary_key=True),
    sa.Column("station_id", sa.Text, primary_key=True),
    required("digest", sa.Text),
    required("set_at", Moment),
)

sign_in_codes = table(
    "sign_in_codes",
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("key_id", sa.ForeignKey("api_keys.id"), nullable=False),
    required("expires_at", Moment),
    sa.Column("used_at", Moment),
)

reports = table(
    "reports",
    sa.Column("id", Id, primary_key=True),
    sa.Column("location_id", sa.ForeignKey("locations.id"), nullable=False),
    required("business_day", sa.Date),
    sa.Column("number", sa.Integer),
    required("status", sa.Text),
    required("progress", sa.Integer),
    sa.Column("last_position", sa.BigInteger),
    sa.Column("body", sa.Text),
    required("actor", sa.Text),
    required("requested_at", Moment),
    sa.Column("closed_at", Moment),
    one_of("status", ("pending", "closed")),
    sa.UniqueConstraint("location_id", "business_day"),
    sa.UniqueConstraint("location_id", "number"),
)

feed_counter = table(
    "feed_counter",
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    required("last_position", sa.BigInteger),
)

heartbeats = table(
    "heartbeats",
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("host", sa.Text, primary_key=True),
    sa.Column("pid", sa.Integer, primary_key=True, autoincrement=False),
    required("at", Moment),
    required("detail", Json),
)
