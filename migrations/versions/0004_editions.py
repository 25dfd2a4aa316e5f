"""Editions of what nearly every page asks for and hardly ever changes: the plans' outlines, and who the users are.

The database itself gives them a new number in the transaction that changes them. A process keeps what it has read, and
knows by the number whether it is still true. Numbers are random and not counted up: one that was taken back with its
transaction must never come again with another content.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = {"plans": ("plans", "focus_areas", "strategies", "measures"), "users": ("users",)}
VERBS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_editions"),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    number = "random()" if on_sqlite else "(random() * 9e15)::bigint"
    if not on_sqlite:
        op.execute(
            "CREATE FUNCTION next_edition() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN UPDATE editions SET number = {number} WHERE name = TG_ARGV[0]; RETURN NULL; END $$"
        )
    for name, tables in TABLES.items():
        op.execute(f"INSERT INTO editions VALUES ('{name}', {number})")
        for table in tables:
            if on_sqlite:
                _watch_on_sqlite(name, table)
            else:
                op.execute(
                    f"CREATE TRIGGER {table}_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION next_edition('{name}')"
                )


def _watch_on_sqlite(name: str, table: str) -> None:
    for verb in VERBS:
        op.execute(
            f"CREATE TRIGGER {table}_edition_{verb.lower()} AFTER {verb} ON {table} "
            f"BEGIN UPDATE editions SET number = random() WHERE name = '{name}'; END"
        )


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in (table for tables in TABLES.values() for table in tables):
        if on_sqlite:
            for verb in VERBS:
                op.execute(f"DROP TRIGGER {table}_edition_{verb.lower()}")
        else:
            op.execute(f"DROP TRIGGER {table}_edition ON {table}")
    if not on_sqlite:
        op.execute("DROP FUNCTION next_edition()")
    op.drop_table("editions")
