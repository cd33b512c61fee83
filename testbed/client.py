"""Whoever calls the API of a running register."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import urllib3

Answer = tuple[int, Any]
"""The status, and the JSON or text."""


class Client:
    """Calls a register at its address, with API keys by the names of who has them."""

    def __init__(
        self, url: str, keys: Mapping[str, str], patience: urllib3.Timeout | float = 30.0
    ) -> None:
        self.url = url
        self._keys = keys
        self._pool = urllib3.PoolManager(timeout=patience, retries=False, maxsize=10)

    def call(
        self, who: str | None, method: str, path: str, body: Any = None, **headers: str
    ) -> Answer:
        """Call it once; None is a stranger, `Idempotency_Key` a header.

        Raises urllib3's HTTPError when no answer comes.
        """
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who is not None:
            sent["Authorization"] = f"Bearer {self._keys[who]}"
        answer = self._pool.request(method, self.url + path, json=body, headers=sent)
        is_json = "json" in answer.headers.get("content-type", "")
        return answer.status, answer.json() if is_json else answer.data.decode()

    def try_call(
        self, who: str | None, method: str, path: str, body: Any = None, **headers: str
    ) -> Answer | None:
        """As `call`; None when no answer came, so that the outcome is not known."""
        try:
            return self.call(who, method, path, body, **headers)
        except (urllib3.exceptions.HTTPError, ValueError):
            return None


def answers(url: str, seconds: float = 5.0) -> bool:
    """Whether an address answers with 200 within this time."""
    try:
        return bool(urllib3.request("GET", url, timeout=seconds, retries=False).status == 200)
    except urllib3.exceptions.HTTPError:
        return False


def wait_for(look: Callable[[], Any], seconds: float, what: str, *, every: float = 0.05) -> Any:
    """Look until something true is seen, and return it. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(every)
    raise TimeoutError(f"{what}: not seen within {seconds:.0f} s")
