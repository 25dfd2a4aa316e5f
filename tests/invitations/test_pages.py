"""Dropping a file on the page, answering what is asked, and deciding on what waits."""

import io

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.invitations import operations
from crm.invitations.models import InboundMessage, RawMessage, Via
from crm.invitations.reasons import Reason
from tests.invitations.conftest import raw
from tests.support.factories import make_contact, make_organisation, make_user


@pytest.fixture
def drop(pages):
    """Upload a file as the page's form does."""

    def dropped(name, user, content=None):
        form = pages.get("/invitations/", user=user).fields()
        file = (io.BytesIO(raw(name) if content is None else content), name)
        return pages.post("/invitations/", {**form, "file": file}, user=user)

    return dropped


def test_a_dropped_file_leads_to_its_interaction(drop, rows, anne, company, person):
    page = drop("outlook-desktop.eml", anne)
    (row,) = rows()
    assert page.location == f"/interactions/{row.id}"
    shown = page.follow()
    assert "The invitation is taken in" in shown.text
    assert "Time and place follow the calendar." in shown.text
    listed = shown.pages.get("/invitations/", user=anne)
    assert "Planned: Om tomten på Berger" in listed.text


def test_who_uploads_a_meeting_of_strangers_is_its_author(drop, rows, bjorn):
    drop("no-end.ics", bjorn)
    (row,) = rows()
    assert row.author_id == bjorn.id
    assert [one.id for one in row.advisors] == [bjorn.id]


def test_a_series_is_told_with_its_number(drop, pages, anne):
    page = drop("ten-thousand.ics", anne)
    assert page.location == "/invitations/"
    assert "57 more" in page.follow().text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nothing.eml", "It holds no invitation."),
        ("unknown-zone.ics", "time zone is not known"),
        ("every-minute.ics", "repeats in a way"),
    ],
)
def test_what_cannot_be_taken_is_told_at_the_field(drop, rows, anne, name, told):
    page = drop(name, anne)
    assert page.status == 422
    assert told in page.text
    assert rows() == []


def test_junk_is_refused(drop, anne):
    for content in (b"", b"\x00\xff" * 50, b"BEGIN:VCALENDAR", b"PK\x03\x04zip", b"From: a@b.no\r\n\r\n"):
        assert drop("junk.ics", anne, content).status == 422


def test_without_a_file_it_says_what_to_do(pages, anne):
    page = pages.get("/invitations/", user=anne).submit()
    assert page.status == 422
    assert "Choose the file with the invitation" in page.text


def test_a_message_that_waits_may_be_uploaded_by_its_user(drop, rows, anne):
    waiting = operations.receive(raw("outlook-desktop.eml"), via=Via.mailbox, actor=None)
    operations.let_wait(waiting, reason=Reason.not_authenticated, sender=None)
    db.session.commit()
    drop("outlook-desktop.eml", anne)
    assert len(rows()) == 1


def test_several_organisations_are_a_question(pages, take, rows, anne, company):
    make_organisation("Firma Eiendom AS", email="post@firma.example.org")
    take("outlook-desktop.eml")
    (row,) = rows()
    asked = pages.get("/invitations/", user=anne)
    assert "Who is Per Aas?" in asked.text
    page = pages.get(f"/interactions/{row.id}", user=anne)
    assert "Which organisation does Per Aas come from?" in page.text
    assert page.texts(".invitee button") == ["Firma AS", "Firma Eiendom AS", "None of them"]
    page.submit(".invitee form:nth-of-type(2)")
    assert [one.name for one in rows()[0].organisations] == ["Firma Eiendom AS"]
    assert not pages.get(f"/interactions/{row.id}", user=anne).all(".invitee")
    assert "Who is" not in pages.get("/invitations/", user=anne).text


def test_none_of_them_is_an_answer(pages, take, rows, anne, company):
    make_organisation("Firma Eiendom AS", email="post@firma.example.org")
    take("outlook-desktop.eml")
    address = f"/interactions/{rows()[0].id}"
    pages.get(address, user=anne).submit(".invitee form:nth-of-type(3)")
    assert rows()[0].organisations == []
    assert not pages.get(address, user=anne).all(".invitee")


def test_an_answer_holds_for_the_whole_series(pages, take, rows, anne, company):
    make_organisation("Firma Eiendom AS", email="post@firma.example.org")
    take("until.ics")
    pages.get(f"/interactions/{rows()[0].id}", user=anne).submit(".invitee form:nth-of-type(1)")
    assert {tuple(one.name for one in row.organisations) for row in rows()} == {("Firma AS",)}


