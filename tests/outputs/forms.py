"""Forms on pages, filled in and sent as a browser without scripts does it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

from tests.outputs.collecting import Collection
from tests.outputs.visiting import Answer, Visitor

RECEIPT = re.compile(r"/intake/notes/([\w-]{22})")
KEY = re.compile(r"llr\.[\w-]+\.[\w-]+")


class Sitting:
    """A person at the register. Each page that an act leads to is kept under its name."""

    def __init__(self, found: Collection, person: str, language: str = "en") -> None:
        self._found = found
        self._visitor: Visitor = found.person(person, language)
        self._page = Answer("", 0, [], b"")
        self.path = "/"

    @property
    def text(self) -> str:
        """The page that is open."""
        return self._page.text

    def open(self, path: str) -> None:
        """Open a page."""
        self.path, self._page = path, self._visitor.get(path)

    def look(self, act: str, path: str) -> None:
        """Open a page and keep it."""
        self.open(path)
        self._found.answer(f"acts/forms/{act}", self._page)

    def send(self, act: str, action: str, /, **values: str) -> None:
        """Fill in the form whose address ends with `action`, send it, and follow where it leads."""
        form = form_to(self._page.text, self.path, action, values)
        answer = self._visitor.post(form.address, form.fields | values)
        for key in KEY.findall(answer.text):
            self._found.learn_key(key, "new key")
        for receipt in RECEIPT.findall(f"{answer.header('location')} {answer.text}"):
            self._found.names.learn(receipt, "receipt of the form")
        self._found.answer(f"acts/forms/{act}", answer)
        self.path, self._page = form.address, answer
        if answer.header("location"):
            self.open(answer.header("location"))
            self._found.answer(f"acts/forms/{act}, then", self._page)


@dataclass
class Form:
    """A form: where it goes, what it may hold, what a browser sends if nothing is typed."""

    address: str
    names: set[str]
    fields: dict[str, str]


def form_to(page: str, path: str, action: str, values: Iterable[str]) -> Form:
    """The first form of the page that goes there and asks for these values."""
    reader = _Forms(path)
    reader.feed(page)
    for form in reader.forms:
        if form.address.endswith(action) and form.names.issuperset(values):
            return form
    found = [(form.address, sorted(form.names)) for form in reader.forms]
    raise SystemExit(f"{path} has no form to {action} for {list(values)}: {found}")


class _Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._select = self._textarea = ""
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field into the form that it stands in."""
        found = dict(attrs)
        if tag == "form":
            self.forms.append(Form(found.get("action") or self._path, set(), {}))
        if not self.forms:
            return
        form, name, value = self.forms[-1], found.get("name") or "", found.get("value") or ""
        form.names |= {name} - {""}
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            if "selected" in found or self._select not in form.fields:
                form.fields[self._select] = value
        elif tag == "textarea":
            self._textarea, form.fields[name] = name, ""
        elif tag == "input" and name and _is_sent(found):
            form.fields[name] = value

    def handle_data(self, data: str) -> None:
        """What stands in a text area."""
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """The end of a field that has a beginning and an end."""
        if tag == "textarea":
            self._textarea = ""
        elif tag == "select":
            self._select = ""


def _is_sent(found: dict[str, str | None]) -> bool:
    return found.get("type") not in ("checkbox", "radio") or "checked" in found
