"""What can be found by the search box, kept by the database itself: see docs/decisions/0017-search.md.

A record's entry is made anew whenever something that it is found by changes: its names (for exact names and
beginnings), its numbers (every ending of four digits and more, so that any part of a number is a beginning), its words
(for the text index), and the spellings that come near its words. The same statements fill everything at once
(`rebuild_search`) and keep one record (`keep_<kind>`).
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

from migrations.search_sources import KINDS, TRIGGERS, Kind, Sql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

ENTRY_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("search_entries", "search_names", "search_numbers", "search_vocabulary", "search_spellings")
LONGEST = 4_000
CROWDS = (0, 1, 2)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    by_code_point = sa.String(200) if sqlite else sa.String(200, collation="C")
    op.create_table(
        "search_entries",
        sa.Column("id", ENTRY_ID, nullable=False, autoincrement=False),
        sa.Column("crowd", sa.SmallInteger(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("place", sa.String(4), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entries"),
    )
    op.create_table(
        "search_names",
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("name", by_code_point, nullable=False),
        sa.Column("crowd", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("label", sa.String(300), nullable=True),
        sa.PrimaryKeyConstraint("entry_id", "name", name="pk_search_names"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_numbers",
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("digits", by_code_point, nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "digits", name="pk_search_numbers"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_vocabulary",
        sa.Column("word", by_code_point, nullable=False),
        sa.PrimaryKeyConstraint("word", name="pk_search_vocabulary"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_spellings",
        sa.Column("spelling", by_code_point, nullable=False),
        sa.Column("word", by_code_point, nullable=False),
        sa.PrimaryKeyConstraint("spelling", "word", name="pk_search_spellings"),
        sqlite_with_rowid=False,
    )
    (_on_sqlite if sqlite else _on_postgresql)()
    op.create_index("ix_search_names_crowd_name", "search_names", ["crowd", "name", "kind"])
    op.create_index("ix_search_numbers_digits", "search_numbers", ["digits", "whole"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name, _table, *_ in TRIGGERS:
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS {name}_search_{verb}")
        op.execute("DROP VIEW rebuild_search")
        op.execute("DROP VIEW tidy_search")
        for kind in KINDS:
            op.execute(f"DROP VIEW keep_{kind.name}")
        for crowd in CROWDS:
            op.execute(f"DROP TABLE search_entries_words_{crowd}")
        op.execute("DROP TABLE search_words_letters")
        op.execute("DROP TABLE search_words_places")
    else:
        for name, table, *_ in TRIGGERS:
            for verb in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS {name}_search_{verb} ON {table}")
            op.execute(f"DROP FUNCTION {name}_search()")
        op.execute("DROP FUNCTION rebuild_search()")
        for kind in KINDS:
            op.execute(f"DROP FUNCTION keep_{kind.name}(int)")
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION learn_spellings()")
        op.execute("DROP FUNCTION forget_spellings()")
        op.execute("DROP FUNCTION tidy_search()")
        op.execute("DROP FUNCTION interactions_first(text, int)")
        op.execute("DROP FUNCTION search_entries_first(int, text, int)")
        op.execute("DROP FUNCTION search_folded(text)")
        op.execute("DROP FUNCTION search_digits(text)")


def _names(kind: Kind, sql: Sql, record: str | None) -> list[str]:
    return [
        f"INSERT {sql.or_ignore} INTO search_names (entry_id, name, crowd, kind, label) "
        f"SELECT {kind.first} + s.id, {sql.left('s.name', 200)}, {kind.crowd}, {order}, {sql.left('s.label', 300)} "
        f"FROM (SELECT {key} AS id, {sql.fold(name)} AS name, {label} AS label FROM {source} "
        f"WHERE {kind.live}{f' AND {key} = {record}' if record else ''}{sql.once}) s "
        f"WHERE s.name <> '' {sql.or_nothing}"
        for key, name, order, label, source in kind.names(sql)
    ]


def _numbers(kind: Kind, sql: Sql, record: str | None) -> list[str]:
    return [
        f"INSERT {sql.or_ignore} INTO search_numbers (entry_id, digits, whole) "
        f"SELECT {kind.first} + s.id, substr(s.digits, n.n), {sql.truth('n.n = 1')} "
        f"FROM (SELECT {key} AS id, {sql.left(sql.digits(number), 30)} AS digits FROM {source} "
        f"WHERE {kind.live}{f' AND {key} = {record}' if record else ''}{sql.once}) s "
        f"JOIN {sql.places(30)} n ON n.n <= length(s.digits) - 3 WHERE TRUE {sql.or_nothing}"
        for key, number, source in kind.numbers
    ]


def _entry(kind: Kind, sql: Sql, record: str | None) -> str:
    names = (
        f"SELECT {sql.joined('n.name')} FROM search_names n WHERE n.entry_id = {kind.first} + {kind.key} "
        "AND n.kind <> 1"
    )
    further = "".join(f" || ' ' || {part}" for part in kind.further(sql))
    words = f"trim(coalesce(({names}), ''){further})"
    if kind.is_placed:
        there = f"' xm' || {kind.place}"
        words += f" || coalesce({there} || replace({words}, ' ', {there}), '')"
    return (
        "INSERT INTO search_entries (id, crowd, ended, place, search_text) "
        f"SELECT {kind.first} + {kind.key}, {kind.crowd}, {sql.truth(kind.ended)}, {kind.place}, {words} "
        f"FROM {kind.source} WHERE {kind.live}{f' AND {kind.key} = {record}' if record else ''}"
        f"{'' if sql.sqlite else ' ON CONFLICT (id) DO NOTHING'}"
    )


def _vocabulary(sql: Sql, record: str | None) -> str:
    """Words that have not been seen before; sorted, so that two who bring the same words wait in one order."""
    return (
        f"INSERT {sql.or_ignore} INTO search_vocabulary (word) SELECT DISTINCT s.word FROM "
        f"(SELECT {sql.word} AS word FROM search_names n {sql.split('n.name')} "
        f"WHERE n.kind <> 1{f' AND n.entry_id = {record}' if record else ''}) s "
        f"WHERE length(s.word) BETWEEN 3 AND 40 AND {sql.no_digit('s.word')} "
        f"AND NOT EXISTS (SELECT 1 FROM search_vocabulary v WHERE v.word = s.word) ORDER BY s.word {sql.or_nothing}"
    )


def _keep(kind: Kind, sql: Sql, record: str) -> list[str]:
    entry = f"{kind.first} + {record}"
    return [
        *(
            f"DELETE FROM {table} WHERE {key} = {entry}"
            for table, key in (("search_entries", "id"), ("search_names", "entry_id"), ("search_numbers", "entry_id"))
        ),
        *_names(kind, sql, record),
        *_numbers(kind, sql, record),
        _entry(kind, sql, record),
        _vocabulary(sql, entry),
    ]


def _rebuild(sql: Sql) -> list[str]:
    statements = [f"DELETE FROM {table}" for table in TABLES[:4]]
    for kind in KINDS:
        statements += [*_names(kind, sql, None), *_numbers(kind, sql, None), _entry(kind, sql, None)]
    return [*statements, _vocabulary(sql, None)]


def _unused(sql: Sql) -> str:
    """Words that no name has any more, which may have been personal data."""
    used = f"SELECT {sql.word} FROM search_names n {sql.split('n.name')}"
    return f"DELETE FROM search_vocabulary WHERE word NOT IN ({used})"


def _spellings(word: str, places: str) -> str:
    """The word's first seven letters, and these with one letter left out, and of longer words with two."""
    head = f"substr({word}, 1, 7)"
    return (
        f"SELECT {head} AS spelling UNION "
        f"SELECT substr({head}, 1, a.n - 1) || substr({head}, a.n + 1) FROM {places} a WHERE a.n <= length({head}) UNION "
        f"SELECT substr({head}, 1, a.n - 1) || substr({head}, a.n + 1, b.n - a.n - 1) || substr({head}, b.n + 1) "
        f"FROM {places} a JOIN {places} b ON a.n < b.n WHERE b.n <= length({head}) AND length({word}) > 4"
    )


