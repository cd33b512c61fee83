"""The same acts in every version: notes sent, decided, corrected, withdrawn; the answers kept."""

import copy
from typing import Any

from tests.outputs.collecting import Collection
from tests.outputs.visiting import Answer

NOBODY = "00000000-0000-4000-8000-000000000000"
NOTE: dict[str, Any] = {
    "operation": {
        "title": "Transit through Kalait",
        "type": "evacuation",
        "countries": [{"code": "TCD", "role": "transit"}],
        "started_on": "2012-04",
        "glide": "OT-2012-000001-TCD",
        "lead_agency": "IOM",
        "places": ["Kalait"],
    },
    "organisation": "Chad Migration Support",
    "language": "en",
    "sharing": "clear",
    "partners": [{"organisation": "Italian Red Cross", "role": "Health", "entered_on": "2012-04"}],
    "lessons": [
        {
            "kind": "challenge",
            "phase": "during",
            "stage": "transit",
            "sector": 4,
            "title": "Water ran out at noon",
            "observation": "The tanks were empty at noon on two days.",
            "recommendation": "Count the tanks before the convoy leaves.",
        },
        {
            "kind": "notable_practice",
            "phase": "after",
            "sector": 1,
            "title": "Names were called twice",
            "observation": "Each name was called at the gate and at the truck.",
            "discussion": "Nobody was left behind.",
            "recommendation": "Call names twice.",
        },
    ],
    "benchmarks": [
        {
            "proposed": {
                "name": "Litres at noon",
                "definition": "Litres left in the tanks at noon.",
                "unit": "litres",
                "direction": "higher",
            },
            "value": "12.5",
            "unit": "litres",
            "period": {"start": "2012-04", "end": "2012-05"},
            "phase": "during",
            "how_known": "measured",
        }
    ],
    "heard_from": ["partners"],
    "sources": ["Diary of the convoy"],
}
CORRECTED = "Each name was called at the gate, at the truck and on arrival."


def write_all(found: Collection) -> None:
    """Do everything that changes the register through the API, and keep what it answers."""
    reference = _send(found)
    _decide(found, reference)
    _correct(found, reference)
    _decide_corrected(found, reference)
    _change_entries(found)
    _sensitive(found)


def _act(found: Collection, name: str, who: str, method: str, path: str, body: Any = None, **headers: str) -> Answer:
    return found.answer(f"acts/{name}", found.programs[who].send(method, path, body, **headers))


def _send(found: Collection) -> str:
    """A note sent well, twice, and in every wrong way. Returns its reference."""
    notes, key = "/intake/api/v1/notes", "comparing-1"
    wrong = {
        **NOTE,
        "language": "xx",
        "lessons": [{"kind": "nonsense", "sector": 99}],
        "nonsense": 1,
    }
    _act(found, "note without a key of its own", "field", "POST", notes, NOTE)
    _act(found, "note by a stranger", "stranger", "POST", notes, NOTE, Idempotency_Key=key)
    _act(found, "note by a partner", "partner", "POST", notes, NOTE, Idempotency_Key=key)
    _act(
        found,
        "note that is wrong",
        "field",
        "POST",
        notes,
        wrong,
        Idempotency_Key="comparing-wrong",
    )
    _act(found, "note that is empty", "field", "POST", notes, {}, Idempotency_Key="comparing-empty")
    _act(found, "note that is a list", "field", "POST", notes, [1], Idempotency_Key="comparing-list")
    sent = _act(found, "note", "field", "POST", notes, NOTE, Idempotency_Key=key).json()
    found.names.learn(sent["receipt"], f"receipt {sent['reference']}")
    _act(found, "note again", "field", "POST", notes, NOTE, Idempotency_Key=key)
    other = {**NOTE, "language": "fr"}
    _act(found, "another note with its key", "field", "POST", notes, other, Idempotency_Key=key)
    _rest(found)
    reference: str = sent["reference"]
    return reference


def _decide(found: Collection, reference: str) -> None:
    """The first decisions: one item approved, one returned, the proposed indicator accepted."""
    case = _case(found, reference)
    path, (lesson, returned, benchmark) = f"/review/api/v1/cases/{case['id']}", case["items"]
    approved, changes = _approval(lesson), {"item": returned["id"], "verdict": "request_changes"}
    for name, version, decisions in (
        ("of an older version", case["version"] - 1, [approved]),
        ("without a comment", case["version"], [changes]),
        ("without the checklist", case["version"], [{**approved, "checklist": {}}]),
        ("of an unknown item", case["version"], [{**approved, "item": NOBODY}]),
        ("of an unknown kind", case["version"], [{**approved, "verdict": "nonsense"}]),
        ("that are none", case["version"], []),
    ):
        body = {"version": version, "decisions": decisions}
        _act(found, f"decisions {name}", "reviewer", "POST", f"{path}/decisions", body)
    body = {
        "version": case["version"],
        "decisions": [approved, {**changes, "comment": "Who called them?"}],
    }
    _act(found, "decisions by a partner", "partner", "POST", f"{path}/decisions", body)
    _act(found, "decisions", "reviewer", "POST", f"{path}/decisions", body)
    _act(found, "decisions again", "reviewer", "POST", f"{path}/decisions", body)
    resolving = f"{path}/items/{benchmark['id']}/indicator"
    _act(found, "indicator that is none", "editor", "POST", resolving, {"indicator": "nothing"})
    accepted = {"accept": True, "code": "litres-at-noon", "family": "wash"}
    _act(found, "indicator by a reviewer", "reviewer", "POST", resolving, accepted)
    _act(
        found,
        "indicator in an unknown family",
        "editor",
        "POST",
        resolving,
        {**accepted, "family": "x"},
    )
    _act(found, "indicator", "editor", "POST", resolving, {"accept": True, "code": "litres-at-noon"})
    _act(found, "case after the first decisions", "editor", "GET", path)
    _rest(found)


