import pytest
import sqlalchemy as sa

from crm.accounts.models import Role, User
from crm.audit.models import AuditEvent
from crm.audit.queries import history_of
from crm.audit.recording import UnrecordedChange, record
from crm.extensions import db
from tests.support.factories import make_unit, make_user


@pytest.mark.parametrize("verb", ["UPDATE audit_events SET action = 'x'", "DELETE FROM audit_events"])
def test_the_database_itself_refuses_to_change_the_log(app, verb):
    make_user()
    with pytest.raises(sa.exc.DBAPIError, match="append"):
        db.session.execute(sa.text(verb))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 1


def test_a_change_that_nobody_recorded_is_not_committed(app):
    user = make_user(name="Kari")
    user.name = "Karianne"
    with pytest.raises(UnrecordedChange):
        db.session.commit()
    db.session.rollback()
    assert db.session.get_one(User, user.id).name == "Kari"


def test_bulk_statements_on_audited_records_are_refused(app):
    make_user()
    for statement in (sa.update(User).values(name="x"), sa.delete(User)):
        with pytest.raises(UnrecordedChange):
            db.session.execute(statement)
    db.session.rollback()


def test_history_has_old_and_new_in_words(app):
    unit = make_unit("Næring")
    user = make_user(name="Kari", phone=None)
    with app.test_request_context(headers={"Cookie": "language=en"}):
        user.name, user.role, user.unit_id, user.phone = "Åse 👩‍🌾", Role.manager, unit.id, "+4763800000"
        record(user, actor=user)
        db.session.commit()
        changed, created = history_of(user, user)
    assert (changed.action_label, changed.actor_name) == ("Changed", "Åse 👩‍🌾")
    assert ("Name", "Kari", "Åse 👩‍🌾") in changed.changes
    assert ("Role", "Advisor", "Manager") in changed.changes
    assert ("Unit", "", "Næring") in changed.changes
    assert ("Telephone", "", "63 80 00 00") in changed.changes
    assert created.actor_name


def test_passwords_leave_no_trace_but_the_act(app):
    user = make_user()
    user.password_hash = "secret digest"
    record(user, actor=user, action="password_set")
    db.session.commit()
    event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.action, event.changes) == ("password_set", {})
