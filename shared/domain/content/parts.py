"""The content of a note, every field declared once.

JSON-ready: numbers are decimal strings, days "2011-03-09".

To add a field, add a line here; docs/events and an example follow (see CONTRIBUTING.md).
"""

from typing import Annotated, NotRequired, TypedDict, final

from shared.domain.content.fields import (
    Code,
    Country,
    Day,
    Name,
    Number,
    OperationReference,
    Part,
    Prose,
    Sector,
    Several,
    Text,
)
from shared.platform.errors import N_


class CountryContent(TypedDict):
    """A country and the part it played."""

    code: Annotated[
        str, Country(missing=N_("Choose the country."), step="operation-more", example="TCD")
    ]
    role: Annotated[
        str | None,
        Code(
            terms="country_roles", step="operation-more", question=N_("Its part in the operation")
        ),
    ]


class IdentifierContent(TypedDict):
    """What someone else calls an operation."""

    scheme: Annotated[
        str,
        Code(
            terms="identifier_schemes",
            missing=N_("Choose what kind of number it is."),
            step="operation-more",
            question=N_("Another number: its kind"),
        ),
    ]
    id: Annotated[
        str,
        Text(
            most=100,
            missing=N_("Enter the number."),
            step="operation-more",
            question=N_("The number itself"),
            example="MDRTD012",
        ),
    ]


class OperationContent(TypedDict):
    """What was done, where and when, as this note describes it."""

    title: Annotated[
        str,
        Text(
            label=N_("Name"),
            missing=N_(
                "Enter the title of the operation, such as “Return of migrants from Libya to Chad”."
            ),
            step="operation",
            question=N_("Name of the operation"),
            suggestions="known-operations",
            hint=N_(
                "For example: Return of migrants from Libya to Chad. If the register knows it, the "
                "rest is filled in for you."
            ),
            column="operation",
            tag="#crisis+name",
        ),
    ]
    type: Annotated[
        str,
        Code(
            terms="operation_types",
            label=N_("Type"),
            missing=N_("Choose the type of operation."),
            step="operation",
            question=N_("Type of operation"),
            column="operation_type",
            tag="#activity+type",
        ),
    ]
    countries: Annotated[
        list[CountryContent],
        Several(
            label=N_("Countries"),
            most=30,
            missing=N_("Choose at least one country of the operation."),
            column="countries",
            tag="#country+code+v_iso3",
        ),
    ]
    places: Annotated[
        list[str],
        Several(
            of=Text(most=200),
            most=50,
            label=N_("Places"),
            step="operation-more",
            hint=N_("One place on each line."),
        ),
    ]
    started_on: Annotated[
        str,
        Day(
            label=N_("Dates"),
            missing=N_("Enter when the operation started, such as 2011-03."),
            step="operation",
            question=N_("When did it start?"),
            hint=N_("Year and month, such as 2011-03. The year alone or a whole date is fine too."),
        ),
    ]
    ended_on: Annotated[
        str | None,
        Day(
            label=N_("Dates"),
            step="operation-more",
            question=N_("When did it end?"),
            hint=N_("Leave it empty if it goes on, or if you do not know."),
        ),
    ]
    information_to: Annotated[
        str | None,
        Day(
            label=N_("Information up to"),
            step="operation-more",
            question=N_("Up to which date does your information go?"),
        ),
    ]
    requested_by: Annotated[
        str | None,
        Text(label=N_("Requested by"), step="operation-more", question=N_("Who asked for it?")),
    ]
    lead_agency: Annotated[
        str | None,
        Text(
            label=N_("Lead agency"),
            step="operation-more",
            question=N_("Which organisation led it?"),
            column="lead_agency",
            tag="#org+lead+name",
        ),
    ]
    glide: Annotated[
        str | None,
        Name(
            label=N_("GLIDE number"),
            most=20,
            step="operation-more",
            hint=N_("Such as OT-2011-000025-LBY, if the event has one."),
            column="glide",
            tag="#crisis+code+v_glide",
        ),
    ]
    identifiers: Annotated[
        list[IdentifierContent], Several(most=20, column="identifiers", tag="#crisis+code")
    ]
    reference: Annotated[
        str | None,
        OperationReference(
            label=N_("Operation reference"),
            step="operation-more",
            hint=N_(
                "Such as OP-2026-0001, if you know that this register has the operation "
                "already. Dates may differ then."
            ),
            example="OP-2026-0001",
            column="operation_reference",
            tag="#crisis+id",
        ),
    ]


