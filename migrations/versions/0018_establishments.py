"""Searches for a place to establish, and the sites proposed.

Which measures searches are tagged with has an edition (see migration 0004), since every measure's page asks for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "establishments",
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(12), nullable=False),
        sa.Column("area_from", sa.Integer(), nullable=True),
        sa.Column("area_to", sa.Integer(), nullable=True),
        sa.Column("premises", sa.JSON(), nullable=False),
        sa.Column("needed_from", sa.Date(), nullable=True),
        sa.Column("jobs", sa.Integer(), nullable=True),
        sa.Column("power", sa.Integer(), nullable=True),
        sa.Column("focus_area", sa.Integer(), nullable=True),
        sa.Column("measure_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.CheckConstraint("area_from >= 0", name="ck_establishments_area_from_not_negative"),
        sa.CheckConstraint("area_to >= area_from", name="ck_establishments_area_to_after_from"),
        sa.CheckConstraint("jobs >= 0", name="ck_establishments_jobs_not_negative"),
        sa.CheckConstraint("power >= 0", name="ck_establishments_power_not_negative"),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiries.id"], name="fk_establishments_enquiry_id_enquiries"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_establishments_organisation_id_organisations"
        ),
        sa.ForeignKeyConstraint(
            ["measure_id"], ["measures.id"], name="fk_establishments_measure_id_measures"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_establishments_site_id_sites"),
        sa.PrimaryKeyConstraint("enquiry_id", name="pk_establishments"),
    )
    op.create_index("ix_establishments_measure_id", "establishments", ["measure_id"], unique=False)
    op.create_index("ix_establishments_organisation_id", "establishments", ["organisation_id"], unique=False)
    op.create_index("ix_establishments_site_id", "establishments", ["site_id"], unique=False)
    op.create_index("ix_establishments_stage", "establishments", ["stage"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("establishment_id", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("viewing_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["establishment_id"],
            ["establishments.enquiry_id"],
            name="fk_proposals_establishment_id_establishments",
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name="fk_proposals_interaction_id_interactions"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_proposals_site_id_sites"),
        sa.ForeignKeyConstraint(
            ["viewing_id"], ["interactions.id"], name="fk_proposals_viewing_id_interactions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
        sa.UniqueConstraint("establishment_id", "site_id", name="uq_proposals_establishment_id_site_id"),
    )
    op.create_index("ix_proposals_interaction_id", "proposals", ["interaction_id"], unique=False)
    op.create_index("ix_proposals_viewing_id", "proposals", ["viewing_id"], unique=False)
    op.create_index("ix_proposals_site_id", "proposals", ["site_id"], unique=False)
    _watch(op.get_bind().dialect.name == "sqlite")


def _watch(on_sqlite: bool) -> None:
    number = "random()" if on_sqlite else "(random() * 9e15)::bigint"
    op.execute(f"INSERT INTO editions VALUES ('establishments', {number})")
    if on_sqlite:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER establishments_edition_{verb.lower()} AFTER {verb} ON establishments "
                "BEGIN UPDATE editions SET number = random() WHERE name = 'establishments'; END"
            )
    else:
        op.execute(
            "CREATE TRIGGER establishments_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON establishments "
            "FOR EACH STATEMENT EXECUTE FUNCTION next_edition('establishments')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM editions WHERE name = 'establishments'")
    op.drop_table("proposals")
    op.drop_table("establishments")
