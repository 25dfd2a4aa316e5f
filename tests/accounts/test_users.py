import pytest
import sqlalchemy as sa

from crm.accounts import operations, tokens
from crm.accounts.models import ApiToken, Role, Unit, User
from crm.database import now
from crm.extensions import db
from crm.web.clock import today
from crm.web.validation import Invalid
from tests.accounts.conftest import PASSWORD
from tests.support.factories import make_unit, make_user


@pytest.fixture
def administrator(make_member):
    return make_member("administrator", name="Astrid Admin")


def invite(pages, administrator, **fields):
    values = {
        "name": "Kari Nordmann",
        "email": "kari@kommune.example",
        "role": "advisor",
        "language": "en",
    } | fields
    return pages.get("/users/new", user=administrator).submit(**values)


def test_inviting_sends_mail_and_shows_the_link_once(pages, administrator, mail, link_in, outbox):
    make_unit("Næring")
    page = invite(pages, administrator, unit="næring", phone="63 80 00 00")
    user = db.session.scalars(sa.select(User).filter_by(email="kari@kommune.example")).one()
    assert (user.role, user.unit.name, user.phone, user.password_hash) == (
        "advisor",
        "Næring",
        "+4763800000",
        None,
    )
    (message,) = mail()
    assert message["Subject"] == "You have been made a user of Næringskontakt"
    assert str(message["To"]) == "Kari Nordmann <kari@kommune.example>"
    assert "Astrid Admin" in message.get_content()
    (file,) = outbox.glob("*.eml")
    assert file.stat().st_mode & 0o777 == 0o600
    shown = page.follow()
    assert shown.one("#link").get("value").endswith(link_in(message))
    assert not pages.get(page.location, user=administrator).all("#link"), "it is shown once"
    page = pages.get(link_in(message))
    assert page.h1 == "Welcome, Kari Nordmann"
    assert page.submit(new_password=PASSWORD, password_again=PASSWORD).status == 302
    assert pages.get("/profile").h1 == "My page"


def test_the_mail_is_in_the_recipients_language(pages, administrator, mail):
    invite(pages, administrator, language="nn")
    (message,) = mail()
    assert message["Subject"] != "You have been made a user of Næringskontakt"
    assert "Hello" not in message.get_content()


def test_mail_that_cannot_be_sent_loses_nothing(pages, administrator, monkeypatch):
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr("crm.mail.transports.deliver", broken)
    shown = invite(pages, administrator).follow()
    assert "could not be sent" in shown.text
    assert shown.one("#link") is not None


def test_a_unit_is_made_by_typing_its_name(pages, administrator):
    invite(pages, administrator, unit="  Plan \u200bog bygg ")
    assert db.session.scalars(sa.select(Unit.name)).all() == ["Plan og bygg"]
    assert pages.get("/users/new", user=administrator).all("datalist option[value='Plan og bygg']")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": "finnes@kommune.example"}, "email"),
        ({"email": "ikke en adresse"}, "email"),
        ({"email": "bjørn@kommune.example"}, "email"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"role": ""}, "role"),
        ({"role": "konge"}, "role"),
        ({"phone": "12"}, "phone"),
        ({"unit": "x" * 121}, "unit"),
    ],
)
def test_what_is_wrong_is_said_by_its_field_and_stays(pages, administrator, fields, field):
    make_user(email="finnes@kommune.example")
    page = invite(pages, administrator, **fields)
    assert page.status == 422
    assert page.one(f"#{field}-error") is not None
    assert page.all(f".error-summary a[href='#{field}']")
    assert page.one("#name").get("value") is not None
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 2


@pytest.mark.parametrize(
    "name", ["Åse 👩‍🌾 Øvrebø", "محمد العلي", "O'Brien & <b>Sønner</b>", "Nguyễn Thị Minh Khai"]
)
def test_names_of_all_kinds_are_kept_and_shown_as_text(pages, administrator, name):
    user = make_user(name=name)
    assert name in pages.get("/users/", user=administrator).texts("tbody th a")
    page = pages.get(f"/users/{user.id}/edit", user=administrator)
    assert page.submit(role="manager").status == 302
    assert pages.get(f"/users/{user.id}", user=administrator).h1 == name


def test_the_list_is_in_norwegian_order_filtered_and_paged(pages, administrator):
    for name in ("Åse", "Aage", "Zoe", "Ærlend", "Øyvind"):
        make_user(name=name)
    make_user("manager", name="Mona", email="mona@annet.example")
    make_user(name="Borte", deactivated_at=now())
    names = pages.get("/users/", user=administrator).texts("tbody th a")
    assert names == ["Astrid Admin", "Mona", "Zoe", "Ærlend", "Øyvind", "Aage", "Åse"]
    assert pages.get("/users/?q=ÅS", user=administrator).texts("tbody th a") == ["Åse"]
    assert pages.get("/users/?q=ANNET.ex", user=administrator).texts("tbody th a") == ["Mona"]
    assert pages.get("/users/?role=manager", user=administrator).texts("tbody th a") == ["Mona"]
    assert pages.get("/users/?state=deactivated", user=administrator).texts("tbody th a") == ["Borte"]
    assert pages.get("/users/?role=konge&state=x", user=administrator).texts("tbody th a") == names
    assert pages.get("/users/?q=%25", user=administrator).h1 == "Users"


