"""The best comes first."""

from sqlalchemy import insert, text

from crm.enquiries.models import Enquiry
from crm.extensions import db
from crm.organisations.models import NameKind, OrganisationName, OrganisationStatus
from crm.search.queries import Kind
from crm.web.clock import today
from tests.support.factories import make_contact, make_interaction, make_organisation, make_user, saved


def test_exact_before_beginning_before_word_before_misspelt(app, titles):
    for name in ("Hansenn", "Bygg Hansen AS", "Hansen Bygg AS", "Hansen"):
        make_organisation(name)
    assert titles("hansen") == ["Hansen", "Hansen Bygg AS", "Hansenn", "Bygg Hansen AS"]
    assert titles("hannsen")[0] == "Hansen"


def test_a_whole_number_before_a_part_of_one(app, titles):
    make_organisation("Delen AS", phone="+4790909091")
    make_contact("Hele", "Nummeret", phone="90909")
    assert titles("90909") == ["Hele Nummeret", "Delen AS"]


def test_current_before_ended(app, titles):
    make_organisation("Kafé Konkurs AS", status=OrganisationStatus.bankrupt)
    make_organisation("Kafé Kontant AS")
    assert titles("kafé kon") == ["Kafé Kontant AS", "Kafé Konkurs AS"]
    firm = make_organisation("Arbeidsgiveren AS")
    make_contact("Vår", "Olsen", at=firm, ended_on=today())
    make_contact("Vår", "Olsson", at=firm)
    assert titles("vår ols") == ["Vår Olsson", "Vår Olsen"]
    renamed = make_organisation("Noe Nytt AS")
    db.session.execute(
        insert(OrganisationName.__table__).values(
            organisation_id=renamed.id, kind=NameKind.earlier, name="Solbakken Drift"
        )
    )
    db.session.commit()
    make_organisation("Solbakken Drift og Anlegg AS")
    assert titles("solbakken") == ["Solbakken Drift og Anlegg AS", "Noe Nytt AS"]


def test_our_own_municipality_before_others(app, titles):
    make_organisation("Bakeri Asker AS", municipality_number="3203")
    make_organisation("Bakeri Østby AS", municipality_number="3205")
    make_organisation("Bakeri Åmodt AS", municipality_number="3030")
    assert titles("bakeri") == ["Bakeri Østby AS", "Bakeri Åmodt AS", "Bakeri Asker AS"]


def test_many_of_one_kind_do_not_hide_the_others(app, searched):
    for n in range(40):
        make_contact("Ellingsrud", f"Nummer{n:02d}")
    make_organisation("Ellingsrud Gård AS")
    make_user(name="Ellingsrud Olava")
    kinds = {hit.kind for hit in searched("ellingsrud", limit=50).hits}
    assert {Kind.organisation, Kind.user, Kind.contact} <= kinds
    found = searched("ellingsrud", kinds={Kind.contact})
    assert len(found.hits) == 10
    assert found.more


def test_interactions_are_found_by_those_who_may_read_them(app, searched):
    author, other, manager = make_user(), make_user(), make_user("manager")
    make_interaction(title="Fortrolig omstilling", author=author, confidential=True)
    opened = make_interaction(title="Åpen omstilling", author=author)
    binned = make_interaction(title="Kastet omstilling", author=author)
    db.session.execute(
        text("UPDATE interactions SET deleted_at = '2026-01-01' WHERE id = :id"), {"id": binned.id}
    )
    for viewer, seen in ((other, 1), (author, 2), (manager, 2)):
        found = searched("omstilling", viewer)
        assert len(found.hits) == seen, "a number would give a confidential title's words away"
        assert all("Fortrolig" not in hit.title for hit in found.hits) is (seen == 1)
    (hit,) = searched("apen omstilling", other).hits
    assert (hit.kind, hit.id, hit.url) == (Kind.interaction, opened.id, f"/interactions/{opened.id}")
    assert searched("omstill", other).hits


def test_a_number_names_the_person_before_what_they_asked(app, searched):
    """Whoever answers the telephone needs to know who calls; the number reads as people write it."""
    author = make_user()
    asked = Enquiry(subject="Tomt", author=author, due_on=today(), caller_phone="+4790360337")
    saved(asked)
    make_contact("Bjørn", "Pedersen", phone="+4790360337")
    kinds = [(hit.kind, hit.matched) for hit in searched("90 36 03 37").hits]
    assert kinds == [(Kind.contact, "90 36 03 37"), (Kind.enquiry, "90 36 03 37")]
