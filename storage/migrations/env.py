"""What alembic runs: the steps, on the connection its caller put into the attributes (storage/archive/upgrading.py).

Only alembic imports this module.
"""

from typing import Any, Literal

from alembic import context
from sqlmodel.sql.sqltypes import AutoString

from storage.columns import Moment, Prose, Word
from storage.tables import METADATA

#: Steps speak of plain types: ours may change, a step that was shipped never does.
_PLAIN = {Moment: "sa.DateTime(timezone=True)", Prose: "sa.Text()", Word: "sa.String()", AutoString: "sa.String()"}


def _plainly(kind: str, item: Any, _context: object) -> str | Literal[False]:
    return _PLAIN.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_item=_plainly,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
