"""The library for programs: positions, cursors, tombstones, and who sees what."""

from urllib.parse import quote

import pytest
from freezegun import freeze_time

from testbed.notes import approve, make_benchmark, make_lesson, make_note
from testbed.world import YEAR, World, bad_fields
from tests.review.desk import open_case

ACTS_ON_ENTRIES = ("/publication", "/sharing", "/withdrawal")
ENTRIES = "/api/v1/entries"


def read(world, who=None, query=""):
    return world.call(who, "GET", f"{ENTRIES}{query}").json


def seen(world, who=None, query=""):
    return [(entry["reference"], entry["state"]) for entry in read(world, who, query)["entries"]]


@pytest.fixture
def partners(world: World) -> World:
    """A partner of MSF Holland, one of another organisation, and a reviewer."""
    world.person("holland", "partner", organisation="MSF Holland")
    world.person("stranger", "partner", organisation="Someone Else")
    world.reviewer("reviewer", capacity=0)
    return world


def test_an_entry_tells_everything_once(world: World, both_backends):
    lesson, benchmark = world.publish()

    first, second = read(world)["entries"]

    assert (first["reference"], second["reference"]) == (lesson, benchmark)
    assert first["kind"] == "lesson"
    assert first["lesson"]["recommendation"] == (
        "Size transit centres on the convoys already on the road."
    )
    assert second["benchmark"]["value"] == "900"
    assert second["title"] == "Transit centre capacity: about 900 persons, Faya-Largeau"
    assert second["sectors"] == [1, 3]
    assert second["countries"] == ["LBY", "TCD"]
    assert second["state"] == "published"
    assert second["licence"] == {
        "name": "CC BY 4.0",
        "url": "https://creativecommons.org/licenses/by/4.0/",
    }
    assert second["url"] == f"http://localhost/library/entries/{benchmark}"
    assert second["citation"].startswith("Chad Migration Support (20")
    assert second["benchmark"]["entered"] is None
    assert second["partners"][0]["organisation"] == "MSF Holland"


def test_what_is_not_for_everyone_carries_no_licence_to_spread_it(world: World):
    lesson, _benchmark = world.publish(make_note(sharing="green"))

    entry = world.call("editor", "GET", f"/api/v1/entries/{lesson}").json

    assert entry["licence"] is None
    assert entry["citation"].endswith("TLP:GREEN, not for publication.")
    assert b"CC BY" not in world.call("editor", "GET", "/feeds/lessons.csv").data


def test_a_value_given_in_another_unit_is_shown_with_what_was_given(world: World):
    benchmark = make_benchmark(indicator="hours-to-registration", value="2", unit="days")
    (reference,) = world.publish(make_note(lessons=[], benchmarks=[benchmark]))
    shown = world.call(None, "GET", f"/api/v1/entries/{reference}").json["benchmark"]
    assert (shown["value"], shown["unit"], shown["entered"]) == (
        "48",
        "hours",
        {"value": "2", "unit": "days"},
    )


def test_an_entry_is_there_and_a_withdrawn_one_gone_before_the_relay_has_numbered_the_change(
    world: World,
):
    lesson, benchmark = world.publish()
    for reference, path, body in (
        (lesson, "withdrawal", {"reason": "x"}),
        (benchmark, "sharing", {"sharing": "green", "reason": "x"}),
    ):
        world.call("editor", "POST", f"/review/api/v1/entries/{reference}/{path}", body)

    gone = world.call("editor", "GET", f"/api/v1/entries/{lesson}")
    kept = world.call("editor", "GET", f"/api/v1/entries/{benchmark}")

    assert (gone.status_code, gone.json["position"]) == (410, None)
    assert (kept.status_code, kept.json["sharing"], kept.json["position"]) == (200, "green", None)


def test_the_catalogue_can_be_read_by_programs(world: World):
    listed = world.call(None, "GET", "/api/v1/indicators").json["indicators"]
    (capacity,) = [
        indicator for indicator in listed if indicator["code"] == "transit-centre-capacity"
    ]
    assert (capacity["unit"], capacity["name"]["fr"]) == (
        "persons",
        "Capacité du centre de transit",
    )


