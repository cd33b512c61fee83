"""What follows from the declaration of a note's content."""

from tests.outputs.comparing import Added, Became, Expected, Meant
from tests.outputs.expected.patterns import END, PAGES, ROW, VALUE

PLAIN = "The declaration says what stands in people's own words; a code or a day stands as it is."
ORDER = "Rows and questions come in the order of the declaration."
CONTROLS = "The control of a question follows from what the declaration says of its field."
REPLACED = (
    "Another indicator can be chosen, and takes what was answered about the one before with it."
)
CODES = (
    "How it is known|Type|Kind|When|Sector|Countries|Dates|Information up to|Period|Mode of travel"
    "|Consulted|GLIDE number|كيف عُرف|النوع|متى|القطاع|البلدان|التواريخ|المعلومات حتى|الفترة"
    "|وسيلة السفر|من أُخذ رأيهم|رقم GLIDE"
)

CONTENT: tuple[Meant, ...] = (
    Became(PAGES, f"^({ROW}(?:{CODES}){VALUE})<bdi>(.+)</bdi>(?={END})", r"\1\2", PLAIN),
    Became(
        PAGES,
        f'^({ROW}(?:Countries|البلدان) </dt> <dd class="govuk-summary-list__value)'
        ' lr-written" dir="auto(?=">)',
        r"\1",
        PLAIN,
    ),
    Expected(
        "/intake/notes/|/review/cases/|/library/entries/",
        f"^[-+]{ROW}Proposed definition{VALUE}<bdi>Litres left in the tanks at noon.</bdi>{END}",
        ORDER,
    ),
    Became(
        "^acts/forms/note, operation-more$",
        r"^(<h2 .*> Dates and organisations </h2>\n)((?:.*\n)*?)"
        r'(<div class="govuk-form-group">\n<label .*> GLIDE number </label>\n.*\n.*\n</div>\n)'
        r'(<div class="govuk-form-group">\n<label .*> Places </label>\n.*\n.*\n</div>\n)'
        r'((?:.*\n)*?)(?=<button class="govuk-button")',
        r'\1\4\2\5<h2 class="govuk-heading-m"> Numbers by which others know the operation </h2>\n'
        r"\3",
        ORDER,
    ),
    Became(
        "^acts/forms/note, number-more$", 'dir="ltr" id="unit"', 'dir="auto" id="unit"', CONTROLS
    ),
    Became(
        "^acts/forms/note, partners$",
        r'^<div class="govuk-form-group"> (<label .*"(partners\.0\.(?:entry|exit)_criterion)">.*'
        r"</label>) <input [^>]*> </div>$",
        r'<div class="govuk-form-group">\n\1\n<textarea class="govuk-textarea" dir="auto" id="\2"'
        r' name="\2" rows="2"> </textarea>\n</div>',
        CONTROLS,
    ),
    Added(
        "^acts/forms/note, (indicator, then|number-more|unclear number)$",
        '( data-keep="<receipt of the form>/number(-more)?/0)/persons-received(?=")',
        REPLACED,
        r"\1",
    ),
    Added(
        "^acts/forms/note, (check|sharing, then)$",
        '<a class="[^"]+" href="/intake/notes/<receipt of the form>/write/indicator/0">Another'
        " indicator</a> · ",
        REPLACED,
    ),
)
