"""Nothing that is sent comes in but through shared/platform/typed."""

import ast
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.routing import Rule, UUIDConverter

from testbed.world import World

ROOT = Path(__file__).parent.parent.parent
DOOR = "shared/platform/typed/sent.py"
# What a request holds of its sender's: all but its address, which the router has looked at.
SENT = {
    "form", "args", "values", "json", "get_json", "data", "get_data", "stream", "files", "headers",
    "cookies", "environ", "query_string",
}  # fmt: skip
# Set by our own middleware, which takes the language off the path.
OF_OURS = {"shared/platform/web/languages.py": {"environ"}}


def read_past(source: str) -> set[str]:
    """What a module reads of a request itself."""
    return {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and node.attr in SENT
        and isinstance(node.value, ast.Name)
        and node.value.id == "request"
    }


def modules() -> list[str]:
    found = [*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/**/*.py")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("request.form.get('a')", {"form"}),
        ("x = request.get_json()", {"get_json"}),
        ("request.view_args, request.path, sent.form()", set()),
    ],
)
def test_what_reads_a_request_past_the_door_is_found(source, found):
    assert read_past(source) == found


def test_only_the_door_reads_what_was_sent():
    past = {
        name: found
        for name in modules()
        if name != DOOR
        and (found := read_past((ROOT / name).read_text()) - OF_OURS.get(name, set()))
    }

    assert past == {}


def forms(app: Flask) -> list[str]:
    """The addresses to which forms are sent, with a made-up part where one is wanted."""
    made_up = {
        "receipt": "x" * 22, "token": "x" * 22, "root": "lessons", "step_name": "lesson",
        "reference": "LL-2026-0001",
    }  # fmt: skip
    found = []
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and "/api/" not in rule.rule:
            parts = {name: made_up.get(name, _part_of(rule, name)) for name in rule.arguments}
            found.append(app.url_map.bind("localhost").build(rule.endpoint, parts, method="POST"))
    return sorted(set(found))


def _part_of(rule: Rule, name: str) -> UUID | int:
    return UUID(int=1) if isinstance(rule._converters[name], UUIDConverter) else 0


@pytest.mark.parametrize("who", ["editor", "admin", None])
def test_every_form_with_what_cannot_be_stored_is_refused_in_words(
    world: World, both_backends, who
):
    if who == "admin":
        world.person("admin", "admin")
    clients = {
        world.review_app: world.sign_in(who) if who else world.review,
        world.intake_app: world.intake,
    }

    answers = {
        path: client.post(path, data={"anything": "a\x00b"}, headers={"Accept-Language": "en"})
        for app, client in clients.items()
        for path in forms(app)
    }

    assert len(answers) > 30
    said = "Take out the hidden character after “a”: it cannot be stored."
    untold = {
        path: answer.status_code for path, answer in answers.items() if said not in answer.text
    }
    assert set(untold.values()) <= {302, 403}  # to those who may not, or must sign in
    assert all(answer.status_code < 500 for answer in answers.values())
