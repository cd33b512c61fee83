"""What the first page of the form offers and fills in: nothing that its reader may not read."""

import re
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import update

from services.intake import use_cases
from services.intake.model import Item
from shared.domain import codelists, organisations
from shared.domain.events import EntryPublished, OrganisationConfirmed
from shared.platform import clock
from shared.platform.accounts.accounts import Account
from testbed.notes import approve, make_lesson, make_note
from testbed.world import World
from tests.intake.officer import NEW, OPERATION, Officer
from tests.review.desk import correct, share

SECRET = "Relocation of threatened witnesses, site Q"
LEVELS = ("red", "amber_strict", "amber", "green", "clear")
ACCOUNTS = ("field", "intake colleague", "intake outsider", "intake admin")


def titles(world, who=None):
    """The names of operations that the form offers to someone; None is a stranger."""
    page = Officer(world, "en", name=who).open(NEW).text
    (offered,) = re.findall(r'<datalist id="known-operations">(.*?)</datalist>', page, re.S)
    return re.findall(r'<option value="([^"]*)"', offered)


def organisations_offered(world):
    """The names of organisations that the form offers, but for those known from the start."""
    page = Officer(world, "en").open(NEW).text
    (offered,) = re.findall(r'<datalist id="known-organisations">(.*?)</datalist>', page, re.S)
    names = [unescape(name) for name in re.findall(r'<option value="([^"]*)"', offered)]
    assert "Libyan Red Crescent" in names
    starters = {starter.name for starter in codelists.organisations()}
    return [name for name in names if name not in starters]


def belongs(world, name, role, organisation, *, demonstration=False):
    """An account at intake whose organisation is confirmed."""
    account = world.person(f"intake {name}", role, organisation=organisation)
    with world.intake_db.sessions.begin() as session:
        session.get_one(Account, account.id).demonstration = demonstration
        organisations.find_or_record(session, organisation).confirmed = True


def filled_in(world, title, who=None):
    """What is filled in for someone who gives only a title: type, main country and start."""
    officer = Officer(world, "en", name=who)
    empty = dict.fromkeys((name for name in OPERATION if name.startswith("operation.")), "")
    officer.begin(**{**empty, "operation.title": title})
    officer.open(f"/intake/notes/{officer.receipt}/write/operation/0")
    chosen = re.findall(r'<option value="(\w+)" selected', officer.page)
    start = re.search(r'id="operation.started_on"[^>]*value="([^"]+)"', officer.page)
    return [*chosen, start.group(1)] if start else chosen


def lesson_only(title=SECRET, **changes):
    return make_note(operation__title=title, benchmarks=[], **changes)


def withdraw(world, reference):
    path = f"/review/api/v1/entries/{reference}/withdrawal"
    assert world.call("editor", "POST", path, {"reason": "It named a camp."}).status_code == 200
    world.carry()


@pytest.mark.parametrize("sharing", LEVELS)
def test_a_stranger_is_offered_only_what_was_published_for_anyone(world: World, sharing):
    case = world.case_of(world.submit(lesson_only(sharing=sharing))["reference"])
    assert (titles(world), filled_in(world, SECRET)) == ([], [])

    world.decide(case, [approve(case["items"][0])])

    assert titles(world) == ([SECRET] if sharing == "clear" else [])
    assert bool(filled_in(world, SECRET)) is (sharing == "clear")


def test_a_published_operation_is_offered_and_its_rest_filled_in(world: World, both_backends):
    world.publish()

    assert titles(world) == ["Return of migrants from Libya to Chad"]
    filled = filled_in(world, "RETURN of migrants from Libya to Chad.")
    assert filled == ["evacuation", "LBY", "2011-03"]


def test_what_is_approved_for_fewer_readers_is_not_offered_to_a_stranger(world: World):
    case = world.case_of(world.submit(lesson_only())["reference"])
    world.decide(case, [approve(case["items"][0], sharing="green")])

    assert titles(world) == []


@pytest.mark.parametrize(("level", "readers"), [("green", ()), ("amber", ("MSF Holland",))])
def test_a_narrowed_entry_is_no_longer_suggested(world: World, level, readers, both_backends):
    (reference,) = world.publish(lesson_only())
    assert titles(world) == [SECRET]

    share(world, reference, level, *readers)
    assert (titles(world), filled_in(world, SECRET)) == ([], [])

    share(world, reference, "clear")
    assert titles(world) == [SECRET]