def test_two_contacts_with_one_address_are_a_question(pages, take, rows, anne):
    for name in ("Per", "Pål"):
        make_contact(name, "Aas", at=make_organisation(f"{name} AS"), email="per.aas@firma.example.org")
    take("outlook-desktop.eml")
    page = pages.get(f"/interactions/{rows()[0].id}", user=anne)
    assert page.texts(".invitee button") == ["Per Aas", "Pål Aas", "None of them"]
    page.submit(".invitee form:nth-of-type(2)")
    (row,) = rows()
    assert [one.name for one in row.contacts] == ["Pål Aas"]
    assert [one.name for one in row.organisations] == ["Pål AS"]


def test_a_stranger_can_be_added_as_a_contact(pages, take, rows, anne, company):
    take("outlook-desktop.eml")
    page = pages.get(f"/interactions/{rows()[0].id}", user=anne)
    (link,) = page.all("#invitation .list-row a")
    form = pages.get(link.get("href"), user=anne)
    assert form.fields()["given_name"] == ["Per"]
    assert form.fields()["family_name"] == ["Aas"]


def test_a_stranger_who_has_become_a_contact_is_put_on(pages, take, rows, anne, company):
    take("until.ics")
    address = f"/interactions/{rows()[0].id}"
    assert not pages.get(address, user=anne).all("#invitation form")
    make_contact("Per", "Aas", at=company, email="per.aas@firma.example.org")
    pages.get(address, user=anne).submit("#invitation form")
    assert {tuple(one.name for one in row.contacts) for row in rows()} == {("Per Aas",)}
    assert not pages.get(address, user=anne).all("#invitation .list-row")


def test_only_who_may_change_the_interaction_answers(pages, take, rows, anne, bjorn, company):
    make_organisation("Firma Eiendom AS", email="post@firma.example.org")
    take("outlook-desktop.eml")
    page = pages.get(f"/interactions/{rows()[0].id}", user=anne)
    (form, *_rest) = page.all(".invitee form")
    token = pages.get("/invitations/", user=bjorn).fields()["csrf_token"]
    values = {"csrf_token": token, "interaction": rows()[0].id, "candidate": 1}
    assert pages.post(form.get("action"), values, user=bjorn).status == 403
    assert pages.post("/invitations/questions/999", values, user=bjorn).status == 404


def test_a_private_meeting_is_not_told_to_others(pages, take, rows, anne, company):
    take("outlook-web.eml")
    other = make_user(email="siri@kommune.example.no")
    assert pages.get(f"/interactions/{rows()[0].id}", user=other, status=403)
    assert "Etableringsstøtte" not in pages.get("/interactions/", user=other).text


@pytest.fixture
def waiting(app, isolation):
    message = operations.receive(raw("outlook-desktop.eml"), via=Via.mailbox, actor=None)
    operations.let_wait(message, reason=Reason.not_authenticated, sender=None)
    db.session.commit()
    return message


def test_an_administrator_takes_what_waits(pages, rows, waiting, anne, administrator):
    assert "Waiting for an administrator" not in pages.get("/invitations/", user=anne).text
    page = pages.get("/invitations/", user=administrator)
    assert "Om tomten på Berger" in page.text
    assert "anne@kommune.example.no" in page.text
    page.submit("#waiting form:nth-of-type(1)")
    assert rows()[0].author_id == anne.id
    assert waiting.state == "taken"
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_type == "InboundMessage").order_by(AuditEvent.id)
    ).all()
    assert [(event.action, event.actor_id) for event in events][:3] == [
        ("created", None),
        ("waits", None),
        ("taken", administrator.id),
    ]


def test_an_administrator_refuses_what_waits(pages, rows, waiting, administrator, outbox):
    page = pages.get("/invitations/", user=administrator)
    page.submit("#waiting form:nth-of-type(2)")
    assert rows() == []
    assert waiting.reason == "refused_by_hand"
    again = page.submit("#waiting form:nth-of-type(1)").follow()
    assert "Somebody else has decided" in again.text
    assert not list(outbox.glob("*.eml")), "nobody is written to who is no user"


def test_what_was_sent_is_kept_out_of_the_audit_log(pages, waiting, administrator):
    page = pages.get("/audit/", user=administrator)
    assert "anne@kommune" not in page.text
    assert db.session.scalar(select(RawMessage.content)) == raw("outlook-desktop.eml")


def test_the_page_costs_the_same_for_many(pages, take, anne, administrator, company):
    make_organisation("Firma Eiendom AS", email="post@firma.example.org")
    few = len(pages.get("/invitations/", user=administrator).statements)
    for number in range(12):
        content = raw("no-end.ics").replace(b"UID:no-end", f"UID:many-{number}".encode())
        take("many.ics", content=content, sender=administrator)
        message = operations.receive(content + b"\r\n", via=Via.mailbox, actor=None)
        operations.let_wait(message, reason=Reason.unknown_sender, sender=None)
    db.session.commit()
    assert db.session.scalars(select(InboundMessage)).all()
    assert len(pages.get("/invitations/", user=administrator).statements) <= few + 1
