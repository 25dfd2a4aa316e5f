"""What interactions gave a hint of, and what came of introductions.

Columns are added one by one and not by copying their table, which would lose the triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNTOLD = sa.text("kind = 'introduction' AND status = 'held' AND outcome IS NULL AND deleted_at IS NULL")
TOLD = sa.text("outcome IS NOT NULL AND deleted_at IS NULL")
INDEXES = {
    "ix_interactions_untold": (["listed_on", "id"], UNTOLD),
    "ix_interactions_told": (["outcome", "listed_on", "id"], TOLD),
}


def upgrade() -> None:
    op.create_table(
        "interaction_signals",
        sa.Column("interaction_id", sa.Integer(), nullable=False),
        sa.Column("signal", sa.String(20), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction_id"],
            ["interactions.id"],
            name=op.f("fk_interaction_signals_interaction_id_interactions"),
        ),
        sa.PrimaryKeyConstraint("interaction_id", "signal", name=op.f("pk_interaction_signals")),
    )
    op.create_index("ix_interaction_signals_back", "interaction_signals", ["signal", "interaction_id"])
    op.add_column("interactions", sa.Column("outcome", sa.String(20), nullable=True))
    op.add_column("interactions", sa.Column("outcome_note", sa.String(500), nullable=True))
    op.add_column("interactions", sa.Column("outcome_on", sa.Date(), nullable=True))
    for name, (columns, condition) in INDEXES.items():
        op.create_index(
            name, "interactions", columns, sqlite_where=condition, postgresql_where=condition
        )


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "interactions")
    for column in ("outcome_on", "outcome_note", "outcome"):
        op.drop_column("interactions", column)
    op.drop_table("interaction_signals")
