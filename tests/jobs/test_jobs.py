"""Work that is done again and again: once each time, whatever the clock, cron and the processes do."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from crm.extensions import db
from crm.jobs import JobFailed, claim, finish, register_job, taken
from crm.jobs.models import JobRun
from crm.jobs.registry import Job

FIVE_MINUTES = timedelta(minutes=5)
DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("no_jobs")


@pytest.fixture
def calls():
    return []


@pytest.fixture
def tidy(calls):
    """A job that only tells that it was called."""

    def run(now):
        calls.append(now)
        return "3 files removed"

    return run


def test_a_job_runs_once_in_each_stretch_of_time(run, clock, tidy, calls):
    register_job("tidy", tidy, every=FIVE_MINUTES)
    assert run() == (["tidy: 3 files removed"], [])
    clock.on(minutes=2, seconds=59)
    assert run() == (["tidy: not due"], [])
    clock.on(seconds=1)
    run()
    assert calls == [datetime(2026, 11, 24, 8, minute, tzinfo=UTC) for minute in (2, 5)]


def test_a_daily_one_begins_its_day_in_norway(run, clock, tidy, calls):
    register_job("tidy", tidy, every=DAY)
    run()
    clock.now = datetime(2026, 11, 24, 22, 59, tzinfo=UTC)
    run()
    assert len(calls) == 1
    clock.on(minutes=1)
    run()
    assert len(calls) == 2


@pytest.mark.parametrize("every", [FIVE_MINUTES, DAY, 7 * DAY])
def test_after_days_without_a_server_it_runs_once(run, clock, tidy, calls, every):
    register_job("tidy", tidy, every=every)
    run()
    clock.on(days=20)
    run()
    run()
    assert len(calls) == 2


def test_a_clock_that_was_wrong_for_a_while_stops_nothing(run, clock, tidy, calls):
    register_job("tidy", tidy, every=DAY)
    clock.on(days=4000)
    run()
    clock.on(days=-4000)
    assert run() == (["tidy: 3 files removed"], [])
    assert run() == (["tidy: not due"], [])


def test_what_it_wrote_is_there_with_the_mark(run, clock):
    def write(now):
        db.session.add(JobRun(job="other", day=now.date(), about="piece", claimed_at=now))
        return ""

    register_job("write", write, every=DAY)
    assert run() == (["write: nothing to do"], [])
    assert db.session.scalar(sa.select(sa.func.count()).where(JobRun.job == "other")) == 1


def test_one_that_fails_leaves_nothing_holds_none_up_and_is_tried_again(run, clock, tidy, calls):
    def fail(now):
        db.session.add(JobRun(job="other", day=now.date(), about="piece", claimed_at=now))
        db.session.flush()
        raise RuntimeError("kari@kommune.example")

    register_job("fail", fail, every=DAY)
    register_job("tidy", tidy, every=DAY)
    assert run(status=1) == (["tidy: 3 files removed"], ["fail: failed: RuntimeError"])
    assert db.session.scalar(sa.select(sa.func.count()).where(JobRun.job == "other")) == 0
    register_job("fail", lambda _now: "at last", every=DAY)
    clock.on(minutes=9)
    assert run() == (["fail: not due", "tidy: not due"], [])
    clock.on(minutes=1)
    assert run() == (["fail: at last", "tidy: not due"], [])


def test_a_job_may_say_what_it_could_not_do(run, clock):
    def half(_now):
        raise JobFailed("2 of 3 could not be sent")

    register_job("half", half, every=DAY)
    assert run(status=1) == ([], ["half: failed: 2 of 3 could not be sent"])


def test_who_was_overtaken_marks_nothing_as_done(run, clock):
    """A run took so long that another took it over; the mark belongs to the other."""

    def slow(now):
        db.session.execute(sa.update(JobRun).values(claimed_at=now + timedelta(minutes=11)))
        return "late"

    register_job("slow", slow, every=DAY)
    run()
    assert db.session.execute(sa.select(JobRun.done_at, JobRun.said)).one() == (None, "")


def test_only_the_one_that_is_asked_for(run, clock, tidy, calls):
    register_job("tidy", tidy, every=DAY)
    register_job("other", lambda _now: "", every=DAY)
    assert run("--only", "other") == (["other: nothing to do"], [])
    assert calls == []
    _, told = run("--only", "nothing", status=2)
    assert "there are tidy, other" in told[-1]


def test_jobs_are_listed_with_their_latest_run(app, run, clock, tidy):
    register_job("tidy", tidy, every=DAY)
    assert (
        app.test_cli_runner().invoke(args=["jobs", "list"]).stdout == "tidy\tevery 1 day, 0:00:00\tnever\t\n"
    )
    run()
    assert "2026-11-24 09:02\t3 files removed" in app.test_cli_runner().invoke(args=["jobs", "list"]).stdout


@pytest.mark.parametrize(
    ("name", "every"), [("", DAY), ("x" * 61, DAY), ("x", timedelta(seconds=59)), ("x", -DAY)]
)
def test_a_job_that_cannot_be_kept_is_refused_at_once(name, every):
    with pytest.raises(ValueError, match="needs a name"):
        register_job(name, lambda _now: "", every=every)


def test_the_hour_that_comes_twice_is_two_stretches():
    hourly = Job("x", lambda _now: "", timedelta(hours=1))
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert hourly.slot(second) == hourly.slot(first) + 1


def test_a_piece_of_work_is_claimed_once_and_taken_over_when_its_claim_is_old(app):
    at = datetime(2026, 11, 24, 8, 2, tzinfo=UTC)
    piece = {"day": at.date(), "about": "user:1"}
    assert claim("digest", **piece, at=at)
    assert not claim("digest", **piece, at=at + timedelta(minutes=9))
    assert taken("digest", day=at.date(), at=at) == {"user:1"}
    later = at + timedelta(minutes=10)
    assert taken("digest", day=at.date(), at=later) == set()
    assert claim("digest", **piece, at=later)
    finish("digest", **piece)
    assert not claim("digest", **piece, at=later + DAY)
    assert taken("digest", day=at.date(), at=later + DAY) == {"user:1"}
    assert claim("digest", day=at.date() + DAY, about="user:1", at=later + DAY)


def test_old_runs_are_forgotten_but_for_the_latest_of_each_job(run, clock, tidy):
    register_job("tidy", tidy, every=DAY)
    run()
    claim("digest", day=clock.now.date(), about="user:1", at=clock.now)
    register_job("tidy", lambda _now: "", every=400 * DAY)
    clock.on(days=91)
    run()
    assert [row.job for row in db.session.scalars(sa.select(JobRun))] == ["tidy"]
