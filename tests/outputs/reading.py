"""Reads all that can be read: pages by their links, documents of the API, feeds, help, figures."""

import re
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import product
from urllib.parse import urljoin, urlsplit

from tests.outputs.collecting import LANGUAGES, Collection
from tests.outputs.visiting import Answer, Visitor

TOGETHER = 4  # as many as the front door answers
MOST_PAGES = 400  # for one reader in one language
LINK = re.compile(r'\b(?:href|src)="([^"]+)"')
OTHER_LANGUAGE = re.compile(r"^/(?:en|fr|es|ar)/|[?&]lang=")
DOCUMENT = re.compile(r"^/feeds/\w+\.")  # programs read them
TELLING_HEALTH = ("/readyz", "/pipeline", "/metrics")
NOBODY = "00000000-0000-4000-8000-000000000000"

UNLINKED = """
/ /privacy /nowhere /healthz /readyz /metrics /fr/library/ /ar/library/ /es/
/intake/notes/new /intake/receipts /intake/notes/aaaaaaaaaaaaaaaaaaaaaa /intake/notes/short
/review/cases /review/cases?state=all /review/cases?state=closed /review/cases?state=nonsense
/review/cases/{nobody} /review/organisations /review/people/{nobody}/profile
/library/ /library/feeds /library/benchmarks/ /library/benchmarks/nothing
/library/entries/LL-2026-9999 /library/?q=convoy /library/?q=nothing-at-all
/library/?q=LL-2026-0001 /library/?kind=benchmark&phase=after
/library/?sector=4&country=TCD /library/?country=Q
/library/?before=x /library/?before=9
"""  # pages that nobody may link to
OF_EACH_SERVICE = """
/ /healthz /readyz /metrics /events /sign-in /sign-in?next=/library/ /account /people /pipeline
/pipeline/parked/1/skip /pipeline/parked/1/retry /nowhere
/sign-in/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
"""
DOCUMENTS = """
/intake/api/v1/openapi.json /api/v1/openapi.json /api/v1/indicators /api/v1/nowhere /api/v1/entries
/api/v1/entries?limit=2 /api/v1/entries?kind=lesson&sector=4
/api/v1/entries?country=TCD&phase=during
/api/v1/entries?q=convoy /api/v1/entries?indicator=persons-received /api/v1/entries?nonsense=1
/api/v1/entries?limit=0&kind=x&since=y /api/v1/entries/LL-2026-9999
/intake/api/v1/notes /intake/api/v1/notes/AAN-2026-9999 /intake/api/v1/nowhere
/review/api/v1/cases /review/api/v1/cases?state=all /review/api/v1/cases?state=closed&limit=2
/review/api/v1/cases?state=x&limit=900&after=z /review/api/v1/cases/{nobody}
/intake/events /review/events
/feeds/benchmarks.pdf /feeds/lessons.json?q=convoy&lang=fr /feeds/lessons.atom?before=9
/feeds/benchmarks.json?sector=x&phase=y
"""
FEEDS = [
    f"/feeds/{name}.{extension}{query}"
    for name in ("benchmarks", "lessons")
    for extension in ("json", "atom", "csv", "hxl.csv", "xlsx")
    for query in ("", "?lang=ar&country=TCD")
]


def read_pages(found: Collection, when: str, languages: tuple[str, ...] = LANGUAGES) -> None:
    """Every page that each person can reach or name, in each language."""
    services = ("intake", "review")
    of_services = [f"/{name}{path}" for name in services for path in OF_EACH_SERVICE.split()]
    known = [*UNLINKED.format(nobody=NOBODY).split(), *of_services, *_with_ids(found)]

    def read(reader: tuple[str, str]) -> None:
        person, language = reader
        for path, answer in _walk(found, found.person(person, language), known):
            found.answer(f"{when}/pages/{person}/{language}{path}", answer)

    with ThreadPoolExecutor(TOGETHER) as threads:
        list(threads.map(read, product(("stranger", *found.accounts), languages)))


def _walk(found: Collection, visitor: Visitor, known: list[str]) -> Iterator[tuple[str, Answer]]:
    """The answers of all addresses, each once: what is known, and what it leads to."""
    waiting = deque(known)
    seen = {found.names.normal(path) for path in waiting}
    read = 0
    while waiting:
        path = waiting.popleft()
        if path.endswith(TELLING_HEALTH):
            found.wait_until_well()
        answer = visitor.get(path)
        read += 1
        if read > MOST_PAGES:
            raise SystemExit(f"More than {MOST_PAGES} pages, {path} among them.")
        yield path, answer
        links = LINK.findall(answer.text) if answer.kind == "text/html" else []
        for link in [*links, *filter(None, [answer.header("location")])]:
            target = _own(visitor.url, path, unescape(link))
            if target and found.names.normal(target) not in seen:
                seen.add(found.names.normal(target))
                waiting.append(target)


def _own(url: str, path: str, link: str) -> str | None:
    """The path of a link to a page of ours in the same language, without its fragment."""
    target = urlsplit(urljoin(url + path, link))
    if f"{target.scheme}://{target.netloc}" != url:
        return None
    own = target.path + (f"?{target.query}" if target.query else "")
    return None if OTHER_LANGUAGE.search(own) or DOCUMENT.search(own) else own


def _with_ids(found: Collection) -> list[str]:
    """The pages of what there is, whether anybody links to them or not."""
    pages = []
    for case in found.cases():
        note = found.programs["field"].get(f"/intake/api/v1/notes/{case['note']}")
        pages.append(f"/review/cases/{case['id']}")
        if note.status == 200:
            receipt = note.json()["receipt"]
            places = ("", "/check", "/write/operation/0")
            pages += [f"/intake/notes/{receipt}{place}" for place in places]
    pages += [f"/review/people/{account}/profile" for _path, account in found.accounts.values()]
    entries = found.programs["editor"].get("/api/v1/entries?limit=500").json()["entries"]
    return pages + [f"/library/entries/{entry['reference']}" for entry in entries]


def read_documents(found: Collection, when: str) -> None:
    """Everything that programs read, with each key and without one."""
    cases = found.cases()
    paths = [
        *DOCUMENTS.format(nobody=NOBODY).split(),
        *FEEDS,
        *(f"/review/api/v1/cases/{case['id']}" for case in cases),
    ]
    paths += [f"/intake/api/v1/notes/{case['note']}" for case in cases]
    listed = found.programs["editor"].get("/api/v1/entries?limit=500").json()["entries"]
    paths += [f"/api/v1/entries/{entry['reference']}" for entry in listed]
    everyone = {**found.programs, "a wrong key": Visitor(found.register.url, "llr.wrong.key")}

    def read(program: str) -> None:
        for path in paths:
            found.answer(f"{when}/documents/{program}{path}", everyone[program].get(path))

    with ThreadPoolExecutor(TOGETHER) as threads:
        list(threads.map(read, everyone))


def read_commands(found: Collection) -> None:
    """The help of every command."""
    for command, said in found.register.helps().items():
        found.keep(f"commands/{command} help", said)


def read_start(found: Collection) -> None:
    """What the start prints, and the document of the events."""
    found.keep("commands/up", found.register.said)
    found.keep("commands/events document", found.register.lessons("events", "document"))
    found.keep("commands/version", found.register.lessons("--version"))
