"""Articles have a place among stories, and analysts correct it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "story_place",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("traits", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_story_place_article_article"),
        sa.PrimaryKeyConstraint("number", name="pk_story_place"),
        sa.UniqueConstraint("article", name="uq_story_place_article"),
    )
    op.create_index("ix_story_place_story", "story_place", ["story"])
    op.create_table(
        "story_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "place", name="pk_story_key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "story_link",
        sa.Column("one", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one", "other", name="pk_story_link"),
    )
    op.create_index("ix_story_link_other", "story_link", ["other"])
    op.create_table(
        "story_correction",
        sa.Column("one", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("together", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["article.id"], name="fk_story_correction_one_article"),
        sa.ForeignKeyConstraint(["other"], ["article.id"], name="fk_story_correction_other_article"),
        sa.PrimaryKeyConstraint("one", "other", name="pk_story_correction"),
    )
    op.create_index("ix_story_correction_other", "story_correction", ["other"])
