"""An archive bears a number of its own, by which an index knows whose it is; PostgreSQL finds addresses of any length.

Its ordered indexes refuse what is longer than 2,704 bytes.
"""

from secrets import randbits

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(f"INSERT INTO counter (name, value) VALUES ('identity', {randbits(31)})")
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in ("article", "entry"):
        op.drop_index(f"ix_{table}_url", table)
        op.create_index(f"ix_{table}_url", table, ["url"], postgresql_using="hash")
