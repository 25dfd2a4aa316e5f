from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.accounts.absences import standing_in
from crm.accounts.devices import device_name
from crm.accounts.models import Absence, User
from crm.database import now
from crm.extensions import db
from crm.web.clock import today
from tests.accounts.conftest import PASSWORD
from tests.support.factories import make_absence, make_unit, make_user

DAY = timedelta(days=1)


@pytest.fixture
def member(make_member):
    return make_member(name="Kari")


def test_details_are_saved_and_read_as_people_write(pages, member):
    unit = make_unit("Næring")
    page = pages.get("/profile", user=member).submit(
        "#details form", name="Kari N", unit_id=str(unit.id), phone="+47 63800000"
    )
    assert page.status == 302
    page = pages.get("/profile", user=member)
    assert page.one("#phone").get("value") == "63 80 00 00"
    saved = db.session.get_one(User, member.id)
    assert (saved.name, saved.unit_id, saved.phone) == ("Kari N", unit.id, "+4763800000")


def test_a_new_language_is_spoken_at_once(pages, member):
    page = pages.get("/profile", user=member).submit("#details form", language="nb").follow()
    assert page.one("html").get("lang") == "nb"


@pytest.mark.parametrize("value", ["999", "x", "-1"])
def test_a_unit_that_is_not_offered_is_refused(pages, member, value):
    assert pages.get("/profile", user=member).submit("#details form", unit_id=value).status == 422


def test_role_and_email_cannot_be_smuggled_in(pages, member):
    page = pages.get("/profile", user=member)
    fields = page.fields("#details form") | {"role": "administrator", "email": "ny@kommune.example"}
    assert pages.post("/profile", fields, user=member).status == 302
    saved = db.session.get_one(User, member.id)
    assert (saved.role, saved.email) == ("advisor", member.email)


def add_absence(pages, member, first, last, deputy=None):
    return pages.get("/profile/absences/new", user=member).submit(
        starts_on=f"{first:%d.%m.%Y}", ends_on=last.isoformat(), deputy_id=str(deputy.id) if deputy else ""
    )


def test_absences_are_added_changed_and_removed(pages, member, events):
    deputy = make_user(name="Ola")
    assert add_absence(pages, member, today(), today() + 5 * DAY, deputy).status == 302
    page = pages.get("/profile", user=member)
    assert "Deputy: Ola" in page.text
    absence = db.session.scalars(sa.select(Absence)).one()
    page = pages.get(f"/profile/absences/{absence.id}", user=member).submit(
        ends_on=(today() + 9 * DAY).isoformat()
    )
    assert page.status == 302
    absence = db.session.scalars(sa.select(Absence)).one()
    assert absence.ends_on == today() + 9 * DAY
    pages.get("/profile", user=member).submit(f"form[action='/profile/absences/{absence.id}/remove']")
    assert db.session.scalars(sa.select(Absence)).all() == []
    assert [action for action, actor in events(member) if actor == member.id and action == "changed"] == [
        "changed"
    ] * 3


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (3, 2, "ends_on"),
        (-5, -1, "ends_on"),
        (2, 4, "starts_on"),
        (0, 1, "starts_on"),
        (1, 10, "starts_on"),
        (0, 2000, "ends_on"),
    ],
)
def test_absences_that_cannot_be(pages, member, first, last, field):
    make_absence(member, today() + DAY, today() + 3 * DAY)
    page = add_absence(pages, member, today() + first * DAY, today() + last * DAY)
    assert page.status == 422
    assert page.one(f"#{field}-error") is not None


def test_nobody_is_their_own_deputy_nor_is_who_has_left(pages, member):
    gone = make_user(deactivated_at=now())
    service = make_user(is_service=True)
    for deputy in (member, gone, service):
        page = add_absence(pages, member, today(), today(), deputy)
        assert page.status == 422
        assert page.one("#deputy_id-error") is not None


def test_a_deputy_who_is_away_too_is_warned_about(pages, member):
    deputy = make_user(name="Ola")
    make_absence(deputy, today() + DAY, today() + 2 * DAY)
    page = add_absence(pages, member, today(), today() + 2 * DAY, deputy).follow()
    assert "Ola is away on some of these days too" in page.text


def test_who_stands_in(app):
    user, deputy, third = make_user(), make_user(), make_user()
    make_absence(user, today(), today() + 2 * DAY, deputy)
    assert standing_in(user, today()) is deputy
    assert standing_in(user, today() + 2 * DAY) is deputy
    assert standing_in(user, today() + 3 * DAY) is None
    assert standing_in(user, today() - DAY) is None
    make_absence(deputy, today() + DAY, today() + DAY, third)
    assert standing_in(user, today() + DAY) is None, "never a deputy that is away too"
    deputy.deactivated_at = now()
    assert standing_in(user, today()) is None
    db.session.rollback()


def test_others_absences_are_out_of_reach(pages, member):
    absence = make_absence(make_user(), today(), today())
    pages.get(f"/profile/absences/{absence.id}", user=member, status=404)


def test_an_administrator_registers_somebodys_absence(pages, member, make_member):
    administrator = make_member("administrator")
    page = pages.get(f"/users/{member.id}/absences/new", user=administrator)
    page = page.submit(
        starts_on=today().isoformat(), ends_on=today().isoformat(), deputy_id=str(administrator.id)
    )
    shown = page.follow()
    assert "Away until" in shown.text
    assert f"Deputy: {administrator.name}" in shown.text
    assert "Away until" in " ".join(pages.get("/users/", user=administrator).texts("tbody td"))


def test_changing_the_password_signs_out_everywhere_else(pages, member, mail, sign_in):
    sign_in(member.email)
    pages.get("/profile", user=member)
    page = pages.get("/profile/password", user=member).submit(
        password=PASSWORD, new_password="fire ord på rad her", password_again="fire ord på rad her"
    )
    assert page.location == "/profile"
    assert "is changed" in page.follow().text
    assert pages.get("/profile", status=302), "the other device"
    assert [m["Subject"] for m in mail()] == ["Your password was changed"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"password": "feil"}, "password"),
        ({"password": ""}, "password"),
        ({"password_again": "noe annet enn det"}, "password_again"),
        ({"new_password": "Kari Kari Kari"}, "new_password"),
    ],
)
def test_a_password_is_not_changed_by_mistake(pages, member, values, field):
    sent = {
        "password": PASSWORD,
        "new_password": "fire ord på rad her",
        "password_again": "fire ord på rad her",
    } | values
    page = pages.get("/profile/password", user=member).submit(**sent)
    assert page.status == 422
    assert page.one(f"#{field}-error") is not None


def test_guesses_at_the_present_password_are_throttled(pages, member, sign_in):
    for _ in range(10):
        page = pages.get("/profile/password", user=member).submit(
            password="feil", new_password="fire ord på rad her", password_again="fire ord på rad her"
        )
    assert "not your present password" in page.text
    page = page.submit(
        password=PASSWORD, new_password="fire ord på rad her", password_again="fire ord på rad her"
    )
    assert "too many attempts" in page.text


def test_signing_out_everywhere(pages, member, sign_in):
    sign_in(member.email)
    page = pages.get("/profile", user=member)
    assert len(page.all("#sessions li")) == 2
    assert "This device" in page.text
    page.submit("form[action='/profile/sign-out-everywhere']")
    assert pages.get("/profile", user=member, status=302)
    assert pages.get("/profile", status=302)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("curl/8", "Unknown browser"),
    ],
)
def test_devices_are_named_as_people_know_them(app, agent, name):
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert device_name(agent) == name
