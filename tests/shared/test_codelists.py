"""The closed lists, as the outside contract writes them."""

from decimal import Decimal

import pytest

from services.review.library.schemas.entries import CatalogueEntrySchema
from shared.domain import codelists
from shared.domain.codelists import Definition
from shared.domain.codelists.indicator import starter_catalogue
from shared.platform.languages import LANGUAGES

CONTRACT = {
    "operation_types": "evacuation reception camp_coordination shelter return other",
    "kinds": "challenge lesson notable_practice",
    "identifier_schemes": "glide appeal iati other",
    "country_roles": "departure transit destination host",
    "how_known": "measured estimated reported",
    "precisions": "exact about at_least at_most",
    "modes": "air road sea rail foot",
    "languages": "en fr es ar",
    "sharing": "clear green amber amber_strict red",
    "heard_from": "staff partners authorities affected_people",
    "phases": "before during after",
    "verdicts": "approve request_changes reject duplicate",
    "stages": (
        "departure registration transport transit reception onward_travel stay handover "
        "closure reintegration"
    ),
}


@pytest.mark.parametrize("name", CONTRACT)
def test_the_codes_are_those_of_the_contract(name):
    assert " ".join(codelists.codes(name)) == CONTRACT[name]


def test_there_are_fifteen_sectors():
    assert codelists.codes("sectors") == tuple(str(number) for number in range(1, 16))


def test_every_term_has_a_label_in_every_language():
    lists = codelists._read("terms.yaml")
    missing = [
        (name, code, language)
        for name, terms in lists.items()
        for code, labels in terms.items()
        for language in LANGUAGES
        if not labels.get(language)
    ]

    assert missing == []


def test_every_text_of_the_catalogue_is_there_in_every_language():
    missing = [
        (indicator.code, part, language)
        for indicator in starter_catalogue().values()
        for part in ("name", "ask", "definition", "start", "stop", "caution")
        for language in LANGUAGES
        if part in indicator.definition and language not in indicator.definition[part]
    ]

    assert missing == []


def test_every_norm_has_a_known_source_and_an_edition():
    norms = [indicator.norm for indicator in starter_catalogue().values() if indicator.norm]

    assert len(norms) == 7
    assert all(norm.source in codelists.norm_sources() and norm.edition for norm in norms)


def test_countries_have_names_in_the_readers_language():
    assert codelists.country_label("TCD", "fr") == "Tchad"
    assert codelists.country_label("TCD", "ar") == "تشاد"
    assert codelists.country_choices("es")[0] == ("AFG", "Afganistán")


def test_the_api_documents_all_that_the_catalogue_says_of_an_indicator():
    declared = set(Definition.__annotations__)
    said = {name for found in codelists.starter_indicators().values() for name in found}

    assert said <= declared
    assert declared - {"code"} == set(CatalogueEntrySchema().fields) - {"code", "version"}


def test_shares_of_a_whole_and_whole_things_are_marked_in_the_catalogue():
    known = starter_catalogue()

    assert [code for code, one in known.items() if one.is_whole] == [
        "persons-received",
        "site-population-peak",
        "transit-centre-capacity",
    ]
    assert {one.at_most for one in known.values()} == {None, Decimal(100)}
    assert known["transit-demand-share"].at_most is None
