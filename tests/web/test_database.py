"""Norwegian text, transactions and paging: alike on both databases."""

import random
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from crm.database import begin_reading, end_reading, folded, sort_key, words_match
from crm.extensions import db
from crm.organisations.models import Organisation
from crm.web.paging import Key, paged
from tests.support.factories import make_organisation, make_user


def test_sorting_is_norwegian():
    names = [
        "Zulu",
        "Ærlig",
        "Øde",
        "Ås",
        "Aasen",
        "Abel",
        "Østby",
        "Édouard",
        "Edvard",
        "de Vries",
        "Ödman",
        "Äng",
    ]
    in_order = [
        "Abel",
        "de Vries",
        "Édouard",
        "Edvard",
        "Zulu",
        "Äng",
        "Ærlig",
        "Øde",
        "Ödman",
        "Østby",
        "Ås",
        "Aasen",
    ]
    assert sorted(names, key=sort_key) == in_order


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Aas", "Ås"),
        ("As", "Ås"),
        ("Soerumsand", "Sørumsand"),
        ("SØRUM", "sorum"),
        ("Café Élan", "cafe elan"),
        ("Æra", "aera"),
    ],
)
def test_spellings_of_one_name_fold_alike(one, other):
    assert folded(one) == folded(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(value):
    assert folded(folded(value)) == folded(value)


def test_both_databases_order_as_python_does(app):
    names = [
        "Zulu AS",
        "Øst AS",
        "Aas AS",
        "Ås 2 AS",
        "Ærfugl AS",
        "Aker AS",
        "åpen AS",
        "B-52 AS",
        "B 100 AS",
    ]
    for name in names:
        make_organisation(name)
    rows = db.session.scalars(sa.select(Organisation.name).order_by(Organisation.sort_key)).all()
    assert rows == sorted(names, key=sort_key)


@pytest.mark.parametrize("query", ["ås", "AAS", "bygg aas", "81000", "ås b"])
def test_words_are_found_by_their_beginnings(app, query):
    found = make_organisation("Ås Bygg & Anlegg AS", organisation_number="810000005")
    make_organisation("Grasrot")
    assert db.session.scalars(sa.select(Organisation).where(words_match(Organisation, query))).all() == [
        found
    ]


@pytest.mark.parametrize("query", ["", "   ", "🦊", "\"'*", "\u202e"])
def test_a_query_without_words_finds_nothing(app, query):
    make_organisation("Rev AS")
    assert db.session.scalars(sa.select(Organisation).where(words_match(Organisation, query))).all() == []


def test_renamed_is_found_by_the_new_name_only(app):
    organisation = make_organisation("Gammelt Navn AS")
    db.session.execute(
        sa.text("UPDATE organisations SET search_text = 'nytt navn as' WHERE id = :id"),
        {"id": organisation.id},
    )
    assert (
        db.session.scalar(sa.select(Organisation.id).where(words_match(Organisation, "nytt")))
        == organisation.id
    )
    assert db.session.scalar(sa.select(Organisation.id).where(words_match(Organisation, "gammelt"))) is None


@pytest.mark.own_app
def test_a_reading_transaction_is_refused_to_write(make_app):
    app = make_app()
    with app.app_context():
        token = begin_reading()
        try:
            with pytest.raises(sa.exc.DBAPIError):
                db.session.execute(sa.text("INSERT INTO units (name) VALUES ('Smug')"))
            db.session.rollback()
        finally:
            end_reading(token)
        db.session.execute(sa.text("INSERT INTO units (name) VALUES ('Fri')"))
        db.session.commit()


@pytest.mark.own_app
def test_writers_in_several_processes_lose_nothing(make_app):
    """Each reads and then writes what it read plus one: the trap that SQLite sets for deferred transactions."""
    app = make_app()
    with app.app_context():
        make_user(name="Teller 0")
    url = app.config["CRM"].database_url
    script = textwrap.dedent(f"""
        import sqlalchemy as sa, crm.database
        engine = sa.create_engine({url!r})
        for _ in range(15):
            with engine.begin() as c:
                lock = " FOR UPDATE" if engine.dialect.name == "postgresql" else ""
                n = int(c.exec_driver_sql("SELECT name FROM users" + lock).scalar().split()[1])
                c.execute(sa.text("UPDATE users SET name = :n"), {{"n": f"Teller {{n + 1}}"}})
    """)
    writers = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    with app.app_context():
        assert db.session.scalar(sa.text("SELECT name FROM users")) == "Teller 45"


def test_instants_come_back_aware_and_naive_ones_are_refused(app):
    user = make_user(deactivated_at=datetime(2026, 7, 1, 10, tzinfo=UTC))
    db.session.expire_all()
    assert user.deactivated_at == datetime(2026, 7, 1, 10, tzinfo=UTC)
    user.deactivated_at = datetime(2026, 7, 1, 10)  # noqa: DTZ001  that is the point
    with pytest.raises(sa.exc.StatementError):
        db.session.flush()
    db.session.rollback()


def test_paging_forwards_and_back_shows_every_row_once(app):
    generator = random.Random(4)
    for _ in range(23):
        make_organisation(generator.choice(["Ås AS", "Bø AS", "Aa AS", "Ski AS"]))
    keys = [Key("sort_key", Organisation.sort_key), Key("id", Organisation.id)]
    statement = sa.select(Organisation)
    forwards, cursor = [], None
    while True:
        page = paged(statement, keys=keys, total=23, cursor=cursor, size=5)
        forwards += page.rows
        last, cursor = page, page.next_cursor
        if cursor is None:
            break
    everything = db.session.scalars(statement.order_by(Organisation.sort_key, Organisation.id)).all()
    assert forwards == everything
    backwards = list(last.rows)
    while last.previous_cursor:
        last = paged(statement, keys=keys, total=23, cursor=last.previous_cursor, size=5)
        backwards = list(last.rows) + backwards
    assert backwards == everything
