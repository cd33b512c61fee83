"""The field form, step by step, as a browser without scripts sends it."""

import re

import pytest

from tests.world import World, approve

NEW = "/intake/notes/new"
OPERATION = {
    "operation.title": "Retour de migrants de Libye au Tchad",
    "operation.type": "evacuation",
    "operation.countries.0.code": "TCD",
    "operation.started_on": "3/2011",
    "organisation": "MSF Holland",
}
LESSON = {
    "observation": "Près de 4 000 personnes attendaient. Le centre en accueillait 900.",
    "discussion": "Les convois étaient déjà en route.",
    "recommendation": "Dimensionner les centres sur les convois.",
}


class Officer:
    """Someone at a browser in French, who writes a note."""

    def __init__(self, world: World, language: str = "fr", name: str | None = None):
        self.world = world
        self.browser = world.sign_in(name) if name else world.intake
        self.browser.set_cookie("lang", language)
        self.language = language
        self.receipt = None
        self.page = ""

    def post(self, path, answers):
        token = re.search(r'name="form_token" value="(\w+)"', self.page)
        sent = {**answers, **({"form_token": token.group(1)} if token else {})}
        answer = self.browser.post(path, data=sent)
        if answer.status_code == 302:
            found = re.search(r"/notes/([\w-]{22})", answer.headers["Location"])
            self.receipt = found.group(1) if found else self.receipt
            self.open(answer.headers["Location"])
        else:
            self.page = answer.text
        return answer

    def open(self, path):
        answer = self.browser.get(path)
        self.page = answer.text
        return answer

    def step(self, name, at=0, **answers):
        path = f"/intake/notes/{self.receipt}/write/{name}/{at}"
        self.open(path)
        return self.post(path, answers)

    def begin(self, **changes):
        self.open(NEW)
        return self.post(NEW, {**OPERATION, **changes})

    def send(self):
        return self.post(f"/intake/notes/{self.receipt}/check", {})

    @property
    def errors(self):
        """The messages of the error summary, with the field each leads to."""
        summary = re.search(r"govuk-error-summary__list.*?</ul>", self.page, re.S)
        return dict(re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)<', summary.group(0))) if summary else {}

    def heading(self):
        heading = re.search(r"<h1.*?</h1>", self.page, re.S).group(0)
        return re.sub(r"<span.*?</span>|<[^>]+>", "", heading).strip()


def write_short_note(officer: Officer):
    officer.begin()
    officer.step("lesson", **LESSON)
    officer.step("indicator", indicator="transit-centre-capacity")
    officer.step("number", value="36,5" if officer.language == "fr" else "36.5", how_known="reported")
    officer.step("sharing", sharing="clear")


def note_of(world, who="field"):
    from sqlalchemy import select

    from services.intake.model import Note

    with world.intake_db.readings() as session:
        note = session.scalars(select(Note).order_by(Note.number.desc())).first()
        return note.state, note.content, note.draft


def test_twelve_answers_make_a_note(world: World, both_backends):
    officer = Officer(world)
    asked = 0
    officer.open(NEW)
    asked += len(re.findall(r"<(?:input class=\"govuk-input|textarea|select)", officer.page))
    write_short_note(officer)

    answer = officer.send()
    world.carry()

    assert answer.status_code == 302
    state, content, draft = note_of(world)
    assert (state, draft) == ("submitted", None)
    assert content["operation"]["started_on"] == "2011-03"
    assert content["language"] == "fr"
    assert content["lessons"][0]["title"] == "Près de 4 000 personnes attendaient"
    assert content["lessons"][0]["kind"] == "lesson"
    assert (content["benchmarks"][0]["value"], content["benchmarks"][0]["unit"]) == ("36.5", "persons")
    assert asked == 5
    assert world.case_of("AAN-2026-0001")["title"] == "Retour de migrants de Libye au Tchad"


