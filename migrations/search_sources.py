"""What each kind of record is found by, as SQL for both databases; migration 0019 makes its index from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MAIN, OTHER_ORDER, OTHER_NAME, EARLIER_NAME, ADDRESS, DOMAIN, CONTEXT = range(7)
"""What a name is to its record. OTHER_ORDER has no words of its own; CONTEXT is what stands beside the name."""

LONGEST: Final = 4_000


@dataclass(frozen=True)
class Sql:
    """How the two databases say it."""

    sqlite: bool

    @property
    def or_ignore(self) -> str:
        return "OR IGNORE" if self.sqlite else ""

    @property
    def or_nothing(self) -> str:
        return "" if self.sqlite else "ON CONFLICT DO NOTHING"

    @property
    def once(self) -> str:
        """Ends a subquery whose values are dear, so that SQLite does not work them out wherever they are named."""
        return " LIMIT -1" if self.sqlite else ""

    def fold(self, text: str) -> str:
        """The same as `crm.database.folded`."""
        if not self.sqlite:
            return f"search_folded({text})"
        value = (
            "(SELECT group_concat(coalesce((SELECT l.folded FROM search_words_letters l "
            f"WHERE l.letter = substr({text}, p.n, 1)), ' '), '') FROM search_words_places p WHERE p.n <= length({text}))"
        )
        for run in ("aee", "ae", "oee", "oe"):  # more in a row is no word, and SQLite nests no deeper
            value = f"replace({value}, '{run}', '{run[0]}')"
        # A run of one letter becomes that letter.
        for old, new in (("a", "a_"), ("_a", ""), ("_", ""), (" ", " _"), ("_ ", ""), ("_", "")):
            value = f"replace({value}, '{old}', '{new}')"
        return f"trim({value})"

    def digits(self, text: str) -> str:
        """The digits alone, of Norwegian telephone numbers without the country's code."""
        if not self.sqlite:
            return f"search_digits({text})"
        value = text
        for sign in " +-()./":
            value = f"replace({value}, '{sign}', '')"
        return f"CASE WHEN length({value}) = 10 AND {value} LIKE '47%' THEN substr({value}, 3) ELSE {value} END"

    def domain(self, address: str) -> str:
        """The web domain alone, without www."""
        value = f"lower({address})"
        for start in ("https://", "http://", "www."):
            value = f"replace({value}, '{start}', '')"
        if self.sqlite:
            return f"substr({value}, 1, instr({value} || '/', '/') - 1)"
        return f"split_part({value}, '/', 1)"

    def left(self, text: str, size: int) -> str:
        return f"substr({text}, 1, {size})"

    def truth(self, condition: str) -> str:
        return f"({condition})" if self.sqlite else f"({condition})::boolean"

    def places(self, last: int) -> str:
        if self.sqlite:
            return f"(SELECT n FROM search_words_places WHERE n <= {last})"
        return f"(SELECT n FROM generate_series(1, {last}) g (n))"

    def joined(self, text: str) -> str:
        return f"group_concat({text}, ' ')" if self.sqlite else f"string_agg({text}, ' ')"

    word = property(lambda self: "w.value" if self.sqlite else "w.word")

    def split(self, text: str) -> str:
        if self.sqlite:
            return f"""JOIN json_each('["' || replace({text}, ' ', '","') || '"]') w"""
        return f"CROSS JOIN LATERAL unnest(string_to_array({text}, ' ')) AS w (word)"

    def no_digit(self, text: str) -> str:
        return f"{text} NOT GLOB '*[0-9]*'" if self.sqlite else f"{text} !~ '[0-9]'"

    def listed(self, alias: str, column: str) -> tuple[str, str]:
        """A JSON list's values, and what to join for them."""
        if self.sqlite:
            return "j.value", f"JOIN json_each({alias}.{column}) j"
        return "j.value", f"CROSS JOIN LATERAL json_array_elements_text({alias}.{column}) j"

    def labelled(self, column: str, language: str) -> str:
        return f"json_extract({column}, '$.{language}')" if self.sqlite else f"{column} ->> '{language}'"


Name = tuple[str, str, int, str, str]
"""Key, text, what it is, text as it is shown, and where from."""


