"""The library for people: the front door, and all that can be read."""

from services.review.library.pages.browse import library
from services.review.library.pages.front import front

BLUEPRINTS = (front, library)

__all__ = ["BLUEPRINTS"]
