"""From the page to the mail that a calendar reads, and from the answer back to who takes part."""

from datetime import date, time, timedelta
from email import message_from_bytes, policy

import pytest
import vobject

from crm.audit.recording import record
from crm.calendars.writing import Answer
from crm.database import now
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.interactions.operations import bin_interaction, change_status
from crm.scheduling import operations
from crm.scheduling.models import Guest
from crm.scheduling.sending import CLAIM_LASTS, send_due
from crm.web.clock import instant, today
from tests.support.factories import make_contact, make_interaction, make_organisation, make_user

DAY = today() + timedelta(days=10)


@pytest.fixture
def advisor(app, isolation):
    return make_user(name="Anne Rådgiver", email="anne@kommune.example", language="en")


@pytest.fixture
def meeting(advisor):
    company = make_organisation("Aas & Sønn AS")
    people = [
        make_contact("Kari", "Ås", at=company, email="kari@aas.example"),
        make_contact("Per", "Berg", at=company, email="per@aas.example", language="nn"),
        make_contact("Uten", "Adresse", at=company),
    ]
    colleague = make_user(name="Bjørn Kollega", email="bjorn@kommune.example")
    return make_interaction(
        title="Møte om tomten på Berger",
        kind="meeting",
        status="planned",
        starts_on=DAY,
        starts_at=instant(DAY, time(9, 30)),
        ends_at=instant(DAY, time(10, 30)),
        place="Rådhuset, møterom «Ås»",
        notes="Hemmelig tanke",
        organisations=[company],
        contacts=people,
        advisors=[advisor, colleague],
    )


@pytest.fixture
def mails(outbox):
    """What has been sent since the last look, by address: (headers, text, the calendar as vobject reads it)."""

    def look():
        found = {}
        for file in sorted(outbox.glob("*.eml")):
            message = message_from_bytes(file.read_bytes(), policy=policy.default)
            (calendar,) = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
            text = message.get_body(("plain",)).get_content()
            to = message["To"].addresses[0].addr_spec
            assert to not in found, "told twice at once"
            found[to] = (message, text, vobject.readOne(calendar.get_content()), calendar)
            file.unlink()
        return found

    return look


def invite(pages, meeting, user, **values):
    page = pages.get(f"/interactions/{meeting.id}", user=user)
    assert f"/interactions/{meeting.id}/invitations" in [a.get("href") for a in page.all("a")]
    return pages.get(f"/interactions/{meeting.id}/invitations", user=user).submit(**values)


def edit(pages, meeting, user, **values):
    page = pages.get(f"/interactions/{meeting.id}/edit", user=user)
    assert page.submit("#log-form", status="planned", **values).status == 302


def test_an_invitation_is_what_a_calendar_reads(pages, meeting, advisor, mails):
    page = invite(pages, meeting, advisor, message="Ta med tegningene").follow()
    assert "3 guests are told by e-mail." in page.text
    sent = mails()
    assert sent.keys() == {"kari@aas.example", "per@aas.example", "bjorn@kommune.example"}
    message, text, calendar, part = sent["kari@aas.example"]
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert message["Reply-To"].addresses[0].addr_spec == "anne@kommune.example"
    assert "Ta med tegningene" in text
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.summary.value == "Møte om tomten på Berger"
    assert event.location.value == "Rådhuset, møterom «Ås»"
    assert (event.dtstart.value, event.dtend.value) == (meeting.starts_at, meeting.ends_at)
    assert event.organizer.value == "mailto:naeringskontakt@localhost"
    assert event.organizer.params["CN"] == ["Anne Rådgiver"]
    asked = {attendee.value: attendee.params for attendee in event.contents["attendee"]}
    assert asked.keys() == {f"mailto:{address}" for address in sent}
    assert asked["mailto:kari@aas.example"]["RSVP"] == ["TRUE"]
    assert "Hemmelig" not in message.as_string() + text + str(calendar.serialize())
    assert sent["per@aas.example"][0]["Subject"] == "Invitasjon: Møte om tomten på Berger"
    assert "inviterer deg til eit møte" in sent["per@aas.example"][1]


def test_whoever_invites_is_not_written_to_and_who_has_no_address_is_named(pages, meeting, advisor):
    page = pages.get(f"/interactions/{meeting.id}/invitations", user=advisor)
    assert "Without an e-mail address: Uten Adresse" in page.text
    assert len(page.all("[name=people]")) == 3


