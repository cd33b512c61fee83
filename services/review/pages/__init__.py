"""Review for people: the front door, the queue, the approval form, the library, and who is who."""

from services.review.pages.again import show_again
from services.review.pages.case import case_pages
from services.review.pages.editing import editing
from services.review.pages.front import front
from services.review.pages.library import library
from services.review.pages.people import people_pages
from services.review.pages.queue import queue
from shared.platform.errors import DomainError

for _acted_on in (case_pages, editing):
    _acted_on.register_error_handler(DomainError, show_again)

BLUEPRINTS = (front, queue, case_pages, editing, library, people_pages)

__all__ = ["BLUEPRINTS"]
