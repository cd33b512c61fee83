"""The feeds, read by readers that nobody here wrote."""

import base64
import csv
import io
import sys
from decimal import Decimal

import feedparser
import hxl
import pytest
from python_calamine import CalamineWorkbook

from shared.platform.accounts import keys
from shared.platform.accounts.accounts import Account
from testbed.notes import make_benchmark, make_lesson, make_note
from testbed.world import YEAR, World, bad_fields

TABLES = ("csv", "hxl.csv", "xlsx")
FORMATS = ("json", "atom", *TABLES)


@pytest.fixture
def library(world: World) -> World:
    """Two lessons and two benchmarks for everyone, in two languages."""
    world.publish()
    arabic = make_note(
        operation__title="إجلاء من مصراتة",
        language="ar",
        lessons=[
            make_lesson(title="=cmd|' /C calc'!A0", observation="-1+1", recommendation="@SUM(1)")
        ],
        benchmarks=[
            make_benchmark(
                indicator="days-in-transit",
                value="2.5",
                unit="days",
                place="مصراتة",
                precision=None,
            )
        ],
    )
    world.publish(arabic)
    return world


def feed(world, path, **headers):
    return world.review.get(
        f"/feeds/{path}", headers={name.replace("_", "-"): v for name, v in headers.items()}
    )


def withdraw(world):
    world.call(
        "editor",
        "POST",
        f"/review/api/v1/entries/BM-{YEAR}-0001/withdrawal",
        {"reason": "Wrong place."},
    )
    world.carry()


def test_feedparser_reads_the_atom_feed_without_a_complaint(library: World):
    for name in ("benchmarks", "lessons"):
        read = feedparser.parse(feed(library, f"{name}.atom").data)

        assert not read.bozo
        assert len(read.entries) == 2
        assert read.entries[0].rights == "CC BY 4.0"
        assert read.entries[0].id.startswith("http://localhost/library/entries/")
        assert read.entries[0].author == "Chad Migration Support"


def test_the_json_feed_has_the_form_of_version_1_1(library: World):
    read = feed(library, "benchmarks.json")

    assert read.content_type.startswith("application/feed+json")
    assert read.json["version"] == "https://jsonfeed.org/version/1.1"
    assert {"title", "home_page_url", "feed_url", "items"} <= read.json.keys()
    newest = read.json["items"][0]
    assert newest["id"] == newest["url"] == f"http://localhost/library/entries/BM-{YEAR}-0002"
    assert newest["title"] == "Days in the transit centre: 2.5 days, مصراتة"
    assert newest["_register"]["benchmark"]["value"] == "2.5"
    assert newest["content_text"]


def test_libhxl_validates_the_hxl_file_with_its_default_schema(library: World):
    withdraw(library)
    source = hxl.data(
        io.BytesIO(feed(library, "benchmarks.hxl.csv").data), hxl.InputOptions(allow_local=True)
    )

    report = hxl.validate(source)

    assert report["is_valid"], report
    rows = list(
        hxl.data(
            io.BytesIO(feed(library, "benchmarks.hxl.csv").data), hxl.InputOptions(allow_local=True)
        )
    )
    assert [row.get("#status+code") for row in rows] == ["withdrawn", "published"]
    assert [row.get("#indicator+value+num") for row in rows] == [None, "2.5"]


def test_calamine_opens_the_workbook_and_finds_figures_as_numbers_and_no_formula(library: World):
    (sheet,) = [
        CalamineWorkbook.from_filelike(
            io.BytesIO(feed(library, "lessons.xlsx").data)
        ).get_sheet_by_index(0)
    ]
    heading, newest, _older = sheet.to_python()
    row = dict(zip(heading, newest, strict=True))
    assert row["title"] == "=cmd|' /C calc'!A0"
    figures = CalamineWorkbook.from_filelike(
        io.BytesIO(feed(library, "benchmarks.xlsx").data)
    ).get_sheet_by_index(0)
    values = dict(zip(*figures.to_python()[:2], strict=True))
    assert values["value"] == 2.5
    assert values["place"] == "مصراتة"