def test_nobody_is_told_twice_for_nothing(pages, meeting, advisor, mails):
    invite(pages, meeting, advisor)
    first = mails()["kari@aas.example"][2].vevent
    edit(pages, meeting, advisor, notes="Noe helt annet")
    assert mails() == {}
    assert pages.get(f"/interactions/{meeting.id}/invitations", user=advisor).all("[name=people]") == []
    edit(pages, meeting, advisor, place="Berger")
    changed = mails()
    assert len(changed) == 3
    event = changed["kari@aas.example"][2].vevent
    assert changed["kari@aas.example"][0]["Subject"] == "Endret: Møte om tomten på Berger"
    assert event.uid.value == first.uid.value
    assert int(event.sequence.value) > int(first.sequence.value)
    assert event.location.value == "Berger"
    send_due()
    assert mails() == {}


@pytest.mark.parametrize("how", ["cancelled", "binned"])
def test_a_meeting_that_falls_away_is_taken_out_of_their_calendars_once(pages, meeting, advisor, mails, how):
    invite(pages, meeting, advisor)
    before = mails()["kari@aas.example"][2].vevent
    if how == "cancelled":
        page = pages.get(f"/interactions/{meeting.id}", user=advisor)
        pages.post(
            f"/interactions/{meeting.id}/status",
            {"csrf_token": page.fields()["csrf_token"][0], "status": "cancelled", "cancelled_by": "us"},
            user=advisor,
        )
    else:
        bin_interaction(db.session.get(Interaction, meeting.id), actor=advisor)
        db.session.commit()
        send_due()
    sent = mails()
    assert len(sent) == 3
    message, text, calendar, part = sent["kari@aas.example"]
    assert part["Content-Type"].params["method"] == calendar.method.value == "CANCEL"
    assert calendar.vevent.status.value == "CANCELLED"
    assert calendar.vevent.uid.value == before.uid.value
    assert int(calendar.vevent.sequence.value) >= int(before.sequence.value)
    assert message["Subject"].startswith("Avlyst: ")
    assert "har avlyst dette møtet" in text
    send_due()
    assert mails() == {}


def test_planned_again_they_are_invited_again(meeting, advisor, mails):
    operations.invite(meeting, actor=advisor, contact_ids=[c.id for c in meeting.contacts[:1]], user_ids=[])
    db.session.commit()
    send_due()
    mails()
    for status in ("cancelled", "planned"):
        change_status(meeting, actor=advisor, version=None, status=status)
        db.session.commit()
        send_due()
        (sent,) = mails().values()
    assert sent[2].method.value == "REQUEST"


def test_somebody_taken_out_of_the_meeting_is_told_and_nobody_else(pages, meeting, advisor, mails):
    invite(pages, meeting, advisor)
    mails()
    kari = next(c for c in meeting.contacts if c.given_name == "Kari")
    edit(pages, meeting, advisor, contact=[str(c.id) for c in meeting.contacts if c is not kari])
    sent = mails()
    assert sent.keys() == {"kari@aas.example"}
    assert sent["kari@aas.example"][2].method.value == "CANCEL"
    assert "har tatt deg av listen" in sent["kari@aas.example"][1]


def test_an_invitation_is_taken_back_with_one_button(pages, meeting, advisor, mails):
    invite(pages, meeting, advisor)
    mails()
    page = pages.get(f"/interactions/{meeting.id}", user=advisor)
    (action,) = [f.get("action") for f in page.all("form") if str(f.get("action")).endswith("withdraw")][:1]
    assert page.submit(f'form[action="{action}"]').status == 302
    assert len(mails()) == 1


def reply(uid, email, answer, sequence=0, at=None):
    made = operations.take_reply(uid=uid, email=email, answer=answer, sequence=sequence, at=at or now())
    db.session.commit()
    return made


def names(meeting):
    return sorted(contact.given_name for contact in db.session.get(Interaction, meeting.id).contacts)


def test_an_answer_sets_who_takes_part(pages, meeting, advisor, mails):
    invite(pages, meeting, advisor)
    event = mails()["kari@aas.example"][2].vevent
    uid, sequence = event.uid.value, int(event.sequence.value)
    assert reply(uid, "Kari@AAS.example", "DECLINED", sequence).answer == Answer.declined
    assert names(meeting) == ["Per", "Uten"]
    send_due()
    assert mails() == {}, "a no is no news to the others"
    page = pages.get(f"/interactions/{meeting.id}", user=advisor)
    assert "Not coming" in page.text
    assert reply(uid, "kari@aas.example", "ACCEPTED", sequence)
    assert names(meeting) == ["Kari", "Per", "Uten"]


