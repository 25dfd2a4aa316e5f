from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from crm.database import now
from crm.extensions import db
from crm.interactions import operations
from crm.interactions.models import FollowUp, Interaction
from crm.organisations.models import Affiliation, Contact
from crm.organisations.operations import end_affiliation
from crm.web.clock import OSLO, today
from crm.web.validation import Invalid, Stale
from tests.support.factories import (
    make_contact,
    make_interaction,
    make_organisation,
    make_unit,
    make_user,
    measure,
    saved,
)

pytestmark = pytest.mark.usefixtures("in_english")


def logged(actor, **values):
    valid = {"kind": "company_visit", "status": "held", "title": "Besøk", "starts_on": today()}
    interaction = operations.log_interaction(actor=actor, **(valid | values))
    db.session.commit()
    return interaction


@pytest.fixture
def visit(advisor, company, tag):
    return logged(advisor, organisation_ids=[company.id], measure_ids=[tag])


def test_logging_keeps_everything_and_records_it(advisor, company, person, tag, events):
    interaction = logged(
        advisor,
        organisation_ids=[company.id],
        contact_ids=[person.id],
        measure_ids=[tag],
        notes="Fire setninger.",
        place="Hos dem",
        confidential=True,
    )
    db.session.expire_all()
    assert interaction.advisors == [advisor]
    assert interaction.contact_participations[0].affiliation.title == "Daglig leder"
    assert interaction.listed_on == today()
    (event,) = events(interaction)
    assert (event.action, event.actor_id) == ("created", advisor.id)
    assert event.changes["organisations"] == [[], [company.id]]
    assert event.changes["measures"] == [[], ["1.A.1"]]
    assert "submission_key" not in event.changes


def test_nothing_is_kept_of_what_breaks_a_rule(advisor, company):
    with pytest.raises(Invalid) as refused:
        logged(
            advisor, organisation_ids=[company.id], follow_ups=[operations.NewFollowUp(text="", due_on=None)]
        )
    assert set(refused.value.errors) == {"measures", "follow_up_text", "follow_up_due_on"}
    db.session.rollback()
    assert db.session.query(Interaction).count() == 0


def test_unknown_deactivated_and_binned_ones_cannot_be_chosen(advisor, tag):
    gone = make_user(deactivated_at=now())
    binned = make_organisation(deleted_at=now())
    with pytest.raises(Invalid) as refused:
        logged(
            advisor,
            organisation_ids=[binned.id],
            contact_ids=[987],
            advisor_ids=[gone.id],
            measure_ids=[tag, 4_321],
        )
    assert set(refused.value.errors) == {"organisations", "contacts", "advisors", "measures"}


def test_what_has_gone_since_can_be_kept(visit, advisor, company):
    company.deleted_at = now()
    saved(company)
    operations.update_interaction(
        visit, actor=advisor, version=visit.version, title="Nytt navn", organisation_ids=[company.id]
    )
    db.session.commit()
    assert visit.organisations == [company]


def test_the_same_submission_is_refused_by_the_database(advisor):
    logged(advisor, status="draft", submission_key="en-gang")
    with pytest.raises(IntegrityError, match="submission_key"):
        logged(advisor, status="draft", submission_key="en-gang")


def test_people_met_for_the_first_time_are_made_with_their_affiliation(advisor, company, tag, events):
    interaction = logged(
        advisor,
        organisation_ids=[company.id],
        measure_ids=[tag],
        new_contacts=[
            operations.NewContact(
                given_name="Ola", family_name="Ås", title="Innkjøper", email="ola@aas.example"
            ),
            operations.NewContact(given_name="Per", family_name="Dal"),
        ],
    )
    ola = next(contact for contact in interaction.contacts if contact.given_name == "Ola")
    assert [(a.organisation_id, a.title) for a in ola.affiliations] == [(company.id, "Innkjøper")]
    assert {p.affiliation.organisation_id for p in interaction.contact_participations} == {company.id}
    assert [event.action for event in events(ola)] == ["created"]
    assert len(interaction.contacts) == 2


