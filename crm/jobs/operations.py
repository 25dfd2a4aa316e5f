"""Claiming, running and marking as done, so that several processes and machines at once do each thing once.

A claim is committed before the work begins, and the mark after it. Whoever dies in between leaves a claim without a
mark, which another takes over when it is ten minutes old.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import CursorResult, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from crm.database import now
from crm.extensions import db
from crm.jobs.models import JobRun
from crm.jobs.registry import Job, JobFailed
from crm.web.clock import local

LEASE: Final = timedelta(minutes=10)
KEPT: Final = timedelta(days=90)
MOST_SAID: Final = 200

log = structlog.get_logger("crm")
_runs: Any = JobRun.__table__


def claim(job: str, *, day: date, about: str, at: datetime) -> bool:
    """Whether this process is to do that piece of the day's work: nobody has done it, nor is at it.

    Commits the session, with what else is in it, so that no lock is held while the work is done. Mark the work by
    `finish` when it is done.
    """
    found = _row(job, day=day, about=about)
    if found is None:
        return _inserted(job, day=day, about=about, at=at)
    if found.done_at is None and found.claimed_at <= at - LEASE:
        return _taken_over(found, at)
    db.session.commit()
    return False


def finish(job: str, *, day: date, about: str) -> None:
    """Mark the piece of work as done, in the session's transaction."""
    db.session.execute(
        update(_runs)
        .where(_runs.c.job == job, _runs.c.about == about, _runs.c.day == day)
        .values(done_at=now())
    )


def taken(job: str, *, day: date, at: datetime) -> set[str]:
    """Of the day's pieces of work, those that are done, or that somebody is at. One statement."""
    c = _runs.c
    is_taken = or_(c.done_at.is_not(None), c.claimed_at > at - LEASE)
    return set(db.session.scalars(select(c.about).where(c.job == job, c.day == day, c.about != "", is_taken)))


def latest_run(job: str, at: datetime) -> JobRun | None:
    """Days after today are passed over: a clock that once was wrong must not stop the job for years."""
    return db.session.scalar(
        select(JobRun)
        .where(JobRun.job == job, JobRun.about == "", JobRun.day <= local(at).date())
        .order_by(JobRun.day.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def is_due(job: Job, latest: JobRun | None, at: datetime) -> bool:
    if latest is None:
        return True
    if latest.done_at is None:
        return latest.claimed_at <= at - LEASE
    return job.slot(latest.claimed_at) < job.slot(at)


def run_if_due(job: Job, at: datetime) -> str | None:
    """What the job said; None where it is not due, or somebody is at it. Raises JobFailed, and then it is due again when
    its claim is ten minutes old.
    """
    latest = latest_run(job.name, at)
    if not is_due(job, latest, at):
        db.session.rollback()
        return None
    day = local(at).date()
    ours = (
        _taken_over(latest, at)
        if latest is not None and latest.day == day
        else _inserted(job.name, day=day, about="", at=at)
    )
    return _run(job, at, day) if ours else None


def forget_old_runs(at: datetime) -> None:
    """Who got which mail is nobody's business for ever. The latest run of each job is kept, however old."""
    newer = _runs.alias()
    is_superseded = select(newer.c.id).where(
        newer.c.job == _runs.c.job, newer.c.about == "", newer.c.day > _runs.c.day
    )
    db.session.execute(
        delete(_runs).where(
            _runs.c.day < local(at).date() - KEPT, or_(_runs.c.about != "", is_superseded.exists())
        )
    )


def _run(job: Job, at: datetime, day: date) -> str:
    try:
        said = job.run(at)[:MOST_SAID]
        _say(job, day, at, said, done_at=now())
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        told = str(error) if isinstance(error, JobFailed) else type(error).__name__
        if not isinstance(error, JobFailed):
            log.exception("job failed", job=job.name)
        _say(job, day, at, f"failed: {told}"[:MOST_SAID], done_at=None)
        db.session.commit()
        raise JobFailed(told) from error
    return said


def _say(job: Job, day: date, claimed_at: datetime, said: str, *, done_at: datetime | None) -> None:
    """Of a run that another has taken over, it is for the other to tell."""
    c = _runs.c
    db.session.execute(
        update(_runs)
        .where(c.job == job.name, c.about == "", c.day == day, c.claimed_at == claimed_at)
        .values(said=said, done_at=done_at)
    )


def _row(job: str, *, day: date, about: str) -> Any:
    c = _runs.c
    statement = select(c.id, c.claimed_at, c.done_at).where(c.job == job, c.about == about, c.day == day)
    return db.session.execute(statement).one_or_none()


def _inserted(job: str, *, day: date, about: str, at: datetime) -> bool:
    try:
        db.session.execute(insert(_runs).values(job=job, about=about, day=day, claimed_at=at, said=""))
        db.session.commit()
    except IntegrityError:  # another was first
        db.session.rollback()
        return False
    return True


def _taken_over(found: Any, at: datetime) -> bool:
    """Whether the row was still as it was found: only one of several that found it so gets it."""
    c = _runs.c
    statement = update(_runs).where(c.id == found.id, c.claimed_at == found.claimed_at)
    changed: CursorResult[Any] = db.session.execute(statement.values(claimed_at=at, done_at=None))  # type: ignore[assignment]
    db.session.commit()
    return changed.rowcount == 1