def _correct(found: Collection, reference: str) -> None:
    """What was returned is corrected, and sent once more."""
    path = f"/intake/api/v1/notes/{reference}"
    body = copy.deepcopy(NOTE) | {"version": 1}
    body["lessons"][1]["observation"] = CORRECTED
    _act(found, "note returned", "field", "GET", path)
    _act(found, "correction of no version", "field", "PUT", path, NOTE, Idempotency_Key="comparing-2")
    _act(
        found,
        "correction of version 7",
        "field",
        "PUT",
        path,
        {**body, "version": 7},
        Idempotency_Key="comparing-3",
    )
    _act(found, "correction", "field", "PUT", path, body, Idempotency_Key="comparing-4")
    _act(found, "correction again", "field", "PUT", path, body, Idempotency_Key="comparing-4")
    _act(
        found,
        "correction of the version before",
        "field",
        "PUT",
        path,
        body,
        Idempotency_Key="comparing-5",
    )
    _rest(found)


def _decide_corrected(found: Collection, reference: str) -> None:
    """The second decisions: an item approved, one rejected, one called a duplicate."""
    case = _case(found, reference)
    path, open_items = f"/review/api/v1/cases/{case['id']}", case["items"][1:]
    rejected = {
        "item": open_items[1]["id"],
        "verdict": "reject",
        "comment": "Nobody measures it so.",
    }
    twin = {"item": open_items[0]["id"], "verdict": "duplicate", "duplicate_of": "LL-2026-9999"}
    body = {"version": case["version"], "decisions": [twin]}
    _act(found, "duplicate of nothing", "editor", "POST", f"{path}/decisions", body)
    body = {"version": case["version"], "decisions": [_approval(open_items[0]), rejected]}
    _act(found, "decisions on the correction", "editor", "POST", f"{path}/decisions", body)
    _rest(found)


def _change_entries(found: Collection) -> None:
    """Published entries are withdrawn, and shared with fewer."""
    benchmark, lesson = "/review/api/v1/entries/BM-2026-0002", "/review/api/v1/entries/LL-2026-0002"
    reason = {"reason": "The figure was counted twice."}
    _act(found, "withdrawal without a reason", "editor", "POST", f"{benchmark}/withdrawal", {})
    _act(found, "withdrawal by a reviewer", "reviewer", "POST", f"{benchmark}/withdrawal", reason)
    _act(found, "withdrawal", "editor", "POST", f"{benchmark}/withdrawal", reason)
    _act(found, "withdrawal again", "editor", "POST", f"{benchmark}/withdrawal", reason)
    green = {"sharing": "green", "reason": "Names can be guessed."}
    amber = {"sharing": "amber", "readers": ["Italian Red Cross"], "reason": "For one partner."}
    _act(
        found,
        "sharing with red",
        "editor",
        "POST",
        f"{lesson}/sharing",
        {**green, "sharing": "red"},
    )
    _act(found, "sharing", "editor", "POST", f"{lesson}/sharing", green)
    _act(
        found,
        "sharing with one",
        "editor",
        "POST",
        "/review/api/v1/entries/LL-2026-0003/sharing",
        amber,
    )
    _rest(found)


def _sensitive(found: Collection) -> None:
    """A second note, marked as sensitive: an editor publishes what a reviewer approved."""
    note = copy.deepcopy(NOTE) | {"benchmarks": []}
    note["operation"]["title"] = "Reception in Abéché"
    sent = found.programs["field"].send("POST", "/intake/api/v1/notes", note, Idempotency_Key="comparing-6").json()
    found.names.learn(sent["receipt"], f"receipt {sent['reference']}")
    _rest(found)
    case = _case(found, sent["reference"])
    path, first = f"/review/api/v1/cases/{case['id']}", case["items"][0]
    body = {"version": case["version"], "decisions": [_approval(first)], "sensitive": True}
    _act(found, "decisions on a sensitive case", "reviewer", "POST", f"{path}/decisions", body)
    publication = f"{path}/items/{first['id']}/publication"
    _act(found, "publication by a reviewer", "reviewer", "POST", publication, {})
    _act(found, "publication", "editor", "POST", publication, {"reason": "Nobody can be recognised."})
    _rest(found)


def _case(found: Collection, reference: str) -> dict[str, Any]:
    """The case of a note, as the editor reads it now."""
    case_id = next(case["id"] for case in found.cases() if case["note"] == reference)
    case: dict[str, Any] = found.programs["editor"].get(f"/review/api/v1/cases/{case_id}").json()
    return case


def _approval(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "item": item["id"],
        "verdict": "approve",
        "checklist": dict.fromkeys(item["checklist"], True),
    }


def _rest(found: Collection) -> None:
    """Let what was done arrive everywhere, and name what is new."""
    found.wait_until_quiet()
    found.learn()
