"""A form that came too late loses nothing: who was signed out signs in where they are, and sends it on."""

import pytest

from crm.accounts.models import User
from crm.extensions import db
from tests.accounts.conftest import PASSWORD

TYPED = "Åse \u202eOlsen\u202c 👩‍🌾  <script>alert(1)</script>"


@pytest.fixture
def late(pages, make_member):
    """The profile's form, filled in by somebody who is signed out meanwhile."""
    member = make_member()
    pages.get("/sign-in").submit(email=member.email, password=PASSWORD)
    page = pages.get("/profile")
    pages.client(None).delete_cookie("naeringskontakt")
    return member, page.submit("#details form", name=TYPED, phone="63 80 00 00", language="en")


def typed(page):
    return {k: v for k, (v, *_) in page.fields().items()}


def test_signed_out_one_signs_in_on_the_spot_and_what_was_typed_goes_along(pages, late):
    member, page = late
    assert (page.status, page.h1) == (400, "Sign in to go on")
    assert typed(page)["typed.name"] == TYPED
    assert typed(page)["resume"] == "/profile"
    page = page.submit(email=member.email, password="feil passord her")
    assert page.status == 422
    assert "wrong" in page.text
    assert typed(page)["email"] == member.email
    assert typed(page)["typed.name"] == TYPED
    page = page.submit(password=PASSWORD)
    assert (page.status, page.h1) == (200, "You are signed in again")
    assert typed(page)["name"] == TYPED
    assert len(page.all("main form[method='post']")) == 1
    assert page.submit().location == "/profile"
    saved = db.session.get_one(User, member.id)
    assert (saved.name, saved.phone) == ("Åse Olsen 👩‍🌾 <script>alert(1)</script>", "+4763800000")


def test_what_is_still_wrong_is_said_on_the_forms_own_page_with_all_that_was_typed(pages, make_member):
    member = make_member()
    pages.get("/sign-in").submit(email=member.email, password=PASSWORD)
    page = pages.get("/profile")
    pages.client(None).delete_cookie("naeringskontakt")
    page = page.submit("#details form", name=TYPED, phone="ikke et nummer")
    page = page.submit(email=member.email, password=PASSWORD).submit()
    assert (page.status, page.h1) == (422, "My page")
    assert page.one("#phone").get("value") == "ikke et nummer"
    assert "Åse Olsen" in page.one("#name").get("value")


def test_signed_in_with_an_old_token_it_is_sent_again_with_one_button(pages, make_member):
    member = make_member()
    page = pages.get("/profile", user=member)
    with pages.client(member).session_transaction() as kept:
        kept.pop("csrf_token")
    page = page.submit("#details form", name="Nytt Navn")
    assert (page.status, page.h1) == (400, "Please send this once more")
    assert page.texts("main form button") == ["Send again"]
    assert page.submit().status == 302
    assert db.session.get_one(User, member.id).name == "Nytt Navn"


def test_passwords_are_never_carried(pages, make_member):
    member = make_member()
    page = pages.get("/profile/password", user=member)
    pages.client(member).delete_cookie("naeringskontakt")
    page = page.submit(
        password="hemmelig hemmelig", new_password="nytt og hemmelig", password_again="nytt og hemmelig"
    )
    assert page.status == 400
    assert "hemmelig" not in page.response.get_data(as_text=True)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_what_was_typed_goes_nowhere_else(pages, make_member, late, elsewhere):
    member, page = late
    page = page.submit(email=member.email, password=PASSWORD, resume=elsewhere)
    assert page.status == 302
    assert page.location == "/"


def test_several_values_of_one_field_all_go_along(pages, make_member):
    member = make_member()
    page = pages.post("/organisations/new?kind=company", {"tags": ["a b", "c d"], "email": "x@y.example"})
    assert page.status == 400
    page = page.submit(email=member.email, password=PASSWORD)
    assert page.fields()["tags"] == ["a b", "c d"]
    assert page.fields()["email"] == ["x@y.example"]
    assert page.one("main form").get("action") == "/organisations/new?kind=company"
