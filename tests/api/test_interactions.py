import datetime as dt

import pytest
from flask_babel import force_locale

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.rules import Candidate, problems
from crm.web.clock import today
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_plan,
    make_user,
    measure,
)

DAY = dt.timedelta(days=1)
TODAY = today().isoformat()


@pytest.fixture
def plan(app):
    return make_plan()


def visit(organisation, **changes):
    return {
        "kind": "company_visit",
        "status": "held",
        "title": "Besøk hos Eksempel",
        "starts_at": TODAY,
        "organisations": [organisation.id],
        "measures": ["1.B.1", "1.A.2"],
    } | changes


def test_from_birth_to_bin(api, plan):
    company, hub, advisor = make_organisation("B AS"), make_organisation("A AS"), make_user()
    contact = make_contact(at=company)
    sent = visit(
        company,
        starts_at="2026-03-01T23:30:00Z",
        ends_at="2026-03-02T01:30:00+01:00",
        all_day=False,
        place="Lillestrøm",
        notes="# Avtalt\n\n- *Oversikt*",
        confidential=True,
        organisations=sorted([company.id, hub.id]),
        contacts=[contact.id],
        advisors=[advisor.id],
        measures=["1.A.2", "1.B.1"],
    )
    made = api.post("interactions", sent)
    assert (
        made.json.items()
        >= (
            sent
            | {
                "starts_at": "2026-03-02T00:30:00+01:00",
                "ends_at": "2026-03-02T01:30:00+01:00",
            }
        ).items()
    )
    address = made.response.headers["Location"]
    kept = db.session.get(Interaction, made.json["id"])
    assert kept.starts_on == dt.date(2026, 3, 2)
    assert {m.plan_id for m in kept.measures} == {plan.id}
    assert kept.contact_participations[0].affiliation_id == contact.affiliations[0].id
    assert api.get(address).json == made.json

    changed = api.patch(
        address, {"measures": ["2.a.1"], "starts_at": "2026-03-03", "title": "Nytt"}, etag=made.etag
    )
    assert changed.json["measures"] == ["2.A.1"]
    assert (changed.json["starts_at"], changed.json["ends_at"], changed.json["all_day"]) == (
        "2026-03-03",
        None,
        True,
    )
    assert changed.json["version"] == made.json["version"] + 1
    api.delete(address, etag=changed.etag)
    api.get(address, status=404)
    assert api.get("interactions").json == {"items": [], "total": 0, "next": None, "confidential_hidden": 0}


def test_the_tokens_user_takes_part_unless_somebody_else_does(call, plan):
    user = make_user()
    assert call(user).post("interactions", visit(make_organisation())).json["advisors"] == [user.id]


def test_a_service_takes_part_in_nothing(app, plan):
    from crm.accounts.tokens import create_service_user
    from tests.support.api import Api

    service = Api(app, create_service_user(name="Nettskjema", scope="write", actor=None))
    company, advisor = make_organisation(), make_user()
    assert "advisors" in service.post("interactions", visit(company), status=422).errors
    assert service.post("interactions", visit(company, advisors=[advisor.id])).json["advisors"] == [
        advisor.id
    ]


def test_a_draft_needs_a_title(api):
    made = api.post("interactions", {"kind": "meeting", "title": "Husk dette"}).json
    assert made.items() >= {
        "status": "draft", "starts_at": None, "ends_at": None, "all_day": False, "measures": [], "notes": None,
    }.items()  # fmt: skip


def test_a_record_sent_back_whole_changes_nothing(api, plan):
    company = make_organisation()
    for sent in (
        visit(company, contacts=[make_contact(at=company).id]),
        visit(company, starts_at=f"{TODAY}T00:05:00+02:00", ends_at=f"{TODAY}T00:15:00+02:00"),
        {"kind": "meeting", "title": "Udatert", "measures": ["1.A.1"]},
    ):
        made = api.post("interactions", sent)
        events = db.session.query(AuditEvent).count()
        again = api.patch(made.response.headers["Location"], made.json, etag=made.etag)
        assert again.json == made.json
        assert db.session.query(AuditEvent).count() == events


