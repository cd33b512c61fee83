"""What only editors do: give cases, say what a proposal is, publish, share and withdraw."""

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from services.review import queries, use_cases
from services.review.pages.case import case_page
from services.review.pages.library import entry_page
from shared.errors import DomainError, InvalidError
from shared.web import database
from shared.web.access import allow, signed_in
from shared.web.forms import Form, read
from shared.web.problems import translate

editing = Blueprint("editing", __name__, url_prefix="/review")


@editing.post("/cases/<uuid:case_id>/assign")
@allow("editor")
def assign(case_id: UUID) -> ResponseReturnValue:
    """Give a case to someone."""
    account_id = request.form.get("account", type=UUID)
    with database.begin() as session:
        case = queries.case_to_change(session, signed_in(), case_id, version=None)
        if account_id is not None:
            use_cases.give_case(session, case=case, account_id=account_id, actor=signed_in())
    return redirect(url_for("case.show", case_id=case_id))


@editing.post("/cases/<uuid:case_id>/items/<uuid:item_id>/indicator")
@allow("editor")
def resolve(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Say which indicator a proposal is, or take it into the catalogue."""
    values = read(request.form, ("indicator", "code", "family", "action"))
    try:
        with database.begin() as session:
            actor = signed_in()
            case = queries.case_to_change(session, actor, case_id, version=None)
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
    except DomainError as error:
        return _again(case_id, item_id, values, error)
    return redirect(url_for("case.show", case_id=case_id))


@editing.post("/cases/<uuid:case_id>/items/<uuid:item_id>/publish")
@allow("editor")
def publish(case_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Publish an approved item that waited for a second pair of eyes."""
    values = read(request.form, ("reason",))
    try:
        with database.begin() as session:
            case = queries.case_to_change(session, signed_in(), case_id, version=None)
            use_cases.publish_item(session, case=case, item_id=item_id, actor=signed_in(), reason=values["reason"])
    except DomainError as error:
        return _again(case_id, item_id, values, error)
    return redirect(url_for("case.show", case_id=case_id))


@editing.post("/entries/<reference:reference>/withdraw")
@allow("editor")
def withdraw(reference: str) -> ResponseReturnValue:
    """Take an entry out of the library."""
    values = read(request.form, ("withdraw_reason",))
    reason = values["withdraw_reason"]
    if not reason:
        return _entry_again(reference, values, {"withdraw_reason": [_("Say why.")]})
    with database.begin() as session:
        entry = queries.entry_to_change(session, reference, version=None)
        use_cases.withdraw_entry(session, entry=entry, reason=reason, actor=signed_in())
    return redirect(url_for("library.entry", reference=reference))


@editing.post("/entries/<reference:reference>/share")
@allow("editor")
def share(reference: str) -> ResponseReturnValue:
    """Change who may read an entry."""
    values = read(request.form, ("sharing", "share_reason", "readers"))
    if not values["share_reason"]:
        return _entry_again(reference, values, {"share_reason": [_("Say why.")]})
    try:
        with database.begin() as session:
            use_cases.share_entry(
                session,
                entry=queries.entry_to_change(session, reference, version=None),
                sharing=values["sharing"] or "",
                readers=[line.strip() for line in (values["readers"] or "").splitlines() if line.strip()],
                reason=values["share_reason"],
                actor=signed_in(),
            )
    except InvalidError as error:
        return _entry_again(reference, values, {name: [*map(translate, texts)] for name, texts in error.errors.items()})
    return redirect(url_for("library.entry", reference=reference))


def _entry_again(reference: str, values: dict[str, str], errors: dict[str, list[str]]) -> ResponseReturnValue:
    with database.reading() as session:
        return entry_page(session, reference, Form(values, errors))


def _again(case_id: UUID, item_id: UUID, values: dict[str, str], error: DomainError) -> ResponseReturnValue:
    """The page of the case again, with what was typed beside the item and what is wrong with it."""
    errors = error.errors if isinstance(error, InvalidError) else {"indicator": [error]}
    with database.reading() as session:
        case = queries.case_for(session, signed_in(), case_id)
        form = Form(
            {f"{name}-{item_id}": value for name, value in values.items()},
            {f"{name}-{item_id}": [translate(text) for text in texts] for name, texts in errors.items()},
        )
        return case_page(session, case, form), error.status
