"""The steps of the field form: which answers each one asks for. Each has a template of its name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """A page of the form.

    Names are paths below `root` ("lessons" and "benchmarks" are lists, so those steps come with a place in it).
    `numbers` and `days` are among the fields and read as people write them; `lines` are one answer a line. A step that
    `begins` a lesson or benchmark may be one place behind the last.
    """

    name: str
    root: str = ""
    fields: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    begins: bool = False

    @property
    def template(self) -> str:
        """Its page."""
        return f"write/{self.name.replace('-', '_')}.html"

    @property
    def asked(self) -> tuple[str, ...]:
        """All that it asks for."""
        return (*self.fields, *self.lists, *self.lines)

    def path(self, place: int) -> str:
        """Where its answers stand in the note: "lessons.0"; "" for the note itself."""
        return f"{self.root}.{place}" if self.root else ""


COUNTRIES = 6
IDENTIFIERS = 6
PARTNERS = 6
PARTNER_FIELDS = (
    "organisation",
    "role",
    "entered_on",
    "left_on",
    "entry_criterion",
    "exit_criterion",
    "partners_told_on",
)
FIGURES = ("value", "numerator", "denominator")

_ALL = (
    # The short path: twelve answers.
    Step(
        "operation",
        fields=(
            "operation.title",
            "operation.type",
            "operation.countries.0.code",
            "operation.started_on",
            "organisation",
        ),
        days=("operation.started_on",),
    ),
    Step("lesson", root="lessons", fields=("observation", "discussion", "recommendation"), begins=True),
    Step("indicator", root="benchmarks", fields=("indicator",), begins=True),
    Step("number", root="benchmarks", fields=(*FIGURES, "how_known"), numbers=FIGURES),
    Step("sharing", fields=("sharing",)),
    # Everything else is optional until review.
    Step(
        "operation-more",
        fields=(
            *(f"operation.countries.{place}.{name}" for place in range(COUNTRIES) for name in ("code", "role")),
            "operation.ended_on",
            "operation.information_to",
            "operation.glide",
            *(
                f"operation.identifiers.{place}.{name}"
                for place in range(IDENTIFIERS)
                for name in ("scheme", "id")  # row by row
            ),
            "operation.reference",
            "operation.requested_by",
            "operation.lead_agency",
            "language",
        ),
        days=("operation.ended_on", "operation.information_to"),
        lines=("operation.places",),
    ),
    Step("lesson-more", root="lessons", fields=("title", "kind", "phase", "stage", "sector", "conclusion")),
    Step(
        "number-more",
        root="benchmarks",
        fields=(
            "precision",
            "period.start",
            "period.end",
            "place",
            "phase",
            "stage",
            "mode",
            "leg",
            "unit",
            "baseline",
            "target",
            "source",
            "remark",
        ),
        numbers=("baseline", "target"),
        days=("period.start", "period.end"),
    ),
    Step(
        "proposal",
        root="benchmarks",
        fields=("proposed.name", "proposed.definition", "proposed.unit", "proposed.direction"),
    ),
    Step("heard", lists=("heard_from",), lines=("sources",)),
    Step(
        "partners",
        fields=tuple(f"partners.{place}.{name}" for place in range(PARTNERS) for name in PARTNER_FIELDS),
        days=tuple(
            f"partners.{place}.{name}"
            for place in range(PARTNERS)
            for name in ("entered_on", "left_on", "partners_told_on")
        ),
    ),
)

STEPS = {step.name: step for step in _ALL}
SHORT_PATH = ("operation", "lesson", "indicator", "number", "sharing")
