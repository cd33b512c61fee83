"""What a reviewer knows is said by command."""

from services.review.desk.model import Profile
from testbed.world import World


def test_the_operations_on_which_somebody_worked_stay_when_their_profile_is_said_anew(
    world: World, command
):
    operation = world.case_of(world.submit()["reference"])["operation"]["id"]
    world.reviewer("Amina", operations=[operation])

    done = command("people", "profile", "Amina@example.org", "--language", "fr", "--sector", "3")

    assert (done.exit_code, done.output) == (0, "Done.\n")
    with world.review_db.readings() as session:
        profile = session.get_one(Profile, world.ids["Amina"])
    assert (profile.languages, profile.sectors) == (["fr"], [3])
    assert profile.operations == [operation]


def test_a_country_that_there_is_not_is_named(world: World, command):
    world.reviewer("Amina")

    done = command("people", "profile", "amina@example.org", "--language", "fr", "--country", "XXX")

    said = "XXX: give countries by their three letters in ISO 3166, such as TCD LBY."
    assert [str(text) for text in done.exception.errors["countries"]] == [said]
