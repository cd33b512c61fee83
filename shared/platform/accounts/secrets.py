"""Secrets that we hand out and keep only as hashes.

They carry 128 bits or more, so a plain hash is enough.
"""

import hashlib
import hmac
import secrets


def new_token(byte_count: int = 32) -> str:
    """A fresh random token, safe in a URL."""
    return secrets.token_urlsafe(byte_count)


def new_code() -> str:
    """Six digits to type over. Guessing is bounded by counting the attempts."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_of(token: str) -> str:
    """What we store instead of the token."""
    return hashlib.sha256(token.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare without telling by the time how much is right."""
    return hmac.compare_digest(left.encode(), right.encode())


def derive(secret_key: str, purpose: str) -> str:
    """A key for one purpose, made from the installation's secret: both services can make it, nobody
    has to carry it.
    """
    return hmac.new(secret_key.encode(), purpose.encode(), hashlib.sha256).hexdigest()
