"""Counts of held interactions, kept by the database itself so that they cannot go stale.

Whatever changes what counts (an interaction's status, date or bin; its measures, organisations or contacts) takes
its part out of `counted_months`, `counted_parties` and `counted_reach` and puts the new part in, in the same
transaction. On PostgreSQL writers of counts take turns (an advisory lock, held to the end of the transaction): two
that count the same organisation at once would not see each other.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COUNTS = "i.status = 'held' AND i.deleted_at IS NULL"
LINKS = {"organisation": ("interaction_organisations", "organisation_id"), "contact": ("interaction_contacts", "contact_id")}
STRUCTURE = {"measures": ("plan_id", "strategy_id"), "strategies": ("focus_area_id",), "focus_areas": ("plan_id",)}
TABLES = ("counted_months", "counted_parties", "counted_reach")

SCOPES = """
    CREATE VIEW measure_scopes (measure_id, scope) AS
    SELECT m.id, m.id * CAST(4 AS BIGINT) + 3 FROM measures m
    UNION ALL SELECT m.id, m.strategy_id * CAST(4 AS BIGINT) + 2 FROM measures m
    UNION ALL SELECT m.id, s.focus_area_id * CAST(4 AS BIGINT) + 1
        FROM measures m JOIN strategies s ON s.id = m.strategy_id
    UNION ALL SELECT m.id, m.plan_id * CAST(4 AS BIGINT) FROM measures m
