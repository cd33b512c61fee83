"""Texts and values without what nobody can see."""

import pytest

from shared.platform.typed.texts import (
    UnreadableError,
    clean,
    clean_digits,
    clean_line,
    clean_reference,
    clean_value,
    is_reference,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Co\u00adordi\u00adnation", "Coordination"),
        ("one\x0btwo\r\nthree\rfour\u2028five\x85six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("a\x07\x1b[31mb", "a[31mb"),
        ("\u202eabc\u202c \u2066d\u2069", "abc d"),
        ("\ufeffabc\u200b", "abc"),
        ("Cafe\u0301", "Café"),
        ("a\tb\nc", "a\tb\nc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("تشاد \u200f(2011)", "تشاد \u200f(2011)"),
        ("\u200b\u2060\u202e \u00ad", ""),
        ("\u200d\ufe0f\u0301", ""),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("", ""),
    ],
)
def test_a_text_is_kept_without_what_nobody_sees(typed, kept):
    assert clean(typed) == kept
    assert clean(kept) == kept


@pytest.mark.parametrize("broken", ["\x00", "\ud800", "\ufffe", "\ufdd0", "\U0001ffff"])
def test_what_cannot_be_stored_is_refused_with_what_stands_before_it(broken):
    with pytest.raises(UnreadableError) as refused:
        clean(f"Convoys {broken}late")

    assert str(refused.value) == (
        "Take out the hidden character after “Convoys”: it cannot be stored."
    )


def test_a_line_has_single_spaces():
    assert clean_line(" one\n two\u00a0 three ") == "one two three"


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("\u200f2011-03 ", "2011-03"),
        ("２０１１－０３", "2011-03"),
        ("٢٠١١–٠٣", "2011-03"),
        ("१२", "12"),
        ("−5", "-5"),
        ("10²", "10²"),
        ("½", "½"),
        ("a\u200db", "ab"),
        ("  persons /\u00a0week ", "persons / week"),
    ],
)
def test_a_value_is_what_a_program_would_write(typed, value):
    assert clean_value(typed) == value


@pytest.mark.parametrize(
    ("typed", "reference"),
    [
        ("ll-2026-0001", "LL-2026-0001"),
        ("LL‑2026–0001.", "LL-2026-0001"),
        (" AAN - 2026 - 0001 ", "AAN-2026-0001"),
        ("\u200eBM-2026-0001,", "BM-2026-0001"),
        ("op—2026—0001", "OP-2026-0001"),
        ("LL-٢٠٢٦-٠٠٠١", "LL-2026-0001"),
        ("no reference", "no reference"),
        ("LL-26-1", "LL-26-1"),
    ],
)
def test_a_reference_is_found_in_any_case_with_any_dash(typed, reference):
    assert clean_reference(typed) == reference
    assert is_reference(reference) is reference.endswith("-0001")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123 456", "123456"),
        ("１２３-４５６", "123456"),
        ("١٢٣ ٤٥٦", "123456"),
        ("12–34 56", "123456"),
    ],
)
def test_a_code_is_read_in_any_digits_however_they_are_grouped(typed, code):
    assert clean_digits(typed) == code
