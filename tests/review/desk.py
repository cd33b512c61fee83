"""Steps that the tests of the review desk share."""

from tests.world import World


def open_case(world: World, note=None):
    return world.case_of(world.submit(note)["reference"])


def states_of(world, reference):
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{reference}").json
    return shown["state"], [item["state"] for item in shown["items"]]


def correct(world, reference, version, note, key="c1"):
    return world.call(
        "field", "PUT", f"/intake/api/v1/notes/{reference}", {**note, "version": version}, Idempotency_Key=key
    )
