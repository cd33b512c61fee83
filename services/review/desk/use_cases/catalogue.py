"""What a proposed indicator is: one that the catalogue has, or a new one."""

import re
from uuid import UUID

from sqlalchemy.orm import Session

from services.review.desk.model import Case, CaseAct, Item
from services.review.library import queries as library
from services.review.library.model import AcceptedIndicator
from shared.domain import codelists
from shared.domain.codelists import Definition
from shared.domain.content.parts import ProposalContent
from shared.domain.events import IndicatorAccepted
from shared.platform import clock
from shared.platform.accounts.actor import Actor
from shared.platform.errors import (
    N_,
    ConflictError,
    InvalidError,
    NotFoundError,
)
from shared.platform.persistence import outbox
from shared.platform.typed.texts import fold


def map_indicator(session: Session, *, case: Case, item_id: UUID, code: str, actor: Actor) -> Item:
    """An editor says which indicator of the catalogue a proposal is.

    Its value is shown in that one's unit.
    """
    item, _proposed = _proposal(case, item_id, actor)
    indicator = library.catalogue(session).get(code)
    if indicator is None:
        raise InvalidError({"indicator": [N_("Pick an indicator from the catalogue.")]})

    item.resolve(indicator)
    case.note_done(actor, "mapped", item_id=item.id, indicator=code)
    case.derive_state()
    return item


def accept_indicator(
    session: Session, *, case: Case, item_id: UUID, code: str | None, family: str, actor: Actor
) -> AcceptedIndicator:
    """An editor takes a proposal into the catalogue.

    Its values are shown and not pooled: nobody has said how.
    """
    item, proposed = _proposal(case, item_id, actor)
    code = code or _code_of(proposed["name"])
    _check(session, code, family)

    accepted = AcceptedIndicator(
        code=code,
        version=1,
        definition=_definition(proposed, code, family, case.language),
        accepted_at=clock.now(),
    )
    session.add(accepted)
    session.flush()
    item.resolve(library.catalogue(session)[code])
    case.note_done(actor, "accepted_indicator", item_id=item.id, indicator=code)
    case.derive_state()

    outbox.record(session, IndicatorAccepted(code=code, version=1, definition=accepted.definition))
    return accepted


def _proposal(case: Case, item_id: UUID, actor: Actor) -> tuple[Item, ProposalContent]:
    case.require(CaseAct.RESOLVE, actor)
    item = case.item_with(item_id)
    if item is None:
        raise NotFoundError(N_("There is no such item."))
    if item.proposed is None or not item.is_open:
        raise ConflictError(N_("This item proposes no indicator, or an editor has dealt with it."))
    return item, item.proposed


def _check(session: Session, code: str, family: str) -> None:
    errors: dict[str, list[str]] = {}
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or len(code) > 60:
        errors["code"] = [
            N_("Write the code in small letters, digits and hyphens, such as meals-per-person-day.")
        ]
    elif code in library.catalogue(session):
        errors["code"] = [
            N_(
                "The catalogue has this code already. Map the proposal to it, or choose another "
                "code."
            )
        ]
    if family not in codelists.codes("families"):
        errors["family"] = [N_("Choose the family in which it is listed.")]
    if errors:
        raise InvalidError(errors)


def _code_of(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", fold(name).encode("ascii", "ignore").decode()).strip("-")
    return plain[:60].strip("-") or f"indicator-{clock.now():%Y%m%d%H%M%S}"


def _definition(proposed: ProposalContent, code: str, family: str, language: str) -> Definition:
    """Shaped as in the starter catalogue.

    A text in another language stands for English until someone translates it.
    """
    name = {language: proposed["name"], "en": proposed["name"]}
    definition = {language: proposed["definition"], "en": proposed["definition"]}
    return {
        "code": code,
        "name": name,
        "definition": definition,
        "ask": definition,
        "family": family,
        "use": "comparable",
        "types": [],
        "sectors": [],
        "measure": "unit",
        "unit": proposed["unit"],
        "direction": proposed["direction"],
        "pool": "none",
    }
