"""The same acts in every version: notes sent, decided, corrected, withdrawn; the answers kept."""

import copy
import json
from pathlib import Path
from typing import Any

from tests.outputs.collecting import Collection
from tests.outputs.visiting import Answer

NOBODY = "00000000-0000-4000-8000-000000000000"
NOTE: dict[str, Any] = json.loads(Path(__file__).with_name("note.json").read_text(encoding="utf-8"))
CORRECTED = "Each name was called at the gate, at the truck and on arrival."


def write_all(found: Collection) -> None:
    """Do everything that changes the register through the API, and keep what it answers."""
    reference = _send(found)
    _decide(found, reference)
    _correct(found, reference)
    _decide_corrected(found, reference)
    _change_entries(found)
    _sensitive(found)


def _act(
    found: Collection,
    name: str,
    who: str,
    request: str,
    body: object = None,
    key: str = "",
) -> Answer:
    """Send JSON, perhaps with an Idempotency-Key, and keep the answer under this name."""
    method, _space, path = request.partition(" ")
    headers = {"Idempotency_Key": f"comparing-{key}"} if key else {}
    return found.answer(f"acts/{name}", found.programs[who].send(method, path, body, **headers))


def _send(found: Collection) -> str:
    """A note sent well, twice, and in every wrong way. Returns its reference."""
    notes, key = "/intake/api/v1/notes", "1"
    wrong = {
        **NOTE,
        "language": "xx",
        "lessons": [{"kind": "nonsense", "sector": 99}],
        "nonsense": 1,
    }
    _act(found, "note without a key of its own", "field", f"POST {notes}", NOTE)
    _act(found, "note by a stranger", "stranger", f"POST {notes}", NOTE, key=key)
    _act(found, "note by a partner", "partner", f"POST {notes}", NOTE, key=key)
    _act(found, "note that is wrong", "field", f"POST {notes}", wrong, key="wrong")
    _act(found, "note that is empty", "field", f"POST {notes}", {}, key="empty")
    _act(found, "note that is a list", "field", f"POST {notes}", [1], key="list")
    sent = _act(found, "note", "field", f"POST {notes}", NOTE, key=key).json()
    found.names.learn(sent["receipt"], f"receipt {sent['reference']}")
    _act(found, "note again", "field", f"POST {notes}", NOTE, key=key)
    other = {**NOTE, "language": "fr"}
    _act(found, "another note with its key", "field", f"POST {notes}", other, key=key)
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
        _act(found, f"decisions {name}", "reviewer", f"POST {path}/decisions", body)
    body = {
        "version": case["version"],
        "decisions": [approved, {**changes, "comment": "Who called them?"}],
    }
    _act(found, "decisions by a partner", "partner", f"POST {path}/decisions", body)
    _act(found, "decisions", "reviewer", f"POST {path}/decisions", body)
    _act(found, "decisions again", "reviewer", f"POST {path}/decisions", body)
    resolving = f"{path}/items/{benchmark['id']}/indicator"
    _act(found, "indicator that is none", "editor", f"POST {resolving}", {"indicator": "nothing"})
    accepted = {"accept": True, "code": "litres-at-noon", "family": "wash"}
    _act(found, "indicator by a reviewer", "reviewer", f"POST {resolving}", accepted)
    unknown = {**accepted, "family": "x"}
    _act(found, "indicator in an unknown family", "editor", f"POST {resolving}", unknown)
    del accepted["family"]
    _act(found, "indicator", "editor", f"POST {resolving}", accepted)
    _act(found, "case after the first decisions", "editor", f"GET {path}")
    _rest(found)


def _correct(found: Collection, reference: str) -> None:
    """What was returned is corrected, and sent once more."""
    path = f"/intake/api/v1/notes/{reference}"
    body = copy.deepcopy(NOTE) | {"version": 1}
    body["lessons"][1]["observation"] = CORRECTED
    _act(found, "note returned", "field", f"GET {path}")
    _act(found, "correction of no version", "field", f"PUT {path}", NOTE, key="2")
    _act(found, "correction of version 7", "field", f"PUT {path}", {**body, "version": 7}, key="3")
    _act(found, "correction", "field", f"PUT {path}", body, key="4")
    _act(found, "correction again", "field", f"PUT {path}", body, key="4")
    _act(found, "correction of the version before", "field", f"PUT {path}", body, key="5")
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
    _act(found, "duplicate of nothing", "editor", f"POST {path}/decisions", body)
    body = {"version": case["version"], "decisions": [_approval(open_items[0]), rejected]}
    _act(found, "decisions on the correction", "editor", f"POST {path}/decisions", body)
    _rest(found)


def _change_entries(found: Collection) -> None:
    """Published entries are withdrawn, and shared with fewer."""
    entries = "/review/api/v1/entries"
    benchmark, lesson = f"{entries}/BM-2026-0002", f"{entries}/LL-2026-0002"
    reason = {"reason": "The figure was counted twice."}
    _act(found, "withdrawal without a reason", "editor", f"POST {benchmark}/withdrawal", {})
    _act(found, "withdrawal by a reviewer", "reviewer", f"POST {benchmark}/withdrawal", reason)
    _act(found, "withdrawal", "editor", f"POST {benchmark}/withdrawal", reason)
    _act(found, "withdrawal again", "editor", f"POST {benchmark}/withdrawal", reason)
    green = {"sharing": "green", "reason": "Names can be guessed."}
    amber = {"sharing": "amber", "readers": ["Italian Red Cross"], "reason": "For one partner."}
    red = {**green, "sharing": "red"}
    _act(found, "sharing at red", "editor", f"POST {lesson}/sharing", red)
    _act(found, "sharing", "editor", f"POST {lesson}/sharing", green)
    _act(found, "sharing with one", "editor", f"POST {entries}/LL-2026-0003/sharing", amber)
    _rest(found)


def _sensitive(found: Collection) -> None:
    """A second note, marked as sensitive: an editor publishes what a reviewer approved."""
    note = copy.deepcopy(NOTE) | {"benchmarks": []}
    note["operation"]["title"] = "Reception in Abéché"
    sent = _act(found, "second note", "field", "POST /intake/api/v1/notes", note, key="6").json()
    found.names.learn(sent["receipt"], f"receipt {sent['reference']}")
    _rest(found)
    case = _case(found, sent["reference"])
    path, first = f"/review/api/v1/cases/{case['id']}", case["items"][0]
    body = {"version": case["version"], "decisions": [_approval(first)], "sensitive": True}
    _act(found, "decisions on a sensitive case", "reviewer", f"POST {path}/decisions", body)
    publication = f"{path}/items/{first['id']}/publication"
    _act(found, "publication by a reviewer", "reviewer", f"POST {publication}", {})
    reason = {"reason": "Nobody can be recognised."}
    _act(found, "publication", "editor", f"POST {publication}", reason)
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
