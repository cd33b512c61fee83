"""What the `env.py` of both services' migrations does: run them on the connection that `migrating`
opened.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, BigInteger, MetaData

from shared.platform.persistence.base import UtcDateTime


def run(*metadata: MetaData) -> None:
    """Apply the migrations. Only ever online: there is no service without its database."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=list(metadata),
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _render(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Our own column types by their names."""
    if kind != "type":
        return False
    name = {UtcDateTime: "UtcDateTime()", JSON: "Json", BigInteger: "BigId"}.get(type(item))
    # Alembic gives only the type
    if name is None or (name == "BigId" and not item._variant_mapping):  # noqa: SLF001
        return False
    autogenerate.imports.add(
        f"from shared.platform.persistence.base import {name.removesuffix('()')}"
    )
    return name
