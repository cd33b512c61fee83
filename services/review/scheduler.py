"""The loop that does for review what the clock says: it has the pages too, for the mails."""

import threading

from services.review.app import create_app
from services.review.desk import queries, use_cases
from shared.platform.errors import N_
from shared.platform.jobs import A_MINUTE, make_scheduler
from shared.platform.persistence.engine import Database
from shared.platform.scheduler import Job
from shared.platform.settings import Settings


def scheduler(settings: Settings, stop: threading.Event) -> None:
    """Send mail, take cases from those who may no longer review them, and keep house, until `stop`
    is set.
    """
    unfit = Job(N_("release reviewers who are no longer fit"), A_MINUTE, release_unfit)
    make_scheduler(settings, lambda: create_app(settings), [unfit]).run(stop)


def release_unfit(database: Database) -> None:
    """Take cases from those who may no longer review them.

    Looking locks nothing; each case is changed by itself.
    """
    with database.readings() as session:
        unfit = use_cases.find_unfit(session)
    for case_id in unfit:
        with database.sessions.begin() as session:
            use_cases.release_unfit(session, case=queries.case_locked(session, case_id))
