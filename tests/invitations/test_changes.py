"""What happens to interactions when the organiser changes, cancels or sends again."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from crm.extensions import db
from crm.interactions.operations import bin_interaction, change_status, update_interaction
from crm.invitations import operations
from crm.invitations.models import InboundMessage, Meeting
from crm.web.clock import local
from tests.invitations.conftest import TODAY, raw
from tests.support.factories import make_contact, make_organisation, make_user


def clock(row):
    return f"{local(row.starts_at):%d.%m %H:%M}"


@pytest.fixture
def planned(take, rows, anne, company, person):
    """The meeting as Outlook first sent it, and its interaction."""
    take("outlook-desktop.eml")
    return lambda: rows()[0]


def test_a_changed_sequence_moves_the_interaction(take, rows, planned):
    message = take("outlook-desktop-moved.eml")
    (row,) = rows()
    assert clock(row) == "02.12 10:00"
    assert row.place == "Teams"
    assert message.results == [["changed", row.id, None]]


def test_an_older_one_changes_nothing(take, rows, planned):
    take("outlook-desktop-moved.eml")
    again = raw("outlook-desktop.eml").replace(b"outlook1@", b"outlook9@")
    message = take("outlook-desktop.eml", content=again)
    (row,) = rows()
    assert clock(row) == "02.12 10:00"
    assert message.results == [["same", row.id, "older"]]


def test_cancelling_cancels_by_whom_it_was(take, rows, planned):
    take("outlook-desktop-cancelled.eml")
    (row,) = rows()
    assert (row.status, row.cancelled_by) == ("cancelled", "us")


def test_somebody_elses_meeting_is_cancelled_by_them(take, rows, anne, company):
    take("apple.eml")
    cancelled = raw("apple.eml").replace(b"SEQUENCE:0", b"SEQUENCE:1\r\nSTATUS:CANCELLED")
    take("apple.eml", content=cancelled)
    (row,) = rows()
    assert (row.status, row.cancelled_by) == ("cancelled", "them")


def test_a_meeting_that_is_called_in_again_is_planned_again(take, rows, planned):
    take("outlook-desktop-cancelled.eml")
    again = changed("outlook-desktop-moved.eml", b"SEQUENCE:1", b"SEQUENCE:3")
    take("again.eml", content=again)
    (row,) = rows()
    assert (row.status, row.cancelled_by) == ("planned", None)


def test_what_people_cancelled_stays_cancelled(take, rows, planned, anne):
    change_status(planned(), actor=anne, version=None, status="cancelled", cancelled_by="us")
    db.session.commit()
    message = take("outlook-desktop-moved.eml")
    (row,) = rows()
    assert row.status == "cancelled"
    assert message.results == [["left", row.id, "kept"]]


def test_what_people_wrote_stays(take, rows, planned, anne):
    other = make_organisation("Annet AS")
    update_interaction(
        planned(),
        actor=anne,
        version=None,
        title="Berger: tomt 14",
        place="Hos dem",
        notes="Ta med kartet",
        organisation_ids=[other.id],
        contact_ids=[],
    )
    db.session.commit()
    take("outlook-desktop-moved.eml")
    (row,) = rows()
    assert (row.title, row.place, row.notes) == ("Berger: tomt 14", "Hos dem", "Ta med kartet")
    assert [one.name for one in row.organisations] == ["Annet AS"]
    assert row.contacts == []
    assert clock(row) == "02.12 10:00"


def test_who_is_newly_invited_comes_in_addition(take, rows, planned, bjorn):
    more = changed(
        "outlook-desktop-moved.eml",
        b"TRANSP:OPAQUE",
        b"TRANSP:OPAQUE\r\nATTENDEE:mailto:bjorn@kommune.example.no",
    )
    take("more.eml", content=more)
    assert {one.name for one in rows()[0].advisors} == {"Anne Rådgiver", "Bjørn Kollega"}


def test_what_lies_in_the_bin_stays_there(take, rows, planned, anne):
    bin_interaction(planned(), actor=anne)
    db.session.commit()
    message = take("outlook-desktop-moved.eml")
    (row,) = rows()
    assert row.is_binned
    assert clock(row) == "01.12 10:00"
    assert message.results[0][2] == "kept"


def test_the_same_uid_through_two_mailboxes_is_one(take, rows, planned):
    through_another = b"Received: from elsewhere\r\n" + raw("outlook-desktop.eml")
    take("other.eml", content=through_another)
    assert len(rows()) == 1
    assert db.session.scalar(select(func.count()).select_from(InboundMessage)) == 2
    assert db.session.scalar(select(func.count()).select_from(Meeting)) == 1


def test_the_same_message_twice_is_one(take, rows, planned):
    take("outlook-desktop.eml")
    assert db.session.scalar(select(func.count()).select_from(InboundMessage)) == 1


def test_one_of_a_series_is_cancelled(take, rows, anne, company):
    take("google-series.eml")
    take("google-series-one-cancelled.eml")
    assert [(clock(row), row.status) for row in rows()] == [
        ("25.11 09:00", "planned"),
        ("03.12 12:00", "planned"),
        ("16.12 09:00", "cancelled"),
        ("23.12 09:00", "planned"),
        ("30.12 09:00", "planned"),
    ]


def test_a_moved_series_moves_its_interactions_and_keeps_what_was_written(take, rows, anne, company):
    take("google-series.eml")
    third = rows()[2]
    update_interaction(third, actor=anne, version=None, notes="Spør om regnskapet")
    db.session.commit()
    take("google-series-later-in-the-day.eml")
    assert [clock(row) for row in rows() if row.status == "planned"] == [
        "25.11 10:00",
        "02.12 10:00",
        "16.12 10:00",
        "23.12 10:00",
        "30.12 10:00",
    ]
    assert next(row.notes for row in rows() if row.starts_on == date(2026, 12, 16)) == "Spør om regnskapet"


def test_a_shortened_series_cancels_what_is_gone(take, rows, anne):
    take("until.ics")
    shorter = (
        raw("until.ics")
        .replace(b"UNTIL=20261223", b"UNTIL=20261209")
        .replace(b"DTSTAMP:202611", b"SEQUENCE:1\r\nDTSTAMP:202612")
    )
    take("until.ics", content=shorter)
    assert [row.status for row in rows()] == ["planned", "planned", "cancelled", "cancelled"]


def test_a_series_is_planned_further_as_time_goes_by(take, rows, anne, company):
    take("ten-thousand.ics")
    for row in rows()[:50]:
        change_status(row, actor=anne, version=None, status="cancelled", cancelled_by="us")
    update_interaction(rows()[-1], actor=anne, version=None, organisation_ids=[company.id])
    db.session.get_one(Meeting, db.session.scalar(select(Meeting.id))).laid_out_to = date(2027, 1, 1)
    db.session.commit()
    assert operations.lay_out_further(date(2026, 11, 25)) == 50
    db.session.commit()
    assert len(rows()) == 110
    assert [one.name for one in rows()[-1].organisations] == ["Firma AS"]
    assert operations.lay_out_further(date(2026, 11, 25)) == 0


def test_somebody_elses_meeting_cannot_be_changed(take, rows, planned):
    stranger = make_user(name="Siri Annen", email="siri@kommune.example.no")
    message = take("outlook-desktop-cancelled.eml", sender=stranger)
    assert message.reason == "not_theirs"
    assert rows()[0].status == "planned"


def test_an_update_into_the_past_is_left(take, rows, planned):
    back = changed("outlook-desktop-moved.eml", b"20261202T1", b"20261102T1")
    message = take("back.eml", content=back)
    assert message.results[0][0] == "left"
    assert clock(rows()[0]) == "01.12 10:00"


def changed(name, before, after):
    """A message with a calendar of other words."""
    import email

    message = email.message_from_bytes(raw(name))
    (part,) = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    content = part.get_payload(decode=True)
    assert before in content
    return content.replace(before, after)


def test_an_emptied_message_keeps_its_interaction(take, rows, planned):
    later = datetime(2027, 1, 15, tzinfo=UTC)
    assert operations.expire(later) == 1
    db.session.commit()
    message = db.session.scalars(select(InboundMessage)).one()
    assert message.raw is None
    assert message.state == "taken"
    assert len(rows()) == 1
    assert operations.expire(TODAY) == 0


def test_candidates_are_never_guessed(take, rows, anne, company):
    make_organisation("Firma Eiendom AS", email="post@firma.example.org")
    take("outlook-desktop.eml")
    assert rows()[0].organisations == []


def test_an_exact_address_goes_before_the_domain(take, rows, anne, company):
    elsewhere = make_organisation("Annet AS")
    make_contact("Per", "Aas", at=elsewhere, email="per.aas@firma.example.org")
    take("outlook-desktop.eml")
    assert [one.name for one in rows()[0].organisations] == ["Annet AS"]


def test_public_providers_and_our_own_domain_say_nothing(take, rows, anne):
    make_organisation("Kommunen", website="https://kommune.example.no")
    make_organisation("En på Gmail", email="noen@gmail.com")
    content = raw("no-end.ics").replace(b"per.aas@firma.example.org", b"per.aas@gmail.com")
    take("gmail.ics", content=content)
    assert rows()[0].organisations == []


def test_who_has_left_brings_no_organisation(take, rows, anne):
    gone = make_organisation("Gamle AS")
    make_contact("Per", "Aas", at=gone, email="per.aas@firma.example.org", ended_on=date(2026, 1, 1))
    take("outlook-desktop.eml")
    assert rows()[0].organisations == []
    assert len(rows()[0].contacts) == 1
