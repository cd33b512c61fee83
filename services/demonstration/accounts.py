"""The people of the demonstration: accounts named by their role, and the keys for programs."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from services.review.desk import use_cases
from services.review.desk.use_cases import Knowledge
from shared.domain import administration, organisations
from shared.domain.administration import Invitation
from shared.platform import settings
from shared.platform.accounts import accounts, keys
from shared.platform.accounts.accounts import Account, demonstration_accounts
from shared.platform.accounts.actor import OPERATOR
from shared.platform.persistence.engine import open_database
from shared.platform.settings import Service

FIELD_ORGANISATION = "Register editors, from public reports"
DESK = "Review desk of the register"


@dataclass(frozen=True)
class Person:
    """One account of the demonstration.

    `key` is the name under which its key stands in demo.json.
    """

    name: str
    address: str
    service: Service
    role: str
    organisation: str
    language: str = "en"
    office: str | None = None
    key: str | None = None
    knows: Knowledge | None = None


ACCOUNTS = (
    Person(
        "Field team, English",
        "field-en@demo.example",
        "intake",
        "field",
        FIELD_ORGANISATION,
        key="field",
    ),
    Person(
        "Field team, French, Chad", "field-fr@demo.example", "intake", "field", "IOM", "fr", "TCD"
    ),
    Person(
        "Field team, Arabic, Libya",
        "field-ar@demo.example",
        "intake",
        "field",
        "Libyan Red Crescent",
        "ar",
        "LBY",
    ),
    Person("Administrator of intake", "admin-intake@demo.example", "intake", "admin", DESK),
    Person(
        "Reviewer, English, all sectors",
        "reviewer-en@demo.example",
        "review",
        "reviewer",
        DESK,
        key="reviewer",
        knows=Knowledge(languages=["en"], capacity=1000),
    ),
    Person(
        "Reviewer, French, transport",
        "reviewer-fr@demo.example",
        "review",
        "reviewer",
        "Médecins Sans Frontières France",
        "fr",
        "FRA",
        knows=Knowledge(languages=["fr", "en"], sectors=[3, 4, 10]),
    ),
    Person(
        "Reviewer, Spanish and English, camps, Haiti office",
        "reviewer-es@demo.example",
        "review",
        "reviewer",
        "IOM",
        "es",
        "HTI",
        knows=Knowledge(languages=["es", "en"], sectors=[1, 2, 6]),
    ),
    Person(
        "Reviewer, Arabic, health",
        "reviewer-ar@demo.example",
        "review",
        "reviewer",
        "World Health Organization",
        "ar",
        "JOR",
        knows=Knowledge(languages=["ar", "en"], sectors=[4, 5]),
    ),
    Person("Editor", "editor@demo.example", "review", "editor", DESK, key="editor"),
    Person(
        "Partner, Médecins Sans Frontières Holland",
        "partner@demo.example",
        "review",
        "partner",
        "Médecins Sans Frontières Holland",
        key="partner",
    ),
    Person("Administrator of review", "admin-review@demo.example", "review", "admin", DESK),
)


def open_accounts() -> None:
    """Open the accounts that are missing, and write their keys to demo.json if it is not there."""
    made: dict[str, str] = {}
    needs_keys = not key_file().exists()
    for service in ("intake", "review"):
        with _session(service) as session:
            for person in ACCOUNTS:
                if person.service == service:
                    account = _open(session, person)
                    if person.key and needs_keys:
                        made[person.key] = keys.make(session, account, label="demonstration").text
    if needs_keys:
        path = key_file()
        path.touch(mode=0o600)
        path.write_text(
            json.dumps({"url": settings.read("intake").public_url, "keys": made}), encoding="utf-8"
        )


def key_file() -> Path:
    """Where the demonstration's address and keys stand, for programs that try it."""
    return settings.data_dir_of() / "demo.json"


def address() -> str | None:
    """Where the demonstration ran last; None where there is none."""
    if not key_file().exists():
        return None
    return str(json.loads(key_file().read_text(encoding="utf-8"))["url"])


def api_keys() -> dict[str, str]:
    """The keys in demo.json, by the names of those who hold them."""
    found: dict[str, str] = json.loads(key_file().read_text(encoding="utf-8"))["keys"]
    return found


def accounts_by_role() -> list[tuple[str, str]]:
    """The accounts as (service, name), to be printed."""
    found = []
    for service in ("intake", "review"):
        with _session(service) as session:
            found += [(service, account.name) for account in demonstration_accounts(session)]
    return found


@contextmanager
def _session(service: Service) -> Iterator[Session]:
    opened = open_database(settings.read(service).database_url)
    with closing(opened) as database, database.sessions.begin() as session:
        yield session


def _open(session: Session, person: Person) -> Account:
    account = accounts.find_by_email(session, person.address)
    if account is not None:
        return account
    invitation = Invitation(
        email=person.address,
        name=person.name,
        role=person.role,
        organisation=person.organisation,
        office=person.office,
        language=person.language,
    )
    account = administration.open_account(session, invitation, actor=OPERATOR)
    account.demonstration = True
    organisations.find_or_record(session, person.organisation).confirmed = True
    if person.knows is not None:
        use_cases.edit_profile(
            session,
            account_id=account.id,
            knows=person.knows,
            organisation=person.organisation,
            office=person.office,
            actor=OPERATOR,
        )
    return account