def test_the_short_path_asks_at_most_twelve_things(world: World):
    officer, asked = Officer(world), 0
    for name in ("operation", "lesson", "indicator", "number", "sharing"):
        if name == "operation":
            officer.open(NEW)
        else:
            officer.open(f"/intake/notes/{officer.receipt}/write/{name}/0")
        form = re.sub(r"<details.*?</details>", "", officer.page.split("data-keep=")[1].split("</form>")[0], flags=re.S)
        asked += len(set(re.findall(r'<(?:input|textarea|select)[^>]* name="([\w.]+)"', form)) - {"form_token"})
        if name == "operation":
            officer.begin()
        if name == "indicator":
            officer.step("indicator", indicator="persons-received")

    assert asked == 12


def test_wrong_answers_are_named_kept_and_stored_as_a_draft(world: World):
    officer = Officer(world, "en")

    answer = officer.begin(**{"operation.title": "", "operation.started_on": "sometime", "operation.type": ""})

    assert answer.status_code == 422
    assert officer.errors == {
        "#operation.title": "Enter the title of the operation, such as “Return of migrants from Libya to Chad”.",
        "#operation.type": "Choose the type of operation.",
        "#operation.started_on": (
            "Write the date as year, month and day (2011-03-09), year and month (2011-03) or year (2011)."
        ),
    }
    assert 'value="sometime"' in officer.page
    assert "<title>Error:" in officer.page
    _state, _content, draft = note_of(world)
    assert draft["operation"]["started_on"] == "sometime"


def test_the_same_words_stand_in_the_form_and_in_the_api(world: World):
    from tests.world import make_note

    officer = Officer(world, "en")
    officer.begin(**{"operation.title": ""})
    answer = world.call("field", "POST", "/intake/api/v1/notes", make_note(operation__title=""), Idempotency_Key="k")

    assert officer.errors["#operation.title"] == answer.json["errors"][0]["detail"]


def test_a_draft_goes_on_where_it_was_left_by_its_receipt(world: World):
    officer = Officer(world)
    officer.begin()
    officer.step("lesson", **LESSON)
    other = Officer(world)

    other.post("/intake/receipts", {"receipt": f"  {officer.receipt} "})

    assert officer.receipt in other.page
    other.open(f"/intake/notes/{officer.receipt}/write/lesson/0")
    assert LESSON["observation"] in other.page


def test_an_unclear_number_is_asked_back_and_never_guessed(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="transit-centre-capacity")

    answer = officer.step("number", value="36,5", how_known="measured")

    assert answer.status_code == 422
    assert officer.errors == {"#value": "Did you mean 36.5? Then write it that way."}
    assert 'value="36,5"' in officer.page
    officer.step("sharing", sharing="clear")
    assert officer.send().status_code == 422
    assert "Did you mean 36.5?" in str(officer.errors)
    assert note_of(world)[1] is None
    officer.step("number", value="36.5", how_known="measured")
    assert officer.send().status_code == 302


def test_a_number_typed_in_one_language_is_shown_in_another_as_the_same_number(world: World):
    officer = Officer(world, "fr")
    officer.begin()
    officer.step("indicator", indicator="transit-centre-capacity")
    officer.step("number", value="36,5", how_known="measured")

    officer.browser.set_cookie("lang", "en")
    officer.open(f"/intake/notes/{officer.receipt}/write/number/0")

    assert 'value="36.5"' in officer.page


def test_two_numbers_can_stand_for_a_share(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="transit-demand-share")
    officer.step("number", numerator="4,000", denominator="900", how_known="reported")
    officer.step("sharing", sharing="clear")

    assert officer.send().status_code == 302
    assert note_of(world)[1]["benchmarks"][0]["value"] == "444.4"


def test_an_indicator_that_is_missing_can_be_proposed(world: World):
    officer = Officer(world, "en")
    officer.begin()
    officer.step("indicator", indicator="propose")
    assert officer.heading() == "What did you measure?"
    answer = officer.step("proposal", **{"proposed.name": "Hot meals"})
    assert answer.status_code == 422
    assert "#proposed.unit" in officer.errors
    proposal = {"definition": "Meals served", "unit": "meals", "direction": "higher", "name": "Hot meals"}
    officer.step("proposal", **{f"proposed.{name}": text for name, text in proposal.items()})
    assert officer.heading() == "Hot meals"
    officer.step("number", value="3", how_known="estimated")
    officer.step("sharing", sharing="green")

    assert officer.send().status_code == 302
    assert note_of(world)[1]["benchmarks"][0]["proposed"]["name"] == "Hot meals"


