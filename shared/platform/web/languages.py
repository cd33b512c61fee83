"""Which language a page speaks: the path's, else ?lang=, else the cookie's, else what the browser
prefers.
"""

from collections.abc import Iterable
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from babel import Locale, negotiate_locale
from flask import Flask, Response, request
from flask_babel import Babel, get_locale

from shared.platform.languages import LANGUAGES, direction_of
from shared.platform.typed import sent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

COOKIE = "lang"
FROM_PATH = "lessons.language"
A_YEAR = 365 * 24 * 3600


class LanguageInPath:
    """WSGI middleware: /fr/library/… is /library/… in French, and every link on the page stays
    below /fr.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Take the language off the path, as a mount point, and pass the request on."""
        first, slash, rest = environ.get("PATH_INFO", "").lstrip("/").partition("/")
        if first in LANGUAGES and slash:
            environ[FROM_PATH] = first
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/" + first
            environ["PATH_INFO"] = "/" + rest
        return self._app(environ, start_response)


def speak(app: Flask) -> None:
    """Let an application speak all languages."""
    Babel(app, locale_selector=_select, default_translation_directories=_catalogues())
    app.after_request(_remember)


def language() -> str:
    """The code of the language of this page."""
    locale = get_locale()
    return str(locale.language) if locale is not None else "en"


def direction() -> str:
    """From which side this page is written: ltr or rtl."""
    return direction_of(language())


def choices() -> list[tuple[str, str, str]]:
    """The languages to switch to: code, own name, and this page's address in it."""
    root = request.script_root.removesuffix("/" + request.environ.get(FROM_PATH, ""))
    arguments = [(name, value) for name, value in sent.query_as_sent() if name != "lang"]
    return [
        (code, str(Locale(code).display_name).capitalize(), _address(root, code, arguments))
        for code in LANGUAGES
    ]


def _address(root: str, code: str, arguments: list[tuple[str, str]]) -> str:
    if FROM_PATH in request.environ:
        query = f"?{urlencode(arguments)}" if arguments else ""
        return f"{root}/{code}{request.path}{query}"
    return f"{root}{request.path}?{urlencode([*arguments, ('lang', code)])}"


def _select() -> str:
    asked = request.environ.get(FROM_PATH) or sent.asked("lang") or sent.cookie(COOKIE)
    if asked in LANGUAGES:
        return asked
    return negotiate_locale([*request.accept_languages.values()], LANGUAGES, sep="-") or "en"


def _remember(response: Response) -> Response:
    asked = sent.asked("lang")
    if asked in LANGUAGES and sent.cookie(COOKIE) != asked:
        response.set_cookie(
            COOKIE, asked, max_age=A_YEAR, samesite="Lax", secure=request.is_secure, httponly=True
        )
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
        response.content_language = language()
    return response


def _catalogues() -> str:
    return str(files("shared").joinpath("translations"))