@dataclass(frozen=True)
class Kind:
    """`crowd` keeps kinds with very many records from crowding out the others. One that `is_placed` has each of its words
    once more with the municipality before it, so that those of one's own municipality can be asked for.
    """

    name: str
    number: int
    table: str
    key: str
    source: str
    names: Callable[[Sql], list[Name]]
    numbers: list[tuple[str, str, str]] = field(default_factory=list)
    live: str = "TRUE"
    ended: str = "FALSE"
    place: str = "NULL"
    crowd: int = 0
    further: Callable[[Sql], list[str]] = lambda _sql: []
    is_placed: bool = False

    @property
    def first(self) -> int:
        return self.number << 40


ORGANISATIONS = "organisations o"
NAMES = "organisation_names n JOIN organisations o ON o.id = n.organisation_id"
SITES = "sites s LEFT JOIN organisations o ON o.id = s.developer_id AND o.deleted_at IS NULL"
RESPONSIBILITIES = (
    "responsibilities r LEFT JOIN topics t ON t.id = r.topic_id "
    "LEFT JOIN sites s ON s.id = r.site_id AND s.deleted_at IS NULL "
    "LEFT JOIN organisations o ON o.id = r.organisation_id AND o.deleted_at IS NULL"
)


def _topic_words(sql: Sql) -> list[Name]:
    found: list[Name] = [
        ("t.id", f"t.name_{language}", MAIN, "NULL", "topics t") for language in ("nb", "nn", "en")
    ]
    for column in ("words_no", "words_en"):
        value, join = sql.listed("t", column)
        found.append(("t.id", value, OTHER_NAME, value, f"topics t {join}"))
    return found


def _later(sql: Sql, *texts: str) -> list[str]:
    return [f"coalesce({sql.fold(sql.left(text, LONGEST))}, '')" for text in texts]


KINDS = (
    Kind(
        "organisation", 1, "organisations", "o.id", ORGANISATIONS,
        lambda sql: [
            ("o.id", "o.name", MAIN, "NULL", ORGANISATIONS),
            ("o.id", "n.name", OTHER_NAME, "n.name", f"{NAMES} AND n.kind <> 'earlier'"),
            ("o.id", "n.name", EARLIER_NAME, "n.name", f"{NAMES} AND n.kind = 'earlier'"),
            ("o.id", "o.email", ADDRESS, "o.email", ORGANISATIONS),
            ("o.id", sql.domain("o.website"), DOMAIN, sql.domain("o.website"), ORGANISATIONS),
        ],
        [
            ("o.id", "o.organisation_number", ORGANISATIONS),
            ("o.id", "o.phone", ORGANISATIONS),
            ("o.id", "n.organisation_number", NAMES),  # of one that was merged into it
        ],
        live="o.deleted_at IS NULL",
        ended="o.status IN ('bankrupt', 'deleted')",
        place="o.municipality_number",
        crowd=1,
        is_placed=True,
    ),
    Kind(
        "contact", 2, "contacts", "c.id", "contacts c",
        lambda _sql: [
            ("c.id", "c.given_name || ' ' || c.family_name", MAIN, "NULL", "contacts c"),
            ("c.id", "c.family_name || ' ' || c.given_name", OTHER_ORDER, "NULL", "contacts c"),
            ("c.id", "c.email", ADDRESS, "c.email", "contacts c"),
        ],
        [("c.id", "c.phone", "contacts c")],
        live="c.deleted_at IS NULL",
        crowd=2,
    ),
    Kind(
        "site", 3, "sites", "s.id", SITES,
        lambda _sql: [
            ("s.id", "s.name", MAIN, "NULL", SITES),
            ("s.id", "s.place", CONTEXT, "s.place", SITES),
            ("s.id", "o.name", CONTEXT, "o.name", SITES),
        ],
        live="s.deleted_at IS NULL",
        further=lambda sql: _later(sql, "s.attracts"),
    ),
    Kind(
        "responsibility", 4, "responsibilities", "r.id", RESPONSIBILITIES,
        lambda _sql: [
            ("r.id", "s.name", CONTEXT, "s.name", RESPONSIBILITIES),
            ("r.id", "o.name", CONTEXT, "o.name", RESPONSIBILITIES),
        ],
        # Where it is for a topic alone, the topic is found.
        live="(r.site_id IS NOT NULL OR r.organisation_id IS NOT NULL OR r.note <> '')",
        further=lambda sql: _later(sql, "r.note", "t.name_nb", "t.name_nn", "t.name_en"),
    ),
    Kind(
        "user", 5, "users", "u.id", "users u",
        lambda _sql: [
            ("u.id", "u.name", MAIN, "NULL", "users u"),
            ("u.id", "u.email", ADDRESS, "u.email", "users u"),
        ],
        [("u.id", "u.phone", "users u")],
        live="u.deactivated_at IS NULL AND NOT u.is_service",
    ),
    Kind(
        "enquiry", 6, "enquiries", "e.id", "enquiries e",
        lambda _sql: [
            ("e.id", "e.subject", MAIN, "NULL", "enquiries e"),
            ("e.id", "e.caller_name", CONTEXT, "e.caller_name", "enquiries e"),
            ("e.id", "e.caller_organisation", CONTEXT, "e.caller_organisation", "enquiries e"),
            ("e.id", "e.caller_email", ADDRESS, "e.caller_email", "enquiries e"),
        ],
        [("e.id", "e.caller_phone", "enquiries e")],
        live="e.deleted_at IS NULL",
        ended="e.status = 'closed'",
        further=lambda sql: _later(sql, "e.text"),
    ),
    Kind(
        "measure", 7, "measures", "m.id", "measures m",
        lambda sql: [
            ("m.id", "m.code", MAIN, "NULL", "measures m"),
            ("m.id", "replace(m.code, '.', '')", OTHER_ORDER, "NULL", "measures m"),
            *(
                ("m.id", sql.labelled("m.labels", language), MAIN, "NULL", "measures m")
                for language in ("nb", "nn", "en")
            ),
        ],
        ended="m.status IN ('done', 'dropped')",
        further=lambda sql: _later(sql, "m.wording"),
    ),
    Kind(
        "topic", 8, "topics", "t.id", "topics t", _topic_words,
        live="NOT t.is_retired",
    ),
)

