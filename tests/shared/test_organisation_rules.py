"""Names, families, and what may become of an organisation."""

from itertools import pairwise
from uuid import uuid4

import pytest

from shared.domain import organisations
from shared.domain.organisations import Organisation
from shared.platform.errors import ConflictError, InvalidError, NotFoundError
from shared.platform.typed.texts import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Co\u00adordi\u00adna\u200btion", "coordination"),
        ("\u200fتشاد\u200e (2011)", "تشاد 2011"),
        ("  Médecins   Sans\tFrontières ", "medecins sans frontieres"),
        ("M.S.F.", "m s f"),
        ("Straße", "strasse"),
        ("ÉCOLE No. 7", "ecole no 7"),
        ("المُنظَّمة", "المنظمة"),
        ("ﬁeld", "field"),
        ("— / —", ""),
        ("", ""),
    ],
)
def test_case_accents_signs_and_spaces_do_not_matter(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize("name", ["", "—", "42", "a\nb", "x" * 301])
def test_what_is_no_name_is_not_recorded(session, name):
    with pytest.raises(InvalidError) as refused:
        organisations.find_or_record(session, name)

    assert list(refused.value.errors) == ["name"]


def test_a_name_may_have_three_hundred_characters_and_keeps_no_outer_spaces(session):
    recorded = organisations.find_or_record(session, f" {'x' * 298} ")

    assert (recorded.name, recorded.confirmed) == ("x" * 298, False)


def test_a_new_organisation_takes_the_id_that_it_is_given_and_a_known_one_keeps_its_own(session):
    given = uuid4()

    assert organisations.find_or_record(session, "New", organisation_id=given).id == given
    assert organisations.find_or_record(session, "NEW", organisation_id=uuid4()).id == given


def family(session, *names):
    """Organisations, each a part of the one before."""
    made = [organisations.find_or_record(session, name) for name in names]
    for parent, child in pairwise(made):
        organisations.confirm(session, child.id, name=child.name, parent_id=parent.id)
    return made


def test_the_head_of_a_family_is_found_over_several_generations(session):
    head, section, office = family(session, "Head", "Section", "Office")

    assert organisations.family_of(session, office.id) == head.id
    assert organisations.family_of(session, section.id) == head.id
    assert organisations.family_of(session, head.id) == head.id
    assert organisations.family_of(session, None) is None
    assert organisations.family_of(session, uuid4()) is None


def test_a_part_of_what_was_merged_belongs_to_what_that_became(session):
    wrong, part = family(session, "Hed", "Part")
    head = organisations.find_or_record(session, "Head")

    organisations.merge(session, wrong.id, into_id=head.id)
    session.flush()

    assert organisations.family_of(session, part.id) == head.id
    assert organisations.find(session, "hed") is head
    assert organisations.aliases_of(session, head.id) == ["Head", "Hed"]
    assert organisations.aliases_of(session, wrong.id) == []


def test_a_parent_that_is_not_there_and_a_circle_end_the_search(session):
    head, part = family(session, "Head", "Part")
    head.parent_id = uuid4()
    session.flush()
    assert organisations.family_of(session, part.id) == head.id

    head.parent_id = part.id
    session.flush()
    assert organisations.family_of(session, part.id) in {head.id, part.id}


def test_a_merged_record_leads_on_however_often_it_was_merged(session):
    one, two, three = (organisations.find_or_record(session, name) for name in ("A", "B", "C"))
    organisations.merge(session, one.id, into_id=two.id)
    organisations.merge(session, two.id, into_id=three.id)
    session.flush()

    assert organisations.current(session, one.id) is three
    assert organisations.current(session, uuid4()) is None


def test_nothing_is_confirmed_or_merged_that_is_not_there(session):
    known = organisations.find_or_record(session, "Known")

    with pytest.raises(NotFoundError):
        organisations.confirm(session, uuid4(), name="Any", parent_id=None)
    with pytest.raises(NotFoundError):
        organisations.merge(session, uuid4(), into_id=known.id)
    with pytest.raises(NotFoundError):
        organisations.merge(session, known.id, into_id=uuid4())


def test_no_organisation_comes_below_its_own_part_nor_into_itself(session):
    head, _section, office = family(session, "Head", "Section", "Office")

    for refused in (
        lambda: organisations.confirm(session, head.id, name="Head", parent_id=office.id),
        lambda: organisations.confirm(session, head.id, name="Head", parent_id=head.id),
        lambda: organisations.merge(session, head.id, into_id=office.id),
        lambda: organisations.merge(session, head.id, into_id=head.id),
    ):
        with pytest.raises(ConflictError):
            refused()
    organisations.confirm(session, head.id, name="Head", parent_id=None)
    assert organisations.merge(session, office.id, into_id=head.id) is head


def test_what_is_confirmed_is_not_merged_into_what_nobody_vouches_for(session):
    known, new = (organisations.find_or_record(session, name) for name in ("Known", "New"))
    organisations.confirm(session, known.id, name="Known", parent_id=None)
    with pytest.raises(ConflictError):
        organisations.merge(session, known.id, into_id=new.id)

    organisations.confirm(session, new.id, name="New", parent_id=None)
    assert organisations.merge(session, known.id, into_id=new.id) is new


def test_a_confirmed_organisation_is_found_under_its_new_and_its_old_name(session):
    recorded = organisations.find_or_record(session, "Chad Helpers")

    organisations.confirm(session, recorded.id, name=" Chad Helping Hands ", parent_id=None)

    assert (recorded.name, recorded.confirmed) == ("Chad Helping Hands", True)
    assert organisations.find(session, "CHAD HELPING HANDS") is recorded
    assert organisations.find(session, "chad helpers") is recorded
    with pytest.raises(InvalidError):
        organisations.confirm(session, recorded.id, name="MSF Holland", parent_id=None)
    organisations.confirm(session, recorded.id, name="chad helpers", parent_id=None)


def test_a_name_moves_to_whom_it_is_given_and_one_of_signs_only_is_none(session):
    first, second = (organisations.find_or_record(session, name) for name in ("A", "B"))

    organisations.add_names(session, second, ["a", " C ", "!!"])

    assert organisations.find(session, "A") is second
    assert organisations.aliases_of(session, second.id) == ["A", "B", "C"]
    assert organisations.aliases_of(session, first.id) == []


def test_only_confirmed_names_that_still_stand_are_offered(session):
    before = organisations.known_names(session)
    new, wrong, into = (
        organisations.find_or_record(session, name) for name in ("New", "Wrong", "Aa")
    )
    for one in (wrong, into):
        organisations.confirm(session, one.id, name=one.name, parent_id=None)
    organisations.merge(session, wrong.id, into_id=into.id)
    session.flush()

    assert organisations.known_names(session) == sorted([*before, "Aa"])
    assert not new.confirmed


def test_the_starters_are_recorded_once_and_what_was_changed_since_stays(session):
    holland = organisations.find(session, "MSF Holland")
    holland.name = "Another name"
    names = organisations.aliases_of(session, holland.id)

    organisations.record_starters(session)

    assert session.get_one(Organisation, holland.id).name == "Another name"
    assert organisations.aliases_of(session, holland.id) == names
    assert (holland.confirmed, holland.parent_id) == (True, organisations.find(session, "MSF").id)
