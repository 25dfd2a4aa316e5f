"""The chain from the enquiry to the established company, on the database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from crm.audit.models import AuditEvent
from crm.audit.recording import record
from crm.enquiries.operations import register
from crm.establishments import operations
from crm.establishments.measures import usual_measure
from crm.establishments.models import Establishment
from crm.establishments.queries import EstablishmentFilter, EstablishmentQuery, counts_under
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.plan.operations import continue_plan
from crm.web.clock import today
from crm.web.validation import Invalid, Stale
from tests.support.factories import measure

pytestmark = pytest.mark.usefixtures("in_english")


def test_the_chain_is_kept(make_search, make_site, advisor, plan, seeker, developer, person):
    search, site = make_search(), make_site()
    proposal = operations.propose(search, actor=advisor, site_id=site.id, words="Nær E6")
    assert search.stage == "proposed"
    interaction = operations.log_contact(
        proposal,
        actor=advisor,
        state="introduced",
        day=today(),
        notes="Avtalte befaring",
        measure_id=search.measure_id,
    )
    assert {one.id for one in interaction.organisations} == {seeker.id, developer.id}
    assert [one.code for one in interaction.measures] == ["1.A.1"]
    assert (interaction.kind, interaction.status) == ("introduction", "held")
    viewing = operations.log_contact(
        proposal, actor=advisor, state="viewed", day=today(), measure_id=search.measure_id
    )
    assert (search.stage, viewing.kind) == ("viewing", "meeting")
    operations.choose(proposal, actor=advisor)
    assert search.stage == "negotiating"
    operations.establish(
        search,
        actor=advisor,
        organisation_id=seeker.id,
        site_id=site.id,
        established_on=today(),
        jobs=40,
    )
    db.session.commit()
    db.session.expire_all()
    kept = db.session.get(Establishment, search.id)
    assert (kept.stage, kept.organisation.name, kept.site.name) == ("established", "Lageret AS", "Berger")
    assert (kept.proposals[0].interaction_id, kept.proposals[0].viewing_id) == (interaction.id, viewing.id)
    assert counts_under(kept.measure_id) == (1, 1, 1, 40)
    actions = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_type == "Establishment").order_by(AuditEvent.id)
    ).all()
    assert actions == ["created", "proposed", "introduced", "viewed", "chosen", "established"]


def test_what_is_declined_takes_the_stage_back_and_may_be_proposed_anew(make_search, make_site, advisor):
    search, site = make_search(), make_site()
    proposal = operations.propose(search, actor=advisor, site_id=site.id)
    with pytest.raises(Invalid, match="already"):
        operations.propose(search, actor=advisor, site_id=site.id)
    operations.decline(proposal, actor=advisor, words="For dyrt")
    assert (search.stage, proposal.words) == ("seeking", "For dyrt")
    again = operations.propose(search, actor=advisor, site_id=site.id)
    assert (again.id, again.state, search.stage) == (proposal.id, "proposed", "proposed")


def test_a_search_that_ended_is_taken_up_before_it_goes_on(make_search, make_site, advisor, seeker):
    search, site = make_search(), make_site()
    operations.give_up(search, actor=advisor)
    with pytest.raises(Invalid):
        operations.propose(search, actor=advisor, site_id=site.id)
    operations.resume_search(search, actor=advisor)
    operations.propose(search, actor=advisor, site_id=site.id)
    assert search.stage == "proposed"


@pytest.mark.parametrize(
    ("need", "field"),
    [
        ({"area_from": 30_000}, "area_to"),
        ({"area_from": -1}, "area_from"),
        ({"jobs": -1}, "jobs"),
        ({"premises": ["castle"]}, "premises"),
        ({"focus_area": 99}, "focus_area"),
        ({"measure_id": 999_999}, "measure_id"),
    ],
)
def test_what_breaks_a_rule_names_its_field(make_search, need, field):
    with pytest.raises(Invalid) as refused:
        make_search(**need)
    assert refused.value.errors.keys() == {field}


def test_two_who_change_it_do_not_overwrite_each_other(make_search, make_site, advisor):
    search, site = make_search(), make_site()
    read = search.enquiry.version
    operations.propose(search, actor=advisor, site_id=site.id)
    db.session.commit()
    with pytest.raises(Stale):
        operations.update_need(search, actor=advisor, version=read, jobs=5)


def test_nobody_is_established_before_they_asked_or_in_the_future(make_search, advisor, seeker):
    search = make_search()
    for day in (today() - timedelta(days=1), today() + timedelta(days=1), None):
        with pytest.raises(Invalid) as refused:
            operations.establish(
                search, actor=advisor, organisation_id=seeker.id, site_id=None, established_on=day
            )
        assert refused.value.errors.keys() == {"established_on"}
        db.session.rollback()


def test_a_contact_counts_under_the_plan_of_its_day(make_search, make_site, advisor, plan):
    """The chosen measure's successor where the plan has changed; nothing where none continues it."""
    ends_on = today() - timedelta(days=1)
    plan.ends_on = ends_on
    record(plan, actor=advisor)
    following = continue_plan(
        plan_id=plan.id,
        title="Ny plan",
        starts_on=today(),
        ends_on=today() + timedelta(days=900),
        actor=advisor,
    )
    db.session.commit()
    asked = datetime.combine(today() - timedelta(days=40), datetime.min.time(), UTC)
    search, site = make_search(received_at=asked), make_site()
    assert search.measure_id == measure(plan, "1.A.1").id
    proposal = operations.propose(search, actor=advisor, site_id=site.id)
    before = operations.log_contact(
        proposal, actor=advisor, state="introduced", day=ends_on, measure_id=search.measure_id
    )
    after = operations.log_contact(
        proposal, actor=advisor, state="viewed", day=today(), measure_id=search.measure_id
    )
    assert [one.id for one in before.measures] == [search.measure_id]
    assert [one.id for one in after.measures] == [measure(following, "1.A.1").id]
    db.session.commit()
    newer = measure(following, "1.A.1").id
    assert counts_under(search.measure_id).searches == 1
    assert counts_under(newer) is None, "each in one plan only"
    operations.establish(
        search,
        actor=advisor,
        organisation_id=search.enquiry.organisation_id,
        site_id=site.id,
        established_on=today(),
    )
    db.session.commit()
    assert counts_under(search.measure_id) is None
    assert counts_under(newer).established == 1, "it counts where the company was established"


