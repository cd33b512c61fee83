"""Items say what their entry shows and to whom; versions of notes are found by a title."""

import sqlalchemy as sa
from alembic import op

from shared.platform.persistence.base import Json
from shared.platform.typed.texts import fold

revision = "0006"
down_revision = "0005"

AT_A_TIME = 500


def upgrade() -> None:
    """Two columns that review's events fill from now on, and one that is filled here."""
    op.add_column("item", sa.Column("entry_sharing", sa.String(), nullable=True))
    op.add_column("item", sa.Column("published_version", sa.Integer(), nullable=True))
    is_entry = sa.text("entry_sharing IS NOT NULL")
    op.create_index(
        "ix_item_entry",
        "item",
        ["note_id", "published_version", "entry_sharing"],
        sqlite_where=is_entry,
        postgresql_where=is_entry,
    )
    folded = sa.Column("folded", sa.String(), nullable=False, server_default="")
    op.add_column("note_version", folded)
    _fold_titles(op.get_bind())
    op.create_index(op.f("ix_note_version_folded"), "note_version", ["folded"])


def _fold_titles(connection: sa.Connection) -> None:
    versions = sa.table("note_version", sa.column("id"), sa.column("folded"))
    title = sa.column("content", Json)["operation"]["title"].as_string().label("title")
    some = sa.select(versions.c.id, title).order_by(versions.c.id).limit(AT_A_TIME)
    last = 0
    while rows := connection.execute(some.where(versions.c.id > last)).all():
        for row in rows:
            this = sa.update(versions).where(versions.c.id == row.id)
            connection.execute(this.values(folded=fold(row.title)))
        last = rows[-1].id
