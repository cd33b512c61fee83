"""Steps that the tests of the review desk share."""

from typing import Any

from lxml import html
from werkzeug.datastructures import MultiDict

from testbed.world import World


def open_case(world: World, note=None):
    return world.case_of(world.submit(note)["reference"])


def states_of(world, reference):
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{reference}").json
    return shown["state"], [item["state"] for item in shown["items"]]


def correct(world, reference, version, note, key="c1"):
    return world.call(
        "field",
        "PUT",
        f"/intake/api/v1/notes/{reference}",
        {**note, "version": version},
        Idempotency_Key=key,
    )


def withdraw(world, *references):
    for reference in references:
        _change(world, reference, "withdrawal", {"reason": "A person can be recognised."})


def share(world, reference, sharing, *readers):
    body = {"sharing": sharing, "readers": readers, "reason": "They asked."}
    _change(world, reference, "sharing", body)


def _change(world, reference, what, body):
    answer = world.call("editor", "POST", f"/review/api/v1/entries/{reference}/{what}", body)
    assert answer.status_code == 200, answer.json
    world.carry()


def returned(item, comment="Say when."):
    """The decision that sends an item back to its team."""
    return {"item": item["id"], "verdict": "request_changes", "comment": comment}


def rejected(item, comment="Not a lesson."):
    """The decision that rejects an item."""
    return {"item": item["id"], "verdict": "reject", "comment": comment}


class Desk:
    """Someone's browser on one page of the desk; it sends the forms as they stand there."""

    def __init__(self, world: World, name: str, path: str) -> None:
        self.browser, self.path = world.sign_in(name), path
        self.show(self.browser.get(f"{path}?lang=en"))

    def show(self, answer: Any) -> None:
        self.status, self.text = answer.status_code, answer.text
        self.page = html.fromstring(self.text)

    def form(self, ending: str) -> Any:
        """The form whose address ends like this."""
        (found,) = [form for form in self.page.forms if (form.get("action") or "").endswith(ending)]
        return found

    def send(self, ending: str, **answers: Any) -> None:
        """Fill a form in, send it, and show what comes back."""
        form = self.form(ending)
        data = MultiDict(form.form_values())
        for name, answer in answers.items():
            data.setlist(name, answer if isinstance(answer, list) else [answer])
        self.answer = self.browser.post(f"{form.get('action')}?lang=en", data=data)
        self.show(self.answer)

    def follow(self) -> None:
        """Go where the answer leads."""
        assert self.status == 302, self.notices() or self.status
        self.show(self.browser.get(self.answer.headers["Location"]))

    def value(self, name: str) -> str:
        """What stands in a field."""
        (field,) = self.page.xpath("//*[@name=$name]", name=name)
        return str(field.value or "")

    def chosen(self, name: str) -> list[str]:
        """Which of some ticks or buttons are set."""
        return self.page.xpath("//input[@name=$name and @checked]/@value", name=name)

    def notices(self) -> str:
        """The text of the summary at the top."""
        found = self.page.xpath("//*[contains(@class, 'govuk-error-summary')][@data-module]")
        return " ".join(found[0].text_content().split()) if found else ""

    def problems(self) -> list[str]:
        """The lines of the summary at the top."""
        lines = self.page.xpath("//*[contains(@class, 'govuk-error-summary__list')]/li")
        return [" ".join(line.text_content().split()) for line in lines]

    def had_typed(self) -> list[str]:
        """The texts of which the page says that they were typed."""
        insets = self.page.xpath("//*[contains(@class, 'govuk-inset-text')]")
        texts = [" ".join(" ".join(inset.itertext()).split()) for inset in insets]
        return [text for text in texts if text.startswith("You had typed")]
