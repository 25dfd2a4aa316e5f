from datetime import timedelta

import pytest

from crm.audit.recording import record
from crm.database import now
from crm.extensions import db
from crm.organisations import operations, queries
from crm.organisations.models import Affiliation
from crm.organisations.queries import ContactFilter, ContactQuery, OrganisationFilter, OrganisationQuery
from crm.web import paging
from crm.web.clock import today
from crm.web.sorting import Sorting
from tests.support.factories import make_absence, make_contact, make_organisation, make_tag, make_user
from tests.support.pages import counted_statements

pytestmark = pytest.mark.usefixtures("in_request")
BY_NAME = Sorting("name")


def names(cursor=None, sorting=BY_NAME, **limits):
    page = OrganisationQuery(OrganisationFilter(**limits)).page(sorting, cursor)
    return [row.name for row in page.rows]


def people(sorting=BY_NAME, **limits):
    return [row.given_name for row in ContactQuery(ContactFilter(**limits)).page(sorting, None).rows]


def test_names_stand_in_norwegian_order(app):
    wanted = ["Aker AS", "Bø Bruk", "Zeta AS", "Ærlig AS", "Økern AS", "Åmot AS", "Aas Bakeri"]
    for name in reversed(wanted):
        make_organisation(name)
    assert sorted(names()[-2:]) == ["Aas Bakeri", "Åmot AS"]
    assert names()[:5] == wanted[:5]
    assert names(sorting=Sorting("name", descending=True)) == names()[::-1]


@pytest.mark.parametrize(
    "query",
    ["Ås", "aas", "as bak", "BAKERI", "bak ås", "974760673", "974 760 673", "974 76", "97476"],
)
def test_found_by_beginnings_of_words_and_number(app, query):
    make_organisation("Ås Bakeri & Konditori AS", organisation_number="974760673")
    make_organisation("Heia Handel")
    assert names(q=query) == ["Ås Bakeri & Konditori AS"]


@pytest.mark.parametrize("query", ["keri", "!!!", "' OR 1=1 --", '"', "*", "\u200b", "974 760 674"])
def test_not_found(app, query):
    make_organisation("Ås Bakeri AS", organisation_number="974760673")
    assert names(q=query) == []


def test_filters_together(app):
    manager = make_user()
    tag = make_tag("Mat")
    wanted = make_organisation(
        "Berg AS",
        "school",
        municipality_number="3205",
        account_manager_id=manager.id,
        tags=[tag],
        status="bankrupt",
    )
    make_organisation("Berg Skole", "school")
    limits = {
        "kind": "school",
        "municipality_number": "3205",
        "account_manager": manager.id,
        "tag": "MAT",
        "status": "bankrupt",
        "q": "berg",
        "updated_since": now() - timedelta(hours=1),
    }
    for limit, value in limits.items():
        found = names(**{limit: value})
        assert wanted.name in found, limit
        assert len(found) == (2 if limit in {"kind", "q", "updated_since"} else 1), limit
    assert names(**limits) == ["Berg AS"]
    assert names(**(limits | {"updated_since": now() + timedelta(hours=1)})) == []
    assert OrganisationQuery(OrganisationFilter(**limits)).count() == 1


def test_what_is_in_the_bin_is_nowhere(app, actor):
    organisation, contact = make_organisation("Berg AS"), make_contact("Kari", "Berg")
    operations.bin_organisation(organisation, actor=actor)
    operations.bin_contact(contact, actor=actor)
    assert names() == []
    assert names(q="berg") == []
    assert people() == []
    assert queries.organisation_options("berg") == []
    assert queries.contact_options("berg") == []
    assert queries.similar_organisations("Berg") == []