TRIGGERS = (
    (
        "organisations", "organisations",
        ("id", "name", "organisation_number", "phone", "email", "website", "status", "municipality_number", "deleted_at"),
        {
            "organisation": "SELECT {row}.id AS id",
            "site": "SELECT d.id FROM sites d WHERE d.developer_id = {row}.id",
            "responsibility": "SELECT d.id FROM responsibilities d WHERE d.organisation_id = {row}.id",
        },
    ),
    ("organisation_names", "organisation_names", ("organisation_id", "kind", "name", "organisation_number"),
     {"organisation": "SELECT {row}.organisation_id AS id"}),
    ("contacts", "contacts", ("id", "given_name", "family_name", "email", "phone", "deleted_at"),
     {"contact": "SELECT {row}.id AS id"}),
    ("sites", "sites", ("id", "name", "place", "attracts", "developer_id", "deleted_at"),
     {
         "site": "SELECT {row}.id AS id",
         "responsibility": "SELECT d.id FROM responsibilities d WHERE d.site_id = {row}.id",
     }),
    ("topics", "topics", ("id", "name_nb", "name_nn", "name_en", "words_no", "words_en", "is_retired"),
     {
         "topic": "SELECT {row}.id AS id",
         "responsibility": "SELECT d.id FROM responsibilities d WHERE d.topic_id = {row}.id",
     }),
    ("responsibilities", "responsibilities", ("id", "topic_id", "site_id", "organisation_id", "note"),
     {"responsibility": "SELECT {row}.id AS id"}),
    ("users", "users", ("id", "name", "email", "phone", "deactivated_at", "is_service"),
     {"user": "SELECT {row}.id AS id"}),
    ("enquiries", "enquiries",
     ("id", "subject", "text", "caller_name", "caller_organisation", "caller_email", "caller_phone", "status", "deleted_at"),
     {"enquiry": "SELECT {row}.id AS id"}),
    ("measures", "measures", ("id", "code", "labels", "wording", "status"), {"measure": "SELECT {row}.id AS id"}),
)
"""Name, table, columns that matter, and which records are to be found anew when a row changes."""
