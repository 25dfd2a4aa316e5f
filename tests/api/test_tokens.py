"""Who gets in, how far, and what they are told when they do not."""

import datetime as dt

import pytest

from crm.accounts.tokens import create_service_user, revoke_token
from crm.database import now
from crm.extensions import db
from tests.support.api import Api
from tests.support.factories import make_organisation, make_user


def test_me_tells_name_and_scope(call):
    user = make_user()
    api = call(user, scope="read")
    found = api.get("me").json
    assert (found["name"], found["scope"], found["user"]) == ("Prøve", "read", user.id)


def test_without_token_nothing_is_told(app):
    answer = Api(app).get("organisations", status=401)
    assert answer.response.headers["WWW-Authenticate"] == "Bearer"
    assert "Bearer" in answer.json["detail"]


@pytest.mark.parametrize("raw", ["nk_wrong", "…", "a b", "x" * 5000])
def test_an_unknown_token_is_refused(app, raw):
    Api(app, raw=raw.encode().decode("latin-1")).get("me", status=401)


def test_another_scheme_is_no_token(app):
    Api(app).request("GET", "me", status=401, headers={"Authorization": "Basic bmk6eA=="})


def test_a_revoked_or_expired_token_is_refused(call):
    user = make_user()
    api = call(user)
    api.get("me")
    revoke_token(token=api.token, actor=user)
    api.get("me", status=401)
    late = call(user)
    late.token.expires_at = now() - dt.timedelta(seconds=1)
    from crm.audit.recording import record

    record(late.token, actor=user)
    late.get("me", status=401)


def test_the_token_of_somebody_deactivated_is_refused(call):
    from crm.audit.recording import record

    user = make_user()
    api = call(user)
    user.deactivated_at = now()
    record(user, actor=None)
    api.get("me", status=401)


def test_a_role_without_the_api_is_refused(call):
    call(role="reader").get("organisations", status=403)


def test_a_service_reads_by_its_scope(app):
    service = create_service_user(name="Nettsidene", scope="read", actor=None)
    Api(app, service, "read").get("organisations")


def test_a_read_token_writes_nothing(call):
    api = call(scope="read")
    organisation = make_organisation()
    assert (
        "read" in api.post("organisations", {"name": "Ny AS", "kind": "company"}, status=403).json["detail"]
    )
    api.patch(f"organisations/{organisation.id}", {"name": "Annet"}, etag='"1"', status=403)
    api.delete(f"organisations/{organisation.id}", etag='"1"', status=403)


def test_a_cookie_does_not_open_the_api(pages):
    user = make_user("administrator")
    pages.get("/api/v1/docs", user=user)
    assert pages.request("GET", "/api/v1/me", user=user).status == 401
    assert pages.request("POST", "/api/v1/organisations", user=user, json={"name": "X"}).status == 401


def test_unknown_addresses_and_methods_are_problems(api):
    api.get("nothing", status=404)
    api.get("organisations/99999999999", status=404)
    api.get("organisations/abc", status=404)
    answer = api.request("PUT", "organisations", status=405, json={})
    assert answer.response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"name=X", "application/x-www-form-urlencoded", 415),
        (b"[]", "application/json", 422),
        (b'"text"', "application/json", 422),
        (b"x" * 7_000_000, "application/json", 413),
    ],
)
def test_bodies_that_cannot_be_read(api, body, content_type, status):
    api.request("POST", "organisations", status=status, data=body, content_type=content_type)


def test_too_many_requests_are_a_problem(make_app):
    """The limiter is off in tests; its answer is what counts here."""
    from flask_limiter.errors import RateLimitExceeded
    from werkzeug.exceptions import TooManyRequests

    from crm.web.problems import problem_of

    app = make_app(migrated=False)
    with app.test_request_context("/api/v1/me"):
        answer = problem_of(TooManyRequests("600 per 1 minute", retry_after=12))
    assert issubclass(RateLimitExceeded, TooManyRequests)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "12"
    assert answer.mimetype == "application/problem+json"


def test_a_write_is_told_in_the_audit_log(call):
    from crm.audit.models import AuditEvent

    user = make_user()
    made = call(user).post("organisations", {"name": "Spor AS", "kind": "company"}).json
    found = db.session.query(AuditEvent).filter_by(subject_type="Organisation", subject_id=made["id"]).one()
    assert (found.actor_id, found.action) == (user.id, "created")
