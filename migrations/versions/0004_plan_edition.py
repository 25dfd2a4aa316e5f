"""Which edition of the plans is in force: changed by the database itself with everything that is changed in one.

A process keeps the plans' outlines, and knows by one number whether they are still true. The number is random and not
counted up: one that was taken back with its transaction must never come again with another content.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OUTLINE = ("plans", "focus_areas", "strategies", "measures")
VERBS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "plan_editions",
        sa.Column("edition", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("edition", name="pk_plan_editions"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO plan_editions VALUES (random())")
        for table in OUTLINE:
            for verb in VERBS:
                op.execute(
                    f"CREATE TRIGGER {table}_edition_{verb.lower()} AFTER {verb} ON {table} "
                    "BEGIN UPDATE plan_editions SET edition = random(); END"
                )
    else:
        number = "(random() * 9e15)::bigint"
        op.execute(f"INSERT INTO plan_editions VALUES ({number})")
        op.execute(
            "CREATE FUNCTION next_plan_edition() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN UPDATE plan_editions SET edition = {number}; RETURN NULL; END $$"
        )
        for table in OUTLINE:
            op.execute(
                f"CREATE TRIGGER {table}_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION next_plan_edition()"
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in OUTLINE:
            for verb in VERBS:
                op.execute(f"DROP TRIGGER {table}_edition_{verb.lower()}")
    else:
        for table in OUTLINE:
            op.execute(f"DROP TRIGGER {table}_edition ON {table}")
        op.execute("DROP FUNCTION next_plan_edition()")
    op.drop_table("plan_editions")
