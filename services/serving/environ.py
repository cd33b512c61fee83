"""A request of HTTP as WSGI (PEP 3333) has it."""

import sys
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from tornado.httputil import HTTPHeaders, RequestStartLine

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_ALWAYS = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",  # a proxy with https says so in a header
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,  # not in the PEP; Werkzeug reads a body of unknown length then
}
_WITHOUT_PREFIX = {"HTTP_CONTENT_TYPE": "CONTENT_TYPE", "HTTP_CONTENT_LENGTH": "CONTENT_LENGTH"}


@dataclass(frozen=True)
class Place:
    """Where the server listens."""

    host: str
    port: int


def environ(
    place: Place,
    client: str,
    start: RequestStartLine,
    headers: HTTPHeaders,
    body: bytes,
) -> "WSGIEnvironment":
    """What the application is called with."""
    path, query = _split(start.path)
    made: WSGIEnvironment = {
        **_ALWAYS,
        "REQUEST_METHOD": start.method,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": place.host,
        "SERVER_PORT": str(place.port),
        "SERVER_PROTOCOL": start.version,
        "REMOTE_ADDR": client,
        "wsgi.input": BytesIO(body),
    }
    for name, value in headers.items():
        if "_" not in name:  # X_Forwarded_For would pass for the proxy's own X-Forwarded-For
            key = "HTTP_" + name.upper().replace("-", "_")
            made[_WITHOUT_PREFIX.get(key, key)] = value
    return made


def _split(target: str) -> tuple[str, str]:
    """Path and query of a request's target; a proxy's client may send the whole address."""
    if not target.startswith("/"):
        parts = urlsplit(target)
        return parts.path or "/", parts.query
    path, _question, query = target.partition("?")
    return path, query
