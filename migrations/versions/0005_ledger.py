"""How a follow-up was done, and who cancelled an interaction.

Columns are added one by one and not by copying their tables, which would lose the triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("follow_ups", sa.Column("done_note", sa.String(500), nullable=True))
    op.add_column("interactions", sa.Column("cancelled_by", sa.String(10), nullable=True))


def downgrade() -> None:
    op.drop_column("interactions", "cancelled_by")
    op.drop_column("follow_ups", "done_note")
