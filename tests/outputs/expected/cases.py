"""Cases with a version of their own."""

from tests.outputs.comparing import Added, Became, Expected, Meant
from tests.outputs.expected.patterns import API, CASE_API, CASES, ENTRIES, TOKEN

VERSION = "A case has a version of its own, which moves with every act (decision 17)."
REFUSED = "What the desk refuses is answered with the page that it was about (decision 17)."
ISOLATED = "Titles are isolated where the history of a case quotes them."
SCRIPT = r"/static/app\._hash_\.js$"

VERSIONS_OF_CASES: tuple[Meant, ...] = (
    Became(CASE_API, r"^history\[\]\.version = (\d)$", r"history[].note_version = \1", VERSION),
    Became(CASE_API, r"^(cases\[\]\.)?version = \d\n?", "", VERSION),
    Added(CASE_API, r"^(cases\[\]\.)?note_version = \d\n?", VERSION),
    Added(CASE_API, r"^((history|cases)\[\]\.)?version = 10\d\d\n?", VERSION),
    Expected(
        "^acts/decisions (again|of an older version)$",
        r'^-detail = "(تم البت في «Water ran out at noon» من قبل\.|أصبحت المذكرة في الإصدار 1؛)'
        r'|^[+]detail = "تغيّر الملف منذ الإصدار 100\d، وهو الآن في الإصدار 100\d\.'
        r' ما جرى منذ ذلك: .* اقرأه من جديد، وأرسل مع الإصدار الجديد ما لا يزال صحيحًا\."$',
        VERSION,
    ),
    Became(f"{CASES}|{ENTRIES}", f'({TOKEN}) <input name="version" [^>]+>', r"\1", VERSION),
    Added(
        f"{CASES}|{ENTRIES}",
        f'({TOKEN})<input name="version" type="hidden" value="10\\d\\d">',
        VERSION,
        r"\1",
    ),
    Became(
        ENTRIES,
        '^<h1 class="govuk-heading-l">(?= <span class="govuk-caption-l"><bdi>(LL|BM)-| (LL|BM)-)',
        '<h1 class="govuk-heading-l" id="version">',
        VERSION,
    ),
    Added(CASES, r' data-changed="10\d\d"(?= data-keep="case/)', VERSION),
    Became(
        CASES,
        '(<span dir="auto">corrected by the submitter)(?=</span>)',
        r"\1: version 2 of the note",
        VERSION,
    ),
    Added(
        API,
        r"^components\.schemas\.(Case|CaseSummary|Decisions|Indicator|OptionalReason|Reason"
        r"|Sharing)\.properties\.((note_)?version\.(description|example|default)"
        r"|note_version\.type|version\.type\[\]) = .*\n",
        VERSION,
    ),
    Became(
        API,
        "when the version is stale or an item has",
        "when more has been done to the case since that version or an item has",
        VERSION,
    ),
    Expected(
        SCRIPT,
        r"^[+](let\{|mark:n,version:r\}|=t\.elements;|at:.*version:r\?\.value,.*|mark:e,version:o.*"
        r"|let r=_.*|n\[c\.name\].*|r\.length&&e&&s.*dataset\.changed.*|for\(let c of r\).*"
        r'|let i=document\.querySelector\("\[data-restored\]"\);|r\.length&&i.*)$',
        VERSION,
    ),
    Expected(
        SCRIPT,
        r"^-(at:Date.*|mark:e,texts:o\}|let n=_.*|o\[i\.name\].*|n\.length&&e&&r.*|for\(let i of n"
        r'\).*|let s=document\.querySelector\("\[data-restored\]"\);|n\.length&&s.*)$',
        VERSION,
    ),
    Expected(  # the names that it gets when it is made small
        SCRIPT,
        r"^[-+](,[kv]=class extends y\{|if\(!\$\(\)\)throw new [kv][;}]|var [kv]=class t extends l"
        r'\{|[kv]\.moduleName="govuk-radios";|for\(let t of\[m,f,p,[kv],w,h\]\)L\(t\);)$',
        VERSION,
    ),
    Expected(
        "^acts/forms/assignment$",
        '^-<(title|h1 class="govuk-heading-l")> Reviewer, French, transport reviews this case '
        r'already\. |^-<p class="govuk-body"> (Go back with your browser: what you typed is still '
        r'there\.|<a class="govuk-link" href="/">Go to the start page</a>) </p>$',
        REFUSED,
    ),
    Expected("^acts/forms/assignment$", "^[+]<", REFUSED),  # as in “case of a reviewer”
    Became(
        "/(Editor|Reviewer[^/]*)/../review/cases/_id-1_$",
        '<a class="govuk-link" href="/">Go to the start page</a>',
        '<a class="govuk-link" href="/review/">The queue</a>',
        REFUSED,
    ),
    Became(
        "/(Editor|Reviewer[^/]*)/../review/cases/_id-1_$",
        '<a class="govuk-link" href="/">الانتقال إلى صفحة البداية</a>',
        '<a class="govuk-link" href="/review/">قائمة الملفات</a>',
        REFUSED,
    ),
    Became(
        "/ar/review/cases/",
        '(<span dir="auto">تم البت في «)([^»]+)»',
        "\\1\u2068\\2\u2069»",
        ISOLATED,
    ),
)
