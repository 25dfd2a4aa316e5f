"""What periodic jobs have claimed and done."""

import sqlalchemy as sa
from alembic import op

from crm import database

revision = "0009"
down_revision = "0005"
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


def downgrade() -> None:
    op.drop_table("job_runs")
