"""The texts of mails: templates whose first line is the subject, in the recipient's language."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, render_template
from flask_babel import force_locale


def render(app: Flask, template: str, language: str, details: Mapping[str, Any]) -> tuple[str, str]:
    """Subject and text of a mail."""
    with app.app_context(), force_locale(language):
        written = render_template(
            f"mail/{template}.txt", public_url=app.config["PUBLIC_URL"], **details
        )
    subject, _newline, text = written.partition("\n")
    return subject.strip(), text.strip() + "\n"
