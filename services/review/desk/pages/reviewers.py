"""What administrators and editors say of reviewers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from services.review.desk import queries, use_cases
from services.review.desk.use_cases import Knowledge
from shared.domain import organisations
from shared.platform.accounts.accounts import account_with
from shared.platform.accounts.roles import Role
from shared.platform.errors import InvalidError
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in
from shared.platform.web.forms import Form, read
from shared.platform.web.problems import translate

reviewer_pages = Blueprint("reviewers", __name__, url_prefix="/review")

_FIELDS = ("capacity", "organisation", "office", "countries")


@reviewer_pages.get("/people/<uuid:account_id>/profile")
@allow(Role.ADMIN, Role.EDITOR)
def profile(account_id: UUID) -> str:
    """What a reviewer knows, where they work, how much they can carry."""
    with database.reading() as session:
        return _page(session, account_id, Form(_values(session, account_id)))


@reviewer_pages.post("/people/<uuid:account_id>/profile")
@allow(Role.ADMIN, Role.EDITOR)
def edit_profile(account_id: UUID) -> ResponseReturnValue:
    """Store what a reviewer knows."""
    values = read(sent.form(), _FIELDS, lists=("languages", "sectors", "operations"))
    try:
        with database.begin() as session:
            use_cases.edit_profile(
                session,
                account_id=account_id,
                knows=_knowledge(values, _not_offered(session, account_id)),
                organisation=values["organisation"],
                office=values["office"],
                actor=signed_in(),
            )
    except InvalidError as error:
        errors = {name: [translate(text) for text in texts] for name, texts in error.errors.items()}
        with database.reading() as session:
            return _page(session, account_id, Form(values, errors)), 422
    is_admin = signed_in().role == Role.ADMIN
    return redirect(url_for("account_admin.show" if is_admin else "queue.show"))


def _not_offered(session: Session, account_id: UUID) -> list[str]:
    """The operations of a profile for which its page has no box: nobody can have unticked them."""
    offered = {id_ for id_, _name in queries.operations(session)}
    return [id_ for id_ in queries.worked_on(session, account_id) if id_ not in offered]


def _knowledge(values: dict[str, Any], not_offered: list[str]) -> Knowledge:
    return Knowledge(
        languages=values["languages"],
        sectors=[_number(code) for code in values["sectors"]],
        countries=(values["countries"] or "").replace(",", " ").upper().split(),
        operations=[*values["operations"], *not_offered],
        capacity=_number(values["capacity"] or ""),
    )


def _number(typed: str) -> int:
    """A whole number; -1, which nothing here may be, for what is none."""
    return int(typed[:9]) if typed.isascii() and typed.isdecimal() else -1


def _values(session: Session, account_id: UUID) -> dict[str, object]:
    account = account_with(session, account_id)
    candidate = queries.candidate(session, account_id)
    profile = candidate.profile if candidate else None
    organisation = organisations.current(session, account.organisation_id)
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


def _page(session: Session, account_id: UUID, form: Form) -> str:
    return render_template(
        "profile.html",
        account=account_with(session, account_id),
        form=form,
        organisation_names=organisations.known_names(session),
        operations=queries.operations(session),
    )