def test_who_said_no_hears_of_a_new_time(pages, meeting, advisor, mails):
    invite(pages, meeting, advisor)
    uid = mails()["kari@aas.example"][2].vevent.uid.value
    reply(uid, "kari@aas.example", "DECLINED", 99)
    edit(pages, meeting, advisor, date=(DAY + timedelta(days=1)).strftime("%d.%m.%Y"))
    assert "kari@aas.example" in mails()


@pytest.mark.parametrize(
    ("uid", "email", "answer", "late"),
    [
        ("{uid}", "fremmed@aas.example", "ACCEPTED", 0),
        ("interaction-999999@127.0.0.1", "kari@aas.example", "ACCEPTED", 0),
        ("interaction-1@annet.example", "kari@aas.example", "ACCEPTED", 0),
        ("{uid}", "kari@aas.example", "PERHAPS", 0),
        ("{uid}", "kari@aas.example", "DECLINED", -1),
    ],
    ids=["never asked", "no such meeting", "another's calendar", "no answer", "older than the last"],
)
def test_what_is_no_answer_changes_nothing(pages, meeting, advisor, mails, uid, email, answer, late):
    invite(pages, meeting, advisor)
    event = mails()["kari@aas.example"][2].vevent
    at = now()
    reply(event.uid.value, "kari@aas.example", "TENTATIVE", int(event.sequence.value), at)
    given = uid.format(uid=event.uid.value)
    assert reply(given, email, answer, int(event.sequence.value), at + timedelta(days=late or 1)) is None
    assert names(meeting) == ["Kari", "Per", "Uten"]


def test_an_answer_to_a_time_that_was_changed_is_no_answer_to_the_new_one(pages, meeting, advisor, mails):
    invite(pages, meeting, advisor)
    event = mails()["kari@aas.example"][2].vevent
    edit(pages, meeting, advisor, place="Berger")
    assert reply(event.uid.value, "kari@aas.example", "ACCEPTED", int(event.sequence.value)) is None


def test_mail_that_cannot_be_sent_is_said_and_sent_at_the_next_try(
    app, pages, meeting, advisor, mails, tmp_path
):
    settings = app.config["CRM"]
    (tmp_path / "full").write_text("no folder")
    app.config["CRM"] = settings.model_copy(update={"mail_url": f"file:{tmp_path / 'full' / 'outbox'}"})
    try:
        page = invite(pages, meeting, advisor).follow()
    finally:
        app.config["CRM"] = settings
    assert len([text for text in page.texts(".ds-tag") if text == "Not sent"]) == 3
    assert send_due().told == 3
    assert len(mails()) == 3
    assert "Not sent" not in pages.get(f"/interactions/{meeting.id}", user=advisor).text


def test_what_another_process_is_sending_is_left_to_it_for_ten_minutes(meeting, advisor, mails):
    (guest,) = operations.invite(meeting, actor=advisor, contact_ids=[meeting.contacts[0].id], user_ids=[])
    guest.claimed_at = now()
    db.session.commit()
    assert send_due().told == 0
    db.session.get(Guest, guest.id).claimed_at = now() - CLAIM_LASTS - timedelta(seconds=1)
    db.session.commit()
    assert send_due().told == 1
    assert len(mails()) == 1


def test_only_to_what_is_still_to_come(pages, advisor):
    colleague = make_user()
    past = make_interaction(advisors=[advisor, colleague], title="Over")
    page = pages.get(f"/interactions/{past.id}/invitations", user=advisor)
    page = page.submit(people=[f"user-{colleague.id}"], message="Skrevet med omhu")
    assert page.status == 422
    assert "still to come" in page.text
    assert "Skrevet med omhu" in page.text


def test_who_may_not_change_the_meeting_invites_nobody(pages, meeting):
    stranger = make_user(language="en")
    pages.get(f"/interactions/{meeting.id}/invitations", user=stranger, status=403)
    assert not pages.get(f"/interactions/{meeting.id}", user=stranger).all("#invitations")


def test_a_whole_day(meeting, advisor, mails):
    meeting.starts_at = meeting.ends_at = None
    operations.invite(meeting, actor=advisor, contact_ids=[meeting.contacts[0].id], user_ids=[])
    record(meeting, actor=advisor)
    db.session.commit()
    send_due()
    (sent,) = mails().values()
    assert type(sent[2].vevent.dtstart.value) is date
    assert sent[2].vevent.dtstart.value == DAY


def test_many_invited_cost_no_more_statements(pages, meeting, advisor):
    one = pages.get(f"/interactions/{meeting.id}", user=advisor).statements
    invite(pages, meeting, advisor)
    assert len(pages.get(f"/interactions/{meeting.id}", user=advisor).statements) == len(one)
