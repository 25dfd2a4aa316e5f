"""Collaborations with universities: what they have beside being interactions, and the interactions that belong to them.

An interaction of that kind that is there already gets a record for the year that it stands in.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STAGES = {"draft": "idea", "cancelled": "abandoned"}


def upgrade() -> None:
    made = op.create_table(
        "collaborations",
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("aim", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("continues_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_collaborations_year_in_range")),
        sa.ForeignKeyConstraint(
            ["continues_id"],
            ["collaborations.interaction_id"],
            name=op.f("fk_collaborations_continues_id_collaborations"),
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name=op.f("fk_collaborations_interaction_id_interactions")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["users.id"], name=op.f("fk_collaborations_lead_id_users")),
        sa.PrimaryKeyConstraint("interaction_id", name=op.f("pk_collaborations")),
    )
    op.create_index(op.f("ix_collaborations_continues_id"), "collaborations", ["continues_id"])
    op.create_index(
        op.f("ix_collaborations_year_interaction_id"), "collaborations", ["year", "interaction_id"]
    )
    op.create_table(
        "collaboration_activities",
        sa.Column("collaboration_id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaborations.interaction_id"],
            name=op.f("fk_collaboration_activities_collaboration_id_collaborations"),
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_collaboration_activities_interaction_id_interactions"),
        ),
        sa.PrimaryKeyConstraint(
            "collaboration_id", "interaction_id", name=op.f("pk_collaboration_activities")
        ),
    )
    op.create_index(
        "ix_collaboration_activities_back",
        "collaboration_activities",
        ["interaction_id", "collaboration_id"],
    )
    _record_those_there(made)


def _record_those_there(made: sa.Table) -> None:
    interactions = sa.table(
        "interactions",
        sa.column("id", sa.Integer),
        sa.column("kind", sa.String),
        sa.column("status", sa.String),
        sa.column("listed_on", sa.Date),
    )
    found = op.get_bind().execute(
        sa.select(interactions.c.id, interactions.c.status, interactions.c.listed_on).where(
            interactions.c.kind == "collaboration"
        )
    )
    rows = [
        {
            "interaction_id": row.id,
            "year": min(max(row.listed_on.year, 2000), 2100),
            "stage": _STAGES.get(row.status, "initiated"),
        }
        for row in found
    ]
    if rows:
        op.bulk_insert(made, rows)


def downgrade() -> None:
    op.drop_table("collaboration_activities")
    op.drop_table("collaborations")
