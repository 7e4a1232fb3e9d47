"""Articles are visited again: when, what their pages answered, which vanished; revisions say what they touched.

Revisions kept before this step were never judged (`touched` is null) and all count as mattering, as they did until now.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _articles_and_revisions()
    op.create_table(
        "revisit",
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("outlet", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_visit", sa.DateTime(timezone=True), nullable=True),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("page_hash", sa.String(), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_revisit_article_article"),
        sa.PrimaryKeyConstraint("article", name="pk_revisit"),
    )
    op.create_index("ix_revisit_due", "revisit", ["due"])
    op.create_table(
        "absence",
        sa.Column("article", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("back", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name="fk_absence_article_article"),
        sa.PrimaryKeyConstraint("article", "since", name="pk_absence"),
    )


def _articles_and_revisions() -> None:
    op.add_column("revision", sa.Column("filled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("revision", sa.Column("touched", sa.JSON(), nullable=True))
    op.add_column("article", sa.Column("edits", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("article", sa.Column("matters", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("article", sa.Column("gone_since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE article SET matters = revision WHERE revision > 1")
    # The second text of a seed is the operator's document in the place of our abstract: nobody edited anything.
    op.execute("UPDATE article SET edits = revision - 1 WHERE revision > 1 AND NOT seed")
    # The defaults served the old rows only; SQLite takes them away by making the tables anew.
    with op.batch_alter_table("revision") as revision_:
        revision_.alter_column("filled", server_default=None)
    with op.batch_alter_table("article") as article:
        article.alter_column("edits", server_default=None)
        article.alter_column("matters", server_default=None)