def test_an_operation_is_suggested_until_its_last_entry_is_withdrawn(world: World):
    first, second = world.publish(make_note(operation__title=SECRET))

    withdraw(world, first)
    assert titles(world) == [SECRET]
    withdraw(world, second)

    assert (titles(world), filled_in(world, SECRET)) == ([], [])


@pytest.mark.parametrize("sharing", LEVELS)
def test_an_account_is_offered_what_it_may_read_of_the_closest_levels_its_own(world, sharing):
    world.person("intake colleague", "field", organisation="Chad Migration Support")
    world.person("intake outsider", "field", organisation="MSF Holland")
    world.person("intake admin", "admin")
    world.submit(lesson_only(sharing=sharing))
    is_close = sharing in ("red", "amber_strict")
    readers = ["field"] if is_close else ["field", "intake colleague", "intake admin"]

    assert [who for who in ACCOUNTS if titles(world, who)] == readers
    assert [who for who in ACCOUNTS if filled_in(world, SECRET, who)] == readers


def test_a_part_of_the_family_is_the_same_organisation(world: World, both_backends):
    world.person("intake holland", "field", organisation="MSF Holland")
    world.person("intake france", "field", organisation="MSF France")
    world.submit(lesson_only(sharing="green", organisation="MSF-H"), who="intake holland")

    assert titles(world, "intake france") == [SECRET]
    assert titles(world, "field") == []


def test_whoever_has_only_an_address_is_offered_the_notes_that_gave_it(world: World):
    world.person("intake other", "field", organisation="Chad Migration Support")
    with world.intake_db.sessions.begin() as session:
        session.get_one(Account, world.ids["intake other"]).vouched = False
    world.submit(lesson_only(sharing="green"))
    assert titles(world, "intake other") == []

    world.submit(lesson_only("Their own", sharing="red"), who="intake other")
    assert titles(world, "intake other") == ["Their own"]


def test_a_hidden_note_of_an_operation_lends_neither_words_nor_dates(world, both_backends):
    hidden = lesson_only("Flood response (Nadia’s house)", sharing="red")
    both = [{"code": "TCD", "role": None}, {"code": "SDN", "role": "transit"}]
    hidden["operation"].update(started_on="2011-03-09", countries=both)
    title = lesson_only("FLOOD RESPONSE, Nadia s House")
    title["operation"].update(started_on="2011-03", countries=[{"code": "TCD", "role": "host"}])
    world.submit(hidden)
    world.publish(title)

    assert titles(world) == ["FLOOD RESPONSE, Nadia s House"]
    filled = filled_in(world, "Flood response (Nadia’s house)")
    assert filled == ["evacuation", "TCD", "2011-03"]


def test_a_hidden_operation_of_the_same_title_changes_nothing_for_others(world: World):
    world.publish(lesson_only("Flood response"))
    world.submit(lesson_only("Flood response", operation__type="shelter", sharing="red"))

    assert filled_in(world, "Flood response") == ["evacuation", "LBY", "2011-03"]
    assert filled_in(world, "Flood response", "field") == []  # the author has two of that title


def half_published(world, title):
    """A note of which one lesson was published and one returned. Returns its case and the note."""
    note = lesson_only(title, lessons=[make_lesson(), make_lesson(title="Told too late")])
    case = world.case_of(world.submit(note)["reference"])
    back = {"item": case["items"][1]["id"], "verdict": "request_changes", "comment": "When?"}
    assert world.decide(case, [approve(case["items"][0]), back]).status_code == 200
    note["lessons"][1]["observation"] = "In May."
    return case, note


@pytest.mark.parametrize("sharing", ["clear", "red"])
def test_a_correction_that_nobody_has_reviewed_changes_no_suggestion(world: World, sharing):
    case, note = half_published(world, "Return to Chad")
    note["operation"].update(title=SECRET, started_on="2011-04")
    assert correct(world, case["note"], 1, {**note, "sharing": sharing}).status_code == 200
    world.carry()

    assert titles(world) == ["Return to Chad"]
    assert filled_in(world, "Return to Chad") == ["evacuation", "LBY", "2011-03"]
    assert filled_in(world, SECRET) == []


