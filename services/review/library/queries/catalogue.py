"""Reading the catalogue of indicators."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.library.model import AcceptedIndicator
from shared.domain.codelists.indicator import Indicator, starter_catalogue
from shared.platform.persistence.cache import cached


def catalogue(session: Session) -> dict[str, Indicator]:
    """All indicators: the starter catalogue, and over it what the editors accepted since."""
    return cached(session, "catalogue", lambda: _catalogue(session))


def _catalogue(session: Session) -> dict[str, Indicator]:
    accepted = session.scalars(select(AcceptedIndicator).order_by(AcceptedIndicator.code))
    return starter_catalogue() | {
        row.code: Indicator(code=row.code, version=row.version, definition=row.definition)
        for row in accepted
    }