"""


def month_of(day: str, sqlite: bool) -> str:
    """202611 for a day in November 2026."""
    if sqlite:
        return f"CAST(strftime('%Y%m', {day}) AS INTEGER)"
    return f"(extract(year FROM {day}) * 100 + extract(month FROM {day}))::int"


def year_of(day: str, sqlite: bool) -> str:
    """The year, within what a set of years can hold."""
    if sqlite:
        return f"min(max(CAST(strftime('%Y', {day}) AS INTEGER), 2000), 2061)"
    return f"least(greatest(extract(year FROM {day})::int, 2000), 2061)"


def years_of(party: str) -> str:
    """The set of years in which a scope has met a party; NULL for none."""
    return (
        "SELECT CAST(SUM(CAST(1 AS BIGINT) << (p.year - 2000)) AS BIGINT) AS years FROM counted_parties p "
        f"WHERE {party}"
    )


def scopes_of(interaction: str, apart_from: str = "") -> str:
    return (
        "SELECT o.scope FROM interaction_measures t JOIN measure_scopes o ON o.measure_id = t.measure_id "
        f"WHERE t.interaction_id = {interaction} {apart_from}"
    )


def party_statements(p: str) -> list[str]:
    """A party takes part once more (or less, `change` being -1) in a scope's interactions of a year.

    `p` comes before each parameter's name: `NEW.` in a trigger, `a_` in a function.
    """
    party = f"p.scope = {p}scope AND p.kind = {p}kind AND p.party_id = {p}party_id"
    reach = f"scope = {p}scope AND kind = {p}kind"
    now = f"COALESCE((SELECT p.interactions FROM counted_parties p WHERE {party} AND p.year = {p}year), 0)"
    # The set of years changes with the first interaction of a year and with the last that goes.
    will_change, has_changed = f"{now} IN (0, -{p}change)", f"{now} IN (0, {p}change)"
    return [
        f"UPDATE counted_reach SET parties = parties - 1 WHERE {reach} AND years = ({years_of(party)}) "
        f"AND {will_change}",
        "INSERT INTO counted_parties (scope, kind, party_id, year, interactions) "
        f"VALUES ({p}scope, {p}kind, {p}party_id, {p}year, {p}change) "
        "ON CONFLICT (scope, kind, party_id, year) "
        "DO UPDATE SET interactions = counted_parties.interactions + excluded.interactions",
        f"DELETE FROM counted_parties WHERE scope = {p}scope AND kind = {p}kind AND party_id = {p}party_id "
        f"AND year = {p}year AND interactions = 0 AND {p}change < 0",
        "INSERT INTO counted_reach (scope, kind, years, parties) "
        f"SELECT {p}scope, {p}kind, r.years, 1 FROM ({years_of(party)}) AS r WHERE r.years IS NOT NULL "
        f"AND {has_changed} ON CONFLICT (scope, kind, years) DO UPDATE SET parties = counted_reach.parties + 1",
        f"DELETE FROM counted_reach WHERE {reach} AND parties = 0 AND {has_changed}",
    ]


def month_statements(p: str, sqlite: bool) -> list[str]:
    """A scope has one interaction more (or less) in the month of a day."""
    month = month_of(f"{p}day", sqlite)
    return [
        "INSERT INTO counted_months (scope, month, interactions) "
        f"VALUES ({p}scope, {month}, {p}change) "
        "ON CONFLICT (scope, month) "
        "DO UPDATE SET interactions = counted_months.interactions + excluded.interactions",
        f"DELETE FROM counted_months WHERE scope = {p}scope AND month = {month} AND interactions = 0 "
        f"AND {p}change < 0",
    ]


def recount_statements(sqlite: bool) -> list[str]:
    """All counts anew, from the interactions."""
    counted = (
        "SELECT DISTINCT o.scope, i.id, i.starts_on FROM interactions i "
        "JOIN interaction_measures t ON t.interaction_id = i.id "
        f"JOIN measure_scopes o ON o.measure_id = t.measure_id WHERE {COUNTS}"
    )
    year = year_of("c.starts_on", sqlite)
    return [
        *(f"DELETE FROM {table}" for table in TABLES),
        "INSERT INTO counted_months (scope, month, interactions) "
        f"SELECT 0, {month_of('i.starts_on', sqlite)}, COUNT(*) FROM interactions i WHERE {COUNTS} GROUP BY 2 "
        f"UNION ALL SELECT c.scope, {month_of('c.starts_on', sqlite)}, COUNT(*) FROM ({counted}) c GROUP BY 1, 2",
        *(
            "INSERT INTO counted_parties (scope, kind, party_id, year, interactions) "
            f"SELECT c.scope, '{kind}', l.{column}, {year}, COUNT(*) FROM ({counted}) c "
            f"JOIN {table} l ON l.interaction_id = c.id GROUP BY 1, 3, 4"
            for kind, (table, column) in LINKS.items()
        ),
        "INSERT INTO counted_reach (scope, kind, years, parties) "
        "SELECT y.scope, y.kind, y.years, COUNT(*) FROM (SELECT p.scope, p.kind, p.party_id, "
        "CAST(SUM(CAST(1 AS BIGINT) << (p.year - 2000)) AS BIGINT) AS years FROM counted_parties p "
        "GROUP BY p.scope, p.kind, p.party_id) y GROUP BY 1, 2, 3",
    ]


def upgrade() -> None:
    op.execute(SCOPES)
    if op.get_bind().dialect.name == "sqlite":
        on_sqlite()
        op.execute("INSERT INTO recount_interactions VALUES (1)")
    else:
        on_postgresql()
        op.execute("SELECT recount_interactions()")


# --- SQLite: views with INSTEAD OF triggers stand in for procedures -----------------------------------------


def on_sqlite() -> None:
    procedure("count_party", "scope, kind, party_id, year, change", party_statements("NEW."))
    parties = [
        "INSERT INTO count_party (scope, kind, party_id, year, change) "
        f"SELECT NEW.scope, '{kind}', l.{column}, {year_of('NEW.day', True)}, NEW.change "
        f"FROM {table} l WHERE l.interaction_id = NEW.interaction_id AND NEW.scope > 0"
        for kind, (table, column) in LINKS.items()
    ]
    procedure(
        "count_interaction", "scope, interaction_id, day, change", [*month_statements("NEW.", True), *parties]
    )
    procedure("recount_interactions", "change", recount_statements(True))

    # A bare held interaction counts among everything; its measures, when they come, count it under themselves.
    for verb, row, change in (("INSERT", "NEW", 1), ("DELETE", "OLD", -1)):
        trigger(
            f"interactions_count_{verb.lower()}",
            f"AFTER {verb} ON interactions WHEN {row}.status = 'held' AND {row}.deleted_at IS NULL",
            [f"INSERT INTO count_interaction VALUES (0, {row}.id, {row}.starts_on, {change})"],
        )
    trigger(
        "interactions_count_update",
        "AFTER UPDATE OF status, deleted_at, starts_on ON interactions "
        "WHEN (OLD.status, OLD.deleted_at, OLD.starts_on) IS NOT (NEW.status, NEW.deleted_at, NEW.starts_on)",
        [
            "INSERT INTO count_interaction (scope, interaction_id, day, change) "
            f"SELECT s.scope, {row}.id, {row}.starts_on, {change} "
            f"FROM (SELECT 0 AS scope UNION {scopes_of('NEW.id')}) s "
            f"WHERE {row}.status = 'held' AND {row}.deleted_at IS NULL"
            for row, change in (("OLD", -1), ("NEW", 1))
        ],
    )

    come = tag_on_sqlite("NEW", 1, apart_from="AND t.measure_id <> NEW.measure_id")
    go = tag_on_sqlite("OLD", -1)
    # While a tag is being changed, the new one is there already but not counted yet.
    gone = tag_on_sqlite(
        "OLD", -1, apart_from="AND (t.interaction_id, t.measure_id) <> (NEW.interaction_id, NEW.measure_id)"
    )
    trigger("interaction_measures_count_insert", "AFTER INSERT ON interaction_measures", [come])
    trigger("interaction_measures_count_delete", "AFTER DELETE ON interaction_measures", [go])
    trigger("interaction_measures_count_update", "AFTER UPDATE ON interaction_measures", [gone, come])
    for kind, (table, column) in LINKS.items():
        come, go = link_on_sqlite(kind, column, "NEW", 1), link_on_sqlite(kind, column, "OLD", -1)
        trigger(f"{table}_count_insert", f"AFTER INSERT ON {table}", [come])
        trigger(f"{table}_count_delete", f"AFTER DELETE ON {table}", [go])
        trigger(f"{table}_count_update", f"AFTER UPDATE OF interaction_id, {column} ON {table}", [go, come])
    for table, columns in STRUCTURE.items():
        names = ", ".join(columns)
        old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
        trigger(
            f"{table}_count_update",
            f"AFTER UPDATE OF {names} ON {table} WHEN ({old}) IS NOT ({new})",
            ["INSERT INTO recount_interactions VALUES (1)"],
        )


def tag_on_sqlite(row: str, change: int, apart_from: str = "") -> str:
    """The interaction comes to (or leaves) the scopes of the tag that no other tag of it has."""
    return (
        "INSERT INTO count_interaction (scope, interaction_id, day, change) "
        f"SELECT s.scope, i.id, i.starts_on, {change} FROM interactions i "
        f"JOIN measure_scopes s ON s.measure_id = {row}.measure_id "
        f"WHERE i.id = {row}.interaction_id AND {COUNTS} "
        f"AND s.scope NOT IN ({scopes_of(f'{row}.interaction_id', apart_from)})"
    )


def link_on_sqlite(kind: str, column: str, row: str, change: int) -> str:
    """An organisation or contact comes to (or leaves) an interaction, and so its scopes."""
    return (
        "INSERT INTO count_party (scope, kind, party_id, year, change) "
        f"SELECT s.scope, '{kind}', {row}.{column}, {year_of('i.starts_on', True)}, {change} "
        f"FROM interactions i JOIN (SELECT DISTINCT scope FROM ({scopes_of(f'{row}.interaction_id')})) s "
        f"WHERE i.id = {row}.interaction_id AND {COUNTS}"
    )


def procedure(name: str, parameters: str, statements: list[str]) -> None:
    columns = ", ".join(f"NULL AS {parameter}" for parameter in parameters.split(", "))
    op.execute(f"CREATE VIEW {name} AS SELECT {columns}")
    trigger(f"{name}_run", f"INSTEAD OF INSERT ON {name}", statements)


def trigger(name: str, when: str, statements: list[str]) -> None:
    op.execute(f"CREATE TRIGGER {name} {when} BEGIN {' '.join(f'{s};' for s in statements)} END")


# --- PostgreSQL ----------------------------------------------------------------------------------------------


def on_postgresql() -> None:
    function(
        "count_party(a_scope bigint, a_kind text, a_party_id int, a_year int, a_change int) RETURNS void",
        party_statements("a_"),
    )
    function(
        "count_interaction(a_scope bigint, a_interaction_id int, a_day date, a_change int) RETURNS void",
        [
            *month_statements("a_", False),
            *(
                f"PERFORM count_party(a_scope, '{kind}', l.{column}, {year_of('a_day', False)}, a_change) "
                f"FROM {table} l WHERE l.interaction_id = a_interaction_id AND a_scope > 0"
                for kind, (table, column) in LINKS.items()
            ),
        ],
    )
    take_turns = "PERFORM pg_advisory_xact_lock(hashtext('counted interactions'))"
    function("recount_interactions() RETURNS void", [take_turns, *recount_statements(False)])

    interaction = []
    for row, verbs, change in (("OLD", "('UPDATE', 'DELETE')", -1), ("NEW", "('INSERT', 'UPDATE')", 1)):
        interaction.append(
            f"IF TG_OP IN {verbs} THEN IF {row}.status = 'held' AND {row}.deleted_at IS NULL THEN "
            f"PERFORM count_interaction(s.scope, {row}.id, {row}.starts_on, {change}) "
            f"FROM (SELECT 0 AS scope UNION {scopes_of(f'{row}.id')}) s; END IF; END IF"
        )
    function("count_changed_interaction() RETURNS trigger", [take_turns, *interaction, "RETURN NULL"])
    for verb in ("INSERT", "DELETE"):
        row = "NEW" if verb == "INSERT" else "OLD"
        op.execute(
            f"CREATE TRIGGER interactions_count_{verb.lower()} AFTER {verb} ON interactions FOR EACH ROW "
            f"WHEN ({row}.status = 'held' AND {row}.deleted_at IS NULL) EXECUTE FUNCTION count_changed_interaction()"
        )
    op.execute(
        "CREATE TRIGGER interactions_count_update AFTER UPDATE OF status, deleted_at, starts_on ON interactions "
        "FOR EACH ROW WHEN ((OLD.status, OLD.deleted_at, OLD.starts_on) IS DISTINCT FROM "
        "(NEW.status, NEW.deleted_at, NEW.starts_on)) EXECUTE FUNCTION count_changed_interaction()"
    )

    # By statement, with the rows that went and came: by row, those of one statement would not tell each other apart.
    function(
        "count_changed_measures() RETURNS trigger",
        [
            take_turns,
            "IF TG_OP IN ('UPDATE', 'DELETE') THEN " + tags_on_postgresql("gone", -1) + "; END IF",
            "IF TG_OP = 'UPDATE' THEN "
            + tags_on_postgresql("come", 1, f"{IN_PLACE} UNION SELECT x.interaction_id, x.measure_id FROM gone x")
            + "; END IF",
            "IF TG_OP = 'INSERT' THEN " + tags_on_postgresql("come", 1, IN_PLACE) + "; END IF",
            "RETURN NULL",
        ],
    )
    for verb, tables in (
        ("INSERT", "NEW TABLE AS come"),
        ("DELETE", "OLD TABLE AS gone"),
        ("UPDATE", "OLD TABLE AS gone NEW TABLE AS come"),
    ):
        op.execute(
            f"CREATE TRIGGER interaction_measures_count_{verb.lower()} AFTER {verb} ON interaction_measures "
            f"REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_changed_measures()"
        )
    for kind, (table, column) in LINKS.items():
        function(
            f"count_changed_{kind}() RETURNS trigger",
            [
                take_turns,
                f"IF TG_OP IN ('UPDATE', 'DELETE') THEN {link_on_postgresql(kind, column, 'OLD', -1)}; END IF",
                f"IF TG_OP IN ('INSERT', 'UPDATE') THEN {link_on_postgresql(kind, column, 'NEW', 1)}; END IF",
                "RETURN NULL",
            ],
        )
        op.execute(
            f"CREATE TRIGGER {table}_count AFTER INSERT OR DELETE OR UPDATE OF interaction_id, {column} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION count_changed_{kind}()"
        )
    function("count_changed_structure() RETURNS trigger", ["PERFORM recount_interactions()", "RETURN NULL"])
    for table, columns in STRUCTURE.items():
        op.execute(
            f"CREATE TRIGGER {table}_count AFTER UPDATE OF {', '.join(columns)} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION count_changed_structure()"
        )


IN_PLACE = (
    "SELECT x.interaction_id, x.measure_id FROM interaction_measures x "
    "WHERE (x.interaction_id, x.measure_id) NOT IN (SELECT c.interaction_id, c.measure_id FROM come c)"
)
"""The tags besides those that a statement brought."""


def tags_on_postgresql(tags: str, change: int, others: str = "SELECT * FROM interaction_measures") -> str:
    """Interactions come to (or leave) the scopes of the tags, other than those that other tags of theirs have."""
    return (
        f"PERFORM count_interaction(s.scope, i.id, i.starts_on, {change}) FROM ("
        f"SELECT t.interaction_id, o.scope FROM {tags} t JOIN measure_scopes o ON o.measure_id = t.measure_id "
        f"EXCEPT SELECT t.interaction_id, o.scope FROM ({others}) t "
        "JOIN measure_scopes o ON o.measure_id = t.measure_id "
        f"WHERE t.interaction_id IN (SELECT y.interaction_id FROM {tags} y)"
        f") s JOIN interactions i ON i.id = s.interaction_id WHERE {COUNTS}"
    )


def link_on_postgresql(kind: str, column: str, row: str, change: int) -> str:
    return (
        f"PERFORM count_party(s.scope, '{kind}', {row}.{column}, {year_of('i.starts_on', False)}, {change}) "
        f"FROM interactions i CROSS JOIN (SELECT DISTINCT u.scope FROM ({scopes_of(f'{row}.interaction_id')}) u) s "
        f"WHERE i.id = {row}.interaction_id AND {COUNTS}"
    )


def function(signature: str, statements: list[str]) -> None:
    body = " ".join(f"{statement};" for statement in statements)
    op.execute(f"CREATE FUNCTION {signature} LANGUAGE plpgsql AS $$ BEGIN {body} END $$")


# --- back ----------------------------------------------------------------------------------------------------


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        for table in ("interactions", "interaction_measures", *(table for table, _ in LINKS.values())):
            for verb in ("insert", "delete", "update"):
                op.execute(f"DROP TRIGGER {table}_count_{verb}")
        for table in STRUCTURE:
            op.execute(f"DROP TRIGGER {table}_count_update")
        for name in ("recount_interactions", "count_interaction", "count_party"):
            op.execute(f"DROP VIEW {name}")
    else:
        for name in ("interaction", "measures", "structure", *LINKS):
            op.execute(f"DROP FUNCTION count_changed_{name}() CASCADE")
        op.execute("DROP FUNCTION recount_interactions()")
        op.execute("DROP FUNCTION count_interaction(bigint, int, date, int)")
        op.execute("DROP FUNCTION count_party(bigint, text, int, int, int)")
    op.execute("DROP VIEW measure_scopes")
    for table in TABLES:
        op.execute(f"DELETE FROM {table}")