@pytest.mark.parametrize(
    "sorting", [BY_NAME, Sorting("name", descending=True), Sorting("updated_at", descending=True)]
)
def test_paging_shows_each_once_forwards_and_back(app, sorting, monkeypatch):
    monkeypatch.setattr(paging.paged, "__kwdefaults__", {**paging.paged.__kwdefaults__, "size": 4})
    for n in range(10):
        make_organisation("Lik AS" if n % 2 else f"Ulik {n}")
    query = OrganisationQuery(OrganisationFilter())
    first = query.page(sorting, None)
    second = query.page(sorting, first.next_cursor)
    third = query.page(sorting, second.next_cursor)
    ids = [[row.id for row in page.rows] for page in (first, second, third)]
    assert len({one for some in ids for one in some}) == 10
    assert (third.next_cursor, first.previous_cursor) == (None, None)
    assert [row.id for row in query.page(sorting, third.previous_cursor).rows] == ids[1]
    assert first.total == 10


def test_counting_stops_where_nobody_reads_on(app, monkeypatch):
    for _ in range(4):
        make_organisation()
    query = OrganisationQuery(OrganisationFilter())
    assert (query.count(), query.count(most=2), query.count(most=9)) == (4, 3, 4)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("900 12 345", ["Kari"]),
        ("+47 90012345", ["Kari"]),
        ("(+47)900-12-345", ["Kari"]),
        ("(900) 12 345", ["Kari"]),
        ("0047 900 12 345", ["Kari"]),
        ("90012", ["Kari"]),
        ("kari@berg", ["Kari"]),
        ("nord kar", ["Kari"]),
        ("Pål", ["Pål"]),
        ("paal", ["Pål"]),
        ("xyz", []),
    ],
)
def test_contacts_are_found_by_name_telephone_and_email(app, query, found):
    make_contact("Kari", "Nordmann", phone="+4790012345", email="kari@berg.example")
    make_contact("Pål", "Ås")
    assert people(q=query) == found


def test_contacts_stand_by_family_name(app):
    for given, family in (("Anne", "Åsen"), ("Bjørn", "Aas"), ("Cato", "Zeiner"), ("Dag", "Ærø")):
        make_contact(given, family)
    assert people() == ["Cato", "Dag", "Bjørn", "Anne"]


def test_contacts_by_organisation_now_and_before(app):
    here, there = make_organisation(), make_organisation()
    make_contact("Nå", at=here)
    make_contact("Før", at=here, ended_on=today())
    make_contact("Borte", at=there)
    make_contact("Løs")
    assert sorted(people(organisation=here.id)) == ["Før", "Nå"]
    assert people(organisation=here.id, affiliated="current") == ["Nå"]
    assert people(organisation=here.id, affiliated="former") == ["Før"]
    assert sorted(people(affiliated="current")) == ["Borte", "Nå"]
    assert people(affiliated="former") == ["Før"]


def test_contacts_by_email_and_phone(app):
    make_contact("Kari", phone="+4790012345", email="kari@berg.example")
    make_contact("Ola", phone="+4690012345")
    assert people(email="KARI@berg.example") == ["Kari"]
    for typed in ("90 01 23 45", "+47 900 12 345", "900123"):
        assert people(phone=typed) == ["Kari"]
    assert people(phone="ukjent") == []


def test_filters_from_an_address_take_what_makes_sense(app):
    read = OrganisationFilter.from_args
    assert (
        read({"kind": "spaceship", "account_manager": "me", "status": "x", "q": " \u200b "})
        == OrganisationFilter()
    )
    assert read({"account_manager": "99999999999999999999"}) == OrganisationFilter()
    assert read({"q": " berg\x00 as ", "tag": "mat"}) == OrganisationFilter(q="berg as", tag="mat")
    assert ContactFilter.from_args({"organisation": "²", "affiliated": "x"}) == ContactFilter()


