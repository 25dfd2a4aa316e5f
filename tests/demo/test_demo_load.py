"""Sample data is valid, plausible and the same each time."""

from datetime import date, timedelta

import phonenumbers
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload
from stdnum.no import orgnr

from crm.accounts.models import Absence, Role, User
from crm.arenas.models import Arena, ArenaSession
from crm.arenas.queries import arena_page
from crm.attachments.models import Attachment
from crm.audit.models import AuditEvent
from crm.collaborations.models import Collaboration
from crm.collaborations.rules import status_of
from crm.database import Base, sort_key, words_match
from crm.demo.commands import demo
from crm.demo.invitations import invite
from crm.demo.loading import NotEmpty, Size, load_demo
from crm.demo.numbers import organisation_number
from crm.demo.seasons import easter, is_day_off
from crm.demo.staff import DEMO_PASSWORD, sign_ins
from crm.enquiries.models import Enquiry, EnquiryStatus
from crm.establishments.models import Establishment, EstablishmentStage, Proposal
from crm.extensions import db
from crm.files import storage
from crm.files.models import LooseFile
from crm.interactions.joined import LOGGED_KINDS
from crm.interactions.models import (
    FollowUp,
    Interaction,
    InteractionKind,
    InteractionStatus,
    interaction_search_text,
)
from crm.invitations.models import InboundMessage
from crm.organisations.models import (
    Affiliation,
    Contact,
    Organisation,
    OrganisationKind,
    Relation,
    RelationKind,
    contact_search_text,
    organisation_search_text,
)
from crm.plan.models import Measure, Plan
from crm.reports.models import EVERYTHING, CountedMonth
from crm.web.clock import OSLO, today
from tests.support.pages import Pages

TODAY = date(2026, 11, 23)
SMALL = Size(organisations=70, contacts=130, interactions=420)


def quiet(*_: object) -> None:
    """No progress is shown in tests."""


@pytest.fixture(scope="module")
def loaded_app(make_app):
    """A database of its own with the sample data, filled once: tests only read it."""
    app = make_app()
    with app.app_context():
        load_demo(SMALL, seed=7, today=TODAY, progress=quiet)
        db.session.commit()
    return app


@pytest.fixture
def loaded(loaded_app):
    with loaded_app.app_context():
        yield loaded_app
        db.session.rollback()


def everything() -> dict[str, list[tuple]]:
    """All rows but those of identity that a database gives by itself and of the clock."""
    return {
        table.name: [
            tuple(row)
            for row in db.session.execute(
                select(*(c for c in table.columns if c.name not in _UNSTABLE)).order_by(
                    *table.primary_key.columns
                )
            )
        ]
        for table in Base.metadata.sorted_tables
        if table.name in _STABLE_TABLES
    }


_UNSTABLE = {
    "created_by",
    "account_manager_id",
    "deputy_id",
    "author_id",
    "owner_id",
    "user_id",
    "unit_id",
    "measure_id",
}
_STABLE_TABLES = {
    "organisations", "tags", "organisation_tags", "relations", "contacts", "affiliations", "interactions", "follow_ups",
    "interaction_organisations", "interaction_contacts",
}  # fmt: skip


def test_the_same_seed_gives_the_same_rows(app):
    # Nothing is committed, so that the second loading finds an empty database.
    load_demo(SMALL, seed=7, today=TODAY, progress=quiet)
    first = everything()
    db.session.rollback()
    load_demo(SMALL, seed=7, today=TODAY, progress=quiet)
    assert everything() == first
    db.session.rollback()
    load_demo(SMALL, seed=8, today=TODAY, progress=quiet)
    assert everything() != first


def test_meetings_come_from_calendars(app):
    load_demo(SMALL, seed=7, today=today(), progress=quiet)
    invite(today())
    found = db.session.scalars(select(Interaction).order_by(Interaction.id.desc()).limit(5)).all()
    assert [one.title for one in found] == ["Fast avtale om lokaler"] * 4 + ["Planer for neste år"]
    assert all(one.organisations and one.status == InteractionStatus.planned for one in found)
    assert set(db.session.scalars(select(InboundMessage.state))) == {"taken", "waiting"}
    db.session.rollback()


def test_as_many_as_asked_for(loaded):
    proposals = db.session.execute(select(Proposal.interaction_id, Proposal.viewing_id)).all()
    contacts = sum(one is not None for row in proposals for one in row)
    assert contacts > 5
    for model, number in ((Organisation, 70), (Contact, 130), (Interaction, 420 + contacts)):
        assert db.session.scalar(select(func.count(model.id))) == number


def test_a_database_with_records_is_left_alone(loaded):
    with pytest.raises(NotEmpty):
        load_demo(SMALL, seed=7, today=TODAY, progress=quiet)


