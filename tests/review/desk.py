"""Steps that the tests of the review desk share."""

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
