"""The page of hits: whom to ask, why, and how to hand over."""

from datetime import date

import pytest
from werkzeug.exceptions import TooManyRequests

from crm.responsibilities.routing import OwnContact, Person, RightContact
from crm.search import answers, throttle
from crm.search.queries import Found, Hit, Kind
from crm.web import logs
from tests.support.factories import make_contact, make_organisation, make_user

MOST_STATEMENTS = 12  # one for each kind of what is found, whatever the number of hits


@pytest.fixture
def service(app, isolation):
    return make_user("first_line", language="en")


@pytest.fixture
def search(pages, service):
    def get(words, user=None, status=200, **asked):
        return pages.get(
            "/search",
            query={"q": words, **asked},
            user=user or service,
            status=status,
            most_statements=MOST_STATEMENTS,
        )

    return get


def test_without_words_it_says_what_can_be_sought(search):
    page = search("")
    assert "telephone number" in page.text
    assert not page.all(".hit")


def test_what_was_typed_stays_in_the_box_and_each_kind_has_its_hits(search):
    make_organisation("Berg AS")
    make_contact("Kari", "Berg")
    page = search("berg")
    assert page.one("header input[name=q]").get("value") == "berg"
    assert page.texts(".hit .kicker") == ["Organisation", "Contact"]
    assert "2 hits for “berg”" in page.text
    assert page.one(".hit-kinds [aria-current]").get("href") == "/search?q=berg"
    assert "/search?q=berg&kind=contact" in [one.get("href") for one in page.all(".hit-kinds a")]


def test_a_filter_asks_for_that_kind_alone(search, monkeypatch):
    asked = []
    monkeypatch.setattr(answers, "find", lambda *_, kinds, **__: asked.append(list(kinds)) or Found([]))
    assert search("berg", kind="site").texts(".hit-kinds [aria-current]") == ["Sites"]
    assert search("berg", kind="of-no-such-kind").texts(".hit-kinds [aria-current]") == ["Everything"]
    assert asked == [[Kind.site], list(Kind)]


def test_ours_can_be_called_written_to_and_handed_over_to(search):
    manager = make_user(name="Håvard Aas", phone="+4798716458", email="havard@example.no")
    berg = make_organisation("Berg AS", account_manager_id=manager.id)
    page = search("berg")
    assert page.texts(".hit-whom .right-name") == ["Håvard Aas"]
    assert [link.get("href") for link in page.all(".hit-whom a")] == [
        "tel:+4798716458",
        "mailto:havard@example.no",
        f"/enquiries/new?q=berg&organisation={berg.id}",
    ]
    assert "Account manager" in page.texts(".hit-whom .right-note")
    reader = make_user("reader", language="en")
    assert "/enquiries/new" not in search("berg", user=reader).response.text


def test_everything_about_the_right_contact_is_in_words(search, monkeypatch):
    company = make_organisation("Berg AS").id
    gone = Person(1, "Kari Nes", "+4763800001", away_until=date(2026, 12, 3))
    here = Person(2, "Ola Vik", "+4763800002", "ola@example.no", phone_hours="9–11")
    tie = Person(3, "Liv Dahl", "+4763800003")
    own = OwnContact(5, "Per Eier", "Primary contact", "Eiendomssjef", "+4763800004")
    reason = "Account manager: Kari Nes is away, this is the deputy"
    right = RightContact("account_manager", reason, gone, here, ties=(tie,), own=own)
    monkeypatch.setattr(answers, "right_contacts", lambda *_, **__: {None: right, company: right})
    page = search("berg")
    assert page.texts(".hit-whom p") == [
        "Ola Vik",
        "63 80 00 02 ola@example.no",
        "Telephone hours: 9–11",
        reason,
        "Just as right: Liv Dahl 63 80 00 03",
    ]
    assert page.texts(".hit-own")[0] == "Their contact Per Eier Eiendomssjef 63 80 00 04 Primary contact"


def test_a_unit_answers_where_nobody_of_it_does(search, monkeypatch):
    company = make_organisation("Berg AS").id
    unit = RightContact("topic", "Answers for premises", unit_id=1, unit="Næring")
    monkeypatch.setattr(answers, "right_contacts", lambda *_, **__: {None: unit, company: unit})
    assert search("berg").texts(".hit-whom p") == [
        "Næring",
        "Answers for premises",
        "The enquiry goes to the queue.",
    ]


def test_nobody_is_an_answer_that_leads_to_the_queue(search):
    berg = make_organisation("Berg AS")
    page = search("berg")
    assert page.texts(".hit-whom .right-name") == ["Nobody is responsible for this"]
    assert "The enquiry goes to the queue." in page.text
    assert page.one(".hit-whom a").get("href").endswith(f"organisation={berg.id}")


def test_by_which_name_it_was_found_is_told(search, monkeypatch):
    company = make_organisation("Berg AS")
    hit = Hit(
        Kind.organisation, company.id, "Berg AS", "/organisations/1", "Utbygger", "Gamle Berg AS", company.id
    )
    monkeypatch.setattr(answers, "find", lambda *_, **__: Found([hit], more=True))
    page = search("gamle")
    assert "Found by: Gamle Berg AS" in page.text
    assert "The 1 best hits" in page.text


def test_a_colleague_needs_nobody_to_ask(search, monkeypatch):
    hit = Hit(Kind.user, 1, "Kari Nes", "/users/1", "63 80 00 01")
    monkeypatch.setattr(answers, "find", lambda *_, **__: Found([hit]))
    page = search("kari")
    assert page.texts(".hit .kicker") == ["Colleague"]
    assert not page.all(".hit-whom")
    assert page.one(".hit h2 a").get("href") == "/search?q=Kari+Nes&kind=user", "their page is not for all"
    administrator = make_user("administrator", language="en")
    assert search("kari", user=administrator).one(".hit h2 a").get("href") == "/users/1"


def test_a_whole_number_puts_the_focus_on_its_hit(search):
    make_organisation("Berg AS", organisation_number="974760673")
    assert len(search("974760673").all("a[autofocus]")) == 1
    assert not search("berg").all("[autofocus]")


def test_nothing_found_leads_on(search):
    page = search("99 88 77 66")
    assert "Nothing was found for “99 88 77 66”" in page.text
    links = [one.get("href") for one in page.all(".empty a")]
    assert links == ["/enquiries/new?q=99+88+77+66", "/organisations/new"]


def test_what_is_sought_is_in_no_log(pages, service, monkeypatch):
    lines = []
    monkeypatch.setattr(logs.log, "info", lambda *words, **more: lines.append((words, more)))
    pages.get("/search?q=Hemmelig+Navn&kind=contact", user=service)
    assert lines
    assert "Hemmelig" not in str(lines)


def test_whoever_asks_without_end_is_slowed_down_and_nobody_else(search, monkeypatch):
    monkeypatch.setattr(throttle, "searches", throttle.Throttle(most=3))
    other = make_user("first_line", language="en")
    for _ in range(3):
        search("berg")
    search("berg", status=429)
    search("berg", user=other)


def test_the_limit_is_forgotten_when_its_time_is_over(monkeypatch):
    clock = [1000.0]
    monkeypatch.setattr(throttle.time, "monotonic", lambda: clock[0])
    limit = throttle.Throttle(most=1, window=60)
    limit.count("a")
    with pytest.raises(TooManyRequests):
        limit.count("a")
    clock[0] += 60
    limit.count("a")
