"""Files kept with interactions.

Whatever deletes an attachment's row, its interaction's deletion say, makes its files loose in the same transaction: they
are then deleted from the storage (see crm/files/models.py).
"""

import sqlalchemy as sa
from alembic import op

from crm import database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEYS = ("storage_key", "thumbnail_key")


def upgrade() -> None:
    op.create_table(
        "loose_files",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("since", database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_loose_files")),
    )
    op.create_index(op.f("ix_loose_files_since"), "loose_files", ["since"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=150), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=32), nullable=True),
        sa.Column("thumbnail_key", sa.String(length=32), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", database.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (storage_key IS NOT NULL)", name=op.f("ck_attachments_file_until_removed")
        ),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_attachments_interaction_id_interactions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["users.id"], name=op.f("fk_attachments_uploaded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_interaction_id_id"), "attachments", ["interaction_id", "id"])
    op.add_column("interactions", sa.Column("further_words", sa.String(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        loosen = " ".join(
            f"INSERT OR IGNORE INTO loose_files (key, since) SELECT old.{key}, strftime('%Y-%m-%d %H:%M:%f000', 'now') "
            f"WHERE old.{key} IS NOT NULL;"
            for key in KEYS
        )
        op.execute(f"CREATE TRIGGER attachments_loosen AFTER DELETE ON attachments BEGIN {loosen} END")
    else:
        loosen = " ".join(
            f"INSERT INTO loose_files (key, since) SELECT old.{key}, now() WHERE old.{key} IS NOT NULL "
            "ON CONFLICT DO NOTHING;"
            for key in KEYS
        )
        op.execute(
            "CREATE FUNCTION loosen_attachment() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {loosen} RETURN NULL; END $$"
        )
        op.execute(
            "CREATE TRIGGER attachments_loosen AFTER DELETE ON attachments "
            "FOR EACH ROW EXECUTE FUNCTION loosen_attachment()"
        )


def downgrade() -> None:
    op.drop_column("interactions", "further_words")
    op.drop_table("attachments")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION loosen_attachment()")
    op.drop_table("loose_files")