def test_an_entry_of_a_corrected_note_is_suggested_as_the_correction_tells_it(world: World):
    case, note = half_published(world, SECRET)
    (earlier,) = world.call(None, "GET", "/api/v1/entries").json["entries"]
    note["operation"]["title"] = "Relocation"
    assert correct(world, case["note"], 1, note).status_code == 200
    world.carry()
    again = world.case_of(case["note"])
    assert world.decide(again, [approve(again["items"][1])]).status_code == 200

    withdraw(world, earlier["reference"])

    assert titles(world) == ["Relocation"]
    assert filled_in(world, SECRET) == []


def test_an_entry_of_which_nobody_said_what_it_shows_is_not_suggested(world: World):
    world.publish(lesson_only())
    with world.intake_db.sessions.begin() as session:  # as an upgrade leaves it
        session.execute(update(Item).values(entry_sharing=None, published_version=None))

    assert titles(world) == []


def test_an_older_event_tells_what_is_shown_only_of_a_note_with_one_version(world: World):
    for is_corrected in (False, True):
        case, note = half_published(world, "Corrected" if is_corrected else "As it was sent")
        if is_corrected:
            assert correct(world, case["note"], 1, note).status_code == 200
        with world.intake_db.sessions.begin() as session:
            item_id = UUID(case["items"][0]["id"])
            event = EntryPublished(
                reference="LL-2011-0001",
                kind="lesson",
                version=1,
                sharing="clear",
                note_id=session.get_one(Item, item_id).note_id,
                item_id=item_id,
                at=clock.now(),
            )
            use_cases.record_publication(session, event)

    assert titles(world) == ["As it was sent"]


@pytest.mark.parametrize("limit", ["MOST_NOTES", "MOST_TITLES"])
def test_of_very_many_the_latest_are_offered_and_all_filled_in(world, monkeypatch, limit):
    monkeypatch.setattr(f"services.intake.queries.notes.{limit}", 2)
    for title in ("Camp A", "Camp C", "Camp B"):
        world.publish(lesson_only(title))

    assert titles(world) == ["Camp B", "Camp C"]
    assert filled_in(world, "Camp A") == ["evacuation", "LBY", "2011-03"]


def test_a_title_of_signs_only_finds_nothing(world: World):
    world.publish(lesson_only("???"))

    assert filled_in(world, "!!!") == []


def test_the_check_page_names_no_organisation_that_only_hidden_notes_name(world: World):
    world.submit(lesson_only(organisation="Cellule Témoins (Nadia)", sharing="red"))
    for typed, is_known in (("cellule temoins nadia", False), ("msf holland", True)):
        officer = Officer(world, "en")
        officer.begin(organisation=typed)

        page = officer.open(f"/intake/notes/{officer.receipt}/check").text

        assert ("Known as" in page) is is_known
        assert "Témoins" not in page


def test_organisations_of_the_desk_and_of_the_demonstration_are_not_offered(
    world: World, both_backends
):
    belongs(world, "admin", "admin", "Review desk")
    belongs(world, "demo", "field", "Register editors", demonstration=True)
    belongs(world, "starter", "field", "Libyan Red Crescent", demonstration=True)
    belongs(world, "team", "field", "Chad Helping Hands")
    belongs(world, "both", "admin", "Chad Helping Hands")
    world.submit(lesson_only(organisation="Register editors"), who="intake demo")
    world.submit(lesson_only(organisation="Review desk"), who="intake admin")

    assert organisations_offered(world) == ["Chad Helping Hands"]


def test_an_organisation_that_a_field_team_named_is_offered_whoever_else_belongs_to_it(
    world: World,
):
    belongs(world, "admin", "admin", "Health Partners")
    assert organisations_offered(world) == []

    world.submit(lesson_only(organisation="Health Partners"))

    assert organisations_offered(world) == ["Health Partners"]


def test_an_organisation_that_an_editor_confirmed_is_offered(world: World):
    event = OrganisationConfirmed(
        organisation_id=UUID(int=7),
        organisation="Sahel Relief",
        parent_id=None,
        aliases=[],
        merged_id=None,
    )
    with world.intake_db.sessions.begin() as session:
        use_cases.confirm_organisation(session, event)

    assert organisations_offered(world) == ["Sahel Relief"]
