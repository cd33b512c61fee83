"""What administrators and editors say of organisations."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from services.review.desk import use_cases
from shared.domain import organisations
from shared.domain.organisations import Organisation
from shared.platform.accounts.roles import Role
from shared.platform.errors import DomainError, InvalidError
from shared.platform.typed import sent
from shared.platform.web import database
from shared.platform.web.access import allow, signed_in
from shared.platform.web.forms import Form, read
from shared.platform.web.problems import translate

organisation_pages = Blueprint("organisations", __name__, url_prefix="/review")


@organisation_pages.get("/organisations")
@allow(Role.ADMIN, Role.EDITOR)
def show() -> str:
    """The organisations that nobody has vouched for, then all others."""
    with database.reading() as session:
        return _page(session, Form())


@organisation_pages.post("/organisations/<uuid:organisation_id>")
@allow(Role.ADMIN, Role.EDITOR)
def confirm_or_merge(organisation_id: UUID) -> ResponseReturnValue:
    """Confirm an organisation, or merge it into another one."""
    values = read(sent.form(), ("name", "parent", "into", "action"))
    try:
        with database.begin() as session:
            if values["action"] == "merge":
                into = _known(session, "into", values["into"])
                use_cases.merge_organisation(
                    session, organisation_id=organisation_id, into_id=into.id, actor=signed_in()
                )
            else:
                parent = _known(session, "parent", values["parent"]) if values["parent"] else None
                use_cases.confirm_organisation(
                    session,
                    organisation_id=organisation_id,
                    name=values["name"] or "",
                    parent_id=parent.id if parent else None,
                    actor=signed_in(),
                )
    except DomainError as error:
        return _again(organisation_id, values, error)
    return redirect(url_for("organisations.show"))


def _known(session: Session, field: str, name: str | None) -> Organisation:
    found = organisations.find(session, name or "")
    if found is None:
        raise InvalidError(
            {field: [_("Enter the name of an organisation that the register knows.")]}
        )
    return found


def _again(
    organisation_id: UUID, values: Mapping[str, object], error: DomainError
) -> ResponseReturnValue:
    """The list again, with what was typed for this organisation and what is wrong with it."""
    field = "into" if values["action"] == "merge" else "name"
    errors = error.errors if isinstance(error, InvalidError) else {field: [error]}
    form = Form(
        {f"{name}-{organisation_id}": value for name, value in values.items()},
        {
            f"{name}-{organisation_id}": [translate(text) for text in texts]
            for name, texts in errors.items()
        },
    )
    with database.reading() as session:
        return _page(session, form), error.status


def _page(session: Session, form: Form) -> str:
    query = select(Organisation).where(Organisation.merged_into.is_(None))
    listed = session.scalars(query.order_by(Organisation.confirmed, Organisation.name)).all()
    return render_template(
        "organisations.html",
        form=form,
        unconfirmed=[organisation for organisation in listed if not organisation.confirmed],
        confirmed=[organisation for organisation in listed if organisation.confirmed],
        names=organisations.known_names(session),
        aliases={
            organisation.id: organisations.aliases_of(session, organisation.id)
            for organisation in listed
        },
        parents={organisation.id: organisation.name for organisation in listed},
    )
