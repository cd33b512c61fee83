"""Organisations, found again under any of their names."""

import pytest

from shared.domain import organisations
from shared.platform.errors import ConflictError


def test_an_organisation_is_found_under_its_aliases_without_case_accents_or_dots(session):
    assert organisations.find(session, "msf holland").name == "Médecins Sans Frontières Holland"
    assert organisations.find(session, "MEDECINS SANS FRONTIERES").name == (
        "Médecins Sans Frontières"
    )
    assert organisations.find(session, "M.S.F") is None
    assert organisations.find(session, "المنظمة الدولية للهجرة").name == (
        "International Organization for Migration"
    )


def test_sections_belong_to_one_family(session):
    holland, france = (organisations.find(session, name) for name in ("MSF-H", "MSF-F"))
    iom = organisations.find(session, "IOM")

    assert organisations.family_of(session, holland.id) == organisations.family_of(
        session, france.id
    )
    assert organisations.family_of(session, iom.id) == iom.id


def test_an_unknown_name_stays_unconfirmed(session):
    recorded = organisations.find_or_record(session, "Chad Helping Hands")

    assert not recorded.confirmed
    assert organisations.find_or_record(session, "CHAD helping-hands").id == recorded.id
    assert "Chad Helping Hands" not in organisations.known_names(session)


def test_a_name_that_another_records_after_our_first_look_is_found_at_the_second(
    session, monkeypatch
):
    recorded = organisations.find_or_record(session, "Chad Helping Hands")
    looks, find = [], organisations.find

    def too_early(session, name):
        looks.append(name)
        return find(session, name) if len(looks) > 1 else None

    monkeypatch.setattr(organisations, "find", too_early)

    assert organisations.find_or_record(session, "Chad Helping Hands").id == recorded.id


def test_a_merged_spelling_leads_to_the_organisation_it_is(session):
    wrong = organisations.find_or_record(session, "Medcins sans frontiere Holland")
    holland = organisations.find(session, "MSF Holland")

    organisations.merge(session, wrong.id, into_id=holland.id)

    assert organisations.find(session, "Medcins sans frontiere Holland").id == holland.id
    assert organisations.current(session, wrong.id).id == holland.id


def test_no_organisation_becomes_part_of_itself(session):
    msf, holland = (organisations.find(session, name) for name in ("MSF", "MSF Holland"))

    with pytest.raises(ConflictError):
        organisations.confirm(session, msf.id, name="MSF", parent_id=holland.id)
    with pytest.raises(ConflictError):
        organisations.merge(session, msf.id, into_id=holland.id)
