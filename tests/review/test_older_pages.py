"""Whoever acts from a page that is older than the case gets it as it is now, with all
they typed.
"""

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from services.review.desk import queries
from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import World
from tests.review.desk import Desk, correct, open_case, rejected, returned

OUT_OF_DATE = "This page was out of date, so nothing was stored"
PROPOSED = {
    "name": "Hot meals",
    "definition": "Meals a day",
    "unit": "persons/day",
    "direction": "higher",
}
LESSON = "Nearly 4,000 people stranded beside a centre for about 900"


def whole_case(world: World) -> dict[str, Any]:
    """A case whose page has every form: to map, to publish, to decide; with an entry."""
    world.reviewer("first")
    world.reviewer("second", capacity=0)
    proposal = make_benchmark(indicator=None, proposed=PROPOSED, unit="persons/day")
    lessons = [make_lesson(), make_lesson(title="Another lesson")]
    note = make_note(lessons=lessons, benchmarks=[make_benchmark(), proposal], sharing="green")
    case = open_case(world, note)
    lesson, _other, benchmark, _proposal = case["items"]
    answer = world.decide(case, [approve(lesson), approve(benchmark, sharing="clear")])
    assert answer.status_code == 200
    return answer.json


def move(world: World, case: dict[str, Any]) -> None:
    """Someone else does something to the case."""
    now = world.case_of(case["note"])
    other = next(item for item in now["items"] if item["title"] == "Another lesson")
    assert world.decide(now, [returned(other, "Where was that?")], who="first").status_code == 200


def entry_of(case: dict[str, Any]) -> str:
    done = next(done for done in case["history"] if done["action"] == "published")
    return str(done["detail"]["reference"])


def forms_that_act(page: Any) -> list[Any]:
    acting = re.compile(r"^/review/(cases|entries)/")
    return [form for form in page.forms if acting.match(form.get("action") or "")]


@pytest.mark.parametrize("who", ["editor", "first", "second"])
def test_every_form_that_acts_on_a_case_carries_the_version_that_its_page_shows(world, who):
    case = whole_case(world)
    pages = [f"/review/cases/{case['id']}", f"/library/entries/{entry_of(case)}"]

    acting = [form for path in pages for form in forms_that_act(Desk(world, who, path).page)]

    ends = sorted({form.get("action").rpartition("/")[2] for form in acting} - {case["id"]})
    assert (
        ends
        == {
            "editor": ["assign", "indicator", "publish", "release", "share", "take", "withdraw"],
            "first": ["release"],
            "second": ["take"],
        }[who]
    )
    assert {form.fields.get("version") for form in acting} == {str(case["version"])}


def test_every_route_by_which_pages_act_on_a_case_refuses_an_older_page(world: World):
    case = whole_case(world)
    item = case["items"][3]["id"]
    browser = Desk(world, "editor", f"/review/cases/{case['id']}")
    token = browser.form("/assign").fields["form_token"]
    move(world, case)
    before = world.case_of(case["note"])
    tried = []
    for rule in world.review_app.url_map.iter_rules():
        given = {"case_id", "reference"} & rule.arguments
        if "POST" not in rule.methods or not given or "/api/" in rule.rule:
            continue
        names = {"case_id": case["id"], "item_id": item, "reference": entry_of(case)}
        path = rule.build({name: names[name] for name in rule.arguments})[1]
        for version in (case["version"], None, "", "1", "x", "1" * 30):
            data = {"form_token": token, "account": str(world.ids["second"])}
            data |= {"withdraw_reason": "x", "share_reason": "x", "sharing": "clear"}
            data |= {} if version is None else {"version": version}
            answer = browser.browser.post(path, query_string={"lang": "en"}, data=data)
            assert (answer.status_code, OUT_OF_DATE in answer.text) == (409, True), (path, version)
        tried.append(rule.endpoint)

    assert sorted(tried) == [
        "case.decide",
        "case.release",
        "case.take",
        "editing.assign",
        "editing.publish",
        "editing.resolve",
        "editing.share",
        "editing.withdraw",
    ]
    assert world.case_of(case["note"]) == before


