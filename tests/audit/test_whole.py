from crm.audit.models import AuditEvent
from crm.audit.recording import record
from crm.extensions import db
from tests.support.factories import make_interaction, make_organisation, make_plan, make_user, measure


def test_a_person_set_through_a_relationship_is_in_the_history(app):
    organisation, manager = make_organisation(), make_user()
    organisation.account_manager = manager
    event = record(organisation, actor=None)
    assert event.changes == {"account_manager_id": [None, manager.id]}


def test_a_change_of_parts_alone_moves_the_version_and_is_recorded(app):
    interaction, plan = make_interaction(), make_plan()
    version = interaction.version
    interaction.measures = [measure(plan, "1.A.1")]
    event = record(interaction, actor=None)
    db.session.commit()
    assert interaction.version == version + 1
    assert event.changes == {"measures": [[], ["1.A.1"]]}


def test_nothing_changed_leaves_no_event_and_keeps_the_version(app):
    organisation = make_organisation()
    before = db.session.query(AuditEvent).count(), organisation.version
    organisation.name = str(organisation.name)
    assert record(organisation, actor=None) is None
    db.session.commit()
    assert (db.session.query(AuditEvent).count(), organisation.version) == before
