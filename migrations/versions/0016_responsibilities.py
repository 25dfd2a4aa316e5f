"""Topics, who of ours answers for what, and the edition under which a process keeps what routing looks at.

On SQLite a migration that copies one of the watched tables must make its triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WATCHED = ("topics", "responsibilities", "sites", "users", "units", "absences")
VERBS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=True),
        sa.Column("name_nb", sa.String(80), nullable=False),
        sa.Column("name_nn", sa.String(80), nullable=True),
        sa.Column("name_en", sa.String(80), nullable=True),
        sa.Column("words_no", sa.JSON(), nullable=False),
        sa.Column("words_en", sa.JSON(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.Column("sort_key", sa.String(200, collation=None if on_sqlite else "C"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("working_days BETWEEN 0 AND 60", name="ck_topics_working_days_within_reason"),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
        sa.UniqueConstraint("key", name="uq_topics_key"),
        sa.UniqueConstraint("name_nb", name="uq_topics_name_nb"),
    )
    op.create_table(
        "responsibilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("focus_area", sa.Integer(), nullable=True),
        sa.Column("industry_prefix", sa.String(10), nullable=True),
        sa.Column("organisation_kind", sa.String(20), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("phone_hours", sa.String(120), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="ck_responsibilities_user_or_unit"),
        sa.CheckConstraint(
            "topic_id IS NOT NULL OR focus_area IS NOT NULL OR industry_prefix IS NOT NULL OR organisation_kind IS NOT NULL OR site_id IS NOT NULL OR organisation_id IS NOT NULL",
            name="ck_responsibilities_for_something",
        ),
        sa.ForeignKeyConstraint(["deputy_id"], ["users.id"], name="fk_responsibilities_deputy_id_users"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_responsibilities_organisation_id_organisations",
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_responsibilities_site_id_sites"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_responsibilities_topic_id_topics"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_responsibilities_unit_id_units"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_responsibilities_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_responsibilities"),
    )
    op.create_index(
        "ix_responsibilities_organisation_id", "responsibilities", ["organisation_id"], unique=False
    )
    op.create_index("ix_responsibilities_site_id", "responsibilities", ["site_id"], unique=False)
    op.create_index("ix_responsibilities_topic_id", "responsibilities", ["topic_id"], unique=False)
    op.create_index("ix_responsibilities_user_id", "responsibilities", ["user_id"], unique=False)
    _watch(on_sqlite)


def _watch(on_sqlite: bool) -> None:
    number = "random()" if on_sqlite else "(random() * 9e15)::bigint"
    op.execute(f"INSERT INTO editions VALUES ('responsibilities', {number})")
    for table in WATCHED:
        if on_sqlite:
            for verb in VERBS:
                op.execute(
                    f"CREATE TRIGGER {table}_routing_{verb.lower()} AFTER {verb} ON {table} "
                    "BEGIN UPDATE editions SET number = random() WHERE name = 'responsibilities'; END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_routing AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION next_edition('responsibilities')"
            )


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in WATCHED:
        if on_sqlite:
            for verb in VERBS:
                op.execute(f"DROP TRIGGER {table}_routing_{verb.lower()}")
        else:
            op.execute(f"DROP TRIGGER {table}_routing ON {table}")
    op.execute("DELETE FROM editions WHERE name = 'responsibilities'")
    op.drop_table("responsibilities")
    op.drop_table("topics")
