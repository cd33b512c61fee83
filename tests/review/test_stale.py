"""Whoever acts on a case as it was before the latest act is refused, and told what was done."""

import pytest

from testbed.notes import approve, make_lesson, make_note
from testbed.world import World, bad_fields
from tests.review.desk import correct, open_case, rejected, returned


def decide(world, case, decisions, *, version, who="editor", **headers):
    body = {"version": version, "decisions": decisions}
    path = f"/review/api/v1/cases/{case['id']}/decisions"
    answer = world.call(who, "POST", path, body, **headers)
    world.carry()
    return answer


def test_a_return_is_not_overwritten_by_who_read_the_case_before(world: World, both_backends):
    world.reviewer("Amina")
    seen = open_case(world)
    lesson, benchmark = seen["items"]
    sent_back = returned(lesson, "How many, and where?")
    assert world.decide(seen, [sent_back], who="Amina").status_code == 200

    answer = world.decide(seen, [rejected(lesson), approve(benchmark)])

    assert answer.status_code == 409
    assert answer.json["detail"] == (
        "The case has changed since version 1002. It is at version 1003 now. Since then: Amina: "
        "decided “Nearly 4,000 people stranded beside a centre for about 900”: Request changes. "
        "Read it again, and send what still holds with the new version."
    )
    again = world.case_of(seen["note"])
    assert again["version"] == 1003
    assert [(item["state"], item["comment"]) for item in again["items"]] == [
        ("changes_requested", "How many, and where?"),
        ("in_review", None),
    ]
    shown = world.call("field", "GET", f"/intake/api/v1/notes/{seen['note']}").json
    assert [item["verdict"] for item in shown["items"]] == ["request_changes", None]
    assert decide(world, seen, [rejected(lesson)], version=1003).status_code == 200


def test_a_decision_on_another_item_is_refused_too(world: World):
    seen = open_case(world)
    lesson, benchmark = seen["items"]
    world.decide(seen, [approve(benchmark)])

    assert world.decide(seen, [approve(lesson)]).status_code == 409


@pytest.mark.parametrize("version", [1, 0, -1, 999, 1000, 1003, 10**30])
def test_a_number_that_was_no_version_of_the_case_is_refused(world: World, version):
    case = open_case(world)

    answer = decide(world, case, [approve(case["items"][0])], version=version)

    assert answer.status_code == 409
    assert answer.json["detail"] == (
        f"{version} is no version of this case. It is at version 1002. Read it again, and send the "
        "case’s “version”, not that of the note."
    )


def test_the_version_of_the_note_never_passes_for_that_of_the_case(world: World):
    note = make_note(lessons=[make_lesson()], benchmarks=[])
    case = open_case(world, note)
    for version in range(1, 6):
        world.decide(case, [returned(case["items"][0])])
        assert correct(world, case["note"], version, note, key=f"c{version}").status_code == 200
        world.carry()
        case = world.case_of(case["note"])
        decision = [approve(case["items"][0])]
        assert decide(world, case, decision, version=case["note_version"]).status_code == 409

    assert (case["note_version"], case["version"]) == (6, 1017)


@pytest.mark.parametrize("version", [None, "1002", 1002.5, True, [1002], ""])
def test_a_version_that_is_no_whole_number_is_refused_as_such(world: World, version):
    case = open_case(world)

    answer = decide(world, case, [approve(case["items"][0])], version=version)

    assert (answer.status_code, bad_fields(answer)) == (422, ["version"])


def test_what_the_submitter_and_the_register_did_is_told_as_well(world: World):
    note = make_note()
    case = open_case(world, note)
    back = world.decide(case, [returned(case["items"][0])]).json
    correct(world, case["note"], 1, note)
    world.carry()

    answer = world.decide(back, [approve(case["items"][0])])

    assert answer.status_code == 409
    assert (
        "Since then: corrected by the submitter: version 2 of the note; "
        "no reviewer fits: with the editors." in answer.json["detail"]
    )


def test_of_very_much_that_was_done_the_last_ten_acts_are_told(world: World):
    lessons = [make_lesson(title=f"Lesson {number}") for number in range(1, 13)]
    case = open_case(world, make_note(lessons=lessons, benchmarks=[]))
    world.decide(case, [rejected(item) for item in case["items"]])

    detail = world.decide(case, [approve(case["items"][0])]).json["detail"]

    assert "Since then: …; editor: decided “Lesson 3”: Reject; editor:" in detail
    assert detail.count("decided") == 10


