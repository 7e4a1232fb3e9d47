"""PostgreSQL finds articles and entries by addresses of any length: its ordered indexes refuse what is longer than 2,704 bytes."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("article", "entry"):
        op.drop_index(f"ix_{table}_url", table)
        op.create_index(f"ix_{table}_url", table, ["url"], postgresql_using="hash")
