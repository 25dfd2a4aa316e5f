"""Sites on the database."""

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.sites.models import Site
from crm.sites.operations import bin_site, create_site, restore_site, update_site
from crm.sites.queries import SiteFilter, developed, is_among_developers_people, list_sites
from crm.web.validation import Invalid, Stale
from tests.support.factories import make_contact, make_organisation


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "–"}, "name"),
        ({"total_area": 1_000, "free_area": 1_001}, "free_area"),
        ({"free_area": -1}, "free_area"),
        ({"power": 10**9}, "power"),
        ({"regulation": "perhaps"}, "regulation"),
        ({"premises": ["castle"]}, "premises"),
        ({"focus_areas": [99]}, "focus_areas"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"developer_id": 999_999}, "developer_id"),
        ({"contact_id": 999_999}, "contact_id"),
    ],
)
def test_what_breaks_a_rule_names_its_field(in_english, advisor, plan, values, field):
    with pytest.raises(Invalid) as refused:
        create_site(actor=advisor, **{"name": "Berger"} | values)
    assert refused.value.errors.keys() == {field}


def test_all_free_is_no_more_than_there_is(make_site, in_english):
    assert make_site(total_area=1_000, free_area=1_000).free_area == 1_000


def test_no_two_share_a_name_unless_in_the_bin(make_site, in_english, advisor, manager):
    first = make_site("Berger")
    with pytest.raises(Invalid) as refused:
        create_site(actor=advisor, name="  BERGER ")
    assert "name" in refused.value.errors
    bin_site(first, actor=manager)
    db.session.commit()
    second = make_site("Berger")
    with pytest.raises(Invalid):
        restore_site(first, actor=manager)
    db.session.rollback()
    update_site(second, actor=advisor, version=None, name="Berger nord")
    restore_site(first, actor=manager)
    db.session.commit()
    assert not first.is_binned


def test_two_who_change_it_do_not_overwrite_each_other(make_site, in_english, advisor):
    site = make_site()
    read = site.version
    update_site(site, actor=advisor, version=read, place="Ved E6")
    db.session.commit()
    with pytest.raises(Stale):
        update_site(site, actor=advisor, version=read, place="Ved E16")


def test_what_was_done_is_recorded(make_site, in_english, advisor):
    site = make_site(free_area=25_000, premises=["warehouse", "plot"])
    assert site.premises == ["plot", "warehouse"], "in one order, so that nothing seems changed"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.subject_type == "Site")).one()
    assert event.changes["free_area"] == [None, 25_000]


def test_the_developers_page_knows_at_once(make_site, in_english, advisor, manager, developer):
    site = make_site(developer_id=developer.id)
    assert [one.name for one in developed()[developer.id]] == ["Berger"]
    update_site(site, actor=advisor, version=None, name="Berger nord")
    db.session.commit()
    assert [one.name for one in developed()[developer.id]] == ["Berger nord"]
    bin_site(site, actor=manager)
    db.session.commit()
    assert developer.id not in developed()


def test_a_contact_from_elsewhere_is_warned_of(make_site, in_english, developer, person):
    stranger = make_contact("Per", "Heia", at=make_organisation("Heia AS"))
    assert is_among_developers_people(make_site("A", developer_id=developer.id, contact_id=person.id))
    assert not is_among_developers_people(make_site("B", developer_id=developer.id, contact_id=stranger.id))
    assert is_among_developers_people(make_site("C", contact_id=stranger.id))


def names(**args):
    return [row.name for row in list_sites(SiteFilter.parse(args), cursor=None).rows]


def test_the_list_is_narrowed_and_in_norwegian_order(make_site, in_english, developer):
    make_site("Åråsen", free_area=5_000, regulation="zoned", premises=["office"])
    make_site("Ørje", free_area=50_000, premises=["data_centre", "plot"])
    make_site("Berger", regulation="ready", developer_id=developer.id, attracts="Sirkulær økonomi")
    assert names() == ["Berger", "Ørje", "Åråsen"]
    assert names(free="10 daa") == ["Ørje"], "what nobody knows is not enough"
    assert names(premises="plot") == ["Ørje"]
    assert names(regulation="ready") == ["Berger"]
    assert names(developer=str(developer.id)) == ["Berger"]
    assert names(q="sirkulaer berg") == ["Berger"]
    assert names(premises="castle", regulation="?") == ["Berger", "Ørje", "Åråsen"]
    assert db.session.query(Site).count() == 3
