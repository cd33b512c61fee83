"""Where differences stand: names of outputs, and the parts of a page that they share."""

CASES = "/review/cases/|^acts/forms/"
ENTRIES = "/library/entries/|^acts/forms/"
PAGES = f"/intake/notes/|{CASES}|{ENTRIES}"
CASE_API = "/review/api/v1/cases|^acts/(case|decisions|indicator)"
NOTE_API = "/intake/api/v1/notes/|^acts/(another |second )?(note|correction)"
API = r"/openapi\.json$"
EVENTS = "^commands/events document$"
TABLES = r"/feeds/\w+\.(hxl\.)?csv"

ROW = '<div class="govuk-summary-list__row"> <dt class="govuk-summary-list__key"> '
VALUE = ' </dt> <dd class="govuk-summary-list__value"> '
END = " </dd> </div>$"
TOKEN = '<input name="form_token" type="hidden" value="<hash>">'
TITLES = (
    "Camp coordination after the earthquake in Haiti|Evacuation from Bangui to N'Djamena by air"
    "|Evacuation from Misrata to Benghazi by sea|Return of migrants from Libya to Chad"
    "|Praesidium, reception of mixed migration flows by sea in southern Italy"
)
