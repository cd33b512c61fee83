"""A register in one process: both applications on databases of their own, and a hand that carries
the events.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from services.intake.app import create_app as create_intake
from services.intake.handlers import HANDLERS as INTAKE_HANDLERS
from services.review.app import create_app as create_review
from services.review.desk import use_cases
from services.review.desk.handlers import HANDLERS as REVIEW_HANDLERS
from services.review.desk.model import Profile
from services.review.desk.use_cases import Knowledge
from shared.domain import organisations
from shared.platform import clock, settings
from shared.platform.accounts import accounts, keys, sessions
from shared.platform.accounts.accounts import Account
from shared.platform.accounts.actor import OPERATOR
from shared.platform.events import INTAKE_STREAM, REVIEW_STREAM
from shared.platform.messaging import subscription
from shared.platform.messaging.subscription import Outcome
from shared.platform.persistence import outbox
from shared.platform.persistence.engine import Database
from testbed.notes import approve, make_note

YEAR = clock.now().year  # of the references that are given
SECRET = "a secret of forty characters for the test"


class Compiled(BytecodeCache):
    """Templates as they were compiled for the first test that showed them: the code of a page
    takes longer to make than the page.
    """

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What an earlier application compiled."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it for the next one."""
        self._code[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def _compiled(app: Flask) -> Flask:
    app.jinja_env.bytecode_cache = COMPILED
    return app


@dataclass
class World:
    """Both services, without a broker: `carry` numbers what happened and applies it on the other
    side.
    """

    intake_db: Database
    review_db: Database
    intake_url: str
    review_url: str
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    @cached_property
    def intake_app(self) -> Flask:
        """Intake's application."""
        return _compiled(create_intake(self._settings("intake"), self.intake_db))

    @cached_property
    def review_app(self) -> Flask:
        """Review's application."""
        return _compiled(create_review(self._settings("review"), self.review_db))

    @property
    def intake(self) -> FlaskClient:
        """A browser or program at intake."""
        return self.intake_app.test_client()

    @property
    def review(self) -> FlaskClient:
        """A browser or program at review and the library."""
        return self.review_app.test_client()

    def person(
        self, name: str, role: str, *, organisation: str | None = None, office: str | None = None
    ) -> Account:
        """An account, with a key under its name."""
        database = (
            self.intake_db if role == "field" or name.startswith("intake") else self.review_db
        )
        with database.sessions.begin() as session:
            account = accounts.create(
                session, email=f"{name.replace(' ', '-')}@example.org", name=name, role=role
            )
            if organisation:
                account.organisation_id = organisations.find_or_record(session, organisation).id
            account.office = office
            self.keys[name], self.ids[name] = (
                keys.make(session, account, label="test").text,
                account.id,
            )
            return account

    def reviewer(
        self, name: str, *, organisation: str | None = None, office: str | None = None, **knows: Any
    ) -> Account:
        """A reviewer with a profile; speaks English unless said otherwise."""
        account = self.person(name, "reviewer", organisation=organisation, office=office)
        with self.review_db.sessions.begin() as session:
            use_cases.edit_profile(
                session,
                account_id=account.id,
                knows=Knowledge(**{"languages": ["en"], **knows}),
                organisation=organisation,
                office=office,
                actor=OPERATOR,
            )
        return account

    def reviewer_of_all(self, name: str) -> None:
        """A reviewer who gets every note, more of them than anybody may be given to carry."""
        account = self.reviewer(name)
        with self.review_db.sessions.begin() as session:
            session.get_one(Profile, account.id).capacity = 10**9

    def call(
        self, who: str | None, method: str, path: str, body: Any = None, **headers: str
    ) -> TestResponse:
        """Call an API with someone's key; None is a stranger."""
        client = self.intake if path.startswith("/intake") else self.review
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Authorization"] = f"Bearer {self.keys[who]}"
        return client.open(path, method=method, json=body, headers=sent)

    def submit(
        self, note: dict[str, Any] | None = None, *, who: str = "field", key: str | None = None
    ) -> Any:
        """Hand a note in through the API and carry it to review. Returns the answer's JSON."""
        headers = {"Idempotency_Key": key or uuid4().hex}
        answer = self.call(who, "POST", "/intake/api/v1/notes", note or make_note(), **headers)
        assert answer.status_code == 201, answer.json
        self.carry()
        return answer.json

    def case_of(self, reference: str, who: str = "editor") -> Any:
        """The case of a note, through the API."""
        listed = self.call(who, "GET", "/review/api/v1/cases?state=all&limit=200").get_json()[
            "cases"
        ]
        case_id = next(case["id"] for case in listed if case["note"] == reference)
        return self.call(who, "GET", f"/review/api/v1/cases/{case_id}").json

    def decide(
        self, case: Any, decisions: list[dict[str, Any]], *, who: str = "editor", **more: Any
    ) -> TestResponse:
        """Decide items of a case through the API, and carry the decisions to intake."""
        body = {"version": case["version"], "decisions": decisions, **more}
        answer = self.call(who, "POST", f"/review/api/v1/cases/{case['id']}/decisions", body)
        self.carry()
        return answer

    def publish(self, note: dict[str, Any] | None = None) -> list[str]:
        """A note all the way: submitted, approved whole by the editor.

        Returns the references of its entries.
        """
        case = self.case_of(self.submit(note)["reference"])
        answer = self.decide(case, [approve(item) for item in case["items"]])
        assert answer.status_code == 200, answer.json
        found = [
            event["detail"]["reference"]
            for event in answer.get_json()["history"]
            if event["action"] == "published"
        ]
        return [str(reference) for reference in found]

    def sign_in(self, name: str) -> FlaskClient:
        """A browser in which someone is signed in."""
        is_field = name in ("field",) or name.startswith("intake")
        database, client = (
            (self.intake_db, self.intake) if is_field else (self.review_db, self.review)
        )
        with database.sessions.begin() as session:
            token = sessions.start(session, session.get_one(Account, self.ids[name]))
        client.set_cookie("lessons_intake" if is_field else "lessons_review", token)
        return client

    def carry(self) -> None:
        """Number what was committed on both sides and apply it on the other, until
        nothing is left.
        """
        while self._carry(
            self.intake_db, INTAKE_STREAM, self.review_db, REVIEW_HANDLERS
        ) + self._carry(self.review_db, REVIEW_STREAM, self.intake_db, INTAKE_HANDLERS):
            pass

    def _carry(
        self, source: Database, stream: str, target: Database, handlers: subscription.Handlers
    ) -> int:
        with source.sessions.begin() as session:
            while outbox.number_pending(session, stream):
                pass
            epoch = outbox.stream_named(session, stream).epoch
            with target.sessions.begin() as there:
                after = subscription.cursor_of(there, stream).position
            rows = outbox.events_after(session, stream, position=after, limit=1000)
            envelopes = [row.envelope(epoch) for row in rows]
        for envelope in envelopes:
            with target.sessions.begin() as session:
                assert subscription.apply(session, envelope, handlers) is Outcome.APPLIED
        return len(envelopes)

    def _settings(self, service: settings.Service) -> settings.Settings:
        return settings.read(
            service,
            {
                "LESSONS_DATA_DIR": "/nonexistent",
                "LESSONS_INTAKE_DATABASE_URL": self.intake_url,
                "LESSONS_REVIEW_DATABASE_URL": self.review_url,
                "LESSONS_PUBLIC_URL": "http://localhost",
                "LESSONS_SECRET_KEY": SECRET,
            },
        )


def bad_fields(answer: TestResponse) -> list[str]:
    """The fields that a problem document names."""
    return sorted(error["field"] for error in answer.get_json()["errors"])
