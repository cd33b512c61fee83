"""What readers may know: tombstones and suggestions."""

from tests.outputs.comparing import Added, Became, Expected, Meant
from tests.outputs.expected.patterns import API, EVENTS

TOMBSTONES = (
    "A tombstone comes whatever was asked for, and tells when its reader lost it (decision 3)."
)
SUGGESTED = "Suggestions show only what their reader may read (decision 13)."
NOTE_VERSION = "A publication says which version of the note it shows (decision 13)."

READERS: tuple[Meant, ...] = (
    Expected(
        "/api/v1/entries_(indicator|kind|q)=",
        r'^[+]entries\[\](\.(position = \d+|reference = "(LL|BM)-2026-\d{4}"|state = "withdrawn"'
        r'|withdrawn_at = "<today>T<clock>"))?$',
        TOMBSTONES,
    ),
    Expected(
        r"/feeds/lessons\.json_q=convoy_lang=fr$",
        r'^[+]items\[\](\.(_register\.(position = \d+|reference = "LL-2026-\d{4}"'
        r'|state = "withdrawn"|withdrawn_at = "<today>T<clock>")|date_modified = "<today>T<clock>"'
        r'|(content_text|title) = "L’entrée LL-2026-\d{4} a été retirée"'
        r'|(id|url) = "<here>/library/entries/LL-2026-\d{4}"))?$',
        TOMBSTONES,
    ),
    Added(
        API,
        r"\\n\\nFilters choose among the entries that you may read\. A tombstone comes whatever"
        r" they are, save for `kind`: which tombstones you get must not tell what the entries"
        r" said\. Pass over those of entries that you never had\.",
        TOMBSTONES,
    ),
    Added(
        API,
        r"^components\.schemas\.Entry\.properties\.withdrawn_at\.description"
        r' = "When you lost sight of it"\n',
        TOMBSTONES,
    ),
    Expected("/intake/notes/new$", '^-<option value="Reception in Faya"> </option>$', SUGGESTED),
    Expected(
        "/organisations$|^acts/forms/organisation, then$",
        r'^[+]<p class="govuk-body"> (The name of a confirmed organisation is offered to everyone'
        r" who writes a note\.|يُقترح اسم المنظمة المؤكَّدة على كل من يكتب مذكرة\.) </p>$",
        SUGGESTED,
    ),
    Added(r"/events/review/.* entry\.published\.v1$", r"^data\.note_version = \d+\n", NOTE_VERSION),
    Became(
        EVENTS,
        r"(An item became an entry of the library\.) (Thin on purpose: .*)\"$",
        r"\1\\n\\n\2 `note_version` is the version of the note whose operation the entry shows;"
        r' older events do not say it."',
        NOTE_VERSION,
    ),
    Became(
        EVENTS,
        r"^(components\.messages\.entry\.published\.v1\..*schemas/Entry)\"$",
        r'\1Published"',
        NOTE_VERSION,
    ),
    Added(EVENTS, r"^components\.schemas\.EntryPublished\..*\n", NOTE_VERSION),
)
