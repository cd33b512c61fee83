"""Operations that are told apart, with their references and identifiers."""

from tests.outputs.comparing import Added, Became, Expected, Meant
from tests.outputs.expected.patterns import (
    API,
    END,
    EVENTS,
    NOTE_API,
    PAGES,
    ROW,
    TABLES,
    TITLES,
    VALUE,
)

OPERATIONS = "Operations have a reference and identifiers (decision 15)."
TWICE = "Two operations may have one title: their year or start stands beside it (decision 15)."
ALIKE = "Nobody reviews an operation that may be the one they worked on (decision 15)."
PART = r"(?:\w+(?:\[\])?\.)*"  # of the path to a value

OPERATIONS_TOLD_APART: tuple[Meant, ...] = (
    Added(
        PAGES,
        rf"^{ROW}(Operation reference|الرقم المرجعي للعملية){VALUE}OP-2026-\d{{4}}{END}\n",
        OPERATIONS,
    ),
    Added("", rf"^{PART}operation\.identifiers = \[\]\n", OPERATIONS),
    Added("", rf'^{PART}operation\.reference = ("OP-2026-\d{{4}}"|null)\n', OPERATIONS),
    Added(
        NOTE_API, r'^possible_operations(\[\] = "OP-2026-\d{4}"| = \[\])(\n|(?!.)\Z)', OPERATIONS
    ),
    Added(TABLES, r",identifiers,operation_reference$|,#crisis\+code,#crisis\+id$", OPERATIONS),
    Added(TABLES, r",,OP-2026-\d{4}$|(?<=,),,$", OPERATIONS),
    Added(
        r"/feeds/\w+\.xlsx",
        r", ('identifiers', 'operation_reference'|'', ('OP-2026-\d{4}'|''))\]$",
        OPERATIONS,
        "]",
    ),
    Added(
        API,
        r"^components\.schemas\.(Identifier|(NoteState|Received)\.properties\.possible_operations"
        r"|Operation\.properties\.(identifiers|reference))\..*\n",
        OPERATIONS,
    ),
    Added(
        EVENTS,
        r"^components\.(messages\.(note|entry)\.operation_changed\.v1|schemas\.(IdentifierContent"
        r"|NoteOperationChanged|Operation|OperationContent\.properties\.(identifiers|reference)))"
        r"\..*\n",
        OPERATIONS,
    ),
    Added(
        EVENTS,
        r"^(channels\.\w+\.0\.messages\.|operations\.send-\w+\.0\.messages\[\]\noperations\.)"
        r'.*operation_changed\.v1"\n',
        OPERATIONS,
    ),
    Expected(
        "^commands/lessons operations( joined| separate| tell)? help$",
        r"^-\(there is no such output\)$|^\+\(an output of \d+ lines\)$",
        OPERATIONS,
    ),
    Added(
        "^commands/lessons help$",
        "^  operations   Operations that several notes are about.\n",
        OPERATIONS,
    ),
    Added(
        "/library/benchmarks/",
        rf'^(<th class="govuk-table__header" dir="auto" scope="row"> (?:{TITLES})), 20\d\d',
        TWICE,
        r"\1",
    ),
    Added("/profile$", r" \(20\d\d(-\d\d)*, OP-2026-\d{4}\)(?= </label> </div>$)", TWICE),
    Became("/profile$", r"(note about one of these)\.", r"\1, or one that may be the same.", ALIKE),
    Became("/profile$", "(إحدى هذه العمليات)\\.", r"\1، ولا عن عملية قد تكون هي نفسها.", ALIKE),
    Added(
        "^acts/forms/note, operation-more$",
        r'^<div class="govuk-form-group">\n<label .*> Another number: its kind </label>\n(?:.*\n)*?'
        r'<input .* name="operation\.reference" type="text" value="">\n</div>\n',
        OPERATIONS,
    ),
)
