"""The web server, the jobs, and how templates and texts are laid out."""

from tests.outputs.comparing import Added, Became, Meant
from tests.outputs.expected.patterns import API, CASES, EVENTS, PAGES, TOKEN

SERVER = "Tornado serves instead of granian (decision 16)."
GIVEN_UP = "What was given up is shown, and jobs that fail are counted (decision 14)."
BESIDE = "The lists of suggestions stand after all fields of a page, not before."
SPACES = "Templates are wrapped: between two elements in one line there is a space."
WRAPPED = "Docstrings are wrapped at 100 columns, after a first sentence of its own."

SERVING: tuple[Meant, ...] = (
    Became("", "^server: granian\n", "", SERVER),
    Added(
        "/metrics$",
        r"^# (HELP|TYPE) lessons_(mails_given_up (gauge|Mails that were given up and wait for an"
        r" administrator)|jobs_failing (gauge|Jobs of the scheduler that failed when they were last"
        r' tried))\n|^lessons_(mails_given_up|jobs_failing){service="\w+"}\n?',
        GIVEN_UP,
    ),
    Added(
        "/pipeline$|^acts/forms/pipeline",
        '^<tr class="govuk-table__row">\n<th class="govuk-table__header" scope="row"> (Mails'
        " given up|رسائل جرى التخلي عنها) </th>\n"
        '<td class="govuk-table__cell govuk-table__cell--numeric">'
        " 0 </td>\n</tr>\n",
        GIVEN_UP,
    ),
    Became(
        "/intake/notes/new$|^acts/forms/note, empty$|/write/operation/0$",
        r'^(<datalist id="known-operations">\n(?:<option .*\n)*</datalist>\n)((?:.*\n)*?)'
        '(?=<datalist id="known-organisations">)',
        r"\2\1",
        BESIDE,
    ),
    Became(PAGES, '(<span class="govuk-caption-l">.*?</span>)(?=<span dir="auto")', r"\1 ", SPACES),
    Became(CASES, '(<span dir="auto">[^<]+</span>)(?=<br>)', r"\1 ", SPACES),
    Became(CASES, f'(/(?:take|release)".* {TOKEN})(?=<button|<input)', r"\1 ", SPACES),
    Became(
        CASES,
        '(<input name="account" type="hidden" value="[^"]+">)(<button class="lr-link-button">[^<]+)'
        '(<span class="govuk-visually-hidden">) ([^<]+</span>)(?=</button>)',
        r"\1 \2 \3\4 ",
        SPACES,
    ),
    Became(f"{API}|{EVENTS}", r"(?<!\\n)\\n(?!\\n)", " ", WRAPPED),
    Added(f"{API}|{EVENTS}", r"(?<!\\n)\\n(?!\\n)", WRAPPED, " "),
    Became(
        EVENTS,
        r"(A returned note came back as its next version\.|The catalogue has a new or changed"
        r" indicator\.|An editor vouches for an organisation\.) ",
        r"\1\\n\\n",
        WRAPPED,
    ),
    Became(
        "^commands/lessons (demo|events replay|people forget|upgrade) help$",
        r"(?<=\.) (Safe to|The register runs|The notes stay, without a trace|Also prepares the"
        r" broker\. Safe to)\s+([a-z][^\n]*\.)$",
        r"\n\n  \1 \2",
        WRAPPED,
    ),
)
