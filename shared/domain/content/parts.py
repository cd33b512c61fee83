"""The content of a note, every field declared once. JSON-ready: numbers are decimal strings, days "2011-03-09".

To add a field, add a line here; docs/events and an example follow (see CONTRIBUTING.md).
"""

from typing import Annotated, TypedDict

from flask_babel import lazy_gettext as _

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


class CountryContent(TypedDict):
    """A country and the part it played."""

    code: Annotated[str, Country(missing=_("Choose the country."), step="operation-more", example="TCD")]
    role: Annotated[
        str | None, Code(terms="country_roles", step="operation-more", question=_("Its part in the operation"))
    ]


class IdentifierContent(TypedDict):
    """What someone else calls an operation."""

    scheme: Annotated[
        str,
        Code(
            terms="identifier_schemes",
            missing=_("Choose what kind of number it is."),
            step="operation-more",
            question=_("Another number: its kind"),
        ),
    ]
    id: Annotated[
        str,
        Text(
            most=100,
            missing=_("Enter the number."),
            step="operation-more",
            question=_("The number itself"),
            example="MDRTD012",
        ),
    ]


class OperationContent(TypedDict):
    """What was done, where and when, as this note describes it."""

    title: Annotated[
        str,
        Text(
            label=_("Name"),
            missing=_("Enter the title of the operation, such as “Return of migrants from Libya to Chad”."),
            step="operation",
            question=_("Name of the operation"),
            suggestions="known-operations",
            hint=_(
                "For example: Return of migrants from Libya to Chad."
                " If the register knows it, the rest is filled in for you."
            ),
            column="operation",
            tag="#crisis+name",
        ),
    ]
    type: Annotated[
        str,
        Code(
            terms="operation_types",
            label=_("Type"),
            missing=_("Choose the type of operation."),
            step="operation",
            question=_("Type of operation"),
            column="operation_type",
            tag="#activity+type",
        ),
    ]
    countries: Annotated[
        list[CountryContent],
        Several(
            label=_("Countries"),
            most=30,
            missing=_("Choose at least one country of the operation."),
            column="countries",
            tag="#country+code+v_iso3",
        ),
    ]
    places: Annotated[
        list[str],
        Several(
            of=Text(most=200),
            most=50,
            label=_("Places"),
            step="operation-more",
            hint=_("One place on each line."),
        ),
    ]
    started_on: Annotated[
        str,
        Day(
            label=_("Dates"),
            missing=_("Enter when the operation started, such as 2011-03."),
            step="operation",
            question=_("When did it start?"),
            hint=_("Year and month, such as 2011-03. The year alone or a whole date is fine too."),
        ),
    ]
    ended_on: Annotated[
        str | None,
        Day(
            label=_("Dates"),
            step="operation-more",
            question=_("When did it end?"),
            hint=_("Leave it empty if it goes on, or if you do not know."),
        ),
    ]
    information_to: Annotated[
        str | None,
        Day(
            label=_("Information up to"),
            step="operation-more",
            question=_("Up to which date does your information go?"),
        ),
    ]
    requested_by: Annotated[
        str | None,
        Text(label=_("Requested by"), step="operation-more", question=_("Who asked for it?")),
    ]
    lead_agency: Annotated[
        str | None,
        Text(
            label=_("Lead agency"),
            step="operation-more",
            question=_("Which organisation led it?"),
            column="lead_agency",
            tag="#org+lead+name",
        ),
    ]
    glide: Annotated[
        str | None,
        Name(
            label=_("GLIDE number"),
            most=20,
            step="operation-more",
            hint=_("Such as OT-2011-000025-LBY, if the event has one."),
            column="glide",
            tag="#crisis+code+v_glide",
        ),
    ]
    identifiers: Annotated[list[IdentifierContent], Several(most=20, column="identifiers", tag="#crisis+code")]
    reference: Annotated[
        str | None,
        OperationReference(
            label=_("Operation reference"),
            step="operation-more",
            hint=_(
                "Such as OP-2026-0001, if you know that this register has the operation already. Dates may differ then."
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
            missing=_("Enter the name of the partner organisation."),
            step="partners",
            question=_("Organisation"),
            suggestions="known-organisations",
        ),
    ]
    role: Annotated[str | None, Text(label=_("Role"), step="partners", question=_("What was its role?"))]
    entered_on: Annotated[str | None, Day(label=_("Dates"), step="partners", question=_("When did it join?"))]
    entry_criterion: Annotated[
        str | None, Prose(label=_("Why it joined"), step="partners", question=_("Why did it join?"), rows=2)
    ]
    left_on: Annotated[str | None, Day(label=_("Dates"), step="partners", question=_("When did it leave?"))]
    exit_criterion: Annotated[
        str | None, Prose(label=_("Why it left"), step="partners", question=_("Why did it leave?"), rows=2)
    ]
    partners_told_on: Annotated[
        str | None,
        Day(
            label=_("Partners told on"),
            step="partners",
            question=_("When were the other partners told?"),
        ),
    ]


class LessonContent(TypedDict):
    """A lesson in the four parts of the field's standard form: what happened, why, what follows, what to do."""

    title: Annotated[
        str,
        Text(
            missing=_("Enter a title for this lesson."),
            step="lesson-more",
            question=_("Title"),
            hint=_("A short sentence. Without one, the first words of what happened are used."),
            column="title",
            tag="#description+title",
        ),
    ]
    kind: Annotated[
        str,
        Code(
            terms="kinds",
            label=_("Kind"),
            missing=_("Choose whether it is a challenge, a lesson or a notable practice."),
            step="lesson-more",
            question=_("What is it?"),
            all_at_once=True,
            hints={
                "challenge": _("Something went badly."),
                "lesson": _("Something was learned."),
                "notable_practice": _("Something worked and is worth repeating."),
            },
            column="kind",
            tag="#activity+kind",
        ),
    ]
    phase: Annotated[
        str,
        Code(
            terms="phases",
            label=_("When"),
            missing=_("Choose when it was: before, during or after the operation."),
            step="lesson-more",
            question=_("When was it?"),
            in_a_row=True,
            hint=_("Before, during or after the operation."),
            column="phase",
            tag="#activity+phase",
        ),
    ]
    stage: Annotated[
        str | None,
        Code(
            terms="stages",
            label=_("When"),
            step="lesson-more",
            question=_("At which stage?"),
            column="stage",
            tag="#activity+stage",
        ),
    ]
    sector: Annotated[
        int | None,
        Sector(label=_("Sector"), step="lesson-more", question=_("Which kind of assistance?")),
    ]
    observation: Annotated[
        str,
        Prose(
            label=_("What happened"),
            missing=_("Tell what happened."),
            step="lesson",
            question=_("What happened?"),
            hint=_("Say what went badly, too: that is what others learn most from."),
            rows=5,
            column="observation",
            tag="#description+observation",
        ),
    ]
    discussion: Annotated[
        str | None,
        Prose(
            label=_("Why"),
            step="lesson",
            question=_("Why did it happen?"),
            column="discussion",
            tag="#description+discussion",
        ),
    ]
    conclusion: Annotated[
        str | None,
        Prose(
            label=_("Conclusion"),
            step="lesson-more",
            question=_("What do you conclude?"),
            column="conclusion",
            tag="#description+conclusion",
        ),
    ]
    recommendation: Annotated[
        str,
        Prose(
            label=_("Recommendation"),
            missing=_("Tell what should be done differently, or again."),
            step="lesson",
            question=_("What should be done differently, or again?"),
            column="recommendation",
            tag="#description+recommendation",
        ),
    ]


class PeriodContent(TypedDict):
    """From and to, each to the day, month or year."""

    start: Annotated[str | None, Day(label=_("Period"), step="number-more", question=_("From which date?"))]
    end: Annotated[
        str | None,
        Day(
            label=_("Period"),
            step="number-more",
            question=_("To which date?"),
            hint=_("Year and month, such as 2011-05. A whole date is fine too."),
        ),
    ]


class ProposalContent(TypedDict):
    """An indicator that the catalogue does not have yet."""

    name: Annotated[
        str,
        Text(
            missing=_("Name what you measured."),
            step="proposal",
            question=_("Name"),
            hint=_("For example: Hot meals per person and day"),
        ),
    ]
    definition: Annotated[
        str,
        Prose(
            label=_("Proposed definition"),
            missing=_("Say exactly what is counted, from when to when."),
            step="proposal",
            question=_("What exactly is counted, from when to when?"),
        ),
    ]
    unit: Annotated[
        str,
        Text(
            most=60,
            missing=_("Enter the unit, such as persons or hours."),
            step="proposal",
            question=_("Unit"),
            hint=_("For example: persons, hours, meals"),
        ),
    ]
    direction: Annotated[
        str,
        Code(
            terms="directions",
            missing=_("Choose whether more or less of it is better."),
            step="proposal",
            question=_("Which is better?"),
            all_at_once=True,
        ),
    ]


class BenchmarkContent(TypedDict):
    """One measured value of an indicator."""

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
            question=_("Value"),
            step="number",
            hint=_("Digits, as you write numbers in this language. If a comma or point is unclear, we ask."),
            example="900",
            column="value",
            tag="#indicator+value+num",
        ),
    ]
    numerator: Annotated[
        str | None,
        Number(
            step="number",
            question=_("First number"),
            column="numerator",
            tag="#indicator+numerator+num",
        ),
    ]
    denominator: Annotated[
        str | None,
        Number(
            step="number",
            question=_("Second number"),
            column="denominator",
            tag="#indicator+denominator+num",
        ),
    ]
    how_known: Annotated[
        str,
        Code(
            terms="how_known",
            label=_("How it is known"),
            missing=_("Choose how this number is known."),
            step="number",
            question=_("How is this number known?"),
            all_at_once=True,
            hints={
                "measured": _("Counted or timed, and written down then."),
                "estimated": _("Worked out afterwards, or from a part of it."),
                "reported": _("From a report, a partner or an authority."),
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
            question=_("How exact is it?"),
            in_a_row=True,
            column="precision",
            tag="#indicator+precision",
        ),
    ]
    period: Annotated[PeriodContent | None, Part()]
    place: Annotated[
        str | None,
        Text(
            label=_("Place"),
            most=200,
            step="number-more",
            question=_("At which place?"),
            column="place",
            tag="#loc+name",
        ),
    ]
    mode: Annotated[
        str | None,
        Code(
            terms="modes",
            label=_("Mode of travel"),
            step="number-more",
            question=_("How did people travel?"),
            hint=_("Only values of the same way of travelling are compared."),
            column="mode",
            tag="#activity+mode",
        ),
    ]
    leg: Annotated[
        str | None,
        Text(
            label=_("Leg"),
            most=200,
            step="number-more",
            question=_("On which leg of the journey?"),
            hint=_("For example: Sebha to Zouarké"),
            column="leg",
            tag="#loc+leg",
        ),
    ]
    phase: Annotated[
        str,
        Code(
            terms="phases",
            label=_("When"),
            missing=_("Choose when it was: before, during or after the operation."),
            step="number-more",
            question=_("When was it?"),
            in_a_row=True,
            hint=_("Before, during or after the operation."),
            column="phase",
            tag="#activity+phase",
        ),
    ]
    stage: Annotated[
        str | None,
        Code(
            terms="stages",
            label=_("When"),
            step="number-more",
            question=_("At which stage?"),
            column="stage",
            tag="#activity+stage",
        ),
    ]
    target: Annotated[
        str | None,
        Number(
            label=_("Value planned"),
            step="number-more",
            question=_("Which value was planned or aimed at?"),
            column="target",
            tag="#indicator+target+num",
        ),
    ]
    baseline: Annotated[
        str | None,
        Number(
            label=_("Value before"),
            step="number-more",
            question=_("Which value was it before?"),
            column="baseline",
            tag="#indicator+baseline+num",
        ),
    ]
    unit: Annotated[
        str,
        Text(
            most=60,
            missing=_("Enter the unit of the value."),
            step="number-more",
            question=_("Unit of these numbers"),
            hint=_("Leave it as it is, or give one that can be converted, such as days for hours."),
            example="persons",
            column="unit",
            tag="#indicator+unit",
        ),
    ]
    source: Annotated[
        str | None,
        Prose(
            label=_("Source"),
            most=1000,
            rows=2,
            step="number-more",
            question=_("Where does the number come from?"),
            column="source",
            tag="#meta+source",
        ),
    ]
    remark: Annotated[
        str | None,
        Prose(
            label=_("Remark"),
            step="number-more",
            question=_("What else should others know about it?"),
            rows=3,
            column="remark",
            tag="#meta+remark",
        ),
    ]


class NoteContent(TypedDict):
    """An after-action note: one operation, its lessons and benchmarks."""

    operation: Annotated[OperationContent, Part(missing=_("Describe the operation."))]
    organisation: Annotated[
        str,
        Text(
            missing=_("Enter the name of your organisation."),
            step="operation",
            question=_("Your organisation"),
            suggestions="known-organisations",
            hint=_("Its usual name or abbreviation."),
        ),
    ]
    language: Annotated[
        str,
        Code(
            terms="languages",
            missing=_("Say in which language the note is written: en, fr, es or ar."),
            step="operation-more",
            question=_("Language of this note"),
        ),
    ]
    sharing: Annotated[
        str | None,
        Code(
            terms="sharing",
            default="green",
            step="sharing",
            question=_("Once approved, who may read it?"),
            all_at_once=True,
            hints={
                "clear": _("Published on the open web (TLP:CLEAR)."),
                "green": _("Organisations that read the library with their own account (TLP:GREEN)."),
                "amber": _(
                    "Organisations that the reviewers name, such as the partners in this operation (TLP:AMBER)."
                ),
                "amber_strict": _("Kept by the reviewers and editors, not published (TLP:AMBER+STRICT)."),
                "red": _("Read by those who review this note and by nobody else (TLP:RED)."),
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
            label=_("Consulted"),
            step="heard",
            question=_("Who was asked?"),
            hint=_("Tick all that were."),
        ),
    ]
    sources: Annotated[
        list[str],
        Several(
            of=Text(most=1000),
            most=50,
            label=_("Written sources"),
            step="heard",
            hint=_("Reports, minutes, web pages: one on each line."),
        ),
    ]
