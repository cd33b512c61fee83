"""The library for feed readers: JSON Feed 1.1 and Atom (RFC 4287), with tombstones (RFC 6721 in
Atom).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _
from lxml import etree
from lxml.etree import _Element as Element

from services.review.library.model import Entry
from services.review.library.queries import Seen
from services.review.library.schemas.entries import (
    Catalogue,
    Site,
    figure_of,
    indicator_name,
    rights_of,
    shown,
    title_of,
)
from shared.domain import codelists
from shared.domain.content.fields import Prose
from shared.domain.content.parts import LessonContent
from shared.domain.content.schemas import fields_of

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
NAMESPACES: dict[str | None, str] = {None: ATOM, "at": TOMBSTONES}
XML = "http://www.w3.org/XML/1998/namespace"
# an empty feed must have been updated some time
BEFORE_THE_FIRST = datetime(2011, 11, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Feed:
    """What a feed is made of: one kind of entries, newest first, for one reader in one language.

    `epoch` names this life of the register and changes with a restore; `address` is where the feed
    was read, `next_address` where it goes on, None at its end.
    """

    kind: str
    seen: Sequence[Seen]
    catalogue: Catalogue
    site: Site
    language: str
    epoch: str
    address: str
    next_address: str | None

    @property
    def title(self) -> str:
        """The feed's name."""
        return (
            _("Lessons register: benchmarks")
            if self.kind == "benchmark"
            else _("Lessons register: lessons")
        )

    @property
    def updated(self) -> datetime:
        """When the newest of its entries last changed for this reader."""
        return max((one.changed_at for one in self.seen), default=BEFORE_THE_FIRST)


def as_json_feed(feed: Feed) -> dict[str, object]:
    """JSON Feed 1.1. `_register` holds each entry, or its tombstone, as the API gives it."""
    body: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{feed.site.public_url}/library/",
        "feed_url": feed.address,
        "language": feed.language,
        "_register": {"epoch": feed.epoch},
        "items": [_json_item(feed, one) for one in feed.seen],
    }
    return body | ({"next_url": feed.next_address} if feed.next_address else {})


def as_atom(feed: Feed) -> bytes:
    """Atom, paged as in RFC 5005 section 3."""
    # the stubs forget that None is the default name space
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=NAMESPACES)  # type: ignore[arg-type]
    root.set(f"{{{XML}}}lang", feed.language)
    _add(root, "title", feed.title)
    _add(root, "id", feed.address.partition("?")[0])
    _add(root, "updated", feed.updated.isoformat())
    _link(root, "self", feed.address, "application/atom+xml")
    _link(root, "alternate", f"{feed.site.public_url}/library/", "text/html")
    if feed.next_address:
        _link(root, "next", feed.next_address, "application/atom+xml")
    for one in feed.seen:
        if one.gone_at is None:
            _atom_entry(root, feed, one.entry)
        else:
            address = feed.site.address_of(one.entry.reference)
            etree.SubElement(
                root, f"{{{TOMBSTONES}}}deleted-entry", ref=address, when=one.gone_at.isoformat()
            )
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return written


def text_of(entry: Entry, catalogue: Catalogue, language: str) -> str:
    """What an entry says, as plain text for a reader that shows nothing else."""
    content = entry.content
    parts: list[str | None]
    if "title" in content:
        parts = [
            str(text)
            for name, field in fields_of(LessonContent).items()
            if isinstance(field, Prose) and (text := content.get(name))
        ]
    else:
        period = content.get("period")
        days = (period.get("start"), period.get("end")) if period else ()
        known = catalogue.get(entry.indicator or "")
        parts = [
            f"{indicator_name(entry, catalogue, language)}: {figure_of(entry, language)}",
            " – ".join(filter(None, days)),
            known.text("definition", language) if known else None,
            codelists.label("how_known", content["how_known"], language),
            content.get("source"),
            content.get("remark"),
        ]
    return "\n\n".join(filter(None, [entry.operation["title"], *parts]))


def _json_item(feed: Feed, one: Seen) -> dict[str, object]:
    entry, address = one.entry, feed.site.address_of(one.entry.reference)
    item: dict[str, object] = {
        "id": address,
        "url": address,
        "_register": shown(one, feed.catalogue, feed.site),
    }
    if one.gone_at is not None:
        withdrawn = _("%(reference)s was withdrawn", reference=entry.reference)
        return item | {
            "title": withdrawn,
            "content_text": withdrawn,
            "date_modified": one.gone_at.isoformat(),
        }
    return item | {
        "title": title_of(entry, feed.catalogue, feed.language),
        "content_text": text_of(entry, feed.catalogue, feed.language),
        "date_published": entry.published_at.isoformat(),
        "date_modified": entry.changed_at.isoformat(),
        "authors": [{"name": entry.organisation}],
        "language": entry.language,
        "tags": sorted(facet.value for facet in entry.facets),
    }


def _atom_entry(root: Element, feed: Feed, entry: Entry) -> None:
    node = etree.SubElement(root, f"{{{ATOM}}}entry")
    _add(node, "title", title_of(entry, feed.catalogue, feed.language))
    _add(node, "id", feed.site.address_of(entry.reference))
    _add(node, "published", entry.published_at.isoformat())
    _add(node, "updated", entry.changed_at.isoformat())
    author = etree.SubElement(node, f"{{{ATOM}}}author")
    _add(author, "name", entry.organisation)
    _link(node, "alternate", feed.site.address_of(entry.reference), "text/html")
    for facet in sorted(entry.facets, key=lambda facet: (facet.name, facet.value)):
        scheme = f"{feed.site.public_url}/library/{facet.name}"
        etree.SubElement(node, f"{{{ATOM}}}category", term=facet.value, scheme=scheme)
    _add(node, "rights", rights_of(entry, feed.site))
    content = _add(node, "content", text_of(entry, feed.catalogue, feed.language))
    content.set("type", "text")
    content.set(f"{{{XML}}}lang", entry.language if entry.kind == "lesson" else feed.language)


def _add(parent: Element, name: str, text: str) -> Element:
    node = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    node.text = text
    return node


def _link(parent: Element, relation: str, address: str, mimetype: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=relation, href=address, type=mimetype)
