"""Errors, turned once into what the caller can use: a problem document (RFC 9457) for programs, a
page for people.
"""

from collections.abc import Mapping
from json import JSONDecodeError
from typing import Any, cast

from flask import Flask, Response, json, render_template, request
from flask_babel import gettext, ngettext
from flask_smorest import Api
from marshmallow import Schema, ValidationError, fields
from sqlalchemy.exc import (
    DatabaseError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, UnprocessableEntity
from werkzeug.http import HTTP_STATUS_CODES

from shared.platform.errors import N_, DomainError, InvalidError, MalformedError
from shared.platform.logs import log
from shared.platform.web import faults
from shared.platform.web.access import is_program

PROBLEM = "application/problem+json"
RETRY_SECONDS = 5

# A database that is away, locked, full, read-only, damaged or has no connection to spare: whatever
# it says, except where the fault is in what we asked of it.
_AWAY = (DatabaseError, InterfaceError, PoolTimeoutError)
_OUR_FAULT = (DataError, IntegrityError, NotSupportedError, ProgrammingError)

_PLAIN = {
    400: N_("The request cannot be read."),
    401: N_("A valid key is needed: send it as “Authorization: Bearer …”."),
    403: N_("You may not do that here."),
    404: N_("There is nothing here."),
    405: N_("This page does not take that kind of request."),
    410: N_("It was here and has been taken away."),
    413: N_("That is too much at once. Send less."),
    415: N_(
        "Send JSON, not compressed, with “Content-Type: application/json” and without "
        "“Content-Encoding”."
    ),
    500: N_("Something went wrong on our side. Nothing was stored."),
    503: N_("The register cannot store anything right now. Please try again in a moment."),
}


class FaultSchema(Schema):
    """One bad field, and how to mend it."""

    field = fields.String(metadata={"example": "lessons.0.title"})
    pointer = fields.String(metadata={"example": "/lessons/0/title"})
    detail = fields.String()


class ProblemSchema(Schema):
    """A problem document (RFC 9457).

    `errors` names every bad field at once, in the order of the request, up to 100.
    """

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    detail = fields.String()
    errors = fields.List(fields.Nested(FaultSchema))


class RegisterApi(Api):
    """flask-smorest's API with our errors: it documents, we answer."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        """Document errors with their own media type; flask-smorest has one setting for
        all answers.
        """
        usual, self.DEFAULT_RESPONSE_CONTENT_TYPE = self.DEFAULT_RESPONSE_CONTENT_TYPE, PROBLEM
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer an HTTP error: also the ones that Flask raises itself and the ones of request
        validation.
        """
        return answer_http(error)


def answer_errors(app: Flask) -> None:
    """Let an application answer every error in one way."""
    app.register_error_handler(DomainError, _answer_domain)
    app.register_error_handler(ValidationError, _answer_validation)
    app.register_error_handler(HTTPException, answer_http)
    for away in _AWAY:
        app.register_error_handler(away, _answer_away)
    for fault in _OUR_FAULT:
        app.register_error_handler(fault, _answer_bug)
    app.register_error_handler(RecursionError, _answer_too_deep)
    app.register_error_handler(Exception, _answer_bug)


def translate(message: Any) -> str:
    """A message in the language of this request: a text from the catalogues, or an error that
    carries one.
    """
    if isinstance(message, DomainError):
        return str(gettext(message.text, **message.values))
    # A lazy text has made up its mind; a plain one is looked up, which leaves a translated one as
    # it is.
    return gettext(message) if isinstance(message, str) else str(message)


def flatten(messages: Any, path: str = "") -> dict[str, list[str]]:
    """marshmallow's nested messages by the dotted path of the field: {"lessons.0.title": ["Enter
    …"]}.
    """
    if isinstance(messages, Mapping):
        flat: dict[str, list[str]] = {}
        for name, nested in messages.items():
            step = "" if name == "_schema" else str(name)
            flat |= flatten(nested, ".".join(part for part in (path, step) if part))
        return flat
    listed = messages if isinstance(messages, list) else [messages]
    return {path: [translate(message) for message in listed]}


def problem(status: int, detail: str, errors: Mapping[str, list[str]] | None = None) -> Response:
    """A problem document. `errors` names the bad fields by their path and says how to mend them."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES.get(status, "Error"),
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"], more = faults.listed(errors)
        if more:
            body["detail"] += " " + ngettext(
                "%(num)d more is not listed.", "%(num)d more are not listed.", more
            )
    response = Response(json.dumps(body), status=status, content_type=PROBLEM)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer, Basic realm="feeds"'
    if status == 415:
        response.headers["Accept-Encoding"] = "identity"
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def answer(status: int, detail: str, errors: Mapping[str, list[str]] | None = None) -> Response:
    """A problem document or a page, as the caller can use it."""
    if is_program():
        return problem(status, detail, errors)
    page = render_template("error.html", status=status, detail=detail, errors=errors or {})
    response = Response(page, status=status, content_type="text/html; charset=utf-8")
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        response.headers["Cache-Control"] = "no-store"  # it holds what was typed
    return response


def answer_http(error: HTTPException) -> Response:
    """An HTTP error: the router's, the guard's, or that of a request that did not validate."""
    if error.response is not None and error.code is not None and error.code < 400:
        redirect = cast("Response", error.response)  # werkzeug types its parent
        return Response(redirect.response, error.code, redirect.headers)
    status = error.code or 500
    messages = (
        getattr(error, "data", {}).get("messages")
        if isinstance(error, UnprocessableEntity)
        else None
    )
    if messages:
        # "json", "query": one at a time
        inner = messages if len(messages) > 1 else next(iter(messages.values()))
        return answer(422, translate(InvalidError({})), flatten(inner))
    response = answer(status, translate(_broken_json(error) or _PLAIN.get(status, _PLAIN[400])))
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _broken_json(error: BaseException | None) -> DomainError | None:
    """Where the JSON of the body breaks off, if that is why it cannot be read."""
    while error is not None and not isinstance(error, JSONDecodeError):
        error = error.__cause__ or error.__context__
    if error is None:
        return None
    text = N_("The request cannot be read: its JSON is broken at line %(line)s, column %(column)s.")
    return MalformedError(text, line=error.lineno, column=error.colno)


def _answer_domain(error: DomainError) -> Response:
    if isinstance(error, InvalidError):
        fields = {path: [translate(text) for text in texts] for path, texts in error.errors.items()}
        return answer(422, translate(error), fields)
    return answer(error.status, translate(error))


def _answer_validation(error: ValidationError) -> Response:
    return answer(422, translate(InvalidError({})), flatten(error.messages))


def _answer_away(error: DBAPIError | PoolTimeoutError) -> Response:
    log.error("database away", rule=_rule(), error=str(error)[:500])
    return answer(503, translate(_PLAIN[503]))


def _answer_too_deep(_error: RecursionError) -> Response:
    """JSON nested thousands deep: no note, and no reason to fail."""
    return answer(400, translate(_PLAIN[400]))


def _answer_bug(error: Exception) -> Response:
    log.error("request failed", rule=_rule(), method=request.method, exc_info=error)
    return answer(500, translate(_PLAIN[500]))


def _rule() -> str | None:
    """What was asked for, as the router knows it. Not the path: it may hold a receipt."""
    return request.url_rule.rule if request.url_rule else None
