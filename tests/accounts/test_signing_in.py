from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from crm.accounts.models import SignInFailure, User, UserSession
from crm.accounts.throttle import SIGN_IN
from crm.database import now
from crm.extensions import db
from tests.accounts.conftest import PASSWORD
from tests.support.factories import make_user

WRONG = "The e-mail address or the password is wrong."


def test_the_right_password_lets_in_and_leads_where_one_was_going(pages, make_member, sign_in, events):
    member = make_member()
    wanted = pages.get("/users/?role=manager", status=302)
    assert wanted.location == "/sign-in?next=/users/?role%3Dmanager"
    page = pages.get(wanted.location).submit(email=f" {member.email.upper()} ", password=PASSWORD)
    assert (page.status, page.location) == (302, "/users/?role=manager")
    assert pages.get("/profile").h1 == "My page"
    assert ("signed_in", member.id) in events(member)


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil"],
)
def test_next_never_leads_elsewhere(pages, make_member, elsewhere):
    member = make_member()
    page = pages.get("/sign-in", query={"next": elsewhere}).submit(email=member.email, password=PASSWORD)
    assert page.location == "/"


def test_who_is_signed_in_is_not_asked_again(pages, make_member):
    assert pages.get("/sign-in?next=/profile", user=make_member(), status=302).location == "/profile"


@pytest.mark.parametrize(
    "kind", ["wrong password", "no such user", "deactivated", "never chose a password", "service"]
)
def test_every_refusal_reads_the_same(pages, make_member, sign_in, kind):
    member = {
        "wrong password": make_member,
        "no such user": lambda: None,
        "deactivated": lambda: make_member(deactivated_at=now()),
        "never chose a password": make_user,
        "service": lambda: make_member(is_service=True),
    }[kind]()
    page = sign_in(
        member.email if member else "ingen@eksempel.example",
        "noe annet" if kind == "wrong password" else PASSWORD,
    )
    assert page.status == 422
    assert page.texts(".error-summary li") == [WRONG]
    assert page.one("#password").get("value", "") == ""
    assert pages.get("/profile", status=302)


def test_nobody_is_verified_as_long_as_somebody(app, monkeypatch, sign_in, make_member):
    """The slow step runs whether or not the account exists."""
    verified = []
    original = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, *a: verified.append(a) or original(self, *a))
    sign_in("ingen@eksempel.example")
    sign_in(make_member().email, "noe annet")
    assert len(verified) == 2


def test_an_account_is_throttled_then_open_again(pages, make_member, sign_in):
    member = make_member()
    for _ in range(SIGN_IN.by_account):
        assert sign_in(member.email, "feil").status == 422
    page = sign_in(member.email)
    assert page.status == 429
    assert "too many attempts" in page.text
    assert sign_in(make_member().email).status == 302, "another account is not touched"
    db.session.execute(sa.update(SignInFailure).values(at=now() - SIGN_IN.window - timedelta(seconds=1)))
    db.session.commit()
    pages.clients.pop(None)
    assert pages.get("/sign-in").submit(email=member.email, password=PASSWORD).status == 302


def test_an_unknown_account_is_throttled_alike(sign_in):
    for _ in range(SIGN_IN.by_account):
        assert sign_in("ingen@eksempel.example").status == 422
    assert sign_in("ingen@eksempel.example").status == 429


def test_an_address_is_throttled_whatever_the_accounts(pages, sign_in):
    with pages.app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for n in range(SIGN_IN.by_address):
            assert SIGN_IN.admits(f"gjett{n}@eksempel.example")
        db.session.commit()
    assert sign_in("en.til@eksempel.example").status == 429


def test_neighbours_in_one_ipv6_network_count_together(app):
    def admitted(address, n):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            return SIGN_IN.admits(f"gjett{n}@eksempel.example")

    for n in range(SIGN_IN.by_address):
        assert admitted(f"2001:db8:1:2::{n:x}", n)
    assert not admitted("2001:db8:1:2:ffff::1", 99)
    assert admitted("2001:db8:1:3::1", 99)


def test_signing_in_forgives_and_old_failures_are_forgotten(make_member, sign_in):
    member = make_member()
    sign_in(member.email, "feil")
    db.session.add(SignInFailure(at=now() - timedelta(days=2), account_hash="x", address_hash="y"))
    db.session.commit()
    assert sign_in(member.email).status == 302
    assert db.session.scalar(sa.select(sa.func.count(SignInFailure.id))) == 0