def _on_sqlite() -> None:
    sql = Sql(sqlite=True)
    op.execute("CREATE TABLE search_words_places (n INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE search_words_letters (letter TEXT PRIMARY KEY, folded TEXT NOT NULL) WITHOUT ROWID")
    op.bulk_insert(
        sa.table("search_words_places", sa.column("n")), [{"n": n} for n in range(1, LONGEST + 1)]
    )
    op.bulk_insert(
        sa.table("search_words_letters", sa.column("letter"), sa.column("folded")),
        [{"letter": letter, "folded": folded} for letter, folded in letters()],
    )
    for crowd in CROWDS:
        words = f"search_entries_words_{crowd}"
        op.execute(
            f"CREATE VIRTUAL TABLE {words} USING fts5(search_text, content='search_entries', content_rowid='id', "
            "tokenize=\"unicode61 remove_diacritics 0\", prefix='1 2 3 4')"
        )
        add = f"INSERT INTO {words}(rowid, search_text) VALUES (NEW.id, NEW.search_text)"
        forget = f"INSERT INTO {words}({words}, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text)"
        _trigger(f"{words}_insert", f"AFTER INSERT ON search_entries WHEN NEW.crowd = {crowd}", [add])
        _trigger(f"{words}_delete", f"AFTER DELETE ON search_entries WHEN OLD.crowd = {crowd}", [forget])
    spellings = f"INSERT OR IGNORE INTO search_spellings (spelling, word) SELECT s.spelling, NEW.word FROM ({_spellings('NEW.word', sql.places(7))}) s"
    gone = f"DELETE FROM search_spellings WHERE word = OLD.word AND spelling IN ({_spellings('OLD.word', sql.places(7))})"
    _trigger("search_vocabulary_insert", "AFTER INSERT ON search_vocabulary", [spellings])
    _trigger("search_vocabulary_delete", "AFTER DELETE ON search_vocabulary", [gone])
    for kind in KINDS:
        op.execute(f"CREATE VIEW keep_{kind.name} AS SELECT NULL AS record_id")
        _trigger(
            f"keep_{kind.name}_run",
            f"INSTEAD OF INSERT ON keep_{kind.name}",
            _keep(kind, sql, "NEW.record_id"),
        )
    op.execute("CREATE VIEW tidy_search AS SELECT NULL AS change")
    _trigger("tidy_search_run", "INSTEAD OF INSERT ON tidy_search", [_unused(sql)])
    op.execute("CREATE VIEW rebuild_search AS SELECT NULL AS change")
    _trigger("rebuild_search_run", "INSTEAD OF INSERT ON rebuild_search", _rebuild(sql))
    for name, table, columns, targets in TRIGGERS:
        for verb in ("INSERT", "UPDATE", "DELETE"):
            rows = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}[verb]
            when = f"AFTER {verb} ON {table}"
            if verb == "UPDATE":
                old, new = (", ".join(f"{row}.{column}" for column in columns) for row in rows)
                when = f"AFTER UPDATE OF {', '.join(columns)} ON {table} WHEN ({old}) IS NOT ({new})"
            statements = [
                f"INSERT INTO keep_{kind} (record_id) "
                + " UNION ".join(f"SELECT x.id FROM ({ids.format(row=row)}) x WHERE x.id IS NOT NULL" for row in rows)
                for kind, ids in targets.items()
            ]
            _trigger(f"{name}_search_{verb.lower()}", when, statements)
    op.execute("INSERT INTO rebuild_search VALUES (1)")


