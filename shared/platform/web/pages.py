"""What every page has: the layout, the style sheets under their hashed names, the headers that
protect readers.
"""

import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_babel import gettext as _
from flask_compress import Compress
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader
from markupsafe import Markup
from whitenoise import WhiteNoise

from shared.platform.accounts.sessions import mask
from shared.platform.languages import direction_of, listed_in
from shared.platform.web import access, languages

STATIC_URL = "/static/"

# No inline script or style anywhere, nothing from other hosts, no framing. Chart colours are
# attributes, not styles.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Blueprints of pages that are in none of the three places of the register.
OUTSIDE = ("pipeline", "account_admin", "sign_in", "account")
COMPRESSED = [
    "text/html",
    "text/csv",
    "application/json",
    "application/problem+json",
    "application/feed+json",
    "application/atom+xml",
]


def prepare(app: Flask, *, packages: Sequence[str], demonstration: bool) -> None:
    """Give an application its pages: templates of its own packages over the shared ones."""
    app.jinja_loader = ChoiceLoader(
        [
            *(PackageLoader(package) for package in packages),
            PackageLoader("shared.platform.web"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    # the component macros ask for parameters that nobody gave
    app.jinja_env.undefined = ChainableUndefined
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset,
        language=languages.language,
        direction=languages.direction,
        direction_of=direction_of,
        language_choices=languages.choices,
        actor=access.actor,
        form_token=form_token,
        navigation=navigation,
        demonstration=demonstration,
    )
    app.jinja_env.filters["listed"] = listed
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=500,
        COMPRESS_MIMETYPES=COMPRESSED,
    )
    Compress(app)
    app.after_request(_protect)


def serve_static(app: Any) -> WhiteNoise:
    """WSGI middleware that serves the built files, compressed beforehand, under names that never
    change.
    """
    return WhiteNoise(
        app,
        root=str(_static_folder()),
        prefix=STATIC_URL,
        immutable_file_test=r"^.+\.[0-9a-f]{12}\.(css|js|svg)$",
    )


def asset(name: str) -> str:
    """The address of a built file: `asset("app.css")`."""
    return STATIC_URL + _manifest()[name]


def form_token() -> Markup:
    """The hidden field that proves that a form of ours was sent.

    Every form that changes something has it.
    """
    who = access.actor()
    if who is None or who.form_token is None:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(
        access.FORM_TOKEN, mask(who.form_token)
    )


def listed(texts: list[str]) -> str:
    """Texts in a row, with the comma of this page's language: “a, b, c”."""
    return listed_in(languages.language(), texts)


def navigation() -> list[dict[str, Any]]:
    """The three places of the register, the one that we are in marked; who runs the register is in
    none of them.
    """
    root, inside = request.script_root, request.blueprint not in OUTSIDE
    places = (
        (_("Write a note"), "/intake/"),
        (_("Library"), "/library/"),
        (_("Review"), "/review/"),
    )
    return [
        {"text": text, "href": root + path, "active": inside and request.path.startswith(path)}
        for text, path in places
    ]


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    # a receipt in an address must not travel to other sites
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if response.mimetype == "text/html":
        headers.setdefault("Cache-Control", "no-store" if access.actor() else "no-cache")
    return response


def _static_folder() -> Path:
    return Path(str(files("shared.platform.web").joinpath("static")))


@cache
def _manifest() -> dict[str, str]:
    manifest: dict[str, str] = json.loads((_static_folder() / "manifest.json").read_text())
    return manifest
