"""Who works with the register during chaos: phones that hand notes in and try again, and a reviewer
who approves them.
"""

import itertools
import random
import threading
from typing import Any

from testbed.chaos.tally import Tally
from testbed.client import Client
from testbed.notes import approve, make_note
from testbed.register import Register

NOTES = "/intake/api/v1/notes"
PAUSE_SECONDS = 0.05, 0.4
RETRY_SECONDS = 0.2, 1.0
PATIENCE_SECONDS = 10.0  # for an answer
GIVES_UP = 0.02  # how often a phone never comes back after it got no answer
# how often it sends again what was acknowledged: the answer was lost on the last mile
ASKS_TWICE = 0.1
OPEN = ("submitted", "assigned", "in_review")


class VirtualUsers:
    """What they asked for and what was acknowledged: notes by their keys, approvals by the items.

    No note is begun once the `storm` is over; what was begun is brought to its end, until they are
    told to stop.
    """

    def __init__(
        self, register: Register, seed: int, storm_over: threading.Event, stop: threading.Event
    ) -> None:
        self._client = Client(register.url, register.keys, PATIENCE_SECONDS)
        self._seed, self._storm_over, self._stop = seed, storm_over, stop
        self._numbers = itertools.count(1)
        self.notes, self.approvals = Tally(), Tally()

    def write(self, writer: int) -> None:
        """Hand notes in, one after the other."""
        dice = random.Random(f"{self._seed} {writer}")  # drawn again from the same seed
        while not self._storm_over.wait(dice.uniform(*PAUSE_SECONDS)):
            key = f"{self._seed}-{next(self._numbers)}"
            self.notes.attempted.add(key)
            if self._submit(key, dice):
                self.notes.acknowledged.add(key)

    def review(self) -> None:
        """Approve whatever waits, until told to stop."""
        while not self._stop.wait(0.2):
            for case in self._open_cases() or ():
                self._approve(case["id"])

    def sees_no_open_case(self) -> bool:
        """Whether there is nothing left to decide; False when no answer came."""
        return bool(self._open_cases() == [])

    def _open_cases(self) -> Any:
        listed = self._get("/review/api/v1/cases?state=open&limit=50")
        return listed["cases"] if listed is not None else None

    def _submit(self, key: str, dice: random.Random) -> bool:
        """Send a note with this title until there is an answer. False when the phone gave up."""
        sent, headers = make_note(operation__title=key), {"Idempotency_Key": key}
        while not self._stop.is_set():
            answer = self._client.try_call("field", "POST", NOTES, sent, **headers)
            if answer is not None and answer[0] in (200, 201):
                if dice.random() < ASKS_TWICE:
                    self._client.try_call("field", "POST", NOTES, sent, **headers)
                return True
            if dice.random() < GIVES_UP:
                return False
            self._stop.wait(dice.uniform(*RETRY_SECONDS))
        return False

    def _approve(self, case_id: str) -> None:
        """Approve the open items of a case.

        What came of it shows in the case, whether an answer comes or not.
        """
        path = f"/review/api/v1/cases/{case_id}"
        case = self._get(path)
        if case is None:
            return
        still_open = [item for item in case["items"] if item["state"] in OPEN]
        names = {str(item["id"]) for item in still_open}
        self.approvals.attempted |= names
        body = {"version": case["version"], "decisions": [approve(item) for item in still_open]}
        answer = self._client.try_call("editor", "POST", f"{path}/decisions", body)
        if answer is not None and answer[0] == 200:
            self.approvals.acknowledged |= names

    def _get(self, path: str) -> Any:
        """What the editor reads there; None when no answer came."""
        answer = self._client.try_call("editor", "GET", path)
        return answer[1] if answer is not None and answer[0] == 200 else None
