"""Analysts mark verdicts right or wrong; verdicts replaced later are no news to who did not find the article before."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mark",
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("right", sa.Boolean(), nullable=False),
        sa.Column("strength", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rules_version", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_mark_article_article"),
        sa.PrimaryKeyConstraint("article", "topic", name="pk_mark"),
    )
    op.create_table(
        "quiet",
        sa.Column("subscription", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_quiet_article_id_article"),
        sa.PrimaryKeyConstraint("subscription", "article_id", name="pk_quiet"),
    )
