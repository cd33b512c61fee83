"""What the summary at the top of a case says of each item, so that they are told apart."""

from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import World
from tests.review.desk import Desk, open_case

POINTS = ["not_softened", "understandable", "useful_elsewhere", "nobody_identifiable"]


def many_items(world: World):
    """A case of three lessons and a benchmark, and the editor's browser on its page."""
    lessons = [make_lesson(title=title) for title in ("Water", "Convoys", "Radios")]
    case = open_case(world, make_note(lessons=lessons))
    return case, Desk(world, "editor", f"/review/cases/{case['id']}")


def test_each_item_whose_points_are_open_is_named_with_them(world: World):
    case, desk = many_items(world)
    water, convoys, radios, capacity = (item["id"] for item in case["items"])
    approvals = {f"verdict-{item}": "approve" for item in (water, convoys, capacity)}
    ticks = {f"check-{water}": POINTS, f"check-{convoys}": [*POINTS[1:], "factual"]}
    ticks[f"check-{capacity}"] = ["source_plausible"]

    desk.send(case["id"], **approvals, **ticks, **{f"verdict-{radios}": "reject"})

    assert desk.status == 422
    assert desk.problems() == [
        "“Water”: Confirm, or choose another verdict: It says what happened, not who is to blame.",
        "“Convoys”: Confirm, or choose another verdict: What went badly is not softened.",
        "“Radios”: Say why, so that the submitter can understand it.",
        "“Transit centre capacity”: Confirm, or choose another verdict: The value measures what "
        "the indicator defines, from its start to its stop. Nobody can be identified or harmed by "
        "it.",
    ]


def test_each_item_that_is_approved_together_is_named_with_its_open_points(world: World):
    case, desk = many_items(world)

    desk.send(case["id"], together="yes", **{"check-together": [*POINTS, "matches_definition"]})

    assert desk.status == 422
    assert desk.problems() == [
        f"“{title}”: Confirm, or choose another verdict: It says what happened, not who is to "
        "blame."
        for title in ("Water", "Convoys", "Radios")
    ] + [
        "“Transit centre capacity”: Confirm, or choose another verdict: How the number is known "
        "is stated and plausible."
    ]


def test_they_are_named_in_the_language_of_the_page(world: World):
    case, desk = many_items(world)
    capacity = case["items"][3]["id"]
    desk.browser.set_cookie("lang", "fr")
    form = desk.form(case["id"])
    data = dict(form.form_values()) | {f"verdict-{capacity}": "approve"}
    data[f"check-{capacity}"] = ["matches_definition", "source_plausible"]

    desk.show(desk.browser.post(form.get("action"), data=data))

    assert desk.problems() == [
        "« Capacité du centre de transit » : À confirmer, sinon choisissez une autre décision : "
        "Personne ne peut être identifié ni mis en danger."
    ]


def test_what_waits_for_an_editor_and_what_is_proposed_is_named_too(world: World):
    proposed = {"name": "Hot meals", "definition": "Meals", "unit": "persons/day"}
    proposal = make_benchmark(indicator=None, proposed={**proposed, "direction": "higher"})
    case = open_case(world, make_note(benchmarks=[proposal | {"unit": "persons/day"}]))
    lesson = case["items"][0]
    assert world.decide(case, [approve(lesson)], sensitive=True).status_code == 200
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    desk.send("/publish")
    assert desk.problems() == [
        "“Nearly 4,000 people stranded beside a centre for about 900”: You approved this yourself. "
        "Say why it cannot wait for someone else."
    ]
    desk.send("/indicator", action="map")
    assert desk.problems() == ["“Hot meals”: Pick an indicator from the catalogue."]
