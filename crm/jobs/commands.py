"""The jobs at the command line, which cron or a timer calls."""

import sys

import click
from flask.cli import AppGroup

from crm.database import now
from crm.extensions import db
from crm.jobs.operations import forget_old_runs, latest_run, run_if_due
from crm.jobs.registry import JobFailed, jobs
from crm.web.clock import local
from crm.web.commands import in_english

jobs_group = AppGroup("jobs", help="What is done again and again: mail, tidying.")


@jobs_group.command("run")
@click.option("--only", metavar="NAME", help="Only the job of that name.")
@in_english
def run(only: str | None) -> None:
    """Run the jobs that are due, and print a line of each. Made for cron, every few minutes."""
    if only is not None and only not in jobs():
        raise click.BadParameter(f"there is no such job; there are {', '.join(jobs())}", param_hint="--only")
    failed = False
    for name, job in jobs().items():
        if only not in {None, name}:
            continue
        try:
            said = run_if_due(job, now())
        except JobFailed as reason:
            failed = True
            click.echo(f"{name}: failed: {reason}", err=True)
        else:
            click.echo(f"{name}: {'not due' if said is None else said or 'nothing to do'}")
    forget_old_runs(now())
    db.session.commit()
    if failed:
        sys.exit(1)


@jobs_group.command("list")
@in_english
def list_() -> None:
    """Print name, how often, latest run in local time, and what it said, of each job, one a line."""
    for name, job in jobs().items():
        latest = latest_run(name, now())
        ran = f"{local(latest.claimed_at):%Y-%m-%d %H:%M}" if latest else "never"
        said = (latest.said or ("nothing to do" if latest.done_at else "under way")) if latest else ""
        click.echo(f"{name}\tevery {job.every}\t{ran}\t{said}")
