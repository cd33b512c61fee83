"""What only editors do: give cases, say what a proposal is, publish, share and withdraw.

Whatever is refused is answered by `again`.
"""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.review.desk import queries, use_cases
from services.review.desk.pages.done import back_to
from services.review.desk.pages.typed import seen_version
from shared.platform.accounts.roles import Role
from shared.platform.errors import InvalidError
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in
from shared.platform.web.forms import read

editing = Blueprint("editing", __name__, url_prefix="/review")


@editing.post("/cases/<uuid:case_id>/assign")
@allow(Role.EDITOR)
def assign(case_id: UUID) -> ResponseReturnValue:
    """Give a case to someone."""
    account_id, actor = sent.form().get("account", type=UUID), signed_in()
    with database.begin() as session:
        case = queries.case_to_change(session, actor, case_id, version=seen_version())
        if account_id is None:
            raise InvalidError({"account": [_("Choose whom to give the case to.")]})
        use_cases.give_case(session, case=case, account_id=account_id, actor=actor)
        return back_to(case)


@editing.post("/cases/<uuid:case_id>/items/<uuid:item_id>/indicator")
@allow(Role.EDITOR)
def resolve(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Say which indicator a proposal is, or take it into the catalogue."""
    values = read(sent.form(), ("indicator", "code", "family", "action"))
    with database.begin() as session:
        actor = signed_in()
        case = queries.case_to_change(session, actor, case_id, version=seen_version())
        if values["action"] == "accept":
            use_cases.accept_indicator(
                session,
                case=case,
                item_id=item_id,
                code=values["code"],
                family=values["family"] or "",
                actor=actor,
            )
        else:
            code = values["indicator"] or ""
            use_cases.map_indicator(session, case=case, item_id=item_id, code=code, actor=actor)
        return back_to(case)


@editing.post("/cases/<uuid:case_id>/items/<uuid:item_id>/publish")
@allow(Role.EDITOR)
def publish(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Publish an approved item that waited for a second pair of eyes."""
    reason, actor = read(sent.form(), ("reason",))["reason"], signed_in()
    with database.begin() as session:
        case = queries.case_to_change(session, actor, case_id, version=seen_version())
        use_cases.publish_item(session, case=case, item_id=item_id, actor=actor, reason=reason)
        return back_to(case)


@editing.post("/entries/<reference:reference>/withdraw")
@allow(Role.EDITOR)
def withdraw(reference: str) -> ResponseReturnValue:
    """Take an entry out of the library."""
    reason = read(sent.form(), ("withdraw_reason",))["withdraw_reason"]
    with database.begin() as session:
        entry = queries.entry_to_change(session, reference, version=seen_version())
        if not reason:
            raise InvalidError({"withdraw_reason": [_("Say why.")]})
        use_cases.withdraw_entry(session, entry=entry, reason=reason, actor=signed_in())
    return redirect(url_for("library.entry", reference=reference))


@editing.post("/entries/<reference:reference>/share")
@allow(Role.EDITOR)
def share(reference: str) -> ResponseReturnValue:
    """Change who may read an entry."""
    values = read(sent.form(), ("sharing", "share_reason", "readers"))
    lines = (values["readers"] or "").splitlines()
    with database.begin() as session:
        entry = queries.entry_to_change(session, reference, version=seen_version())
        if not values["share_reason"]:
            raise InvalidError({"share_reason": [_("Say why.")]})
        use_cases.share_entry(
            session,
            entry=entry,
            sharing=values["sharing"] or "",
            readers=[line.strip() for line in lines if line.strip()],
            reason=values["share_reason"],
            actor=signed_in(),
        )
    return redirect(url_for("library.entry", reference=reference, shared="yes"))