def test_neither_account_nor_address_is_kept_in_the_clear(sign_in):
    sign_in("ingen@eksempel.example")
    row = db.session.scalars(sa.select(SignInFailure)).one()
    assert len(row.account_hash) == len(row.address_hash) == 64


def test_a_weaker_hash_is_made_anew(pages, make_member, sign_in):
    member = make_member()
    weak = PasswordHasher(time_cost=1, memory_cost=16, parallelism=2).hash(PASSWORD)
    member.password_hash = weak
    db.session.commit()
    assert sign_in(member.email).status == 302
    db.session.refresh(member)
    assert member.password_hash != weak
    pages.clients.pop(None)
    assert sign_in(member.email).status == 302


def test_the_session_is_new_after_signing_in(pages, make_member):
    member = make_member()
    client = pages.client(None)
    form = pages.get("/sign-in")
    with client.session_transaction() as kept:
        before = dict(kept)
        kept["planted"] = "by somebody else"
    form.submit(email=member.email, password=PASSWORD)
    with client.session_transaction() as kept:
        assert "planted" not in kept
        assert kept.get("csrf_token") != before["csrf_token"]


def test_a_copied_cookie_is_worthless_after_signing_out(pages, make_member, sign_in, events):
    member = make_member()
    sign_in(member.email)
    client = pages.client(None)
    copied = client.get_cookie("naeringskontakt").value
    page = pages.get("/profile").submit("form[action='/sign-out']")
    assert page.location == "/sign-in"
    assert ("signed_out", member.id) in events(member)
    client.set_cookie("naeringskontakt", copied)
    assert pages.get("/profile", status=302).location.startswith("/sign-in")


def test_signing_out_twice_is_no_error(pages, make_member):
    member = make_member()
    page = pages.get("/profile", user=member)
    page.submit("form[action='/sign-out']")
    again = page.submit("form[action='/sign-out']")
    assert (again.status, again.location) == (302, "/sign-in")


def test_a_session_ends_after_its_hours_however_busy(pages, make_member):
    member = make_member()
    pages.get("/profile", user=member)
    db.session.execute(sa.update(UserSession).values(ends_at=now()))
    db.session.commit()
    assert pages.get("/profile", user=member, status=302)


def test_an_idle_cookie_is_too_old(app, pages, make_member, monkeypatch):
    member = make_member()
    pages.get("/profile", user=member)
    monkeypatch.setitem(app.config, "PERMANENT_SESSION_LIFETIME", timedelta(seconds=-1))
    assert pages.get("/profile", user=member, status=302)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(pages, make_member, sign_in):
    sign_in(make_member().email)
    set_cookie = pages.get("/profile").response.headers["Set-Cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie


def test_a_page_costs_one_statement_for_knowing_who_asks(pages, make_member):
    page = pages.get("/about", user=make_member())
    assert len(page.statements) == 1


def test_sign_in_page_left_open_too_long_asks_once_more(pages, make_member):
    member = make_member()
    form = pages.get("/sign-in")
    pages.client(None).delete_cookie("naeringskontakt")
    page = form.submit(email=member.email, password=PASSWORD)
    assert page.status == 422
    assert "open for a long time" in page.text
    assert page.one("#email").get("value") == member.email
    assert page.submit(password=PASSWORD).status == 302


def test_a_page_left_open_overnight_still_changes_its_language(pages):
    page = pages.get("/sign-in")
    pages.client(None).delete_cookie("naeringskontakt")
    assert page.submit("form.language", language="nn").location == "/sign-in"
    assert pages.get("/sign-in").one("html").get("lang") == "nn"


def test_another_site_cannot_change_a_users_language(pages, make_member):
    member = make_member()
    pages.post("/language", {"language": "nn"}, user=member)
    assert db.session.get_one(User, member.id).language == "en"


def test_the_signed_in_user_keeps_the_language_chosen(pages, make_member):
    member = make_member()
    page = pages.get("/profile", user=member)
    page.submit("form.language", language="nn")
    assert db.session.get_one(User, member.id).language == "nn"
    assert pages.get("/profile", user=member).one("html").get("lang") == "nn"