def test_every_interaction_obeys_the_rules(loaded):
    interactions = db.session.scalars(
        select(Interaction).options(
            selectinload(Interaction.organisations),
            selectinload(Interaction.measures).selectinload(Measure.plan),
            selectinload(Interaction.advisor_participations),
            selectinload(Interaction.contact_participations),
        )
    ).all()
    for interaction in interactions:
        status = InteractionStatus(interaction.status)
        assert InteractionKind(interaction.kind)
        assert 0 < len(interaction.title) <= 200
        assert "{" not in interaction.title + (interaction.notes or "")
        if status is InteractionStatus.draft:
            continue
        assert interaction.organisations
        assert interaction.advisor_participations
        assert interaction.measures
        for measure in interaction.measures:
            assert measure.plan.starts_on <= interaction.starts_on <= measure.plan.ends_on
        if status is InteractionStatus.held:
            assert interaction.starts_on < TODAY
            assert not is_day_off(interaction.starts_on)
        if status is InteractionStatus.planned:
            assert interaction.starts_on >= TODAY
        if interaction.starts_at:
            assert interaction.starts_at.astimezone(OSLO).date() == interaction.starts_on
            assert 7 < interaction.starts_at.astimezone(OSLO).hour < 18
        assert interaction.created_at.date() < TODAY
        assert interaction.created_at <= interaction.updated_at
    held = [one for one in interactions if one.status == "held"]
    assert min(one.starts_on for one in held) < TODAY - timedelta(days=3 * 365)
    assert {one.kind for one in held} >= set(LOGGED_KINDS)
    assert {one.status for one in interactions} == set(InteractionStatus)
    assert sum(one.starts_on == TODAY for one in interactions) >= 2
    assert sum(one.starts_on.month == 7 for one in held) < len(held) / 40


def test_contacts_came_in_a_role_that_they_had_then(loaded):
    for interaction in db.session.scalars(select(Interaction)):
        organisations = {organisation.id for organisation in interaction.organisations}
        for participation in interaction.contact_participations:
            affiliation = participation.affiliation
            assert affiliation.contact_id == participation.contact_id
            assert affiliation.organisation_id in organisations
            assert (affiliation.started_on or date.min) <= interaction.starts_on
            assert interaction.starts_on <= (affiliation.ended_on or date.max)


