"""A library from which two entries must go, and whatever may be asked of it."""

from testbed.notes import make_benchmark, make_lesson, make_note
from testbed.world import YEAR, World
from tests.review.desk import share

SHOWN = [f"LL-{YEAR}-0001", f"BM-{YEAR}-0001"]
HIDDEN = [f"LL-{YEAR}-0002", f"BM-{YEAR}-0002"]

ONWARD = make_note(
    operation__title="Onward from Agadez",
    operation__countries=[{"code": "NER", "role": "departure"}],
    lessons=[make_lesson(observation="The nurse zubaydaqf was named.", sector=2, phase="after")],
    benchmarks=[
        make_benchmark(indicator="days-in-transit", value="2", unit="days", place="zubaydaqf"),
    ],
)
# What fits the hidden entries, what would if a letter were another, what fits only the others.
CHOICES = {
    "q": ["zubaydaqf", "zubaydaqx", "zu", "nurse Agadez", HIDDEN[0], SHOWN[0], "convoys", "%", "_"],
    "country": ["NER", "TCD", "ITA"],
    "sector": ["1", "2", "15"],
    "phase": ["before", "during", "after"],
    "indicator": ["days-in-transit", "transit-centre-capacity", "hours-to-registration"],
}
ASKED = [{}, *({name: value} for name, values in CHOICES.items() for value in values)]


def fill(world: World) -> None:
    """Four entries for anyone, the two that must go at the end, and two partners."""
    world.person("holland", "partner", organisation="MSF Holland")
    world.person("stranger", "partner", organisation="Someone Else")
    assert [*world.publish(), *world.publish(ONWARD)] == [*SHOWN, *HIDDEN]


def narrow(world, *references):
    for reference in references:
        share(world, reference, "amber", "MSF Holland")