def test_rules_are_those_of_the_form(api, plan):
    empty = {"kind": "company_visit", "status": "held", "title": "Uten noe"}
    assert api.post("interactions", empty, status=422).errors.keys() == {
        "starts_at",
        "organisations",
        "measures",
    }
    company = make_organisation()
    tomorrow = (today() + DAY).isoformat()
    for changes, field in [
        ({"kind": "dance"}, "kind"),
        ({"status": "gone"}, "status"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"starts_at": tomorrow}, "starts_at"),
        ({"status": "planned", "starts_at": "2020-01-01", "measures": []}, "starts_at"),
        ({"kind": "introduction"}, "organisations"),
        ({"organisations": [2**31 - 1]}, "organisations"),
        ({"contacts": [2**31 - 1]}, "contacts"),
        ({"advisors": []}, "advisors"),
        ({"measures": ["9.Z.9"]}, "measures"),
        ({"starts_at": "1999-05-05"}, "measures"),
        ({"starts_at": "2026-03-02T12:00:00+01:00", "ends_at": "2026-03-02T11:00:00+01:00"}, "ends_at"),
        ({"ends_at": "2026-03-02T11:00:00+01:00"}, "starts_at"),
        ({"all_day": True, "starts_at": "2026-03-02T12:00:00+01:00"}, "all_day"),
        ({"all_day": False}, "all_day"),
        ({"starts_at": "2026-03-02T12:00:00"}, "starts_at"),
        ({"starts_at": "2026-02-30"}, "starts_at"),
        ({"starts_at": 20260302}, "starts_at"),
        ({"ends_at": "2026-03-02"}, "ends_at"),
        ({"organisations": company.id}, "organisations"),
        ({"organisations": ["1"]}, "organisations.0"),
        ({"measures": [7]}, "measures.0"),
        ({"confidential": 1}, "confidential"),
        ({"signals": ["tired"]}, "signals"),
        ({"signals": "recruiting"}, "signals"),
        ({"cancelled_by": "us"}, "cancelled_by"),
        ({"status": "cancelled", "cancelled_by": "x"}, "cancelled_by"),
        ({"outcome": {"result": "cooperation", "on": TODAY}}, "outcome.result"),
        ({"arena": 1}, "arena"),
        ({"id": 1}, "id"),
    ]:
        errors = api.post("interactions", visit(company) | changes, status=422).errors
        assert list(errors) == [field], (changes, errors)
    assert api.get("interactions").json["total"] == 0


def test_rule_errors_are_those_of_the_rules_that_the_form_shows(api, app, plan):
    sent = {"kind": "introduction", "status": "held", "title": "x" * 201, "place": "y" * 201, "advisors": []}
    errors = api.post("interactions", sent, status=422).errors
    with app.test_request_context(), force_locale("en_GB"):
        told = problems(
            Candidate(kind="introduction", status="held", title="x" * 201, place="y" * 201), today()
        )
    told["starts_at"] = told.pop("starts_on")
    assert errors == told
    assert len(errors) == 6


def test_times_and_whole_days_change_into_each_other(api, plan):
    made = api.post("interactions", visit(make_organisation()))
    address = made.response.headers["Location"]
    timed = api.patch(address, {"starts_at": f"{TODAY}T00:01:00+01:00"}, etag=made.etag).json
    assert timed["all_day"] is False
    whole = api.patch(address, {"all_day": True}, etag="*").json
    assert whole["all_day"] is True
    assert len(whole["starts_at"]) == 10
    api.patch(address, {"all_day": False}, etag="*", status=422)
    errors = api.patch(address, {"starts_at": None}, etag="*", status=422).errors
    assert errors.keys() == {"starts_at"}


def test_measures_belong_to_the_plan_that_covers_the_date(api):
    year = today().year
    now = make_plan(dt.date(year, 1, 1), dt.date(year, 12, 31))
    before = make_plan(dt.date(year - 1, 1, 1), dt.date(year - 1, 12, 31))
    made = api.post(
        "interactions", visit(make_organisation(), starts_at=f"{year - 1}-05-05", measures=["1.A.1"])
    )
    address = made.response.headers["Location"]
    kept = db.session.get(Interaction, made.json["id"])
    assert [m.plan_id for m in kept.measures] == [before.id]
    # Another year alone leaves measures of a plan that does not cover it; with its codes it finds those of the new plan.
    assert "measures" in api.patch(address, {"starts_at": TODAY}, etag=made.etag, status=422).errors
    api.patch(address, {"starts_at": TODAY, "measures": ["1.A.1", "1.A.2"]}, etag=made.etag)
    db.session.expire_all()
    assert {m.plan_id for m in kept.measures} == {now.id}


