"""The demonstration: five real operations from public reports, taken the whole way through the
register's own API.
"""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import urllib3
import yaml

from services.demonstration.accounts import (
    accounts_by_role,
    address,
    api_keys,
    key_file,
    open_accounts,
)
from shared.platform import clock
from shared.platform.logs import log

__all__ = ["accounts_by_role", "address", "api_keys", "key_file", "load", "notes", "open_accounts"]

LEFT_OPEN = "May act as first port of entry, then hand over"
PATIENCE_SECONDS = 30.0


class DemonstrationError(Exception):
    """The register did not take the demonstration."""


def notes() -> list[tuple[str, dict[str, object]]]:
    """The notes of the demonstration, each with its name, as the intake API takes them."""
    folder = files("services.demonstration").joinpath("notes")
    found = sorted(folder.iterdir(), key=lambda entry: entry.name)
    return [(entry.name, yaml.safe_load(entry.read_text(encoding="utf-8"))) for entry in found]


def load(url: str) -> None:
    """Submit the notes through intake, and review them through review.

    Safe to repeat: each note is taken once.
    """
    keys = api_keys()
    key_file().write_text(json.dumps({"url": url, "keys": keys}, indent=2), encoding="utf-8")
    register = _Register(url)
    for name, note in notes():
        headers = {"Idempotency-Key": f"demonstration-{name}"}
        status, taken = register.call("POST", "/intake/api/v1/notes", keys["field"], note, headers)
        if status == 201:
            _review(register, keys, taken["reference"])
    log.info("demonstration loaded")


def _review(register: "_Register", keys: dict[str, str], reference: str) -> None:
    """Approve what a note says, as soon as its case is there, and wait until its submitter can see
    that.
    """
    case_id = register.wait_for(lambda: _case_of(register, keys["editor"], reference))
    _status, case = register.call("GET", f"/review/api/v1/cases/{case_id}", keys["reviewer"])
    decisions = [
        {
            "item": item["id"],
            "verdict": "approve",
            "checklist": dict.fromkeys(item["checklist"], True),
        }
        for item in case["items"]
        if item["title"] != LEFT_OPEN
    ]
    body = {"version": case["version"], "decisions": decisions}
    register.call("POST", f"/review/api/v1/cases/{case_id}/decisions", keys["reviewer"], body)
    register.wait_for(
        lambda: _entry_of_the_last(register, keys["field"], reference, len(decisions))
    )


def _case_of(register: "_Register", key: str, reference: str) -> str | None:
    _status, listed = register.call("GET", f"/review/api/v1/cases?note={reference}", key)
    return next((str(case["id"]) for case in listed["cases"]), None)


def _entry_of_the_last(register: "_Register", key: str, reference: str, decided: int) -> str | None:
    _status, note = register.call("GET", f"/intake/api/v1/notes/{reference}", key)
    entries = [item["entry"] for item in note["items"] if item["entry"]]
    return entries[-1] if len(entries) == decided else None


class _Register:
    """The register, called from outside as any program would."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(timeout=30.0)

    def call(
        self,
        method: str,
        path: str,
        key: str,
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Call the API. Raises DemonstrationError for anything but success."""
        headers = {"Authorization": f"Bearer {key}", **(headers or {})}
        answer = self._pool.request(method, self._url + path, json=body, headers=headers)
        if answer.status >= 400:
            raise DemonstrationError(
                f"{method} {path} answers {answer.status}: {answer.data.decode()}"
            )
        return answer.status, answer.json()

    def wait_for(self, look: Callable[[], str | None]) -> str:
        """Look until something is found. Raises DemonstrationError when patience ends."""
        deadline = clock.ticks() + PATIENCE_SECONDS
        while clock.ticks() < deadline:
            found = look()
            if found is not None:
                return found
            clock.pause(0.1)
        raise DemonstrationError(
            "What was sent did not arrive. “lessons events status” says how the pipeline stands."
        )
