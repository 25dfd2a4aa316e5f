"""Which jobs there are. Features register theirs, so that imports run one way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from crm.web.clock import local

SHORTEST: Final = timedelta(minutes=1)
A_DAY: Final = timedelta(days=1)
LONGEST_NAME: Final = 60

Run = Callable[[datetime], str]


class JobFailed(Exception):
    """Part of the work could not be done; the message is for the operator, in English and without personal data."""


@dataclass(frozen=True, slots=True)
class Job:
    name: str
    run: Run
    every: timedelta

    def slot(self, instant: datetime) -> int:
        """The number of the stretch of time that the instant lies in; the job is due once in each.

        Stretches, and not the time since the last run: a job would else drift with cron's delays, and now and then
        miss its turn by a millisecond. Those of whole days begin at midnight in Norway.
        """
        if self.every >= A_DAY:
            return local(instant).toordinal() // self.every.days
        return int(instant.timestamp() // self.every.total_seconds())


_jobs: dict[str, Job] = {}


def register_job(name: str, run: Run, *, every: timedelta) -> None:
    """From now on `run(now)` is called once in each stretch of `every`, and once after any number of missed ones.

    It returns in a few English words what was done, for the operator, or "" for nothing. What it has written and not
    committed is committed with the mark that it is done. It may raise: it is then run again after ten minutes, as it is
    when the process dies. So it must bear being run again, and leave to the next run what takes longer than ten minutes.
    """
    if every < SHORTEST or not name or len(name) > LONGEST_NAME:
        raise ValueError(f"the job {name!r} needs a name, and a minute or more between its runs")
    _jobs[name] = Job(name, run, every)


def jobs() -> Mapping[str, Job]:
    """By name, in the order they were registered."""
    return MappingProxyType(_jobs)