def test_options_say_which_is_which(app):
    make_organisation("Nye Berger AS", city="Skedsmokorset")
    berger = make_organisation("Berger AS", "developer", city="Lillestrøm", organisation_number="974760673")
    with counted_statements() as sent:
        first, second = queries.organisation_options("berg")
    assert len(sent) == 1
    assert (first["id"], first["label"]) == (berger.id, "Berger AS")
    assert first["hint"].endswith("· Lillestrøm · 974 760 673")
    assert second["label"] == "Nye Berger AS"
    assert queries.organisation_options("974 76") == [first]
    assert [one["label"] for one in queries.organisation_options("b")] == ["Berger AS"]
    assert queries.organisation_options("") == queries.organisation_options("?") == []


def test_no_more_options_than_fit(app):
    here = make_organisation()
    for n in range(12):
        make_organisation(f"Berg {n}")
        make_contact("Kari", f"Berg{n}", at=here)
    assert len(queries.organisation_options("berg")) == 10
    assert len(queries.contact_options("berg")) == 10
    assert len(queries.contact_options("", [here.id])) == 10


def test_contacts_of_the_chosen_organisations_come_first(app):
    here, there = make_organisation("Her AS"), make_organisation("Der AS")
    make_contact("Kari", "Aa", at=there)
    make_contact("Kari", "Zz", at=here, title="Selger")
    chief = make_contact("Kari", "Øø", at=here, primary=True)
    chief.affiliations.append(Affiliation(organisation=there, title="Styreleder"))
    record(chief, actor=None)
    db.session.commit()
    ids = [here.id]
    with counted_statements() as sent:
        found = queries.contact_options("kari", ids)
    assert len(sent) == 1
    assert [one["label"] for one in found] == ["Kari Øø", "Kari Zz", "Kari Aa"]
    assert [one["hint"] for one in found] == ["Her AS", "Selger, Her AS", "Der AS"]
    assert [one["label"] for one in queries.contact_options("", ids)] == ["Kari Øø", "Kari Zz"]
    assert queries.contact_options("") == []


def test_similar_names(app):
    there = make_organisation("Berger Eiendom AS")
    make_organisation("Heia Eiendom AS")
    for typed in (
        "Berger Eiendom",
        "berger eiendom ASA",
        "Bergereiendom",
        "Berger Eindom",
        "BERGER EIENDOM HOLDING",
    ):
        assert [one.id for one in queries.similar_organisations(typed)] == [there.id], typed
    assert queries.similar_organisations("Berger Eiendom", besides=there.id) == []
    for typed in ("", "A", "!!!", "Ber", "Kjeller Innovasjon"):
        assert queries.similar_organisations(typed) == []


def test_municipalities_that_occur(app):
    for number in ("3205", "0301", "3205", None):
        make_organisation(municipality_number=number)
    assert list(queries.choices().municipality_numbers) == ["0301", "3205"]


def test_tags_that_some_organisation_bears(app):
    make_organisation(tags=[make_tag("Mat"), make_tag("Eksport")])
    make_tag("Ubrukt")
    assert list(queries.choices().tags) == ["Eksport", "Mat"]


def test_page_of_an_organisation_is_one_statement_with_absences(app):
    manager, deputy, away = make_user(), make_user(), make_user()
    make_absence(manager, today() - timedelta(days=1), today() + timedelta(days=1), deputy=deputy)
    make_absence(manager, today() - timedelta(days=30), today() - timedelta(days=20), deputy=away)
    make_absence(deputy, today() + timedelta(days=3), today() + timedelta(days=9))
    organisation = make_organisation(
        tags=[make_tag("Mat"), make_tag("Eksport")], account_manager_id=manager.id
    )
    identity, day = organisation.id, today()
    expected = (manager.name, day + timedelta(days=1), deputy.name)
    db.session.expunge_all()
    with counted_statements() as sent:
        found = queries.organisation_page(identity, day)
        (one,) = found.responsible
        assert found.tags == ["Eksport", "Mat"]
    assert len(sent) == 1
    assert (one.user.name, one.away_until, one.stand_in.name) == expected


def test_ids_larger_than_any_are_simply_not_there(app):
    assert queries.organisation_page(10**30, today()) is None
    assert queries.contact_page(10**30) is None
