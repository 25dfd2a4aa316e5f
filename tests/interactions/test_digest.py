"""The morning's e-mail, read from the folder where mail lands: who gets it, when, once, and what it never tells."""

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest

from crm.accounts.models import User
from crm.database import now
from crm.extensions import db
from crm.mail import transports
from tests.support.factories import (
    make_absence,
    make_follow_up,
    make_interaction,
    make_organisation,
    make_user,
)

DAY = timedelta(days=1)
TUESDAY = date(2026, 11, 24)
HALF_PAST_SIX = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """What the jobs take the time to be; half past six on a Tuesday in Norway."""

    class Clock:
        now = HALF_PAST_SIX

    for module in ("crm.jobs.commands", "crm.interactions.digest"):
        monkeypatch.setattr(f"{module}.now", lambda: Clock.now)
    return Clock


@pytest.fixture
def run(app, outbox):
    """Run the job from the command line; the messages that are there afterwards, as a mail program reads them."""

    def invoke(*, status=0):
        result = app.test_cli_runner().invoke(args=["jobs", "run", "--only", "digest"])
        assert result.exit_code == status, result.output
        files = sorted(outbox.glob("*.eml")) if outbox.exists() else []
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    return invoke


@pytest.fixture
def kari(app):
    return make_user(name="Kari Nes", email="kari@kommune.example", language="en", wants_digest=True)


@pytest.fixture
def promise(kari):
    """Something that Kari has promised; due that Tuesday unless told otherwise."""

    def make(text="Send kart", due_on=TUESDAY, **more):
        return make_follow_up(**({"owner": kari, "text": text, "due_on": due_on} | more))

    return make


def text_of(message):
    return message.get_content().replace("\r\n", "\n")


def test_it_tells_what_is_overdue_due_planned_and_unanswered_in_that_order(run, clock, kari, promise):
    firm = make_organisation("Æser & Sønner AS")
    promise("Ring dem", TUESDAY - 3 * DAY, organisation=firm)
    promise("Send kart")
    promise("Bestill\nrom", TUESDAY + 5 * DAY)
    promise("Neste uke", TUESDAY + 6 * DAY)
    promise("Gjort", done_at=now())
    promise("En annens", owner=make_user())
    planned = {"status": "planned", "author": make_user(), "advisors": [kari], "organisations": [firm]}
    make_interaction(
        title="Besøk", starts_on=TUESDAY, starts_at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC), **planned
    )
    make_interaction(title="Møtet i går", starts_on=TUESDAY - DAY, **planned)
    make_interaction(title="I morgen", starts_on=TUESDAY + DAY, **planned)
    (message,) = run()
    assert message["To"].addresses[0].addr_spec == "kari@kommune.example"
    assert message["Subject"] == "What waits for you: Tuesday, 24 November 2026"
    assert text_of(message) == (
        "Hello Kari Nes,\n\n"
        "Overdue\n- Ring dem (Æser & Sønner AS), 21 Nov 2026\n\n"
        "Due today\n- Send kart\n\n"
        "Due this week\n- Bestill rom, 29 Nov 2026\n\n"
        "Planned today\n- 10:00 Besøk (Æser & Sønner AS)\n\n"
        "Did it take place?\n- 23 Nov 2026 Møtet i går (Æser & Sønner AS)\n\n"
        "My day:\nhttp://127.0.0.1:8000/\n\n"
        "You get this on working days because you have asked for it on your page. You can turn it off there.\n"
    )


@pytest.mark.parametrize(
    ("language", "subject", "heading"),
    [
        ("nb", "Dette venter på deg: tirsdag 24. november 2026", "Over fristen"),
        ("nn", "Dette ventar på deg: tysdag 24. november 2026", "Over fristen"),
    ],
)
def test_it_speaks_the_language_of_its_reader(run, clock, kari, promise, language, subject, heading):
    reader = make_user(language=language, wants_digest=True)
    promise(due_on=TUESDAY - DAY, owner=reader)
    (message,) = run()
    assert message["Subject"] == subject
    assert heading in text_of(message)


def test_nothing_confidential_leaves_the_house_not_even_to_who_may_read_it(run, clock, kari, promise):
    secret = make_organisation("Hemmelig AS")
    about = make_interaction(title="Nedleggelse", confidential=True, author=kari, organisations=[secret])
    promise("Si fra til styret", interaction=about, organisation=secret)
    promise("Ring klokken ni", TUESDAY - DAY, interaction=about, organisation=secret)
    promise("Send kart", TUESDAY - DAY)
    planned = {"status": "planned", "confidential": True, "advisors": [kari], "organisations": [secret]}
    make_interaction(title="Krisemøte", starts_on=TUESDAY, **planned)
    make_interaction(title="Forrige krisemøte", starts_on=TUESDAY - DAY, **planned)
    make_interaction(title="Enda et", starts_on=TUESDAY - 2 * DAY, **planned)
    (message,) = run()
    raw = text_of(message)
    assert "Overdue\n- Send kart, 23 Nov 2026\n- 1 promise from a confidential interaction: http" in raw
    assert (
        "Due today\n- 1 promise from a confidential interaction: http://127.0.0.1:8000/follow-ups/\n" in raw
    )
    assert "Planned today\n- 1 confidential interaction: http://127.0.0.1:8000/\n" in raw
    assert "Did it take place?\n- 2 confidential interactions: http" in raw
    for word in (
        "Hemmelig",
        "Nedleggelse",
        "styret",
        "klokken ni",
        "risemøte",
        "Enda",
        f"interactions/{about.id}",
    ):
        assert word not in raw


