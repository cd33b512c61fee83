"""Review and the library for programs."""

from services.review.api.desk import desk
from services.review.api.feeds import feeds
from services.review.api.library import library

PREFIX = "/api/v1"

__all__ = ["PREFIX", "desk", "feeds", "library"]
