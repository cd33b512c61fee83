"""Mail, a channel of the deliveries: an SMTP server, or a folder in which mails are laid down."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from shared.platform import clock
from shared.platform.delivery.deliveries import (
    Channel,
    Delivery,
    NotTakenError,
    RefusedError,
)

SMTP_SECONDS = 15

Render = Callable[[str, str, Mapping[str, Any]], tuple[str, str]]
"""(template, language, values) → (subject, text)."""


@dataclass(frozen=True)
class MailTransport:
    """Where mail goes: an SMTP server (smtp://user:password@host:port, smtps://…) or a folder
    (file:///path).
    """

    url: str
    sender: str

    def send(self, recipient: str, subject: str, text: str) -> None:
        """Send one mail. Raises OSError or smtplib.SMTPException when it was not taken."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, recipient, subject
        message["Date"], message["Message-ID"] = (
            format_datetime(clock.now()),
            make_msgid(domain="lessons-register"),
        )
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        parts = urlsplit(self.url)
        if parts.scheme == "file":
            _drop(Path(unquote(parts.path)), message)
            return
        with _connect(self.url) as server:
            server.send_message(message)

    def check(self) -> None:
        """Raises OSError or smtplib.SMTPException when no mail could be sent now."""
        parts = urlsplit(self.url)
        if parts.scheme == "file":
            Path(unquote(parts.path)).mkdir(parents=True, exist_ok=True)
            return
        with _connect(self.url) as server:
            server.noop()


def mail_channel(transport: MailTransport, render: Render) -> Channel:
    """The channel that writes a mail in its recipient's language and hands it to the server."""

    def deliver(delivery: Delivery) -> None:
        try:
            subject, text = render(delivery.template, delivery.language, delivery.details)
            transport.send(delivery.recipient, subject, text)
        except Exception as error:  # all go on, with what was said
            refusal = RefusedError if is_final(error) else NotTakenError
            raise refusal(said_by(error)) from error

    return deliver


def said_by(error: Exception) -> str:
    """What a server answered, code and text; of another failure what kind it is, too."""
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return "; ".join(_answer(code, said) for code, said in refused.values())
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=said):
            return _answer(code, said)
    return f"{type(error).__name__}: {error}"


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {text}"


def is_final(error: Exception) -> bool:
    """Whether this refusal will stay: the server refuses the recipient or the message for good (RFC
    5321, 4.2.1: 5yz).

    A sender or a password that is refused is the register's own fault, and mended without a new
    mail.
    """
    match error:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            return all(code >= 500 for code, _said in refused.values())
        case smtplib.SMTPDataError(smtp_code=code):
            return code >= 500
        case smtplib.SMTPNotSupportedError() | ValueError():
            # an address that this server cannot carry, or that cannot be written into a mail
            return True
    return False


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = (
        parts.hostname or "localhost",
        parts.port or (465 if parts.scheme == "smtps" else 25),
    )
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
    if parts.username:
        server.login(unquote(parts.username), unquote(parts.password or ""))
    return server


def _drop(folder: Path, message: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}.eml"
    unfinished = folder / f".{name}"
    unfinished.touch(mode=0o600)
    unfinished.write_bytes(bytes(message))
    unfinished.rename(folder / name)