@pytest.mark.parametrize(
    "query",
    [
        "cuontry=TCD",
        "phase=never",
        "country=XXX",
        "indicator=nope",
        "sector=16",
        "limit=many",
        "kind=story",
        "since=x",
    ],
)
def test_a_filter_that_means_nothing_is_named_instead_of_answering_with_nothing(
    world: World, query
):
    answer = world.call(None, "GET", f"/api/v1/entries?{query}")
    assert (answer.status_code, bad_fields(answer)) == (422, [query.partition("=")[0]])


def test_references_count_by_kind_and_year(world: World):
    first, second = world.publish(), world.publish(make_note(sharing="green"))

    assert [reference[-4:] for reference in first + second] == ["0001", "0001", "0002", "0002"]
    assert [reference[:2] for reference in first] == ["LL", "BM"]


def test_pages_in_position_order_lose_nothing_and_repeat_nothing(world: World, both_backends):
    for number in range(3):
        world.publish(make_note(operation__title=f"Operation {number}"))

    found, cursor, pages = [], "", 0
    while True:
        page = read(world, query=f"?limit=4&since={cursor}")
        cursor = page["next"]
        if not page["entries"]:
            break
        found += [entry["position"] for entry in page["entries"]]
        pages += 1

    assert len(found) == 6
    assert found == sorted(set(found))
    assert pages == 2
    assert read(world, query=f"?since={cursor}")["next"]


def test_a_reader_who_comes_back_gets_only_what_is_new(world: World):
    world.publish()
    cursor = read(world)["next"]
    fresh = world.publish(make_note(operation__title="Another operation"))

    assert [reference for reference, _state in seen(world, query=f"?since={cursor}")] == fresh


def test_a_withdrawn_entry_comes_again_as_a_tombstone_at_its_new_position(
    world: World, both_backends
):
    lesson, _benchmark = world.publish()
    cursor = read(world)["next"]

    answer = world.call(
        "editor",
        "POST",
        f"/review/api/v1/entries/{lesson}/withdrawal",
        {"reason": "Someone was named."},
    )
    world.carry()

    assert answer.status_code == 200
    (tombstone,) = read(world, query=f"?since={cursor}")["entries"]
    assert sorted(tombstone) == ["position", "reference", "state", "withdrawn_at"]
    assert (tombstone["reference"], tombstone["state"]) == (lesson, "withdrawn")
    single = world.call(None, "GET", f"{ENTRIES}/{lesson}")
    assert (single.status_code, single.json["state"]) == (410, "withdrawn")
    assert world.review.get(f"/library/entries/{lesson}").status_code == 410
    item = world.call("field", "GET", f"/intake/api/v1/notes/AAN-{YEAR}-0001").json["items"][0]
    assert (item["state"], item["comment"]) == ("withdrawn", "Someone was named.")


def test_withdrawing_takes_an_editor_a_reason_and_works_once(partners: World):
    lesson, _benchmark = partners.publish()
    path = f"/review/api/v1/entries/{lesson}/withdrawal"

    assert partners.call("reviewer", "POST", path, {"reason": "x"}).status_code == 403
    assert partners.call(None, "POST", path, {"reason": "x"}).status_code == 401
    assert partners.call("editor", "POST", path, {}).status_code == 422
    assert partners.call("editor", "POST", path, {"reason": "x"}).status_code == 200
    assert partners.call("editor", "POST", path, {"reason": "x"}).status_code == 409
    assert (
        partners.call(
            "editor", "POST", "/review/api/v1/entries/LL-2026-9999/withdrawal", {"reason": "x"}
        ).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("sharing", "readers"),
    [
        ("clear", {None, "stranger", "holland", "reviewer"}),
        ("green", {"stranger", "holland", "reviewer"}),
        ("amber", {"holland", "reviewer"}),
    ],
)
def test_each_sharing_level_has_its_readers_and_the_others_get_nothing_at_all(
    partners: World, sharing, readers
):
    (reference, *_rest) = partners.publish(make_note(sharing=sharing))

    for who in (None, "stranger", "holland", "reviewer"):
        found = [entry for entry, _state in seen(partners, who)]
        assert (reference in found) is (who in readers), who
        expected = 200 if who in readers else 404
        assert partners.call(who, "GET", f"{ENTRIES}/{reference}").status_code == expected


