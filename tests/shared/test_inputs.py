"""Texts as people and programs give them."""

import pytest
from marshmallow import ValidationError

from shared.domain.inputs import Code, Country, Day, Number, OperationReference, Text


@pytest.mark.parametrize("broken", ["Convoys \x00late", "Convoys \ud800late", "Convoys \uffffx"])
def test_what_cannot_be_stored_is_refused_with_its_place(broken):
    with pytest.raises(ValidationError) as refused:
        Text().deserialize(broken)

    said = "Take out the hidden character after “Convoys”: it cannot be stored."
    assert str(refused.value.messages) == said


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Convoys \u202elate\u202c", "Convoys late"),
        ("Co\u00adordi\u00adnation", "Coordination"),
        ("Convoys\u200b\x07", "Convoys"),
        ("Convoys\x0blate", "Convoys late"),
        ("Cafe\u0301", "Café"),
        ("\u200b\u2060 \u202e", None),
    ],
)
def test_what_nobody_sees_is_left_out_of_a_line(sent, kept):
    assert Text().deserialize(sent) == kept


def test_line_breaks_of_every_program_become_the_same_in_a_paragraph():
    assert Text(most=10_000).deserialize("one\x0btwo\r\nthree\u2028four") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        (Code("kinds"), "\u200fLesson.", "lesson"),
        (Country(), " ｔｃｄ ", "TCD"),
        (Day(), "٢٠١١–٠٣", "2011-03"),
        (Number(), "\u200e９００", "900"),
        (OperationReference(), "op‑2026–0001.", "OP-2026-0001"),
    ],
)
def test_a_value_is_read_whatever_keyboard_it_comes_from(field, sent, kept):
    assert field.deserialize(sent) == kept


@pytest.mark.parametrize(
    "title",
    ["می\u200cخواهم", "क्\u200dष", "تشاد \u200f(2011)", "Chad\u200e - تشاد", "Quel mois\u00a0?"],
)
def test_what_languages_are_written_with_is_kept(title):
    assert Text(most=10_000).deserialize(title) == title
