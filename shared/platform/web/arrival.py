"""Tells a browser that what it sent is stored.

Its script then drops the copy that it kept: frontend/src/unsent.js.
"""

import re

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from shared.platform.typed import sent

SENDING = "sending"  # the field in which the script names what it sends, each time anew
COOKIE = "arrived"
SECONDS = 600  # the page that follows may take a while on a bad line

_NAME = re.compile(r"\w{1,40}", re.ASCII)


def stored(answer: ResponseReturnValue) -> Response:
    """The answer to answers that are stored: it says so to the script. No other answer may."""
    response = make_response(answer)
    sending = sent.field(SENDING)
    if _NAME.fullmatch(sending):
        response.set_cookie(
            COOKIE, sending, max_age=SECONDS, secure=request.is_secure, samesite="Lax"
        )
    return response
