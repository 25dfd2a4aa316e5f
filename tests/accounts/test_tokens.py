from datetime import timedelta

import pytest
import sqlalchemy as sa

from crm.accounts import tokens
from crm.accounts.models import ApiToken
from crm.database import now
from crm.extensions import db
from crm.web.clock import today
from crm.web.validation import Invalid
from tests.support.pages import counted_statements


@pytest.fixture
def member(make_member):
    return make_member()


def make(member, **values):
    defaults = {"name": "Kart", "scope": "read", "last_day": today() + timedelta(days=30)}
    made = tokens.create_token(user=member, **(defaults | values), actor=member)
    db.session.commit()
    return made


def test_a_token_is_shown_once_and_works(pages, member):
    page = pages.get("/profile/tokens/new", user=member).submit(name="Kartløsningen", scope="write")
    shown = page.follow()
    raw = shown.one("#token").get("value")
    assert raw.startswith("nk_")
    assert not pages.get("/profile/tokens/", user=member).all("#token")
    token = tokens.authenticate_token(raw)
    assert (token.name, token.scope, token.user_id) == ("Kartløsningen", "write", member.id)
    assert raw not in {token.token_hash, token.name}


def test_recognising_a_token_is_one_statement(member):
    raw = make(member).raw
    db.session.expire_all()
    with counted_statements() as statements:
        assert tokens.authenticate_token(raw).user.is_active
    assert len(statements) == 1


@pytest.mark.parametrize(
    "end",
    [
        lambda made: setattr(made.token, "expires_at", now()),
        lambda made: tokens.revoke_token(token=made.token, actor=made.token.user),
        lambda _made: db.session.execute(sa.text("UPDATE users SET deactivated_at = created_at")),
    ],
)
def test_a_token_that_is_over_lets_nobody_in(member, end):
    made = make(member)
    end(made)
    db.session.flush()
    db.session.expire_all()
    assert tokens.authenticate_token(made.raw) is None
    db.session.rollback()


def test_nonsense_is_no_token(member):
    for raw in ("", "nk_", "x" * 5000, "🌼"):
        assert tokens.authenticate_token(raw) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " \u200b"},
        {"scope": "all"},
        {"last_day": None},
        {"last_day": today() - timedelta(days=1)},
        {"last_day": today() + timedelta(days=366)},
    ],
)
def test_tokens_that_cannot_be(app, member, wrong):
    with pytest.raises(Invalid) as refused:
        make(member, **wrong)
    assert list(refused.value.errors) == list(wrong)


def test_the_form_says_what_to_mend(pages, member):
    page = pages.get("/profile/tokens/new", user=member).submit(name="", last_day="31.12.2099")
    assert page.status == 422
    assert page.one("#name-error").text == "Enter a name that tells what the token is for"
    assert page.one("#last_day-error").text == "A token lasts a year at most"
    assert page.one("#last_day").get("value") == "31.12.2099"


def test_revoking(pages, member, make_member):
    made = make(member)
    other = make_member()
    page = pages.get("/profile/tokens/", user=member)
    token = {
        "csrf_token": pages.get("/profile/tokens/", user=other).one("meta[name='csrf-token']").get("content")
    }
    assert pages.post(f"/profile/tokens/{made.token.id}/revoke", token, user=other).status == 404
    assert (
        page.submit(f"form[action='/profile/tokens/{made.token.id}/revoke']").location == "/profile/tokens/"
    )
    assert tokens.authenticate_token(made.raw) is None
    assert "Revoked" in pages.get("/profile/tokens/", user=member).text


def test_administrators_see_and_revoke_everybodys(pages, member, make_member):
    made = make(member, name="Kartløsningen")
    administrator = make_member("administrator")
    assert "Kartløsningen" not in pages.get("/profile/tokens/", user=administrator).text
    page = pages.get("/profile/tokens/?whose=all", user=administrator)
    assert "Kartløsningen" in page.text
    page.submit(f"form[action='/profile/tokens/{made.token.id}/revoke']")
    assert tokens.authenticate_token(made.raw) is None
    assert "Kartløsningen" not in pages.get("/profile/tokens/?whose=all", user=make_member()).text


@pytest.mark.parametrize("role", ["reader", "first_line"])
def test_who_may_not_use_the_api_makes_no_tokens(pages, make_member, role):
    pages.get("/profile/tokens/", user=make_member(role), status=403)


def test_the_digest_is_not_in_the_log(member):
    made = make(member)
    logged = db.session.scalars(sa.text("SELECT changes FROM audit_events")).all()
    assert made.token.token_hash not in str(logged)
    assert db.session.scalars(sa.select(ApiToken)).one()
