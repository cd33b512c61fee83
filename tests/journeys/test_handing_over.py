"""A note is handed over to a successor by command."""

from testbed.notes import make_note
from testbed.world import World


def test_a_command_hands_a_note_over_and_says_why_it_cannot(world: World, command):
    for name in ("sender", "successor"):
        world.person(name, "field", organisation="MSF Holland")
    world.person("other", "field", organisation="UNHCR")
    note = make_note(organisation="MSF Holland", sharing="red")
    reference = world.submit(note, who="sender")["reference"]

    refused = command("people", "hand-over", reference, "other@example.org")
    missing = command("people", "hand-over", "AAN-2000-0001", "successor@example.org")
    done = command("people", "hand-over", reference.lower(), "successor@example.org")

    assert "only to an active account of the organisation that sent it" in str(refused.exception)
    assert "There is no note AAN-2000-0001." in str(missing.exception)
    assert (done.exit_code, done.output) == (0, "Done.\n")
    answer = world.call("successor", "GET", f"/intake/api/v1/notes/{reference}")
    assert answer.status_code == 200