def _trigger(name: str, when: str, statements: list[str]) -> None:
    op.execute(sa.text(f"CREATE TRIGGER {name} {when} BEGIN {' '.join(f'{s};' for s in statements)} END".replace(":", "\\:")))


def letters() -> list[tuple[str, str]]:
    """Each letter that folds to something other than a blank: to which letters, or to nothing."""
    folds = str.maketrans({"æ": "a", "ø": "o", "å": "a", "đ": "d", "þ": "th", "ð": "d", "ł": "l"})
    found = []
    for code in range(1, 0x30000):
        if 0xD800 <= code < 0xE000:
            continue
        letter = chr(code)
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", letter).casefold())
        plain = "".join(c for c in parts if not unicodedata.combining(c)).translate(folds)
        folded = "".join(c if c.isascii() and c.isalnum() else " " for c in plain)
        if folded.strip() or not folded:
            found.append((letter, folded))
    return found


def _on_postgresql() -> None:
    sql = Sql(sqlite=False)
    op.execute(
        sa.text(
            r"""
    CREATE FUNCTION search_folded(a_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT trim(regexp_replace(regexp_replace(regexp_replace(lower(replace(replace(replace(replace(translate(
            regexp_replace(normalize(left(a_text, 4000), NFKD),
                '[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]', '', 'g'),
            'ÆæØøĐđŁłÐð', 'aaooddlldd'), 'ß', 'ss'), 'ẞ', 'ss'), 'Þ', 'th'), 'þ', 'th') COLLATE "C"),
            '(a)[ae]+', '\1', 'g'), '(o)e+', '\1', 'g'), '[^a-z0-9]+', ' ', 'g'))
    $$""".replace(":", "\\:")
        )
    )
    op.execute(
        sa.text(
            r"""
    CREATE FUNCTION search_digits(a_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT CASE WHEN d ~ '^47.{8}$' THEN substr(d, 3) ELSE d END
        FROM (SELECT regexp_replace(a_text, '[^0-9]', '', 'g') AS d) s
    $$"""
        )
    )
    for verb, name, row, statement in (
        ("INSERT", "learn", "NEW", "INSERT INTO search_spellings (spelling, word) SELECT s.spelling, NEW.word FROM ({}) s"),
        ("DELETE", "forget", "OLD", "DELETE FROM search_spellings WHERE word = OLD.word AND spelling IN ({})"),
    ):
        statement = statement.format(_spellings(f"{row}.word", sql.places(7)))
        ending = " ON CONFLICT DO NOTHING" if verb == "INSERT" else ""
        _function(f"{name}_spellings() RETURNS trigger", [statement + ending, "RETURN NULL"])
        op.execute(
            f"CREATE TRIGGER search_vocabulary_{verb.lower()} AFTER {verb} ON search_vocabulary "
            f"FOR EACH ROW EXECUTE FUNCTION {name}_spellings()"
        )
    first = " ".join(
        f"WHEN {crowd} THEN RETURN ARRAY(SELECT e.id FROM search_entries e WHERE e.crowd = {crowd} "
        "AND to_tsvector('simple', e.search_text) @@ to_tsquery('simple', a_words) LIMIT a_most);"
        for crowd in CROWDS
    )
    # Whatever the words, by the index alone; of what is found by the thousand, any will do.
    op.execute(
        "CREATE FUNCTION search_entries_first(a_crowd int, a_words text, a_most int) RETURNS bigint[] "
        "LANGUAGE plpgsql STABLE SET enable_seqscan = off SET gin_fuzzy_search_limit = 3000 "
        f"AS $$ BEGIN CASE a_crowd {first} END CASE; END $$"
    )
    # Planned for each query: what is in every other interaction is found soonest by going through the latest ones.
    op.execute(
        "CREATE FUNCTION interactions_first(a_words text, a_most int) RETURNS int[] LANGUAGE plpgsql STABLE AS $$ "
        "DECLARE found int[]; BEGIN EXECUTE 'SELECT ARRAY(SELECT i.id FROM interactions i WHERE "
        "to_tsvector(''simple'', i.search_text) @@ $1 ORDER BY i.id DESC LIMIT $2)' INTO found "
        "USING to_tsquery('simple', a_words), a_most; RETURN found; END $$"
    )
    _function("tidy_search() RETURNS void", [_unused(sql)])
    for kind in KINDS:
        _function(f"keep_{kind.name}(a_record int) RETURNS void", _keep(kind, sql, "a_record"))
    _function("rebuild_search() RETURNS void", _rebuild(sql))
    op.execute("SELECT rebuild_search()")
    for crowd in CROWDS:
        op.execute(
            f"CREATE INDEX search_entries_words_{crowd} ON search_entries USING gin "
            f"(to_tsvector('simple', search_text)) WITH (fastupdate = off) WHERE crowd = {crowd}"
        )
    for table in TABLES:
        op.execute(f"ANALYZE {table}")
    for name, table, columns, targets in TRIGGERS:
        statements = []
        for row, verbs in (("OLD", "('UPDATE', 'DELETE')"), ("NEW", "('INSERT', 'UPDATE')")):
            calls = "; ".join(
                # Another table's row: whoever changes its record at the same moment is waited for, and then seen.
                (f"PERFORM 1 FROM {KINDS_BY_NAME[kind].table} t WHERE t.id IN ({ids.format(row=row)}) ORDER BY t.id "
                 "FOR NO KEY UPDATE; " if KINDS_BY_NAME[kind].table != table else "")
                + f"PERFORM keep_{kind}(x.id) FROM ({ids.format(row=row)}) x WHERE x.id IS NOT NULL"
                for kind, ids in targets.items()
            )
            statements.append(f"IF TG_OP IN {verbs} THEN {calls}; END IF")
        _function(f"{name}_search() RETURNS trigger", [*statements, "RETURN NULL"])
        for verb in ("INSERT", "UPDATE", "DELETE"):
            when = ""
            if verb == "UPDATE":
                old, new = (", ".join(f"{row}.{column}::text" for column in columns) for row in ("OLD", "NEW"))
                when = f"WHEN (({old}) IS DISTINCT FROM ({new}))"
            op.execute(
                sa.text(
                    f"CREATE TRIGGER {name}_search_{verb.lower()} AFTER {verb} ON {table} FOR EACH ROW {when} "
                    f"EXECUTE FUNCTION {name}_search()".replace(":", "\\:")
                )
            )


KINDS_BY_NAME = {kind.name: kind for kind in KINDS}


def _function(signature: str, statements: list[str]) -> None:
    body = " ".join(f"{s};" for s in statements)
    op.execute(
        sa.text(f"CREATE FUNCTION {signature} LANGUAGE plpgsql AS $$ BEGIN {body} END $$".replace(":", "\\:"))
    )
