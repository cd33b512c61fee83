"""Who uses the register during chaos: phones that hand notes in and try again, and a reviewer who
approves them.
"""

import itertools
import random
import threading
from typing import Any

import urllib3

from services.cli.chaos.ground import Ground
from services.cli.tally import Tally
from services.demonstration import notes
from shared.platform import clock

NOTES = "/intake/api/v1/notes"
PAUSE_SECONDS = 0.05, 0.4
RETRY_SECONDS = 0.2, 1.0
GIVES_UP = 0.02  # how often a phone never comes back after it got no answer
# how often it sends again what was acknowledged: the answer was lost on the last mile
ASKS_TWICE = 0.1
OPEN = ("submitted", "assigned", "in_review")

Answer = tuple[int, Any]


class People:
    """What they asked for and what was acknowledged: notes by their keys, approvals by the items.

    No note is begun once the `storm` is over; what was begun is brought to its end, until they are
    told to stop.
    """

    def __init__(
        self, ground: Ground, seed: int, storm_over: threading.Event, stop: threading.Event
    ) -> None:
        self._ground, self._seed, self._storm_over, self._stop = ground, seed, storm_over, stop
        self._numbers = itertools.count(1)
        self._pool = urllib3.PoolManager(timeout=10.0, retries=False, maxsize=10)
        self.notes, self.approvals = Tally(), Tally()

    def write(self, writer: int) -> None:
        """Hand notes in, one after the other."""
        dice = random.Random(f"{self._seed} {writer}")  # noqa: S311 - drawn again from the same seed
        while not self._storm_over.wait(dice.uniform(*PAUSE_SECONDS)):
            key = f"{self._seed}-{next(self._numbers)}"
            self.notes.attempted.add(key)
            if self._submit(key, _note(key), dice):
                self.notes.acknowledged.add(key)

    def is_served(self) -> bool:
        """Whether every part of the register is well."""
        try:
            return bool(self._pool.request("GET", f"{self._ground.url}/readyz").status == 200)
        except urllib3.exceptions.HTTPError:
            return False

    def review(self) -> None:
        """Approve whatever waits, until told to stop."""
        while not self._stop.wait(0.2):
            for case in self._open_cases() or ():
                self._approve(case["id"])

    def sees_no_open_case(self) -> bool:
        """Whether there is nothing left to decide; False when no answer came."""
        return bool(self._open_cases() == [])

    def _open_cases(self) -> Any:
        answer = self._call("editor", "GET", "/review/api/v1/cases?state=open&limit=50")
        return answer[1]["cases"] if answer is not None and answer[0] == 200 else None

    def _submit(self, key: str, note: Any, dice: random.Random) -> bool:
        """Send it until there is an answer. False when the phone gave up."""
        while not self._stop.is_set():
            answer = self._call("field", "POST", NOTES, note, key)
            if answer is not None and answer[0] in (200, 201):
                if dice.random() < ASKS_TWICE:
                    self._call("field", "POST", NOTES, note, key)
                return True
            if dice.random() < GIVES_UP:
                return False
            self._stop.wait(dice.uniform(*RETRY_SECONDS))
        return False

    def _approve(self, case_id: str) -> None:
        """Approve the open items of a case.

        What came of it shows in the case, whether an answer comes or not.
        """
        case = self._case(case_id)
        if case is None:
            return
        still_open = [item for item in case["items"] if item["state"] in OPEN]
        names = {str(item["id"]) for item in still_open}
        decisions = [
            {
                "item": item["id"],
                "verdict": "approve",
                "checklist": dict.fromkeys(item["checklist"], True),
            }
            for item in still_open
        ]
        self.approvals.attempted |= names
        body = {"version": case["version"], "decisions": decisions}
        answer = self._call("editor", "POST", f"/review/api/v1/cases/{case_id}/decisions", body)
        if answer is not None and answer[0] == 200:
            self.approvals.acknowledged |= names

    def _case(self, case_id: str) -> Any:
        answer = self._call("editor", "GET", f"/review/api/v1/cases/{case_id}")
        return answer[1] if answer is not None and answer[0] == 200 else None

    def _call(
        self, who: str, method: str, path: str, body: Any = None, key: str | None = None
    ) -> Answer | None:
        """Ask once. None when no answer came, so that the outcome is not known."""
        headers = {"Authorization": f"Bearer {self._ground.keys[who]}"}
        headers |= {"Idempotency-Key": key} if key else {}
        try:
            answer = self._pool.request(method, self._ground.url + path, json=body, headers=headers)
            return answer.status, answer.json()
        except (urllib3.exceptions.HTTPError, ValueError):
            return None


def _note(title: str) -> Any:
    """One lesson and one benchmark."""
    example = notes()[0][1]
    operation = {**example["operation"], "title": title}
    return {
        **example,
        "operation": operation,
        "lessons": example["lessons"][:1],
        "benchmarks": example["benchmarks"][:1],
    }


def wait_until(look: Any, seconds: float) -> bool:
    """Look until something is seen. False when patience ended."""
    deadline = clock.ticks() + seconds
    while clock.ticks() < deadline:
        if look():
            return True
        clock.pause(0.5)
    return False