def test_a_note_may_have_only_a_number_or_only_a_lesson_but_not_nothing(world: World):
    only_number, only_lesson, nothing = Officer(world, "en"), Officer(world, "en"), Officer(world, "en")
    for officer, with_lesson, with_number in ((only_number, 0, 1), (only_lesson, 1, 0), (nothing, 0, 0)):
        officer.begin()
        officer.step("lesson", **(LESSON if with_lesson else {}))
        officer.step("indicator", indicator="persons-received" if with_number else "none")
        if with_number:
            officer.step("number", value="5", how_known="measured")
        officer.step("sharing", sharing="clear")

    assert only_number.send().status_code == 302
    assert only_lesson.send().status_code == 302
    assert nothing.send().status_code == 422
    assert "Add at least one lesson or one benchmark." in nothing.errors.values()


def test_lessons_and_numbers_are_added_and_removed(world: World):
    officer = Officer(world, "en")
    write_short_note(officer)
    officer.step("number", value="36.5", how_known="reported")
    officer.step("lesson", 1, **{**LESSON, "observation": "A second thing happened."})
    officer.step("indicator", 1, indicator="persons-received")
    officer.step("number", 1, value="90,000", how_known="reported")
    officer.post(f"/intake/notes/{officer.receipt}/remove/lessons/0", {})
    officer.post(f"/intake/notes/{officer.receipt}/remove/benchmarks/0", {})

    assert officer.send().status_code == 302
    content = note_of(world)[1]
    assert [lesson["title"] for lesson in content["lessons"]] == ["A second thing happened"]
    assert [benchmark["value"] for benchmark in content["benchmarks"]] == ["90000"]


def test_optional_answers_are_added_from_the_check_page(world: World):
    officer = Officer(world, "en")
    write_short_note(officer)
    officer.step("number", value="900", how_known="reported")
    countries = {"operation.countries.0.code": "TCD", "operation.countries.0.role": "destination"}
    more = {"operation.countries.1.code": "LBY", "operation.places": "Faya\n\n Kalait ", "operation.glide": "x"}
    answer = officer.step("operation-more", **countries, **more)
    assert (answer.status_code, list(officer.errors)) == (422, ["#operation.glide"])
    officer.step("operation-more", **countries, **{**more, "operation.glide": "OT-2011-000025-LBY"})
    officer.step("lesson-more", title="A title", kind="challenge", phase="before", sector="3")
    officer.step("number-more", precision="about", **{"period.start": "5/2011"}, place="Faya", target="1000")
    officer.step("heard", heard_from=["staff", "affected_people"], sources="One\nTwo")
    officer.step("partners", **{"partners.0.organisation": "Libyan Red Crescent", "partners.0.entered_on": "07/2011"})

    assert officer.send().status_code == 302
    content = note_of(world)[1]
    assert content["operation"]["countries"] == [
        {"code": "TCD", "role": "destination"},
        {"code": "LBY", "role": None},
    ]
    assert content["operation"]["places"] == ["Faya", "Kalait"]
    assert content["operation"]["title"] == OPERATION["operation.title"]
    assert (content["lessons"][0]["sector"], content["lessons"][0]["observation"]) == (3, LESSON["observation"])
    assert content["benchmarks"][0]["period"] == {"start": "2011-05", "end": None}
    assert (content["benchmarks"][0]["value"], content["benchmarks"][0]["target"]) == ("900", "1000")
    assert content["heard_from"] == ["staff", "affected_people"]
    assert content["sources"] == ["One", "Two"]
    assert content["partners"][0]["entered_on"] == "2011-07"


