"""From the file that is dropped on the page to the row in the database."""

import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from crm.enquiries import operations
from crm.enquiries.models import Enquiry
from crm.extensions import db
from tests.enquiries.test_mail_reading import message, raw
from tests.support.factories import make_contact, make_organisation, make_user

FORM = "#enquiry-form"
DROP = ".mail-drop form"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    """The messages are from a day in November 2026."""
    for module in (
        "crm.web.clock",
        "crm.enquiries.views.mail",
        "crm.enquiries.views.new",
        "crm.enquiries.forms",
    ):
        monkeypatch.setattr(f"{module}.now", lambda: NOW)


@pytest.fixture
def first_line(app, isolation):
    return make_user("first_line", name="Frida", email="frida@kommune.example.no", language="en")


@pytest.fixture
def drop(pages, first_line):
    """Drop a file on the page with the list. The page that it leads to."""

    def dropped(name="message.eml", content=None, at="/enquiries/"):
        file = (io.BytesIO(raw(name) if content is None else content), name)
        return pages.get(at, user=first_line).submit(DROP, mail=[file])

    return dropped


def only():
    return db.session.scalars(select(Enquiry)).one()


def test_an_email_of_somebody_unknown_becomes_an_enquiry_after_a_look(drop):
    page = drop("outlook.eml")
    assert page.status == 200
    assert "Look through it before you save." in page.text
    assert db.session.scalar(select(func.count(Enquiry.id))) == 0
    shown = page.submit(FORM).follow()
    assert shown.h1 == "Lokaler på Kjeller?"
    made = only()
    assert (made.channel, made.caller_name, made.caller_organisation) == (
        "email",
        "Åse Bjørnstad",
        "Nordlys Robotikk AS",
    )
    assert (made.caller_email, made.caller_phone) == (
        "aase.bjornstad@nordlys-robotikk.example",
        "+4790012345",
    )
    assert made.received_at == datetime(2026, 11, 23, 9, 15, 30, tzinfo=UTC)
    assert made.due_on.isoformat() == "2026-11-26"
    assert made.text.startswith("Hei!\n\nVi ser etter lokaler på Kjeller")
    assert made.text.endswith("2 attachments in the e-mail: Presentasjon bjørn.pdf, tall.xlsx")
    assert len(made.message_key) == 64


def test_the_sender_is_known_by_the_address_and_the_organisation_by_where_they_work(drop):
    firm = make_organisation("Fjellheim Eiendom AS")
    tone = make_contact("Tone", "Hansen", at=firm, email="tone@fjellheim.example", phone="+4792233444")
    page = drop("forwarded-outlook.eml", at="/enquiries/new")
    fields = page.fields(FORM)
    assert (fields["organisation"], fields["contact"]) == ([str(firm.id)], [str(tone.id)])
    assert fields["caller_name"] == fields["caller_phone"] == fields["caller_email"] == [""]
    page.submit(FORM)
    made = only()
    assert (made.organisation, made.contact, made.caller_email) == (firm, tone, None)
    assert "Forwarded by Per Saksbehandler: Hei, kan dere ta denne?" in made.text
    assert "Earlier in the e-mail:\nFra: Jens Vik" in made.text


def test_an_organisation_is_known_by_the_domain_of_the_address(drop):
    firm = make_organisation("Nordlys Robotikk AS", website="https://www.nordlys-robotikk.example/om")
    drop("outlook.eml").submit(FORM)
    made = only()
    assert (made.organisation, made.caller_organisation, made.caller_name) == (firm, None, "Åse Bjørnstad")


def test_a_provider_of_mail_for_everybody_tells_nothing(drop):
    make_organisation("Gmail Norge AS", website="https://gmail.com")
    drop("gmail.eml").submit(FORM)
    assert (only().organisation, only().caller_email) == (None, "ola.grunder@gmail.com")


def test_of_two_with_one_address_the_user_chooses(drop):
    one, other = make_organisation("A AS"), make_organisation("B AS")
    for given, place in (("Tone", one), ("Tora", other)):
        make_contact(given, "Hansen", at=place, email="tone@fjellheim.example")
    drop("forwarded-outlook.eml").submit(FORM)
    made = only()
    assert (made.contact, made.organisation, made.caller_name) == (None, None, "Tone Hansen")


