"""Whatever is dropped, it is read in bounded time or refused with words that say how to mend it."""

import time

import pytest

from crm.enquiries.reading import MOST_HISTORY, MOST_SUBJECT, MOST_TEXT, OUTLOOKS_OWN, Refused, read
from crm.mail.reading import MOST_BYTES
from tests.enquiries.test_mail_reading import AT, MESSAGES, is_ours, message, raw
from tests.invitations.test_hostile import nested, parts

REFUSED = {
    "Outlook's own": (OUTLOOKS_OWN + b"\x00" * 600, "outlooks_own"),
    "too large": (b"From: a@b.example\n\n" + b"x" * MOST_BYTES, "too_large"),
    "too many parts": (parts(60), "too_many_parts"),
    "nothing": (b"", "empty"),
    "blank": (b" \r\n\r\n", "empty"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "unreadable"),
    "an archive": (b"PK\x03\x04" + bytes(range(256)) * 20, "unreadable"),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\n", "unreadable"),
    "a text": (b"Husk: kjop melk\nSubject: nei\n\nhei", "unreadable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_message_is_refused_with_a_reason(name):
    content, reason = REFUSED[name]
    begun = time.perf_counter()
    with pytest.raises(Refused) as refused:
        read(content, is_ours=is_ours, at=AT)
    assert refused.value.refusal == reason
    assert len(str(refused.value.refusal.label)) > 30
    assert time.perf_counter() - begun < 5


HEAVY = {
    "heads": "Fra: a <a@b.example>\nSendt: x\nEmne: y\n" * 20_000,
    "a long line": "x" * 5_000_000,
    "signs": ">" * 1_000_000,
    "quotes": "> " * 200_000 + "\n" + "> a\n" * 200_000,
    "attributions": "On 23 Nov 2026 at 10:15 " * 50_000,
    "written": "1:00 2026 skrev " * 60_000 + ":",
    "addresses": "a@" * 500_000,
    "numbers": "12345678 " * 200_000,
    "blanks": " " * 2_000_000 + "x",
    "empty lines": "\n" * 2_000_000 + "x",
    "rules": "-" * 1_000_000,
    "in brackets": "[cid:" * 200_000,
    "firms": "A " * 300_000 + "AS",
    "prefixes": "sv: " * 100_000,
}


@pytest.mark.parametrize("sender", ["a@firma.example", "per@kommune.example.no"])
@pytest.mark.parametrize("name", HEAVY)
def test_heavy_messages_are_read_in_bounded_time(name, sender):
    begun = time.perf_counter()
    draft = read(message(HEAVY[name], sender=sender), is_ours=is_ours, at=AT)
    assert time.perf_counter() - begun < 5
    assert len(draft.text) <= MOST_TEXT
    assert len(draft.history) <= MOST_HISTORY
    assert len(draft.subject) <= MOST_SUBJECT


@pytest.mark.parametrize(
    "marked_up",
    ["<div>" * 200_000, "<" * 500_000, "<p style='" + "x" * 500_000, "&lt;" * 200_000, "<!--" * 100_000],
)
def test_heavy_markup_is_read_in_bounded_time(marked_up):
    begun = time.perf_counter()
    read(message(marked_up, kind="text/html; charset=utf-8"), is_ours=is_ours, at=AT)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; charset=punycode",
        "text/plain; charset=unicode_escape",
        "text/plain; charset=zlib",
        "text/plain; charset=utf-16",
        'text/plain; charset="\n\x00"',
        "multipart/mixed",
        "multipart/mixed; boundary=",
        "message/rfc822",
        "text/",
        "/",
    ],
)
def test_a_kind_that_makes_no_sense_is_read_or_refused(kind):
    begun = time.perf_counter()
    try:
        draft = read(message("aaaa\\x41-" * 20_000, kind=kind), is_ours=is_ours, at=AT)
    except Refused:
        return
    assert draft.email == "ola@firma.example"
    assert time.perf_counter() - begun < 5


def test_very_deep_messages_are_refused():
    for content in (nested(3000), b"From: a@b.example\nContent-Type: message/rfc822\n\n" * 2_000):
        begun = time.perf_counter()
        with pytest.raises(Refused):
            read(content, is_ours=is_ours, at=AT)
        assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("path", sorted(MESSAGES.glob("*.eml")), ids=lambda path: path.name)
def test_any_cut_of_a_real_message_is_read_or_refused(path):
    whole = raw(path.name)
    for length in range(0, len(whole), 53):
        try:
            read(whole[:length], is_ours=is_ours, at=AT)
        except Refused:
            continue


def test_what_cannot_be_seen_is_left_out():
    content = message("A\u202eB\u200bC\x00", sender="=?utf-8?B?4oCuT2xhAA==?= <ola@firma.example>")
    draft = read(content, is_ours=is_ours, at=AT)
    assert (draft.text, draft.name) == ("ABC", "Ola")


def test_an_address_hidden_in_a_name_is_not_the_senders():
    content = message("Hei", sender='"eva@bank.example" <tyv@skurk.example>')
    assert read(content, is_ours=is_ours, at=AT).email == "tyv@skurk.example"
