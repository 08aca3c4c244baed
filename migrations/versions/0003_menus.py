"""A revision of each location's stations and menu, another after every change, whoever makes it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("stations", "menu_items")
# Random: a count could come to the same number again, after a rollback or a restored backup, for another menu.
FUNCTION = """
CREATE FUNCTION menu_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO menus (location_id, revision)
    SELECT changed.id, gen_random_uuid() FROM (SELECT OLD.location_id UNION SELECT NEW.location_id) changed (id)
    WHERE changed.id IS NOT NULL
    ON CONFLICT (location_id) DO UPDATE SET revision = excluded.revision;
    RETURN NULL;
END $$
"""
POSTGRESQL = """
CREATE TRIGGER {table}_menu_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION menu_changed()
"""
# No upsert: whatever the outer statement does about conflicts would take its place.
SQLITE = """
CREATE TRIGGER {table}_menu_changed_by_{change} AFTER {change} ON {table}
BEGIN
    DELETE FROM menus WHERE location_id IN ({changed});
    INSERT INTO menus (location_id, revision)
    SELECT id, lower(hex(randomblob(16))) FROM locations WHERE id IN ({changed});
END
"""
CHANGES = {"insert": "NEW.location_id", "update": "OLD.location_id, NEW.location_id", "delete": "OLD.location_id"}


def upgrade() -> None:
    op.create_table(
        "menus",
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("menus_location_id_fkey")),
        sa.PrimaryKeyConstraint("location_id", name=op.f("menus_pkey")),
    )
    on_postgresql = op.get_context().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(FUNCTION)
    for table in TABLES:
        if on_postgresql:
            op.execute(POSTGRESQL.format(table=table))
            continue
        for change, changed in CHANGES.items():
            op.execute(SQLITE.format(table=table, change=change, changed=changed))
    new = "gen_random_uuid()" if on_postgresql else "lower(hex(randomblob(16)))"
    op.execute(f"INSERT INTO menus (location_id, revision) SELECT id, {new} FROM locations")


def downgrade() -> None:
    on_postgresql = op.get_context().dialect.name == "postgresql"
    for table in TABLES:
        if on_postgresql:
            op.execute(f"DROP TRIGGER {table}_menu_changed ON {table}")
            continue
        for change in CHANGES:
            op.execute(f"DROP TRIGGER {table}_menu_changed_by_{change}")
    if on_postgresql:
        op.execute("DROP FUNCTION menu_changed()")
    op.drop_table("menus")