def test_a_reader_who_loses_sight_gets_a_tombstone_and_one_who_never_saw_gets_nothing(
    partners: World,
):
    lesson, _benchmark = partners.publish(make_note(sharing="green"))
    cursors = {who: read(partners, who)["next"] for who in (None, "stranger", "holland")}
    body = {"sharing": "amber", "readers": ["MSF Holland"], "reason": "Asked for by the partner."}

    assert (
        partners.call(
            "editor", "POST", f"/review/api/v1/entries/{lesson}/sharing", body
        ).status_code
        == 200
    )
    partners.carry()

    assert seen(partners, "stranger", f"?since={cursors['stranger']}") == [(lesson, "withdrawn")]
    assert seen(partners, "holland", f"?since={cursors['holland']}") == [(lesson, "published")]
    assert seen(partners, None, f"?since={cursors[None]}") == []
    back = {"sharing": "clear", "readers": [], "reason": "Settled."}
    partners.call("editor", "POST", f"/review/api/v1/entries/{lesson}/sharing", back)
    partners.carry()
    assert seen(partners, "stranger", f"?since={cursors['stranger']}") == [(lesson, "published")]
    assert seen(partners, None, f"?since={cursors[None]}") == [(lesson, "published")]


def test_readers_at_amber_must_be_known_organisations(partners: World):
    lesson, _benchmark = partners.publish()
    body = {"sharing": "amber", "readers": ["Nobody at all"], "reason": "x"}

    answer = partners.call("editor", "POST", f"/review/api/v1/entries/{lesson}/sharing", body)

    assert answer.status_code == 422
    assert "Nobody at all" in answer.json["errors"][0]["detail"]


def test_an_unchanged_page_answers_304_and_a_changed_one_does_not(world: World):
    world.publish()
    first = world.call(None, "GET", ENTRIES)
    etag = first.headers["ETag"]

    assert not etag.startswith("W/")
    assert world.call(None, "GET", ENTRIES, If_None_Match=etag).status_code == 304
    world.publish(make_note(operation__title="Another"))
    assert world.call(None, "GET", ENTRIES, If_None_Match=etag).status_code == 200


def test_a_compressed_answer_has_an_etag_of_its_own_that_also_answers_304(world: World):
    world.publish()
    first = world.call(None, "GET", ENTRIES, Accept_Encoding="gzip")

    assert first.headers["Content-Encoding"] == "gzip"
    again = world.call(
        None, "GET", ENTRIES, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"]
    )
    assert again.status_code == 304


def test_a_proxy_may_keep_only_what_is_for_anyone(partners: World):
    lesson, _benchmark = partners.publish()

    for path in (ENTRIES, f"{ENTRIES}/{lesson}", "/api/v1/indicators"):
        for_anyone, by_key = partners.call(None, "GET", path), partners.call("holland", "GET", path)
        assert for_anyone.headers["Cache-Control"] == "public, no-cache", path
        assert by_key.headers["Cache-Control"] == "private, no-cache", path
        assert "Authorization" in for_anyone.vary, path


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=501", "limit=x", "kind=note", "q=%00", "sector=" + "1" * 50]
)
def test_a_bad_query_is_named(world: World, query):
    answer = world.call(None, "GET", f"{ENTRIES}?{query}")

    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == query.split("=")[0]


