"""Mail that is sent by jobs, while processes die and run at once: everybody gets theirs."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.support.factories import make_follow_up, make_user

ROOT = Path(__file__).resolve().parents[2]
MORNING = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

RUN = """
    import os, pathlib, signal, sys, time
    from datetime import datetime
    from wsgi import app
    import crm.interactions.digest, crm.jobs.commands

    moment, deadly, go = datetime.fromisoformat(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    for module in (crm.interactions.digest, crm.jobs.commands):
        module.now = lambda: moment
    if deadly != "nothing":
        setattr(crm.interactions.digest, deadly, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
    go.with_suffix(f".{os.getpid()}").touch()
    while not go.exists():
        time.sleep(0.001)
    if "--whole" in sys.argv:
        app.cli.main(args=["jobs", "run"], prog_name="flask")
    with app.app_context():
        print(crm.interactions.digest.send_digests(moment))
"""


@pytest.fixture
def readers(office):
    """So many users who have something to be told."""

    def make(number):
        with office.app.app_context():
            for n in range(number):
                reader = make_user(email=f"leser{n}@kommune.example", wants_digest=True)
                make_follow_up(owner=reader, due_on=MORNING.date())

    return make


@pytest.fixture
def start(office, tmp_path):
    def begin(at, *options, deadly="nothing", go=None):
        if go is None:
            (go := tmp_path / "go").touch()
        run = [sys.executable, "-c", textwrap.dedent(RUN), at.isoformat(), deadly, str(go), *options]
        return subprocess.Popen(
            run, cwd=ROOT, env=os.environ | office.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    return begin


@pytest.fixture
def told(office):
    """Who was written to, and under which id, in the order of ids."""

    def read():
        outbox = Path(office.app.config["CRM"].mail_url.removeprefix("file:"))
        messages = [
            message_from_bytes(file.read_bytes(), policy=policy.default) for file in outbox.glob("*.eml")
        ]
        return sorted((message["Message-ID"], message["To"].addresses[0].addr_spec) for message in messages)

    return read


@pytest.mark.parametrize("options", [("--whole",), ()], ids=["the command", "the job itself"])
def test_several_processes_at_once_write_to_each_once(readers, start, told, tmp_path, options):
    """The job's own claim keeps the second command away; each user's claim a second run of the job."""
    readers(25)
    go = tmp_path / "together"
    running = [start(MORNING, *options, go=go) for _ in range(3)]
    while len(list(tmp_path.glob("together.*"))) < len(running):
        assert all(process.poll() is None for process in running)
        time.sleep(0.01)
    go.touch()
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    addresses = [address for _id, address in told()]
    assert sorted(addresses) == sorted(f"leser{n}@kommune.example" for n in range(25))


def finish(process):
    process.communicate(timeout=60)
    return process.returncode


def test_killed_between_the_claim_and_the_mail_a_later_run_sends_it(readers, start, told):
    readers(2)
    assert finish(start(MORNING, "--whole", deadly="send")) == -signal.SIGKILL
    assert told() == []
    assert finish(start(MORNING + 5 * MINUTE, "--whole")) == 0
    assert told() == [], "the claim may still be somebody's"
    assert finish(start(MORNING + 10 * MINUTE, "--whole")) == 0
    assert finish(start(MORNING + 40 * MINUTE, "--whole")) == 0
    assert len(told()) == 2
    assert len(set(told())) == 2


def test_killed_between_the_mail_and_its_mark_it_comes_again_under_the_same_id(readers, start, told):
    readers(1)
    assert finish(start(MORNING, "--whole", deadly="finish")) == -signal.SIGKILL
    assert finish(start(MORNING + 20 * MINUTE, "--whole")) == 0
    assert finish(start(MORNING + 40 * MINUTE, "--whole")) == 0
    first, second = told()
    assert first == second
