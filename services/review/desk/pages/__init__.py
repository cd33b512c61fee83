"""The desk for people: the queue, the approval form, and who is who."""

from services.review.desk.pages.again import show_again
from services.review.desk.pages.case import case_pages
from services.review.desk.pages.editing import editing
from services.review.desk.pages.organisations import organisation_pages
from services.review.desk.pages.queue import queue
from services.review.desk.pages.reviewers import reviewer_pages
from shared.platform.errors import DomainError

for _acted_on in (case_pages, editing):
    _acted_on.register_error_handler(DomainError, show_again)

BLUEPRINTS = (queue, case_pages, editing, organisation_pages, reviewer_pages)

__all__ = ["BLUEPRINTS"]
