"""Verdicts name events. Those given before know of none until their articles are judged again."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("verdict", sa.Column("events", sa.JSON(), nullable=False, server_default="[]"))
    # The default served the old rows only; SQLite takes it away by making the table anew.
    with op.batch_alter_table("verdict") as verdict:
        verdict.alter_column("events", server_default=None)
