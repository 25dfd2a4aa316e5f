"""From the e-mail in which somebody answers our invitation to who takes part."""

from datetime import date

import pytest

from crm.extensions import db
from crm.interactions.models import Interaction
from crm.invitations import operations
from crm.invitations.models import Proof, Via
from crm.scheduling.models import Guest
from crm.scheduling.operations import invite
from tests.invitations.conftest import TODAY, raw
from tests.invitations.test_mailbox import PROVED, TRUSTED, answers, fetch, messages, server
from tests.support.factories import make_interaction

__all__ = ["fetch", "server"]
PROVED_THEIRS = f"Authentication-Results: {TRUSTED}; dkim=pass header.d=firma.example.org\r\n".encode()


@pytest.fixture
def meeting(anne, company, person):
    made = make_interaction(
        kind="meeting",
        status="planned",
        title="Møte om tomten",
        starts_on=date(2026, 12, 3),
        advisors=[anne],
        organisations=[company],
        contacts=[person],
    )
    (guest,) = invite(made, actor=anne, contact_ids=[person.id], user_ids=[])
    guest.told, guest.told_sequence, guest.email = "x", 0, person.email
    db.session.commit()
    return made


def reply(name, meeting):
    return raw(name).replace(b"IDENTITY", str(meeting.id).encode())


def said(meeting):
    """What the contact answered, and who takes part."""
    db.session.expire_all()
    (answer,) = db.session.scalars(db.select(Guest.answer).where(Guest.interaction_id == meeting.id))
    return answer, [one.name for one in db.session.get(Interaction, meeting.id).contacts]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("reply-outlook.eml", ("DECLINED", [])), ("reply-google.eml", ("ACCEPTED", ["Per Aas"]))],
)
def test_a_proved_answer_sets_who_takes_part_and_is_not_answered(fetch, meeting, outbox, name, expected):
    fetch(PROVED_THEIRS + reply(name, meeting))
    assert [(one.state, one.results) for one in messages()] == [("taken", [["answered", meeting.id, None]])]
    assert said(meeting) == expected
    assert answers(outbox) == []


def test_the_later_answer_counts_in_whatever_order_they_come(fetch, meeting):
    fetch(
        PROVED_THEIRS + reply("reply-google.eml", meeting),
        PROVED_THEIRS + reply("reply-outlook.eml", meeting),
    )
    assert said(meeting) == ("ACCEPTED", ["Per Aas"])
    assert [one.state for one in messages()] == ["taken", "refused"]


def test_an_answer_that_nobody_proved_waits_for_an_administrator(fetch, meeting, administrator, outbox):
    fetch(reply("reply-outlook.eml", meeting))
    (message,) = messages()
    assert (message.state, message.reason) == ("waiting", "not_authenticated")
    assert said(meeting) == ("NEEDS-ACTION", ["Per Aas"])
    operations.take_in(message, proof=Proof.operator, sender=None, actor=administrator)
    db.session.commit()
    assert said(meeting) == ("DECLINED", [])
    assert answers(outbox) == []


def test_nobody_answers_for_somebody_else(fetch, meeting):
    forged = reply("reply-outlook.eml", meeting).replace(b"<per.aas@", b"<anne.aas@")
    fetch(PROVED_THEIRS + forged)
    assert said(meeting) == ("NEEDS-ACTION", ["Per Aas"])


def test_an_answer_to_somebody_elses_invitation_is_put_aside(fetch, meeting):
    fetch(PROVED + raw("reply-outlook.eml").replace(b"IDENTITY@crm.example.no", b"1@annet.example"))
    assert [one.state for one in messages()] == ["refused"]
    assert said(meeting) == ("NEEDS-ACTION", ["Per Aas"])


def test_an_answer_from_the_future_is_from_now(fetch, meeting):
    fetch(PROVED_THEIRS + reply("reply-outlook.eml", meeting).replace(b"DTSTAMP:2026", b"DTSTAMP:2099"))
    assert said(meeting) == ("DECLINED", [])
    (answered,) = db.session.scalars(db.select(Guest.answered_at))
    assert answered.year <= TODAY.year


def test_whoever_uploads_an_answer_is_told_that_it_changes_nothing(meeting, anne):
    message = operations.receive(reply("reply-outlook.eml", meeting), via=Via.upload, actor=anne)
    operations.take_in(message, proof=Proof.operator, sender=anne)
    assert message.reason == "reply"


def test_our_own_meeting_that_a_calendar_gives_back_makes_no_second_one(meeting, anne, take, pages, rows):
    file = pages.get(f"/interactions/{meeting.id}.ics", user=anne).response.data
    message = take("own.ics", sender=anne, content=file)
    assert [did for did, _identity, _why in message.results] == ["same"]
    assert [one.id for one in rows()] == [meeting.id]
