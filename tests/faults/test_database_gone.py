"""The database goes away and comes back: a page that says so, and then work goes on as if nothing had been."""

import threading
import time

import pytest
import sqlalchemy as sa

from tests.conftest import POSTGRES
from tests.faults.conftest import Program, browser

ALL_BUT_OURS = "FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"


@pytest.fixture(autouse=True)
def on_postgresql(database):
    if database != "postgresql":
        pytest.skip("SQLite is no server that could go away")


@pytest.fixture
def administrator():
    """A connection to the server of the databases, beside the office's own."""
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def cut_off(administrator, name):
    administrator.execute(sa.text(f"SELECT pg_terminate_backend(pid) {ALL_BUT_OURS}"), {"name": name})


def test_the_server_says_so_and_recovers(office, administrator):
    name = sa.make_url(office.url).database
    with office.serving() as server, browser(office, server) as visitor:
        program = Program(office, server.port)
        assert program.log("Før").status == 201
        cut_off(administrator, name)
        assert visitor.get("/organisations/").status == 200, "a connection that was cut is made anew"
        assert program.log("Etter et brudd").status == 201
        administrator.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            cut_off(administrator, name)
            page = visitor.get("/organisations/")
            assert page.status == 503
            assert b"<h1" in page.body
            answer = program.log("Uten database")
            assert answer.status == 503
            assert answer.json["status"] == 503
            assert program.ask("GET", "/health/live").status == 200
            assert program.ask("GET", "/health/ready").status == 503
        finally:
            administrator.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        assert visitor.get("/organisations/").status == 200
        assert program.ask("GET", "/health/ready").status == 200
        assert program.log("Uten database").status == 201
    assert sorted(office.titles()) == ["Etter et brudd", "Før", "Uten database"]
    office.check_whole()


def test_a_connection_that_is_cut_while_saving_leaves_no_trace(office, administrator):
    name = sa.make_url(office.url).database
    engine = sa.create_engine(office.url)
    answers = []
    with office.serving() as server, engine.connect() as other:
        program = Program(office, server.port)
        assert program.log("Først").status == 201
        # Who counts takes turns: the saving has written its rows and waits here.
        other.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('counted interactions'))"))
        saving = threading.Thread(target=lambda: answers.append(program.log("Avbrutt")))
        saving.start()
        waiting = sa.text(f"SELECT pid {ALL_BUT_OURS} AND wait_event_type = 'Lock'")
        until = time.monotonic() + 8
        while not (pids := administrator.execute(waiting, {"name": name}).scalars().all()):
            assert time.monotonic() < until, "the saving does not wait"
            time.sleep(0.02)
        for pid in pids:
            administrator.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        saving.join()
        other.rollback()
        assert [answer.status for answer in answers] == [503]
        assert office.titles() == ["Først"]
        office.check_whole()
        assert program.log("Avbrutt").status == 201
    engine.dispose()
    assert sorted(office.titles()) == ["Avbrutt", "Først"]
    office.check_whole()
