"""The comparison of two versions: what it takes out, what it notices, what it has to be told."""

from datetime import date

import pytest

from tests.outputs.comparing import Added, Became, Expected, compare, report
from tests.outputs.forms import form_to
from tests.outputs.lines import lines_of
from tests.outputs.normalising import Names
from tests.outputs.showing import html_lines, shown
from tests.outputs.visiting import Answer

ONE = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture
def names() -> Names:
    return Names(date(2026, 11, 26))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('"due_at": "2026-12-03T21:34:23.564206+00:00"', '"due_at": "<today+7>T<clock>"'),
        (
            "As it stood at Nov 26, 2026, 9:36:39\u202fPM (UTC)",
            "As it stood at <today>, <clock> (UTC)",
        ),
        (
            "ends on 3 December 2026",
            "ends on 3 December 2026",
        ),  # not how any of our languages writes it
        ("Dec 3, 2026", "<today+7>"),
        ("started on 2011-03-05 at 10:30", "started on 2011-03-05 at 10:30"),
        ("/intake/notes/HoK7D2SN4kZZ0Fk1qWkKgg", "/intake/notes/<receipt>"),
        ("/intake/notes/new", "/intake/notes/new"),
        ('"receipt": "6zjFFhP8aRWJ1zsNlHemZg",', '"receipt": "<receipt>",'),
        ("Bearer llr.jmIUt5q-.D9e-S4zCX0jR9oiKcZOo0hb3SNfFOHJq1vSEOfJuBKQ", "Bearer <key>"),
        (
            '"next": "NS81Y2Y2N2NlMS0wYzc2LTQyNjEtODRjZi01NGQ5MjAyMjQwZWM"',
            '"next": "<cursor 5/<id-1>>"',
        ),
        ("/static/app.99c4ef4364db.css", "/static/app.<hash>.css"),
        (
            "<179572886137.15459.12902543150034205582@lessons-register>",
            "<message-id@lessons-register>",
        ),
        ("govuk-service-navigation__item", "govuk-service-navigation__item"),
    ],
)
def test_takes_out_what_belongs_to_a_run_and_no_more(names: Names, text: str, left: str) -> None:
    assert names.normal(text) == left


def test_ids_that_change_places_are_noticed(names: Names) -> None:
    assert names.normal(f"{ONE} {OTHER} {ONE}") == "<id-1> <id-2> <id-1>"
    assert names.normal(f"{ONE}\n{OTHER}\n{OTHER}") == "<id-1>\n<id-2>\n<id-2>"


def test_an_id_with_a_name_is_called_by_it_everywhere(names: Names) -> None:
    names.normal(ONE)
    names.learn(ONE, "account Editor")
    assert names.normal(f"/people/{ONE}/profile") == "/people/<account Editor>/profile"


def test_how_a_template_is_laid_out_does_not_matter_and_what_it_says_does() -> None:
    flat = '<ul class="a  b"><li>One <b>two</b></li></ul>'
    assert html_lines(flat) == '<ul class="a b">\n<li>\nOne <b>two</b>\n</li>\n</ul>'
    spread = "<ul\n class='a b'>\n  <li>\n One\n <b>two</b></li>\n</ul>\n"
    assert html_lines(spread) == html_lines(flat)
    assert html_lines("<li>One<b>two</b></li>") != html_lines("<li>One <b>two</b></li>")


def test_a_form_is_sent_with_what_stands_in_it() -> None:
    page = """
      <form action="/search"><input name="q" value="x"></form>
      <form method="post"><input type="hidden" name="version" value="2">
        <datalist id="known"><option value="IOM"></option></datalist>
        <input type="radio" name="verdict" value="approve">
        <input type="radio" name="verdict" value="reject" checked>
        <input type="checkbox" name="sensitive" value="yes">
        <select name="sharing"><option value="clear"></option>
        <option value="green" selected></option></select>
        <textarea name="comment">
Who counted?</textarea><button name="action" value="map">Map it</button></form>"""
    form = form_to(page, "/cases/1", "/1", ["comment"])
    assert form.address == "/cases/1"
    assert form.fields == {
        "version": "2",
        "verdict": "reject",
        "sharing": "green",
        "comment": "Who counted?",
    }
    assert form.names == {"version", "verdict", "sensitive", "sharing", "comment", "action"}


def test_headers_are_kept_but_for_what_each_answer_has_anew() -> None:
    headers = [
        ("Content-Type", "application/json"),
        ("Date", "Thu, 26 Nov 2026 21:34:42 GMT"),
        ("ETag", '"2e8e6f"'),
        (
            "Set-Cookie",
            "lessons_review=zcA6ijIW04ILfHvM; Expires=Sat, 26 Dec 2026 21:36:39 GMT; HttpOnly",
        ),
    ]
    answer = Answer("GET /", 200, headers, b'{"b": 1, "a": 2}')
    assert shown(answer).splitlines() == [
        "GET /",
        "200",
        "content-type: application/json",
        "etag: <etag>",
        "set-cookie: lessons_review=<token>; Expires=<time>; HttpOnly",
        "",
        "{",
        ' "a": 2,',
        ' "b": 1',
        "}",
    ]