def test_the_list_costs_the_same_for_one_and_for_many(pages, administrator):
    unit = make_unit()
    few = len(pages.get("/users/", user=administrator).statements)
    for n in range(60):
        make_user(name=f"Person {n:02}", unit_id=unit.id)
    page = pages.get("/users/", user=administrator)
    assert len(page.statements) <= few + 1
    following = pages.get(page.one("a[rel='next']").get("href"), user=administrator)
    assert len(page.texts("tbody th a")) == 50
    assert len(following.texts("tbody th a")) == 11
    assert not set(page.texts("tbody th a")) & set(following.texts("tbody th a"))


def test_editing_is_recorded_and_told_in_the_history(pages, administrator):
    user = make_user(name="Kari")
    pages.get(f"/users/{user.id}/edit", user=administrator).submit(
        name="Kari Nordmann", unit="Næring", role="manager"
    )
    shown = pages.get(f"/users/{user.id}", user=administrator)
    history = " ".join(shown.texts(".history-changes"))
    assert "Kari Nordmann" in history
    assert "Næring" in history
    assert "Manager" in history
    assert "Astrid Admin" in shown.one("#history").xpath("string()")


def test_two_administrators_editing_one_user_lose_nothing(pages, administrator, make_member):
    user, other = make_user(name="Kari"), make_member("administrator")
    mine = pages.get(f"/users/{user.id}/edit", user=administrator)
    pages.get(f"/users/{user.id}/edit", user=other).submit(name="Kari Hansen")
    page = mine.submit(name="Kari Olsen")
    assert page.status == 409
    assert "Kari Hansen" in page.text
    assert page.one("#name").get("value") == "Kari Olsen"
    assert page.submit().status == 302
    assert db.session.get_one(User, user.id).name == "Kari Olsen"


def test_deactivating_ends_sessions_and_tokens_and_keeps_history(pages, administrator, make_member, sign_in):
    member = make_member(name="Kari")
    made = tokens.create_token(user=member, name="Kart", scope="read", last_day=today(), actor=member)
    db.session.commit()
    pages.get("/profile", user=member)
    page = pages.get(f"/users/{member.id}", user=administrator)
    assert page.submit(f"form[action='/users/{member.id}/deactivate']").status == 302
    assert pages.get("/profile", user=member, status=302)
    assert tokens.authenticate_token(made.raw) is None
    assert sign_in(member.email).status == 422
    shown = pages.get(f"/users/{member.id}", user=administrator)
    assert "Deactivated" in shown.texts(".history-action")
    assert shown.submit(f"form[action='/users/{member.id}/reactivate']").status == 302
    assert sign_in(member.email).status == 302
    assert tokens.authenticate_token(made.raw) is None, "a revoked token stays revoked"


def test_the_last_administrator_stays(pages, administrator):
    page = pages.post(
        f"/users/{administrator.id}/deactivate",
        {"csrf_token": csrf(pages, administrator)},
        user=administrator,
    )
    assert "own access" in page.follow().text
    page = pages.get(f"/users/{administrator.id}/edit", user=administrator).submit(role="reader")
    assert page.status == 422
    assert page.one("#role-error") is not None
    assert db.session.get_one(User, administrator.id).role == Role.administrator


def csrf(pages, user):
    return pages.get("/profile", user=user).one("meta[name='csrf-token']").get("content")


def test_the_only_other_administrator_cannot_be_removed_by_a_command(administrator):
    service = make_user("administrator", is_service=True)
    with pytest.raises(Invalid):
        operations.deactivate_user(user=administrator, actor=service)


def test_one_administrator_may_remove_another(pages, administrator, make_member):
    other = make_member("administrator")
    assert pages.get(f"/users/{other.id}/edit", user=administrator).submit(role="reader").status == 302
    assert pages.get("/users/", user=other, status=403)


def test_losing_the_api_revokes_tokens(pages, administrator, make_member):
    member = make_member()
    made = tokens.create_token(user=member, name="Kart", scope="write", last_day=today(), actor=member)
    db.session.commit()
    pages.get(f"/users/{member.id}/edit", user=administrator).submit(role="first_line")
    assert tokens.authenticate_token(made.raw) is None
    assert db.session.get_one(ApiToken, made.token.id).revoked_at


def test_a_reset_by_an_administrator(pages, administrator, make_member, mail, link_in):
    member = make_member()
    page = pages.get(f"/users/{member.id}", user=administrator).submit(
        f"form[action='/users/{member.id}/send-link']"
    )
    assert page.follow().one("#link").get("value").endswith(link_in(mail()[0]))
    assert pages.get(link_in(mail()[0])).h1 == "Choose a new password"


@pytest.mark.parametrize("role", ["reader", "first_line", "advisor", "manager"])
def test_only_administrators_see_users(pages, make_member, role):
    assert pages.get("/users/", user=make_member(role), status=403)


def test_unknown_users_are_not_found(pages, administrator):
    pages.get("/users/999999", user=administrator, status=404)
    pages.get("/users/999999/edit", user=administrator, status=404)
