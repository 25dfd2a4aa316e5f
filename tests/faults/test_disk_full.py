"""No room on the disk: an error that says so, nothing by halves, and work goes on when there is room again."""

import contextlib
import resource
from pathlib import Path

import pytest

from bench.measuring import filled_log_form
from tests.faults.conftest import Program, browser, workers

SOME = 32 * 1024
ALL = resource.RLIM_INFINITY


@pytest.fixture(autouse=True)
def on_sqlite(database):
    if database != "sqlite":
        pytest.skip("PostgreSQL's disk is its own machine's")


@contextlib.contextmanager
def no_room(office, server):
    """From here the server can make no file larger than the largest of the database's is, and a little."""
    path = Path(office.url.removeprefix("sqlite:///"))
    largest = max(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))
    for worker in workers(server):
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (largest + SOME, ALL))
    yield
    for worker in workers(server):
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (ALL, ALL))


def test_a_full_disk_refuses_to_save_and_loses_nothing(office):
    acknowledged, refused = [], []
    with office.serving() as server, browser(office, server) as visitor:
        program = Program(office, server.port)
        form_path = f"/interactions/new?organisation={office.organisation}"
        action, fields = filled_log_form(visitor.get(form_path).body, 1, office.organisation)
        with no_room(office, server):
            for number in range(200):
                answer = program.log(f"Besøk {number}")
                (acknowledged if answer.status == 201 else refused).append(f"Besøk {number}")
                if len(refused) == 3:
                    break
                assert answer.status == 201 or answer.headers["Content-Type"] == "application/problem+json"
            assert answer.status == 503
            page = visitor.post(action, fields)
            assert page.status == 503
            assert b"<h1" in page.body
            assert b"nettleseren" in page.body, "it says that what was typed is not lost"
            assert visitor.get("/organisations/").status == 200, "reading goes on"
        assert sorted(office.titles()) == sorted(acknowledged)
        office.check_whole()
        assert visitor.post(action, fields).status == 302
        assert [program.log(title).status for title in refused] == [201] * 3
    assert len(office.titles()) == len(acknowledged) + 4