def test_a_new_person_with_an_error_is_told_by_place_and_nothing_is_kept(advisor, company, tag):
    with pytest.raises(Invalid) as refused:
        logged(
            advisor,
            organisation_ids=[company.id],
            measure_ids=[tag],
            new_contacts=[
                operations.NewContact(given_name="Ola", family_name=""),
                operations.NewContact(given_name="Per", family_name="", email="ikke en adresse"),
            ],
        )
    assert list(refused.value.errors) == ["new_contacts-1-email"]
    db.session.rollback()
    assert db.session.query(Contact).count() == 0


def test_follow_ups_are_made_with_it_for_oneself_unless_said(advisor, colleague, company, tag, events):
    due = today() + timedelta(days=4)
    interaction = logged(
        advisor,
        organisation_ids=[company.id],
        measure_ids=[tag],
        follow_ups=[
            operations.NewFollowUp(text="Sende oversikt", due_on=due),
            operations.NewFollowUp(text="Ringe", due_on=due, owner_id=colleague.id),
        ],
    )
    assert [
        (f.text, f.owner, f.organisation) for f in sorted(interaction.follow_ups, key=lambda f: f.id)
    ] == [
        ("Sende oversikt", advisor, company),
        ("Ringe", colleague, company),
    ]
    assert [event.action for event in events(interaction.follow_ups[0])] == ["created"]


def test_units_and_affiliations_of_the_time_stay(company, person, tag):
    before, after = make_unit("Næring"), make_unit("Plan")
    user = make_user(unit_id=before.id)
    interaction = logged(user, organisation_ids=[company.id], contact_ids=[person.id], measure_ids=[tag])
    user.unit_id = after.id
    saved(user)
    end_affiliation(person.affiliations[0], actor=user)
    other = make_organisation()
    person.affiliations.append(Affiliation(organisation=other, title="Styreleder"))
    saved(person)
    helper = make_user(unit_id=after.id)
    operations.update_interaction(
        interaction,
        actor=user,
        version=interaction.version,
        title="Nytt",
        advisor_ids=[user.id, helper.id],
        contact_ids=[person.id],
    )
    db.session.commit()
    db.session.expire_all()
    units = {p.user_id: p.unit_id for p in interaction.advisor_participations}
    assert units == {user.id: before.id, helper.id: after.id}
    assert interaction.contact_participations[0].affiliation.title == "Daglig leder"


def test_people_come_in_the_affiliation_that_held_on_the_day(advisor, company, tag):
    other = make_organisation()
    person = make_contact(at=company, title="Før", ended_on=date(2020, 1, 31))
    person.affiliations.append(Affiliation(organisation=other, title="Nå", started_on=date(2020, 2, 1)))
    saved(person)
    visit = logged(advisor, organisation_ids=[company.id], contact_ids=[person.id], measure_ids=[tag])
    assert visit.contact_participations[0].affiliation.title == "Nå"


def test_a_change_of_tags_alone_moves_the_version_on(visit, advisor, plan, events):
    before = visit.version
    operations.update_interaction(
        visit,
        actor=advisor,
        version=before,
        measure_ids=[measure(plan, "1.A.2").id, measure(plan, "1.A.1").id],
    )
    db.session.commit()
    assert visit.version == before + 1
    assert events(visit)[-1].changes == {"measures": [[], ["1.A.2"]]}


def test_saving_what_is_there_changes_nothing(visit, advisor, company, tag, events):
    before = visit.version
    operations.update_interaction(
        visit, actor=advisor, version=before, title="Besøk", organisation_ids=[company.id], measure_ids=[tag]
    )
    db.session.commit()
    assert visit.version == before
    assert len(events(visit)) == 1


def test_who_saves_second_is_told(visit, advisor, colleague):
    read = visit.version
    operations.update_interaction(visit, actor=advisor, version=read, title="Den ene")
    db.session.commit()
    with pytest.raises(Stale) as refused:
        operations.update_interaction(visit, actor=colleague, version=read, title="Den andre")
    assert refused.value.record.title == "Den ene"