def test_what_is_in_the_bin_is_not_told(run, clock, kari, promise):
    promise(interaction=make_interaction(deleted_at=now()))
    make_interaction(status="planned", starts_on=TUESDAY, advisors=[kari], deleted_at=now())
    assert run() == []


def test_once_however_often_the_command_is_run(run, clock, kari, promise):
    promise()
    assert len(run()) == 1
    assert len(run()) == 1
    for minutes in (5, 30, 600):
        clock.now = HALF_PAST_SIX + timedelta(minutes=minutes)
        assert len(run()) == 1


def test_each_day_once_and_once_after_days_that_were_missed(run, clock, kari, promise):
    promise()
    run()
    clock.now = HALF_PAST_SIX + 9 * DAY + timedelta(hours=7)
    assert len(run()) == 2
    assert len(run()) == 2


@pytest.mark.parametrize(
    "moment",
    [
        HALF_PAST_SIX - timedelta(seconds=1),
        datetime(2026, 11, 28, 9, 0, tzinfo=UTC),
        datetime(2026, 11, 29, 9, 0, tzinfo=UTC),
        datetime(2026, 12, 25, 9, 0, tzinfo=UTC),
        datetime(2027, 5, 17, 9, 0, tzinfo=UTC),
        datetime(2027, 3, 29, 9, 0, tzinfo=UTC),
    ],
    ids=["too early", "Saturday", "Sunday", "Christmas", "17 May", "Easter Monday"],
)
def test_not_before_half_past_six_nor_when_the_office_is_closed(run, clock, kari, promise, moment):
    clock.now = moment
    promise()
    assert run() == []


def test_half_past_six_is_in_norway_also_in_summer(run, clock, kari, promise):
    promise()
    clock.now = datetime(2027, 6, 1, 4, 29, tzinfo=UTC)
    assert run() == []
    clock.now = datetime(2027, 6, 1, 4, 30, tzinfo=UTC)
    assert len(run()) == 1


def test_only_those_who_want_it_are_active_log_and_are_there(run, clock, kari, promise):
    for fields in (
        {"wants_digest": False},
        {"deactivated_at": now()},
        {"is_service": True},
        {"role": "reader"},
    ):
        promise(owner=make_user(**({"wants_digest": True} | fields)))
    away = make_user(wants_digest=True)
    promise(owner=away)
    make_absence(away, TUESDAY - DAY, TUESDAY)
    assert run() == []
    clock.now = HALF_PAST_SIX + DAY
    assert [message["To"].addresses[0].addr_spec for message in run()] == [away.email]


def test_nothing_to_say_is_not_said_nor_later_that_day(run, clock, kari, promise):
    assert run() == []
    promise()
    clock.now = HALF_PAST_SIX + timedelta(hours=2)
    assert run() == []
    clock.now = HALF_PAST_SIX + DAY
    assert len(run()) == 1


def test_what_could_not_be_handed_over_is_tried_again_and_holds_none_up(
    run, clock, kari, promise, monkeypatch
):
    promise()
    ola = make_user(email="ola@kommune.example", wants_digest=True)
    promise(owner=ola)
    deliver = transports.deliver

    def refuse_kari(message, url):
        if "kari@" in message["To"]:
            raise ConnectionRefusedError
        deliver(message, url)

    monkeypatch.setattr(transports, "deliver", refuse_kari)
    assert [message["To"].addresses[0].addr_spec for message in run(status=1)] == [ola.email]
    monkeypatch.setattr(transports, "deliver", deliver)
    clock.now = HALF_PAST_SIX + timedelta(minutes=5)
    assert len(run()) == 1
    clock.now = HALF_PAST_SIX + timedelta(minutes=10)
    assert {message["To"].addresses[0].addr_spec for message in run()} == {ola.email, kari.email}


def test_one_sent_twice_would_have_the_same_id_and_no_other(run, clock, kari, promise):
    promise()
    promise(owner=make_user(wants_digest=True))
    first = {message["Message-ID"] for message in run()}
    clock.now = HALF_PAST_SIX + DAY
    both = {message["Message-ID"] for message in run()}
    assert len(first) == 2
    assert len(both) == 4
    assert f"<digest-2026-11-24-{kari.id}@localhost>" in first


def test_much_is_cut_short_and_counted(run, clock, kari, promise):
    for number in range(23):
        promise(f"Løfte {number}")
    (message,) = run()
    assert text_of(message).count("- Løfte") == 20
    assert "- and 3 more\n" in text_of(message)


def test_the_setting_is_one_s_own_and_off_to_begin_with(pages):
    member = make_user(language="en")
    page = pages.get("/profile", user=member)
    assert page.one("#wants_digest").get("checked") is None
    assert page.submit("#details form", wants_digest="y").status == 302
    assert db.session.get_one(User, member.id).wants_digest
    page = pages.get("/profile", user=member)
    assert page.one("#wants_digest").get("checked") is not None
    page.submit("#details form", wants_digest=None)
    assert not db.session.get_one(User, member.id).wants_digest
    reader = make_user("reader", language="en")
    assert pages.get("/profile", user=reader).all("#wants_digest") == []
