"""What someone has just done to a case: told on the page to which that leads."""

from collections.abc import Sequence

from flask import redirect, url_for
from werkzeug import Response

from services.review.desk.model import Case, HistoryEvent
from services.review.desk.pages.typed import seen_version
from shared.platform.typed import sent


def back_to(case: Case) -> Response:
    """The way back to the page of a case after an act on it; its address says which that was."""
    seen = seen_version()
    return redirect(url_for("case.show", case_id=case.id, since=seen, until=case.version))


def just_done(case: Case) -> Sequence[HistoryEvent]:
    """What was done by the act that led to this page; nothing if none did."""
    since, until = (sent.query().get(name, 0, type=int) for name in ("since", "until"))
    return [done for done in case.done_since(since) if done.version <= until]