def test_with_one_known_organisation_it_is_a_meeting(make_site, advisor, plan, developer):
    enquiry = register(actor=advisor, subject="Seeks a hall", caller_name="Ola Nordmann")
    search = operations.begin_search(enquiry, actor=advisor, measure_id=measure(plan, "1.A.1").id)
    proposal = operations.propose(search, actor=advisor, site_id=make_site().id)
    met = operations.log_contact(
        proposal, actor=advisor, state="introduced", day=today(), measure_id=search.measure_id
    )
    assert met.kind == "meeting"
    assert [one.id for one in met.organisations] == [developer.id]
    nobodys = operations.propose(
        search, actor=advisor, site_id=make_site("Heia", developer_id=None, contact_id=None).id
    )
    with pytest.raises(Invalid, match="developer"):
        operations.log_contact(nobodys, actor=advisor, state="viewed", day=today(), measure_id=None)


def test_what_was_chosen_last_is_proposed_next(make_search, plan):
    assert usual_measure(today()) is None, "this plan is not the shipped one"
    make_search(measure_id=measure(plan, "1.A.2").id)
    assert usual_measure(today()) == measure(plan, "1.A.2").id
    assert usual_measure(date(1990, 1, 1)) is None


def test_list_count_and_export_agree(make_search, make_site, advisor, plan):
    first, second = make_search("Ærlig lager"), make_search("Kontor", measure_id=None)
    operations.propose(second, actor=advisor, site_id=make_site().id)
    db.session.commit()
    code = measure(plan, "1.A.1").id
    for args, expected in (
        ({}, {first.id, second.id}),
        ({"stage": "proposed"}, {second.id}),
        ({"stage": "?"}, {first.id, second.id}),
        ({"q": "aerl lag"}, {first.id}),
        ({"measure": str(code)}, {first.id}),
        ({"proposed": "1"}, {second.id}),
    ):
        query = EstablishmentQuery(EstablishmentFilter.parse(args))
        listed = {row.id for row in query.page(None, 0).rows}
        assert listed == {row.id for row in query.every_row()} == expected, args
    assert EstablishmentQuery(EstablishmentFilter(stage="proposed")).stages() == {"seeking": 1, "proposed": 1}
    assert db.session.query(Interaction).count() == 0
