"""Texts as people and programs give them."""

import pytest
from marshmallow import ValidationError

from shared.domain.inputs import Text


@pytest.mark.parametrize(
    "hidden",
    [
        "\u202a",
        "\u202b",
        "\u202c",
        "\u202d",
        "\u202e",
        "\u2066",
        "\u2067",
        "\u2068",
        "\u2069",
        "\x7f",
        "\x80",
        "\x9f",
    ],
)
def test_a_character_that_turns_a_text_round_or_controls_a_screen_is_refused(hidden):
    for title in (f"Convoys {hidden}late", hidden):
        with pytest.raises(ValidationError):
            Text().deserialize(title)


@pytest.mark.parametrize(
    "title",
    ["می\u200cخواهم", "क्\u200dष", "تشاد \u200f(2011)", "Chad\u200e - تشاد", "Quel mois\u00a0?"],
)
def test_what_languages_are_written_with_is_kept(title):
    assert Text(most=10_000).deserialize(title) == title
