"""The server says of a sending that it is stored, and only of what is."""

import re

import pytest

from testbed.world import World
from tests.intake.officer import NEW, OPERATION


def arrived(answer):
    return [
        cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("arrived=")
    ]


def test_what_was_stored_is_named_for_ten_minutes_to_the_script(world: World):
    answer = world.intake.post(NEW, data={**OPERATION, "sending": "m1x2y3"})

    assert answer.status_code == 302
    assert [re.sub("Expires=[^;]*; ", "", cookie) for cookie in arrived(answer)] == [
        "arrived=m1x2y3; Max-Age=600; Path=/; SameSite=Lax"
    ]


def test_answers_that_are_stored_though_wrong_have_arrived(world: World):
    answer = world.intake.post(NEW, data={"operation.title": "", "sending": "m1x2y3"})

    assert (answer.status_code, len(arrived(answer))) == (422, 1)


def test_behind_https_the_cookie_is_secure(world: World):
    answer = world.intake.post(
        NEW, data={**OPERATION, "sending": "m1x2y3"}, base_url="https://localhost"
    )

    assert "Secure" in arrived(answer)[0]


@pytest.mark.parametrize("sending", [None, "", "a b", "a" * 41, "é", "a;b"])
def test_a_sending_without_a_proper_name_is_not_named(world: World, sending):
    answer = world.intake.post(
        NEW, data={**OPERATION, **({"sending": sending} if sending is not None else {})}
    )

    assert (answer.status_code, arrived(answer)) == (302, [])


def test_who_is_sent_to_sign_in_has_stored_nothing(world: World):
    case = world.case_of(world.submit()["reference"])

    answer = world.review.post(f"/review/cases/{case['id']}", data={"sending": "m1x2y3"})

    assert "/sign-in" in answer.headers["Location"]
    assert arrived(answer) == []


def test_decisions_that_are_refused_have_not_arrived(world: World):
    case = world.case_of(world.submit()["reference"])
    reviewer = world.sign_in("editor")
    token = reviewer.get("/review/account").text.split('name="form_token" value="')[1].split('"')[0]

    data = {"form_token": token, "sending": "m1x2y3", "version": case["version"]}
    answer = reviewer.post(f"/review/cases/{case['id']}", data=data)

    assert (answer.status_code, arrived(answer)) == (422, [])


def test_beside_an_error_of_another_form_the_decisions_still_go_to_the_case(world: World):
    case = world.case_of(world.submit()["reference"])
    path = f"/review/cases/{case['id']}"
    editor = world.sign_in("editor")
    token = editor.get("/review/account").text.split('name="form_token" value="')[1].split('"')[0]

    data = {"form_token": token, "version": case["version"]}
    answer = editor.post(f"{path}/items/{case['items'][0]['id']}/indicator", data=data)

    assert (answer.status_code, "proposes no indicator" in answer.text) == (409, True)
    (form,) = re.findall(r"<form[^>]*data-keep[^>]*>", answer.text)
    assert f'action="{path}"' in form
    assert "data-answered" not in form
