"""By what articles tell of events that the register does not hold: several outlets with one of these propose an event."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sighting",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_sighting_article_id_article"),
        sa.PrimaryKeyConstraint("article_id", "handle", name="pk_sighting"),
    )
    op.create_index("ix_sighting_handle_day", "sighting", ["handle", "day"])