class PartnerContent(TypedDict):
    """A partner organisation in the operation: its role, and when and why it came and left."""

    organisation: Annotated[
        str,
        Text(
            missing=N_("Enter the name of the partner organisation."),
            step="partners",
            question=N_("Organisation"),
            suggestions="known-organisations",
        ),
    ]
    role: Annotated[
        str | None, Text(label=N_("Role"), step="partners", question=N_("What was its role?"))
    ]
    entered_on: Annotated[
        str | None, Day(label=N_("Dates"), step="partners", question=N_("When did it join?"))
    ]
    entry_criterion: Annotated[
        str | None,
        Prose(label=N_("Why it joined"), step="partners", question=N_("Why did it join?"), rows=2),
    ]
    left_on: Annotated[
        str | None, Day(label=N_("Dates"), step="partners", question=N_("When did it leave?"))
    ]
    exit_criterion: Annotated[
        str | None,
        Prose(label=N_("Why it left"), step="partners", question=N_("Why did it leave?"), rows=2),
    ]
    partners_told_on: Annotated[
        str | None,
        Day(
            label=N_("Partners told on"),
            step="partners",
            question=N_("When were the other partners told?"),
        ),
    ]


@final  # so that `"title" in content` tells it from a benchmark
class LessonContent(TypedDict):
    """A lesson in the four parts of the field's standard form: what happened, why, what follows,
    what to do.
    """

    title: Annotated[
        str,
        Text(
            missing=N_("Enter a title for this lesson."),
            step="lesson-more",
            question=N_("Title"),
            hint=N_("A short sentence. Without one, the first words of what happened are used."),
            column="title",
            tag="#description+title",
        ),
    ]
    kind: Annotated[
        str,
        Code(
            terms="kinds",
            label=N_("Kind"),
            missing=N_("Choose whether it is a challenge, a lesson or a notable practice."),
            step="lesson-more",
            question=N_("What is it?"),
            all_at_once=True,
            hints={
                "challenge": N_("Something went badly."),
                "lesson": N_("Something was learned."),
                "notable_practice": N_("Something worked and is worth repeating."),
            },
            column="kind",
            tag="#activity+kind",
        ),
    ]
    phase: Annotated[
        str,
        Code(
            terms="phases",
            label=N_("When"),
            missing=N_("Choose when it was: before, during or after the operation."),
            step="lesson-more",
            question=N_("When was it?"),
            in_a_row=True,
            hint=N_("Before, during or after the operation."),
            column="phase",
            tag="#activity+phase",
        ),
    ]
    stage: Annotated[
        str | None,
        Code(
            terms="stages",
            label=N_("When"),
            step="lesson-more",
            question=N_("At which stage?"),
            column="stage",
            tag="#activity+stage",
        ),
    ]
    sector: Annotated[
        int | None,
        Sector(label=N_("Sector"), step="lesson-more", question=N_("Which kind of assistance?")),
    ]
    observation: Annotated[
        str,
        Prose(
            label=N_("What happened"),
            missing=N_("Tell what happened."),
            step="lesson",
            question=N_("What happened?"),
            hint=N_("Say what went badly, too: that is what others learn most from."),
            rows=5,
            column="observation",
            tag="#description+observation",
        ),
    ]
    discussion: Annotated[
        str | None,
        Prose(
            label=N_("Why"),
            step="lesson",
            question=N_("Why did it happen?"),
            column="discussion",
            tag="#description+discussion",
        ),
    ]
    conclusion: Annotated[
        str | None,
        Prose(
            label=N_("Conclusion"),
            step="lesson-more",
            question=N_("What do you conclude?"),
            column="conclusion",
            tag="#description+conclusion",
        ),
    ]
    recommendation: Annotated[
        str,
        Prose(
            label=N_("Recommendation"),
            missing=N_("Tell what should be done differently, or again."),
            step="lesson",
            question=N_("What should be done differently, or again?"),
            column="recommendation",
            tag="#description+recommendation",
        ),
    ]


