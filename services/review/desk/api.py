"""The review desk for programs: the cases, and what reviewers and editors do with them."""

from uuid import UUID

from flask import Response
from flask_smorest import Blueprint
from marshmallow import RAISE
from sqlalchemy.orm import Session

from services.review.desk import queries, use_cases
from services.review.desk.model import Case, CaseMovedError
from services.review.desk.schemas.cases import CaseSchema, CasesSchema, summary, whole
from services.review.desk.schemas.requests import (
    CasesQuery,
    CasesQuerySchema,
    DecisionsSchema,
    DecisionsSent,
    IndicatorSchema,
    IndicatorSent,
    OptionalReasonSchema,
    OptionalReasonSent,
    ReasonSchema,
    ReasonSent,
    SharingSchema,
    SharingSent,
)
from services.review.desk.schemas.wording import moved_words
from services.review.library import queries as library
from services.review.library.model import Entry
from services.review.library.schemas.entries import ChangedEntrySchema, shown
from services.review.library.schemas.site import site
from shared.platform.accounts.roles import Role
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in
from shared.platform.web.problems import problem

desk = Blueprint("desk", __name__, url_prefix="/review/api/v1", description="Cases under review")


@desk.errorhandler(CaseMovedError)
def answer_moved(moved: CaseMovedError) -> Response:
    """Say what was done meanwhile. Whoever had a version compared may see the case."""
    with database.reading() as session:
        case = session.get_one(Case, moved.case_id)
        return problem(moved.status, moved_words(case, moved.version, library.catalogue(session)))


@desk.get("/cases")
@desk.arguments(CasesQuerySchema, location="query", unknown=RAISE)
@desk.response(200, CasesSchema)
@allow(Role.REVIEWER, Role.EDITOR)
def list_cases(wanted: CasesQuery) -> dict[str, object]:
    """The cases that you may see, the oldest due first."""
    with database.reading() as session:
        cases = queries.visible_cases(session, signed_in(), **wanted)
        is_full = len(cases) == wanted["limit"]
        return {
            "cases": [summary(case) for case in cases],
            "next": cases[-1].id if is_full else None,
        }


@desk.get("/cases/<uuid:case_id>")
@desk.response(200, CaseSchema)
@allow(Role.REVIEWER, Role.EDITOR)
def show_case(case_id: UUID) -> dict[str, object]:
    """A case with its items and its history."""
    with database.reading() as session:
        return whole(queries.case_for(session, signed_in(), case_id))


@desk.post("/cases/<uuid:case_id>/decisions")
@desk.arguments(DecisionsSchema)
@desk.response(200, CaseSchema)
@allow(Role.REVIEWER, Role.EDITOR)
def decide(sent: DecisionsSent, case_id: UUID) -> dict[str, object]:
    """Decide items of a case, mark it as sensitive, or both: all of that is stored, or nothing.

    An approval publishes the item at once, unless a second pair of eyes is asked for. Answers 409
    when more has been done to the case since that version or an item has been decided, 422 when a
    comment is missing, a point of the checklist is not answered, or something is said for which the
    verdict has no use: readers without an approval, a reference that is no duplicate's.
    """
    with database.begin() as session:
        case = queries.case_to_change(session, signed_in(), case_id, version=sent["version"])
        if sent["sensitive"]:
            use_cases.mark_sensitive(session, case=case, actor=signed_in())
        if decisions := sent["decisions"]:
            use_cases.decide_items(session, case=case, decisions=decisions, actor=signed_in())
        return whole(case)


@desk.post("/cases/<uuid:case_id>/items/<uuid:item_id>/indicator")
@desk.arguments(IndicatorSchema)
@desk.response(200, CaseSchema)
@allow(Role.EDITOR)
def resolve_indicator(sent: IndicatorSent, case_id: UUID, item_id: UUID) -> dict[str, object]:
    """Say which indicator of the catalogue a proposal is, or accept it as a new one."""
    with database.begin() as session:
        actor = signed_in()
        case = queries.case_to_change(session, actor, case_id, version=sent["version"])
        if sent["accept"]:
            use_cases.accept_indicator(
                session,
                case=case,
                item_id=item_id,
                code=sent["code"],
                family=sent["family"] or "context",
                actor=actor,
            )
        else:
            use_cases.map_indicator(
                session, case=case, item_id=item_id, code=sent["indicator"] or "", actor=actor
            )
        return whole(case)


@desk.post("/cases/<uuid:case_id>/items/<uuid:item_id>/publication")
@desk.arguments(OptionalReasonSchema)
@desk.response(200, ChangedEntrySchema)
@allow(Role.EDITOR)
def publish(sent: OptionalReasonSent, case_id: UUID, item_id: UUID) -> dict[str, object]:
    """Publish an approved item that waits for a second pair of eyes; your own approval wants a
    reason.

    Answers with the entry as it now is, without its position, which it gets only after that: read
    that from the library.
    """
    with database.begin() as session:
        actor = signed_in()
        case = queries.case_to_change(session, actor, case_id, version=sent["version"])
        reason = sent["reason"]
        entry = use_cases.publish_item(
            session,
            case=case,
            item_id=item_id,
            actor=actor,
            reason=reason,
        )
        return _shown(session, entry)


@desk.post("/entries/<reference:reference>/withdrawal")
@desk.arguments(ReasonSchema)
@desk.response(200, ChangedEntrySchema)
@allow(Role.EDITOR)
def withdraw(sent: ReasonSent, reference: str) -> dict[str, object]:
    """Take an entry out of the library. A tombstone stays wherever it was.

    Answers with the tombstone as it now is, without its position, which it gets only after that:
    read that from the library.
    """
    with database.begin() as session:
        entry = queries.entry_to_change(session, reference, version=sent["version"])
        use_cases.withdraw_entry(session, entry=entry, reason=sent["reason"], actor=signed_in())
        return _shown(session, entry)


@desk.post("/entries/<reference:reference>/sharing")
@desk.arguments(SharingSchema)
@desk.response(200, ChangedEntrySchema)
@allow(Role.EDITOR)
def share(sent: SharingSent, reference: str) -> dict[str, object]:
    """Change who may read an entry.

    Answers with the entry as it now is, without its position, which it gets only after that: read
    that from the library.
    """
    with database.begin() as session:
        entry = queries.entry_to_change(session, reference, version=sent["version"])
        use_cases.share_entry(
            session,
            entry=entry,
            sharing=sent["sharing"],
            readers=sent["readers"],
            reason=sent["reason"],
            actor=signed_in(),
        )
        return _shown(session, entry)


def _shown(session: Session, entry: Entry) -> dict[str, object]:
    """The entry as it now is."""
    seen = library.Seen(entry, None, entry.withdrawn_at)
    return shown(seen, library.catalogue(session), site())
