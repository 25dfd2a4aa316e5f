"""From pairs of codes to measures that continue others, and to a plan that takes its document's structure."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.interactions.models import Interaction
from crm.plan import operations, queries
from crm.plan.documents import UnreadableDocument, read_pairs
from crm.plan.mapping import Because, Item, suggest
from crm.plan.models import Measure
from crm.reports.models import CountedMonth, CountedParty, CountedReach
from crm.reports.operations import recount
from crm.web.validation import Invalid
from tests.plan.outline import TEXT, contents, plan_text
from tests.support.factories import make_interaction, make_user, measure

OLD = {"starts_on": date(2022, 1, 1), "ends_on": date(2024, 12, 31)}
NEW = {"starts_on": date(2025, 1, 1), "ends_on": date(2028, 12, 31)}

# As TEXT, but the fish come first, a measure is gone, one is new, and some are in other words.
MOVED = """Handlingsplan for Fjellvik
1. Sjøen
Strategi A: Fisk og tang
Tiltak
- Lage et kart over alle mottakene.
- Dyrke tang.
Strategi B: Havn og kai
Tiltak
- Holde frokostmøte på kaia.
- Besøke rederiene. Spørre hva de trenger, og skrive det ned.
2. Fjellet
Strategi A: Heis
Tiltak
- Male stolpene.
"""
PAIRS = [
    ("1.A.1", "1.B.2"),
    ("1.A.3", "1.B.1"),
    ("1.B.1", "1.A.1"),
    (None, "1.A.2"),
    ("1.A.2", None),
    ("2.A.1", "2.A.1"),
]


def item(code, text):
    return Item(code, (text,))


@pytest.fixture
def flask(app):
    runner = app.test_cli_runner()

    def run(*arguments):
        result = runner.invoke(args=["plan", *map(str, arguments)])
        db.session.expire_all()
        return result

    return run


@pytest.fixture
def old(app, isolation):
    outcome = operations.import_plan(document=plan_text(), title="Den gamle", **OLD, actor=None)
    db.session.commit()
    return outcome.plan


@pytest.fixture
def continued(old):
    plan = operations.continue_plan(plan_id=old.id, title="Den nye", **NEW, actor=None)
    db.session.commit()
    return plan


@pytest.fixture
def apart(old):
    """The next plan as it was imported, which continues nothing yet."""
    plan = operations.import_plan(document=plan_text(MOVED), title="Den nye", **NEW, actor=None).plan
    db.session.commit()
    return plan


@pytest.fixture
def file(tmp_path):
    def write(content, name="par.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def links(plan):
    db.session.expire_all()
    codes = dict(db.session.execute(select(Measure.id, Measure.code)).all())
    return {m.code: codes.get(m.continues_id) for m in queries.whole_plan(plan.id).measures}


def kept_counts():
    return [
        sorted(tuple(row) for row in db.session.execute(select(*model.__table__.c)))
        for model in (CountedMonth, CountedParty, CountedReach)
    ]


def counts_are_right():
    kept = kept_counts()
    recount(db.session.connection())
    return kept == kept_counts()


class TestSuggesting:
    def test_wording_goes_before_code_and_each_is_used_once(self):
        old = [item("1.A.1", "Besøke rederiene."), item("1.A.2", "Male stolpene."), item("1.A.3", "Regne.")]
        new = [
            item("1.A.1", "Male  stolpene"),
            item("1.A.2", "Besøke alle rederiene."),
            item("1.A.3", "Danse hele natta."),
            item("1.B.1", "Male stolpene."),
        ]
        found = [(s.old and s.old.code, s.new and s.new.code, s.because) for s in suggest(old, new)]
        assert found == [
            ("1.A.2", "1.A.1", Because.wording),
            ("1.A.1", "1.A.2", Because.similar),
            ("1.A.3", "1.A.3", Because.code),
            (None, "1.B.1", Because.none),
        ]

    def test_of_equal_wordings_the_same_code_is_paired_and_what_is_left_is_told(self):
        old = [item("1.A.1", "Møte"), item("1.A.2", "Møte"), item("1.A.3", "Fest")]
        new = [item("1.A.2", "Møte"), item("1.A.1", "Møte")]
        found = [(s.old and s.old.code, s.new and s.new.code) for s in suggest(old, new)]
        assert found == [("1.A.2", "1.A.2"), ("1.A.1", "1.A.1"), ("1.A.3", None)]

    def test_what_is_mapped_already_stays(self):
        old, new = [item("1.A.1", "Møte"), item("1.A.2", "Fest")], [item("1.A.1", "Møte")]
        (first, left) = suggest(old, new, [("1.A.2", "1.A.1")])
        assert (first.old.code, first.because) == ("1.A.2", Because.mapped)
        assert left.old.code == "1.A.1"


class TestPairs:
    @pytest.mark.parametrize(
        "content",
        [
            b"old;new\n1.A.1;1.B.2\n;1.A.2\n1.a.3;\n\n",
            "\ufeffgammel,ny\r\n1.A.1,1.B.2\r\n-,1.A.2\r\n1.A.3,–\r\n".encode(),
            "Før\tEtter\tHvorfor\n1.A.1\t1.B.2\tmøte\n\t1.A.2\tblåbær\n1.A.3\n".encode("cp1252"),
            b"1.A.1; 1.B.2 ;why;x\n;1.A.2\n1.A.3;\n",
        ],
    )
    def test_two_columns_are_read_however_they_were_saved(self, content):
        assert read_pairs(content) == [("1.A.1", "1.B.2"), (None, "1.A.2"), ("1.A.3", None)]

    def test_a_workbook_is_read(self):
        book, content = openpyxl.Workbook(), io.BytesIO()
        for row in (("Gammel", "Ny"), ("1.A.1", "1.B.2"), (None, "1.A.2")):
            book.active.append(row)
        book.save(content)
        assert read_pairs(content.getvalue()) == [("1.A.1", "1.B.2"), (None, "1.A.2")]

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"1.A.1;1.B.2\n1.A.2;1.B\n", "Row 2"),
            (b"\x89PNG\r\n\x1a\n" + bytes(60), "picture"),
            (b"PK\x03\x04" + b"damaged" * 20, ""),
        ],
    )
    def test_what_is_no_pair_is_told(self, content, told, app):
        with (
            app.test_request_context(headers={"Accept-Language": "en"}),
            pytest.raises(UnreadableDocument) as caught,
        ):
            read_pairs(content)
        if told == "Row 2":
            assert caught.value.line == 2


class TestMapping:
    def test_measures_continue_those_they_are_paired_with_and_it_is_recorded(self, old, apart):
        manager = make_user("manager")
        outcome = operations.map_plan(old_id=old.id, new_id=apart.id, pairs=PAIRS, actor=manager)
        db.session.commit()
        assert (outcome.changed, outcome.mapped) == (4, 4)
        assert (outcome.old_left, outcome.new_left) == (["1.A.2"], ["1.A.2"])
        assert links(apart) == {
            "1.A.1": "1.B.1",
            "1.A.2": None,
            "1.B.1": "1.A.3",
            "1.B.2": "1.A.1",
            "2.A.1": "2.A.1",
        }
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.actor_id == manager.id)).all()
        assert [(e.subject_type, list(e.changes)) for e in events] == [("Measure", ["continues_id"])] * 4
        again = operations.map_plan(old_id=old.id, new_id=apart.id, pairs=PAIRS, actor=manager)
        assert (again.changed, again.mapped) == (0, 4)

    def test_one_may_be_continued_by_several_and_a_link_can_be_taken_away(self, old, continued):
        pairs = [("1.A.1", "1.A.2"), (None, "2.A.1")]
        outcome = operations.map_plan(old_id=old.id, new_id=continued.id, pairs=pairs, actor=None)
        db.session.commit()
        assert outcome.changed == 2
        found = links(continued)
        assert (found["1.A.1"], found["1.A.2"], found["2.A.1"]) == ("1.A.1", "1.A.1", None)
        assert found["1.A.3"] == "1.A.3"

    @pytest.mark.parametrize(
        "pairs", [[("9.A.1", "1.A.1")], [("1.A.1", "9.A.1")], [("1.A.1", "1.A.1"), ("1.A.2", "1.A.1")]]
    )
    def test_wrong_pairs_change_nothing(self, old, apart, pairs):
        before = contents(), links(apart)
        with pytest.raises(Invalid):
            operations.map_plan(
                old_id=old.id, new_id=apart.id, pairs=[("1.B.1", "1.A.2"), *pairs], actor=None
            )
        db.session.rollback()
        assert (contents(), links(apart)) == before

    def test_the_older_plan_comes_first(self, old, apart):
        for pair in ((apart.id, old.id), (old.id, old.id), (old.id, 999)):
            with pytest.raises(Invalid):
                operations.map_plan(old_id=pair[0], new_id=pair[1], pairs=PAIRS, actor=None)


class TestMapCommand:
    def test_what_is_suggested_can_be_given_back(self, flask, file, old, apart):
        before = links(apart)
        result = flask("map", old.id, apart.id)
        assert result.exit_code == 0, result.output
        assert links(apart) == before
        rows = list(csv.reader(io.StringIO(result.stdout), delimiter=";"))
        assert ["1.B.1", "1.A.1", "similar wording", "Lage kart over mottakene.", "Lage et kart over alle mottakene."] in rows  # fmt: skip
        assert "Suggested: 4 pairs by wording" in result.stderr
        assert "By the code alone, to be looked at: 1.A.2" in result.stderr
        content = result.stdout.replace("1.A.2;1.A.2;", "1.A.2;;").rstrip() + "\n;1.A.2\n"
        trial = flask("map", old.id, apart.id, "--file", file(content), "--dry-run")
        assert "Would change 4 measures" in trial.stdout
        assert links(apart) == before
        done = flask("map", old.id, apart.id, "--file", file(content))
        assert done.exit_code == 0, done.output
        assert f"Changed 4 measures; 4 of plan {apart.id} continue one of plan {old.id}" in done.stdout
        assert f"Not continued, of plan {old.id}: 1.A.2" in done.stdout
        assert f"Continuing none, of plan {apart.id}: 1.A.2" in done.stdout
        assert links(apart)["1.A.1"] == "1.B.1"
        assert "mapped already" in flask("map", old.id, apart.id).stdout

    def test_pairs_can_be_typed(self, flask, old, apart):
        assert flask("map", old.id, apart.id, "1.a.1=1.B.2", "1.B.1=1.A.1", "=2.A.1").exit_code == 0
        assert links(apart) == {
            "1.A.1": "1.B.1",
            "1.A.2": None,
            "1.B.1": None,
            "1.B.2": "1.A.1",
            "2.A.1": None,
        }

    def test_errors_are_one_line(self, flask, file, old, apart):
        before = links(apart)
        for code, *arguments in (
            (1, old.id, 999),
            (1, apart.id, old.id),
            (1, old.id, apart.id, "9.A.1=1.A.1"),
            (1, old.id, apart.id, "--file", file(b"1.A.1;1.A.1\n1.A.2;x\n")),
            (2, old.id, apart.id, "1.A.1"),
            (2, old.id, "finnes-ikke.txt"),
            (2, old.id, file(MOVED, "plan.txt"), "1.A.1=1.A.1"),
            (1, 999, file(MOVED, "plan.txt")),
            (1, old.id, file(b"", "tom.txt")),
        ):
            result = flask("map", *arguments)
            assert result.exit_code == code, result.output
            assert code == 2 or len(result.stderr.strip().splitlines()) == 1
        assert links(apart) == before


class TestImportingOverAContinuedPlan:
    @pytest.mark.usefixtures("continued")
    def test_other_codes_are_refused_without_pairs(self, flask, file):
        before = contents()
        document = file(MOVED, "fjellvik-2025-2028.txt")
        assert flask("import", document).exit_code == 1
        assert contents() == before

    def test_measures_take_their_new_places_and_keep_what_is_tagged(self, flask, file, continued):
        ids = {m.code: m.id for m in continued.measures}
        tagged = {
            code: make_interaction(starts_on=date(2026, 3, 1), measures=[measure(continued, code)]).id
            for code in ("1.A.1", "1.A.3", "1.B.1", "2.A.1")
        }
        document = file(MOVED, "fjellvik-2025-2028.txt")
        suggested = flask("map", continued.id, document)
        assert suggested.exit_code == 0, suggested.output
        pairs = file("".join(f"{before or ''};{after or ''}\n" for before, after in PAIRS))
        before = contents()
        trial = flask("import", document, "--map", pairs, "--dry-run")
        assert trial.exit_code == 0, trial.output
        assert f"Would update plan {continued.id}" in trial.stdout
        assert contents() == before
        done = flask("import", document, "--map", pairs)
        assert done.exit_code == 0, done.output
        assert "2 focus areas, 3 strategies, 0 sub-strategies, 5 measures" in done.stdout
        plan = queries.whole_plan(continued.id)
        found = {m.code: m for m in plan.measures}
        assert list(found) == ["1.A.1", "1.A.2", "1.B.1", "1.B.2", "2.A.1"]
        assert [m.position for m in plan.measures] == [1, 2, 3, 4, 5]
        assert {m.code: m.strategy.code for m in plan.measures} == {c: c.rpartition(".")[0] for c in found}
        moved = {"1.A.1": "1.B.1", "1.B.1": "1.A.3", "1.B.2": "1.A.1", "2.A.1": "2.A.1"}
        assert {code: found[code].id for code in moved} == {code: ids[was] for code, was in moved.items()}
        assert ids["1.A.2"] not in {m.id for m in plan.measures}
        for code, was in moved.items():
            assert [m.code for m in db.session.get_one(Interaction, tagged[was]).measures] == [code]
        assert links(plan) == {"1.A.1": "1.B.1", "1.A.2": None, "1.B.1": "1.A.3", "1.B.2": "1.A.1", "2.A.1": "2.A.1"}  # fmt: skip
        assert found["1.A.1"].wording == "Lage et kart over alle mottakene."
        assert found["1.A.1"].label("nb") == "Lage et kart over alle mottakene"
        assert found["1.A.2"].label("nb") == "Dyrke tang"
        assert [(a.label("nb"), [s.label("nb") for s in a.strategies]) for a in plan.focus_areas] == [
            ("Sjøen", ["Fisk og tang", "Havn og kai"]),
            ("Fjellet", ["Heis"]),
        ]
        assert counts_are_right()

    def test_what_moved_came_and_went_is_recorded(self, continued):
        manager = make_user("manager")
        document = plan_text(MOVED.partition("2. Fjellet")[0])
        pairs = [*PAIRS[:-1], ("2.A.1", None)]
        operations.import_plan(document=document, title="Den nye", **NEW, actor=manager, pairs=pairs)
        db.session.commit()
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.actor_id == manager.id)).all()
        told = sorted((e.action, e.subject_type) for e in events)
        assert [one for one in told if one[0] == "removed"] == [
            ("removed", "FocusArea"),
            ("removed", "Measure"),
            ("removed", "Measure"),
            ("removed", "Strategy"),
        ]
        codes = [e.changes["code"] for e in events if e.action == "changed" and "code" in e.changes]
        assert sorted(codes) == [["1.A.1", "1.B.2"], ["1.A.3", "1.B.1"], ["1.B.1", "1.A.1"]]
        removed = [e.changes["code"] for e in events if (e.action, e.subject_type) == ("removed", "Measure")]
        assert sorted(removed) == [["1.A.2", None], ["2.A.1", None]]
        assert [e.changes.keys() >= {"code", "wording"} for e in events if e.action == "created"] == [True]
        assert len(queries.whole_plan(continued.id).focus_areas) == 1

    @pytest.mark.usefixtures("continued")
    def test_the_log_says_what_was_removed(self, pages):
        operations.import_plan(document=plan_text(MOVED), title="Den nye", **NEW, actor=None, pairs=PAIRS)
        db.session.commit()
        text = pages.get("/audit/?kind=Measure", user=make_user("administrator")).text
        assert "Fjernet" in text
        assert "Fjernet" in text
        assert "Regne på en ny kran" in text

    def test_a_measure_with_interactions_is_not_lost(self, flask, file, continued):
        make_interaction(starts_on=date(2026, 3, 1), measures=[measure(continued, "1.A.2")])
        before = contents()
        pairs = file("".join(f"{old or ''};{new or ''}\n" for old, new in PAIRS))
        document = file(MOVED, "fjellvik-2025-2028.txt")
        for more in ((), ("--dry-run",)):
            result = flask("import", document, "--map", pairs, *more)
            assert result.exit_code == 1
            assert "1.A.2" in result.stderr
            assert len(result.stderr.strip().splitlines()) == 1
            assert contents() == before

    @pytest.mark.usefixtures("continued")
    @pytest.mark.parametrize("pairs", [[("9.A.1", "1.A.1")], [("1.A.1", "9.A.1")], [("1.A.1", "1.A.1"), ("1.A.1", "1.A.2")]])  # fmt: skip
    def test_wrong_pairs_keep_the_plan(self, pairs):
        before = contents()
        with pytest.raises(Invalid):
            operations.import_plan(document=plan_text(MOVED), title="Den nye", **NEW, actor=None, pairs=pairs)
        db.session.rollback()
        assert contents() == before

    def test_pairs_without_a_plan_to_pair_with_are_refused(self, flask, file):
        result = flask("import", file(MOVED, "fjellvik-2025-2028.txt"), "--map", file(b"1.A.1;1.A.1\n"))
        assert result.exit_code == 1
        assert contents()["Plan"] == []

    def test_with_the_same_codes_it_takes_the_new_wording_and_labels_made_of_it(self, continued):
        operations.edit_measure(
            measure=measure(continued, "2.A.1"), label_nb="Stolper", label_nn=None, label_en=None,
            status="ongoing", lead_id=None, version=None, actor=make_user("manager"),
        )  # fmt: skip
        db.session.commit()
        text = TEXT.replace("Lage kart over mottakene.", "Lage kart over all tang.").replace(
            "Male stolpene.", "Male stolpene røde."
        )
        outcome = operations.import_plan(document=plan_text(text), title="Den nye", **NEW, actor=None)
        db.session.commit()
        assert outcome.updated
        tang, stolper = measure(continued, "1.B.1"), measure(continued, "2.A.1")
        assert (tang.wording, tang.label("nb")) == ("Lage kart over all tang.", "Lage kart over all tang")
        assert (stolper.wording, stolper.label("nb")) == ("Male stolpene røde.", "Stolper")
        assert all(links(continued).values())
