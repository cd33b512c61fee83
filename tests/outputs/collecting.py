"""What a running demonstration shows to each kind of reader, collected as normalised text."""

import email
import email.policy
import hashlib
import hmac
import re
import time
from datetime import UTC, datetime
from typing import Any

from tests.outputs.normalising import Names
from tests.outputs.showing import as_json, shown
from tests.outputs.versions import SECRET, Running
from tests.outputs.visiting import Answer, Visitor, demonstration_accounts

LANGUAGES = ("en", "ar")
QUIET_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
WAITING = r"^\w*(?:unnumbered|unpublished|lag_events|unsent)\b\S* (?!0\.0)\S+$"
STILL_TO_DO = re.compile(WAITING, re.MULTILINE)


class Collection:
    """The outputs of one running demonstration, by name, and who reads it."""

    def __init__(self, register: Running) -> None:
        self.register = register
        self.outputs: dict[str, str] = {}
        self.names = Names(datetime.now(UTC).date())
        self.accounts = demonstration_accounts(register.url)
        self.programs = {name: Visitor(register.url, key) for name, key in register.keys.items()}
        self.programs["stranger"] = Visitor(register.url)
        self.names.learn(register.url, "here")
        self.names.learn(register.url.replace("localhost", "127.0.0.1"), "here")
        self.names.learn(str(register.data), "data")
        self.names.learn(str(register.folder), "code")
        for name, key in register.keys.items():
            self.learn_key(key, f"key of {name}")
        for name, (_path, account) in self.accounts.items():
            self.names.learn(account, f"account {name}")

    def learn_key(self, key: str, name: str) -> None:
        """Name a key and its middle part, by which pages tell keys apart."""
        self.names.learn(key, name)
        self.names.learn(key.split(".")[1], f"part of {name}")

    def keep(self, name: str, text: str) -> None:
        """Keep an output. Its name becomes one that a file can have; ids in it are named, too."""
        place = _file_name(self.names.normal(name))
        if place in self.outputs:
            raise SystemExit(f"Two outputs have the name {place}.")
        self.outputs[place] = self.names.normal(text)

    def answer(self, name: str, answer: Answer) -> Answer:
        """Keep an answer, and hand it on."""
        self.keep(name, shown(answer))
        return answer

    def person(self, name: str, language: str) -> Visitor:
        """A new browser in this language, signed in as this account or a stranger's."""
        visitor = Visitor(self.register.url)
        visitor.get(f"/?lang={language}")
        if name in self.accounts:
            visitor.post(self.accounts[name][0])
        return visitor

    def wait_until_quiet(self) -> None:
        """Wait until every event is applied and every mail sent, and it stays so."""
        stranger, deadline = self.programs["stranger"], time.monotonic() + PATIENCE_SECONDS
        quiet_since, mails = time.monotonic(), -1
        while time.monotonic() - quiet_since < QUIET_SECONDS:
            now = len(self.mails())
            if STILL_TO_DO.search(stranger.get("/metrics").text) or now != mails:
                quiet_since, mails = time.monotonic(), now
            if time.monotonic() > deadline:
                raise SystemExit("The register does not come to rest.")
            time.sleep(0.1)

    def wait_until_well(self) -> None:
        """Wait until every process says that it works: on a busy machine one may be late."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.programs["stranger"].get("/readyz").status != 200:
            if time.monotonic() > deadline:
                raise SystemExit("The register stays unwell.")
            time.sleep(0.2)

    def learn(self) -> None:
        """Give the ids of notes, cases and items the names by which people know them."""
        for event in self.events("intake")["events"]:
            data = event["data"]
            if "reference" in data:
                self.names.learn(data["note_id"], f"note {data['reference']}")
                note = self.programs["field"].get(f"/intake/api/v1/notes/{data['reference']}")
                if note.status == 200:
                    self.names.learn(note.json()["receipt"], f"receipt {data['reference']}")
        for listed in self.cases():
            self.names.learn(listed["id"], f"case {listed['note']}")
            case = self.programs["editor"].get(f"/review/api/v1/cases/{listed['id']}").json()
            for place, item in enumerate(case["items"]):
                self.names.learn(item["id"], f"item {listed['note']}/{place}")

    def cases(self) -> list[dict[str, Any]]:
        """All cases, as the API lists them for the editor."""
        answer = self.programs["editor"].get("/review/api/v1/cases?state=all&limit=200")
        found: list[dict[str, Any]] = answer.json()["cases"]
        return found

    def events(self, service: str) -> Any:
        """The whole log of a service, as the other one pulls it."""
        key = hmac.new(SECRET.encode(), b"pull events", hashlib.sha256).hexdigest()
        return Visitor(self.register.url, key).get(f"/{service}/events").json()

    def mails(self) -> list[str]:
        """Every mail that was sent, readable: what matters of its head, and its text."""
        sent = sorted((self.register.data / "mail").glob("*.eml"))
        return [_mail(path.read_bytes()) for path in sent]

    def keep_logs_and_mails(self, when: str) -> None:
        """Keep both logs, event by event, and the mails of each person."""
        for service in ("intake", "review"):
            log = self.events(service)
            events = log.pop("events")
            self.keep(f"{when}/events/{service}/log", as_json(log))
            for place, event in enumerate(events):
                self.keep(f"{when}/events/{service}/{place:04} {event['type']}", as_json(event))
        by_person: dict[str, list[str]] = {}
        for mail in self.mails():
            person = next(line for line in mail.splitlines() if line.startswith("To: "))[4:]
            by_person.setdefault(person, []).append(self.names.normal(mail))
        for person, mails in by_person.items():
            self.keep(f"{when}/mails/{person}", "\n\n".join(sorted(mails)))


def _file_name(name: str) -> str:
    """A name that a file in a folder can have; a path that ends with / is its index."""
    plain = re.sub(r"[^\w./=@,+ -]", "_", name)
    return re.sub(r"/$", "/index", plain)[:200]


def _mail(source: bytes) -> str:
    mail = email.message_from_bytes(source, policy=email.policy.default)
    heads = sorted(f"{name}: {value}" for name, value in mail.items())
    body = mail.get_body(("plain", "html"))
    return "\n".join([*heads, "", body.get_content() if body else ""])
