"""The library for programs."""

from services.review.library.api.entries import library
from services.review.library.api.feeds import feeds

__all__ = ["feeds", "library"]
