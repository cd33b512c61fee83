"""A field officer at a browser without scripts, and the shortest note that one can write."""

import re

from sqlalchemy import select

from services.intake.model import Note
from testbed.world import World

NEW = "/intake/notes/new"
OPERATION = {
    "operation.title": "Retour de migrants de Libye au Tchad",
    "operation.type": "evacuation",
    "operation.countries.0.code": "TCD",
    "operation.started_on": "3/2011",
    "organisation": "MSF Holland",
}
LESSON = {
    "observation": "Près de 4 000 personnes attendaient. Le centre en accueillait 900.",
    "discussion": "Les convois étaient déjà en route.",
    "recommendation": "Dimensionner les centres sur les convois.",
}


class Officer:
    """Someone at a browser in French, who writes a note."""

    def __init__(self, world: World, language: str = "fr", name: str | None = None):
        self.world = world
        self.browser = world.sign_in(name) if name else world.intake
        self.browser.set_cookie("lang", language)
        self.language = language
        self.receipt = None
        self.page = ""

    def post(self, path, answers):
        token = re.search(r'name="form_token" value="(\w+)"', self.page)
        sent = {**answers, **({"form_token": token.group(1)} if token else {})}
        answer = self.browser.post(path, data=sent)
        if answer.status_code == 302:
            found = re.search(r"/notes/([\w-]{22})", answer.headers["Location"])
            self.receipt = found.group(1) if found else self.receipt
            self.open(answer.headers["Location"])
        else:
            self.page = answer.text
        return answer

    def open(self, path):
        answer = self.browser.get(path)
        self.page = answer.text
        return answer

    def step(self, name, at=0, **answers):
        path = f"/intake/notes/{self.receipt}/write/{name}/{at}"
        self.open(path)
        return self.post(path, answers)

    def begin(self, **changes):
        self.open(NEW)
        return self.post(NEW, {**OPERATION, **changes})

    def remove(self, root, at):
        path = f"/intake/notes/{self.receipt}/remove/{root}/{at}"
        self.open(f"/intake/notes/{self.receipt}/check")
        (mark,) = re.findall(rf'action="{path}">.*?name="mark" value="(\w+)"', self.page, re.S)
        return self.post(path, {"mark": mark})

    def send(self):
        return self.post(f"/intake/notes/{self.receipt}/check", {})

    @property
    def errors(self):
        """The messages of the error summary, with the field each leads to."""
        summary = re.search(r"govuk-error-summary__list.*?</ul>", self.page, re.S)
        return (
            dict(
                re.findall(
                    (
                        r"<a "
                        r'href="([^"]*)"[^>]*>([^<]*)<'
                    ),
                    summary.group(0),
                )
            )
            if summary
            else {}
        )

    def heading(self):
        heading = re.search(r"<h1.*?</h1>", self.page, re.S).group(0)
        return re.sub(r"<span.*?</span>|<[^>]+>", "", heading).strip()


def write_short_note(officer: Officer, *, begun: bool = False):
    if not begun:
        officer.begin()
    officer.step("lesson", **LESSON)
    officer.step("indicator", indicator="water-per-person-day")
    officer.step(
        "number", value="36,5" if officer.language == "fr" else "36.5", how_known="reported"
    )
    officer.step("sharing", sharing="clear")


def note_of(world, who="field"):
    with world.intake_db.readings() as session:
        note = session.scalars(select(Note).order_by(Note.number.desc())).first()
        return note.state, note.content, note.draft
