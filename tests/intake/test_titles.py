"""The title that the beginning of a lesson makes."""

import pytest

from services.intake.pages.titles import first_words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("The buses came late. Fuel had run out.", "The buses came late. Fuel had run out"),
        ("The buses came late because fuel ran out. We waited.",
         "The buses came late because fuel ran out"),
        ("1. The buses came late because fuel ran out.",
         "The buses came late because fuel ran out"),
        ("2) Too few blankets for so many children. Order early.",
         "Too few blankets for so many children"),
        ("St. Joseph camp ran out of water.", "St. Joseph camp ran out of water"),
        ("The convoy reached the camp of St. Joseph at night. It was dark.",
         "The convoy reached the camp of St. Joseph at night"),
        ("Env. 300 personnes attendaient.", "Env. 300 personnes attendaient"),
        ("Approx. 300 people arrived at night.", "Approx. 300 people arrived at night"),
        ("Water was brought by lorry, approx. 300 litres a day. It lasted.",
         "Water was brought by lorry, approx. 300 litres a day"),
        ("The transit centre opened at No. 5 Market Road. It filled.",
         "The transit centre opened at No. 5 Market Road"),
        ("La Sra. Presidenta abrió el centro de tránsito. Llovía.",
         "La Sra. Presidenta abrió el centro de tránsito"),
        ("Why did nobody tell the drivers? They waited.", "Why did nobody tell the drivers"),
        ("لماذا لم يخبر أحد السائقين؟ لقد انتظروا.", "لماذا لم يخبر أحد السائقين"),
        ("One line without an end\nand another", "One line without an end"),
        ("", ""),
        ("x" * 50 + " " + "y" * 50, "x" * 50 + "…"),
    ],
)  # fmt: skip
def test_a_title_is_the_first_sentence_and_ends_at_no_number_or_abbreviation(text, title):
    assert first_words(text) == title
