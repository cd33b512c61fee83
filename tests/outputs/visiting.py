"""Who reads the register: a person with a browser's cookies, or a program with a key."""

import json
import re
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

import urllib3

ONE_CLICK = re.compile(r'action="(/\w+/demonstration/([\w-]+))".*?<bdi>(.*?)</bdi>', re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """What the register answered, as it came."""

    asked: str
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, in lower case, without parameters."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """One header, empty when it is not there."""
        return next((value for known, value in self.headers if known.lower() == name), "")

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass
class Visitor:
    """Whoever asks. Keeps cookies as a browser does; sends `key` as a program does."""

    url: str
    key: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    _pool: urllib3.PoolManager = field(default_factory=partial(urllib3.PoolManager, timeout=60.0))

    def get(self, path: str, **headers: str) -> Answer:
        """Read a page or a document; redirects are not followed."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, form: dict[str, str] | None = None) -> Answer:
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(form or {}).encode(), headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        return self._ask(method, path, data, {"Content-Type": "application/json", **named})

    def _ask(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {"Accept-Encoding": "identity", **headers}
        if self.key:
            sent["Authorization"] = f"Bearer {self.key}"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        address = self.url + path
        answer = self._pool.request(method, address, body=data, headers=sent, retries=False)
        for cookie in answer.headers.getlist("set-cookie"):
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        heads = list(answer.headers.iteritems())
        return Answer(f"{method} {path}", answer.status, heads, answer.data)


def demonstration_accounts(url: str) -> dict[str, tuple[str, str]]:
    """The accounts that the start page signs in: name → (path of the form, id)."""
    found = ONE_CLICK.findall(Visitor(url).get("/?lang=en").text)
    return {name: (path, account) for path, account, name in found}