def test_it_is_told_in_the_language_of_who_asks(world: World):
    case = open_case(world)
    world.decide(case, [rejected(case["items"][0])])

    def sentence(language):
        decision = [rejected(case["items"][0])]
        version = case["version"]
        answer = decide(world, case, decision, version=version, Accept_Language=language)
        return answer.json["detail"]

    assert "Le dossier a changé depuis la version 1002." in sentence("fr")
    # the title has its own direction, and does not turn the quotation marks
    assert f"«\u2068{case['items'][0]['title']}\u2069»: الرفض" in sentence("ar")


def test_who_may_no_longer_see_the_case_is_told_nothing_of_it(world: World):
    world.reviewer("Amina")
    note = make_note(sharing="amber")
    case = open_case(world, note)
    world.call("Amina", "GET", f"/review/api/v1/cases/{case['id']}")
    editor = world.sign_in("editor")
    page = editor.get(f"/review/cases/{case['id']}").text
    token = page.split('name="form_token" value="')[1].split('"')[0]
    form = {"form_token": token, "account": world.ids["Amina"], "version": case["version"]}
    assert editor.post(f"/review/cases/{case['id']}/release", data=form).status_code == 302

    answer = world.decide(case, [rejected(case["items"][0])], who="Amina")

    assert answer.status_code == 404
    assert "Amina" not in answer.json["detail"]


def withdrawal(world, reference, **body):
    path = f"/review/api/v1/entries/{reference}/withdrawal"
    return world.call("editor", "POST", path, {"reason": "It names someone.", **body})


def test_a_withdrawal_may_say_which_version_of_the_case_it_is_about(world: World):
    case = open_case(world)
    decided = world.decide(case, [approve(item) for item in case["items"]]).json
    published = [done for done in decided["history"] if done["action"] == "published"]
    lesson, benchmark = (done["detail"]["reference"] for done in published)
    version = decided["version"]

    assert withdrawal(world, lesson, version=case["version"]).status_code == 409
    assert withdrawal(world, lesson, version=1).status_code == 409
    assert bad_fields(withdrawal(world, lesson, version="1")) == ["version"]
    assert withdrawal(world, lesson, version=version).status_code == 200
    refused = withdrawal(world, benchmark, version=version)
    assert refused.status_code == 409
    assert f"Since then: editor: withdrew {lesson}." in refused.json["detail"]
    assert withdrawal(world, benchmark).status_code == 200
    assert withdrawal(world, benchmark, version=None).status_code == 409  # withdrawn already


def sharing(world, reference, **body):
    path = f"/review/api/v1/entries/{reference}/sharing"
    sentence = {"sharing": "green", "reason": "Partners only.", **body}
    return world.call("editor", "POST", path, sentence)


def test_every_other_act_may_say_so_too(world: World):
    case = open_case(world)
    lesson, benchmark = case["items"]
    decided = world.decide(case, [approve(lesson)]).json
    reference = decided["history"][-1]["detail"]["reference"]
    waits = world.decide(decided, [approve(benchmark)], sensitive=True).json
    item = f"/review/api/v1/cases/{case['id']}/items/{benchmark['id']}"
    old, now = {"version": decided["version"]}, {"version": waits["version"]}
    reason = {"reason": "Nobody else is here."}
    indicator = {"indicator": "people-per-tap"}

    assert sharing(world, reference, **old).status_code == 409
    assert world.call("editor", "POST", f"{item}/publication", reason | old).status_code == 409
    refused = world.call("editor", "POST", f"{item}/indicator", indicator | old)
    assert "The case has changed since" in refused.json["detail"]
    refused = world.call("editor", "POST", f"{item}/indicator", indicator | now)
    assert "This item proposes no indicator" in refused.json["detail"]
    published = world.call("editor", "POST", f"{item}/publication", reason | now)
    assert published.status_code == 200
    moved = world.case_of(case["note"])["version"]
    assert sharing(world, reference, **now).status_code == 409
    assert sharing(world, reference, version=moved).status_code == 200