def test_a_known_operation_need_not_be_typed_again(world: World):
    first, again = Officer(world), Officer(world)
    write_short_note(first)
    first.send()

    empty = dict.fromkeys((name for name in OPERATION if name.startswith("operation.")), "")
    answer = again.begin(**{**empty, "operation.title": "retour de migrants de libye au tchad"})

    assert answer.status_code == 302
    draft = note_of(world)[2]
    assert draft["operation"]["type"] == "evacuation"
    assert draft["operation"]["countries"] == [{"code": "TCD", "role": None}]


def test_a_second_click_on_send_makes_no_second_note(world: World):
    officer = Officer(world)
    write_short_note(officer)
    officer.send()

    assert officer.send().status_code == 302
    world.carry()
    assert len(world.call("editor", "GET", "/review/api/v1/cases").json["cases"]) == 1


def test_someone_signed_in_finds_their_organisation_filled_in_and_their_notes_listed(world: World):
    officer = Officer(world, "en", name="field")
    officer.open(NEW)
    assert 'value="Chad Migration Support"' in officer.page
    officer.begin()

    officer.open("/intake/")

    assert "Retour de migrants" in officer.page


def returned(world: World, officer: Officer):
    write_short_note(officer)
    officer.send()
    world.carry()
    case = world.case_of("AAN-2026-0001")
    lesson, benchmark = case["items"]
    change = {"item": lesson["id"], "verdict": "request_changes", "comment": "Quel mois ?"}
    world.decide(case, [change, approve(benchmark)])
    return case


def test_a_returned_note_is_corrected_by_someone_of_its_organisation(world: World):
    stranger, author = Officer(world), Officer(world)
    world.person("field holland", "field", organisation="MSF Holland")
    returned(world, author)
    status = f"/intake/notes/{author.receipt}"

    author.open(status)
    assert "Quel mois" in author.page
    answer = stranger.post(f"{status}/correct", {})
    assert "/sign-in" in answer.headers["Location"]

    colleague = Officer(world, "fr")
    colleague.browser = world.intake
    with world.intake_db.sessions.begin() as session:
        from shared.people import sessions
        from shared.people.accounts import Account

        token = sessions.start(session, session.get_one(Account, world.ids["field holland"]))
    colleague.browser.set_cookie("lessons_intake", token)
    colleague.browser.set_cookie("lang", "fr")
    colleague.receipt = author.receipt
    colleague.open(status)
    colleague.post(f"{status}/correct", {})
    assert "Quel mois" in colleague.page
    colleague.step("lesson", **{**LESSON, "observation": "En mai 2011, près de 4 000 personnes attendaient."})
    assert colleague.send().status_code == 302
    world.carry()

    again = world.case_of("AAN-2026-0001")
    assert again["version"] == 2
    assert [item["state"] for item in again["items"]] == ["in_review", "published"]
    assert again["items"][0]["content"]["observation"].startswith("En mai 2011")


def test_a_note_cannot_be_written_after_it_was_sent_nor_by_a_stranger_after_it_was_returned(world: World):
    officer = Officer(world)
    write_short_note(officer)
    officer.send()
    path = f"/intake/notes/{officer.receipt}/write/lesson/0"
    assert officer.open(path).status_code in (403, 409)
    world.carry()
    case = world.case_of("AAN-2026-0001")
    world.decide(case, [{"item": case["items"][0]["id"], "verdict": "request_changes", "comment": "?"}])

    assert officer.browser.post(path, data=LESSON).status_code == 403
    assert officer.browser.post(f"/intake/notes/{officer.receipt}/check").status_code in (302, 403)
    world.carry()
    assert world.case_of("AAN-2026-0001")["version"] == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("write/nothing/0", 404),
        ("write/lesson/1", 404),
        ("write/lesson/999999999999", 404),
        ("write/number/0", 404),
        ("write/number/x", 404),
    ],
)
def test_pages_that_are_not_there_are_not_found(world: World, path, status):
    officer = Officer(world)
    officer.begin()

    assert officer.open(f"/intake/notes/{officer.receipt}/{path}").status_code == status


