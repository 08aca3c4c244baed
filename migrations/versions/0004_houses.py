"""A location's own row counts for its revision as its stations and menu do."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION location_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO menus (location_id, revision) VALUES (NEW.id, gen_random_uuid())
    ON CONFLICT (location_id) DO UPDATE SET revision = excluded.revision;
    RETURN NULL;
END $$
"""
POSTGRESQL = """
CREATE TRIGGER locations_menu_changed AFTER INSERT OR UPDATE ON locations
FOR EACH ROW EXECUTE FUNCTION location_changed()
"""
# No upsert: whatever the outer statement does about conflicts would take its place.
SQLITE = """
CREATE TRIGGER locations_menu_changed_by_{change} AFTER {change} ON locations
BEGIN
    DELETE FROM menus WHERE location_id = NEW.id;
    INSERT INTO menus (location_id, revision) VALUES (NEW.id, lower(hex(randomblob(16))));
END
"""
CHANGES = "insert", "update"


def upgrade() -> None:
    on_postgresql = op.get_context().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(FUNCTION)
        op.execute(POSTGRESQL)
    else:
        for change in CHANGES:
            op.execute(SQLITE.format(change=change))
    # Of all: whoever remembers a revision from before may have missed a change.
    new = "gen_random_uuid()" if on_postgresql else "lower(hex(randomblob(16)))"
    op.execute(
        f"INSERT INTO menus (location_id, revision) SELECT id, {new} FROM locations WHERE true"
        " ON CONFLICT (location_id) DO UPDATE SET revision = excluded.revision"
    )


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP TRIGGER locations_menu_changed ON locations")
        op.execute("DROP FUNCTION location_changed()")
    else:
        for change in CHANGES:
            op.execute(f"DROP TRIGGER locations_menu_changed_by_{change}")
