"""Intake for people: the field form, the status page, the start page."""

from services.intake.pages.start import intake_pages
from services.intake.pages.status import status_pages
from services.intake.pages.writing import draft_pages

__all__ = ["draft_pages", "intake_pages", "status_pages"]
