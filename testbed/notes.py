"""A note as a field team sends it, and the decision that publishes it."""

from copy import deepcopy
from typing import Any

NOTE: dict[str, Any] = {
    "operation": {
        "title": "Return of migrants from Libya to Chad",
        "type": "evacuation",
        "countries": [{"code": "LBY", "role": "departure"}, {"code": "TCD", "role": "destination"}],
        "started_on": "2011-03",
        "ended_on": None,
        "information_to": "2011-12-15",
        "glide": "OT-2011-000025-LBY",
        "requested_by": "Government of Chad",
        "lead_agency": "International Organization for Migration",
        "places": ["Faya-Largeau"],
    },
    "organisation": "Chad Migration Support",
    "language": "en",
    "sharing": "clear",
    "partners": [{"organisation": "MSF Holland", "role": "health"}],
    "lessons": [
        {
            "kind": "challenge",
            "phase": "during",
            "stage": "transit",
            "sector": 1,
            "title": "Nearly 4,000 people stranded beside a centre for about 900",
            "observation": (
                "Nearly 4,000 people were waiting where the centre could take about 900."
            ),
            "discussion": "The convoys were already on the road.",
            "conclusion": None,
            "recommendation": "Size transit centres on the convoys already on the road.",
        }
    ],
    "benchmarks": [
        {
            "indicator": "transit-centre-capacity",
            "value": "900",
            "unit": "persons",
            "period": {"start": "2011-05", "end": "2011-05"},
            "place": "Faya-Largeau",
            "phase": "during",
            "stage": "transit",
            "how_known": "reported",
            "precision": "about",
            "source": "Press release, 2011",
        }
    ],
    "heard_from": ["staff", "partners"],
    "sources": ["Press release, 2011"],
}


def make_note(**changes: Any) -> dict[str, Any]:
    """A valid note; `changes` replace its parts, "a__b" reaches into part a."""
    note = deepcopy(NOTE)
    for name, value in changes.items():
        part, _dunder, inner = name.partition("__")
        if inner:
            note[part][inner] = value
        else:
            note[part] = value
    return note


def make_lesson(**changes: Any) -> dict[str, Any]:
    """A valid lesson."""
    return {**deepcopy(NOTE["lessons"][0]), **changes}


def make_benchmark(**changes: Any) -> dict[str, Any]:
    """A valid benchmark."""
    return {**deepcopy(NOTE["benchmarks"][0]), **changes}


def approve(item: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The decision that approves an item, with its checklist answered."""
    return {
        "item": item["id"],
        "verdict": "approve",
        "checklist": dict.fromkeys(item["checklist"], True),
        **changes,
    }
