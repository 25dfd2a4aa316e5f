"""Text indexes that the database keeps itself, and an audit log that can only be appended to."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SEARCHED = ("organisations", "contacts", "interactions")
REFUSAL = "the audit log can only be appended to"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in SEARCHED:
            _words_on_sqlite(table)
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_events_no_{verb.lower()} BEFORE {verb} ON audit_events "
                f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
    else:
        for table in SEARCHED:
            op.execute(
                f"CREATE INDEX {table}_words ON {table} USING gin (to_tsvector('simple', search_text))"
            )
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_events_no_{verb}")
        for table in SEARCHED:
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_words_{verb}")
            op.execute(f"DROP TABLE {table}_words")
    else:
        op.execute("DROP TRIGGER audit_events_no_change ON audit_events")
        op.execute("DROP FUNCTION refuse_audit_change()")
        for table in SEARCHED:
            op.execute(f"DROP INDEX {table}_words")


def _words_on_sqlite(table: str) -> None:
    words = f"{table}_words"
    op.execute(
        f"CREATE VIRTUAL TABLE {words} USING fts5(search_text, content='{table}', content_rowid='id', "
        "tokenize=\"unicode61 remove_diacritics 0\", prefix='2 3 4')"
    )
    op.execute(f"INSERT INTO {words}(rowid, search_text) SELECT id, search_text FROM {table}")
    forget = f"INSERT INTO {words}({words}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
    add = f"INSERT INTO {words}(rowid, search_text) VALUES (new.id, new.search_text);"
    op.execute(f"CREATE TRIGGER {words}_insert AFTER INSERT ON {table} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {words}_delete AFTER DELETE ON {table} BEGIN {forget} END")
    op.execute(
        f"CREATE TRIGGER {words}_update AFTER UPDATE OF search_text ON {table} "
        f"WHEN old.search_text IS NOT new.search_text BEGIN {forget} {add} END"
    )