def test_filters_and_their_errors(api, plan):
    company, other = make_organisation(kind="school"), make_organisation()
    contact, advisor = make_contact(at=company), make_user()
    a = make_interaction(
        title="Alfa møte", kind="meeting", starts_on=today() - 10 * DAY, organisations=[company], contacts=[contact],
        advisors=[advisor], measures=[measure(plan, "1.A.1")],
    )  # fmt: skip
    b = make_interaction(title="Beta", organisations=[other], measures=[measure(plan, "1.B.1")])
    c = make_interaction(title="Senere", status="planned", organisations=[other])
    assert api.get("interactions").ids == [c.id, b.id, a.id]
    for query, expected in [
        ({"kind": "meeting"}, [a.id]),
        ({"status_": "planned"}, [c.id]),
        ({"organisation": company.id}, [a.id]),
        ({"organisation_kind": "school"}, [a.id]),
        ({"contact": contact.id}, [a.id]),
        ({"advisor": advisor.id}, [a.id]),
        ({"measure": "1.b.1"}, [b.id]),
        ({"strategy": "1.A"}, [a.id]),
        ({"focus_area": "1", "plan": plan.id}, [b.id, a.id]),
        ({"tagged": "no"}, [c.id]),
        ({"to": (today() - DAY).isoformat()}, [a.id]),
        ({"from_": (today() - DAY).isoformat(), "to": TODAY}, [b.id]),
        ({"q": "mo alf"}, [a.id]),
        ({"updated_since": "2020-01-01T00:00:00+01:00"}, [a.id, b.id, c.id]),
    ]:
        answer = api.get("interactions", **query)
        assert (answer.ids, answer.json["total"]) == (expected, len(expected)), query
    for query, field in [
        ({"kind": "dance"}, "kind"),
        ({"organisation": "x"}, "organisation"),
        ({"measure": "1.1"}, "measure"),
        ({"from_": "soon"}, "from"),
        ({"updated_since": "soon"}, "updated_since"),
        ({"colour": "red"}, "colour"),
    ]:
        assert list(api.get("interactions", status=422, **query).errors) == [field]


def test_confidential_ones_are_counted_but_not_told(api, call, plan):
    author, company = make_user(), make_organisation()
    secret = make_interaction(title="Hemmelig", confidential=True, author=author, organisations=[company])
    make_interaction(title="Åpen", organisations=[company])
    stranger = call(role="advisor")
    found = stranger.get("interactions", organisation=company.id).json
    assert (len(found["items"]), found["total"], found["confidential_hidden"]) == (1, 1, 1)
    assert stranger.get("interactions", q="hemmelig").json["confidential_hidden"] == 0
    stranger.get(f"interactions/{secret.id}", status=403)
    stranger.patch(f"interactions/{secret.id}", {"title": "X"}, etag="*", status=403)
    stranger.delete(f"interactions/{secret.id}", etag="*", status=403)
    for reader in (api, call(author)):
        found = reader.get("interactions").json
        assert (found["total"], found["confidential_hidden"]) == (2, 0)
        reader.get(f"interactions/{secret.id}")


def test_only_who_took_part_may_change_it(call, plan):
    author = make_user()
    made = call(author).post("interactions", visit(make_organisation()))
    address = made.response.headers["Location"]
    stranger = call(role="advisor")
    stranger.patch(address, {"title": "Mitt"}, etag=made.etag, status=403)
    stranger.delete(address, etag=made.etag, status=403)
    call(role="manager").patch(address, {"title": "Vårt"}, etag=made.etag)


def test_pages_and_statements(api, plan):
    company = make_organisation()
    contact = make_contact(at=company)
    tags = [measure(plan, "1.A.1"), measure(plan, "1.B.1")]

    def one_more():
        make_interaction(organisations=[company], contacts=[contact], measures=tags)

    one_more()
    one = len(api.get("interactions").statements)
    for _ in range(25):
        one_more()
    assert len({item["id"] for item in api.all("interactions", limit=4)}) == 26
    assert len(api.get("interactions", limit=500).statements) == one <= 8


def test_two_writers(api, call, plan):
    author = make_user()
    made = api.post("interactions", visit(make_organisation(), advisors=[author.id]))
    address = made.response.headers["Location"]
    call(author).patch(address, {"measures": ["1.A.1"]}, etag=made.etag)
    api.patch(address, {"notes": "Mine"}, etag=made.etag, status=412)
    api.delete(address, etag=made.etag, status=412)
    api.patch(address, {"notes": "Mine"}, status=428)
