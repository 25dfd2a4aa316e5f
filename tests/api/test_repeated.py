"""A lost answer is asked for again: the same key creates nothing again."""

import threading

import pytest

from crm.accounts.models import IdempotentAnswer
from crm.extensions import db
from tests.support.api import Api
from tests.support.factories import make_user

BODY = {"name": "En gang AS", "kind": "company"}


def test_the_same_key_gives_the_same_answer(api):
    first = api.post("organisations", BODY, key="k1")
    again = api.post("organisations", BODY, key="k1")
    assert again.json == first.json
    assert again.etag == first.etag
    assert again.response.headers["Location"] == first.response.headers["Location"]
    assert api.get("organisations").json["total"] == 1


def test_the_answer_stays_what_it_was(api):
    first = api.post("organisations", BODY, key="k1")
    api.patch(first.response.headers["Location"], {"name": "Nytt navn"}, etag=first.etag)
    assert api.post("organisations", BODY, key="k1").json["name"] == "En gang AS"


def test_the_same_key_for_something_else_is_refused(api):
    api.post("organisations", BODY, key="k1")
    assert (
        "Idempotency-Key"
        in api.post("organisations", BODY | {"name": "To"}, key="k1", status=422).json["detail"]
    )
    api.post("contacts", {"given_name": "Kari"}, key="k1", status=422)
    assert api.get("contacts").json["total"] == 0


def test_keys_belong_to_their_token(api, call):
    api.post("organisations", BODY, key="k1")
    call(role="advisor").post("organisations", BODY, key="k1")
    assert api.get("organisations").json["total"] == 2


def test_what_was_refused_can_be_mended_with_the_same_key(api):
    api.post("organisations", {"kind": "company"}, key="k1", status=422)
    api.post("organisations", BODY, key="k1")


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_keys_have_a_length(api, key):
    api.post("organisations", BODY, key=key, status=400)


def test_without_a_key_each_request_counts(api):
    api.post("organisations", BODY)
    api.post("organisations", BODY)
    assert api.get("organisations").json["total"] == 2


@pytest.mark.own_app
def test_the_same_request_many_times_at_once(make_app):
    """As when an answer is lost and the program tries again: all get the one answer."""
    app = make_app()
    with app.app_context():
        api = Api(app, make_user())
    answers = []

    def send():
        answer = app.test_client().post(
            "/api/v1/organisations", json=BODY, headers=api.headers | {"Idempotency-Key": "at once"}
        )
        answers.append((answer.status_code, answer.get_json().get("id")))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {(201, answers[0][1])}
    with app.app_context():
        assert db.session.query(IdempotentAnswer).count() == 1
