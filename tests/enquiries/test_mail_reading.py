"""From a saved e-mail, as people's programs write it, to what the form is filled in with."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm.enquiries.reading import read

MESSAGES = Path(__file__).parent / "messages"
AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def raw(name):
    return (MESSAGES / name).read_bytes()


def is_ours(email):
    return email.endswith("@kommune.example.no")


def drafted(name):
    return read(raw(name), is_ours=is_ours, at=AT)


CALLERS = {
    "outlook.eml": ("Åse Bjørnstad", "aase.bjornstad@nordlys-robotikk.example", "+4790012345"),
    "gmail.eml": ("Ola Gründer", "ola.grunder@gmail.com", "+4741234567"),
    "apple.eml": ("Siri Sørlie", "post@sorlie-bakeri.example", "+4795001122"),
    "html-only.eml": ("Nyhet", "post@butikk.example", None),
    "windows-1252.eml": ("Jørgen Næss", "jorgen@smed.example", None),
    "web-form.eml": ("Knut Moe", "knut@moe.example", "+4798765432"),
    "forwarded-outlook.eml": ("Tone Hansen", "tone@fjellheim.example", "+4792233444"),
    "forwarded-html.eml": ("James O'Neill", "james@harbour-energy.example", "+442079460958"),
    "forwarded-gmail.eml": ("Lars Ås", "lars@festival.example", None),
    "forwarded-apple.eml": ("Gunnar Bonde", "gunnar@gard.example", None),
    "forwarded-attached.eml": ("Mona Li", "mona@arkitekt.example", None),
    "original.eml": ("Mona Li", "mona@arkitekt.example", None),
    "encrypted.eml": ("Hemmelig", "hemmelig@bank.example", None),
    "broken.eml": ("Odd", "odd@rar.example", None),
}


@pytest.mark.parametrize("name", CALLERS)
def test_the_caller_is_who_wrote_it_first(name):
    draft = drafted(name)
    assert (draft.name, draft.email, draft.phone) == CALLERS[name]


SUBJECTS = {
    "outlook.eml": "Lokaler på Kjeller?",
    "gmail.eml": "Etablererstipend – hvem hjelper?",
    "windows-1252.eml": "Støtte til smie på Årnes – “rask” hjelp",
    "forwarded-outlook.eml": "Spørsmål om tomt på Heia",
    "forwarded-gmail.eml": "Sommerfest på torget",
    "forwarded-apple.eml": "Tilskudd til beiting",
    "forwarded-attached.eml": "Reguleringsplan",
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_subject_is_the_callers_own(name):
    assert drafted(name).subject == SUBJECTS[name]


RECEIVED = {
    "outlook.eml": datetime(2026, 11, 23, 9, 15, 30, tzinfo=UTC),
    "gmail.eml": datetime(2026, 11, 23, 20, 40, 11, tzinfo=UTC),
    "forwarded-outlook.eml": datetime(2026, 11, 20, 12, 45, tzinfo=UTC),
    "forwarded-html.eml": datetime(2026, 11, 23, 13, 5, tzinfo=UTC),
    "forwarded-gmail.eml": datetime(2026, 11, 23, 9, 15, tzinfo=UTC),
    "forwarded-apple.eml": datetime(2026, 11, 22, 17, 30, tzinfo=UTC),
    "forwarded-attached.eml": datetime(2026, 11, 22, 22, 30, tzinfo=UTC),
    "broken.eml": None,
}


@pytest.mark.parametrize("name", RECEIVED)
def test_it_came_when_the_caller_sent_it(name):
    assert drafted(name).received_at == RECEIVED[name]


def test_the_text_is_kept_with_its_signature_and_without_pictures_and_markup():
    draft = drafted("outlook.eml")
    assert draft.text.startswith("Hei!\n\nVi ser etter lokaler på Kjeller, ca. 400-600 m²")
    assert draft.text.endswith("Tlf: 64 84 00 00 | Mob: 900 12 345")
    assert draft.firm == "Nordlys Robotikk AS"
    assert draft.attached == ("Presentasjon bjørn.pdf", "tall.xlsx")
    assert drafted("html-only.eml").text == (
        "Vi ønsker et møte om å utvide butikken.\n\nFørst\nSå\nHilsen\nBerit"
    )
    assert drafted("windows-1252.eml").text == "Jeg trenger støtte – det koster 50 000 €."
    assert "ansette to lærlinger og lurer på hvilke ordninger som finnes." in drafted("apple.eml").text


def test_earlier_messages_are_kept_apart():
    draft = drafted("gmail.eml")
    assert draft.text.endswith("41 23 45 67.\n\nOla")
    assert draft.history.startswith("man. 16. nov. 2026 kl. 08:12 skrev Næringskontoret")
    assert "Send oss gjerne et par linjer." in draft.history
    assert "63 80 00 00" not in draft.text


def test_a_forward_is_told_from_what_the_colleague_wrote_above_it():
    draft = drafted("forwarded-outlook.eml")
    assert draft.forwarded_by.email == "per@kommune.example.no"
    assert draft.cover == "Hei, kan dere ta denne? Den haster litt.\n\nHilsen Per\nByggesak, tlf. 63 80 11 11"
    assert draft.text.startswith("Hei,\nhvem eier tomten")
    assert draft.text.endswith("Mobil 922 33 444")
    assert "Kan du spørre kommunen?" in draft.history
    assert drafted("forwarded-attached.eml").cover == "Denne er til deg."
    assert drafted("forwarded-attached.eml").attached == ("plan.pdf",)
    assert drafted("outlook.eml").forwarded_by is None


def test_a_message_is_the_same_however_it_came():
    keys = [drafted(name).key for name in ("original.eml", "forwarded-attached.eml", "gmail.eml")]
    assert keys[0] == keys[1] != keys[2]
    assert all(len(key) == 64 for key in keys)
    assert drafted("broken.eml").key is None


def message(text, *, sender="Ola <ola@firma.example>", head="", kind="text/plain; charset=utf-8"):
    return (
        f"From: {sender}\nDate: Mon, 23 Nov 2026 12:00:00 +0100\n{head}MIME-Version: 1.0\n"
        f"Content-Type: {kind}\n\n{text}"
    ).encode()


def read_text(text, **more):
    return read(message(text, **more), is_ours=is_ours, at=AT)


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("Mon, 23 Nov 2026 12:00:00 +0100", datetime(2026, 11, 23, 11, 0, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 12:00:00 -0000", datetime(2026, 11, 23, 12, 0, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 23:59:00 +0100", None),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Mon, 01 Jan 0001 00:00:00 +0100", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
        ("i går", None),
    ],
)
def test_a_day_that_makes_no_sense_is_not_believed(date, found):
    content = message("Hei").replace(b"Mon, 23 Nov 2026 12:00:00 +0100", date.encode())
    assert read(content, is_ours=is_ours, at=AT).received_at == found


@pytest.mark.parametrize(
    ("signature", "phone"),
    [
        ("Mvh\nOla\nTlf. 63 80 00 00", "+4763800000"),
        ("Mvh\nOla\nFaks 63 80 00 01\nTelefon: (+47) 63 80 00 00", "+4763800000"),
        ("Møte 23.11.2026\nMvh Ola", None),
        ("Org.nr. 912345678\nKonto 1234 56 78903", None),
        ("M +46 8 123 456 78", "+46812345678"),
    ],
)
def test_a_number_in_the_signature_is_one_to_call(signature, phone):
    assert read_text(f"Hei.\n\n{signature}").phone == phone


@pytest.mark.parametrize(
    "head",
    [
        "Fra: Eva <eva@firma.example>\nSendt: mandag 23. november 2026 10:15\nTil: oss\nEmne: Torg",
        "*Frå:* Eva <eva@firma.example>\n*Sendt:* 23.11.2026 10:15\n*Til:* oss\n*Emne:* Torg",
        "From: Eva [mailto:eva@firma.example]\nSent: Monday, November 23, 2026 10:15 AM\nTo: us\nSubject: Torg",
    ],
)
def test_heads_of_forwards_in_several_programs(head):
    draft = read_text(f"Se under.\n\n{head}\n\nKan vi leie torget?", sender="per@kommune.example.no")
    assert (draft.name, draft.email, draft.subject) == ("Eva", "eva@firma.example", "Torg")
    assert (draft.cover, draft.text) == ("Se under.", "Kan vi leie torget?")
    assert draft.received_at == datetime(2026, 11, 23, 9, 15, tzinfo=UTC)


def test_a_forward_of_a_forward_leads_to_who_wrote_it():
    inner = "Fra: Eva <eva@firma.example>\nSendt: 20.11.2026 10:15\nEmne: Torg\n\nKan vi leie torget?"
    outer = f"Fra: Kari <kari@kommune.example.no>\nSendt: 23.11.2026 09:00\nEmne: VS: Torg\n\nTa denne.\n\n{inner}"
    draft = read_text(f"Ok?\n\n{outer}", sender="per@kommune.example.no")
    assert (draft.email, draft.text) == ("eva@firma.example", "Kan vi leie torget?")


def test_an_answer_of_ours_leads_to_whom_it_answers():
    text = "Ja.\n\nOn Mon, 23 Nov 2026 at 10:15, Eva Å <eva@firma.example> wrote:\n\n> Kan vi leie torget?\n"
    draft = read_text(text, sender="per@kommune.example.no")
    assert (draft.name, draft.email, draft.text) == ("Eva Å", "eva@firma.example", "Kan vi leie torget?")
    assert draft.cover == "Ja."


def test_an_outsiders_forward_is_the_outsiders():
    text = "Hva betyr dette?\n\nFra: Per <per@kommune.example.no>\nSendt: 20.11.2026 10:15\nEmne: Vedtak\n\nDere må…"
    draft = read_text(text)
    assert (draft.email, draft.text) == ("ola@firma.example", "Hva betyr dette?")


def test_a_form_of_ours_tells_who_filled_it_in():
    text = "Navn: Knut Moe\nE-post: knut@moe.example\nMelding: Hei"
    draft = read_text(text, sender="noreply@kommune.example.no")
    assert (draft.name, draft.email) == ("Knut Moe", "knut@moe.example")


def test_several_senders_are_nobody_for_certain():
    draft = read_text("Hei", sender="a@firma.example, b@firma.example")
    assert (draft.name, draft.email) == ("", None)


def test_for_want_of_a_subject_the_first_line_is_it():
    assert read_text("\nHvem har torget?\nMvh").subject == "Hvem har torget?"
    assert read_text("Hei", head="Subject: SV: Re: VS: Torget\n").subject == "Torget"