def test_a_return_is_not_overwritten_and_nothing_typed_is_lost(world, both_backends):
    world.reviewer("Amina")
    case = open_case(world)
    lesson, benchmark = (item["id"] for item in case["items"])
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")
    world.decide(case, [returned(case["items"][0], "How many, and where?")], who="Amina")

    typed = {
        f"verdict-{lesson}": "reject",
        f"comment-{lesson}": "Not a lesson,\r\n<b>at all</b>.",
        f"duplicate-{lesson}": "LL-2026-0007",
        f"sharing-{lesson}": "amber",
        f"readers-{lesson}": "MSF Holland",
        f"comment-{benchmark}": "Still to think about",
        f"check-{benchmark}": "true",
        "sensitive": "yes",
    }
    desk.send(case["id"], **typed)

    assert desk.status == 409
    assert OUT_OF_DATE in desk.notices()
    assert f"Amina · decided “{LESSON}”: Request changes" in desk.notices()
    assert "Last remark: How many, and where?" in " ".join(desk.page.text_content().split())
    assert desk.chosen(f"verdict-{lesson}") == ["reject"]
    assert desk.value(f"comment-{lesson}") == "Not a lesson,\n<b>at all</b>."
    assert desk.value(f"duplicate-{lesson}") == "LL-2026-0007"
    assert desk.value(f"sharing-{lesson}") == "amber"
    assert desk.value(f"readers-{lesson}") == "MSF Holland"
    assert desk.value(f"comment-{benchmark}") == "Still to think about"
    assert desk.chosen("sensitive") == ["yes"]
    assert desk.had_typed() == []
    assert [item["state"] for item in world.case_of(case["note"])["items"]] == [
        "changes_requested",
        "in_review",
    ]

    cleared = {f"duplicate-{lesson}": "", f"sharing-{lesson}": "", f"readers-{lesson}": ""}
    cleared[f"comment-{benchmark}"] = ""
    desk.send(case["id"], **cleared)  # else as it stands there: now it was seen

    assert desk.status == 302
    assert world.case_of(case["note"])["items"][0]["verdict"] == "reject"


def test_what_was_typed_about_items_that_are_decided_or_gone_is_shown(world: World):
    lessons = [make_lesson(title=title) for title in ("Decided", "Take & <give>", "Returned")]
    note = make_note(lessons=lessons, benchmarks=[])
    case = open_case(world, note)
    decided, taken_back, back = case["items"]
    world.decide(case, [returned(taken_back), returned(back)])
    now = world.case_of(case["note"])
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")
    world.decide(now, [rejected(decided)])
    shorter = make_note(lessons=[lessons[0], lessons[2]], benchmarks=[])
    assert correct(world, case["note"], 1, shorter).status_code == 200
    world.carry()

    typed = {
        f"verdict-{decided['id']}": "approve",
        f"comment-{decided['id']}": "Very good",
        f"duplicate-{decided['id']}": "LL-2026-0007",
        f"verdict-{taken_back['id']}": "reject",
        f"comment-{taken_back['id']}": "Too vague",
        f"readers-{taken_back['id']}": "MSF Holland",
        f"comment-{back['id']}": "Which month?",
    }
    desk.send(case["id"], **typed)

    assert desk.status == 409
    assert desk.had_typed() == [
        "You had typed about “Decided”: Approve Very good LL-2026-0007",
        "You had typed about “Take & <give>”: Reject Too vague MSF Holland",
    ]
    assert desk.value(f"comment-{back['id']}") == "Which month?"
    assert "corrected by the submitter: version 2 of the note" in desk.notices()


