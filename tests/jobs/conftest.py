from datetime import UTC, datetime, timedelta

import pytest

from crm.jobs import registry


@pytest.fixture
def no_jobs(app, monkeypatch):
    """The features' own jobs set aside."""
    monkeypatch.setattr(registry, "_jobs", {})


@pytest.fixture
def clock(monkeypatch):
    """What the jobs command takes the time to be."""

    class Clock:
        def __init__(self):
            self.now = datetime(2026, 11, 24, 8, 2, tzinfo=UTC)

        def on(self, **more):
            self.now += timedelta(**more)

    clock = Clock()
    monkeypatch.setattr("crm.jobs.commands.now", lambda: clock.now)
    return clock


@pytest.fixture
def run(app):
    """Run the command; what it printed, by line."""

    def invoke(*args, status=0):
        result = app.test_cli_runner().invoke(args=["jobs", "run", *args])
        assert result.exit_code == status, result.output
        return result.stdout.splitlines(), result.stderr.splitlines()

    return invoke
