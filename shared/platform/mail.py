"""Mail: asked for inside a transaction, rendered and sent outside it.

A mail is stored with what it is about, not with its text. If the process dies between sending and noting it, the mail
goes out twice; it is never lost.
"""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID, uuid4

import structlog
from sqlalchemy import ColumnElement, false, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.platform import clock
from shared.platform.logs import log
from shared.platform.persistence import installation
from shared.platform.persistence.base import SharedBase
from shared.platform.persistence.engine import Database

MOST_ATTEMPTS = 12  # with doubling pauses that is about three days
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = FIRST_PAUSE * 2 ** (MOST_ATTEMPTS - 2)  # after the last attempt but one
SMTP_SECONDS = 15
STRETCH_SECONDS = 10.0  # of one round of sending
HELD_SINCE = "mail held since"  # the name of a fact
SWITCHED_OFF = "mail switched off"  # on a session
SIGN_IN = ("sign_in", "invited")  # templates of the mails without which nobody comes in

Render = Callable[[str, str, Mapping[str, Any]], tuple[str, str]]
"""(template, language, values) → (subject, text)."""


class Mail(SharedBase):
    """A mail to send or sent. `details` is emptied once it is sent: it may hold a sign-in link.

    `correlation_id` names what asked for it, as in the log.
    """

    __tablename__ = "mail"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recipient: Mapped[str]
    language: Mapped[str]
    template: Mapped[str]
    details: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    correlation_id: Mapped[str | None]


@dataclass(frozen=True)
class PostOffice:
    """Where mail goes: an SMTP server (smtp://user:password@host:port, smtps://…) or a folder (file:///path)."""

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


def ask_for(session: Session, *, recipient: str, template: str, language: str, details: Mapping[str, Any]) -> None:
    """Ask for a mail, in the caller's transaction: it goes out if and only if the change is kept."""
    if session.info.get(SWITCHED_OFF):
        return
    now = clock.now()
    session.add(
        Mail(
            recipient=recipient,
            language=language,
            template=template,
            details=dict(details),
            asked_at=now,
            due_at=now,
            attempts=0,
            correlation_id=structlog.contextvars.get_contextvars().get("correlation_id"),
        )
    )


def switch_off(session: Session) -> None:
    """Nothing that is done in this session asks for a mail: it happened before, and people were written to then."""
    session.info[SWITCHED_OFF] = True


def was_asked_for(session: Session, *, recipient: str, template: str, since: datetime) -> bool:
    """Whether such a mail to this address was asked for since then."""
    query = (
        select(Mail.id).where(Mail.recipient == recipient, Mail.template == template, Mail.asked_at > since).limit(1)
    )
    return session.scalar(query) is not None


def deliver_due(database: Database, office: PostOffice, render: Render, *, most: int = 50) -> int:
    """Send what is due, one mail at a time, and note each result at once. Returns how many were sent.

    Ends after a while, because a server that is away takes its time with each, and whoever sends has other work, too.
    """
    with database.readings() as session:
        due = select(Mail.id).where(_is_due(), ~_is_held(session))
        ids = session.scalars(due.order_by(Mail.due_at).limit(most)).all()
    sent, until = 0, clock.ticks() + STRETCH_SECONDS
    for mail_id in ids:
        sent += _deliver(database, office, render, mail_id)
        if clock.ticks() > until:
            break
    return sent


def hold(session: Session) -> None:
    """From now on nothing goes out until `release`: after a restore, what waits may have been sent long ago.

    What is asked for from now on to sign in goes out all the same.
    """
    installation.note(session, HELD_SINCE, clock.now().isoformat())


def count_held(session: Session) -> int | None:
    """How many mails a person holds back; None when none are being held back."""
    if installation.fact(session, HELD_SINCE) is None:
        return None
    return session.scalar(select(func.count()).where(Mail.due_at.is_not(None), _is_held(session))) or 0


def release(session: Session, *, drop: bool = False) -> int:
    """Let mail go out again. With `drop`, what was held back is never sent. Returns how many that were."""
    count = count_held(session) or 0
    if drop:
        held = update(Mail).where(Mail.due_at.is_not(None), _is_held(session))
        session.execute(held.values(due_at=None, details={}, error="dropped after a restore"))
    installation.forget(session, HELD_SINCE)
    return count


def _is_due() -> ColumnElement[bool]:
    """Whether the next attempt has come. One that lies further off than any pause was set by another clock."""
    now = clock.now()
    return or_(Mail.due_at <= now, Mail.due_at > now + LONGEST_PAUSE)


def _is_held(session: Session) -> ColumnElement[bool]:
    since = installation.fact(session, HELD_SINCE)
    if since is None:
        return false()
    return ~(Mail.template.in_(SIGN_IN) & (Mail.asked_at > datetime.fromisoformat(since)))


def _deliver(database: Database, office: PostOffice, render: Render, mail_id: UUID) -> bool:
    with database.readings() as session:
        mail = session.get_one(Mail, mail_id)
    if mail.due_at is None:  # another clockwork, which took over meanwhile, was faster
        return False
    error = None
    try:
        subject, text = render(mail.template, mail.language, mail.details)
        office.send(mail.recipient, subject, text)
    except (OSError, smtplib.SMTPException, ValueError) as failure:
        error = f"{type(failure).__name__}: {failure}"[:500]
        correlation = mail.correlation_id
        log.warning(  # without what the server said: that names the recipient
            "mail not sent",
            mail_id=str(mail_id),
            template=mail.template,
            error=type(failure).__name__,
            correlation_id=correlation,
        )
    with database.sessions.begin() as session:
        _note(session.get_one(Mail, mail_id, with_for_update=True), error)
    return error is None


def _note(mail: Mail, error: str | None) -> None:
    if mail.sent_at is not None:
        return
    mail.attempts, mail.error = mail.attempts + 1, error
    if error is None:
        mail.sent_at, mail.due_at, mail.details = clock.now(), None, {}
    elif mail.attempts >= MOST_ATTEMPTS:
        mail.due_at = None
    else:
        mail.due_at = clock.now() + FIRST_PAUSE * 2 ** (mail.attempts - 1)


def _connect(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or (465 if parts.scheme == "smtps" else 25)
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