@pytest.mark.parametrize("again", ["forwarded-attached.eml", "original.eml"])
def test_the_same_email_dropped_again_leads_to_what_it_became(drop, again):
    drop("original.eml").submit(FORM)
    page = drop(again)
    assert page.status == 302
    shown = page.follow()
    assert "has been taken in already" in shown.text
    assert shown.h1 == "Reguleringsplan"
    assert only().caller_name == "Mona Li"


def test_what_was_read_twice_before_it_was_saved_is_saved_once_and_nothing_typed_is_lost(drop):
    first, second = drop("original.eml"), drop("original.eml")
    first.submit(FORM)
    refused = second.submit(FORM, subject="Reguleringsplan på Heia")
    assert refused.status == 422
    assert "has been taken in already" in refused.text
    assert refused.fields(FORM)["subject"] == ["Reguleringsplan på Heia"]
    assert only().subject == "Reguleringsplan"


def test_after_the_enquiry_went_to_the_bin_the_email_may_come_again(drop, first_line):
    drop("original.eml").submit(FORM)
    operations.bin_enquiry(only(), actor=first_line)
    db.session.commit()
    assert drop("original.eml").submit(FORM).status == 302
    assert db.session.scalar(select(func.count(Enquiry.id))) == 2


def test_what_stands_in_the_form_stays_when_it_is_refused(drop):
    refused = drop("outlook.eml").submit(FORM, subject="")
    assert refused.status == 422
    fields = refused.fields(FORM)
    assert fields["caller_name"] == ["Åse Bjørnstad"]
    assert len(fields["message_key"][0]) == 64
    assert refused.submit(FORM, subject="Lokaler").status == 302
    assert only().received_at == datetime(2026, 11, 23, 9, 15, 30, tzinfo=UTC)


REFUSED = {
    "outlook.msg": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "Save the e-mail as .eml"),
    "renamed.msg": (b"From: a@b.example\n\nHei", "Save the e-mail as .eml"),
    "bilde.png": (b"\x89PNG\r\n\x1a\n" + b"\x01" * 900, "Choose a file that ends in .eml"),
    "tom.eml": (b"", "The e-mail is empty"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_what_to_do(drop, name):
    content, words = REFUSED[name]
    page = drop(name, content)
    assert page.status == 422
    assert words in page.text
    assert page.one("#mail").get("aria-invalid") == "true"
    assert page.one(FORM) is not None


def test_one_that_is_too_large_is_refused_with_what_to_do(drop, monkeypatch):
    monkeypatch.setattr("crm.mail.reading.MOST_BYTES", 1_000)
    page = drop("stor.eml", message("x" * 2_000))
    assert page.status == 422
    assert "Save it without its attachments" in page.text


def test_nothing_chosen_is_said(pages, first_line):
    page = pages.get("/enquiries/", user=first_line).submit(DROP)
    assert page.status == 422
    assert "Choose the file with the e-mail first." in page.text


def test_an_email_that_cannot_be_read_in_full_says_so(drop):
    page = drop("encrypted.eml")
    assert "but for its text" in page.text
    assert page.fields(FORM)["caller_email"] == ["hemmelig@bank.example"]


def test_markup_in_an_email_is_words_on_the_page(drop):
    page = drop(
        "x.eml", message("<script>alert(1)</script> & <b>hei", head="Subject: <img src=x onerror=y>\n")
    )
    assert not page.all("main script, main img")
    shown = page.submit(FORM).follow()
    assert shown.h1 == "<img src=x onerror=y>"


@pytest.mark.parametrize(
    "forged", ["2999-01-01T00:00:00+00:00", "1999-01-01T00:00:00+00:00", "x", "2026-11-23"]
)
def test_a_moment_that_makes_no_sense_is_now(drop, forged):
    drop("outlook.eml").submit(FORM, received_at=forged, message_key="x" * 500)
    made = only()
    assert abs((made.received_at - datetime.now(UTC)).total_seconds()) < 120
    assert made.message_key is None


def test_readers_drop_nothing(pages, reader):
    page = pages.get("/enquiries/", user=reader)
    assert not page.all(".mail-drop")
