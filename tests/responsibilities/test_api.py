"""/responsibilities and /topics by the same rules as the pages."""

import pytest

from crm.extensions import db
from crm.responsibilities.models import Responsibility
from tests.support.api import Api
from tests.support.factories import make_user


@pytest.fixture
def api(app):
    return Api(app, make_user("manager", language="en"), "write")


def test_from_naming_somebody_to_removing_them(api, premises, kari, ola, company):
    body = {"topic": premises.id, "organisation": company.id, "user": kari.id, "industry_prefix": " 62 "}
    made = api.post("responsibilities", body).json
    assert (made["topic"], made["user"], made["industry_prefix"]) == (premises.id, kari.id, "62")
    address = f"responsibilities/{made['id']}"
    assert api.get(address).json == made
    assert api.patch(address, made, etag="*").json["version"] == made["version"]
    changed = api.patch(address, {"deputy": ola.id, "phone_hours": "9–15"}, etag=f'"{made["version"]}"')
    assert changed.json["deputy"] == ola.id
    api.patch(address, {"note": "x"}, etag=f'"{made["version"]}"', status=412)
    assert api.get("responsibilities", user=kari.id, topic=premises.id).ids == [made["id"]]
    assert api.get("responsibilities", user=ola.id).ids == []
    assert api.get("responsibilities", updated_since="2020-01-01T00:00:00+01:00").ids == [made["id"]]
    api.delete(address, etag="*")
    api.get(address, status=404)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"topic": 4711}, "topic"),
        ({"site": 4711}, "site"),
        ({"unit": 4711, "user": None}, "unit"),
        ({"user": None}, "user"),
        ({"deputy": 4711}, "deputy"),
        ({"topic": None}, "topic"),
        ({"organisation_kind": "circus"}, "organisation_kind"),
        ({"focus_area": 0}, "focus_area"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_refused(wrong, field, api, premises, kari):
    answer = api.post("responsibilities", {"topic": premises.id, "user": kari.id} | wrong, status=422)
    assert field in answer.errors
    assert db.session.query(Responsibility).count() == 0


def test_an_advisor_reads_and_does_not_write(app, premises, kari, answers):
    answers(topic_id=premises.id, user_id=kari.id)
    api = Api(app, make_user("advisor"), "write")
    assert len(api.get("responsibilities").ids) == 1
    api.post("responsibilities", {"topic": premises.id, "user": kari.id}, status=403)


def test_topics_are_read(api, premises):
    topic = api.get("topics").json["items"][0]
    assert (topic["name_nb"], topic["words_no"]) == ("Lokaler og tomter", premises.words_no)
    assert api.get(f"topics/{premises.id}").json == topic
    api.get("topics/4711", status=404)
