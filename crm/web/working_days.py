"""Which days the office is open."""

from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Monday to Friday, but for Norway's public holidays."""
    return day.weekday() < SATURDAY and day not in _holidays()


@cache
def _holidays() -> Any:
    return norwegian_holidays()


def norwegian_holidays(**options: Any) -> Any:
    """Norway's public holidays by day, with the options of the library `holidays`. It is loaded when first asked for: it
    brings all countries along, and most workers have no use for its 19 MB.
    """
    return import_module("holidays.countries.norway").Norway(**options)
