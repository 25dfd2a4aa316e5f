"""Messages that came in, the meetings they invite to, and the interactions these became."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "inbound_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("message_key", sa.String(64), nullable=True),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20), nullable=True),
        sa.Column("proof", sa.String(15), nullable=True),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sender_id"], ["users.id"], name="fk_inbound_messages_sender_id_users"),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_messages"),
        sa.UniqueConstraint("digest", name="uq_inbound_messages_digest"),
    )
    op.create_index("ix_inbound_messages_message_key", "inbound_messages", ["message_key"])
    op.create_index("ix_inbound_messages_state_id", "inbound_messages", ["state", "id"])
    op.create_index("ix_inbound_messages_sender_id_id", "inbound_messages", ["sender_id", "id"])
    op.create_table(
        "raw_messages",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("from_address", sa.String(254), nullable=True),
        sa.Column("subject", sa.String(200), nullable=True),
        sa.Column("filename", sa.String(200), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["inbound_messages.id"], name="fk_raw_messages_message_id_inbound_messages"
        ),
        sa.PrimaryKeyConstraint("message_id", name="pk_raw_messages"),
    )
    op.create_index("ix_raw_messages_expires_at", "raw_messages", ["expires_at"])
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(255), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", moment, nullable=True),
        sa.Column("series", sa.JSON(), nullable=True),
        sa.Column("laid_out_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_meetings"),
        sa.UniqueConstraint("uid", name="uq_meetings_uid"),
    )
    op.create_index("ix_meetings_laid_out_to", "meetings", ["laid_out_to"])
    op.create_table(
        "meeting_occurrences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("recurrence", sa.String(25), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", moment, nullable=True),
        sa.Column("is_exception", sa.Boolean(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("written", sa.JSON(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_occurrences_meeting_id_meetings"
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"], ["interactions.id"], name="fk_meeting_occurrences_interaction_id_interactions"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_occurrences"),
        sa.UniqueConstraint("meeting_id", "recurrence", name="uq_meeting_occurrences_meeting_id_recurrence"),
        sa.UniqueConstraint("interaction_id", name="uq_meeting_occurrences_interaction_id"),
    )
    op.create_table(
        "meeting_invitees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("settled_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name="fk_meeting_invitees_meeting_id_meetings"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_invitees"),
        sa.UniqueConstraint("meeting_id", "email", name="uq_meeting_invitees_meeting_id_email"),
    )
    op.create_index("ix_meeting_invitees_created_at", "meeting_invitees", ["created_at"])
    op.create_table(
        "meeting_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitee_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (contact_id IS NULL)", name="ck_meeting_candidates_one_of_both"
        ),
        sa.ForeignKeyConstraint(
            ["invitee_id"], ["meeting_invitees.id"], name="fk_meeting_candidates_invitee_id_meeting_invitees"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_meeting_candidates_organisation_id_organisations"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name="fk_meeting_candidates_contact_id_contacts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_candidates"),
    )
    for column in ("invitee_id", "organisation_id", "contact_id"):
        op.create_index(f"ix_meeting_candidates_{column}", "meeting_candidates", [column])


def downgrade() -> None:
    for table in (
        "meeting_candidates",
        "meeting_invitees",
        "meeting_occurrences",
        "meetings",
        "raw_messages",
        "inbound_messages",
    ):
        op.drop_table(table)
