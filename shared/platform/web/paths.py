"""The parts of our addresses that only look one way: anything else is nowhere, and never reaches a
database.
"""

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from shared.platform.typed import texts


class Reference(BaseConverter):
    """A reference of a note or an entry: AAN-2026-0001, BM-2026-0001; as people write it, too."""

    regex = r"[^/]{10,40}"

    def to_python(self, value: str) -> str:
        """As the register writes it."""
        reference = texts.clean_reference(value)
        if not texts.is_reference(reference):
            raise ValidationError
        return reference


class Token(BaseConverter):
    """A random token, such as a receipt."""

    regex = r"[A-Za-z0-9_-]{20,64}"


class Code(BaseConverter):
    """A code of the catalogue."""

    regex = r"[a-z0-9][a-z0-9-]{0,79}"


def know_paths(app: Flask) -> None:
    """Let the views of an application use them."""
    app.url_map.converters.update(reference=Reference, token=Token, code=Code)
