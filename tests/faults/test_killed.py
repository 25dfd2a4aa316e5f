"""kill -9 at any moment: what was acknowledged is there once, and what was not left no trace, or is there whole."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm.audit.models import AuditEvent
from crm.extensions import db
from crm.plan.operations import import_plan
from tests.faults.conftest import UNANSWERED, Program, kill, workers
from tests.plan.outline import TEXT, contents, plan_text

PERIOD = {"starts_on": date(2031, 1, 1), "ends_on": date(2034, 12, 31)}
ROOT = Path(__file__).resolve().parents[2]


def test_the_server_is_killed_while_interactions_are_logged(office):
    """Workers are killed again and again, at last everything; who got no answer asks again with the same key."""
    acknowledged, asked, over = [], [], threading.Event()

    def log_on(program, name):
        for number in range(1000):
            title = f"{name} {number}"
            asked.append(title)
            while not over.is_set():
                with contextlib.suppress(UNANSWERED):
                    if program.log(title).status == 201:
                        acknowledged.append(title)
                        break
                time.sleep(0.02)
            if over.is_set():
                return

    with office.serving() as server:
        program = Program(office, server.port)
        threads = [threading.Thread(target=log_on, args=(program, name)) for name in ("A", "B", "C")]
        for thread in threads:
            thread.start()
        for moment in (0.41, 0.53, 0.67, 0.59):
            time.sleep(moment)
            kill(*workers(server))
        time.sleep(0.7)
        os.killpg(server.pid, signal.SIGKILL)
        over.set()
        for thread in threads:
            thread.join()
    there = office.titles()
    assert len(acknowledged) > 10
    assert len(set(there)) == len(there), "nothing is there twice"
    assert set(acknowledged) <= set(there)
    assert set(there) <= set(asked)
    office.check_whole()
    with office.serving() as server:
        again = Program(office, server.port)
        assert {again.log(title).status for title in asked[-6:]} == {201}
    there = office.titles()
    assert len(set(there)) == len(there)
    office.check_whole()


IMPORT = """
    import os, signal, sys
    import sqlalchemy as sa
    from wsgi import app

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    moment, file = sys.argv[1:]
    if moment == "commit":
        sa.event.listen(sa.Engine, "commit", die)
    else:
        left = [int(moment)]

        def count(_connection, _cursor, statement, *_):
            left[0] -= statement.startswith("INSERT")
            if not left[0]:
                die()

        sa.event.listen(sa.Engine, "after_cursor_execute", count)
    app.cli.main(args=["plan", "import", file], prog_name="flask")
"""


@pytest.mark.parametrize("moment", ["1", "9", "commit"])
def test_an_import_is_killed_midway(office, tmp_path, moment):
    """After its first row, in the midst of them, and when all are written but not committed."""
    file = tmp_path / "fjellvik-2031-2034.txt"
    file.write_text(TEXT)
    with office.app.app_context():
        before = contents()
        events = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    run = [sys.executable, "-c", textwrap.dedent(IMPORT), moment, str(file)]
    killed = subprocess.run(
        run, cwd=ROOT, env=os.environ | office.environment, check=False, capture_output=True
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with office.app.app_context():
        assert contents() == before
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == events
        made = import_plan(document=plan_text(), title="Fjellvik", **PERIOD, actor=None)
        db.session.commit()
        assert not made.updated
    office.check_whole()
