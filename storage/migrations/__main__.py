"""`python -m storage.migrations "what the step does"` writes the next step: what the rows say and the steps do not yet.

For developers: read what it wrote, complete it (SQLite alters a table through op.batch_alter_table), and test it.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from storage.archive.database import Database
from storage.archive.upgrading import config, head, upgrade


def main(message: str) -> None:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'empty.db'}")
        upgrade(database)
        with database.read() as connection:
            settings = config(connection)
            settings.set_main_option("file_template", "step_%%(rev)s_%%(slug)s")
            command.revision(settings, message, autogenerate=True, rev_id=f"{int(head() or 0) + 1:04}")
        database.close()


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or sys.exit(__doc__))
