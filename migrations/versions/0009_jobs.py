"""What periodic jobs have claimed and done, and who wants an e-mail in the morning.

The column is added and not got by copying the table, which would lose the triggers.
"""

import sqlalchemy as sa
from alembic import op

from crm import database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(60), nullable=False),
        sa.Column("about", sa.String(80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_at", database.UtcDateTime(), nullable=False),
        sa.Column("done_at", database.UtcDateTime(), nullable=True),
        sa.Column("said", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_job_runs"),
        sa.UniqueConstraint("job", "about", "day", name="uq_job_runs_job_about_day"),
    )
    op.add_column(
        "users", sa.Column("wants_digest", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("users", "wants_digest")
    op.drop_table("job_runs")
