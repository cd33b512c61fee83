"""What answers tell browsers and proxies beside their text: caching, protection, cookies."""

from dataclasses import replace
from http.cookies import SimpleCookie

import pytest

from services.intake.app import create_app as create_intake
from services.review.app import create_app as create_review
from shared.platform.accounts import sessions, sign_in
from shared.platform.accounts.accounts import Account
from testbed.world import World

PAGES = ["/intake/", "/library/", "/review/sign-in", "/intake/sign-in", "/library/nothing-here"]
FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "lessons.example.org"}


def open_(world, path, **options):
    client = world.intake if path.startswith("/intake") else world.review
    return client.get(path, **options)


def behind_https(world, service):
    """A browser at a register whose public address is https, behind a proxy."""
    create, database = {
        "intake": (create_intake, world.intake_db),
        "review": (create_review, world.review_db),
    }[service]
    https = replace(world._settings(service), public_url="https://lessons.example.org")
    return create(https, database).test_client()


def cookies_of(answer):
    """The attributes of each cookie that is set."""
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):
        for name, morsel in SimpleCookie(line).items():
            found[name] = {key: value for key, value in morsel.items() if value}
    return found


@pytest.mark.parametrize("path", PAGES)
def test_every_page_forbids_what_it_does_not_need_and_is_not_kept(world: World, path):
    headers = open_(world, path).headers

    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-cache"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/api/v1/entries", "/feeds/lessons.json", "/api/v1/openapi.json"])
def test_what_programs_read_is_protected_too(world: World, path):
    headers = open_(world, path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("service", ["intake", "review"])
def test_behind_https_a_browser_is_told_to_stay_there(world: World, service):
    headers = behind_https(world, service).get(f"/{service}/sign-in", headers=FORWARDED).headers

    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_apart_by_language_and_reader_and_says_its_language(world: World, path):
    answer = open_(world, path, headers={"Accept-Language": "fr"})

    assert set(answer.vary) >= {"Accept-Language", "Cookie"}
    assert answer.headers["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("editor", "/review/"),
        ("editor", "/library/"),
        ("field", "/intake/account"),
        ("field", "/intake/"),
    ],
)
def test_no_page_of_someone_signed_in_is_stored(world: World, name, path):
    assert world.sign_in(name).get(path).headers["Cache-Control"] == "no-store"


@pytest.fixture
def reference(world: World):
    """An entry that everyone may read."""
    world.person("partner", "partner", organisation="MSF")
    return world.publish()[0]


@pytest.mark.parametrize("path", ["/api/v1/entries", "/api/v1/entries/{}"])
def test_what_a_key_opens_is_kept_for_nobody_else(world: World, reference, path):
    path = path.format(reference)
    stranger, partner = world.call(None, "GET", path), world.call("partner", "GET", path)

    assert stranger.headers["Cache-Control"] == "public, no-cache"
    assert partner.headers["Cache-Control"] == "private, no-cache"
    assert "authorization" in stranger.vary
    assert "authorization" in partner.vary


@pytest.mark.parametrize("path", ["/api/v1/entries", "/api/v1/entries/{}"])
def test_the_api_answers_304_to_who_has_it_until_it_changes(world: World, reference, path):
    path = path.format(reference)
    etag = world.call(None, "GET", path).headers["ETag"]
    assert etag.startswith('"')
    assert world.call(None, "GET", path, If_None_Match=etag).status_code == 304

    reason = {"reason": "The camp was named."}
    world.call("editor", "POST", f"/review/api/v1/entries/{reference}/withdrawal", reason)
    world.carry()

    again = world.call(None, "GET", path, If_None_Match=etag)
    assert again.status_code == (410 if reference in path else 200)
    assert again.headers["ETag"] != etag


def test_a_tombstone_is_told_each_time(world: World, reference):
    path = f"/api/v1/entries/{reference}"
    reason = {"reason": "The camp was named."}
    world.call("editor", "POST", f"/review/api/v1/entries/{reference}/withdrawal", reason)
    world.carry()
    etag = world.call(None, "GET", path).headers["ETag"]

    assert world.call(None, "GET", path, If_None_Match=etag).status_code == 410


def test_feeds_are_kept_apart_by_key_cookie_and_language(world: World):
    vary = open_(world, "/feeds/lessons.json").vary

    assert set(vary) >= {"Authorization", "Cookie", "Accept-Language"}


def test_whoever_lacks_a_key_is_told_how_to_send_one(world: World):
    for path in ("/review/api/v1/cases", "/intake/api/v1/notes/AAN-2026-0001"):
        answer = world.call(None, "GET", path)

        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer, Basic realm="feeds"'


def signed_in(world, service, browser, **headers):
    """The answer to the button behind a sign-in link."""
    name, database = (
        ("field", world.intake_db) if service == "intake" else ("editor", world.review_db)
    )
    with database.sessions.begin() as session:
        token = sign_in.request_ticket(session, session.get_one(Account, world.ids[name])).token
    return browser.post(f"/{service}/sign-in/{token}", headers=headers)


@pytest.mark.parametrize("service", ["intake", "review"])
def test_the_cookie_of_a_session_is_hidden_from_scripts_and_other_sites(world: World, service):
    browser = world.intake if service == "intake" else world.review

    found = cookies_of(signed_in(world, service, browser))[f"lessons_{service}"]

    assert (found["httponly"], found["samesite"], found["path"]) == (True, "Lax", "/")
    assert found["max-age"] == "2592000"
    assert "secure" not in found


@pytest.mark.parametrize("service", ["intake", "review"])
def test_behind_https_the_cookie_of_a_session_is_secure_and_of_this_host_only(
    world: World, service
):
    browser = behind_https(world, service)

    found = cookies_of(signed_in(world, service, browser, **FORWARDED))

    (cookie,) = (name for name in found if "lessons" in name)
    assert cookie == f"__Host-lessons_{service}"
    assert (found[cookie]["secure"], found[cookie]["httponly"]) == (True, True)
    assert (found[cookie]["path"], found[cookie]["samesite"]) == ("/", "Lax")
    assert "domain" not in found[cookie]


def test_signing_out_takes_the_cookie_away_and_ends_the_session(world: World):
    browser = world.sign_in("editor")
    token = browser.get_cookie("lessons_review").value
    page = browser.get("/review/account").text
    form_token = page.split('name="form_token" value="')[1].split('"')[0]

    answer = browser.post("/review/sign-out", data={"form_token": form_token})

    assert cookies_of(answer)["lessons_review"]["max-age"] == "0"
    with world.review_db.readings() as session:
        assert sessions.find(session, token) is None


def test_a_language_that_was_asked_for_is_remembered_for_a_year_and_not_set_again(world: World):
    browser = world.review
    found = cookies_of(browser.get("/library/?lang=fr"))["lang"]

    assert (found["max-age"], found["samesite"], found["httponly"]) == ("31536000", "Lax", True)
    assert "secure" not in found
    assert cookies_of(browser.get("/library/?lang=fr")) == {}
    assert cookies_of(browser.get("/library/?lang=xx")) == {}


def test_behind_https_the_language_is_remembered_in_a_secure_cookie(world: World):
    answer = behind_https(world, "review").get("/library/?lang=fr", headers=FORWARDED)

    assert cookies_of(answer)["lang"]["secure"] is True