@freeze_time("2026-11-02")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("kind=lesson", 1),
        ("kind=benchmark", 2),
        ("indicator=days-in-transit", 1),
        ("sector=2", 1),
        ("sector=3", 2),
        ("country=TCD", 3),
        ("country=ITA", 0),
        ("phase=after", 1),
        ("q=convoys", 1),
        ("q=FAYA+largeau", 3),
        ("q=transit+centre+capacity", 1),
        ("q=capacité", 1),
        ("q=nowhere", 0),
        ("q=%25", 0),
        ("q=TCD", 3),
        ("q=Libye", 3),
        ("q=msf", 3),
        ("q=ll-2026-0001", 1),
    ],
)
def test_entries_are_found_by_what_they_are_about(world: World, query, count):
    note = make_note(
        lessons=[make_lesson(sector=2, phase="after")],
        benchmarks=[
            make_benchmark(),
            make_benchmark(indicator="days-in-transit", unit="days", value="3"),
        ],
    )
    world.publish(note)

    assert len(seen(world, query=f"?{query}")) == count


def test_an_entry_without_a_position_yet_is_not_listed_and_comes_once_it_has_one(world: World):
    case = world.case_of(world.submit()["reference"])
    body = {"version": case["version"], "decisions": [approve(case["items"][0])]}
    world.call("editor", "POST", f"/review/api/v1/cases/{case['id']}/decisions", body)

    page = read(world)
    assert page["entries"] == []
    world.carry()
    assert len(seen(world, query=f"?since={page['next']}")) == 1


def test_unknown_keys_are_refused_even_where_no_key_is_needed(world: World):
    world.keys["wrong"] = "llr.aaaaaaaa.bbbbbbbb"

    assert world.call("wrong", "GET", ENTRIES).status_code == 401


@pytest.mark.parametrize("written", ["ll-{}", "LL–{}.", " LL - {} ", "ＬＬ‑{}"])
def test_an_entry_is_found_by_its_reference_however_it_is_written(world: World, written):
    (reference,) = world.publish(make_note(benchmarks=[]))
    typed = quote(written.format(reference.removeprefix("LL-")))

    assert world.review.get(f"/library/entries/{typed}").status_code == 200
    assert world.review.get(f"/api/v1/entries/{typed}").json["reference"] == reference
    found = world.review.get(f"/api/v1/entries?q={typed}").json["entries"]
    assert [entry["reference"] for entry in found] == [reference]
    assert world.review.get("/library/entries/LL-2026").status_code == 404


def test_an_entry_that_an_act_answers_with_has_no_position_yet_and_the_library_gives_it(
    world: World,
):
    case = open_case(world)
    lesson, benchmark = case["items"]
    assert world.decide(case, [approve(lesson), approve(benchmark)], sensitive=True).json
    path, why = f"/review/api/v1/cases/{case['id']}/items/{lesson['id']}", {"reason": "Agreed."}
    published = world.call("editor", "POST", f"{path}/publication", why)
    reference = published.json["reference"]
    entry = f"/review/api/v1/entries/{reference}"
    shared = world.call("editor", "POST", f"{entry}/sharing", {**why, "sharing": "green"})
    withdrawn = world.call("editor", "POST", f"{entry}/withdrawal", why)

    answers = [answer.json for answer in (published, shared, withdrawn)]
    assert [answer["state"] for answer in answers] == ["published", "published", "withdrawn"]
    assert all("position" not in answer for answer in answers)
    assert answers[0]["title"] == answers[1]["title"] == lesson["title"]
    assert sorted(answers[2]) == ["reference", "state", "withdrawn_at"]
    world.carry()
    shown = world.call("editor", "GET", f"/api/v1/entries/{reference}")
    assert (shown.status_code, shown.json["position"] > 0) == (410, True)


def test_the_document_says_that_an_act_answers_without_a_position(world: World):
    document = world.call(None, "GET", "/api/v1/openapi.json").json
    schemas = document["components"]["schemas"]
    acts = [path for path in document["paths"] if path.endswith(ACTS_ON_ENTRIES)]
    assert len(acts) == 3
    for path in acts:
        act = document["paths"][path]["post"]
        schema = act["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        assert "position" not in schemas[schema.rpartition("/")[2]]["properties"]
        assert "read that from the library" in " ".join(act["description"].split())
    assert "position" in schemas["Entry"]["properties"]
