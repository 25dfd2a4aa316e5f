"""The manager's report of enquiries: each number is the list behind it, and the export says the same."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import insert, select

from crm.database import local_day, now, sort_key
from crm.enquiries.models import Channel, Enquiry
from crm.enquiries.queries.listing import EnquiryFilter, EnquiryQuery
from crm.extensions import db
from crm.reports.queries.enquiries import EnquiryDays, EnquiryReport
from crm.responsibilities.models import Topic
from crm.web.clock import OSLO, local
from tests.reports.test_exports import csv_rows, xlsx_rows
from tests.support.factories import make_user
from tests.support.pages import text_of

REPORT = "/reports/enquiries?from=2026-01-01&to=2026-06-30&by=quarter"
TODAY = date(2026, 6, 15)


@pytest.fixture
def manager(app):
    return make_user("manager", language="en")


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch):
    monkeypatch.setattr("crm.web.clock.now", lambda: datetime(2026, 6, 15, 10, 0, tzinfo=UTC))


def topic(name):
    at = now()
    words = {
        "words_no": [],
        "words_en": [],
        "working_days": 3,
        "is_retired": False,
        "sort_key": sort_key(name),
    }
    stamps = {"version": 1, "created_at": at, "updated_at": at}
    db.session.execute(insert(Topic.__table__).values(name_nb=name, **words, **stamps))
    return db.session.scalars(select(Topic.id).where(Topic.name_nb == name)).one()


def oslo(text):
    return datetime.fromisoformat(text).replace(tzinfo=OSLO).astimezone(UTC)


@pytest.fixture
def asked(manager):
    """An enquiry as it stands. Times are local."""

    def made(received, due, answered=None, minutes=None, status=None, **fields):
        at = now()
        values = {
            "subject": "Spørsmål",
            "caller_name": "Ola",
            "channel": "phone",
            "status": status or ("answered" if answered else "assigned"),
            "received_at": oslo(received),
            "due_on": date.fromisoformat(due),
            "answered_at": oslo(answered) if answered else None,
            "working_minutes": minutes,
            "author_id": manager.id,
            "search_text": "",
            "version": 1,
            "created_at": at,
            "updated_at": at,
        }
        db.session.execute(insert(Enquiry.__table__).values(**values | fields))
        db.session.commit()

    return made


@pytest.fixture
def spring(asked):
    """What came in from January to June, with the moments at which mistakes are made."""
    premises, money = topic("Lokaler"), topic("Tilskudd")
    asked("2026-01-01 00:00", "2026-01-06", "2026-01-06 23:59", 60, topic_id=premises)
    asked("2026-02-02 10:00", "2026-02-05", "2026-02-06 00:01", 200, topic_id=premises, channel="email")
    asked("2026-03-31 23:59", "2026-04-07", "2026-04-07 08:00", 100, topic_id=premises, channel="web")
    asked("2026-04-01 00:00", "2026-04-08", topic_id=money)
    asked("2026-06-12 09:00", "2026-06-17", status="new", topic_id=money)
    asked("2026-06-12 09:30", "2026-06-12", status="waiting")
    asked("2026-05-04 09:30", "2026-05-06", status="closed", closed_at=oslo("2026-05-05 10:00"))
    asked("2026-06-30 23:59", "2026-07-03")
    asked("2025-12-31 23:59", "2026-01-05", "2026-01-02 09:00", 5, topic_id=premises)
    asked("2026-07-01 00:00", "2026-07-05")
    asked("2026-05-05 09:30", "2026-05-06", topic_id=premises, deleted_at=now())


def rows_of(page, table):
    return {
        text_of(row.find("th")): [text_of(cell) for cell in row.iter("td")]
        for row in page.all(f"#{table} tbody tr, #{table} tfoot tr")
    }


def test_what_was_asked_and_how_soon_it_was_answered(pages, manager, spring):
    page = pages.get(REPORT, user=manager)
    assert rows_of(page, "topics") == {
        "Lokaler": ["3", "3", "2", "1", "67 %", "1.7"],
        "Tilskudd": ["2", "0", "0", "1", "0 %", "–"],
        "Without a topic": ["3", "0", "0", "0", "–", "–"],
        "Total": ["8", "3", "2", "2", "50 %", "1.7"],
    }
    channels = rows_of(page, "channels")
    assert len(channels) == len(Channel)
    assert channels["E-mail"] == ["1", "1", "0", "1", "0 %", "3.3"]
    assert channels["By letter"] == ["0", "0", "0", "0", "–", "–"]
    assert rows_of(page, "periods") == {
        "Q1 2026": ["3", "3", "2", "1", "67 %", "1.7"],
        "Q2 2026": ["5", "0", "0", "1", "0 %", "–"],
    }
    assert page.texts("#queue .figures dt, #queue .figure") != []


def test_each_number_opens_exactly_its_rows(pages, manager, spring):
    page = pages.get(REPORT, user=manager)
    links = page.all("#topics td a, #channels td a, #periods td a")
    assert len(links) == (4 + len(Channel) + 2) * 4
    for link in links:
        args = dict(parse_qsl(urlsplit(link.get("href")).query))
        query = EnquiryQuery(EnquiryFilter.parse(args), manager, today=TODAY)
        assert query.count() == int(text_of(link)), link.get("href")
    for link in links[:8]:
        listed = pages.get(link.get("href"), user=manager)
        assert len(listed.all("main tbody tr")) == int(text_of(link))
        rows = link.get("href").replace("/enquiries/?", "/reports/enquiries/rows?format=csv&")
        assert len(csv_rows(pages.get(rows, user=manager))) == 1 + int(text_of(link))


def test_the_queue_now_is_the_list_of_what_waits(manager, spring):
    report = EnquiryReport(EnquiryDays.parse({}), manager, today=TODAY)
    numbers = {one.key: one.number for one in report.queue}
    assert numbers == {"new": 1, "assigned": 3, "waiting": 1, "overdue": 1}
    for one in report.queue:
        again = EnquiryFilter.parse(one.asked.args())
        assert EnquiryQuery(again, manager, today=TODAY).count() == one.number


def test_the_parts_add_up(manager, spring):
    report = EnquiryReport(
        EnquiryDays.parse({"from": "2026-01-01", "to": "2026-06-30"}), manager, today=TODAY
    )
    parts = ([row for _t, row in report.topics], report.channels, [row for _p, row in report.periods])
    for name in ("received", "answered", "in_time", "late"):
        for rows in parts:
            assert sum(getattr(row, name) for row in rows) == getattr(report.total, name)
    assert report.total.in_time + report.total.late <= report.total.received


def test_the_exports_say_what_the_page_says(pages, manager, spring):
    page = pages.get(REPORT, user=manager)
    xlsx, as_csv = (pages.get(a.get("href"), user=manager) for a in page.all(".page-heading-actions a"))
    header, *rows = csv_rows(as_csv)
    assert header[:3] == ["By", "What", "Received"]
    assert rows[0] == ["", "Total", "8", "3", "2", "2", "50", "1,7"]
    shown = {**rows_of(page, "topics"), **rows_of(page, "channels"), **rows_of(page, "periods")}
    assert [one[1] for one in rows[1:]] == [name for name in shown if name != "Total"]
    for one in rows:
        cells = [cell.removesuffix(" %").replace(".", ",").replace("–", "") for cell in shown[one[1]]]
        assert one[2:] == cells
    assert [list(map(str, one))[1:6] for one in xlsx_rows(xlsx)[1:]] == [one[1:6] for one in rows]


def test_the_page_takes_as_few_statements_for_many(pages, manager, asked, spring):
    few = len(pages.get(REPORT, user=manager).statements)
    for number in range(30):
        asked("2026-03-03 10:00", "2026-03-06", topic_id=topic(f"Tema {number}"))
    many = pages.get(REPORT, user=manager)
    assert len(many.statements) == few <= 8


def test_nothing_asked_is_a_page_of_zeros(pages, manager):
    page = pages.get(REPORT, user=manager)
    assert rows_of(page, "topics") == {"Total": ["0", "0", "0", "0", "–", "–"]}


@pytest.mark.parametrize(
    "args", ["from=x", "from=2026-06-30&to=2026-01-01", "by=week", "from=1990-01-01&by=month"]
)
def test_what_makes_no_sense_is_told(pages, manager, args):
    page = pages.get(f"/reports/enquiries?{args}", user=manager, status=422)
    assert page.one(".error-summary") is not None
    pages.get(f"/reports/enquiries?format=csv&{args}", user=manager, status=400)


def test_the_databases_days_are_norways(asked):
    """Around midnight, and around both ends of summer time, in several years."""
    moments = [
        datetime(year, month, day, hour, minute, tzinfo=UTC)
        for year in (2025, 2026, 2027, 2028)
        for month, days in ((3, range(24, 32)), (10, range(24, 32)), (1, (1, 31)), (7, (1,)), (12, (31,)))
        for day in days
        for hour, minute in ((0, 59), (1, 0), (21, 59), (22, 0), (22, 59), (23, 0))
    ]
    for moment in moments:
        day, key = local(moment).date().isoformat(), moment.isoformat()
        asked("2024-01-01 10:00", day, answered_at=moment, message_key=key)
    wrong = select(Enquiry.message_key).where(local_day(Enquiry.answered_at) != Enquiry.due_on)
    assert db.session.scalars(wrong).all() == []
    assert len(db.session.scalars(select(Enquiry.id)).all()) == len(moments)
