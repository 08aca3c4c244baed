"""PINs of stations, and codes that sign in once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "station_pins",
        sa.Column("location_id", sa.Text(), nullable=False),
        sa.Column("station_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["locations.id"], name=op.f("station_pins_location_id_fkey")),
        sa.PrimaryKeyConstraint("location_id", "station_id", name=op.f("station_pins_pkey")),
    )
    op.create_table(
        "sign_in_codes",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("sign_in_codes_key_id_fkey")),
        sa.PrimaryKeyConstraint("digest", name=op.f("sign_in_codes_pkey")),
    )


def downgrade() -> None:
    op.drop_table("sign_in_codes")
    op.drop_table("station_pins")
