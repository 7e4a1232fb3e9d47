"""What alembic runs: the steps owed, on the connection its caller put into the attributes.

Only alembic imports this module, called by storage/archive/upgrading.py.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