def test_figures_are_compared_by_their_names_and_labels() -> None:
    text = b'# HELP lessons_up 1 when it is up\nlessons_up{service="intake"} 1.0\n'
    answer = Answer("GET /metrics", 200, [("content-type", "text/plain; version=0.0.4")], text)
    assert shown(answer).endswith('# HELP lessons_up 1 when it is up\nlessons_up{service="intake"}')


def test_one_changed_word_is_told_with_every_page_that_has_it() -> None:
    before = {"pages/a": "one\ntwo", "pages/b": "one\nthree\nfour", "pages/c": "one"}
    after = {"pages/a": "One\ntwo", "pages/b": "One\nthree\nfour", "pages/c": "one"}
    found = compare(before, after, [])
    assert found.unexplained == {"pages/a": ["-one", "+One"], "pages/b": ["-one", "+One"]}
    assert not found.passes
    assert report(found).splitlines() == [
        "",
        "pages/a and 1 more: pages/b",
        "  -one",
        "  +One",
        "",
        "3 outputs compared, 2 differ without explanation.",
    ]


def test_an_output_that_only_one_version_has_differs() -> None:
    found = compare({"a": "x", "gone": "1\n2"}, {"a": "x", "new": ""}, [])
    assert found.unexplained == {
        "gone": ["-(an output of 2 lines)", "+(there is no such output)"],
        "new": ["-(there is no such output)", "+(an output of 0 lines)"],
    }


def test_an_expected_difference_covers_its_lines_only() -> None:
    expected = Expected("^documents/.*cases", r'^[+] "version": 2', "A case counts every act.")
    after = {"documents/cases": ' "version": 2,\n "x"', "pages/cases": ' "version": 2,'}
    found = compare({"documents/cases": ' "y"', "pages/cases": ""}, after, [expected])
    assert found.unexplained == {
        "documents/cases": ['- "y"', '+ "x"'],
        "pages/cases": ['+ "version": 2,'],
    }
    assert found.explained == {"A case counts every act.": 1}
    assert not found.passes


def test_an_expected_difference_that_is_not_there_fails() -> None:
    expected = Expected("^pages/", "^[+]One", "Headlines begin with a capital letter.")
    found = compare({"pages/a": "one"}, {"pages/a": "one"}, [expected])
    assert found.stale == [expected]
    assert not found.passes
    line = "expected, and not seen: ^pages/ | ^[+]One | Headlines begin with a capital letter."
    assert line in report(found).splitlines()


def test_a_text_that_became_another_is_meant_only_where_it_became_just_that() -> None:
    became = Became("^pages/", r"^<bdi>(.+)</bdi>$", r"\1", "Codes stand as they are.")
    before = dict.fromkeys(("pages/a", "pages/b", "documents/c"), "<bdi>Reception</bdi>")
    after = {"pages/a": "Reception", "pages/b": "Departure", "documents/c": "Reception"}
    found = compare(before, after, [became])
    assert found.unexplained == {
        "documents/c": ["-<bdi>Reception</bdi>", "+Reception"],
        "pages/b": ["-Reception", "+Departure"],
    }
    assert found.explained == {"Codes stand as they are.": 2}


def test_an_added_text_is_meant_and_nothing_that_went_beside_it() -> None:
    added = Added("^tables$", r", (OP-\d+)\]$", "Operations have a reference.", "]")
    found = compare({"tables": "[1, 2]\n[3]"}, {"tables": "[1, OP-1]\n[3, OP-2]"}, [added])
    assert found.unexplained == {"tables": ["-[1, 2]", "+[1]"]}
    assert found.explained == {"Operations have a reference.": 2}


def test_a_text_that_did_not_become_another_and_an_addition_that_is_not_there_fail() -> None:
    meant = [Became("", "three", "3", "Figures."), Added("", "four", "More.")]
    found = compare({"a": "one"}, {"a": "two"}, meant)
    assert found.stale == meant
    assert "expected, and not seen:  | three | 3 | Figures." in report(found).splitlines()


def test_each_line_that_is_compared_says_where_it_stands() -> None:
    line = 'GET /\n200\n\n{\n "b": [\n  {\n   "c": 1\n  },\n  {}\n ],\n "a": []\n}'
    assert lines_of(line) == ["GET /", "200", "", "a = []", "b[]", "b[].c = 1", "b[]", "b[] = {}"]
    page = """<ul>
<li>
One
</li>
</ul>
<div class="govuk-summary-list__row">
<dt>
When
</dt>
<dd>
2011
</dd>
</div>"""
    row = '<div class="govuk-summary-list__row"> <dt> When </dt> <dd> 2011 </dd> </div>'
    assert lines_of(page) == ["<ul>", "<li> One </li>", "</ul>", row]


def test_nothing_different_and_nothing_expected_passes() -> None:
    assert compare({"a": "x"}, {"a": "x"}, []).passes