class PeriodContent(TypedDict):
    """From and to, each to the day, month or year."""

    start: Annotated[
        str | None, Day(label=N_("Period"), step="number-more", question=N_("From which date?"))
    ]
    end: Annotated[
        str | None,
        Day(
            label=N_("Period"),
            step="number-more",
            question=N_("To which date?"),
            hint=N_("Year and month, such as 2011-05. A whole date is fine too."),
        ),
    ]


class ProposalContent(TypedDict):
    """An indicator that the catalogue does not have yet."""

    name: Annotated[
        str,
        Text(
            missing=N_("Name what you measured."),
            step="proposal",
            question=N_("Name"),
            hint=N_("For example: Hot meals per person and day"),
        ),
    ]
    definition: Annotated[
        str,
        Prose(
            label=N_("Proposed definition"),
            missing=N_("Say exactly what is counted, from when to when."),
            step="proposal",
            question=N_("What exactly is counted, from when to when?"),
        ),
    ]
    unit: Annotated[
        str,
        Text(
            most=60,
            missing=N_("Enter the unit, such as persons or hours."),
            step="proposal",
            question=N_("Unit"),
            hint=N_("For example: persons, hours, meals"),
        ),
    ]
    direction: Annotated[
        str,
        Code(
            terms="directions",
            missing=N_("Choose whether more or less of it is better."),
            step="proposal",
            question=N_("Which is better?"),
            all_at_once=True,
        ),
    ]


class EnteredContent(TypedDict, total=False):
    """The figures of a benchmark as they were given, in the unit in which they were given."""

    value: str
    baseline: str
    target: str
    unit: str


@final
class BenchmarkContent(TypedDict):
    """One measured value of an indicator.

    A benchmark that was checked has a value, and `entered` where its figures were converted.
    """

    entered: NotRequired[EnteredContent | None]

    indicator: Annotated[
        str | None,
        Name(
            most=80,
            step="indicator",
            example="transit-centre-capacity",
            column="indicator",
            tag="#indicator+code",
        ),
    ]
    proposed: Annotated[ProposalContent | None, Part()]
    value: Annotated[
        str | None,
        Number(
            question=N_("Value"),
            step="number",
            hint=N_(
                "Digits, as you write numbers in this language. If a comma or point is "
                "unclear, we ask."
            ),
            example="900",
            column="value",
            tag="#indicator+value+num",
        ),
    ]
    numerator: Annotated[
        str | None,
        Number(
            step="number",
            question=N_("First number"),
            column="numerator",
            tag="#indicator+numerator+num",
        ),
    ]
    denominator: Annotated[
        str | None,
        Number(
            step="number",
            question=N_("Second number"),
            column="denominator",
            tag="#indicator+denominator+num",
        ),
    ]
    how_known: Annotated[
        str,
        Code(
            terms="how_known",
            label=N_("How it is known"),
            missing=N_("Choose how this number is known."),
            step="number",
            question=N_("How is this number known?"),
            all_at_once=True,
            hints={
                "measured": N_("Counted or timed, and written down then."),
                "estimated": N_("Worked out afterwards, or from a part of it."),
                "reported": N_("From a report, a partner or an authority."),
            },
            column="how_known",
            tag="#indicator+method",
        ),
    ]
    precision: Annotated[
        str | None,
        Code(
            terms="precisions",
            step="number-more",
            question=N_("How exact is it?"),
            in_a_row=True,
            column="precision",
            tag="#indicator+precision",
        ),
    ]
    period: Annotated[PeriodContent | None, Part()]
    place: Annotated[
        str | None,
        Text(
            label=N_("Place"),
            most=200,
            step="number-more",
            question=N_("At which place?"),
            column="place",
            tag="#loc+name",
        ),
    ]
    mode: Annotated[
        str | None,
        Code(
            terms="modes",
            label=N_("Mode of travel"),
            step="number-more",
            question=N_("How did people travel?"),
            hint=N_("Only values of the same way of travelling are compared."),
            column="mode",
            tag="#activity+mode",
        ),
    ]
    leg: Annotated[
        str | None,
        Text(
            label=N_("Leg"),
            most=200,
            step="number-more",
            question=N_("On which leg of the journey?"),
            hint=N_("For example: Sebha to Zouarké"),
            column="leg",
            tag="#loc+leg",
        ),
    ]
    phase: Annotated[
        str,
        Code(
            terms="phases",
            label=N_("When"),
            missing=N_("Choose when it was: before, during or after the operation."),
            step="number-more",
            question=N_("When was it?"),
            in_a_row=True,
            hint=N_("Before, during or after the operation."),
            column="phase",
            tag="#activity+phase",
        ),
    ]
    stage: Annotated[
        str | None,
        Code(
            terms="stages",
            label=N_("When"),
            step="number-more",
            question=N_("At which stage?"),
            column="stage",
            tag="#activity+stage",
        ),
    ]
    target: Annotated[
        str | None,
        Number(
            label=N_("Value planned"),
            step="number-more",
            question=N_("Which value was planned or aimed at?"),
            column="target",
            tag="#indicator+target+num",
        ),
    ]
    baseline: Annotated[
        str | None,
        Number(
            label=N_("Value before"),
            step="number-more",
            question=N_("Which value was it before?"),
            column="baseline",
            tag="#indicator+baseline+num",
        ),
    ]
    unit: Annotated[
        str,
        Text(
            most=60,
            missing=N_("Enter the unit of the value."),
            step="number-more",
            question=N_("Unit of these numbers"),
            hint=N_(
                "Leave it as it is, or give one that can be converted, such as days for hours."
            ),
            example="persons",
            column="unit",
            tag="#indicator+unit",
        ),
    ]
    source: Annotated[
        str | None,
        Prose(
            label=N_("Source"),
            most=1000,
            rows=2,
            step="number-more",
            question=N_("Where does the number come from?"),
            column="source",
            tag="#meta+source",
        ),
    ]
    remark: Annotated[
        str | None,
        Prose(
            label=N_("Remark"),
            step="number-more",
            question=N_("What else should others know about it?"),
            rows=3,
            column="remark",
            tag="#meta+remark",
        ),
    ]


