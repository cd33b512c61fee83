"""What administrators and editors say of a reviewer."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from services.review.desk import queries, use_cases
from services.review.desk.use_cases import Knowledge
from shared.domain import codelists, organisations
from shared.platform.accounts.accounts import account_with
from shared.platform.accounts.roles import Role
from shared.platform.errors import N_, NotAllowedError
from shared.platform.languages import LANGUAGES
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in
from shared.platform.web.forms import Form, read

reviewer_pages = Blueprint("reviewers", __name__, url_prefix="/review")

_FIELDS = ("capacity", "organisation", "office", "countries")
MOST_CASES = 1000


@reviewer_pages.get("/people/<uuid:account_id>/profile")
@allow(Role.ADMIN, Role.EDITOR)
def profile(account_id: UUID) -> str:
    """What a reviewer knows, where they work, how much they can carry."""
    with database.reading() as session:
        return _profile_page(session, account_id, Form(_values(session, account_id)))


@reviewer_pages.post("/people/<uuid:account_id>/profile")
@allow(Role.ADMIN, Role.EDITOR)
def edit_profile(account_id: UUID) -> ResponseReturnValue:
    """Store what a reviewer knows."""
    values = read(request.form, _FIELDS, lists=("languages", "sectors", "operations"))
    countries = (values["countries"] or "").replace(",", " ").upper().split()
    errors = _errors(values, countries)
    if account_id == signed_in().account_id:
        raise NotAllowedError(
            N_("Someone else must say this of you: conflicts of interest follow from it.")
        )
    with database.begin() as session:
        if errors:
            return _profile_page(session, account_id, Form(values, errors)), 422
        name = values["organisation"]
        organisation = organisations.find_or_record(session, name) if name else None
        use_cases.edit_profile(
            session,
            account_id=account_id,
            knows=Knowledge(
                languages=values["languages"],
                sectors=[int(code) for code in values["sectors"]],
                countries=countries,
                operations=values["operations"],
                capacity=int(values["capacity"]),
            ),
            organisation_id=organisation.id if organisation else None,
            office=values["office"],
        )
    return redirect(
        url_for("staff.people_page" if signed_in().role == Role.ADMIN else "queue.show")
    )


def _errors(values: dict[str, Any], countries: list[str]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not values["languages"] or not set(values["languages"]) <= set(LANGUAGES):
        errors["languages"] = [_("Tick at least one language.")]
    if not set(values["sectors"]) <= set(codelists.codes("sectors")):
        errors["sectors"] = [_("Choose sectors from the list.")]
    if not set(countries) <= codelists.countries():
        errors["countries"] = [
            _("Give countries by their three letters in ISO 3166, such as TCD LBY.")
        ]
    if values["office"] and values["office"] not in codelists.countries():
        errors["office"] = [_("Choose the country where they work.")]
    capacity = values["capacity"] or ""
    if not capacity.isascii() or not capacity.isdecimal() or int(capacity[:9]) > MOST_CASES:
        errors["capacity"] = [_("Give a whole number of cases.")]
    name = values["organisation"]
    if name and (
        not name.isprintable()
        or not any(map(str.isalpha, name))
        or len(name) > organisations.LONGEST_NAME
    ):
        errors["organisation"] = [_("Enter the name of the organisation.")]
    return errors


def _values(session: Session, account_id: UUID) -> dict[str, object]:
    account = account_with(session, account_id)
    candidate = queries.candidate(session, account_id)
    profile = candidate.profile if candidate else None
    organisation = (
        organisations.current(session, account.organisation_id) if account.organisation_id else None
    )
    if profile is None:
        return {}
    return {
        "languages": profile.languages,
        "sectors": [str(code) for code in profile.sectors],
        "countries": " ".join(profile.countries),
        "operations": profile.operations,
        "capacity": str(profile.capacity or 10),
        "organisation": organisation.name if organisation else "",
        "office": account.office,
    }


def _profile_page(session: Session, account_id: UUID, form: Form) -> str:
    return render_template(
        "profile.html",
        account=account_with(session, account_id),
        form=form,
        organisation_names=organisations.known_names(session),
        operations=queries.operations(session),
    )
