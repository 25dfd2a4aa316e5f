"""Work that is done again and again while nobody is looking: features say what, cron says when to look.

A feature registers a job when the application is made; `flask --app wsgi jobs run` runs those that are due.
"""

from flask import Flask

from crm.jobs.commands import jobs_group
from crm.jobs.operations import claim, finish, taken
from crm.jobs.registry import JobFailed, register_job

__all__ = ["JobFailed", "claim", "finish", "register_job", "register_jobs", "taken"]


def register_jobs(app: Flask) -> None:
    app.cli.add_command(jobs_group)