class NoteContent(TypedDict):
    """An after-action note: one operation, its lessons and benchmarks."""

    operation: Annotated[OperationContent, Part(missing=N_("Describe the operation."))]
    organisation: Annotated[
        str,
        Text(
            missing=N_("Enter the name of your organisation."),
            step="operation",
            question=N_("Your organisation"),
            suggestions="known-organisations",
            hint=N_("Its usual name or abbreviation."),
        ),
    ]
    language: Annotated[
        str,
        Code(
            terms="languages",
            missing=N_("Say in which language the note is written: en, fr, es or ar."),
            step="operation-more",
            question=N_("Language of this note"),
        ),
    ]
    sharing: Annotated[
        str | None,
        Code(
            terms="sharing",
            default="green",
            step="sharing",
            question=N_("Once approved, who may read it?"),
            all_at_once=True,
            hints={
                "clear": N_("Published on the open web (TLP:CLEAR)."),
                "green": N_(
                    "Organisations that read the library with their own account (TLP:GREEN)."
                ),
                "amber": N_(
                    "Organisations that the reviewers name, such as the partners in this "
                    "operation (TLP:AMBER)."
                ),
                "amber_strict": N_(
                    "Kept by the reviewers and editors, not published (TLP:AMBER+STRICT)."
                ),
                "red": N_("Read by those who review this note and by nobody else (TLP:RED)."),
            },
        ),
    ]
    partners: Annotated[list[PartnerContent], Several(most=50)]
    lessons: Annotated[list[LessonContent], Several(most=50)]
    benchmarks: Annotated[list[BenchmarkContent], Several(most=100)]
    heard_from: Annotated[
        list[str],
        Several(
            of=Code(terms="heard_from"),
            most=4,
            label=N_("Consulted"),
            step="heard",
            question=N_("Who was asked?"),
            hint=N_("Tick all that were."),
        ),
    ]
    sources: Annotated[
        list[str],
        Several(
            of=Text(most=1000),
            most=50,
            label=N_("Written sources"),
            step="heard",
            hint=N_("Reports, minutes, web pages: one on each line."),
        ),
    ]