def test_some_measures_have_nothing_and_the_rest_something(loaded):
    load = {
        code: sum(1 for _ in rows)
        for code, rows in _by_code(
            db.session.execute(select(Measure.code, Interaction.id).join(Interaction.measures)).all()
        ).items()
    }
    codes = set(db.session.scalars(select(Measure.code)))
    assert len(codes) == 43
    assert 3 <= len(codes - set(load)) < 20
    assert max(load.values()) > 5 * sorted(load.values())[len(load) // 2]


def _by_code(rows):
    found: dict[str, list[int]] = {}
    for code, identifier in rows:
        found.setdefault(code, []).append(identifier)
    return found


def test_plans_follow_one_another_up_to_today(loaded):
    plans = db.session.scalars(select(Plan).order_by(Plan.starts_on)).all()
    assert [(plan.starts_on.year, plan.ends_on.year) for plan in plans] == [(2022, 2024), (2025, 2028)]
    later = {measure.code: measure for measure in plans[1].measures}
    assert all(later[measure.code].continues_id == measure.id for measure in plans[0].measures)


def test_organisations_are_plausible(loaded):
    organisations = db.session.scalars(select(Organisation)).all()
    names = {organisation.name for organisation in organisations}
    assert len(names) == len(organisations)
    assert {"Innovasjon Norge", "Kjeller Innovasjon", "Berger Næringsutvikling AS", "Culture Hub"} <= names
    assert {organisation.kind for organisation in organisations} >= set(OrganisationKind) - {
        OrganisationKind.other
    }
    for organisation in organisations:
        assert organisation.search_text == organisation_search_text(organisation)
        assert organisation.sort_key == sort_key(organisation.name)
        if organisation.organisation_number:
            assert orgnr.is_valid(organisation.organisation_number)
        for reachable in filter(None, (organisation.website, organisation.email)):
            assert reachable.endswith(".example")
        if organisation.phone:
            assert phonenumbers.is_valid_number(phonenumbers.parse(organisation.phone))
    assert any(organisation.employees is None for organisation in organisations)
    assert any(organisation.organisation_number is None for organisation in organisations)


def test_contacts_are_plausible(loaded):
    contacts = db.session.scalars(select(Contact)).all()
    for contact in contacts:
        assert contact.search_text == contact_search_text(contact)
        assert contact.sort_key == sort_key(f"{contact.family_name} {contact.given_name}")
        assert contact.affiliations
        if contact.phone:
            assert phonenumbers.is_valid_number(phonenumbers.parse(contact.phone))
        if contact.email:
            assert contact.email.isascii()
            assert contact.email.endswith(".example")
    emails = [contact.email for contact in contacts if contact.email]
    assert len(emails) == len(set(emails))
    affiliations = db.session.scalars(select(Affiliation)).all()
    assert any(affiliation.ended_on for affiliation in affiliations)
    assert any(affiliation.primary for affiliation in affiliations)
    assert any(affiliation.topics for affiliation in affiliations)
    assert any(len(contact.affiliations) > 1 for contact in contacts)


def test_relations_of_every_kind(app):
    load_demo(Size(organisations=300, contacts=10, interactions=10), seed=7, today=TODAY, progress=quiet)
    assert set(db.session.scalars(select(Relation.kind).distinct())) == set(RelationKind)


def test_follow_ups_are_open_overdue_and_done(loaded):
    follow_ups = db.session.scalars(select(FollowUp)).all()
    assert any(one.done_at is None and one.due_on >= TODAY for one in follow_ups)
    assert any(one.done_at is None and one.due_on < TODAY for one in follow_ups)
    for one in follow_ups:
        if one.done_at:
            assert one.created_at <= one.done_at
            assert one.done_at.date() < TODAY


def test_notes_are_varied(loaded):
    held = db.session.scalars(select(Interaction).where(Interaction.status == "held")).all()
    assert len({one.notes for one in held}) > 0.95 * len(held)
    assert any("- " in one.notes for one in held)
    assert any(one.confidential for one in held)
    assert all(one.search_text == interaction_search_text(one) for one in held)


def test_the_latest_have_minutes_and_pictures(loaded):
    attachments = db.session.scalars(select(Attachment)).all()
    assert {one.media_type for one in attachments} == {"application/pdf", "image/jpeg"}
    for one in attachments:
        with storage().open(one.storage_key) as file:
            assert len(file.read()) == one.size
        assert "20" in one.name
        assert one.interaction.further_words
    assert db.session.scalars(select(LooseFile)).all() == []


def test_everything_is_in_the_history_and_found_by_its_words(loaded):
    for model in (Organisation, Contact, Interaction, FollowUp, Attachment, User, Plan):
        created = select(func.count(AuditEvent.id)).where(
            AuditEvent.subject_type == model.__name__, AuditEvent.action == "created"
        )
        assert db.session.scalar(created) == db.session.scalar(select(func.count(model.id)))
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_type == "Interaction", AuditEvent.subject_id == 1)
    ).first()
    interaction = db.session.get(Interaction, 1)
    assert event.changes["title"] == [None, interaction.title]
    assert event.changes["organisations"][1] == [one.id for one in interaction.organisations]
    found = db.session.scalars(
        select(Organisation.name).where(words_match(Organisation, "kjell innov"))
    ).all()
    assert "Kjeller Innovasjon" in found


def test_the_history_is_told_in_the_order_in_which_it_happened(loaded):
    told = select(AuditEvent.at).where(AuditEvent.subject_type.in_(["Interaction", "FollowUp"]))
    moments = db.session.scalars(told.order_by(AuditEvent.id)).all()
    assert moments == sorted(moments)


def test_the_kept_counts_are_those_of_the_rows(loaded):
    held = select(func.count(Interaction.id)).where(
        Interaction.status == "held", Interaction.deleted_at.is_(None)
    )
    kept = select(func.sum(CountedMonth.interactions)).where(CountedMonth.scope == EVERYTHING)
    assert db.session.scalar(kept) == db.session.scalar(held)


def test_records_made_afterwards_get_identifiers_of_their_own(loaded):
    number = db.session.scalar(select(func.max(Organisation.id)))
    db.session.execute(
        Organisation.__table__.insert().values(
            name="Ny AS", kind="company", status="active", sort_key="ny", search_text="ny"
        )
    )
    assert db.session.scalar(select(func.max(Organisation.id))) == number + 1


def test_somebody_in_every_role_can_sign_in(loaded):
    assert {sign_in.role for sign_in in sign_ins()} == set(Role)
    for sign_in in sign_ins():
        user = db.session.scalars(select(User).where(User.email == sign_in.email)).one()
        assert user.role == sign_in.role
        assert user.unit is not None
        assert user.phone
        db.session.commit()
        answer = Pages(loaded).get("/sign-in").submit(email=sign_in.email, password=DEMO_PASSWORD)
        assert answer.status == 302
    away = db.session.scalars(select(Absence)).one()
    assert away.starts_on <= TODAY <= away.ends_on
    assert away.deputy is not None