def test_a_new_day_alone_takes_the_time_of_day_along(advisor, company, tag):
    held = datetime(2026, 10, 23, 9, 30, tzinfo=OSLO)
    visit = logged(
        advisor,
        starts_on=None,
        starts_at=held,
        ends_at=held + timedelta(hours=1),
        organisation_ids=[company.id],
        measure_ids=[tag],
    )
    assert visit.starts_on == date(2026, 10, 23)
    operations.update_interaction(visit, actor=advisor, version=None, starts_on=date(2026, 10, 30))
    db.session.commit()
    assert visit.starts_at == datetime(2026, 10, 30, 9, 30, tzinfo=OSLO)  # across the end of summer time
    assert visit.ends_at == datetime(2026, 10, 30, 10, 30, tzinfo=OSLO)


def test_the_day_is_the_local_one(advisor):
    late = datetime(2026, 10, 22, 23, 30, tzinfo=OSLO)
    assert logged(advisor, status="draft", starts_on=None, starts_at=late).starts_on == date(2026, 10, 22)


def test_what_cannot_be_seen_is_taken_off(advisor):
    draft = logged(
        advisor, status="draft", title="\u202eBe\u200bsøk \U0001f3ed  hos שלום\x00", notes="a\r\nb\x00"
    )
    assert draft.title == "Besøk \U0001f3ed hos שלום"
    assert draft.notes == "a\nb"


def test_a_draft_becomes_held_when_it_has_what_it_needs(advisor, company, tag):
    draft = logged(advisor, status="draft", starts_on=None)
    assert draft.listed_on == today()
    with pytest.raises(Invalid) as refused:
        operations.change_status(draft, actor=advisor, version=draft.version, status="held")
    assert set(refused.value.errors) == {"starts_on", "organisations", "measures"}
    assert draft.status == "draft"
    operations.update_interaction(
        draft,
        actor=advisor,
        version=draft.version,
        status="held",
        starts_on=today(),
        organisation_ids=[company.id],
        measure_ids=[tag],
    )
    db.session.commit()
    assert draft.status == "held"


def test_bin_and_restore(visit, advisor, events):
    operations.bin_interaction(visit, actor=advisor)
    operations.bin_interaction(visit, actor=advisor)
    db.session.commit()
    assert visit.is_binned
    operations.restore_interaction(visit, actor=advisor)
    db.session.commit()
    assert not visit.is_binned
    assert [event.action for event in events(visit)] == ["created", "binned", "restored"]


def test_follow_up_rules(advisor, reader):
    with pytest.raises(Invalid) as refused:
        operations.create_follow_up(
            actor=advisor, text="x" * 501, due_on=today() - timedelta(days=1), owner_id=reader.id
        )
    assert set(refused.value.errors) == {"text", "due_on", "owner"}


def test_an_overdue_follow_up_can_be_handed_on_done_and_reopened(advisor, colleague, events):
    late = saved(FollowUp(text="Ringe", owner=advisor, due_on=today() - timedelta(days=3)))
    operations.update_follow_up(
        late, actor=advisor, version=late.version, text="Ringe", due_on=late.due_on, owner_id=colleague.id
    )
    operations.complete_follow_up(late, actor=colleague)
    operations.complete_follow_up(late, actor=colleague)
    operations.reopen_follow_up(late, actor=colleague)
    db.session.commit()
    assert late.owner_id == colleague.id
    assert late.done_at is None
    assert [event.action for event in events(late)] == ["created", "changed", "done", "reopened"]


def test_a_change_of_kind_alone_asks_the_rules_again(visit, advisor):
    with pytest.raises(Invalid) as refused:
        operations.update_interaction(visit, actor=advisor, version=None, kind="introduction")
    assert list(refused.value.errors) == ["organisations"]


def test_measures_must_be_of_the_plan_that_covers_the_day(visit, advisor):
    with pytest.raises(Invalid) as refused:
        operations.update_interaction(visit, actor=advisor, version=None, starts_on=date(2001, 5, 5))
    assert "Plan nå" in refused.value.errors["measures"][0]


def test_interactions_of_others_are_untouched(visit, advisor):
    other = make_interaction()
    version = other.version
    operations.update_interaction(visit, actor=advisor, version=None, title="Nytt")
    db.session.commit()
    assert other.version == version
