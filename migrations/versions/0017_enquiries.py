"""Enquiries and the steps on their way."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enquiries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("channel", sa.String(12), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=True),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("caller_name", sa.String(200), nullable=True),
        sa.Column("caller_organisation", sa.String(200), nullable=True),
        sa.Column("caller_phone", sa.String(20), nullable=True),
        sa.Column("caller_email", sa.String(254), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("working_minutes", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interaction_id", sa.Integer(), nullable=True),
        sa.Column("message_key", sa.String(64), nullable=True),
        sa.Column("submission_key", sa.String(64), nullable=True),
        sa.Column("deputy_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("manager_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("working_minutes >= 0", name="ck_enquiries_working_minutes_not_negative"),
        sa.ForeignKeyConstraint(["assignee_id"], ["users.id"], name="fk_enquiries_assignee_id_users"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_enquiries_author_id_users"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_enquiries_contact_id_contacts"),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name="fk_enquiries_interaction_id_interactions"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_enquiries_organisation_id_organisations"
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name="fk_enquiries_site_id_sites"),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name="fk_enquiries_topic_id_topics"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_enquiries_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_enquiries"),
        sa.UniqueConstraint("submission_key", name="uq_enquiries_submission_key"),
    )
    op.create_index(
        "ix_enquiries_assignee",
        "enquiries",
        ["assignee_id", "status", "due_on"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_enquiries_author_id", "enquiries", ["author_id"], unique=False)
    op.create_index(
        "ix_enquiries_bin",
        "enquiries",
        ["deleted_at"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NOT NULL"),
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.create_index("ix_enquiries_caller_email", "enquiries", ["caller_email"], unique=False)
    op.create_index("ix_enquiries_caller_phone", "enquiries", ["caller_phone"], unique=False)
    op.create_index("ix_enquiries_contact_id", "enquiries", ["contact_id"], unique=False)
    op.create_index("ix_enquiries_interaction_id", "enquiries", ["interaction_id"], unique=False)
    op.create_index(
        "ix_enquiries_latest",
        "enquiries",
        ["received_at", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_enquiries_organisation_id", "enquiries", ["organisation_id"], unique=False)
    op.create_index(
        "ix_enquiries_queue",
        "enquiries",
        ["status", "due_on", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("ix_enquiries_site_id", "enquiries", ["site_id"], unique=False)
    op.create_index("ix_enquiries_topic_id", "enquiries", ["topic_id"], unique=False)
    op.create_index("ix_enquiries_unit_id", "enquiries", ["unit_id"], unique=False)
    op.create_index(
        "uq_enquiries_message_key",
        "enquiries",
        ["message_key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "enquiry_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("to_user_id", sa.Integer(), nullable=True),
        sa.Column("to_unit_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_enquiry_steps_actor_id_users"),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiries.id"], name="fk_enquiry_steps_enquiry_id_enquiries"
        ),
        sa.ForeignKeyConstraint(["to_unit_id"], ["units.id"], name="fk_enquiry_steps_to_unit_id_units"),
        sa.ForeignKeyConstraint(["to_user_id"], ["users.id"], name="fk_enquiry_steps_to_user_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_enquiry_steps"),
    )
    op.create_index("ix_enquiry_steps_enquiry_id", "enquiry_steps", ["enquiry_id"], unique=False)


def downgrade() -> None:
    op.drop_table("enquiry_steps")
    op.drop_table("enquiries")