def test_what_an_editor_typed_about_a_proposal_or_a_publication_is_kept(world: World):
    case = whole_case(world)
    waiting, proposal = case["items"][2]["id"], case["items"][3]["id"]
    path = f"/review/cases/{case['id']}"
    mapping, publishing = Desk(world, "editor", path), Desk(world, "editor", path)
    move(world, case)

    notices = {"code": "hot-meals", "indicator": "people-per-tap", "family": "quality"}
    mapping.send("/indicator", **notices, action="accept")
    publishing.send("/publish", reason="Nobody else is here")

    assert (mapping.status, publishing.status) == (409, 409)
    assert {name: mapping.value(name) for name in notices} == notices
    assert publishing.value("reason") == "Nobody else is here"
    mapping.send("/indicator", action="accept")
    assert mapping.status == 302
    publishing.send("/publish")
    assert publishing.status == 409
    assert "indicator hot-meals taken into the catalogue" in publishing.notices()
    publishing.send("/publish")
    assert publishing.status == 302
    published = world.case_of(case["note"])["items"]
    assert {item["id"]: item["state"] for item in published}[waiting] == "published"
    assert {item["id"]: item["proposed"] for item in published}[proposal] is False


def test_what_was_typed_about_a_proposal_or_a_publication_that_is_done_is_shown(world: World):
    case = whole_case(world)
    path = f"/review/cases/{case['id']}"
    mapping, publishing = Desk(world, "editor", path), Desk(world, "editor", path)
    other = Desk(world, "editor", path)
    other.send("/publish", reason="It is urgent")
    assert other.status == 302
    other.show(other.browser.get(f"{path}?lang=en"))
    other.send("/indicator", indicator="onward-persons-per-week", action="map")
    assert other.status == 302

    mapping.send("/indicator", indicator="people-per-tap", code="hot-meals", family="quality")
    publishing.send("/publish", reason="Nobody else is here")

    assert (mapping.status, publishing.status) == (409, 409)
    (typed,) = mapping.had_typed()
    assert typed.endswith("People per tap hot-meals Quality")
    (typed,) = publishing.had_typed()
    assert typed == "You had typed about “Transit centre capacity”: Nobody else is here"


def test_who_gives_a_case_keeps_their_choice(world: World):
    case = whole_case(world)
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")
    move(world, case)

    desk.send("/assign", account=str(world.ids["second"]))

    assert desk.status == 409
    assert desk.form("/assign").fields["account"] == str(world.ids["second"])
    desk.send("/assign")
    assert desk.status == 302
    assert len(world.case_of(case["note"])["reviewers"]) == 2


def test_who_takes_a_case_from_someone_has_not_chosen_to_give_it_to_them(world: World):
    case = whole_case(world)
    path = f"/review/cases/{case['id']}"
    desk, other = Desk(world, "editor", path), Desk(world, "editor", path)
    other.send("/release")
    assert other.status == 302

    desk.send("/release")

    assert desk.status == 409
    assert "editor · a reviewer left the case" in desk.notices()
    assert desk.form("/assign").fields["account"] == ""


def test_an_entry_is_not_shared_or_withdrawn_from_an_older_page(world: World):
    case = whole_case(world)
    path = f"/library/entries/{entry_of(case)}"
    sharing, withdrawing = Desk(world, "editor", path), Desk(world, "editor", path)
    move(world, case)

    sharing.send("/share", sharing="amber", readers="MSF Holland", share_reason="They asked for it")
    withdrawing.send("/withdraw", withdraw_reason="It names someone")

    for desk in (sharing, withdrawing):
        assert desk.status == 409
        assert "first · decided “Another lesson”: Request changes" in desk.notices()
    assert sharing.value("sharing") == "amber"
    assert sharing.value("readers") == "MSF Holland"
    assert sharing.value("share_reason") == "They asked for it"
    assert withdrawing.value("withdraw_reason") == "It names someone"
    sharing.send("/share")
    assert sharing.status == 302
    withdrawing.send("/withdraw")
    assert withdrawing.status == 409
    assert f"editor · {entry_of(case)} may be read by: " in withdrawing.notices()
    withdrawing.send("/withdraw")
    assert withdrawing.status == 302


