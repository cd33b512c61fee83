"""What this installation says of itself on what it publishes."""

from flask import current_app

from services.review.library.schemas.entries import Site


def site() -> Site:
    """The public address and the licence."""
    config = current_app.config
    return Site(config["PUBLIC_URL"], config["LICENCE_NAME"], config["LICENCE_URL"])
