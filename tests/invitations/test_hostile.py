"""Whatever is sent, it is read in bounded time or refused with a reason."""

import time

import pytest

from crm.invitations.reading import MOST_BYTES, read
from crm.invitations.reasons import Unreadable
from tests.invitations.conftest import raw

EVENT = "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTART:20261201T080000Z\r\n{1}END:VEVENT\r\n"


def calendar(*events, head=""):
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(events)}END:VCALENDAR\r\n".encode()


def event(uid="a", extra=""):
    return EVENT.format(uid, extra)


def parts(number, kind="text/plain", body="x"):
    one = f"--b\r\nContent-Type: {kind}\r\n\r\n{body}\r\n"
    return (
        "From: a@example.org\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + one * number
    ).encode()


def nested(depth):
    head = "From: a@example.org\r\n"
    for level in range(depth):
        head += f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
    return head.encode()


REFUSED = {
    "too large": (b"x" * (MOST_BYTES + 1), "too_large"),
    "parts": (parts(60), "too_many_parts"),
    "calendars": (
        parts(1)
        + b"".join(
            b"--b\r\nContent-Type: text/calendar\r\n\r\n" + calendar(event(str(n))) + b"\r\n"
            for n in range(30)
        ),
        "too_many_parts",
    ),
    "meetings": (calendar(*(event(str(n)) for n in range(400))), "too_many_meetings"),
    "depth": (nested(3000), None),
    "nothing": (b"", "unreadable"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_too_much_is_refused(name):
    content, reason = REFUSED[name]
    begun = time.perf_counter()
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert reason is None or refused.value.reason == reason
    assert time.perf_counter() - begun < 5


HEAVY = {
    "attendees": "".join(f"ATTENDEE;CN=Navn {n}:mailto:n{n}@example.org\r\n" for n in range(40_000)),
    "exceptions": "RRULE:FREQ=DAILY\r\nEXDATE:" + ",".join(["20261201T080000Z"] * 60_000) + "\r\n",
    "a long line": "DESCRIPTION:" + "x" * 5_000_000 + "\r\n",
    "an open quote": 'ATTENDEE;CN="' + "x" * 1_000_000 + ":mailto:a@example.org\r\n",
    "brackets": "DESCRIPTION:" + "<div>" * 400_000 + "\r\n",
    "rules under rules": "DESCRIPTION:" + ("_" * 30 + "\\n") * 20_000 + "\r\n",
    "backslashes": "SUMMARY:" + "\\" * 1_000_000 + "\r\n",
    "alarms": "BEGIN:VALARM\r\nTRIGGER:-PT1M\r\nEND:VALARM\r\n" * 50_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_heavy_meetings_are_read_in_bounded_time(name):
    begun = time.perf_counter()
    (invited,), _problems = read(calendar(event(extra=HEAVY[name])))
    assert time.perf_counter() - begun < 5
    assert len(invited.attendees) <= 200
    assert len(invited.description) <= 10_000


def test_a_zone_with_a_rule_by_the_second_is_not_followed():
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\n"
        "TZOFFSETTO:+0200\r\nRRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    one = event().replace("DTSTART:20261201T080000Z", "DTSTART;TZID=Own:20261201T080000")
    begun = time.perf_counter()
    assert read(calendar(one, head=zone)) == ([], ["unknown_zone"])
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    "line",
    [
        "DTSTART:99999999T999999Z",
        "DTSTART:tomorrow",
        "DTSTART;TZID=../../etc/passwd:20261201T080000",
        "DTSTART:00010101T000000",
        "DTSTART:",
    ],
)
def test_a_start_that_makes_no_sense_is_told(line):
    found, problems = read(calendar(event().replace("DTSTART:20261201T080000Z", line)))
    assert found == []
    assert problems[0] in {"no_start", "unknown_zone"}


def test_any_cut_of_a_real_message_is_read_or_refused():
    whole = raw("google-series.eml")
    for length in range(0, len(whole), 97):
        try:
            read(whole[:length])
        except Unreadable:
            continue


def test_a_name_in_another_alphabet_and_a_hidden_letter():
    extra = "ATTENDEE;CN=\u202eРег\u200b Aas:mailto:per@example.org\r\nSUMMARY:A\u202eB\r\n"
    (invited,), _ = read(calendar(event(extra=extra)))
    assert invited.attendees[0].name == "Рег Aas"
    assert invited.title == "AB"