def test_an_unknown_receipt_says_how_to_mend_it(world: World):
    page = Officer(world, "en").open("/intake/notes/AAAAAAAAAAAAAAAAAAAAAA")

    assert page.status_code == 404
    assert "Check that all of it was copied" in page.text


@pytest.mark.parametrize(("sharing", "shows_text"), [("clear", True), ("green", False)])
def test_a_receipt_shows_the_text_only_of_what_everyone_may_read(world: World, sharing, shows_text):
    officer = Officer(world)
    write_short_note(officer)
    officer.step("sharing", sharing=sharing)
    officer.send()

    officer.open(f"/intake/notes/{officer.receipt}")

    assert (LESSON["observation"] in officer.page) is shows_text
    assert "AAN-2026-0001" in officer.page


def test_receipts_are_mailed_again_and_nobody_learns_whose_address_is_known(world: World):
    from sqlalchemy import select

    from shared.mail import Mail

    officer = Officer(world, "en")
    write_short_note(officer)
    officer.post(f"/intake/notes/{officer.receipt}/contact", {"email": "Amina@Example.org"})
    pages = []
    for email in ("amina@example.org", "nobody@example.org"):
        officer.open("/intake/receipts")
        officer.post("/intake/receipts", {"email": email})
        pages.append(officer.page)

    assert pages[0] == pages[1]
    with world.intake_db.readings() as session:
        (mail,) = session.scalars(select(Mail)).all()
    assert (mail.recipient, mail.template) == ("amina@example.org", "receipts")
    assert mail.details["notes"][0]["receipt"] == officer.receipt


def test_an_address_on_a_note_is_not_replaced_by_whoever_finds_the_receipt(world: World):
    officer = Officer(world, "en")
    officer.begin()
    path = f"/intake/notes/{officer.receipt}/contact"

    assert officer.post(path, {"email": "not an address"}).status_code == 422
    assert officer.post(path, {"email": "amina@example.org"}).status_code == 302
    assert officer.post(path, {"email": "thief@example.org"}).status_code == 409


def test_a_submitter_without_an_account_signs_in_with_the_address_on_the_note_and_touches_only_that_note(world: World):
    officer, other = Officer(world, "en"), Officer(world, "en", name="field")
    returned(world, officer)
    officer.post(f"/intake/notes/{officer.receipt}/contact", {"email": "amina@example.org"})
    write_short_note(other)
    other.step("number", value="1", how_known="measured")
    other.send()

    officer.post("/intake/sign-in", {"email": "amina@example.org"})
    from sqlalchemy import select

    from shared.mail import Mail

    with world.intake_db.readings() as session:
        mail = session.scalars(select(Mail).where(Mail.template == "sign_in")).one()
    officer.post(mail.details["link"], {})
    officer.open(f"/intake/notes/{officer.receipt}")
    answer = officer.post(f"/intake/notes/{officer.receipt}/correct", {})
    assert answer.status_code == 302
    officer.open(f"/intake/notes/{other.receipt}/write/lesson/0")
    assert "Sign in to correct" in officer.page or "not open for writing" in officer.page


def test_strangers_who_begin_very_many_notes_are_asked_to_sign_in(world: World, monkeypatch):
    monkeypatch.setattr("services.intake.use_cases.drafting.MOST_UNSIGNED_AN_HOUR", 2)
    assert [Officer(world).begin().status_code for _ in range(3)] == [302, 302, 429]
    assert Officer(world, "en", name="field").begin().status_code == 302


def test_receipts_are_not_mailed_again_at_once(world: World):
    from sqlalchemy import select

    from shared.mail import Mail

    officer = Officer(world, "en")
    officer.begin()
    officer.post(f"/intake/notes/{officer.receipt}/contact", {"email": "amina@example.org"})
    for _ in range(3):
        officer.post("/intake/receipts", {"email": "amina@example.org"})

    with world.intake_db.readings() as session:
        assert len(session.scalars(select(Mail)).all()) == 1
