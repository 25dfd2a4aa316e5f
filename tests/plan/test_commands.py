"""What an operator types, from a file to rows and back to the screen."""

from datetime import date

import pytest
from sqlalchemy import select

from crm.extensions import db
from crm.plan import operations, queries
from crm.plan.models import Plan
from tests.plan.outline import TEXT, contents
from tests.support.factories import make_plan


@pytest.fixture
def flask(app, database):
    runner = app.test_cli_runner()

    def run(*arguments):
        result = runner.invoke(args=["plan", *map(str, arguments)])
        db.session.expire_all()
        return result

    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "fjellvik-2031-2034.txt"
    path.write_text(TEXT)
    return path


def refused(result, *, code=1):
    assert result.exit_code == code
    assert not isinstance(result.exception, AssertionError)
    return result.stderr


def test_a_file_becomes_a_plan(flask, file):
    result = flask("import", file, "--title", "Vår plan", "--starts", "2031-01-01", "--ends", "2033-12-31")
    assert result.exit_code == 0, result.output
    assert "2 focus areas, 3 strategies, 3 sub-strategies, 5 measures" in result.stdout
    plan = db.session.scalars(select(Plan)).one()
    assert (plan.title, plan.ends_on) == ("Vår plan", date(2033, 12, 31))
    assert [m.wording for m in plan.measures][-1] == "Male stolpene."
    assert "Line 14: " in result.stderr


def test_title_and_period_are_taken_from_document_and_file_name(flask, file):
    assert flask("import", file).exit_code == 0
    plan = db.session.scalars(select(Plan)).one()
    assert plan.title == "Handlingsplan for Fjellvik"
    assert (plan.starts_on, plan.ends_on) == (date(2031, 1, 1), date(2034, 12, 31))


def test_without_any_period_the_usage_is_wrong(flask, file):
    unnamed = file.rename(file.with_name("plan.txt"))
    assert "--starts" in refused(flask("import", unnamed), code=2)
    assert db.session.scalars(select(Plan)).all() == []


def test_a_dry_run_shows_every_line_and_changes_nothing(flask, file):
    result = flask("import", file, "--dry-run")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert any(line.split()[:3] == ["12", "Measure", "1.A.1"] for line in lines), result.stdout
    assert any(line.lstrip().startswith("14 ") and "!" in line for line in lines)
    assert "Would make a new plan" in result.stdout
    assert "2 focus areas, 3 strategies, 3 sub-strategies, 5 measures" in result.stdout
    assert db.session.scalars(select(Plan)).all() == []


def test_a_second_import_updates(flask, file):
    flask("import", file)
    assert "Would update plan" in flask("import", file, "--dry-run").stdout
    assert flask("import", file).stdout.startswith("Updated plan")
    assert len(db.session.scalars(select(Plan)).all()) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(60), "picture"),
        (b"", "empty"),
        (b"1. Fjell\nStrategi A: Heis\nTiltak\n- Bygge.\nStrategi A: Heis\n", "Line 5"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line_and_changes_nothing(flask, file, content, told):
    file.write_bytes(content)
    before = contents()
    for arguments in ((), ("--dry-run",)):
        result = flask("import", file, *arguments)
        error = refused(result)
        assert told in error
        assert len(error.strip().splitlines()) == 1
        assert not result.stdout
    assert contents() == before


def test_overlap_and_other_codes_are_told_in_one_line(flask, file):
    make_plan(date(2031, 1, 1), date(2034, 12, 31), title="En annen plan")
    before = contents()
    error = refused(flask("import", file))
    assert "En annen plan" in error
    assert len(error.strip().splitlines()) == 1
    assert "En annen plan" in refused(flask("import", file, "--starts", "2032-01-01"))
    assert contents() == before


def test_a_file_that_is_not_there_is_wrong_usage(flask, file):
    refused(flask("import", file.with_name("ingen.txt")), code=2)
    refused(flask("import"), code=2)


def test_a_plan_is_shown_with_codes_and_wording(flask, file):
    flask("import", file)
    result = flask("show")
    assert result.exit_code == 0
    assert "1.A  Havn og kai" in result.stdout
    assert (
        "1.A.1  Besøke rederiene: Besøke rederiene. Spørre hva de trenger, og skrive det ned."
        in result.stdout
    )
    assert "– Holde farleden åpen." in result.stdout
    assert "there is no plan 999" in refused(flask("show", "--plan", 999))


def test_showing_where_there_is_no_plan(flask):
    assert len(refused(flask("show")).splitlines()) == 1


def test_the_catalogue_is_loaded_once_and_says_when_today_is_not_covered(flask):
    first = flask("load-catalogue")
    assert first.exit_code == 0
    assert first.stdout.startswith("Loaded plan")
    assert "No plan covers today" in first.stdout
    second = flask("load-catalogue")
    assert second.exit_code == 0
    assert "Loaded" not in second.stdout
    assert len(db.session.scalars(select(Plan)).all()) == 1


def test_a_plan_is_continued(flask):
    operations.load_catalogue_plan()
    db.session.commit()
    result = flask("continue", "--title", "Neste plan", "--starts", "2025-01-01", "--ends", "2028-12-31")
    assert result.exit_code == 0, result.output
    plan = queries.plan_for(date(2026, 11, 23))
    assert plan.title == "Neste plan"
    assert all(m.continues_id for m in plan.measures)
    again = flask("continue", "--title", "Neste plan", "--starts", "2028-01-01", "--ends", "2030-12-31")
    assert "Neste plan" in refused(again)
    refused(
        flask("continue", "--plan", 999, "--title", "x", "--starts", "2040-01-01", "--ends", "2041-12-31")
    )
