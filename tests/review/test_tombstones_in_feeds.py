"""Every feed sends the tombstones of its kind, whatever it is asked."""

import csv
import io
import sys
from urllib.parse import urlencode

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from testbed.notes import make_note
from testbed.world import YEAR, World
from tests.review.desk import withdraw
from tests.review.taken_back import ASKED, HIDDEN, SHOWN, fill, narrow

TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
FORMATS = ("json", "atom", "csv", "hxl.csv", "xlsx")


@pytest.fixture
def library(world: World) -> World:
    fill(world)
    return world


def tombstones_in(feed, extension):
    """The references that a feed calls withdrawn, whichever format it has."""
    if extension == "json":
        items = [item["_register"] for item in feed.json["items"]]
        return [item["reference"] for item in items if item["state"] == "withdrawn"]
    if extension == "atom":
        nodes = etree.fromstring(feed.data).iter(f"{{{TOMBSTONES}}}deleted-entry")
        return [node.get("ref").rpartition("/")[2] for node in nodes]
    if extension == "xlsx":
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(feed.data))
        rows = workbook.get_sheet_by_index(0).to_python()
    else:
        rows = list(csv.reader(io.StringIO(feed.data.decode("utf-8-sig"))))
    return [row[0] for row in rows if row[2] == "withdrawn"]


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("take_back", [withdraw, narrow])
def test_every_feed_sends_all_tombstones_of_its_kind(library: World, take_back, extension):
    take_back(library, *HIDDEN)

    for asked in ASKED:
        for name, tombstone in (("lessons", HIDDEN[0]), ("benchmarks", HIDDEN[1])):
            feed = library.review.get(f"/feeds/{name}.{extension}?{urlencode(asked)}")
            assert tombstones_in(feed, extension) == [tombstone], (name, asked)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_pages_of_any_length_hold_each_tombstone_once_in_order(library, monkeypatch, length):
    monkeypatch.setattr(sys.modules["services.review.library.api.feeds"], "PAGE", length)
    library.publish(make_note(operation__title="Agadez again"))
    withdraw(library, SHOWN[0])
    library.publish(make_note(operation__title="Agadez, and again"))
    narrow(library, HIDDEN[0])

    found, address = [], "/feeds/lessons.json?q=Agadez"
    while address and len(found) < 10:
        page = library.review.get(address).json
        found += [item["_register"] for item in page["items"]]
        address = page.get("next_url")

    assert [(entry["reference"], entry["state"]) for entry in found] == [
        (HIDDEN[0], "withdrawn"),
        (f"LL-{YEAR}-0004", "published"),
        (SHOWN[0], "withdrawn"),
        (f"LL-{YEAR}-0003", "published"),
    ]