def test_no_cell_of_a_csv_starts_like_a_formula(library: World):
    for name in ("benchmarks.csv", "lessons.csv", "lessons.hxl.csv"):
        rows = list(csv.reader(io.StringIO(feed(library, name).data.decode("utf-8-sig"))))

        assert not [
            cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))
        ], name


def test_the_csv_for_spreadsheets_opens_with_its_accents_and_the_one_for_programs_without_a_mark(
    library: World,
):
    assert feed(library, "benchmarks.csv").data.startswith(b"\xef\xbb\xbfreference,")
    assert feed(library, "benchmarks.hxl.csv").data.startswith(b"reference,")


def test_all_formats_hold_the_same_entries(library: World):
    withdraw(library)
    table = list(
        csv.DictReader(io.StringIO(feed(library, "benchmarks.csv").data.decode("utf-8-sig")))
    )
    json_feed = feed(library, "benchmarks.json").json["items"]
    atom = feedparser.parse(feed(library, "benchmarks.atom").data)

    assert [(row["reference"], row["state"]) for row in table] == [
        (f"BM-{YEAR}-0001", "withdrawn"),
        (f"BM-{YEAR}-0002", "published"),
    ]
    assert [item["_register"]["reference"] for item in json_feed] == [
        f"BM-{YEAR}-0001",
        f"BM-{YEAR}-0002",
    ]
    assert json_feed[0]["title"] == f"BM-{YEAR}-0001 was withdrawn"
    assert [entry.id[-12:] for entry in atom.entries] == [f"BM-{YEAR}-0002"]
    assert (f'deleted-entry ref="http://localhost/library/entries/BM-{YEAR}-0001"') in feed(
        library, "benchmarks.atom"
    ).text
    assert Decimal(table[1]["value"]) == Decimal("2.5")


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_has_a_strong_etag_and_answers_304(library: World, extension):
    first = feed(library, f"benchmarks.{extension}")
    etag = first.headers["ETag"]

    assert first.status_code == 200
    assert not etag.startswith("W/")
    assert feed(library, f"benchmarks.{extension}", If_None_Match=etag).status_code == 304
    withdraw(library)
    assert feed(library, f"benchmarks.{extension}", If_None_Match=etag).status_code == 200


@pytest.mark.parametrize("extension", FORMATS)
def test_a_proxy_may_keep_only_what_is_for_anyone(library: World, extension):
    library.person("partner", "partner")
    path = f"/feeds/lessons.{extension}"

    for_anyone = library.review.get(path)
    by_key = library.call("partner", "GET", path)
    signed_in = library.sign_in("partner").get(path)

    assert for_anyone.headers["Cache-Control"] == "public, no-cache"
    assert by_key.headers["Cache-Control"] == "private, no-cache"
    assert signed_in.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie", "Accept-Language"} <= set(for_anyone.vary)


@pytest.mark.parametrize("extension", FORMATS)
def test_an_empty_feed_is_a_feed(world: World, extension):
    assert feed(world, f"lessons.{extension}").status_code == 200


def test_feeds_take_a_feed_key_by_basic_and_show_what_is_for_partners(world: World):
    world.person("holland", "partner", organisation="MSF Holland")
    world.publish(make_note(sharing="green"))
    with world.review_db.sessions.begin() as session:
        account = session.get_one(Account, world.ids["holland"])
        key = keys.make(session, account, label="reader", kind=keys.FEED).text

    def rows(**headers):
        return len(feed(world, "benchmarks.csv", **headers).data.splitlines()) - 1

    basic = base64.b64encode(f"anyone:{key}".encode()).decode()
    assert rows() == 0
    assert rows(Authorization=f"Basic {basic}") == 1
    assert rows(Authorization=f"Bearer {key}") == 1
    wrong = base64.b64encode(b"anyone:wrong").decode()
    assert feed(world, "benchmarks.csv", Authorization=f"Basic {wrong}").status_code == 401