def test_the_command_fills_once(app):
    run = app.test_cli_runner().invoke
    arguments = ["load", "--organisations", "40", "--contacts", "50", "--interactions", "60", "--years", "2"]
    first = run(demo, arguments)
    assert first.exit_code == 0, first.output
    assert DEMO_PASSWORD in first.output
    assert "interactions: 60 of 60" in first.output
    assert db.session.scalar(select(func.max(Interaction.starts_on))) >= today()
    again = run(demo, arguments)
    assert again.exit_code == 1
    assert "use an empty one" in again.output
    assert run(demo, [*arguments, "--if-empty"]).exit_code == 0


def test_organisation_numbers_do_not_repeat():
    numbers = [organisation_number(index) for index in range(1, 30_000)]
    given = [number for number in numbers if number]
    assert len(given) == len(set(given)) > 25_000
    assert all(orgnr.is_valid(number) for number in given)


@pytest.mark.parametrize(
    ("year", "month", "day"), [(2022, 4, 17), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)]
)
def test_easter(year, month, day):
    assert easter(year) == date(year, month, day)
    assert is_day_off(easter(year) - timedelta(days=2))
    assert is_day_off(easter(year) + timedelta(days=39))


def test_searches_for_a_place_are_in_all_stages(loaded):
    searches = db.session.scalars(select(Establishment)).all()
    assert {one.stage for one in searches} == set(EstablishmentStage)
    assert {one.code for one in {db.session.get(Measure, one.measure_id) for one in searches}} == {"5.A.2"}
    late = [one.enquiry for one in searches if one.enquiry.status == "assigned"]
    assert all(one.received_at.date() > TODAY - timedelta(days=11) for one in late)


def test_arenas_have_sessions_members_and_a_holiday_ahead(loaded):
    manager = db.session.scalars(select(User).where(User.role == Role.manager)).first()
    with loaded.test_request_context():
        pages = [arena_page(one, manager, today=TODAY) for one in db.session.scalars(select(Arena.id))]
    assert len(pages) == 3
    for page in pages:
        assert page.members
        assert page.decided
        assert page.arena.held_total > 5
        assert len(page.coming) == 2
        assert page.proposed
        assert page.arena.measure_ids
    assert any(page.stopped for page in pages)
    off = [one.off for page in pages for one in page.proposed]
    assert any(one is not None and one.is_public for one in off)
    for kind in (Arena, ArenaSession):
        told = select(func.count(AuditEvent.id)).where(AuditEvent.subject_type == kind.__name__)
        assert db.session.scalar(told) == db.session.scalar(select(func.count(kind.id)))


def test_partnerships_go_on_year_by_year_and_obey_the_rules(loaded):
    found = db.session.scalars(select(Collaboration).order_by(Collaboration.year)).all()
    assert {one.stage for one in found} == {"idea", "ongoing", "completed", "abandoned"}
    for one in found:
        began = one.interaction.starts_on
        assert one.interaction.status == status_of(one.stage, began)
        assert one.interaction.kind == InteractionKind.collaboration
        assert began is None or began.year == one.year
        assert all(activity.starts_on.year == one.year for activity in one.activities)
        if one.continues_id is not None:
            assert db.session.get(Collaboration, one.continues_id).year == one.year - 1
    chains = [one.continues_id for one in found if one.continues_id]
    assert len(set(chains)) == len(chains) >= 7
    events = select(AuditEvent.subject_id).where(AuditEvent.subject_type == "Collaboration")
    assert set(db.session.scalars(events)) == {one.id for one in found}


def test_what_the_partnerships_tell_can_be_told_again_on_new_years_day(app):
    load_demo(SMALL, seed=7, today=date(2027, 1, 1), progress=quiet)
    for one in db.session.scalars(select(Collaboration)):
        assert one.interaction.starts_on is None or one.interaction.starts_on.year == one.year
    db.session.rollback()


def test_people_have_asked_and_some_still_wait(loaded):
    enquiries = db.session.scalars(select(Enquiry)).all()
    assert {one.status for one in enquiries} == set(EnquiryStatus)
    assert any(one.organisation_id for one in enquiries)
    assert any(one.caller_name and not one.organisation_id for one in enquiries)
    late = [one for one in enquiries if EnquiryStatus(one.status).is_open and one.due_on < TODAY]
    assert 0 < len(late) < len(enquiries) / 3
    for one in enquiries:
        assert (one.assignee_id is None) == (one.status == "new")
        assert (one.answered_at is not None) == (one.status in {"answered", "closed"})
        assert next(step.kind for step in one.steps) == "registered"
        assert list(one.steps) == sorted(one.steps, key=lambda step: step.at)
