"""A phone without an account that writes a note in the form, and presses the button again when no
answer comes.
"""

import re
from collections.abc import Callable

import urllib3

from tests.intake.officer import LESSON, NEW, OPERATION

STEPS = (
    ("lesson", LESSON),
    ("indicator", {"indicator": "transit-centre-capacity"}),
    ("number", {"value": "900", "how_known": "reported"}),
    ("sharing", {"sharing": "clear"}),
)


class Phone:
    """`insist` calls what it is given until that returns something true."""

    def __init__(self, url: str, insist: Callable[[Callable[[], str | None]], str]) -> None:
        self._url = url
        self._insist = insist
        self._pool = urllib3.PoolManager(timeout=30.0, retries=False)

    def hand_in(self, title: str) -> None:
        """Write a note and send it. On return the register has said that it was sent."""
        begun = self._press(NEW, {**OPERATION, "operation.title": title})
        (receipt,) = re.findall(r"/notes/([\w-]{22})/", begun)
        for name, answers in STEPS:
            self._press(f"/intake/notes/{receipt}/write/{name}/0", answers)
        assert self._press(f"/intake/notes/{receipt}/check", {}).endswith(f"/{receipt}?sent=1")

    def _press(self, path: str, answers: dict[str, str]) -> str:
        """Where the register leads after these answers."""
        return self._insist(lambda: self._post(path, answers))

    def _post(self, path: str, answers: dict[str, str]) -> str | None:
        try:
            answer = self._pool.request(
                "POST", self._url + path, fields=answers, encode_multipart=False, redirect=False
            )
        except urllib3.exceptions.HTTPError:
            return None
        assert answer.status == 302 or answer.status >= 500, answer.data.decode()
        return answer.headers["Location"] if answer.status == 302 else None
