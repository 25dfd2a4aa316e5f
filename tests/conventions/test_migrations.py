"""The models and the migrations agree, and each migration can be taken and taken back, with data."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from crm.database import Base
from crm.extensions import db
from migrations.included import include_object
from tests.support.factories import make_contact, make_interaction, make_plan, measure

pytestmark = pytest.mark.own_app


def revisions(app):
    script = ScriptDirectory(app.extensions["migrate"].directory)
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_one_head_and_it_is_written_down(make_app):
    app = make_app(migrated=False)
    script = ScriptDirectory(app.extensions["migrate"].directory)
    (head,) = script.get_heads()
    written = Path(app.extensions["migrate"].directory, ".current-head").read_text().strip()
    assert written == head, "two migrations at once must be a merge conflict: update .current-head"


def test_migrated_tables_equal_the_models(make_app):
    app = make_app()
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include_object})
        assert compare_metadata(context, Base.metadata) == []


def test_each_migration_runs_up_down_and_up_again(make_app):
    app = make_app(migrated=False)
    with app.app_context():
        for revision in revisions(app):
            upgrade(revision=revision)
            downgrade(revision="-1")
            upgrade(revision=revision)
        downgrade(revision="base")
        left = {name for name in sa.inspect(db.engine).get_table_names() if not name.startswith("sqlite_")}
        assert left == {"alembic_version"}


def test_the_last_migration_keeps_data(make_app):
    app = make_app()
    with app.app_context():
        plan = make_plan()
        make_interaction(measures=[measure(plan, "1.A.1")], contacts=[make_contact()])
        tables = [t for t in Base.metadata.sorted_tables if t.name != "audit_events"]
        before = {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables}
        db.session.remove()
        downgrade(revision="-1")
        upgrade()
        after = {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) for t in tables}
        assert after == before


def test_every_constraint_has_a_name():
    for table in Base.metadata.tables.values():
        for constraint in table.constraints:
            assert constraint.name or isinstance(constraint, sa.PrimaryKeyConstraint), (
                table.name,
                constraint,
            )
