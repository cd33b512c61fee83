"""The parts of our addresses that only look one way: anything else is nowhere, and never reaches a
database.
"""

from flask import Flask
from werkzeug.routing import BaseConverter


class Reference(BaseConverter):
    """A reference of a note or an entry: AAN-2026-0001, BM-2026-0001."""

    regex = r"[A-Z]{2,3}-\d{4}-\d{4,12}"


class Token(BaseConverter):
    """A random token, such as a receipt."""

    regex = r"[A-Za-z0-9_-]{20,64}"


class Code(BaseConverter):
    """A code of the catalogue."""

    regex = r"[a-z0-9][a-z0-9-]{0,79}"


def know_paths(app: Flask) -> None:
    """Let the views of an application use them."""
    app.url_map.converters.update(reference=Reference, token=Token, code=Code)
