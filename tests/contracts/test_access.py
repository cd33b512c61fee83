"""Every route says who may use it, and the guard holds to it."""

import pytest

from shared.platform.web.access import LIBRARY_ENDPOINTS, access_of
from testbed.notes import make_note
from testbed.world import World

# What anybody may use, signed in or not. A new public route must be put here on purpose.
PUBLIC = {
    "intake": {
        "api-docs.openapi_json",
        "health.healthz",
        "health.metrics",
        "health.readyz",
        "intake.start",
        "sign_in.demonstration",
        "sign_in.link_page",
        "sign_in.send_ticket",
        "sign_in.show",
        "sign_in.sign_out",
        "sign_in.use_code",
        "sign_in.use_link",
        "status.correct",
        "status.leave_contact",
        "status.receipts",
        "status.show",
        "write.begin",
        "write.keep",
        "write.keep_first",
        "write.remove",
        "write.review",
        "write.send",
        "write.show",
    },
    "review": {
        "api-docs.openapi_json",
        "feeds.feed",
        "front.door",
        "front.privacy",
        "health.healthz",
        "health.metrics",
        "health.readyz",
        "library.browse",
        "library.entry",
        "library.feeds",
        "library.indicator",
        "library.indicators",
        "library_api.list_entries",
        "library_api.list_indicators",
        "library_api.show_entry",
        "sign_in.demonstration",
        "sign_in.link_page",
        "sign_in.send_ticket",
        "sign_in.show",
        "sign_in.sign_out",
        "sign_in.use_code",
        "sign_in.use_link",
    },
}


def apps(world):
    return {"intake": world.intake_app, "review": world.review_app}


@pytest.mark.parametrize("service", ["intake", "review"])
def test_every_route_declares_who_may_use_it_or_is_listed_as_public(world: World, service):
    public, undeclared = set(), []
    for endpoint, view in apps(world)[service].view_functions.items():
        access = access_of(view)
        if endpoint in LIBRARY_ENDPOINTS or (access is not None and access.public):
            public.add(endpoint)
        elif access is None or not access.roles:
            undeclared.append(endpoint)

    assert undeclared == []
    assert public == PUBLIC[service]


@pytest.mark.parametrize("service", ["intake", "review"])
def test_a_stranger_gets_nowhere_but_to_the_public_routes(world: World, service):
    app = apps(world)[service]
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC[service]:
            continue
        values = {name: SAMPLES.get(name, "x") for name in rule.arguments}
        path = rule.build(values)[1]
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = app.test_client().open(path, method=method)
            is_program = "/api/" in path or path.endswith("/events")
            assert answer.status_code == (401 if is_program else 302), (method, path)


SAMPLES = {
    "reference": "LL-2026-0001",
    "delivery_id": "7d0f2b1c-8f5e-5d4e-9a53-2f8e5f6f2a11",
    "case_id": "7d0f2b1c-8f5e-5d4e-9a53-2f8e5f6f2a11",
    "item_id": "7d0f2b1c-8f5e-5d4e-9a53-2f8e5f6f2a11",
    "account_id": "7d0f2b1c-8f5e-5d4e-9a53-2f8e5f6f2a11",
    "organisation_id": "7d0f2b1c-8f5e-5d4e-9a53-2f8e5f6f2a11",
    "key_id": "7d0f2b1c-8f5e-5d4e-9a53-2f8e5f6f2a11",
    "parked_id": 7,
}


def test_a_view_that_declares_nothing_is_refused_to_everybody(world: World):
    world.review_app.add_url_rule("/forgotten", view_func=lambda: "secret")

    assert world.review.get("/forgotten").status_code == 403


@pytest.mark.parametrize(
    ("who", "method", "path"),
    [
        ("field", "GET", "/review/api/v1/cases"),
        ("editor", "POST", "/intake/api/v1/notes"),
    ],
)
def test_a_key_of_one_service_is_unknown_to_the_other(world: World, who, method, path):
    assert world.call(who, method, path, {}).status_code == 401


def test_a_partner_reads_and_decides_nothing(world: World):
    world.person("partner", "partner", organisation="MSF Holland")
    case = world.case_of(world.submit()["reference"])

    assert world.call("partner", "GET", "/review/api/v1/cases").status_code == 403
    assert world.call("partner", "GET", f"/review/api/v1/cases/{case['id']}").status_code == 403
    assert world.call("partner", "GET", "/api/v1/entries").status_code == 200


def test_a_form_without_its_token_changes_nothing(world: World):
    browser = world.sign_in("editor")
    case = world.case_of(world.submit()["reference"])

    answer = browser.post(f"/review/cases/{case['id']}/take")

    assert answer.status_code == 403
    assert world.case_of(case["note"])["reviewers"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_a_form_sent_by_another_site_is_refused(world: World, headers):
    answer = world.intake.post("/intake/notes/new", data={"operation.title": "x"}, headers=headers)

    assert answer.status_code == 403


def test_a_cookie_opens_no_api(world: World):
    browser = world.sign_in("editor")

    assert browser.get("/review/api/v1/cases").status_code == 401
    assert browser.get("/api/v1/entries").status_code == 200


def test_pages_forbid_what_they_do_not_need(world: World):
    headers = world.review.get("/library/").headers

    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_someone_signed_in_are_not_stored(world: World):
    assert world.sign_in("editor").get("/review/").headers["Cache-Control"] == "no-store"


def test_the_demonstration_doors_are_shut_outside_of_a_demonstration(world: World):
    path = f"/review/demonstration/{world.ids['editor']}"

    assert world.review.post(path).status_code == 404


def test_signing_in_leads_only_to_our_own_pages(world: World):
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"):
        page = world.review.get("/review/sign-in", query_string={"next": target}).text
        assert "evil" not in page.split("<main")[1]
        assert 'name="next"' not in page


def test_the_reporter_is_in_no_event(world: World):
    world.person("amina.diallo", "field", organisation="IOM")
    world.submit(make_note(), who="amina.diallo") if "amina.diallo" in world.keys else None
    from shared.platform.persistence.outbox import OutboxEvent

    with world.intake_db.readings() as session:
        recorded = str([row.data for row in session.query(OutboxEvent)])
    assert "amina" not in recorded
    assert str(world.ids["amina.diallo"]) not in recorded