def test_what_was_typed_about_an_entry_is_shown_beside_its_tombstone(world: World):
    case = whole_case(world)
    path = f"/library/entries/{entry_of(case)}"
    sharing, withdrawing = Desk(world, "editor", path), Desk(world, "editor", path)
    withdrawing.send("/withdraw", withdraw_reason="It names someone")

    sharing.send("/share", sharing="amber", readers="MSF Holland", share_reason="They asked for it")

    assert sharing.status == 409
    assert f"editor · withdrew {entry_of(case)}" in sharing.notices()
    assert sharing.had_typed() == ["You had typed: MSF Holland They asked for it"]


def test_a_page_with_another_mistake_does_not_hide_what_was_done_after_it_was_opened(world: World):
    case = open_case(world)
    lesson = case["items"][0]["id"]
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")
    desk.send(case["id"], **{f"verdict-{lesson}": "reject"})
    assert (desk.status, desk.form(case["id"]).fields["version"]) == (422, str(case["version"]))
    world.decide(case, [returned(case["items"][0])])

    desk.send(case["id"], **{f"comment-{lesson}": "Not a lesson."})

    assert desk.status == 409
    assert "Request changes" in desk.notices()


def test_something_done_while_a_mistake_is_answered_is_not_passed_over(world: World, monkeypatch):
    case = open_case(world)
    lesson = case["items"][0]["id"]
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")
    find = queries.case_for

    def overtaken(*arguments):
        with world.review_db.sessions.begin() as session:
            moved = queries.case_locked(session, UUID(case["id"]))
            moved.note_done(None, "corrected")
        return find(*arguments)

    monkeypatch.setattr(queries, "case_for", overtaken)
    desk.send(case["id"], **{f"verdict-{lesson}": "reject"})
    assert desk.status == 422
    monkeypatch.undo()

    desk.send(case["id"], **{f"comment-{lesson}": "Not a lesson."})

    assert desk.status == 409
    assert "corrected by the submitter" in desk.notices()


def test_who_lost_sight_of_a_case_while_they_typed_gets_only_their_text(world: World):
    world.reviewer("Amina")
    case = open_case(world, make_note(sharing="amber"))
    lesson = case["items"][0]["id"]
    desk = Desk(world, "Amina", f"/review/cases/{case['id']}")
    assert desk.status == 200
    take = Desk(world, "editor", f"/review/cases/{case['id']}")
    take.send("/release")

    desk.send(case["id"], **{f"verdict-{lesson}": "reject", f"comment-{lesson}": "Too vague"})

    assert desk.status == 404
    assert desk.had_typed() == ["You had typed: Too vague"]
    assert LESSON not in unescape(desk.text)


def test_who_takes_a_case_by_deciding_is_not_in_their_own_way(world: World, both_backends):
    world.reviewer("Amina", capacity=0)
    case = open_case(world)
    lesson = case["items"][0]["id"]
    desk = Desk(world, "Amina", f"/review/cases/{case['id']}")

    desk.send(case["id"], **{f"verdict-{lesson}": "reject", f"comment-{lesson}": "Too vague"})

    assert desk.status == 302
    done = [done["action"] for done in world.case_of(case["note"])["history"]]
    assert done == ["opened", "nobody_fits", "assigned", "decided"]


def test_a_page_from_before_versions_is_answered_with_the_case_and_its_text(world: World):
    case = open_case(world)
    lesson = case["items"][0]["id"]
    desk = Desk(world, "editor", f"/review/cases/{case['id']}")

    notices = {"version": "1", f"verdict-{lesson}": "reject", f"comment-{lesson}": "Too vague"}
    desk.send(case["id"], **notices)

    assert desk.status == 409
    assert OUT_OF_DATE in desk.notices()
    assert "Done since" not in desk.notices()
    assert desk.value(f"comment-{lesson}") == "Too vague"
    desk.send(case["id"])
    assert desk.status == 302
