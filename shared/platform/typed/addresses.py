"""One email address, however it was typed or pasted: no list, no name before it."""

import unicodedata
from typing import TYPE_CHECKING

from shared.platform.typed.texts import UnreadableError, clean_value

if TYPE_CHECKING:
    from email_validator import ValidatedEmail


def clean_address(text: str) -> str:
    """An address as it is stored and compared: "mailto:Amina@Bücher.example." is
    "amina@xn--bcher-kva.example".

    Without case, with its domain as the mail servers know it. What is no address comes back tidied,
    to be shown.
    """
    plain = _unwrapped(text)
    found = _validated(plain)
    return f"{found.local_part}@{found.ascii_domain}" if found else plain


def is_address(text: str | None) -> bool:
    """Whether this can be an address, one of an inner network (amina@office.local) too. Only a mail
    that arrives proves one.
    """
    found = _validated(_unwrapped(text or ""))
    return found is not None and "." in found.ascii_domain


def masked_address(address: str) -> str:
    """Enough of an address to see a slip in it, for whoever need not know it: am…@example.org."""
    name, _at, host = address.rpartition("@")
    return f"{name[:2]}…@{host}"


def _unwrapped(text: str) -> str:
    """Without what a mail program or a sentence puts around it."""
    try:
        plain = clean_value(text).lower().removeprefix("mailto:").rstrip(".,;").strip()
    except UnreadableError:
        return ""
    is_wrapped = plain.startswith("<") and plain.endswith(">")
    return unicodedata.normalize("NFC", plain[1:-1] if is_wrapped else plain)


def _validated(plain: str) -> "ValidatedEmail | None":
    import email_validator  # noqa: PLC0415 - three megabytes, and the loops do without it

    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()  # names that mean nothing outside of a network
    try:
        return email_validator.validate_email(
            plain, check_deliverability=False, globally_deliverable=False
        )
    except email_validator.EmailNotValidError:
        return None
