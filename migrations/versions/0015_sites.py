"""Business areas.

Whose they are has an edition (see migration 0004), since every organisation's page asks for it. No two that are not in
the bin share a name.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

VERBS = ("INSERT", "UPDATE", "DELETE")


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("place", sa.String(200), nullable=True),
        sa.Column("developer_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("regulation", sa.String(20), nullable=True),
        sa.Column("total_area", sa.Integer(), nullable=True),
        sa.Column("free_area", sa.Integer(), nullable=True),
        sa.Column("power", sa.Integer(), nullable=True),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.Column("premises", sa.JSON(), nullable=False),
        sa.Column("focus_areas", sa.JSON(), nullable=False),
        sa.Column("attracts", sa.String(), nullable=True),
        sa.Column("website", sa.String(300), nullable=True),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("sort_key", sa.String(200, collation=None if on_sqlite else "C"), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("free_area <= total_area", name="ck_sites_free_area_within_total"),
        sa.CheckConstraint("free_area >= 0", name="ck_sites_free_area_not_negative"),
        sa.CheckConstraint("power >= 0", name="ck_sites_power_not_negative"),
        sa.CheckConstraint("total_area >= 0", name="ck_sites_total_area_not_negative"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_sites_contact_id_contacts"),
        sa.ForeignKeyConstraint(
            ["developer_id"], ["organisations.id"], name="fk_sites_developer_id_organisations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sites"),
    )
    op.create_index("ix_sites_contact_id", "sites", ["contact_id"], unique=False)
    op.create_index("ix_sites_developer_id", "sites", ["developer_id"], unique=False)
    op.create_index(
        "ix_sites_order",
        "sites",
        ["sort_key", "id"],
        unique=False,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "uq_sites_name",
        "sites",
        ["sort_key"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    _watch(on_sqlite)


def _watch(on_sqlite: bool) -> None:
    number = "random()" if on_sqlite else "(random() * 9e15)::bigint"
    op.execute(f"INSERT INTO editions VALUES ('sites', {number})")
    if on_sqlite:
        for verb in VERBS:
            op.execute(
                f"CREATE TRIGGER sites_edition_{verb.lower()} AFTER {verb} ON sites "
                "BEGIN UPDATE editions SET number = random() WHERE name = 'sites'; END"
            )
    else:
        op.execute(
            "CREATE TRIGGER sites_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON sites "
            "FOR EACH STATEMENT EXECUTE FUNCTION next_edition('sites')"
        )


def downgrade() -> None:
    op.execute("DELETE FROM editions WHERE name = 'sites'")
    op.drop_table("sites")