def test_a_feed_key_can_do_nothing_but_read_feeds(world: World):
    world.person("partner editor", "editor")
    with world.review_db.sessions.begin() as session:
        account = session.get_one(Account, world.ids["partner editor"])
        world.keys["feed"] = keys.make(session, account, label="reader", kind=keys.FEED).text

    assert world.call("feed", "GET", "/api/v1/entries").status_code == 200
    assert world.call("feed", "GET", "/review/api/v1/cases").status_code == 401


def test_feeds_are_filtered_and_paged(world: World, monkeypatch):
    monkeypatch.setattr(sys.modules["services.review.library.api.feeds"], "PAGE", 1)
    world.publish(make_note(benchmarks=[make_benchmark(), make_benchmark(value="100")]))

    first = feed(world, "benchmarks.json").json
    second = world.review.get(first["next_url"]).json

    assert [
        item["_register"]["benchmark"]["value"] for item in first["items"] + second["items"]
    ] == ["100", "900"]
    assert "next_url" not in second
    assert feed(world, "benchmarks.json?country=ITA").json["items"] == []
    assert feed(world, "notes.json").status_code == 404
    assert feed(world, "benchmarks.pdf").status_code == 404


@pytest.mark.parametrize(
    ("query", "bad"),
    [
        ("country=XX", ["country"]),
        ("country=zz&sector=abc&phase=never", ["country", "phase", "sector"]),
        ("indicator=nope", ["indicator"]),
        ("before=x", ["before"]),
        ("q=%00", ["q"]),
    ],
)
def test_a_filter_that_means_nothing_is_named_as_in_the_api(library: World, query, bad):
    for extension in FORMATS:
        answer = feed(library, f"benchmarks.{extension}?{query}")

        assert (answer.status_code, bad_fields(answer)) == (422, bad)
        assert answer.content_type == "application/problem+json"


def test_a_wrong_filter_of_a_feed_says_how_to_mend_it(world: World):
    answer = feed(world, "benchmarks.json?country=XX&phase=never")
    unknown = feed(world, "benchmarks.json?indicator=nope")

    assert {error["field"]: error["detail"] for error in answer.json["errors"]} == {
        "country": "Give the country by its three letters in ISO 3166, such as TCD for Chad.",
        "phase": "Choose one of these: before, during, after.",
    }
    assert {error["field"]: error["detail"] for error in unknown.json["errors"]} == {
        "indicator": "The catalogue has no such indicator.",
    }


@pytest.mark.parametrize("extension", FORMATS)
def test_a_feed_takes_no_notice_of_what_its_reader_adds_to_the_address(library: World, extension):
    plain = feed(library, f"benchmarks.{extension}?country=TCD")
    more = feed(
        library, f"benchmarks.{extension}?utm_source=x&junk=%00&country=TCD&kind=lesson&page=2"
    )

    assert more.status_code == 200
    assert more.data == plain.data
    assert more.headers["ETag"] == plain.headers["ETag"]


def test_the_pages_of_a_feed_go_on_without_what_its_reader_adds(library: World, monkeypatch):
    monkeypatch.setattr(sys.modules["services.review.library.api.feeds"], "PAGE", 1)

    first = feed(library, "benchmarks.json?foo=1&country=TCD&lang=en").json

    assert first["feed_url"] == "http://localhost/feeds/benchmarks.json?country=TCD&lang=en"
    assert first["next_url"].startswith(
        "http://localhost/feeds/benchmarks.json?country=TCD&lang=en&before="
    )


@pytest.mark.parametrize(
    "query", ["country=TCD", "sector=", "lang=fr", "lang=xx", "q=+Faya+", "phase=during&sector=3"]
)
def test_a_feed_takes_every_filter_and_the_language(library: World, query):
    references = [
        item["_register"]["reference"]
        for item in feed(library, f"benchmarks.json?{query}").json["items"]
    ]

    assert f"BM-{YEAR}-0001" in references


def test_an_arabic_reader_gets_arabic_names(library: World):
    titles = [
        item["title"]
        for item in feed(library, "benchmarks.json", Accept_Language="ar").json["items"]
    ]

    assert titles[1] == "القدرة الاستيعابية لمركز العبور: حوالي 900 أشخاص, Faya-Largeau"
