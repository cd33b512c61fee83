"""A web form as the JSON it stands for."""

from werkzeug.datastructures import MultiDict

from shared.platform.web.forms import Form, below, read


def test_paths_become_nested_values_and_empty_texts_are_absent():
    sent = MultiDict(
        {
            "operation.title": "Chad",
            "operation.countries.1.code": "TCD",
            "sharing": "  ",
            "evil": "x",
        }
    )
    fields = (
        "operation.title",
        "operation.countries.0.code",
        "operation.countries.1.code",
        "sharing",
    )

    assert read(sent, fields) == {
        "operation": {"title": "Chad", "countries": [{"code": None}, {"code": "TCD"}]},
        "sharing": None,
    }


def test_a_list_is_a_list_even_with_one_answer():
    assert read(MultiDict([("heard", "staff")]), (), lists=("heard", "sources")) == {
        "heard": ["staff"],
        "sources": [],
    }


def test_a_form_gives_back_what_was_typed_and_what_is_wrong_with_it():
    form = Form({"a": {"b": [{"c": "x"}]}}, {"a.b.0.c": ["Mend this."]})

    assert form.value("a.b.0.c") == "x"
    assert form.value("a.b.7.c") == ""
    assert form.error("a.b.0") == form.error("a.b.0.c") == "Mend this."
    assert form.error("a.bb") is None
    assert form.summary() == [("a.b.0.c", "Mend this.")]


def test_errors_of_a_part_are_told_by_the_names_of_its_own_form():
    assert below(
        {"lessons.0.title": ["x"], "lessons.01.title": ["y"], "sharing": ["z"]}, "lessons.0"
    ) == {"title": ["x"]}
