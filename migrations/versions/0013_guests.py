"""Who is invited to planned interactions, what they were told and what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "guests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(1000), nullable=True),
        sa.Column("withdrawn_at", instant, nullable=True),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("answered_at", instant, nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("told", sa.String(64), nullable=True),
        sa.Column("told_at", instant, nullable=True),
        sa.Column("told_sequence", sa.Integer(), nullable=True),
        sa.Column("claimed_at", instant, nullable=True),
        sa.Column("failed_at", instant, nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.CheckConstraint("(contact_id IS NULL) <> (user_id IS NULL)", name="ck_guests_one_person"),
        sa.ForeignKeyConstraint(["interaction_id"], ["interactions.id"], name="fk_guests_interaction_id_interactions"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_guests_contact_id_contacts"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_guests_user_id_users"),
        sa.ForeignKeyConstraint(["invited_by_id"], ["users.id"], name="fk_guests_invited_by_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_guests"),
        sa.UniqueConstraint("interaction_id", "contact_id", name="uq_guests_contact"),
        sa.UniqueConstraint("interaction_id", "user_id", name="uq_guests_user"),
    )
    op.create_index("ix_guests_contact_id", "guests", ["contact_id"])
    op.create_index("ix_guests_user_id", "guests", ["user_id"])


def downgrade() -> None:
    op.drop_table("guests")
