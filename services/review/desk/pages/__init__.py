"""The desk for people: the queue, the approval form, and who is who."""

from services.review.desk.pages.case import case_pages
from services.review.desk.pages.editing import editing
from services.review.desk.pages.people import people_pages
from services.review.desk.pages.queue import queue

BLUEPRINTS = (queue, case_pages, editing, people_pages)

__all__ = ["BLUEPRINTS"]
