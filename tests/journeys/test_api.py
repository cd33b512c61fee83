"""A note's whole way through the running register, by API."""

import json
from uuid import uuid4

import feedparser

from testbed.notes import approve, make_note
from testbed.register import Register

NOTES = "/intake/api/v1/notes"


def submit(system: Register, note):
    status, sent = system.call("field", "POST", NOTES, note, Idempotency_Key=uuid4().hex)
    assert status == 201, sent
    return sent["reference"]


def case_of(system: Register, reference):
    def look():
        _status, listed = system.call("editor", "GET", "/review/api/v1/cases?state=all&limit=200")
        return next((case["id"] for case in listed["cases"] if case["note"] == reference), None)

    return system.wait_for(look)


def decide(system: Register, case, decisions, who="reviewer"):
    body = {"version": case["version"], "decisions": decisions}
    return system.call(who, "POST", f"/review/api/v1/cases/{case['id']}/decisions", body)


def test_the_log_tells_the_way_of_a_note_under_the_name_that_its_request_gave_it(system: Register):
    name, note = (
        f"from-a-phone-{uuid4().hex[:8]}",
        make_note(operation__title=f"Return to Chad {uuid4().hex[:6]}"),
    )
    status, sent = system.call(
        "field", "POST", NOTES, note, Idempotency_Key=uuid4().hex, X_Correlation_Id=name
    )
    assert status == 201, sent
    case_of(system, sent["reference"])

    def answer():
        lines = [json.loads(line) for line in system.log.splitlines() if name in line]
        return {
            (line["process"], line["event"], line.get("rule") or line.get("type")) for line in lines
        }

    wanted = {
        ("front-door", "request answered", NOTES),
        ("intake-relay", "events published", None),
        ("review-consumer", "event applied", "note.submitted.v1"),
        ("review-relay", "events published", None),
        ("intake-consumer", "event applied", "case.assigned.v1"),
    }
    system.wait_for(lambda: wanted <= answer())
    assert sent["receipt"] not in system.log


def test_a_note_is_submitted_returned_corrected_approved_and_read(system: Register):
    note = make_note(operation__title=f"Return to Chad {uuid4().hex[:6]}")
    reference = submit(system, note)
    case_id = case_of(system, reference)
    _status, case = system.call("reviewer", "GET", f"/review/api/v1/cases/{case_id}")
    lesson, benchmark = case["items"]

    returned = {
        "item": lesson["id"],
        "verdict": "request_changes",
        "comment": ("Which month was that?"),
    }
    status, decided = decide(system, case, [returned, approve(benchmark)])
    assert status == 200, decided

    def is_returned():
        return (
            system.call("field", "GET", f"{NOTES}/{reference}")[1]["state"] == "changes_requested"
        )

    system.wait_for(is_returned)
    note["lessons"][0]["observation"] = "In May 2011 nearly 4,000 people were waiting."
    status, corrected = system.call(
        "field", "PUT", f"{NOTES}/{reference}", {**note, "version": 1}, Idempotency_Key=uuid4().hex
    )
    assert (status, corrected["version"]) == (200, 2)

    def comes_back():
        _status, again = system.call("reviewer", "GET", f"/review/api/v1/cases/{case_id}")
        return again if again["note_version"] == 2 else None

    again = system.wait_for(comes_back)
    status, _decided = decide(system, again, [approve(again["items"][0])])
    assert status == 200

    def is_published():
        shown = system.call("field", "GET", f"{NOTES}/{reference}")[1]
        return (
            shown
            if [item["state"] for item in shown["items"]] == ["published", "published"]
            else None
        )

    shown = system.wait_for(is_published)
    entry = shown["items"][1]["entry"]
    status, read = system.call(None, "GET", f"/api/v1/entries/{entry}")
    assert (status, read["benchmark"]["value"]) == (200, "900")
    feed = feedparser.parse(system.call(None, "GET", "/feeds/benchmarks.atom")[1])
    assert not feed.bozo
    assert any(item.id.endswith(entry) for item in feed.entries)


def test_what_is_for_partners_reaches_partners_and_nobody_else(system: Register):
    reference = submit(system, make_note(sharing="green", operation__title="For partners"))
    case_id = case_of(system, reference)
    _status, case = system.call("editor", "GET", f"/review/api/v1/cases/{case_id}")
    decide(system, case, [approve(item) for item in case["items"]], who="editor")

    def published():
        items = system.call("field", "GET", f"{NOTES}/{reference}")[1]["items"]
        return [item["entry"] for item in items] if all(item["entry"] for item in items) else None

    lesson, _benchmark = system.wait_for(published)
    assert system.call("partner", "GET", f"/api/v1/entries/{lesson}")[0] == 200
    assert system.call(None, "GET", f"/api/v1/entries/{lesson}")[0] == 404


def test_the_demonstration_shows_three_operations_on_one_indicator_page(system: Register):
    status, page = system.call(None, "GET", "/library/benchmarks/persons-per-movement")

    assert status == 200
    for operation in ("Return of migrants from Libya to Chad", "Bangui", "Misrata"):
        assert operation in page
    assert "prepared from public reports" in page


def test_health_names_no_trouble_and_metrics_speak_for_both_services(system: Register):
    assert system.call(None, "GET", "/healthz") == (200, {"status": "ok"})
    status, ready = system.call(None, "GET", "/readyz")
    assert (status, ready["status"], ready["parts"]) == (200, "ok", {})
    assert ready["states"] == {
        f"{service} {part}": "ok"
        for service in ("intake", "review")
        for part in ("database", "relay", "consumer", "clockwork")
    }
    status, metrics = system.call(None, "GET", "/metrics")
    assert status == 200
    for service in ("intake", "review"):
        assert f'lessons_stream_head{{service="{service}"}}' in metrics


def test_pages_speak_the_language_of_their_path(system: Register):
    status, page = system.call(None, "GET", "/fr/library/")

    assert status == 200
    assert 'lang="fr"' in page
    assert 'href="/fr/library/entries/' in page
