"""Other names that organisations are found by, and what was merged."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("organisation_number", sa.String(9), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name="fk_organisation_names_organisation_id_organisations",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_names"),
        sa.UniqueConstraint(
            "organisation_id", "kind", "name", name="uq_organisation_names_organisation_id_kind_name"
        ),
    )
    op.create_index(
        "ix_organisation_names_organisation_id", "organisation_names", ["organisation_id"], unique=False
    )
    for one in ("organisation", "contact"):
        table = f"{one}_merges"
        op.create_table(
            table,
            sa.Column("loser_id", sa.Integer(), autoincrement=False, nullable=False),
            sa.Column("survivor_id", sa.Integer(), nullable=False),
            sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("actor_id", sa.Integer(), nullable=True),
            sa.Column("steps", sa.JSON(), nullable=False),
            sa.ForeignKeyConstraint(["loser_id"], [f"{one}s.id"], name=f"fk_{table}_loser_id_{one}s"),
            sa.ForeignKeyConstraint(["survivor_id"], [f"{one}s.id"], name=f"fk_{table}_survivor_id_{one}s"),
            sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=f"fk_{table}_actor_id_users"),
            sa.PrimaryKeyConstraint("loser_id", name=f"pk_{table}"),
        )
        op.create_index(f"ix_{table}_survivor_id", table, ["survivor_id"], unique=False)


def downgrade() -> None:
    op.drop_table("contact_merges")
    op.drop_table("organisation_merges")
    op.drop_table("organisation_names")
