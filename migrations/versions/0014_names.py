"""Other names that organisations are found by."""

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


def downgrade() -> None:
    op.drop_table("organisation_names")
