"""Dialogue arenas, their members, the days of the rhythm that are left out, and what sessions have besides interactions.

Who hosts and belongs to arenas has an edition (see migration 0004), since every organisation's page asks for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

VERBS = ("INSERT", "UPDATE", "DELETE")
WATCHED = ("arenas", "arena_members")


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "arenas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("purpose", sa.String(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("host_unit_id", sa.Integer(), nullable=True),
        sa.Column("rhythm", sa.String(300), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("begins_at", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(200), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("sort_key", sa.String(200, collation=None if on_sqlite else "C"), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.Column("deleted_at", instant, nullable=True),
        sa.CheckConstraint("rhythm IS NULL OR starts_on IS NOT NULL", name="ck_arenas_rhythm_has_start"),
        sa.ForeignKeyConstraint(["host_id"], ["organisations.id"], name="fk_arenas_host_id_organisations"),
        sa.ForeignKeyConstraint(["host_unit_id"], ["units.id"], name="fk_arenas_host_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_arenas"),
    )
    op.create_index("ix_arenas_host_id", "arenas", ["host_id"])
    op.create_index("ix_arenas_sort_key_id", "arenas", ["sort_key", "id"])
    op.create_table(
        "arena_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("arena_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "organisation_id IS NOT NULL OR contact_id IS NOT NULL", name="ck_arena_members_somebody"
        ),
        sa.CheckConstraint("ended_on >= started_on", name="ck_arena_members_ends_after_start"),
        sa.ForeignKeyConstraint(["arena_id"], ["arenas.id"], name="fk_arena_members_arena_id_arenas"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_arena_members_organisation_id_organisations"
        ),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_arena_members_contact_id_contacts"),
        sa.PrimaryKeyConstraint("id", name="pk_arena_members"),
    )
    for column in ("arena_id", "organisation_id", "contact_id"):
        op.create_index(f"ix_arena_members_{column}", "arena_members", [column])
    op.create_table(
        "arena_measures",
        sa.Column("arena_id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["arena_id"], ["arenas.id"], name="fk_arena_measures_arena_id_arenas"),
        sa.ForeignKeyConstraint(["measure_id"], ["measures.id"], name="fk_arena_measures_measure_id_measures"),
        sa.PrimaryKeyConstraint("arena_id", "measure_id", name="pk_arena_measures"),
    )
    op.create_index("ix_arena_measures_measure_id", "arena_measures", ["measure_id"])
    op.create_table(
        "arena_skips",
        sa.Column("arena_id", sa.Integer(), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["arena_id"], ["arenas.id"], name="fk_arena_skips_arena_id_arenas"),
        sa.PrimaryKeyConstraint("arena_id", "occurs_on", name="pk_arena_skips"),
    )
    op.create_table(
        "arena_sessions",
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("arena_id", sa.Integer(), nullable=False),
        sa.Column("proposed_for", sa.Date(), nullable=True),
        sa.Column("agenda", sa.String(), nullable=True),
        sa.Column("decisions", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name="fk_arena_sessions_interaction_id_interactions"
        ),
        sa.ForeignKeyConstraint(["arena_id"], ["arenas.id"], name="fk_arena_sessions_arena_id_arenas"),
        sa.PrimaryKeyConstraint("interaction_id", name="pk_arena_sessions"),
    )
    op.create_index(
        "ix_arena_sessions_arena_id_proposed_for", "arena_sessions", ["arena_id", "proposed_for"]
    )
    _watch(on_sqlite)


def _watch(on_sqlite: bool) -> None:
    number = "random()" if on_sqlite else "(random() * 9e15)::bigint"
    op.execute(f"INSERT INTO editions VALUES ('arenas', {number})")
    for table in WATCHED:
        if on_sqlite:
            for verb in VERBS:
                op.execute(
                    f"CREATE TRIGGER {table}_edition_{verb.lower()} AFTER {verb} ON {table} "
                    "BEGIN UPDATE editions SET number = random() WHERE name = 'arenas'; END"
                )
        else:
            op.execute(
                f"CREATE TRIGGER {table}_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION next_edition('arenas')"
            )


def downgrade() -> None:
    op.execute("DELETE FROM editions WHERE name = 'arenas'")
    for table in ("arena_sessions", "arena_skips", "arena_measures", "arena_members", "arenas"):
        op.drop_table(table)
